"""The command line of trustbot: one command per job, each a thin call into a package.

Nothing heavy is imported before a command needs it; `trustbot --help` answers at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.answering import Answerer
    from bot.served_model import ServedModel
    from bot.settings import Settings
    from bot.slack.refreshing import RefreshCommand
    from evaluation.judging import Judge
    from ingest.pipeline import Progress
    from sandbox.web_page.running import Sandbox


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 done, 1 a person can mend it, 2 wrong usage."""
    options = _parser().parse_args(arguments)
    from ingest.errors import TrustbotError

    try:
        return int(options.run(options))
    except TrustbotError as error:
        print(f"trustbot: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return 1
    except OSError as error:  # a disk that is full, a folder that is a file or not ours
        print(f"trustbot: {error}", file=sys.stderr)
        return 1


def _ingest(options: argparse.Namespace) -> int:
    from bot.rendering import ingest_report_json, print_ingest_report, print_json
    from ingest.embedding import EmbeddingModel
    from ingest.pipeline import ingest

    settings = _settings(options)
    with _progress_bar() as progress:
        report = ingest(
            settings.corpus,
            settings.index,
            EmbeddingModel(settings.model),
            dry_run=options.dry_run,
            progress=progress,
        )
    print_json(ingest_report_json(report)) if getattr(options, "json", False) else print_ingest_report(report)
    return 0


def _ask(options: argparse.Namespace) -> int:
    from bot.conversation import answer_lines, converse, readable
    from bot.rendering import print_answer, print_json

    answerer = _answerer(_settings(options))
    try:
        if options.question is not None:
            from bot.answers import Question

            answers = iter([answerer.answer(Question(text=readable(options.question)))])
        elif sys.stdin.isatty() and not getattr(options, "json", False):
            return converse(answerer)
        else:
            if isinstance(sys.stdin, TextIOWrapper):
                sys.stdin.reconfigure(encoding="utf-8", errors="replace")
            answers = answer_lines(answerer, sys.stdin)
        for answer in answers:
            print_json(answer.as_json(), indent=None) if getattr(options, "json", False) else print_answer(answer)
    finally:
        answerer.close()
    return 0


def _show(options: argparse.Namespace) -> int:
    from bot.rendering import print_document, print_json
    from ingest.builds import Builds
    from ingest.index import read_stored

    builds = Builds(_settings(options).index)
    build = builds.get(options.build) if options.build else builds.current()
    document, passages = read_stored(builds, build, options.document)
    if not getattr(options, "json", False):
        print_document(document, passages)
        return 0
    print_json(
        {name: getattr(document, name) for name in ("id", "kind", "title", "url", "published", "text")}
        | {
            "passages": [
                {name: getattr(passage, name) for name in ("start", "end", "headings", "as_of")} for passage in passages
            ]
        }
    )
    return 0


def _builds(options: argparse.Namespace) -> int:
    from bot.rendering import print_builds, print_json
    from ingest.builds import Builds
    from ingest.publishing import Publications

    builds = Builds(_settings(options).index)
    if options.action in ("promote", "rollback"):
        publications = Publications(builds)
        with builds.writing():
            publications.finish()
            build = publications.release(options.id) if options.action == "promote" else builds.rollback()
            print(f"current: {build.id}")
        return 0
    current, held = builds.current_id(), builds.held()
    if getattr(options, "json", False):
        print_json(
            [
                vars(build) | {"current": build.id == current, "held_because": list(held.get(build.id, ()))}
                for build in builds.all()
            ]
        )
    else:
        print_builds(builds.all(), current, held=held)
    return 0


def _refresh(options: argparse.Namespace) -> int:
    from bot.rendering import print_json
    from evaluation.refresh_check import RefreshCheck
    from ingest.embedding import EmbeddingModel
    from ingest.sources.refreshing import refresh, undo
    from ingest.sources.report import refresh_report_json
    from ingest.sources.report_lines import print_refresh_report
    from ingest.sources.report_page import keep_refresh_html

    settings = _settings(options)
    model, as_json = EmbeddingModel(settings.model), getattr(options, "json", False)
    if options.undo:
        undone = undo(settings.index, model, today=settings.day)
        print_json(undone) if as_json else print("\n".join(undone.lines()))
        return 0
    with _stages_bar() as progress:
        check = RefreshCheck(settings.index, model, day=settings.day, questions=options.questions, progress=progress)
        report = refresh(
            settings.corpus,
            settings.index,
            model,
            sources=options.sources,
            only=options.only,
            take=options.take,
            dry_run=options.dry_run,
            yes=options.yes,
            today=settings.day,
            check=check,
            cited=_cited(settings),
            progress=progress,
        )
    told = report.outcome != "unchanged" or report.failed or report.warnings
    page = keep_refresh_html(report, settings.index) if told else None
    if as_json:
        print_json({**refresh_report_json(report), "page": str(page) if page else None})
    else:
        print_refresh_report(report, page=page)
    if report.outcome != "held":
        return 0
    because, promote = "; ".join(report.held_because), f"trustbot builds promote {report.build}"
    print(f"trustbot: held: {because}: look at {page}, then `{promote}` lets it in", file=sys.stderr)
    return 1


def _changes(options: argparse.Namespace) -> int:
    from bot.rendering import print_json
    from ingest.builds import Builds
    from ingest.sources.history import changes_json, changes_since
    from ingest.sources.report_lines import print_changes

    settings = _settings(options)
    found = changes_since(Builds(settings.index), settings.corpus, options.since, programme=options.programme)
    print_json(changes_json(found)) if getattr(options, "json", False) else print_changes(found)
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from bot.writing import Writer
    from evaluation.command import evaluate
    from evaluation.recorded_replies import RecordedReplies, Recording
    from ingest.embedding import EmbeddingModel

    settings = _settings(options)
    embedding = EmbeddingModel(settings.model)
    replayed = RecordedReplies(options.replay) if options.replay else None
    language_model = replayed or _language_model(settings)
    recording = Recording(language_model) if language_model else None
    with _progress_bar("Asking") as progress:
        evaluate(
            index=settings.index,
            model=embedding,
            questions=options.questions,
            out=options.out,
            baseline=options.baseline,
            gate=options.gate,
            dataset=options.dataset,
            most=options.most,
            today=settings.today or (replayed.day if replayed else None),
            ask=settings.ask,
            writer=Writer(recording, embedding, **_writing(settings)) if recording else None,
            recording=recording,
            judge=_judge(settings) if options.judge else None,
            as_json=getattr(options, "json", False),
            progress=progress,
        )
    if replayed and replayed.missed:
        print(
            f"{replayed.missed} prompts are not among the recorded ones, and the passages answered: "
            "the index, the prompts or the code that finds passages has changed since",
            file=sys.stderr,
        )
    return 0


def _judge(settings: Settings) -> Judge:
    from bot.providers import provider_of
    from evaluation.judging import judge_with

    return judge_with(provider_of(settings).llm)


def _serve(options: argparse.Namespace) -> int:
    from bot.slack.logs import write_logs
    from bot.slack.serving import require_secrets, serve

    settings = _settings(options)
    require_secrets(settings, http=options.http)
    write_logs()
    answerer = _answerer(settings, keeps_count=True)
    try:
        answerer.wake()
        serve(settings, answerer, http=options.http, refresh=_refresh_command(settings))
    finally:
        answerer.close()
    return 0


def _sandbox(options: argparse.Namespace) -> int:
    import signal
    from contextlib import ExitStack, suppress
    from tempfile import TemporaryDirectory

    from bot.slack.manifest import shipped_manifest
    from ingest.builds import Builds
    from sandbox.web_page.running import Sandbox

    settings = _settings(options)
    Builds(settings.index).current()
    with suppress(KeyboardInterrupt), ExitStack() as stack:
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)  # until the bot itself listens for it
        stack.callback(signal.signal, signal.SIGTERM, before)
        folder = stack.enter_context(TemporaryDirectory(prefix="trustbot-"))
        sandbox = Sandbox(
            shipped_manifest(), host=options.host, port=options.port, sends_to=_who_else_is_asked(settings)
        )
        try:
            stack.enter_context(sandbox)
        except OSError as error:
            from ingest.errors import TrustbotError

            where = f"{options.host}:{options.port}"
            raise TrustbotError(
                f"{where} cannot be listened on ({_reason(error)}): choose another with --port or --host"
            ) from error
        print("Loading the model ...", file=sys.stderr)
        _serve_in(sandbox, settings, Path(folder), opens=options.open)
    return 0


