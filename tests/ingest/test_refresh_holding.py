"""A refresh that waits for a person, and one that a person undoes."""

import pytest

from ingest.errors import TrustbotError
from ingest.pipeline import ingest
from ingest.sources.report import QuestionChange, QuestionsChange
from tests.ingest.refreshed_trust import FixedQuestions, RefreshedTrust, ids, told
from tests.ingest.website_pages import WebPage

WORSE = QuestionsChange(
    asked=3,
    worse=(QuestionChange(id="bus", question="When does the bus run?", measure="facts", before=1, after=0),),
    against=("1 of the fixed questions is answered worse",),
)


def with_news(trust: RefreshedTrust, count: int) -> list[str]:
    """Put up so many more news pages, each about something else; returns their paths."""
    topics = [f"topic{number} " * 12 for number in range(count)]
    paths = [f"/news/story-{number}" for number in range(count)]
    for path, topic in zip(paths, topics, strict=True):
        trust.site.write(path, WebPage(title=path[6:], published="2024-01-01", main=f"<p>All about {topic}.</p>"))
    return paths


def test_eleven_pages_gone_at_once_wait_for_a_person(trust: RefreshedTrust) -> None:
    paths = with_news(trust, 11)
    first = trust.refresh()
    files = trust.files()
    for path in paths:
        trust.site.remove(path)
    report = trust.refresh()
    assert report.outcome == "held"
    assert report.held_because == ("11 of the 16 pages of “News” would be withdrawn",)
    assert len(report.withdrawn) == 11
    assert trust.builds.current_id() == first.build
    assert trust.files() == files
    assert trust.builds.held() == {report.build: report.held_because}


def test_ten_pages_gone_at_once_are_withdrawn(trust: RefreshedTrust) -> None:
    paths = with_news(trust, 11)
    trust.refresh()
    for path in paths[:10]:
        trust.site.remove(path)
    assert trust.refresh().outcome == "promoted"


def test_with_yes_nothing_is_held(trust: RefreshedTrust) -> None:
    paths = with_news(trust, 11)
    trust.refresh()
    for path in paths:
        trust.site.remove(path)
    report = trust.refresh(yes=True)
    assert (report.outcome, len(report.withdrawn)) == ("promoted", 11)


def test_files_deleted_in_the_folder_count_too(trust: RefreshedTrust) -> None:
    with_news(trust, 11)
    trust.refresh()
    for path in trust.corpus.glob("news/story-*.md"):
        path.unlink()
    report = trust.refresh()
    assert (report.outcome, report.held_because) == (
        "held",
        ("11 of 21 documents would no longer be answered from",),
    )


def test_a_build_that_answers_worse_is_held_and_a_person_can_let_it_in(trust: RefreshedTrust) -> None:
    first = trust.refresh(check=FixedQuestions())
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    questions = FixedQuestions(WORSE)
    report = trust.refresh(check=questions)
    assert (report.outcome, report.held_because) == ("held", WORSE.against)
    assert report.questions == WORSE
    assert questions.asked == [(report.build, first.build)]
    assert "30 minutes" in trust.text("night-bus")
    assert "30 minutes" in trust.stored("night-bus")
    trust.release(report.build)
    assert "40 minutes" in trust.text("night-bus")
    assert "40 minutes" in trust.stored("night-bus")
    assert trust.builds.held() == {}
    assert trust.refresh(check=questions).outcome == "unchanged"


