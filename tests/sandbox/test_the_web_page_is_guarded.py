"""Who is shown the sandbox's page, and what the page may load and run."""

import json
from importlib.resources import files

import aiohttp
import pytest
from yarl import URL

from sandbox.standin import SlackStandin
from sandbox.web_page.addresses import is_loopback
from sandbox.web_page.serving import WebPage
from tests.sandbox.web_page import sandbox_page

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
}
HELLO = {"user": "U0ALICE", "verb": "says", "args": {"text": "hello"}}
ASSETS = sorted(
    each.name for each in files("sandbox.web_page").iterdir() if each.name.endswith((".css", ".js", ".svg"))
)


async def test_everything_is_sent_with_a_policy_that_runs_and_loads_only_our_own(manifest):
    async with sandbox_page(manifest) as page:
        paths = ["/", "/web/state?user=U0ALICE", "/web/state", "/web/record", "/web/updates", "/web/nothing.js"]
        for path in [*paths, *[f"/web/{name}" for name in ASSETS]]:
            async with page.http.get(page.slack.url + path) as answer:
                assert set(answer.headers["Content-Security-Policy"].split("; ")) == POLICY
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert answer.headers["Cache-Control"] == "no-cache"


async def test_the_page_and_the_files_it_names_are_served_with_their_types(manifest):
    kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    async with sandbox_page(manifest) as page:
        async with page.http.get(f"{page.slack.url}/") as answer:
            assert (answer.status, answer.content_type, answer.charset) == (200, "text/html", "utf-8")
        for name in ASSETS:
            async with page.http.get(f"{page.slack.url}/web/{name}") as answer:
                assert (answer.status, answer.content_type) == (200, kinds[name.rpartition(".")[2]])


@pytest.mark.parametrize(
    "path", ["/web/serving.py", "/web/..%2Fstandin.py", "/web/%2E%2E%5Cids.py", "/web/.js", "/web/web_page", "/web/"]
)
async def test_nothing_but_the_pages_own_files_is_served(path, manifest):
    async with sandbox_page(manifest) as page:
        url = URL(page.slack.url + path, encoded=True)
        async with page.http.get(url) as answer:
            assert answer.status == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "0.0.0.0", "][", ""])
@pytest.mark.parametrize("path", ["/", "/web/state?user=U0ALICE", "/web/record", "/web/updates", "/web/act"])
async def test_whoever_asks_by_a_name_that_is_not_this_machines_is_refused(host, path, manifest):
    async with sandbox_page(manifest) as page:
        method = "POST" if path == "/web/act" else "GET"
        url = page.slack.url + path
        async with page.http.request(method, url, headers={"Host": host}, json=HELLO) as answer:
            assert answer.status == 403
            assert (await answer.json())["ok"] is False
        assert await page.texts("D0ALICE") == []


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "[::1]:8000", "127.0.0.1", "127.9.9.9"])
async def test_this_machine_has_several_names(host, manifest):
    async with sandbox_page(manifest) as page, page.http.get(page.slack.url, headers={"Host": host}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
async def test_another_site_can_do_nothing_here(origin, manifest):
    async with sandbox_page(manifest) as page:
        headers = {"Origin": origin}
        async with page.http.post(f"{page.slack.url}/web/act", json=HELLO, headers=headers) as answer:
            assert answer.status == 403
        assert await page.texts("D0ALICE") == []
        own = {"Origin": page.slack.url}
        async with page.http.post(f"{page.slack.url}/web/act", json=HELLO, headers=own) as answer:
            assert answer.status == 200
        assert await page.texts("D0ALICE") == ["hello"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (json.dumps(HELLO), "text/plain", 415),
        (json.dumps(HELLO), "application/x-www-form-urlencoded", 415),
        ("{", "application/json", 400),
        ("[" * 100_000, "application/json", 400),
        ("\ud800".encode("utf-8", "surrogatepass"), "application/json", 400),
        ("[]", "application/json", 422),
        ('{"user": "U0ALICE", "verb": "says", "args": []}', "application/json", 422),
    ],
)
async def test_what_is_no_act_is_refused(body, kind, status, manifest):
    async with sandbox_page(manifest) as page:
        headers = {"Content-Type": kind}
        async with page.http.post(f"{page.slack.url}/web/act", data=body, headers=headers) as answer:
            assert answer.status == status and (await answer.json())["ok"] is False


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "²"])
async def test_the_list_goes_on_after_a_number_only(after, manifest):
    async with (
        sandbox_page(manifest) as page,
        page.http.get(f"{page.slack.url}/web/record", params={"after": after}) as answer,
    ):
        assert answer.status == 400


async def test_where_other_machines_are_let_in_a_number_serves_and_a_name_of_others_does_not(manifest):
    slack = SlackStandin(manifest)
    await slack.start(host="0.0.0.0", routes=WebPage(slack, host="0.0.0.0").routes())
    try:
        async with aiohttp.ClientSession() as http:
            statuses = {}
            for host in ("192.0.2.7:8765", "[2001:db8::1]", "localhost", "evil.example"):
                async with http.get(slack.url, headers={"Host": host}) as answer:
                    statuses[host] = answer.status
    finally:
        await slack.stop()
    assert slack.url.startswith("http://127.0.0.1:")
    assert list(statuses.values()) == [200, 200, 200, 403]


@pytest.mark.parametrize(
    ("host", "found"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("10.0.0.1", False), ("", False)],
)
def test_loopback_is_what_no_other_machine_reaches(host, found):
    assert is_loopback(host) is found
