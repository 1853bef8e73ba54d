"""The sandbox in a browser, with the real bot on the corpus: asking, pressing, filling in, being somebody else."""

import os
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from selenium.webdriver.common.keys import Keys

from bot.answering import Answerer
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from sandbox.web_page.cast import COMMS_CHANNEL
from tests.browser import Browser, browser  # noqa: F401
from tests.conftest import CORPUS
from tests.pages import write_page
from tests.sandbox.open_sandbox import OpenSandbox, open_sandbox
from tests.sandbox.visitor import Visitor

GENERAL, PROGRAMMES, PARTNERS = "C0GENERAL", "C0PROGRAMMES", "C0PARTNERS"
TRAINED = "How many staff have been trained in HOPE(S)?"
BEDS = "How many beds will Mossley Hill Hospital have?"
UNKNOWN = "How much money has NHS England given us for HOPE(S)?"


@pytest.fixture(scope="module")
def index(corpus_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of the corpus, free to be changed."""
    return Path(shutil.copytree(corpus_index, tmp_path_factory.mktemp("sandbox") / "index"))


@pytest.fixture(scope="module")
def sandbox(index: Path, model: EmbeddingModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenSandbox]:
    folder = tmp_path_factory.mktemp("state")
    with (
        closing(Answerer(index, model)) as answerer,
        open_sandbox(answerer, folder, today=date(2026, 11, 21), questions_a_minute=1000) as sandbox,
    ):
        yield sandbox
    assert sandbox.slack.record.problems == []
    assert sandbox.slack.record.user_errors == []


@pytest.fixture
def visitor(sandbox: OpenSandbox, browser: Browser, tmp_path: Path) -> Iterator[Visitor]:  # noqa: F811
    """Alice in #general, in a wide window. Nothing may go wrong unseen, and nothing may leave the machine."""
    shots = Path(os.environ.get("SANDBOX_PICTURES") or tmp_path)
    visitor = Visitor(browser, sandbox.slack.url, shots)
    sandbox.close_windows()
    browser.look(width=1440)
    visitor.enters("U0ALICE", GENERAL)
    yield visitor
    assert browser.console_errors() == []
    assert {address for address in browser.requests() if not address.startswith(f"{sandbox.slack.url}/")} == set()


def test_a_newcomer_chooses_one_of_three_questions_and_is_answered(visitor: Visitor):
    assert len(visitor.browser.all(".tour .suggestion")) == 3
    assert visitor.findings() == []
    visitor.clicks(".tour .suggestion", "What is HOPE(S)?")
    visitor.awaits(".thread blockquote", "HOPE(S)")
    visitor.awaits(".thread .message", "Sources")
    visitor.awaits(".tour .steps .done", "Cited")
    assert "quotes from" in visitor.text(".tour .steps")
    assert visitor.findings() == []
    visitor.takes_a_picture("answer")


def test_a_question_in_a_channel_goes_on_in_its_thread_without_a_mention(visitor: Visitor):
    visitor.types("#message-box", f"@Tru{Keys.TAB}{TRAINED}{Keys.ENTER}")
    visitor.awaits(".thread .message", "2,400 clinical staff")
    visitor.awaits(".middle .replies", "1 reply")
    visitor.types("#reply-box", f"And what did it cost?{Keys.ENTER}")
    visitor.awaits(".middle .replies", "3 replies")
    assert visitor.count(".thread .message .tag", "App") == 2
    visitor.takes_a_picture("thread")


def test_a_private_answer_is_its_askers_alone_until_it_is_shared(visitor: Visitor):
    visitor.goes_to(PROGRAMMES)
    visitor.types("#message-box", f"/a{Keys.TAB}{BEDS}{Keys.ENTER}")
    visitor.awaits(".ephemeral", "80 beds")
    assert "Only visible to you" in visitor.text(".ephemeral")
    visitor.takes_a_picture("private")
    assert visitor.findings() == []
    visitor.becomes("Bob Brook")
    assert BEDS not in visitor.text(".messages")
    visitor.becomes("Alice Archer")
    visitor.clicks(".ephemeral .button", "Share with channel")
    visitor.awaits(".message", f"Alice Archer asked: {BEDS}")
    visitor.becomes("Bob Brook")
    visitor.awaits(".message", f"Alice Archer asked: {BEDS}")
    assert visitor.count(".ephemeral") == 0


def test_somebody_says_why_an_answer_did_not_help(visitor: Visitor):
    visitor.asks(TRAINED)
    visitor.awaits(".thread .message", "2,400")
    visitor.clicks(".thread .button", "Not helpful")
    visitor.awaits("dialog h2", "What was wrong?")
    visitor.clicks("dialog .choice", "It is out of date")
    visitor.types("dialog textarea", "It is more now")
    assert visitor.findings() == []
    visitor.takes_a_picture("reason")
    visitor.clicks("dialog .button", "Send")
    visitor.awaits("dialog h2", "Thank you")
    visitor.clicks("dialog .button", "Close")
    visitor.awaits_no("dialog")
    assert visitor.browser.evaluate("document.activeElement.textContent") == "Not helpful"
    assert visitor.count(".thread [aria-pressed=true]", "Not helpful") == 1


def test_passages_open_with_the_quote_among_the_words_around_it(visitor: Visitor):
    visitor.asks(TRAINED)
    visitor.clicks(".thread .button", "Show passages")
    visitor.awaits("dialog h2", "Passages")
    assert "2,400" in visitor.text("dialog .content strong")
    assert visitor.browser.evaluate(
        "[...document.querySelectorAll('dialog a')].every((a) => a.target === '_blank' && a.rel.includes('noopener'))"
    )
    assert visitor.findings() == []
    visitor.takes_a_picture("passages")
    visitor.presses(Keys.ESCAPE)
    visitor.awaits_no("dialog")
    assert visitor.browser.evaluate("document.activeElement.textContent") == "Show passages"


def test_the_home_shows_what_the_bot_knows_and_answers_about_a_programme(visitor: Visitor):
    visitor.asks(TRAINED)
    visitor.awaits(".thread .message", "2,400")
    visitor.clicks(".side nav a", "Trustbot Home")
    visitor.awaits(".home", "What I know")
    assert visitor.findings() == []
    visitor.takes_a_picture("home")
    visitor.clicks(".home .button", "HOPE(S)")
    visitor.awaits("dialog", "What is HOPE(S)?")
    visitor.awaits("dialog blockquote", "HOPE(S)")
    visitor.clicks("dialog .button", "Close")
    visitor.awaits_no("dialog")
    for ticked in (True, False):
        visitor.clicks(".home .choice", "Answer only me")
        visitor.goes_to(GENERAL)
        visitor.clicks(".side nav a", "Trustbot Home")
        visitor.browser.until("document.querySelector('.home input')?.checked === arguments[0]", ticked)
    visitor.clicks(".home .button", "Delete my history")
    visitor.clicks("dialog .button", "Keep")
    visitor.awaits_no("dialog")
    assert ": 0 of your questions" not in visitor.text(".home")
    visitor.clicks(".home .button", "Delete my history")
    visitor.clicks("dialog .button", "Delete")
    visitor.awaits(".home", ": 0 of your questions")


def test_a_guest_is_told_that_staff_are_answered_only(visitor: Visitor):
    visitor.goes_to(PROGRAMMES)
    visitor.focuses("#people")
    visitor.presses(Keys.ENTER)
    visitor.browser.until("document.activeElement.textContent.includes('Alice')")
    assert visitor.findings() == []
    visitor.takes_a_picture("people")
    visitor.presses(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ENTER)
    visitor.awaits("#people", "Grace Guest")
    visitor.asks(TRAINED, in_thread=False)
    visitor.awaits(".ephemeral", "this account is a guest's")
    assert "2,400" not in visitor.text(".messages")


def test_somebody_of_another_organisation_is_turned_away(visitor: Visitor):
    visitor.becomes("Olu Outside")
    visitor.goes_to(PARTNERS)
    visitor.asks(TRAINED, in_thread=False)
    visitor.awaits(".ephemeral", "belongs to another organisation")
    visitor.awaits(".thread .elsewhere", "The reply is in #with-partners, for you alone")


def test_a_question_nothing_answers_reaches_the_comms_team(visitor: Visitor):
    visitor.asks(UNKNOWN)
    visitor.awaits(".thread .message", "I could not find this")
    visitor.takes_a_picture("not-found")
    visitor.clicks(".thread .button", "Ask comms")
    visitor.awaits("dialog h2", "Ask comms")
    visitor.clears("dialog textarea")
    visitor.clicks("dialog .button", "Send")
    visitor.awaits("dialog .field-error", "Please fill this in.")
    visitor.types("dialog textarea", "How is patient 943 476 5919?")
    visitor.clicks("dialog .button", "Send")
    visitor.awaits("dialog .field-error", "leave out anything that could identify a patient")
    assert visitor.browser.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
    assert visitor.findings() == []
    visitor.takes_a_picture("field-error")
    visitor.clears("dialog textarea")
    visitor.types("dialog textarea", UNKNOWN)
    visitor.clicks("dialog .button", "Send")
    visitor.awaits("dialog", "The communications team has your question now")
    visitor.clicks("dialog .button", "Close")
    visitor.becomes("Carol Cross")
    visitor.awaits(".side .unread", "comms")
    visitor.goes_to(COMMS_CHANNEL)
    visitor.awaits(".message", "Alice Archer asks the communications team")
    visitor.awaits(".message", UNKNOWN)


def test_an_answer_of_a_refreshed_corpus_is_seen_on_a_page_that_stays_open(
    visitor: Visitor, index: Path, model: EmbeddingModel, tmp_path: Path
):
    question = "How many lamps does the Lantern Library lend?"
    visitor.asks(question)
    visitor.awaits(".thread .message .tag", "App")
    assert "41 lamps" not in visitor.text(".thread")
    corpus = Path(shutil.copytree(CORPUS, tmp_path / "corpus"))
    write_page(corpus, "news/lantern-library.md", "The Lantern Library lends 41 lamps.", published="2026-11")
    ingest(corpus, index, model)
    visitor.asks(question)
    visitor.awaits(".thread .message", "The Lantern Library lends 41 lamps.")


def test_a_question_under_way_can_be_stopped(visitor: Visitor, sandbox: OpenSandbox):
    sandbox.held.gate.clear()
    visitor.types("#message-box", f"@Trustbot {TRAINED}{Keys.ENTER}")
    visitor.awaits(".thread .status", "Trustbot is reading the trust's pages…")
    visitor.awaits(".tour .steps .current", "Answered")
    assert visitor.findings() == []
    visitor.takes_a_picture("looking")
    visitor.clicks(".thread .status .button", "Stop")
    sandbox.held.gate.set()
    visitor.awaits(".thread .message", "Stopped. I will not answer this question")
    visitor.awaits_no(".status")


def test_a_message_is_asked_about_edited_and_deleted_from_its_menu(visitor: Visitor):
    visitor.goes_to(PROGRAMMES)
    visitor.types("#message-box", f"Colleagues ask: {BEDS}{Keys.ENTER}")
    mine = visitor.awaits(".message", "Colleagues ask")
    visitor.picks(mine, "Ask about this message")
    visitor.awaits(".ephemeral", "You asked: Colleagues ask")
    visitor.picks(mine, "Edit message")
    visitor.clears("#edit-box")
    visitor.presses("Never <b>mind</b> & thanks", Keys.ENTER)
    visitor.awaits(".message", "Never <b>mind</b> & thanks")
    visitor.picks(visitor.awaits(".message", "(edited)"), "Delete message")
    visitor.clicks("dialog .button", "Delete")
    visitor.awaits_no(".message", "Never")


def test_what_others_write_is_announced_and_disturbs_nobody_who_types(visitor: Visitor, sandbox: OpenSandbox):
    visitor.types("#message-box", "Half a sente")
    sandbox.says("U0BOB", "Good morning &amp; hello", GENERAL)
    sandbox.says("U0BOB", "A word about programmes", PROGRAMMES)
    visitor.awaits(".message", "Good morning & hello")
    visitor.awaits("#said", "Bob Brook: Good morning & hello")
    visitor.awaits(".side .unread", "programmes")
    visitor.presses("nce")
    assert visitor.browser.evaluate("document.activeElement.value") == "Half a sentence"
    visitor.goes_to(PROGRAMMES)
    visitor.goes_to(GENERAL)
    assert visitor.browser.evaluate("document.querySelector('#message-box').value") == "Half a sentence"


def test_somebody_who_reads_back_is_not_moved_by_what_is_new(visitor: Visitor, sandbox: OpenSandbox):
    for number in range(30):
        sandbox.says("U0BOB", f"Line {number}", GENERAL)
    visitor.awaits(".message", "Line 29")
    messages = "document.querySelector('.middle .scroller')"
    to_the_end = f"{messages}.scrollHeight - {messages}.clientHeight - {messages}.scrollTop"
    visitor.browser.until(f"{messages}.scrollTop > 0 && {to_the_end} < 2")
    visitor.browser.evaluate(f"{messages}.scrollTo(0, 40)")
    visitor.browser.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    sandbox.says("U0BOB", "One more line", GENERAL)
    visitor.awaits(".message", "One more line")
    assert visitor.browser.evaluate(f"{messages}.scrollTop") == 40


def test_markup_in_what_is_written_is_shown_and_never_run(visitor: Visitor, sandbox: OpenSandbox):
    hostile = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"
    visitor.types("#message-box", f"{hostile} <!channel>{Keys.ENTER}")
    visitor.awaits(".message", f"{hostile} <!channel>")
    sandbox.bot_calls(
        "chat.postMessage",
        channel=GENERAL,
        text="hostile",
        blocks=[
            {"type": "section", "text": {"type": "mrkdwn", "text": f"*{hostile}* <javascript:alert(1)|press>"}},
            {
                "type": "actions",
                "elements": [
                    {
                        "type": "button",
                        "action_id": "press",
                        "text": {"type": "plain_text", "text": hostile[:75]},
                        "url": "javascript:alert(1)",
                    }
                ],
            },
            {"type": "markdown", "text": f"# {hostile}\n[press](javascript:alert(1))"},
            {
                "type": "rich_text",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": hostile},
                            {"type": "link", "url": "javascript:alert(1)", "text": "press"},
                        ],
                    }
                ],
            },
        ],
    )
    visitor.awaits(".message .block-rich_text", hostile)
    assert visitor.count(".message img, .message script, .message a[href^=javascript]") == 0
    assert "taken" not in visitor.browser.driver.title


