"""assistant.threads.* and agents.sessions.*: what the app shows while it works."""

import time

from sandbox.slack import Slack
from sandbox.web_api.arguments import channel_to_read, channel_to_write, require, thread_root
from sandbox.wire import Json, Refusal
from sandbox.workspace import Session, Status

SESSION_STATUSES = ("active", "processing", "suspended", "closed")
STOP_EVENT = "agent_session_stopped"


def set_status(slack: Slack, args: Json) -> Json:
    """The "is thinking" line; an empty status takes it away."""
    require(args, "channel_id", "thread_ts")
    channel = channel_to_write(slack, args["channel_id"])
    thread = channel.id, thread_root(slack, channel, args["thread_ts"]) or ""
    loading = args.get("loading_messages") or []
    most = slack.limits.loading_messages
    if len(loading) > most:
        message = f"no more than {most} items allowed [json-pointer:/loading_messages]"
        raise Refusal("invalid_arguments", [message])
    if args.get("status"):
        slack.workspace.statuses[thread] = Status(args["status"], time.time(), loading)
    else:
        slack.workspace.statuses.pop(thread, None)
    return {}


def set_suggested_prompts(slack: Slack, args: Json) -> Json:
    """The prompts on top of the Messages tab."""
    require(args, "channel_id")
    channel = channel_to_read(slack, args["channel_id"])
    prompts, most = args.get("prompts"), slack.limits.suggested_prompts
    if not isinstance(prompts, list) or not all(_is_prompt(prompt) for prompt in prompts):
        raise Refusal("invalid_arguments", ["each prompt needs title and message [json-pointer:/prompts]"])
    if len(prompts) > most:
        raise Refusal("invalid_arguments", [f"no more than {most} items allowed [json-pointer:/prompts]"])
    if slack.app.is_agent and args.get("thread_ts"):  # [docs] ignored in silence
        slack.record.problems.append("setSuggestedPrompts with thread_ts does nothing under agent_view")
        return {}
    slack.workspace.prompts[channel.id] = {"title": args.get("title"), "prompts": prompts}
    return {}


def set_session_status(slack: Slack, args: Json) -> Json:
    """The agent session of a thread; while it is processing, people may stop it."""
    require(args, "channel_id", "thread_ts", "status")
    status, title = args["status"], args.get("title")
    if not slack.app.is_agent:
        raise Refusal("not_an_agent")  # [assumed] the name
    if status not in SESSION_STATUSES:
        raise Refusal("invalid_arguments", ["must be a valid enum value [json-pointer:/status]"])
    if len(title or "") > slack.limits.session_title:
        most = slack.limits.session_title + 1
        raise Refusal("invalid_arguments", [f"must be less than {most} characters [json-pointer:/title]"])
    channel = channel_to_write(slack, args["channel_id"])
    thread = channel.id, thread_root(slack, channel, args["thread_ts"]) or ""
    hears_stop = STOP_EVENT in slack.app.events
    session = slack.workspace.sessions.setdefault(thread, Session(title, hears_stop=hears_stop))
    session.status = status
    answer = {"status": status, "agent_status": status, "title": session.title}
    if status == "processing" and not hears_stop:
        answer["warning"] = f"missing_{STOP_EVENT}_event_subscription"  # [docs]
    return answer


def _is_prompt(prompt: object) -> bool:
    return isinstance(prompt, dict) and bool(prompt.get("title") and prompt.get("message"))


METHODS = {
    "agents.sessions.setStatus": set_session_status,
    "assistant.threads.setStatus": set_status,
    "assistant.threads.setSuggestedPrompts": set_suggested_prompts,
}
