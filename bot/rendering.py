"""Rendering: answers, reports and documents as a person reads them in a terminal, or as JSON."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, is_dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.answers import Answer, Citation
from ingest.builds import Build
from ingest.dates import in_words
from ingest.documents import Document, Passage
from ingest.pipeline import IngestReport


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """Print a value or dataclass as JSON, at once."""
    shown = asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
    print(json.dumps(shown, ensure_ascii=False, indent=indent), flush=True)


def print_answer(answer: Answer) -> None:
    """Print an answer with its sources and notes."""
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    console.print(Text(answer.answer, style="bold" if answer.status == "answered" else ""))
    for citation in answer.citations:
        console.print(Text(f"  [{citation.number}] {source_line(citation)}", style="dim"))
    for page in answer.closest:
        console.print(Text(f"  - {page.title}{f', {page.url}' if page.url else ''}", style="dim"))
    for note in answer.notes:
        console.print(Text(f"  {note}", style="italic"))
    console.print()


def source_line(citation: Citation) -> str:
    """Where a quote stands: title, section, date and address of its page, in one line of plain words."""
    if citation.published is None:
        published = "undated"
    else:
        published = f"{'about ' if citation.published_basis == 'inferred' else ''}{in_words(citation.published)}"
    section = " › ".join(citation.headings)
    summary = "our summary of the page" if citation.summary else None
    return ", ".join(filter(None, [citation.title, section, published, summary, citation.url]))


def ingest_report_json(report: IngestReport) -> Mapping[str, Any]:
    """The report of an ingest as every other program reads it."""
    documents = asdict(report.documents)
    documents["failed"] = [{"path": remark.path, "reason": remark.text} for remark in report.documents.failed]
    return {
        "build": report.build,
        "documents": documents,
        "passages": asdict(report.passages),
        "seconds": report.seconds,
    }


def print_ingest_report(report: IngestReport) -> None:
    """Print what an ingest did, or would do."""
    documents, passages = report.documents, report.passages
    console = Console(highlight=False, soft_wrap=True)
    verb = "Would ingest" if report.dry_run else "Ingested"
    console.print(
        f"{verb}: {len(documents.added)} added, {len(documents.changed)} changed, {len(documents.removed)} removed, "
        f"{len(documents.unchanged)} unchanged; {passages.total} passages, {passages.embedded} "
        f"{'to embed' if report.dry_run else 'embedded'} ({report.seconds:.1f} s)"
    )
    for name in ("added", "changed", "removed"):
        for document in getattr(documents, name)[:20] if report.dry_run or name != "added" else ():
            console.print(Text(f"  {name}: {document}"))
    for remark in documents.failed:
        console.print(Text(f"  failed: {remark.path}: {remark.text}", style="red"))
    for remark in documents.warnings:
        console.print(Text(f"  warning: {remark.path}: {remark.text}", style="yellow"))
    console.print(f"current build: {report.build}")


def print_builds(
    builds: Sequence[Build], current: str | None, *, held: Mapping[str, Sequence[str]] | None = None
) -> None:
    """Print the builds as a table, newest first; an id begins with the time it was made (UTC).

    `held` are those that wait for a person, with the reasons.
    """
    held = held or {}
    table = Table(box=None, padding=(0, 2, 0, 0))
    longest = max((len(build.id) for build in builds), default=0)
    table.add_column("build", no_wrap=True, min_width=longest)  # an id that is cut short cannot be promoted
    for heading in ("", "documents", "passages", "model"):
        table.add_column(heading, overflow="fold")
    for build in builds:
        mark = "current" if build.id == current else "held" if build.id in held else ""
        table.add_row(build.id, mark, str(build.documents), str(build.passages), build.model)
    console = Console()
    console.print(table)
    for build_id, because in held.items():
        console.print(Text(f"{build_id} is held: {'; '.join(because)}", style="yellow"), soft_wrap=True)


def print_document(document: Document, passages: Sequence[Passage]) -> None:
    """Print a stored document, its passages marked off."""
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(document.title, style="bold"))
    known = [document.kind, document.author, document.publisher, document.published, document.url]
    console.print(Text(", ".join(filter(None, known)), style="dim"))
    for passage in passages:
        console.print(Text(f"\n[{passage.start}, {passage.end}) {' › '.join(passage.headings)}", style="dim"))
        console.print(Text(document.text[passage.start : passage.end]))
