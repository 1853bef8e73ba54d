"""The glossary: read, checked, and asked for names that pages spell otherwise."""

from pathlib import Path

import pytest

from ingest.errors import TrustbotError
from ingest.glossary import Glossary, Name, mentions, parse_glossary, read_glossary, unknown_names
from ingest.words import plain

GLOSSARY = parse_glossary(
    {
        "programmes": [
            {"name": "HOPE(S)", "aliases": ["HOPES model"]},
            {"name": "The Life Rooms", "aliases": ["Life Rooms"]},
        ],
        "partners": [{"name": "NHS England", "aliases": ["NHSE"]}, "Merseyside Police"],
        "acronyms": [{"name": "NHSE", "aliases": [], "means": "NHS England"}],
    }
)


def test_the_glossary_of_the_corpus_is_sound() -> None:
    glossary = read_glossary(Path(__file__).parents[2] / "corpus" / "glossary.yaml")
    assert {name.section for name in glossary.names} == {"programmes", "partners", "places", "acronyms"}


def test_a_corpus_without_a_glossary_has_an_empty_one(tmp_path: Path) -> None:
    assert read_glossary(tmp_path / "glossary.yaml") == Glossary()
    assert unknown_names(Glossary(), "programmes", ["Anything"]) == []


@pytest.mark.parametrize(
    "written",
    [
        "programmes:\n- name: HOPE(S)\n  aliases: [HOPES model, Hopes]\n",
        "programmes:\n- {name: HOPE(S), aliases: [HOPES model], means: [Hopes]}\n",
        "programmes:\n  HOPE(S): [HOPES model, Hopes]\n",
        "programmes:\n  HOPE(S): {aliases: [HOPES model], means: Hopes}\n",
        "programmes:\n- name: ' HOPE(S)\u200b'\n  aliases: [HOPES\u00a0model, Hopes, Hopes]\npartners:\nplaces: []\n",
    ],
)
def test_a_name_can_be_written_in_several_ways(tmp_path: Path, written: str) -> None:
    (tmp_path / "glossary.yaml").write_text(written, encoding="utf-8")
    name = Name(section="programmes", name="HOPE(S)", aliases=("HOPES model", "Hopes"))
    assert read_glossary(tmp_path / "glossary.yaml") == Glossary(names=(name,))


@pytest.mark.parametrize(
    "written", ["- HOPE(S)", "- name: HOPE(S)\n  aliases:", "- name: HOPE(S)\n  aliases: []", "  HOPE(S):"]
)
def test_a_name_may_have_no_aliases(tmp_path: Path, written: str) -> None:
    (tmp_path / "glossary.yaml").write_text(f"programmes:\n{written}\n")
    assert read_glossary(tmp_path / "glossary.yaml").names == (Name(section="programmes", name="HOPE(S)"),)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("programs: []", "glossary has an unknown section 'programs': the sections are programmes, partners"),
        ("programmes: 5", "glossary section 'programmes' is not a list of names"),
        ("- HOPE(S)", "it is not a list of 'name: value' lines"),
        ("programmes:\n- name: [", "it is not YAML, line 2"),
        (
            "programmes:\n- aliases: [a]",
            "glossary, programmes, entry 1: Field required (write name: and aliases: [...])",
        ),
        ("programmes:\n- name: ''", "glossary, programmes, entry 1: String should have at least 1 character"),
        ("programmes:\n- name: a\n  aliases: ['']", "glossary, programmes, entry 1: String should have at least 1"),
        ("programmes:\n- a\n- name: b\n  alias: c", "glossary, programmes, entry 2: Extra inputs are not permitted"),
        ("programmes:\n- name: No\n", "glossary, programmes, entry 1: Input should be a valid string"),
        ("programmes: [a, a]", "glossary lists 'a' twice, under programmes and programmes: keep one"),
        ("programmes: [a]\nplaces: [a]", "glossary lists 'a' twice, under programmes and places: keep one"),
        ("acronyms: [A, A]", "glossary lists 'A' twice, under acronyms and acronyms: keep one"),
        ("programmes: {a: [c], b: [C]}", "glossary gives 'C' to both 'a' and 'b': keep one"),
        ("programmes: [a]\npartners: {b: [a]}", "glossary gives 'a' to both 'a' and 'b': keep one"),
        ("a: &a [x]\nb: [*a, *a]", "'*' begins an alias"),
    ],
)
def test_a_glossary_that_cannot_be_used_is_refused_with_the_reason(tmp_path: Path, written: str, reason: str) -> None:
    (tmp_path / "glossary.yaml").write_text(written)
    with pytest.raises(TrustbotError) as raised:
        read_glossary(tmp_path / "glossary.yaml")
    assert reason in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_acronym_may_stand_again_as_an_alias_of_its_thing() -> None:
    assert [name.name for name in GLOSSARY.names if "NHSE" in name.all] == ["NHS England", "NHSE"]


@pytest.mark.parametrize("name", ["HOPE(S)", "hopes", "HOPES model", "Life rooms", "NHS England"])
def test_a_known_name_or_alias_is_no_news(name: str) -> None:
    assert unknown_names(GLOSSARY, "programmes", [name]) == []


def test_an_unknown_name_is_warned_of_with_the_nearest_one() -> None:
    assert unknown_names(GLOSSARY, "programmes", ["Hopes modell", "Live Room", "Beekeeping"]) == [
        "programme 'Hopes modell' is not in the glossary; did you mean 'HOPE(S)'?",
        "programme 'Live Room' is not in the glossary; did you mean 'The Life Rooms'?",
        "programme 'Beekeeping' is not in the glossary",
    ]
    assert unknown_names(GLOSSARY, "partners", ["Mersey side Police"]) == [
        "partner 'Mersey side Police' is not in the glossary; did you mean 'Merseyside Police'?"
    ]


@pytest.mark.parametrize(
    ("name", "text", "mentioned"),
    [
        ("L&D", "The L&D team", True),
        ("HOPE(S)", "about HOPE(S).", True),
        ("HOPE(S)", "about hopes", True),
        ("OTP", "the laptop", False),
        ("L&D", "R&L&D", False),
        ("Life Rooms", "life room", False),
        ("C++ (club)", "the c++ (club)", True),
    ],
)
def test_a_name_is_mentioned_as_whole_words(name: str, text: str, mentioned: bool) -> None:
    assert mentions(plain(name), plain(text)) is mentioned
