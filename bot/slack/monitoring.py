"""Monitoring: counts and durations for Prometheus, and a page that says whether the bot is well."""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from ingest.errors import TrustbotError

Health = Callable[[], Awaitable[Mapping[str, str]]]


class Measures:
    """Everything that is counted; each bot has a registry of its own."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.questions = Counter(
            "trustbot_questions_total", "Questions finished.", ["surface", "status"], registry=registry
        )
        self.answered_by = Counter(
            "trustbot_answered_by_total", "Answers found, by what worded them.", ["by"], registry=registry
        )
        self.seconds = Histogram(
            "trustbot_question_seconds", "From a question's arrival to its end.", registry=registry
        )
        self.repeats = Counter(
            "trustbot_repeats_total", "Events that were taken already, and ignored.", registry=registry
        )
        self.calls = Counter(
            "trustbot_slack_calls_total", "Calls that send something.", ["method", "outcome"], registry=registry
        )
        self.feedback = Counter("trustbot_feedback_total", "Feedback given.", ["helpful"], registry=registry)
        self.under_way = Gauge("trustbot_under_way", "Questions being answered.", registry=registry)
        self.reconnects = Counter(
            "trustbot_reconnects_total", "Times the socket was opened anew by the watch.", registry=registry
        )


def host_and_port(value: str, *, setting: str) -> tuple[str, int]:
    """HOST:PORT taken apart. Raises TrustbotError naming the setting it came from."""
    host, _, port = value.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise TrustbotError(f"{setting} is '{value}': give HOST:PORT, for example 127.0.0.1:8080")
    return host.strip("[]"), int(port)


class MonitoringServer:
    """Serves /healthz and /metrics. `health` names each part and "ok", or what is wrong with it."""

    def __init__(self, measures: Measures, health: Health) -> None:
        self._measures, self._health = measures, health
        self._runner: web.AppRunner | None = None

    async def start(self, address: str) -> str:
        """Listen on HOST:PORT and return the URL; port 0 takes a free one. Raises TrustbotError when it cannot."""
        host, port = host_and_port(address, setting="TRUSTBOT_HEALTH")
        app = web.Application()
        app.add_routes([web.get("/healthz", self._healthz), web.get("/metrics", self._metrics)])
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise TrustbotError(
                f"{address} cannot be listened on ({error.strerror or error}): "
                "set TRUSTBOT_HEALTH to a free address, or off"
            ) from error
        return f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner:
            await self._runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        parts = await self._health()
        well = all(state == "ok" or name == "build" for name, state in parts.items())
        return web.json_response({"well": well, **parts}, status=200 if well else 503)

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=generate_latest(self._measures.registry), content_type="text/plain")