def _serve_in(sandbox: Sandbox, settings: Settings, folder: Path, *, opens: bool) -> None:
    """Run the bot in a sandbox until somebody ends it; what it keeps goes into that folder."""
    import logging

    from pydantic import SecretStr

    from bot.slack.logs import write_logs
    from bot.slack.serving import serve

    slack = sandbox.slack
    settings = settings.model_copy(
        update={
            "slack_bot_token": SecretStr(slack.app.bot_token),
            "slack_app_token": SecretStr(slack.app.app_token),
            "slack_api_url": slack.api_url,
            "state": f"sqlite:///{folder / 'trustbot.db'}",
            "channels": (),
            "comms_channel": sandbox.comms_channel,
            "health": "off",
        }
    )
    write_logs(level=logging.WARNING)
    answerer = _answerer(settings, keeps_count=True)
    try:
        answerer.wake()
        sandbox.when_connected(lambda: _say_where(sandbox.url, opens=opens))
        serve(settings, answerer)
    finally:
        answerer.close()


def _who_else_is_asked(settings: Settings) -> str | None:
    """Whoever sees questions besides this machine, in words, or None."""
    if settings.llm_provider == "none":
        return None
    return f"the language model {settings.llm_model} ({settings.llm_provider})"


def _say_where(url: str, *, opens: bool) -> None:
    from sandbox.web_page.running import open_in_browser

    print(f"The sandbox is at {url} (Ctrl-C ends it)", flush=True)
    if opens:
        open_in_browser(url)


