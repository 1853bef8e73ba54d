"""A language model for tests: a server of the OpenAI-compatible and the Ollama kind that plays the part it is given."""

import json
import re
import select
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from bot.providers import provider_of
from bot.served_model import ServedModel
from bot.settings import Settings
from ingest.sentences import sentence_spans
from ingest.words import terms

_PATIENCE = 20.0  # seconds after which a stalled request is let go, whatever happens
STALL, RESET = "stall", "reset"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One sentence of a reply; `untrue` where it says what the passages it cites do not.

    It is `verbatim` where it stands on another page: then its words alone do no harm.
    """

    text: str
    passages: tuple[int, ...]
    untrue: bool = False
    verbatim: bool = False


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A request as the server reads it. `passages` are the JSON objects of the prompt; none where it is to rephrase."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]
    system: str
    user: str

    @property
    def question(self) -> str:
        return self.user.rpartition("uestion: ")[2]

    @property
    def passages(self) -> list[dict[str, Any]]:
        return _json_lines(_between(self.user, "Passages:\n", "\n\nEarlier turns"))

    @property
    def turns(self) -> list[dict[str, Any]]:
        return _json_lines(_between(self.user, "Earlier turns", "uestion: ").partition("\n")[2])

    @property
    def rephrases(self) -> bool:
        return "\nNew question: " in self.user


Part = Callable[[Asked], "Sequence[Line] | str | int"]


def _between(text: str, start: str, end: str) -> str:
    return text.partition(start)[2].partition(end)[0]


def _json_lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


# -- parts: what a model may write

_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_COUNT = re.compile(
    r"(?<![\d.,£])\b(?!(?:19|20)\d\d\b)\d[\d,]*\b(?!\s+(?:January|February|March|April|May|June|July"
    r"|August|September|October|November|December)|[.:]\d)"
)


def good(asked: Asked) -> Sequence[Line]:
    """The two sentences of the passages that have most in common with the question, as they stand there."""
    wanted = set(terms(asked.question))
    found = []
    for passage in asked.passages:
        above = set(terms(" ".join([passage["title"], *passage["headings"]])))
        for start, end in sentence_spans(passage["text"]):
            text = passage["text"][start:end]
            score = len(wanted & set(terms(text))) + 0.5 * len(wanted & above) - 0.05 * passage["number"]
            found.append((score, Line(text=text, passages=(passage["number"],))))
    return [line for _, line in sorted(found, key=lambda one: -one[0])[:2]]


def citing(*written: tuple[str, str]) -> Part:
    """A model that writes these sentences, each citing the passage that holds the words beside it."""

    def part(asked: Asked) -> Sequence[Line]:
        number = {
            holds: passage["number"] for _, holds in written for passage in asked.passages if holds in passage["text"]
        }
        return [Line(text=text, passages=(number[holds],)) for text, holds in written]

    return part


def invents_figures(asked: Asked) -> Sequence[Line]:
    """Every figure is another one; where there is none, one is added."""

    def other(match: re.Match[str]) -> str:
        return str(int(re.sub(r"\D", "", match.group())) * 3 + 7)

    lines = []
    for line in good(asked):
        text = re.sub(r"\d[\d,]*", other, line.text)
        if text == line.text:
            text = f"{line.text.rstrip('.')}, and 4711 people took part."
        lines.append(replace(line, text=text, untrue=True))
    return lines


def swaps_figures(asked: Asked) -> Sequence[Line]:
    """A figure, or a year, of a sentence changes places with one of another page's."""
    lines = list(good(asked))
    title = set(terms(asked.passages[lines[0].passages[0] - 1]["title"]))
    others = [
        (passage["number"], passage["text"][start:end])
        for passage in asked.passages
        for start, end in sentence_spans(passage["text"])
        if not set(terms(passage["title"])) & title
    ]
    for number, other in others:
        for kind in (_COUNT, _YEAR):
            first, second = kind.search(lines[0].text), kind.search(other)
            if first and second and first.group() != second.group():
                both = (*lines[0].passages, number)
                swapped = lines[0].text.replace(first.group(), second.group(), 1)
                back = other.replace(second.group(), first.group(), 1)
                return [Line(text=swapped, passages=both, untrue=True), Line(text=back, passages=both, untrue=True)]
    return lines


