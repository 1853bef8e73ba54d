"""`trustbot changes`: what the pages say differently since a day, from the builds kept or from git."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from tests.commands import Command, Ended
from tests.pages import write_page

GROWN = "The Garden Club now has 52 volunteers. It meets in Larkhill."
IDENTITY = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")


@dataclass(frozen=True, kw_only=True)
class Trust:
    """A corpus, and an index with a build of 1 October and one of 1 November."""

    corpus: Path
    index: Path
    october: str
    november: str

    def changes(self, command: Command, *arguments: object) -> Ended:
        return command("changes", "--corpus", self.corpus, "--index", self.index, *arguments)


def write_trust(corpus: Path) -> Path:
    """Three pages: the garden of one programme, the clinic of another, and the bus of none."""
    text = "The Garden Club has 31 volunteers. It meets in Larkhill."
    write_page(corpus, "news/garden.md", text, programmes=["Green Gym"])
    write_page(corpus, "programmes/clinic.md", "Steady Steps is a clinic.", programmes=["Steady Steps", "Falls"])
    write_page(corpus, "news/bus.md", "The night bus costs £3.", published="2020-05-04")
    return corpus


def ingest_of(corpus: Path, model: EmbeddingModel, *, made: str) -> str:
    """Ingest, and have the build say it was made at that moment; returns its id."""
    build = ingest(corpus, corpus.parent / "index", model).build
    written = Builds(corpus.parent / "index").path(str(build)) / "build.json"
    written.write_text(json.dumps(json.loads(written.read_text()) | {"created": made}))
    return str(build)


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory, model: EmbeddingModel) -> Trust:
    """By 1 November the garden and the clinic are reworded, the bus is gone, a page about bees is new."""
    corpus = write_trust(tmp_path_factory.mktemp("trust") / "corpus")
    october = ingest_of(corpus, model, made="2026-10-01T12:00:00Z")
    write_page(corpus, "news/garden.md", GROWN, programmes=["Green Gym"])
    write_page(corpus, "programmes/clinic.md", "Steady Steps is a large clinic.", programmes=["Steady Steps", "Falls"])
    write_page(corpus, "news/bees.md", "Bees came. They belong to the green gym.")
    (corpus / "news/bus.md").unlink()
    november = ingest_of(corpus, model, made="2026-11-01T12:00:00Z")
    return Trust(corpus=corpus, index=corpus.parent / "index", october=october, november=november)


def commit(folder: Path, *, at: str) -> None:
    """Commit all of a folder's repository at that moment."""
    known = dict.fromkeys(IDENTITY, "comms") | {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at}
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "Pages"]):
        subprocess.run(["git", *arguments], cwd=folder, env=os.environ | known, check=True, timeout=60)


def assert_one_line_says(ended: Ended, *words: str) -> None:
    assert (ended.code, ended.out, ended.err.count("\n")) == (1, "", 1)
    for word in words:
        assert word in ended.err


def documents(pages: list[dict[str, object]]) -> list[object]:
    return [page["document"] for page in pages]


def test_what_changed_is_quoted_before_and_after_by_programme(trust: Trust, command: Command) -> None:
    assert trust.changes(command, "--since", "2026-10-15").out == (
        "Changes since 15 October 2026\n"
        f"  from build {trust.october} of 1 October 2026 to build {trust.november} of 1 November 2026\n"
        "\nFalls\n"
        "  changed: Clinic (clinic, undated, Steady Steps, Falls)\n"
        "      - Steady Steps is a clinic.\n"
        "      + Steady Steps is a large clinic.\n"
        "\nGreen Gym\n"
        "  changed: Garden (garden, undated, Green Gym)\n"
        "      - The Garden Club has 31 volunteers.\n"
        "      + The Garden Club now has 52 volunteers.\n"
        "\nSteady Steps\n"
        "  Clinic (clinic): told above\n"
        "\nPages of no programme\n"
        "  added: Bees (bees, undated)\n"
        "      + Bees came.\n"
        "      + They belong to the green gym.\n"
        "  no longer answered from: Bus (bus, 4 May 2020)\n"
        "      - The night bus costs £3.\n"
    )


