"""Reporting: what a refresh did, or would do, put together from its plan and the documents before and after."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from ingest.documents import Document
from ingest.errors import TrustbotError
from ingest.pipeline import Contents, PassageCounts
from ingest.publishing import Staged
from ingest.reading import read_document
from ingest.sources.changes import page_change
from ingest.sources.gathering import Gathering
from ingest.sources.planning import EditedPage, Plan, Step
from ingest.sources.report import FailedPage, Outcome, PageChange, PageWarning, QuestionsChange, RefreshReport


@dataclass(frozen=True, kw_only=True)
class Prospect:
    """A corpus as it would be: what was gathered, the plan, its files staged, and what is read with them in place."""

    corpus: Path
    gathering: Gathering
    plan: Plan
    staged: Staged
    contents: Contents


def report_of(
    prospect: Prospect,
    before: Mapping[str, Document],
    outcome: Outcome,
    build: str | None,
    passages: PassageCounts,
    *,
    because: Sequence[str] = (),
    questions: QuestionsChange | None = None,
    warnings: Sequence[PageWarning] = (),
) -> RefreshReport:
    """The report of a refresh against the documents of the build that was current `before`, by id."""
    reading, planned = prospect.contents.reading, prospect.plan
    changes = _changes(planned, before, {document.id: document for document in reading.documents})
    files = {step.file for step in planned.steps}
    return RefreshReport(
        outcome=outcome,
        build=build,
        held_because=tuple(because),
        added=tuple(changes["added"]),
        changed=tuple(changes["changed"]),
        moved=tuple(changes["moved"]),
        withdrawn=tuple(changes["withdrawn"]),
        returned=tuple(changes["returned"]),
        edited=tuple(_edited(edited, prospect.corpus) for edited in planned.edited),
        failed=(
            *prospect.gathering.failed,
            *(FailedPage(url=remark.path, reason=remark.text) for remark in reading.failed),
        ),
        duplicates=planned.duplicates,
        warnings=(
            *planned.warnings,
            *(PageWarning(page=step.file, text=remark) for step in planned.steps for remark in step.remarks),
            *(PageWarning(page=remark.path, text=remark.text) for remark in reading.warnings if remark.path in files),
            *warnings,
        ),
        questions=questions,
        requests=prospect.gathering.requests,
        passages=passages,
    )


def _changes(
    planned: Plan, before: Mapping[str, Document], after: Mapping[str, Document]
) -> Mapping[str, Sequence[PageChange]]:
    """Every document that is otherwise than before, by what became of it; what no step did was done by hand."""
    steps = {PurePosixPath(step.file).stem: step for step in planned.steps}
    changes: dict[str, list[PageChange]] = defaultdict(list)
    for id_ in sorted(before.keys() | after.keys()):
        old, new, step = before.get(id_), after.get(id_), steps.get(id_)
        if old is None or new is None or old.digest != new.digest:
            why, source = (step.why, step.entry.source) if step else ("changed in the corpus folder by hand", None)
            changes[_kind(step, old, new)].append(page_change(old, new, why=why, source=source))
    return changes


def _kind(step: Step | None, old: Document | None, new: Document | None) -> str:
    if old and new:
        return "moved" if step and step.kind == "moved" else "changed"
    if old:
        return "withdrawn"
    return "returned" if step and step.kind == "returned" else "added"


def _edited(edited: EditedPage, corpus: Path) -> PageChange:
    """What the file says that somebody edited, against what the page says now."""
    with TemporaryDirectory() as folder:
        offered = Path(folder) / edited.file
        offered.parent.mkdir(parents=True)
        offered.write_text(edited.offered, encoding="utf-8")
        new, _, _ = read_document(offered, Path(folder))
    try:
        old, _, _ = read_document(corpus / edited.file, corpus)
    except TrustbotError:
        return page_change(None, new, why=edited.why, source=edited.source)
    return page_change(old, new, why=edited.why, source=edited.source)