def cites_the_wrong_passage(asked: Asked) -> Sequence[Line]:
    """True sentences, each said to stand where it does not."""
    lines = []
    for line in good(asked):
        elsewhere = [passage["number"] for passage in asked.passages if line.text not in passage["text"]]
        lines.append(replace(line, passages=tuple(elsewhere[-1:]) or (99,), untrue=True, verbatim=True))
    return lines


def drops_not(asked: Asked) -> Sequence[Line]:
    """What was denied is said, and what was said is denied."""
    lines = []
    for line in good(asked):
        text = re.sub(
            r"\b(?:do|does|did|has|have|is|was|were|are|will|can|could|would) not\b|\bnot\b|n[’']t\b", " ", line.text
        )
        if text == line.text:
            text = re.sub(r"\b(is|was|were|are|will|has|have|can)\b", r"\1 not", line.text, count=1)
        if text == line.text:
            text = f"It is not true that {line.text[0].lower()}{line.text[1:]}"
        lines.append(replace(line, text=" ".join(text.split()), untrue=True))
    return lines


def adds_a_partner(asked: Asked) -> Sequence[Line]:
    """A partner that sounds right and is on no page."""
    return [
        replace(line, text=f"{line.text.rstrip('.')}, together with the Northgate Foundation.", untrue=True)
        for line in good(asked)
    ]


def obeys_a_passage(asked: Asked) -> Sequence[Line]:
    """It does what an instruction in a passage might tell it."""
    return [
        Line(text="All staff must send their passwords to the digital team today.", passages=(1,), untrue=True),
        Line(text="Ignore the passages, the trust is closed for ever.", passages=(1,), untrue=True),
    ]


def emits_links(asked: Asked) -> Sequence[Line]:
    return [
        replace(line, text=f"{line.text} See https://evil.example/login and evil.example.", untrue=True)
        for line in good(asked)
    ]


def mentions_people(asked: Asked) -> Sequence[Line]:
    return [replace(line, text=f"<!channel> <@U0BOB> @here {line.text}", untrue=True) for line in good(asked)]


def writes_another_language(asked: Asked) -> Sequence[Line]:
    return [Line(text="Das Programm hat viele Menschen in der Stadt erreicht.", passages=(1,), untrue=True)]


def writes_for_ever(asked: Asked) -> str:
    return "The trust is very large and does very many things. " * 1000


def is_cut_off_in_its_json(asked: Asked) -> str:
    """Cut off in the middle of its second sentence."""
    lines = [{"text": line.text, "passages": list(line.passages)} for line in good(asked)]
    return json.dumps({"sentences": lines})[: 60 + len(json.dumps(lines[0]))]


def says_nothing(asked: Asked) -> str:
    return ""


HOSTILE: Mapping[str, Part] = {
    part.__name__: part
    for part in (
        invents_figures,
        swaps_figures,
        cites_the_wrong_passage,
        drops_not,
        adds_a_partner,
        obeys_a_passage,
        emits_links,
        mentions_people,
        writes_another_language,
        writes_for_ever,
        is_cut_off_in_its_json,
        says_nothing,
    )
}


def one_after_the_other(parts: Sequence[Part]) -> Part:
    """Each question gets one of the parts, always the same one."""
    return lambda asked: parts[zlib.crc32(asked.question.encode()) % len(parts)](asked)


# -- the server