def test_the_page_s_policy_lets_nothing_in_that_is_not_its_own(visitor: Visitor):
    visitor.browser.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.taken = 1'}))"
    )
    refused = "fetch('https://trust.example/').then(() => 'reached', () => 'refused')"
    assert visitor.browser.evaluate(refused) == "refused"
    assert visitor.browser.evaluate("window.taken ?? null") is None
    said = visitor.browser.console_errors()
    assert any("script-src" in error for error in said) and any("connect-src" in error for error in said)
    visitor.browser.requests()  # the one that was refused


def test_the_drawer_shows_every_call_and_what_the_bot_was_told_without_its_tokens(visitor: Visitor):
    visitor.asks(TRAINED)
    visitor.awaits(".thread .message", "2,400")
    visitor.clicks("#drawer-button")
    visitor.awaits(".entry", "chat.postMessage")
    visitor.clicks(".filter", "What the bot was told")
    visitor.awaits_no(".entry", "chat.postMessage")
    visitor.clicks(".entry summary", "events_api app_mention")
    visitor.awaits(".entry pre", '"type": "app_mention"')
    assert visitor.findings() == []
    visitor.takes_a_picture("what-happened")
    visitor.clicks(".filter", "Rules broken 0")
    visitor.awaits(".drawer", "the bot has broken no rule")
    everything = visitor.browser.evaluate("fetch('/web/record?after=0').then((answer) => answer.text())")
    assert "xoxb-" not in everything and "xapp-" not in everything


