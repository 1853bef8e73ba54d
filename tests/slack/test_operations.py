"""What those who run the bot see: health, measures, logs, the doctor, the manifest."""

import asyncio
import json
import logging
import re
import shutil
from pathlib import Path

import aiohttp
import pytest

import bot.slack
from bot.slack.doctor import examine, in_lines
from bot.slack.logs import JsonLines, log, log_failure
from bot.slack.scopes import OPTIONAL, REQUIRED
from bot.slack.serving import running
from ingest.builds import Builds
from sandbox.standin import SlackStandin
from tests.slack.slack_world import GENERAL, MENTION, Pages, World, settings_for

ROOT = Path(bot.slack.__file__).parents[2]


async def fetched(url):
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return answer.status, await answer.text()


async def test_the_health_page_says_that_all_is_well(in_slack):
    async with in_slack() as world:
        status, text = await fetched(f"{world.bot.monitoring}/healthz")
        assert status == 200
        assert json.loads(text) == {"well": True, "slack": "ok", "state": "ok", "index": "ok", "build": "build-1"}


async def test_the_health_page_says_what_is_not_well(manifest, tmp_path):
    async with SlackStandin(manifest) as slack:
        slack.socket_mode.accept_connections = False
        async with running(settings_for(slack, tmp_path), Pages()) as bot:
            status, text = await fetched(f"{bot.monitoring}/healthz")
            assert (status, json.loads(text)["slack"]) == (503, "not connected")
            slack.socket_mode.accept_connections = True
            await slack.connected(timeout=10)
            async with asyncio.timeout(10):
                while (await fetched(f"{bot.monitoring}/healthz"))[0] != 200:
                    await asyncio.sleep(0.1)
        World(slack, Pages(), settings_for(slack, tmp_path)).broke_no_rule()


async def test_questions_are_counted_by_surface_and_status(in_slack):
    async with in_slack() as world:
        await world.reply(await world.alice.says(f"{MENTION} What is HOPE(S)?", GENERAL, copies=2))
        await world.alice.commands("/ask", "What is HOPE(S)?")
        await world.whisper()
        _, text = await fetched(f"{world.bot.monitoring}/metrics")
        assert 'trustbot_questions_total{status="answered",surface="mention"} 1.0' in text
        assert 'trustbot_questions_total{status="answered",surface="command"} 1.0' in text
        assert "trustbot_repeats_total 3.0" in text  # the twin, and a copy of each
        assert 'trustbot_slack_calls_total{method="chat.postMessage",outcome="ok"} 1.0' in text


async def test_logs_hold_numbers_and_no_words(in_slack, caplog):
    caplog.set_level(logging.DEBUG, "trustbot")
    async with in_slack() as world:
        world.pages.answers["secret question"] = RuntimeError("secret detail")
        await world.reply(await world.alice.says(f"{MENTION} secret question", GENERAL))
        world.slack.fail("chat.postMessage", "invalid_blocks")
        await world.reply(await world.alice.says(f"{MENTION} What is secret?", GENERAL))
    lines = [JsonLines().format(record) for record in caplog.records]
    assert not [line for line in lines if re.search("secret|U0ALICE|clinical", line)]
    finished = [json.loads(line) for line in lines if '"question finished"' in line]
    assert [(line["status"], line["surface"]) for line in finished] == [("error", "mention"), ("answered", "mention")]


def test_what_other_libraries_log_is_reduced_to_where_it_came_from(caplog):
    logging.getLogger("slack").error("somebody said: %s", "secret")
    try:
        raise ValueError("secret")
    except ValueError as error:
        log_failure("failed", error, question=3)
    log("answered", question=3, seconds=0.5)
    lines = [json.loads(JsonLines().format(record)) for record in caplog.records]
    assert "secret" not in str(lines)
    assert lines[0]["event"] == "library" and lines[0]["where"].startswith("test_operations:")
    assert lines[1]["error"] == "ValueError" and lines[1]["question"] == 3


# -- the doctor


async def test_the_doctor_finds_a_sound_set_up_sound(manifest, tmp_path, trust_index):
    async with SlackStandin(manifest) as slack:
        settings = settings_for(slack, tmp_path, index=trust_index, channels=(GENERAL,), comms_channel=GENERAL)
        checks = await asyncio.to_thread(examine, settings)
    World(slack, Pages(), settings).broke_no_rule()
    slack_parts = ("bot token", "app token", "Slack", "scopes", "Socket Mode", "comms channel")
    parts = (*slack_parts, "index", "model", "language model", "state")
    assert {check.part: check.state for check in checks} == dict.fromkeys(parts, "ok")
    assert re.search(r"index: build \S+: [1-9]\d* documents, [1-9]\d* passages, 0 days old", in_lines(checks))


