"""What the bot keeps, for how long, and what it gives away of it."""

import io
import os
from contextlib import closing
from dataclasses import replace

import pytest

from bot.feedback import summary, write_csv
from bot.state import Arrival, State
from ingest.errors import TrustbotError
from tests.slack.slack_world import GENERAL, MENTION, answered, not_found

DAY = 86400.0


class Clock:
    """A clock that a test moves."""

    def __init__(self):
        self.at = 1_700_000_000.0

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def state(tmp_path, clock):
    with closing(State(f"sqlite:///{tmp_path}/state.db", now=clock)) as state:
        yield state


def arrival(ts="1.0", thread=None, asker="U0ALICE", question="How many?"):
    return Arrival(channel=GENERAL, ts=ts, thread=thread or ts, asker=asker, surface="mention", question=question)


def ask(state, ts="1.0", answer=None, **about):
    pending = state.take(arrival(ts, **about))
    answer = answer or answered("How many?")
    state.finish(pending.id, answer.status, answer)
    return pending.id


def test_a_question_is_taken_once(state, tmp_path, clock):
    with closing(State(f"sqlite:///{tmp_path}/state.db", now=clock)) as another:
        assert state.take(arrival()) is not None
        assert another.take(arrival()) is None
        assert state.take(arrival(ts="2.0")) is not None


def test_a_question_is_taken_over_by_one_when_its_lease_has_run_out(state, tmp_path, clock):
    pending = state.take(arrival())
    with closing(State(f"sqlite:///{tmp_path}/state.db", now=clock)) as another:
        assert another.take_over() == []
        clock.at += 9
        state.renew([pending.id])
        clock.at += 9
        assert another.take_over() == []
        clock.at += 2
        [taken] = another.take_over()
        assert (taken.id, taken.attempts, taken.question) == (pending.id, 2, "How many?")
        assert state.take_over() == []


def test_an_answered_question_is_not_taken_over(state, clock):
    ask(state)
    clock.at += DAY
    assert state.take_over() == []


def test_what_was_asked_is_kept_as_the_answerer_screened_it(state):
    number = ask(state, answer=answered("[removed]", status="refused", citations=()), question="raw")
    assert state.exchange(number).question == "[removed]"


def test_an_answer_comes_back_whole(state):
    answer = not_found("How many?")
    assert state.exchange(ask(state, answer=answer)).answer == answer


def test_questions_that_were_turned_away_leave_no_words(state):
    pending = state.take(arrival(question=None))
    state.finish(pending.id, "turned_away")
    assert state.exchange(pending.id) is None
    assert state.kept_about("U0ALICE") == []


def test_everything_is_deleted_after_the_retention_period(state, clock):
    old = ask(state)
    state.remark(old, "U0BOB", helpful=True)
    clock.at += 90 * DAY
    new = ask(state, "2.0")
    clock.at += 1
    assert state.purge(90) == 1
    assert state.exchange(old) is None and state.exchange(new) is not None
    assert state.purge(0) == 1
    assert state.remarks() == []


def test_forgetting_somebody_deletes_their_words_and_nobody_elses(state):
    own, others = ask(state), ask(state, "2.0", asker="U0BOB")
    state.remark(own, "U0ALICE", helpful=False, reason="wrong")
    state.remark(others, "U0ALICE", helpful=False, reason="wrong")
    assert state.forget("U0ALICE") == 1
    assert state.exchange(own) is None and state.exchange(others) is not None
    assert state.remarks() == []
    assert state.take(arrival()) is None  # the event is still known


def test_a_question_being_answered_while_its_asker_is_forgotten_leaves_nothing(state):
    pending = state.take(arrival())
    state.forget("U0ALICE")
    state.finish(pending.id, "answered", answered("How many?"))
    assert state.exchange(pending.id) is None


def in_the_files(folder):
    """Everything SQLite has on disk."""
    return b"".join(path.read_bytes() for path in folder.glob("state.db*"))


def test_what_is_kept_of_an_answer_is_screened_whatever_the_answerer_says(state, tmp_path):
    number = ask(state, answer=answered("How is patient 943 476 5919?", status="error", citations=()))
    assert state.exchange(number).question == state.exchange(number).answer.question == "[removed]"
    assert b"476 5919" not in in_the_files(tmp_path)


def test_the_words_of_somebody_in_a_crisis_go_when_they_were_told_where_to_go(state, tmp_path):
    pending = state.take(arrival(question="I cannot go on"))
    assert b"cannot go on" in in_the_files(tmp_path)  # for the next process, should this one die
    state.finish(pending.id, "signposted", answered("I cannot go on", status="signposted", citations=()))
    assert state.exchange(pending.id) is None
    assert b"cannot go on" not in in_the_files(tmp_path)


