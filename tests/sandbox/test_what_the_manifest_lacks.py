"""What the manifest lacks fails as it would in Slack."""

import pytest
from slack_sdk.errors import SlackApiError

from sandbox.installed_app import InstalledApp, ManifestError
from sandbox.standin import SlackStandin


@pytest.mark.parametrize("scope", ["app_mentions:read", "im:history", "commands", "assistant:write"])
def test_a_manifest_that_needs_a_scope_it_does_not_ask_for_is_refused(scope, manifest):
    manifest["oauth_config"]["scopes"]["bot"].remove(scope)
    with pytest.raises(ManifestError):
        InstalledApp(manifest)


def test_the_legacy_assistant_panel_is_refused(manifest):
    manifest["features"]["assistant_view"] = {"assistant_description": "x"}
    with pytest.raises(ManifestError, match="declare agent_view"):
        InstalledApp(manifest)


async def test_a_call_without_its_scope_is_refused_and_names_the_scope(manifest, client_of):
    manifest["oauth_config"]["scopes"]["bot_optional"].remove("users:read")
    async with SlackStandin(manifest) as slack:
        with pytest.raises(SlackApiError) as refused:
            await client_of(slack).users_info(user="U0BOB")
        assert refused.value.response["error"] == "missing_scope"
        assert refused.value.response["needed"] == "users:read"


async def test_an_undeclared_command_or_shortcut_cannot_be_used(manifest):
    async with SlackStandin(manifest) as slack:
        alice = slack.person("U0ALICE")
        with pytest.raises(ManifestError):
            await alice.commands("/nope")
        with pytest.raises(ManifestError):
            await alice.uses_shortcut("nope", "1.2")


async def test_nobody_can_type_into_a_messages_tab_that_is_read_only(manifest):
    manifest["features"]["app_home"]["messages_tab_read_only_enabled"] = True
    async with SlackStandin(manifest) as slack:
        with pytest.raises(ManifestError):
            await slack.person("U0ALICE").says("hello")


async def test_an_admin_may_decline_optional_scopes(manifest, client_of, echo_app, in_socket_mode):
    declined = ["channels:history", "users:read"]
    async with (
        SlackStandin(manifest, declined_scopes=declined) as slack,
        in_socket_mode(slack, echo_app(slack)),
    ):
        await slack.person("U0ALICE").says("<@U0BOT> hello", "C0GENERAL")
        await slack.wait_for(lambda: slack.workspace.bot_messages("C0GENERAL"))
        assert [delivery.payload["event"]["type"] for delivery in slack.record.deliveries] == ["app_mention"]
        with pytest.raises(SlackApiError) as refused:
            await client_of(slack).users_info(user="U0BOB")
        assert refused.value.response["error"] == "missing_scope"