def _reason(error: OSError) -> str:
    import os

    return os.strerror(error.errno) if error.errno and error.errno > 0 else str(error.strerror or error)


def _doctor(options: argparse.Namespace) -> int:
    from dataclasses import asdict

    from bot.rendering import print_json
    from bot.slack.doctor import examine, in_lines

    checks = examine(_settings(options))
    if getattr(options, "json", False):
        print_json([asdict(check) for check in checks])
    else:
        print(in_lines(checks))
    return 1 if any(check.state == "failed" for check in checks) else 0


def _feedback(options: argparse.Namespace) -> int:
    from contextlib import closing

    from bot.feedback import summary, write_csv
    from bot.state import State

    settings = _settings(options)
    with closing(State(settings.state)) as state:
        state.purge(settings.retention_days)
        remarks = state.remarks()
    write_csv(remarks, sys.stdout) if options.csv else print(summary(remarks))
    return 0


def _settings(options: argparse.Namespace) -> Settings:
    from bot.settings import load_settings

    return load_settings(**{name: getattr(options, name, None) for name in ("corpus", "index", "model", "today")})


def _answerer(settings: Settings, *, keeps_count: bool = False) -> Answerer:
    """What answers; with `keeps_count` the tokens a language model takes are counted in the state."""
    from bot.answering import Answerer
    from bot.writing import Writer
    from ingest.builds import Builds
    from ingest.embedding import EmbeddingModel

    Builds(settings.index).current()
    embedding = EmbeddingModel(settings.model)
    language_model = _language_model(settings, keeps_count=keeps_count)
    writer = Writer(language_model, embedding, **_writing(settings)) if language_model else None
    return Answerer(
        settings.index,
        embedding,
        today=lambda: settings.day,
        ask=settings.ask,
        most=settings.question_length,
        writer=writer,
    )