def test_everything_can_be_done_with_the_keyboard_alone(visitor: Visitor):
    assert visitor.browser.evaluate("document.querySelector('a, button, input, textarea, [tabindex]').id") == "skip"
    visitor.focuses("#skip")
    visitor.presses(Keys.ENTER, "@tru", Keys.ARROW_DOWN, Keys.ARROW_UP, Keys.ENTER, BEDS, Keys.ENTER)
    visitor.awaits(".thread .message", "80 beds")
    visitor.tabs_to("Show passages")
    visitor.presses(Keys.ENTER)
    visitor.awaits("dialog h2", "Passages")
    visitor.presses(Keys.ESCAPE)
    visitor.awaits_no("dialog")
    assert visitor.browser.evaluate("document.activeElement.textContent") == "Show passages"
    visitor.focuses("#message-box")
    visitor.presses(Keys.ARROW_UP)
    assert visitor.browser.until("document.querySelector('#edit-box')?.value") == f"@Trustbot {BEDS}"
    visitor.presses(Keys.ESCAPE)
    visitor.awaits_no("#edit-box")


def test_on_a_telephone_every_pane_is_a_screen_with_a_way_back(visitor: Visitor):
    visitor.browser.look(width=360, height=740)
    visitor.enters("U0BOB", GENERAL)
    fits = "document.documentElement.scrollWidth <= 360"
    visitor.types("#message-box", f"@Trustbot {BEDS}{Keys.ENTER}")
    visitor.awaits(".thread .message", "80 beds")
    assert visitor.findings() == [] and visitor.browser.evaluate(fits)
    visitor.takes_a_picture("phone")
    visitor.clicks(".tour summary")
    visitor.awaits(".tour .steps", "Cited")
    assert visitor.findings() == [] and visitor.browser.evaluate(fits)
    visitor.clicks(".tour summary")
    visitor.clicks(".thread .back")
    visitor.awaits(".middle .replies", "1 reply")
    assert visitor.findings() == [] and visitor.browser.evaluate(fits)
    visitor.clicks(".middle .back")
    visitor.clicks(".side nav a", "Trustbot Home")
    visitor.awaits(".home", "What I know")
    assert visitor.findings() == [] and visitor.browser.evaluate(fits)
    visitor.clicks(".middle .back")
    assert visitor.findings() == [] and visitor.browser.evaluate(fits)
    visitor.browser.driver.back()
    visitor.awaits(".home", "What I know")


def test_in_the_dark_everything_can_be_read_too(visitor: Visitor):
    visitor.browser.look(width=1280, height=800, scheme="dark")
    visitor.goes_to(PROGRAMMES)
    visitor.asks(BEDS)
    visitor.awaits(".thread .message", "80 beds")
    assert visitor.findings() == []
    visitor.types("#message-box", f"/ask {TRAINED}{Keys.ENTER}")
    visitor.awaits(".ephemeral", "2,400")
    assert visitor.findings() == []
    visitor.takes_a_picture("dark")
    visitor.clicks(".thread .button", "Show passages")
    visitor.awaits("dialog h2", "Passages")
    assert visitor.findings() == []
