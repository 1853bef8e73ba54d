"""The command line of trustbot: one command per job, each a thin call into a package.

Nothing heavy is imported before a command needs it; `trustbot --help` answers at once.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.answering import Answerer
    from bot.settings import Settings
    from ingest.pipeline import Progress


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

    builds = Builds(_settings(options).index)
    if options.action == "promote":
        with builds.writing():
            print(f"current: {builds.promote(options.id).id}")
    elif options.action == "rollback":
        with builds.writing():
            print(f"current: {builds.rollback().id}")
    elif getattr(options, "json", False):
        print_json([vars(build) | {"current": build.id == builds.current_id()} for build in builds.all()])
    else:
        print_builds(builds.all(), builds.current_id())
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from evaluation.command import evaluate
    from ingest.embedding import EmbeddingModel

    settings = _settings(options)
    with _progress_bar("Asking") as progress:
        evaluate(
            index=settings.index,
            model=EmbeddingModel(settings.model),
            questions=options.questions,
            out=options.out,
            baseline=options.baseline,
            gate=options.gate,
            dataset=options.dataset,
            most=options.most,
            today=settings.day,
            ask=settings.ask,
            as_json=getattr(options, "json", False),
            progress=progress,
        )
    return 0


def _serve(options: argparse.Namespace) -> int:
    from bot.answers import Question
    from bot.slack.logs import write_logs
    from bot.slack.serving import require_secrets, serve

    settings = _settings(options)
    require_secrets(settings, http=options.http)
    write_logs()
    answerer = _answerer(settings)
    try:
        answerer.answer(Question(text="What is new?"))  # the model is loaded now, and not when somebody waits
        serve(settings, answerer, http=options.http)
    finally:
        answerer.close()
    return 0


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


def _answerer(settings: Settings) -> Answerer:
    from bot.answering import Answerer
    from ingest.builds import Builds
    from ingest.embedding import EmbeddingModel

    Builds(settings.index).current()
    return Answerer(settings.index, EmbeddingModel(settings.model), today=lambda: settings.day, ask=settings.ask)


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
        "evaluate", parents=[index, model, today, as_json], help="ask the fixed questions and measure the answers"
    )
    command.add_argument("--questions", type=Path, metavar="FILE", help="questions other than the packaged ones")
    command.add_argument("--out", type=Path, default=Path(".runs"), metavar="DIR", help="where the run is kept (.runs)")
    command.add_argument("--baseline", type=Path, metavar="RUN", help="an earlier run to compare with")
    command.add_argument("--gate", action="store_true", help="exit 1 when a measure fell below its floor")
    command.add_argument("--dataset", type=Path, metavar="DIR", help="a public question set to measure on instead")
    command.add_argument("--most", type=int, metavar="N", help="at most N questions of the dataset, spread evenly")
    command.set_defaults(run=_evaluate)

    command = commands.add_parser("serve", parents=[index, model, today], help="answer in Slack until told to stop")
    command.add_argument("--http", metavar="HOST:PORT", help="be reached over HTTP there; without it, use Socket Mode")
    command.set_defaults(run=_serve)

    command = commands.add_parser(
        "doctor", parents=[index, model, as_json], help="check every part of the bot in Slack, with the fix for each"
    )
    command.set_defaults(run=_doctor)

    command = commands.add_parser("feedback", help="what people said of answers, and the questions that found none")
    command.add_argument("--csv", action="store_true", help="write each of them, as CSV")
    command.set_defaults(run=_feedback)
    return parser


def _option(*names: str, **settings: Any) -> argparse.ArgumentParser:
    """A parser that holds one option, to be shared by commands; a sub-command's default never hides its command's."""
    parent = argparse.ArgumentParser(add_help=False)
    parent.add_argument(*names, default=argparse.SUPPRESS, **settings)
    return parent


if __name__ == "__main__":
    sys.exit(main())