def test_programs_read_the_same_as_json(trust: Trust, command: Command) -> None:
    found = trust.changes(command, "--since", "2026-10-15", "--json").json
    assert list(found) == ["since", "programme", "before", "now", "reaches_back", "added", "changed", "removed"]
    assert (found["since"], found["programme"], found["reaches_back"]) == ("2026-10-15", None, True)
    assert found["before"] == {"kept_by": "build", "id": trust.october, "at": "2026-10-01T12:00:00Z"}
    assert found["now"]["id"] == trust.november
    (clinic, garden) = found["changed"]
    before, after = "The Garden Club has 31 volunteers.", "The Garden Club now has 52 volunteers."
    assert (clinic["document"], garden["document"]) == ("clinic", "garden")
    assert garden["sentences"] == [{"before": before, "after": after, "headings": []}]
    assert (documents(found["added"]), documents(found["removed"])) == (["bees"], ["bus"])


def test_of_a_programme_its_pages_are_told_and_of_others_what_names_it(trust: Trust, command: Command) -> None:
    found = trust.changes(command, "--since", "2026-10-15", "--programme", "green gym", "--json").json
    assert documents(found["changed"]) == ["garden"]
    (bees,) = found["added"]
    assert [change["after"] for change in bees["sentences"]] == ["They belong to the green gym."]
    assert found["removed"] == []


def test_a_programme_may_be_named_by_any_of_its_names(trust: Trust, command: Command, tmp_path: Path) -> None:
    (tmp_path / "glossary.yaml").write_text("programmes:\n- name: Green Gym\n  aliases: [GG]\n")
    of = ("--corpus", tmp_path, "--index", trust.index)
    found = command("changes", *of, "--since", "2026-10-15", "--programme", "GG", "--json").json
    assert documents(found["changed"]) == ["garden"]


def test_a_programme_nobody_knows_is_an_error_with_the_nearest_name(trust: Trust, command: Command) -> None:
    ended = trust.changes(command, "--since", "2026-10-15", "--programme", "Stedy Steps")
    assert_one_line_says(ended, "no page belongs to 'Stedy Steps'", "did you mean 'Steady Steps'?")


def test_since_a_day_after_the_last_change_nothing_changed(trust: Trust, command: Command) -> None:
    shown = trust.changes(command, "--since", "2026-11-15", "--programme", "Steady Steps").out
    assert shown.startswith("Changes of Steady Steps since 15 November 2026\n")
    assert shown.endswith("\nNothing changed.\n")
    assert "what changed before that is not known" not in shown


def test_where_nothing_so_old_is_kept_the_oldest_serves_and_that_is_said(trust: Trust, command: Command) -> None:
    shown = trust.changes(command, "--since", "2026-01").out
    assert f"from build {trust.october}" in shown
    assert "Nothing older is kept: what changed before that is not known." in shown
    assert "changed: Garden" in shown


def test_one_state_alone_is_nothing_to_compare(command: Command, tmp_path: Path) -> None:
    write_trust(tmp_path / "corpus")
    assert_one_line_says(command("changes", "--since", "2026-09-01"), "nothing is kept of corpus but how it is now")


def test_git_tells_what_changed_before_the_oldest_build(trust: Trust, command: Command, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    write_page(corpus, "news/garden.md", "The Garden Club has 12 volunteers.", programmes=["Green Gym"])
    commit(tmp_path, at="2026-05-01T12:00:00+0000")
    found = command("changes", "--corpus", corpus, "--index", trust.index, "--since", "2026-06-01", "--json").json
    assert (found["before"]["kept_by"], found["reaches_back"]) == ("commit", True)
    (garden,) = found["changed"]
    assert garden["sentences"][0]["before"] == "The Garden Club has 12 volunteers."
    assert garden["sentences"][0]["after"] == "The Garden Club now has 52 volunteers."


def test_without_an_index_the_folder_is_compared_with_its_history(command: Command, tmp_path: Path) -> None:
    corpus = write_trust(tmp_path / "corpus")
    commit(tmp_path, at="2026-05-01T12:00:00+0000")
    write_page(corpus, "news/garden.md", GROWN, programmes=["Green Gym"])
    commit(tmp_path, at="2026-07-01T12:00:00+0000")
    write_page(corpus, "news/bus.md", "The night bus costs £4.", published="2020-05-04")
    june, august = (command("changes", "--since", f"2026-{month}", "--json").json for month in ("06", "08"))
    assert documents(june["changed"]) == ["bus", "garden"]
    assert documents(august["changed"]) == ["bus"]


def test_a_day_that_is_none_is_wrong_usage(command: Command) -> None:
    for arguments in ([], ["--since", "yesterday"], ["--since", "2026-02-30"]):
        assert command("changes", *arguments).code == 2
