"""Listening: which of the bot's parts hears which of Slack's events. Everything is acknowledged."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.prompts import reply
from bot.slack.buttons import Buttons, press_in
from bot.slack.deciding import Asked, Surface, asked_in
from bot.slack.desk import Desk
from bot.slack.home import Home
from bot.slack.logs import QUIET, log_failure
from bot.slack.parts import Parts
from bot.slack.poster import REVOKED, word_of
from bot.slack.progress import Progress
from bot.slack.words import plain

Body = dict[str, Any]
Next = Callable[[], Awaitable[Any]]
_ANYTHING = re.compile(".*")


def new_app(client: AsyncWebClient, us: AuthorizeResult, *, signing_secret: str) -> AsyncApp:
    """A Bolt app that knows who it is: bolt's own look-up would lose the event it failed for.

    `client` has no token of its own, else bolt would look.
    """

    async def authorize() -> AuthorizeResult:
        return us

    return AsyncApp(
        client=client,
        authorize=authorize,
        signing_secret=signing_secret,
        attaching_conversation_kwargs_enabled=False,
        logger=QUIET,
    )


def listen_for_questions(app: AsyncApp, parts: Parts, desk: Desk, progress: Progress) -> None:
    """Mentions, direct messages, follow-ups, the command, the shortcut, and the stop button."""
    settings = parts.settings

    async def take_in(body: Body, context: AsyncBoltContext, next: Next) -> None:
        asked = asked_in(
            body,
            bot_user=parts.bot_user,
            team=parts.team,
            channels=settings.channels,
            allow_shared=settings.allow_shared_channels,
        )
        pending = await desk.take_in(asked) if asked else None
        if asked and pending:
            context["pending"], context["asked"] = pending, asked
            await next()

    async def begin(context: AsyncBoltContext) -> None:
        desk.start(context["pending"], context["asked"].text)

    # A listener's own middleware runs before the acknowledgement: what is acknowledged is written down.
    app.event("app_mention", middleware=[take_in])(begin)
    app.event("message", middleware=[take_in])(begin)

    @app.event({"type": "message", "subtype": "message_deleted"})
    async def deleted(event: Body) -> None:
        await desk.withdraw(event["channel"], event.get("deleted_ts") or "")

    @app.event({"type": "message", "subtype": "message_changed"})
    async def changed(event: Body) -> None:  # which is what Slack says of a question deleted after it was replied to
        if event["message"].get("subtype") == "tombstone":
            await desk.withdraw(event["channel"], event["message"]["ts"])

    async def ask_privately(ack: AsyncAck, asked: Asked) -> None:
        try:
            pending = await desk.take_in(asked)
        except Exception as error:  # without an acknowledgement Slack would show an error of its own
            log_failure("not taken in", error)
            await ack(text=reply("error", ask=settings.ask))
            return
        await ack()
        if pending:
            desk.start(pending, asked.text)

    @app.command("/ask")
    async def command(ack: AsyncAck, body: Body) -> None:
        asked = _private(body, "command", body["user_id"], body["channel_id"], body.get("text") or "")
        outside = not settings.allow_shared_channels and body.get("team_id") != parts.team
        await ask_privately(ack, replace(asked, turned_away="slack_outside" if outside else None))

    @app.shortcut("ask_message")
    async def shortcut(ack: AsyncAck, body: Body) -> None:
        text = plain((body.get("message") or {}).get("text") or "", bot_user=parts.bot_user)
        asked = _private(body, "shortcut", body["user"]["id"], body["channel"]["id"], text)
        await ask_privately(ack, asked if text else replace(asked, turned_away="slack_no_words"))

    @app.event("agent_session_stopped")
    async def stopped(event: Body) -> None:
        channel, thread = event["channel"], event["thread_ts"]
        if not desk.stop(channel, thread):
            await progress.end(channel, thread, answered=True)


def listen_for_presses(app: AsyncApp, buttons: Buttons) -> None:
    """The buttons under an answer, and the windows behind them."""

    @app.action("feedback")
    async def feedback(ack: AsyncAck, body: Body) -> None:
        await ack()
        await buttons.feedback(press_in(body))

    @app.action("passages")
    async def passages(ack: AsyncAck, body: Body) -> None:
        await ack()
        await buttons.passages(press_in(body))

    @app.action("share")
    async def share(ack: AsyncAck, body: Body) -> None:
        await ack()
        await buttons.share(press_in(body))

    @app.action("ask_comms")
    async def ask_comms(ack: AsyncAck, body: Body) -> None:
        await ack()
        await buttons.ask_comms(press_in(body))

    @app.view("reason")
    async def reason(ack: AsyncAck, body: Body, view: Body) -> None:
        shown = await buttons.reason(body["user"]["id"], view)
        await ack(response_action="update", view=shown)

    @app.view("ask_comms")
    async def send_on(ack: AsyncAck, body: Body, view: Body) -> None:
        objection = buttons.objection(view)
        if objection:
            await ack(response_action="errors", errors={"question": objection})
            return
        await ack(response_action="update", view=await buttons.send_on(body["user"]["id"], view))


def listen_for_the_home(app: AsyncApp, home: Home) -> None:
    """The app's own tabs."""

    @app.event("app_home_opened")
    async def opened(event: Body) -> None:
        if event.get("tab") == "home":
            await home.show(event["user"])
        else:
            await home.suggest(event["channel"])

    @app.action(re.compile(r"^programme:\d+$"))
    async def programme(ack: AsyncAck, body: Body) -> None:
        await ack()
        await home.programme(body["user"]["id"], body["trigger_id"], body["actions"][0]["value"])

    @app.action("kept")
    async def kept(ack: AsyncAck, body: Body) -> None:
        await ack()
        await home.kept(body["user"]["id"], body["trigger_id"])

    @app.action("forget")
    async def forget(ack: AsyncAck, body: Body) -> None:
        await ack()
        await home.forget(body["user"]["id"])

    @app.action("refresh")
    async def refresh(ack: AsyncAck, body: Body) -> None:
        await ack()
        await home.refresh(body["user"]["id"], body["trigger_id"])

    @app.action("private")
    async def private(ack: AsyncAck, body: Body) -> None:
        await ack()
        await home.set_private(body["user"]["id"], bool(body["actions"][0].get("selected_options")))


def listen_for_the_rest(app: AsyncApp, parts: Parts) -> None:
    """The end of the installation, and all that nobody else hears: Slack sends again what nobody acknowledges."""

    @app.event(re.compile("^(app_uninstalled|tokens_revoked)$"))
    async def uninstalled() -> None:
        try:
            await parts.client.auth_test()
        except SlackApiError as error:
            if (code := word_of(error)) in REVOKED:
                parts.ending.revoke(code)

    @app.event(_ANYTHING)
    async def any_event() -> None:
        return None

    @app.action(_ANYTHING)
    async def any_action(ack: AsyncAck) -> None:
        await ack()

    @app.view(_ANYTHING)
    async def any_view(ack: AsyncAck) -> None:
        await ack()

    @app.shortcut(_ANYTHING)
    async def any_shortcut(ack: AsyncAck) -> None:
        await ack()

    @app.error
    async def failed(error: Exception) -> None:
        log_failure("listener failed", error)


def _private(body: Body, surface: Surface, asker: str, channel: str, text: str) -> Asked:
    """A question whose answer only the asker sees; it is known by its trigger, for it has no message."""
    trigger = body["trigger_id"]
    return Asked(
        channel=channel,
        ts=trigger,
        thread=trigger,
        asker=asker,
        text=plain(text),
        surface=surface,
        reply_url=body["response_url"],
    )
