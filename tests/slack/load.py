"""How the bot bears load, with the real answerer: `python -m tests.slack.load [--soak N]`. Shown, not asserted."""

import argparse
import asyncio
import random
import resource
import tempfile
import time
from contextlib import closing
from pathlib import Path

from bot.answering import Answerer
from bot.slack.manifest import shipped_manifest
from bot.slack.serving import running
from ingest.embedding import EmbeddingModel
from ingest.pipeline import ingest
from sandbox.standin import SlackStandin
from sandbox.workspace import Channel, User
from tests.slack.slack_world import MENTION, settings_for

ROOT = Path(__file__).parents[2]
ASKED = (
    "How many staff have been trained in HOPE(S)?",
    "What progress has been made on end of life care?",
    "Who works with us on M-RIC?",
    "When did Clock View open?",
    "What is the Life Rooms?",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--soak", type=int, metavar="N", help="so many questions, with the memory after every 250")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = EmbeddingModel()
        ingest(ROOT / "corpus", Path(folder) / "index", model)
        with closing(Answerer(Path(folder) / "index", model)) as answerer:
            asyncio.run(soak(answerer, folder, asked.soak) if asked.soak else load(answerer, folder))


async def load(answerer: Answerer, folder: str) -> None:
    """20 people at once, ten times; then 500 mentions over 50 channels, some of them sent twice."""
    async with connected(answerer, folder, channels=50) as slack:
        await ask(slack, count=20)
        slack.record.calls.clear(), slack.record.deliveries.clear()
        threads = [thread for _ in range(10) for thread in await ask(slack, count=20)]
        acknowledged = sorted(d.ack_seconds or 9.9 for d in slack.record.deliveries)
        signs = sorted(first_sign(slack, thread) for thread in threads)
        print(f"20 people at once: acknowledged p50 {ms(acknowledged, 0.5)}, p99 {ms(acknowledged, 0.99)};")
        print(f"  first visible sign p50 {ms(signs, 0.5)}, p99 {ms(signs, 0.99)}")

        started = time.perf_counter()
        threads = await ask(slack, count=500, copies=2)
        answers = [len(replies(slack, thread)) for thread in threads]
        lost, double = answers.count(0), sum(count > 1 for count in answers)
        seconds = time.perf_counter() - started
        print(f"500 mentions over 50 channels in {seconds:.1f} s: {lost} lost, {double} double")


async def soak(answerer: Answerer, folder: str, questions: int) -> None:
    """Many questions, and what memory they take."""
    async with connected(answerer, folder, channels=50) as slack:
        for number in range(250, questions + 1, 250):
            threads = await ask(slack, count=250)
            answered = sum(len(replies(slack, thread)) == 1 for thread in threads)
            for log in slack.workspace.messages.values():
                log.clear()
            slack.record.calls.clear(), slack.record.deliveries.clear()
            print(f"{number:5} questions, {answered} of 250 answered once, {memory()} MB", flush=True)


class connected:
    """A local Slack without posting limits, with many channels and people, and the bot in it."""

    def __init__(self, answerer: Answerer, folder: str, *, channels: int) -> None:
        self._answerer, self._folder, self._channels = answerer, folder, channels

    async def __aenter__(self) -> SlackStandin:
        self._slack = await SlackStandin(shipped_manifest(), rate_limits=False).start()
        for number in range(20):
            self._slack.workspace.add_user(User(id=f"U0P{number:02}", name=f"person{number}"))
        for number in range(self._channels):
            members = list(self._slack.workspace.users)
            self._slack.workspace.add_channel(Channel(id=f"C0N{number:02}", name=f"n{number}", members=members))
        settings = settings_for(self._slack, Path(self._folder), questions_a_minute=100_000, today=None)
        self._bot = running(settings, self._answerer)
        await self._bot.__aenter__()
        await self._slack.connected()
        return self._slack

    async def __aexit__(self, *_: object) -> None:
        await self._bot.__aexit__(None, None, None)
        await self._slack.stop()


async def ask(slack: SlackStandin, *, count: int, copies: int = 1) -> list[tuple[str, str]]:
    """So many mentions at once; waits for every answer and returns the threads."""
    channels = [channel for channel in slack.workspace.channels if channel.startswith("C0N")]
    threads = []
    for number in range(count):
        channel = channels[number % len(channels)]
        person = slack.person(f"U0P{number % 20:02}")
        said = await person.says(f"{MENTION} {random.choice(ASKED)}", channel, copies=copies)
        threads.append((channel, said["ts"]))
    await slack.wait_for(lambda: all(replies(slack, thread) for thread in threads), 300)
    await slack.quiet(0.5, 60)
    return threads


def replies(slack: SlackStandin, thread: tuple[str, str]) -> list[object]:
    return [m for m in slack.workspace.bot_messages(thread[0]) if m.get("thread_ts") == thread[1]]


def first_sign(slack: SlackStandin, thread: tuple[str, str]) -> float:
    """Seconds from a message to the first thing that showed in its thread."""
    return min(call.at for call in slack.record.calls if call.args.get("thread_ts") == thread[1]) - float(thread[1])


def ms(seconds: list[float], share: float) -> str:
    return f"{1000 * seconds[min(len(seconds) - 1, int(share * len(seconds)))]:.0f} ms"


def memory() -> int:
    """The most memory this process, the local Slack in it, has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