def _language_model(settings: Settings, *, keeps_count: bool = False) -> ServedModel | None:
    if settings.llm_provider == "none":
        return None
    from bot.providers import provider_of
    from bot.served_model import ServedModel
    from bot.state import State

    return ServedModel(
        provider_of(settings),
        at_once=settings.llm_at_once,
        tokens_a_day=settings.llm_tokens_a_day,
        answer_tokens=settings.llm_answer_tokens,
        ledger=State(settings.state) if keeps_count else None,
        today=lambda: settings.day,
    )


def _writing(settings: Settings) -> dict[str, Any]:
    return {
        "seconds": settings.llm_timeout,
        "context": settings.llm_context,
        "answer_tokens": settings.llm_answer_tokens,
    }


def _refresh_command(settings: Settings) -> RefreshCommand:
    """`trustbot refresh` with these settings, for the Home tab."""
    from bot.slack.refreshing import RefreshCommand

    given = {"corpus": settings.corpus, "index": settings.index, "model": settings.model, "today": settings.today}
    flags = [text for name, value in given.items() if value for text in (f"--{name}", str(value))]
    return RefreshCommand([sys.executable, str(Path(__file__).resolve()), "refresh", "--json", *flags])


def _cited(settings: Settings) -> dict[str, int]:
    """How many of the answers kept in Slack rest on each document; none where the bot never served."""
    from contextlib import closing

    from bot.state import State, is_kept

    if not is_kept(settings.state):
        return {}
    with closing(State(settings.state)) as state:
        return dict(state.cited())


def _stages_bar() -> Any:
    """As `_progress_bar`, for work in stages: the function given is told (what, done, of how many)."""
    from contextlib import contextmanager, nullcontext

    if not sys.stderr.isatty():
        return nullcontext(None)
    from rich.console import Console
    from rich.progress import Progress as Bar

    @contextmanager
    def shown() -> Any:
        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Listing", total=None)
            yield lambda what, done, total: bar.update(task, description=what, completed=done, total=total)

    return shown()


