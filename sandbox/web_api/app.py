"""auth.test, apps.*, bots.*, team.*: the app asks who and where it is."""

from sandbox.ids import APP, BOT, BOT_USER, TEAM
from sandbox.slack import Slack
from sandbox.wire import Json


def auth_test(slack: Slack, args: Json) -> Json:
    return {
        "url": "https://standin.slack.com/",
        "team": "Stand-in",
        "user": slack.app.name,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


def open_connection(slack: Slack, args: Json) -> Json:
    socket_url = slack.url.replace("http", "ws", 1)
    return {"url": f"{socket_url}/link/?ticket={slack.socket_mode.new_ticket()}&app_id={APP}"}


def bot_info(slack: Slack, args: Json) -> Json:
    return {"bot": {"id": BOT, "app_id": APP, "user_id": BOT_USER, "name": slack.app.name, "deleted": False}}


def team_info(slack: Slack, args: Json) -> Json:
    return {"team": {"id": TEAM, "name": "Stand-in", "domain": "standin"}}


METHODS = {
    "apps.connections.open": open_connection,
    "auth.test": auth_test,
    "bots.info": bot_info,
    "team.info": team_info,
}
