"""Messages: an answer as Slack shows it, within Slack's limits, with its sources and its buttons."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from bot.answers import REMOVED, Answer, Citation
from bot.rendering import source_line
from bot.slack.blocks import (
    Block,
    actions,
    bullets,
    button,
    helpful_or_not,
    line,
    link,
    quotation,
    rich,
    run,
    words,
)
from bot.slack.links import page, to_quote
from bot.slack.words import escaped, pieces, shortened

TEXT_ONLY = 3_900  # characters of a message without blocks; Slack may split or refuse more than 4,000
_A_MESSAGE = 9_000  # characters of all blocks; Slack refused 11,341 of rich text once, and 13,200 of any
_BLOCKS = 40  # of Slack's 50, the rest is for the buttons
_A_BLOCK = 2_800
_A_QUOTE = 2_000
_ASKED_FOR_FEEDBACK = ("answered", "partial", "not_found", "clarification", "out_of_scope")
_SOURCES, _CLOSEST = "Sources", "Pages you could look at"
_MAY_BE_SENT_ON = ("not_found", "partial")


@dataclass(frozen=True, kw_only=True)
class Message:
    """One message: what is shown, and the same in words for screen readers and notifications (escaped)."""

    text: str
    blocks: list[Block] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Piece:
    """What must not be torn apart: a block, and its words."""

    words: str
    block: Block


def note(text: str) -> Message:
    """A line of the bot's own, nothing in it being markup."""
    return Message(text=escaped(text), blocks=[words(text)])


def answer_messages(
    answer: Answer,
    *,
    number: int,
    heading: str | None = None,
    may_share: bool = False,
    may_send_on: bool = False,
) -> list[Message]:
    """An answer as one message, or several where it is long; the buttons stand under the last.

    `number` is the question's in the state; `heading` a line above; `may_share` offers "Share with channel",
    `may_send_on` "Ask comms" where nothing, or not all, was found. Raises ValueError for an answer without words.
    """
    if not answer.answer.strip():
        raise ValueError("an answer without words")
    packed = _packed(_pieces_of(answer, heading))
    buttons = _buttons(answer, number, may_share=may_share, may_send_on=may_send_on)
    return [
        Message(
            text="\n\n".join(escaped(piece.words) for piece in part),
            blocks=[piece.block for piece in part] + (buttons if position == len(packed) else []),
        )
        for position, part in enumerate(packed, 1)
    ]


def without_blocks(message: Message) -> list[Message]:
    """The same words as plain messages, for when Slack refuses the blocks."""
    return [Message(text=text) for text in pieces(message.text, TEXT_ONLY)]


def answer_blocks(answer: Answer) -> list[Block]:
    """The blocks of an answer without buttons, for a modal, which shows at most 100."""
    return [piece.block for piece in _pieces_of(answer, None)][:90]


def _pieces_of(answer: Answer, heading: str | None) -> Iterator[_Piece]:
    if heading:
        yield _Piece(words=heading, block=words(heading, italic=True))
    for text in pieces(answer.answer, _A_BLOCK):
        yield _Piece(words=text, block=words(text))
    for position, citation in enumerate(answer.citations):
        yield _source(citation, first=position == 0)
    if answer.closest:
        yield _closest(answer)
    for text in answer.notes:
        for part in pieces(text, _A_BLOCK):
            yield _Piece(words=part, block=words(part, italic=True))


def _source(citation: Citation, *, first: bool) -> _Piece:
    url = to_quote(citation)
    title = shortened(citation.title or citation.document, 300)
    about = source_line(replace(citation, title="", url=None))
    about = shortened(f", {about}" if about else "", 600)
    shown = shortened(citation.quote, _A_QUOTE)
    spoken = f"{_SOURCES}\n" if first else ""
    spoken += f"[{citation.number}] {title}{about}\n“{shown}”"
    return _Piece(
        words=f"{spoken}\n{url}" if url else spoken,
        block=rich(
            *([line(run(_SOURCES, bold=True))] if first else []),
            line(
                run(f"[{citation.number}] ", bold=True),
                link(url, title) if url else run(title),
                *([run(about)] if about else []),
            ),
            quotation(run(shown)),
        ),
    )


def _closest(answer: Answer) -> _Piece:
    pages = [(shortened(found.title or found.document, 300), page(found.url)) for found in answer.closest]
    spoken = "\n".join([_CLOSEST, *(f"• {title} {url or ''}".rstrip() for title, url in pages)])
    shown = [line(link(url, title) if url else run(title)) for title, url in pages]
    return _Piece(words=spoken, block=rich(line(run(_CLOSEST, bold=True)), bullets(*shown)))


def _packed(found: Iterator[_Piece]) -> list[list[_Piece]]:
    """The pieces in as few messages as their size allows."""
    packed: list[list[_Piece]] = []
    size = 0
    for piece in found:
        if not packed or size + len(piece.words) > _A_MESSAGE or len(packed[-1]) >= _BLOCKS:
            packed.append([])
            size = 0
        packed[-1].append(piece)
        size += len(piece.words)
    return packed


def _buttons(answer: Answer, number: int, *, may_share: bool, may_send_on: bool) -> list[Block]:
    value = str(number)
    row = []
    if answer.citations:
        row.append(button("Show passages", "passages", value, says="Show the quoted passages in their context"))
    if may_send_on and answer.status in _MAY_BE_SENT_ON and answer.question != REMOVED:
        row.append(button("Ask comms", "ask_comms", value, says="Send this question to the comms team"))
    if may_share and answer.question != REMOVED:
        row.append(button("Share with channel", "share", value, says="Post this answer in the channel for everyone"))
    feedback = [helpful_or_not("feedback", value)] if answer.status in _ASKED_FOR_FEEDBACK else []
    return ([actions(row)] if row else []) + feedback
