"""Pages for tests: a made-up trust, small enough to check by eye, and how to write a page of one's own."""

from pathlib import Path

import yaml


def write_page(corpus: Path, path: str, text: str, **known: object) -> Path:
    """Write the page `path` ("news/garden.md") with front matter; its title is its file's name where none is given."""
    file = corpus / path
    file.parent.mkdir(parents=True, exist_ok=True)
    front_matter = yaml.safe_dump({"title": file.stem.replace("-", " ").capitalize()} | known, allow_unicode=True)
    file.write_text(f"---\n{front_matter}---\n\n{text}\n", encoding="utf-8")
    return file


def write_trust(corpus: Path) -> Path:
    """Write the pages of the made-up trust; returns the folder."""
    write_page(
        corpus,
        "programmes/garden-club.md",
        "The Garden Club has 31 volunteers. It meets in Larkhill every Tuesday.",
        title="The Garden Club",
        published="2022-03-10",
        url="https://trust.example/garden-club",
    )
    write_page(
        corpus,
        "news/garden-club-grows.md",
        "The Garden Club now has 52 volunteers.\n\nA greenhouse was put up in Larkhill.",
        title="The Garden Club grows",
        published="2024-06-02",
    )
    write_page(
        corpus,
        "news/tidewater-plans.md",
        "Tidewater House is planned to open in spring 2022 with 20 beds.",
        title="Plans for Tidewater House",
        published="2021-02",
    )
    write_page(
        corpus,
        "news/tidewater-opens.md",
        "Tidewater House opened on 9 November 2022 with 24 beds.",
        title="Tidewater House opens",
        published="2022-11-14",
    )
    write_page(
        corpus,
        "programmes/steady-steps.md",
        "Steady Steps is a clinic for people who have fallen.\n\n"
        "The partners of Steady Steps are:\n\n"
        "- Orrin Council\n- Bellfield Hospice\n- the Pennant Trust\n- Marlow University",
        title="Steady Steps",
    )
    write_page(
        corpus,
        "blogs/quiet-room.md",
        "The Quiet Room sees 140 visitors a month.",
        title="A visit to the Quiet Room",
        published="2019-01",
        published_basis="inferred",
    )
    write_page(
        corpus,
        "news/rosehip-repairs.md",
        "Rosehip Ward will close for eleven days while its roof is repaired.",
        title="Repairs on Rosehip Ward",
        published="2026-01-31",
        embargo_until="2026-01-31",
    )
    write_page(
        corpus,
        "news/night-bus.md",
        "The night bus to Larkhill costs £3.",
        title="The night bus",
        published="2020-05-04",
        withdrawn=True,
    )
    return corpus


GARDEN = "How many volunteers does the Garden Club have?"
TIDEWATER = "When did Tidewater House open?"
PARTNERS = "Who are the partners of Steady Steps?"
QUIET_ROOM = "How many visitors does the Quiet Room see a month?"
ROSEHIP = "How long will Rosehip Ward close for?"
NIGHT_BUS = "What does the night bus to Larkhill cost?"
QUESTIONS = (GARDEN, TIDEWATER, PARTNERS, QUIET_ROOM, ROSEHIP, NIGHT_BUS)
