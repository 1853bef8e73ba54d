"""A served language model replies in time, within its budget, or fails in one way: Unwritten, with the reason."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.answers import Stop
from bot.language_model import Patience, Prompt, Reply, Unwritten
from bot.served_model import Ledger, ServedModel, Tally
from bot.state import State
from tests.language_model import RESET, STALL, Asked, ScriptedModel

PROMPT = Prompt(
    name="answer",
    system="Be brief.",
    user="Passages:\n\n\nEarlier turns\nQuestion: Why?",
    schema={"type": "object", "properties": {"sentences": {"type": "array"}}},
)
DAY = date(2024, 7, 1)


@pytest.fixture
def script() -> Iterator[ScriptedModel]:
    with ScriptedModel(part=lambda _: "Because.") as script:
        yield script


def within(seconds: float = 10.0, stop: Stop | None = None) -> Patience:
    return Patience(ends=time.monotonic() + seconds, stop=stop or Stop())


def why(model: ServedModel, patience: Patience | None = None) -> str:
    """Why there was no reply."""
    with pytest.raises(Unwritten) as failed:
        model.reply(PROMPT, patience or within())
    return failed.value.why


def in_turn(*played: str | int) -> Callable[[Asked], str | int]:
    """Plays one after the other, the last for ever."""
    left = list(played)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize("provider", ["openai-like", "ollama"])
def test_a_model_is_asked_with_the_schema_and_its_reply_comes_with_what_it_cost(
    script: ScriptedModel, provider: str
) -> None:
    with closing(script.served(provider, key="sk-1234")) as model:
        assert model.reply(PROMPT, within()) == Reply(text="Because.", tokens=1000)
    [asked] = script.asked
    assert (asked.system, asked.user) == (PROMPT.system, PROMPT.user)
    assert asked.headers["authorization"] == "Bearer sk-1234"
    if provider == "ollama":
        assert asked.path == "/api/chat"
        assert asked.body["format"] == PROMPT.schema
        assert asked.body["options"] == {"temperature": 0.0, "num_ctx": 8192, "num_predict": 1000}
    else:
        assert asked.path == "/v1/chat/completions"
        assert asked.body["response_format"]["json_schema"]["schema"] == PROMPT.schema
        assert (asked.body["temperature"], asked.body["max_tokens"]) == (0.0, 1000)


@pytest.mark.parametrize("provider", ["openai-like", "ollama"])
def test_a_server_that_knows_no_schemas_is_asked_without_one_from_then_on(script: ScriptedModel, provider: str) -> None:
    script.knows_schemas = False
    with closing(script.served(provider)) as model:
        assert [model.reply(PROMPT, within()).text for _ in range(2)] == ["Because.", "Because."]
    assert script.refused == 1


@pytest.mark.parametrize("provider", ["openai-like", "ollama"])
@pytest.mark.parametrize("failure", [429, 500, RESET])
def test_what_passes_is_tried_once_more(script: ScriptedModel, provider: str, failure: str | int) -> None:
    script.part = in_turn(failure, "Because.")
    with closing(script.served(provider)) as model:
        assert model.reply(PROMPT, within()).text == "Because."
    assert len(script.asked) == 2


def test_it_is_tried_once_more_and_not_more_often(script: ScriptedModel) -> None:
    script.part = lambda _: 503
    with closing(script.served()) as model:
        assert why(model) == "away"
    assert len(script.asked) == 2


def test_what_does_not_pass_is_not_tried_again(script: ScriptedModel) -> None:
    script.part = lambda _: 401
    with closing(script.served()) as model:
        assert why(model) == "away"
    assert len(script.asked) == 1


def test_a_server_that_asks_for_a_long_pause_is_not_tried_again(script: ScriptedModel) -> None:
    script.part, script.retry_after = (lambda _: 429), "3600"
    with closing(script.served()) as model:
        assert why(model) == "away"
    assert len(script.asked) == 1


@pytest.mark.parametrize("provider", ["openai-like", "ollama"])
def test_a_model_that_stalls_is_given_up_in_time_and_its_request_ended(script: ScriptedModel, provider: str) -> None:
    script.part = lambda _: STALL
    with closing(script.served(provider)) as model:
        assert why(model, within(0.3)) == "slow"
    assert script.hung_up.wait(10)
    assert len(script.asked) == 1


def test_a_server_that_is_not_there_is_away() -> None:
    with ScriptedModel() as script:
        model = script.served()
    with closing(model):
        assert why(model) == "away"


@pytest.mark.parametrize("provider", ["openai-like", "ollama"])
def test_a_wish_to_stop_ends_the_request(script: ScriptedModel, provider: str) -> None:
    script.part, stop = (lambda _: STALL), Stop()
    with closing(script.served(provider)) as model, ThreadPoolExecutor(1) as threads:
        asking = threads.submit(why, model, within(30, stop))
        assert script.under_way.acquire(timeout=10)
        stop.wish()
        assert asking.result(10) == "stopped"
        assert script.hung_up.wait(10)
        assert why(model, within(30, stop)) == "stopped"
    assert len(script.asked) == 1


def test_only_so_many_requests_are_under_way_at_once_and_the_others_do_not_wait_long(script: ScriptedModel) -> None:
    script.part, stop = (lambda _: STALL), Stop()
    with closing(script.served(at_once=1)) as model, ThreadPoolExecutor(1) as threads:
        asking = threads.submit(why, model, within(30, stop))
        assert script.under_way.acquire(timeout=10)
        assert why(model, within(0.05)) == "busy"
        stop.wish()
        assert asking.result(10) == "stopped"
        script.part = lambda _: "Because."
        assert model.reply(PROMPT, within()).text == "Because."


def test_after_failures_in_a_row_the_server_is_left_alone(script: ScriptedModel) -> None:
    script.part = lambda _: 401
    with closing(script.served()) as model:
        assert [why(model) for _ in range(6)] == ["away"] * 6
    assert len(script.asked) == 3


def test_a_server_that_was_left_alone_is_asked_again_later(script: ScriptedModel) -> None:
    script.part = lambda _: 401
    with closing(script.served(alone=0.0)) as model:
        assert [why(model) for _ in range(4)] == ["away"] * 4
        script.part = lambda _: "Because."
        assert model.reply(PROMPT, within()).text == "Because."
    assert len(script.asked) == 5


def test_failures_that_are_not_in_a_row_do_not_count(script: ScriptedModel) -> None:
    script.part = in_turn(401, 401, "Because.", 401, 401, "Because.")
    with closing(script.served()) as model:
        said = []
        for _ in range(6):
            try:
                said.append(model.reply(PROMPT, within()).text)
            except Unwritten as failure:
                said.append(failure.why)
    assert said == ["away", "away", "Because."] * 2


@pytest.fixture(params=["tally", "state"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Ledger]:
    if request.param == "tally":
        yield Tally()
        return
    with closing(State(f"sqlite:///{tmp_path}/state.db")) as state:
        yield state


def test_what_a_day_may_cost_is_kept_to_and_the_next_day_is_another(script: ScriptedModel, ledger: Ledger) -> None:
    today = [DAY]
    options = {"tokens_a_day": 3000, "answer_tokens": 500, "ledger": ledger, "today": lambda: today[0]}
    with closing(script.served(**options)) as model:
        for _ in range(3):
            model.reply(PROMPT, within())
        assert why(model) == "spent"
        assert ledger.tokens_on(DAY) == 3000
        today[0] = date(2024, 7, 2)
        assert model.reply(PROMPT, within()).text == "Because."
    assert len(script.asked) == 4


def test_a_request_that_nobody_waited_for_counts_as_what_it_may_have_cost(
    script: ScriptedModel, ledger: Ledger
) -> None:
    script.part = lambda _: STALL
    with closing(script.served(answer_tokens=500, ledger=ledger, today=lambda: DAY)) as model:
        assert why(model, within(0.2)) == "slow"
    assert ledger.tokens_on(DAY) > 500


def test_a_request_that_was_refused_costs_nothing(script: ScriptedModel, ledger: Ledger) -> None:
    script.part = lambda _: 401
    with closing(script.served(ledger=ledger, today=lambda: DAY)) as model:
        why(model)
    assert ledger.tokens_on(DAY) == 0


def test_tokens_counted_at_once_from_several_threads_are_all_counted(ledger: Ledger) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: ledger.add_tokens(DAY, 10), range(40)))
    assert ledger.tokens_on(DAY) == 400


def test_a_ledger_that_fails_means_no_reply_and_no_error(script: ScriptedModel, tmp_path: Path) -> None:
    with closing(State(f"sqlite:///{tmp_path}/state.db")) as state:
        with state._engine.begin() as database:
            database.execute(text("DROP TABLE tokens"))
        with closing(script.served(tokens_a_day=10**6, ledger=state)) as model:
            assert why(model) == "failed"
    assert script.asked == []


@pytest.mark.parametrize("provider", ["openai-like", "ollama"])
def test_a_key_never_stands_in_a_log(
    script: ScriptedModel, provider: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    script.part = in_turn(401, 500, RESET, RESET, "Because.")
    with closing(script.served(provider, key="sk-very-secret")) as model:
        for _ in range(3):
            try:
                model.reply(PROMPT, within())
            except Unwritten as failure:
                assert "very-secret" not in repr(failure.__cause__) + str(failure)
        assert "very-secret" not in repr(model) + repr(script.settings(provider, llm_key="sk-very-secret"))
    ours = "".join(record.getMessage() + str(record.exc_text) for record in caplog.records if record.name[:4] == "bot.")
    printed = capfd.readouterr()
    assert "401" in ours
    assert "very-secret" not in ours + printed.out + printed.err
    shown = [record for record in caplog.records if record.levelno >= logging.INFO]
    assert not any("very-secret" in record.getMessage() for record in shown)


def test_a_key_of_the_environment_that_belongs_to_another_service_is_not_sent(
    script: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-for-somebody-else")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/elsewhere")
    with closing(script.served()) as model:
        model.reply(PROMPT, within())
    assert "somebody" not in str(script.asked[0].headers)


@pytest.mark.parametrize("provider", ["openai-like", "ollama"])
def test_a_proxy_of_the_environment_does_not_come_between_the_bot_and_a_model_on_its_own_machine(
    script: ScriptedModel, provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with closing(script.served(provider)) as model:
        assert model.reply(PROMPT, within()).text == "Because."


def test_closing_ends_what_is_under_way(script: ScriptedModel) -> None:
    script.part = lambda _: STALL
    model = script.served()
    with ThreadPoolExecutor(1) as threads:
        asking = threads.submit(why, model, within(30))
        assert script.under_way.acquire(timeout=10)
        model.close()
        assert asking.result(10) == "stopped"
    assert "language-model" not in {thread.name for thread in threading.enumerate() if not thread.is_alive()}
