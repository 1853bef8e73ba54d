"""The HTTP Events API: signed posts to the app's request URL."""

import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlencode

import aiohttp

from sandbox.limits import Limits
from sandbox.record import Attempt, Delivery

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


class EventsApi:
    """Posts to ``request_url``; while that is None the app is reached over Socket Mode."""

    def __init__(self, limits: Limits, *, signing_secret: str, request_url: str | None) -> None:
        self.request_url = request_url
        self.signing_secret = signing_secret  # a test may change it here to forge requests
        self._timeout = aiohttp.ClientTimeout(total=limits.ack_timeout)

    def sign(self, body: str) -> dict[str, str]:
        stamp = str(int(time.time()))
        signed = f"v0:{stamp}:{body}".encode()
        digest = hmac.new(self.signing_secret.encode(), signed, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}

    async def deliver(self, delivery: Delivery, attempt: Attempt) -> str:
        """Try once; the answer is why to try again, or "" when Slack is content."""
        body, content_type = _body(delivery)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (stand-in)", **self.sign(body)}
        if attempt.number:
            headers |= {"X-Slack-Retry-Num": str(attempt.number), "X-Slack-Retry-Reason": attempt.reason}
        try:
            status, answer_headers, text = await self._post(body, headers)
        except TimeoutError:
            return "http_timeout"
        except (aiohttp.ClientError, OSError):
            return "connection_failed"
        attempt.answered, attempt.status = time.time(), status
        if answer_headers.get("Content-Type", "").startswith(JSON) and text:
            delivery.ack_payload = json.loads(text)
        elif text:
            delivery.ack_payload = {"text": text}
        if status >= 300 and answer_headers.get("X-Slack-No-Retry") != "1":
            return "http_error"
        return ""

    async def verify_url(self) -> bool:
        """What Slack does when a request URL is saved."""
        challenge = secrets.token_hex(12)
        body = json.dumps({"token": "verification", "challenge": challenge, "type": "url_verification"})
        status, _, text = await self._post(body, {"Content-Type": JSON, **self.sign(body)})
        return status == 200 and challenge in text

    async def _post(self, body: str, headers: dict[str, str]) -> tuple[int, dict[str, str], str]:
        assert self.request_url, "events go over HTTP only with a request URL"
        async with (
            aiohttp.ClientSession(timeout=self._timeout) as http,
            http.post(self.request_url, data=body, headers=headers) as answer,
        ):
            return answer.status, dict(answer.headers), await answer.text()


def _body(delivery: Delivery) -> tuple[str, str]:
    if delivery.kind == "events_api":
        return json.dumps(delivery.payload), JSON
    if delivery.kind == "interactive":
        return urlencode({"payload": json.dumps(delivery.payload)}), FORM
    return urlencode(delivery.payload), FORM
