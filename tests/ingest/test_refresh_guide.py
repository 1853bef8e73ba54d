"""What the guide for comms shows works as it is shown."""

import re
from pathlib import Path

import pytest

from ingest.sources.declared import read_sources
from ingest.sources.report_words import list_sections, page_sections
from tests.commands import Command
from tests.ingest.refresh_reports import REPORT

GUIDE = (Path(__file__).parents[2] / "docs" / "refresh.md").read_text(encoding="utf-8")


def test_its_sources_can_be_read(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "sources.yaml").write_text(example, encoding="utf-8")
    assert [source.name for source in read_sources(tmp_path / "sources.yaml").sources] == ["Trust news", "Garden Club"]


@pytest.mark.parametrize("name", ["refresh", "changes"])
def test_every_option_it_names_is_there(command: Command, name: str) -> None:
    lines = re.findall(rf"trustbot {name}[^`\n]*", GUIDE)
    named = {option for line in lines for option in re.findall("--[a-z-]+", line)}
    known = re.findall("--[a-z-]+", command(name, "--help").out)
    assert named
    assert sorted(named - set(known)) == []


def test_it_explains_every_part_of_the_report() -> None:
    rows = " ".join(re.findall(r"^\| ([^|]+) \|", GUIDE, re.MULTILINE))
    sections = [section.title for section in (*page_sections(REPORT), *list_sections(REPORT))]
    assert [title for title in sections if title not in rows] == []
    assert len(sections) == 11