def test_what_was_said_of_an_answer_goes_with_the_message_it_answered(state, tmp_path):
    own, other = ask(state), ask(state, "2.0")
    state.remark(own, "U0BOB", helpful=False, reason="Sister Jo Bloggs says so")
    state.remark(other, "U0BOB", helpful=False, reason="it is out of date")
    state.forget_message(GENERAL, "1.0")
    assert [remark.reason for remark in state.remarks()] == ["it is out of date"]
    assert b"Jo Bloggs" not in in_the_files(tmp_path)


def test_what_was_forgotten_is_in_no_file_any_more(state, tmp_path):
    for number in range(50):
        ask(state, f"{number}.0", answer=answered(f"How many zebras has ward {number}?"))
    assert b"zebras" in in_the_files(tmp_path)
    state.forget("U0ALICE")
    assert b"zebras" not in in_the_files(tmp_path) and b"U0ALICE" not in in_the_files(tmp_path)


def test_what_was_purged_is_in_no_file_any_more(state, tmp_path, clock):
    ask(state, answer=answered("How many zebras?"))
    clock.at += 91 * DAY
    state.purge(90)
    assert b"zebras" not in in_the_files(tmp_path)


def test_where_somebody_asked_alone_is_dropped_when_slack_no_longer_repeats_it(state, tmp_path, clock):
    alone = replace(arrival(), channel="D0ALICE", surface="direct")
    state.finish(state.take(alone).id, "answered", answered("How many?"))
    ask(state, "2.0")
    state.forget("U0ALICE")
    assert state.take(alone) is None  # the event is still known
    clock.at += 3 * 3600
    assert state.purge(90) == 0
    assert b"D0ALICE" not in in_the_files(tmp_path)
    assert state.take(arrival("2.0")) is None  # a channel names nobody, and others may go on in the thread


def test_whoever_has_their_history_deleted_is_still_answered_privately(state):
    state.set_private("U0ALICE", True)
    state.forget("U0ALICE")
    assert state.is_private("U0ALICE")


def test_pages_are_counted_by_the_answers_that_are_left(state):
    ask(state)
    ask(state, "2.0", asker="U0BOB")
    state.forget("U0ALICE")
    assert state.cited() == {"hopes-2024": 1}


def test_nobody_else_on_the_machine_can_read_the_state(state, tmp_path):
    ask(state)
    files = list(tmp_path.glob("state.db*"))
    assert len(files) > 1 and {os.stat(file).st_mode & 0o777 for file in files} == {0o600}


def test_a_thread_is_the_bots_own_when_it_began_with_a_question(state):
    ask(state, "1.0")
    ask(state, "3.0", thread="2.0")
    assert state.thread(GENERAL, "1.0").last_asker == "U0ALICE"
    assert state.thread(GENERAL, "2.0") is None
    assert state.thread("C0OTHER", "1.0") is None
    state.interrupt(GENERAL, "1.0")
    assert state.thread(GENERAL, "1.0").interrupted


def test_the_report_names_nobody_and_holds_no_formulas(state):
    number = ask(state, answer=answered("=cmd|' /C calc'!A0"))
    state.remark(number, "U0BOB", helpful=False, reason="+1")
    ask(state, "2.0", answer=not_found("Who is the chair?"))
    out = io.StringIO()
    write_csv(state.remarks(), out)
    header, first, second = out.getvalue().splitlines()
    assert header == "asked,kind,question,status,reason,documents,build,sent_on"
    assert first == "2023-11-14 22:13,not helpful,'=cmd|' /C calc'!A0,answered,'+1,hopes-2024,build-1,no"
    assert second == "2023-11-14 22:13,no answer,Who is the chair?,not_found,,,build-1,no"
    assert "U0" not in out.getvalue()
    assert summary(state.remarks()).splitlines()[:3] == ["    0 helpful", "    1 not helpful", "    1 no answer"]


def test_a_state_that_cannot_be_used_says_what_to_do(tmp_path):
    (tmp_path / "file").touch()
    for url in (f"sqlite:///{tmp_path}/file/state.db", "nonsense", "postgresql+nothing://x"):
        with pytest.raises(TrustbotError, match="TRUSTBOT_STATE"):
            State(url)


async def test_raw_personal_data_never_reaches_the_state(in_slack, tmp_path):
    async with in_slack() as world:
        world.pages.gate.clear()
        text = "Is patient 943 476 5919 on the programme?"
        world.pages.answers[text] = answered("[removed]", status="refused", citations=())
        asked = await world.alice.says(f"{MENTION} {text}", GENERAL)
        await world.slack.wait_for(lambda: world.pages.asked)
        before = b"".join(path.read_bytes() for path in tmp_path.glob("state.db*"))
        world.pages.gate.set()
        await world.reply(asked)
        after = b"".join(path.read_bytes() for path in tmp_path.glob("state.db*"))
        assert b"[removed]" in before and b"476 5919" not in before + after
