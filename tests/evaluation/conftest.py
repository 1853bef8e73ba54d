"""Two made-up datasets in the documented form: no text of a public one stands in the repository."""

from pathlib import Path

import pytest

from tests.evaluation.examples import BAKERY, LIGHTHOUSE, write_lines


@pytest.fixture
def spans(tmp_path: Path) -> Path:
    """Two pages and questions with spans, one of them unanswerable."""
    folder = tmp_path / "spans"
    pages = [("light#1 a", "Lighthouse", LIGHTHOUSE), ("bakery", "Bakery", BAKERY)]
    write_lines(folder, "corpus.jsonl", [{"id": id_, "title": title, "text": text} for id_, title, text in pages])
    keeper = {"gold": ["light#1 a"], "answerable": True, "spans": [[35, 63]]}
    bread = {"gold": ["bakery"], "answerable": True, "refs": [{"start": 0, "end": 27, "text": ""}]}
    owner = {"gold": ["bakery"], "answerable": False, "spans": []}
    later = keeper | {"first_turn": False}
    rows = [
        {"id": "keeper", "text": "who was the keeper of the lighthouse?", "first_turn": True} | keeper,
        {"id": "bread", "text": "what does the bakery sell?"} | bread,
        {"id": "owner", "text": "who owns the harbour?"} | owner,
        {"id": "later", "text": "and then?"} | later,
    ]
    write_lines(folder, "queries.jsonl", rows)
    return folder


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """Two articles of two paragraphs each, with a question on the second paragraph of either."""
    folder = tmp_path / "articles"
    whole = {"light": LIGHTHOUSE, "bakery": BAKERY}
    paragraphs = [
        {"id": f"{id_}#{number}", "title": id_, "text": part, "article": id_, "offset": text.index(part)}
        for id_, text in whole.items()
        for number, part in enumerate(text.split("\n\n"))
    ]
    write_lines(folder, "corpus.jsonl", paragraphs)
    write_lines(folder, "articles.jsonl", [{"id": id_, "title": id_, "text": text} for id_, text in whole.items()])
    rows = [
        {"id": "q1", "text": "who?", "gold": ["light#1"], "article": "light", "answerable": True, "spans": [[15, 27]]},
        {
            "id": "q2",
            "text": "when?",
            "gold": ["bakery#1"],
            "article": "bakery",
            "answerable": True,
            "spans": [[12, 15]],
        },
    ]
    write_lines(folder, "queries.jsonl", rows)
    return folder
