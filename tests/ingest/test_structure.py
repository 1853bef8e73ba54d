"""Structure: the headings above every block, also of a page whose headings were lost when it was saved."""

from pathlib import Path

import pytest

from ingest.documents import Block
from ingest.structure import heading_date
from tests.ingest.corpus_files import outline, read

FLATTENED = """The Larkhill plan has three priorities for the years to come, which are listed on this page:

To be ready for the future we will:

  • Share what we know
  • Work with others.

Gardens are where we begin. Everybody who wants to dig shall be able to do so close to home.

Workstream update (July 2024)

We have started to ask people and have:

  • Found six plots
  • Bought forty spades.

The bakery is to feed the gardeners with bread that is baked on the same day, and with cake.

It will have two ovens.

Workstream update (August 2024)

  • The first oven is in place
  • The second is on its way.

Boats are the third priority, as all gardens of the plan lie on the canal. The team looks at:

  • Rowing
  • Sailing.

Workstream update (July 2024)

  • Three boats were bought, one of them in:
  1. Bootle
  • None has sunk.
"""
PAGE = "The Larkhill plan has three priorities for the years to come, which are listed on this"
GARDENS = "Gardens are where we begin. Everybody who wants to dig shall be able to do so"
BAKERY = "The bakery is to feed the gardeners with bread that is baked on the same day"
BOATS = "Boats are the third priority, as all gardens of the plan lie on the canal. The"
JULY, AUGUST = "Workstream update (July 2024)", "Workstream update (August 2024)"


def blocks(corpus: Path) -> dict[str, Block]:
    """The blocks of the flattened page by their first word or two."""
    document, _ = read(corpus, "plan.txt", FLATTENED)
    return {" ".join(document.text[block.start : block.end].split()[:2]): block for block in document.blocks}


def test_an_update_stays_with_the_paragraphs_just_before_it(tmp_path: Path) -> None:
    found = blocks(tmp_path)
    assert found["Found six"].headings == (PAGE, GARDENS, JULY)
    assert found["The first"].headings == (BAKERY, AUGUST)
    assert found["None has"].headings == (BOATS, JULY)


def test_a_workstream_opens_at_the_first_plain_paragraph_after_the_updates_list(tmp_path: Path) -> None:
    found = blocks(tmp_path)
    assert found["The bakery"].headings == found["It will"].headings == (BAKERY,)
    assert found["Boats are"].headings == found["Rowing"].headings == (BOATS,)


def test_the_page_s_own_introduction_is_not_part_of_the_first_workstream(tmp_path: Path) -> None:
    found = blocks(tmp_path)
    assert found["Share what"].headings == (PAGE,)
    assert found["Gardens are"].headings == (PAGE, GARDENS)


def test_the_blocks_of_an_update_carry_its_date_and_others_none(tmp_path: Path) -> None:
    found = blocks(tmp_path)
    assert (found["We have"].as_of, found["The first"].as_of) == ("2024-07", "2024-08")
    assert (found["It will"].as_of, found["Rowing"].as_of) == (None, None)


def test_the_same_page_saved_as_markdown_or_html_is_read_in_the_same_way(tmp_path: Path) -> None:
    lines = [line.strip() for line in FLATTENED.splitlines() if line.strip()]
    markdown = "\n\n".join(line.replace("• ", "- ") for line in lines)
    html = "".join(f"<li>{line[2:]}</li>" if line[0] in "•1" else f"<p>{line}</p>" for line in lines)
    text = outline(read(tmp_path / "text", "plan.txt", FLATTENED)[0])
    assert outline(read(tmp_path / "markdown", "plan.md", f"---\ntitle: Plan\n---\n{markdown}")[0]) == text
    assert outline(read(tmp_path / "html", "plan.html", f"<title>Plan</title><body>{html}")[0]) == text


def test_an_update_without_a_list_keeps_its_first_paragraph(tmp_path: Path) -> None:
    document, _ = read(
        tmp_path,
        "plan.md",
        "# Plan\n\nGardens come first.\n\nUpdate: July 2024\n\nSix plots were found.\n\nThe bakery is next.\n\n"
        "Update: August 2024\n\nAn oven was bought.\n\nIt is hot.",
    )
    assert outline(document) == [
        "Gardens come first. > Gardens come first.",
        "Gardens come first. > Update: July 2024 > Six plots were found.",
        "The bakery is next. > The bakery is next.",
        "The bakery is next. > Update: August 2024 > An oven was bought.",
        "The bakery is next. > Update: August 2024 > It is hot.",
    ]


def test_two_updates_of_one_workstream_both_stay_with_it(tmp_path: Path) -> None:
    document, _ = read(
        tmp_path,
        "plan.md",
        "# Plan\n\nGardens come first.\n\nProgress to May 2024\n\n- Six plots.\n\n"
        "Progress to July 2024\n\n- Ten plots.\n",
    )
    assert outline(document)[1:] == [
        "Gardens come first. > Progress to May 2024 > • Six plots.",
        "Gardens come first. > Progress to July 2024 > • Ten plots.",
    ]


def test_words_after_the_last_list_are_no_part_of_the_update(tmp_path: Path) -> None:
    document, _ = read(
        tmp_path, "plan.txt", f"{FLATTENED}\nAll of this can be talked about with the team on any day.\n"
    )
    last = document.blocks[-1]
    assert (last.headings, last.as_of) == (("All of this can be talked about with the team on any day.",), None)