@pytest.mark.parametrize("damaged", ["documents.jsonl", "passages.jsonl", "sentences.npy", "chroma/chroma.sqlite3"])
async def test_the_doctor_finds_a_build_that_cannot_be_opened(manifest, tmp_path, trust_index, damaged):
    shutil.copytree(trust_index, tmp_path / "index")
    builds = Builds(tmp_path / "index")
    (builds.path(builds.current().id) / damaged).write_bytes(b"")
    settings = settings_for(SlackStandin(manifest), tmp_path, slack_bot_token=None, index=tmp_path / "index")
    [index] = [check for check in await asyncio.to_thread(examine, settings) if check.part == "index"]
    assert (index.state, index.fix) == ("failed", "run `trustbot ingest`") and "is damaged" in index.found


async def test_the_doctor_goes_past_the_proxy_to_where_no_proxy_says(manifest, tmp_path, trust_index, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # where nothing listens
    async with SlackStandin(manifest) as slack:
        settings = settings_for(slack, tmp_path, index=trust_index)
        for exempt, found in (("", "failed"), ("127.0.0.1", "ok")):
            monkeypatch.setenv("NO_PROXY", exempt)
            checks = {check.part: check.state for check in await asyncio.to_thread(examine, settings)}
            assert checks["Slack"] == found


async def test_the_doctor_says_the_fix_for_everything_that_is_wrong(manifest, tmp_path):
    manifest["oauth_config"]["scopes"]["bot"].remove("users:read")
    async with SlackStandin(manifest, declined_scopes=["channels:history"]) as slack:
        settings = settings_for(
            slack,
            tmp_path,
            slack_app_token="wrong",
            channels=("general", "C0NOWHERE"),
            index=tmp_path / "nothing",
            model="no-such-model",
            state="sqlite:////proc/state.db",
        )
        checks = await asyncio.to_thread(examine, settings)
    wrong = {check.part: check for check in checks if check.state == "failed"}
    assert set(wrong) == {"app token", "scopes", "Socket Mode", "channel", "index", "model", "state"}
    assert all(check.fix for check in wrong.values())
    assert "users:read" in wrong["scopes"].found and "manifest.json" in wrong["scopes"].fix
    assert wrong["index"].fix == "run `trustbot ingest`"


async def test_the_doctor_mentions_what_declined_scopes_cost(manifest, tmp_path, trust_index):
    async with SlackStandin(manifest, declined_scopes=["channels:history"]) as slack:
        checks = await asyncio.to_thread(examine, settings_for(slack, tmp_path, index=trust_index))
    [scopes] = [check for check in checks if check.part == "scopes"]
    assert scopes.state == "note" and "follow up in its own threads without a mention" in scopes.found


# -- the manifest


def test_the_manifest_asks_for_the_scopes_that_have_a_reason(manifest):
    assert manifest["oauth_config"]["scopes"] == {"bot": sorted(REQUIRED), "bot_optional": sorted(OPTIONAL)}


def test_every_scope_and_its_reason_stand_in_the_setup_page():
    page = (ROOT / "docs" / "slack-setup.md").read_text(encoding="utf-8")
    for scope, reason in {**REQUIRED, **OPTIONAL}.items():
        assert f"| `{scope}` |" in page and reason in page


def test_the_manifest_keeps_to_the_limits_slack_sets(manifest):
    about, features = manifest["display_information"], manifest["features"]
    assert len(about["name"]) <= 35 and len(about["description"]) <= 140
    assert 174 <= len(about["long_description"]) <= 4000
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert len(features["agent_view"]["suggested_prompts"]) <= 4
    assert len(features["bot_user"]["display_name"]) <= 80
    assert all(len(shortcut["name"]) <= 24 for shortcut in features["shortcuts"])
    assert all(len(command["command"]) <= 32 for command in features["slash_commands"])
    assert "assistant_view" not in features
    assert not {"chat:write.public", "channels:join"} & set(manifest["oauth_config"]["scopes"]["bot"])
