"""The thesaurus: a question in one's own words finds what a page says in its own."""

from datetime import date
from importlib.resources import files

import pytest

from bot.searching import search
from bot.thesaurus import said_otherwise
from ingest.builds import Builds
from ingest.embedding import EmbeddingModel
from ingest.index import Index
from ingest.pipeline import ingest
from ingest.words import terms
from tests.pages import write_page

PAGES = {
    "yard": "Larch Yard has 24 rooms in two houses. The contractor for Larch Yard is Anders Timber. A bus stops at"
    " Larch Yard twice an hour. Larch Yard has a café. Staff at Larch Yard built a garden of their own.",
    "choir": "A bill for parking is what visitors to the trust complain of. Funding for the choir comes from the Moss"
    " Foundation. The choir of the trust sings on Tuesdays.",
    "ward": "Ash Ward opened in March. The relocation of Ash Ward was postponed by a year. People on Ash Ward look back"
    " on a good year and put on a play. Ash Ward has moved its library.",
}


@pytest.fixture(scope="module")
def index(model: EmbeddingModel, tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("said-otherwise")
    for name, text in PAGES.items():
        write_page(folder / "corpus", f"news/{name}.md", text, published="2024-05-01")
    ingest(folder / "corpus", folder / "index", model)
    builds = Builds(folder / "index")
    return Index(builds, builds.current(), model_digest=model.digest)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("who built larch yard", "The contractor for Larch Yard is Anders Timber."),
        ("who stumps up for the choir", "Funding for the choir comes from the Moss Foundation."),
        ("was the ash ward move put back", "The relocation of Ash Ward was postponed by a year."),
    ],
)
def test_the_best_sentence_says_it_in_other_words(
    index: Index, model: EmbeddingModel, question: str, said: str
) -> None:
    (finding,) = search([question], index, model, today=date(2024, 6, 1))
    assert finding.found
    assert finding.candidates[0].text == said


def test_a_phrase_counts_only_where_its_words_follow_one_another() -> None:
    assert frozenset({"postpon"}) in said_otherwise(terms("the opening was put back"))["back"]
    assert frozenset({"postpon"}) not in said_otherwise(terms("put the chairs at the back")).get("back", ())


def test_words_of_another_ending_are_understood() -> None:
    assert said_otherwise(terms("builders")) == {
        terms("builder")[0]: said_otherwise(terms("builder"))[terms("builder")[0]]
    }


def test_every_line_of_the_thesaurus_can_be_used() -> None:
    lines = files("prompts").joinpath("thesaurus.txt").read_text(encoding="utf-8").splitlines()
    groups = [line for line in lines if line and not line.startswith("#")]
    assert groups
    for line in groups:
        asked, equals, written = line.partition("=")
        phrases = [phrase.strip() for side in (asked, written) for phrase in side.split(",")]
        assert equals and all(phrases), line
        assert all(phrase == phrase.lower() and len(phrase.split()) <= 3 for phrase in phrases), line