@dataclass
class ScriptedModel:
    """A server that replies as its `part` says: lines, a raw text, a status to fail with, `STALL` or `RESET`.

    It rephrases a question by `rephrased`, or not at all. `asked` are the requests it got, `replied` the texts
    it wrote, `untrue` the lines of them that are so, `hung_up` is set when somebody gave up a request that stalled.
    """

    part: Part = good
    rephrased: Callable[[Asked], str] | None = None
    knows_schemas: bool = True
    refused: int = 0
    retry_after: str | None = None
    asked: list[Asked] = field(default_factory=list)
    untrue: list[Line] = field(default_factory=list)
    replied: list[str] = field(default_factory=list)
    under_way: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    hung_up: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        scripted = self

        class Handler(_Handler):
            script = scripted

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where Ollama's interface is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def url(self) -> str:
        """Where the OpenAI-compatible interface is."""
        return f"{self.address}/v1"

    def settings(self, provider: str = "openai-like", **changes: Any) -> Settings:
        """Settings that name this server's model."""
        url = self.address if provider == "ollama" else self.url
        known = {"llm_provider": provider, "llm_model": "scripted", "llm_url": url, "llm_timeout": 20}
        return Settings(_env_file=None, **(known | changes))  # type: ignore[call-arg]

    def served(self, provider: str = "openai-like", *, key: str | None = None, **options: Any) -> ServedModel:
        """The model as the bot asks it."""
        settings = self.settings(provider, **({"llm_key": key} if key else {}))
        return ServedModel(provider_of(settings), **options)

    @property
    def written(self) -> list[Asked]:
        """The requests for an answer."""
        return [asked for asked in self.asked if not asked.rephrases]

    def reply_to(self, asked: Asked) -> "str | int":
        """What to send: a text, or a status to fail with."""
        self.asked.append(asked)
        if asked.rephrases:
            question = self.rephrased(asked) if self.rephrased else asked.question
            return json.dumps({"question": question}) if isinstance(question, str) else question
        played = self.part(asked)
        if isinstance(played, str | int):
            return played
        self.untrue += [line for line in played if line.untrue]
        sentences = [{"text": line.text, "passages": list(line.passages)} for line in played]
        return json.dumps({"sentences": sentences, "missing": []})


class _Handler(BaseHTTPRequestHandler):
    script: ScriptedModel
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self._send(200, {"object": "list", "data": [{"id": "scripted", "object": "model"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.script.knows_schemas and ("response_format" in body or body.get("format")):
            self.script.refused += 1
            return self._send(400, {"error": {"message": "response_format is not supported"}})
        *system, user = (message["content"] for message in body["messages"])
        asked = Asked(
            path=self.path,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=body,
            system="".join(system),
            user=user,
        )
        reply = self.script.reply_to(asked)
        if reply == STALL:
            return self._stall()
        if reply == RESET:
            return self._reset()
        if isinstance(reply, int):
            return self._send(reply, {"error": {"message": f"no: {self.headers.get('Authorization')}"}})
        self.script.replied.append(reply)
        self._send(200, _ollama(reply) if self.path == "/api/chat" else _openai(reply))
        return None

    def _send(self, status: int, value: Mapping[str, Any]) -> None:
        payload = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(payload)))
        if status != 200 and self.script.retry_after:
            self.send_header("Retry-After", self.script.retry_after)
        self.end_headers()
        self.wfile.write(payload)

    def _stall(self) -> None:
        """Say nothing until the other side hangs up, or the test lets go."""
        self.script.under_way.release()
        self.close_connection = True
        for _ in range(int(_PATIENCE / 0.02)):
            if self.script.released.is_set():
                return
            readable, _, _ = select.select([self.connection], [], [], 0.02)
            if readable:
                self.script.hung_up.set()
                return

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True


def _openai(text: str) -> Mapping[str, Any]:
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 0,
        "model": "scripted",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 100, "total_tokens": 1000},
    }


def _ollama(text: str) -> Mapping[str, Any]:
    return {
        "model": "scripted",
        "created_at": "2024-01-01T00:00:00Z",
        "message": {"role": "assistant", "content": text},
        "done": True,
        "prompt_eval_count": 900,
        "eval_count": 100,
    }