def test_a_held_refresh_is_found_again_without_work(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    questions = FixedQuestions(WORSE)
    first = trust.refresh(check=questions)
    again = trust.refresh(check=questions)
    assert (again.outcome, again.build, again.questions) == ("held", first.build, WORSE)
    assert trust.model.embedded == []
    assert trust.site.page_bodies() == 0
    assert set(questions.asked) == {(first.build, trust.builds.current_id())}
    assert list(trust.builds.held()) == [first.build]
    assert trust.refresh(check=questions, yes=True).outcome == "promoted"


def test_questions_that_cannot_be_asked_hold_a_refresh(trust: RefreshedTrust) -> None:
    def broken(*_: object) -> QuestionsChange:
        raise TrustbotError("questions.yaml cannot be read")

    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    report = trust.refresh(check=broken)
    assert report.held_because == ("the fixed questions could not be asked: questions.yaml cannot be read",)


def test_what_was_held_is_not_let_in_once_something_else_is_current(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    held = trust.refresh(check=FixedQuestions(WORSE))
    trust.write("flu-clinics", "14 clinics", "15 clinics")
    ingest(trust.corpus, trust.index, trust.model)
    with pytest.raises(TrustbotError, match="run `trustbot refresh` to make it anew"):
        trust.release(held.build)
    assert trust.refresh().outcome == "promoted"
    assert "40 minutes" in trust.stored("night-bus")
    assert "15 clinics" in trust.stored("flu-clinics")


def test_what_was_held_does_not_overwrite_what_somebody_wrote_since(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    held = trust.refresh(check=FixedQuestions(WORSE))
    trust.write("night-bus", "30 minutes", "25 minutes")
    with pytest.raises(TrustbotError, match=r"news/night-bus.md changed since"):
        trust.release(held.build)
    assert "25 minutes" in trust.text("night-bus")


def test_an_undo_puts_files_and_build_back(trust: RefreshedTrust) -> None:
    first = trust.refresh()
    files = trust.files()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    trust.site.remove("/news/flu-clinics")
    trust.site.write("/news/pond", WebPage(title="A pond", published="2024-03-01", main="<p>The pond has frogs.</p>"))
    trust.refresh()
    undone = trust.undo()
    assert undone.build == trust.builds.current_id() == first.build
    assert undone.files == ("news/flu-clinics.md", "news/night-bus.md", "news/pond.md")
    assert trust.files() == files
    assert "30 minutes" in trust.stored("night-bus")


def test_what_was_undone_is_not_offered_again_until_the_page_changes(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    trust.refresh()
    trust.undo()
    report = trust.refresh()
    assert report.outcome == "unchanged"
    assert any("a person undid it" in line for line in told(report))
    trust.site.change("/news/night-bus", "40 minutes", "45 minutes")
    assert ids(trust.refresh().changed) == ["night-bus"]


def test_an_undone_refresh_can_be_let_in_after_all(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    second = trust.refresh()
    files = trust.files()
    trust.undo()
    assert list(trust.builds.held()) == [second.build]
    trust.release(second.build)
    assert trust.files() == files
    assert trust.refresh().outcome == "unchanged"


def test_undoing_twice_goes_back_two_refreshes(trust: RefreshedTrust) -> None:
    first = trust.refresh()
    for minutes in (30, 40):
        trust.site.change("/news/night-bus", f"{minutes} minutes", f"{minutes + 10} minutes")
        trust.refresh()
    trust.undo()
    assert "40 minutes" in trust.stored("night-bus")
    assert trust.undo().build == first.build
    assert "30 minutes" in trust.stored("night-bus")


def test_the_very_first_refresh_cannot_be_undone_to_nothing(trust: RefreshedTrust) -> None:
    first = trust.refresh()
    with pytest.raises(TrustbotError, match="nothing would be left to answer from: no document"):
        trust.undo()
    assert trust.builds.current_id() == first.build
    assert "30 minutes" in trust.text("night-bus")


def test_an_undo_leaves_what_somebody_edited_since(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    trust.site.change("/news/flu-clinics", "14 clinics", "15 clinics")
    trust.refresh()
    trust.write("night-bus", "40 minutes", "35 minutes")
    undone = trust.undo()
    assert (undone.files, undone.kept) == (("news/flu-clinics.md",), ("news/night-bus.md",))
    assert "35 minutes" in trust.text("night-bus")
    assert "35 minutes" in trust.stored("night-bus")
    assert "14 clinics" in trust.stored("flu-clinics")


def test_a_rollback_after_an_undo_does_not_go_forward_to_what_was_undone(trust: RefreshedTrust) -> None:
    trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    trust.refresh()
    trust.undo()
    with pytest.raises(TrustbotError, match="no earlier build"):
        trust.builds.rollback()


def test_a_build_somebody_went_back_from_is_not_let_in_again_by_the_next_night(trust: RefreshedTrust) -> None:
    first = trust.refresh()
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    second = trust.refresh()
    trust.builds.rollback()
    assert trust.builds.current_id() == first.build
    report = trust.refresh()
    assert (report.outcome, report.build) == ("held", second.build)
    assert "went back" in report.held_because[0]
    trust.release(second.build)
    assert trust.refresh().outcome == "unchanged"


def test_without_a_refresh_there_is_nothing_to_undo(trust: RefreshedTrust) -> None:
    with pytest.raises(TrustbotError, match="no refresh to undo"):
        trust.undo()


def test_a_corpus_that_cannot_be_written_is_left_whole(trust: RefreshedTrust) -> None:
    first = trust.refresh()
    files = trust.files()
    trust.site.change("/blog/chief-executive-june-2024", "61 per cent", "62 per cent")
    trust.site.change("/news/night-bus", "30 minutes", "40 minutes")
    blocked = trust.corpus / "news/.night-bus.md.partial"
    blocked.mkdir()  # where the file would be written first
    with pytest.raises(TrustbotError, match=r"could not be written .*: corpus and index are as they were"):
        trust.refresh()
    blocked.rmdir()
    assert trust.files() == files
    assert trust.builds.current_id() == first.build
    assert trust.refresh().outcome == "promoted"