def test_one_heading_that_was_kept_above_the_first_update_is_not_that_of_the_others(tmp_path: Path) -> None:
    document, _ = read(
        tmp_path,
        "plan.md",
        "# Plan\n\n## Gardens\n\nA first one.\n\nUpdate July 2024\n\n- Six plots.\n\n"
        "A second one.\n\nUpdate July 2024\n\n- Hot.\n",
    )
    assert outline(document) == [
        "Gardens > A first one.",
        "Gardens > Update July 2024 > • Six plots.",
        "A second one. > A second one.",
        "A second one. > Update July 2024 > • Hot.",
    ]


def test_a_page_with_headings_of_its_own_stays_as_it_is(tmp_path: Path) -> None:
    document, _ = read(
        tmp_path,
        "plan.md",
        "# Plan\n\n## Gardens\n\nDig.\n\n### Update (July 2024)\n\n- Six plots.\n\nMore.\n\n## Bakery\n\nBake.\n\n"
        "### Update (August 2024)\n\n- Hot.\n",
    )
    assert outline(document) == [
        "Gardens > Dig.",
        "Gardens > Update (July 2024) > • Six plots.",
        "Gardens > Update (July 2024) > More.",
        "Bakery > Bake.",
        "Bakery > Update (August 2024) > • Hot.",
    ]
    assert [block.as_of for block in document.blocks] == [None, "2024-07", "2024-07", None, "2024-08"]


def test_a_single_update_is_only_a_heading(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "plan.md", "# Plan\n\nDig.\n\n## Update (July 2024)\n\n- Six plots.\n\nMore.\n")
    assert outline(document) == ["Dig.", "Update (July 2024) > • Six plots.", "Update (July 2024) > More."]


@pytest.mark.parametrize(
    "line",
    [
        "The progress of the gardens was good in July 2024.",
        "Position the spades by July 2024, please.",
        "Workstream update",
        "The gardens made much more progress than anybody thought they would do by July 2024",
    ],
)
def test_a_sentence_about_progress_is_no_label(tmp_path: Path, line: str) -> None:
    document, _ = read(tmp_path, "plan.md", f"# Plan\n\nDig.\n\n{line}\n\n- a\n\nBake.\n\n{line}\n\n- b\n")
    assert {block.headings for block in document.blocks} == {()}


def test_a_page_that_begins_with_an_update_has_no_opening_above_it(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "plan.md", "# Plan\n\nUpdate July 2024\n\n- a\n\nBake.\n\nUpdate July 2024\n\n- b\n")
    assert outline(document) == ["Update July 2024 > • a", "Bake. > Bake.", "Bake. > Update July 2024 > • b"]


@pytest.mark.parametrize(
    ("headings", "date"),
    [
        (["Gardens", "Workstream update (July 2024)"], "2024-07"),
        (["Progress to 17 May 2024"], "2024-05-17"),
        (["Position as at March 2023", "Details"], "2023-03"),
        (["Update July 2023", "Update July 2024"], "2024-07"),
        (["Who we are (2017)"], "2017"),
        (["Status, 2024 to 2025"], "2024"),
        (["Plans for 2025"], None),
        (["Our strategy (2024 to 2028)"], None),
        (["The 2019 inspection"], None),
        (["Update"], None),
        ([], None),
    ],
)
def test_only_a_heading_that_dates_a_state_of_affairs_dates_its_blocks(headings: list[str], date: str | None) -> None:
    assert heading_date(headings) == date


DIGEST = """---
title: The round-up
---

This month in short.

**Parking.** A day costs £2 now. Permits are free for volunteers.

**Out of area beds.** Three people were far from home in May. They want to be back:

- by June
- by bus

Roof. Slates fell in the great storm.

It was loud. Nobody was hurt. Thank you all.
"""


def test_each_paragraph_of_a_digest_has_its_label_as_a_heading_and_still_says_it(tmp_path: Path) -> None:
    document, _ = read(tmp_path, "digest.md", DIGEST)
    under = {document.text[block.start : block.end].split("\n")[0][:9]: block.headings for block in document.blocks}
    assert under == {
        "This mont": (),
        "Parking. ": ("Parking",),
        "Out of ar": ("Out of area beds",),
        "by June": ("Out of area beds",),
        "by bus": ("Out of area beds",),
        "Roof. Sla": ("Roof",),
        "It was lo": (),
    }


@pytest.mark.parametrize(
    "text",
    [
        "Not all went well. The roof leaked.\n\nNo jobs were lost. Two were found.\n\nShe is not idle. She paints.",
        "Parking. A day costs £2 now.\n\nRoof. Slates fell.\n\nThe rest of the page is told in long sentences.",
        "Dr Ann Lee. A doctor.\n\nMr Bo Day. A porter.\n\nSt Ives. A ward.",
    ],
    ids=["short sentences", "two labels", "titles of persons"],
)
def test_short_beginnings_that_are_no_labels_head_nothing(tmp_path: Path, text: str) -> None:
    document, _ = read(tmp_path, "page.md", f"---\ntitle: A page\n---\n\n{text}\n")
    assert {block.headings for block in document.blocks} == {()}
