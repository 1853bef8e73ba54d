"""Names that recur in the pages and that comms may want in the glossary."""

from pathlib import Path

from ingest.glossary import parse_glossary
from ingest.reading import read_corpus
from ingest.sources.proposals import proposed_names
from ingest.sources.report import ProposedName
from tests.pages import write_page


def proposed(
    corpus: Path, *texts: str, glossary: dict[str, list[str]] | None = None, **known: str
) -> list[ProposedName]:
    """The names proposed for pages of these texts; with one text, for three pages of it."""
    for number, text in enumerate(texts if len(texts) > 1 else texts * 3):
        write_page(corpus, f"news/page-{number}.md", text, **known)
    return list(proposed_names(read_corpus(corpus).documents, parse_glossary(glossary or {})))


def names(found: list[ProposedName]) -> list[str]:
    return [one.name for one in found]


def test_a_name_in_three_pages_is_proposed_with_the_pages_and_a_sentence_that_has_it(tmp_path: Path) -> None:
    found = proposed(
        tmp_path,
        "It rains. Nurses of Bellfield Hospice take turns.",
        "We thank Bellfield Hospice, and again Bellfield Hospice.",
        "Bellfield Hospice has grown.",
    )
    assert found == [
        ProposedName(
            name="Bellfield Hospice",
            documents=("page-0", "page-1", "page-2"),
            times=4,
            example="Nurses of Bellfield Hospice take turns.",
        )
    ]


def test_a_name_in_two_pages_is_not_proposed(tmp_path: Path) -> None:
    assert proposed(tmp_path, "It is in Bellfield Hospice.", "At Bellfield Hospice now.", "It rains.") == []


def test_what_the_glossary_knows_by_any_name_is_not_proposed(tmp_path: Path) -> None:
    text = "The Bellfield Hospice, called the BFH, works with Orrin Council."
    assert names(proposed(tmp_path, text)) == ["BFH", "Bellfield Hospice", "Orrin Council"]
    glossary = {"partners": [{"name": "Bellfield Hospice", "aliases": ["BFH"]}]}
    assert names(proposed(tmp_path, text, glossary=glossary)) == ["Orrin Council"]


def test_a_name_made_of_known_names_is_not_proposed_and_one_that_only_holds_one_is(tmp_path: Path) -> None:
    text = "We met the Larkhill Life Rooms and the Larkhill City Council."
    assert names(proposed(tmp_path, text, glossary={"places": ["Larkhill"], "programmes": ["Life Rooms"]})) == [
        "Larkhill City Council"
    ]


def test_joined_words_within_a_name_belong_to_it(tmp_path: Path) -> None:
    text = "The University of Orrin’s School of Nursing & Care for Life is in the Orrin Heart and Chest Hospital."
    assert names(proposed(tmp_path, text)) == [
        "Orrin Heart and Chest Hospital",
        "School of Nursing & Care for Life",
        "University of Orrin",
    ]


def test_two_names_that_stand_together_only_once_are_two(tmp_path: Path) -> None:
    found = proposed(
        tmp_path,
        "They are friends of Green Gym and Blue Boat.",
        "They are friends of Blue Boat and Red Barn.",
        "They are friends of Red Barn and Green Gym.",
        "We saw Green Gym; then Blue Boat; then Red Barn.",
    )
    assert names(found) == ["Blue Boat", "Green Gym", "Red Barn"]


def test_people_are_not_proposed(tmp_path: Path) -> None:
    text = (
        "We heard Prof Ada Quill. Then Ada Quill spoke, and Quill sat down. Bo Marsh, Director of Estates, came. "
        "They met Cy Lunt said nobody. It was Dee Pratt who said so."
    )
    assert proposed(tmp_path, text, author="Dee Pratt") == []


def test_jobs_months_and_what_everybody_has_are_not_proposed(tmp_path: Path) -> None:
    text = "In May the Chief Executive Officer and the Executive Director of Workforce met NHS England on a Friday."
    assert proposed(tmp_path, text) == []


def test_the_trust_itself_is_not_proposed(tmp_path: Path) -> None:
    text = "At Tidewater Care we hope. The Tidewater Care NHS Foundation Trust hopes, says the Head of Tidewater Care."
    assert proposed(tmp_path, text, publisher="Tidewater Care NHS Foundation Trust (intranet)") == []


def test_a_word_with_a_capital_only_where_a_sentence_begins_is_no_name(tmp_path: Path) -> None:
    assert proposed(tmp_path, "Volunteers came. Garden Tools were brought. Orrin.") == []


def test_a_place_is_known_by_what_stands_before_it(tmp_path: Path) -> None:
    assert names(proposed(tmp_path, "They live in Larkhill, and like Tuesday and Marmite.")) == ["Larkhill"]


def test_no_more_than_twenty_are_proposed_those_of_most_pages_first(tmp_path: Path) -> None:
    text = " ".join(f"It has Hall {letter}{letter.lower()}x." for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    found = proposed(
        tmp_path, text, text, f"{text} We saw Zeal House.", "Also Zeal House.", "And Zeal House.", "Zeal House is."
    )
    assert len(found) == 20
    assert names(found)[:2] == ["Zeal House", "Hall Aax"]


def test_nothing_is_proposed_for_an_empty_corpus() -> None:
    assert proposed_names([], parse_glossary({})) == ()