def _progress_bar(what: str = "Embedding") -> Any:
    """A progress bar on stderr where that is a terminal; gives the function the ingest tells its progress to."""
    from contextlib import contextmanager, nullcontext

    if not sys.stderr.isatty():
        return nullcontext(None)
    from rich.console import Console
    from rich.progress import Progress as Bar

    @contextmanager
    def shown() -> Any:
        with Bar(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=None)
            progress: Progress = lambda done, total: bar.update(task, completed=done, total=total)  # noqa: E731
            yield progress

    return shown()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="trustbot",
        description="Answers about an NHS trust's programmes, partners and progress, from its own pages.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    index = _option("--index", metavar="DIR", help="the folder that holds the builds (TRUSTBOT_INDEX)")
    corpus = _option("--corpus", metavar="DIR", help="the folder of pages (TRUSTBOT_CORPUS)")
    model = _option("--model", metavar="NAME", help="the embedding model (TRUSTBOT_MODEL)")
    today = _option("--today", metavar="DATE", help="the day it is taken to be, YYYY-MM-DD (TRUSTBOT_TODAY)")
    as_json = _option("--json", action="store_true", help="print JSON")

    command = commands.add_parser(
        "ingest", parents=[corpus, index, model, as_json], help="bring the index up to date with the corpus"
    )
    command.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    command.set_defaults(run=_ingest)

    command = commands.add_parser(
        "ask", parents=[index, model, today, as_json], help="ask a question, or one a line on standard input"
    )
    command.add_argument(
        "question", nargs="?", metavar="QUESTION", help="the question; without it, standard input is read"
    )
    command.set_defaults(run=_ask)

    command = commands.add_parser("show", parents=[index, as_json], help="show a document as it is stored")
    command.add_argument(
        "document", metavar="DOCUMENT", help="the id of the document: its file's name without the ending"
    )
    command.add_argument("--build", metavar="ID", help="a build other than the current one")
    command.set_defaults(run=_show)

    command = commands.add_parser("builds", parents=[index, as_json], help="list the builds, or choose the current one")
    command.set_defaults(run=_builds, action="list")
    actions = command.add_subparsers(metavar="ACTION")
    action = actions.add_parser("promote", parents=[index], help="make a build current")
    action.add_argument("id", metavar="ID", help="the build")
    action.set_defaults(run=_builds, action="promote")
    action = actions.add_parser("rollback", parents=[index], help="go back to the build that was current before")
    action.set_defaults(run=_builds, action="rollback")

    command = commands.add_parser(
        "changes", parents=[corpus, index, as_json], help="what the pages say differently since a day"
    )
    command.add_argument("--since", type=_day, required=True, metavar="DATE", help="the day, YYYY-MM-DD")
    command.add_argument("--programme", metavar="NAME", help="only what belongs to a programme or names it")
    command.set_defaults(run=_changes)

    command = commands.add_parser(
        "refresh",
        parents=[corpus, index, model, today, as_json],
        help="fetch the pages of sources.yaml; let what changed in, or hold it",
    )
    command.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")
    command.add_argument("--yes", action="store_true", help="let it in even where it would be held for a person")
    command.add_argument(
        "--only", action="append", default=[], metavar="SOURCE", help="ask this source only; may be given again"
    )
    command.add_argument(
        "--take", action="append", default=[], metavar="DOCUMENT", help="take its page, though its file was edited"
    )
    command.add_argument("--undo", action="store_true", help="go back to before the last refresh, its files too")
    command.add_argument("--sources", type=Path, metavar="FILE", help="the sources (sources.yaml of the corpus)")
    command.add_argument("--questions", type=Path, metavar="FILE", help="fixed questions other than the packaged ones")
    command.set_defaults(run=_refresh)

    command = commands.add_parser(
        "evaluate", parents=[index, model, today, as_json], help="ask the fixed questions and measure the answers"
    )
    command.add_argument("--questions", type=Path, metavar="FILE", help="questions other than the packaged ones")
    command.add_argument("--out", type=Path, default=Path(".runs"), metavar="DIR", help="where the run is kept (.runs)")
    command.add_argument("--baseline", type=Path, metavar="RUN", help="an earlier run to compare with")
    command.add_argument("--gate", action="store_true", help="exit 1 when a measure fell below its floor")
    command.add_argument("--dataset", type=Path, metavar="DIR", help="a public question set to measure on instead")
    command.add_argument("--most", type=int, metavar="N", help="at most N questions of the dataset, spread evenly")
    command.add_argument(
        "--judge", action="store_true", help="have the language model judge the answers too (LlamaIndex's evaluators)"
    )
    command.add_argument(
        "--replay", type=Path, metavar="RUN", help="take the language model's replies from an earlier run"
    )
    command.set_defaults(run=_evaluate)

    command = commands.add_parser("serve", parents=[index, model, today], help="answer in Slack until told to stop")
    command.add_argument("--http", metavar="HOST:PORT", help="be reached over HTTP there; without it, use Socket Mode")
    command.set_defaults(run=_serve)

    command = commands.add_parser(
        "sandbox", parents=[index, model, today], help="try the bot in a Slack of this machine, in the browser"
    )
    command.add_argument("--port", type=_port, default=8765, metavar="N", help="the port (8765); 0 takes a free one")
    command.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="let other machines in, too")
    command.add_argument("--open", action="store_true", help="open the page in the browser")
    command.set_defaults(run=_sandbox)

    command = commands.add_parser(
        "doctor", parents=[index, model, as_json], help="check every part of the bot in Slack, with the fix for each"
    )
    command.set_defaults(run=_doctor)

    command = commands.add_parser("feedback", help="what people said of answers, and the questions that found none")
    command.add_argument("--csv", action="store_true", help="write each of them, as CSV")
    command.set_defaults(run=_feedback)
    return parser


def _day(text: str) -> date:
    """The day an option names; `2026-07` is its first. An argparse type: what is no date is wrong usage."""
    from ingest.dates import first_day, is_partial_date

    if not is_partial_date(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a date: write YYYY-MM-DD")
    return first_day(text)


def _option(*names: str, **settings: Any) -> argparse.ArgumentParser:
    """A parser that holds one option, to be shared by commands; a sub-command's default never hides its command's."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument(*names, default=argparse.SUPPRESS, **settings)
    return parent


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**16:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: a number from 0 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
