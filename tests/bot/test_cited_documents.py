"""How many of the answers kept rest on each page: what tells comms which old pages matter."""

from contextlib import closing
from pathlib import Path

from bot.answers import Answer, Citation
from bot.state import Arrival, State, is_kept


def answer_citing(*documents: str) -> Answer:
    citations = tuple(
        Citation(
            number=number,
            document=document,
            title=document,
            kind="news",
            url=None,
            published=None,
            as_of=None,
            headings=(),
            quote="…",
            start=0,
            end=1,
        )
        for number, document in enumerate(documents, 1)
    )
    return Answer(id=None, question="?", status="answered", answer="…", citations=citations, build="b1")


def keep(state: State, number: int, answer: Answer | None) -> None:
    ts = f"{number}.0"
    arrival = Arrival(channel="C1", ts=ts, thread=ts, asker="U1", surface="mention", question="?")
    pending = state.take(arrival)
    assert pending is not None
    if answer:
        state.finish(pending.id, answer.status, answer)


def test_each_answer_counts_once_for_every_page_it_cites(tmp_path: Path) -> None:
    with closing(State(f"sqlite:///{tmp_path / 'state.db'}")) as state:
        keep(state, 1, answer_citing("garden", "garden", "bus"))
        keep(state, 2, answer_citing("garden"))
        keep(state, 3, answer_citing())
        keep(state, 4, None)
        assert state.cited() == {"garden": 2, "bus": 1}


def test_a_state_that_was_never_written_is_not_made_by_asking(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'state' / 'state.db'}"
    assert not is_kept(url)
    assert list(tmp_path.iterdir()) == []
    State(url).close()
    assert is_kept(url)
