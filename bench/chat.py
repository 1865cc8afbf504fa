"""The Discord bot beside the command line, and under load, on a Discord on loopback, in one run.

    python bench/chat.py DATA [--questions 60] [--rounds 3]

DATA has articles.jsonl.gz and questions.jsonl.gz. discord.py runs unmodified over real sockets; the
Discord that it talks to is that of tests/discord/loopback. First each question is asked by the command
line (``ask --batch``, warm) and by the bot in turn, one at a time: a bot's answer counts from the
dispatch of the command to the edit that shows the card. Then 50 users ask 200 questions at once in 5
servers, ``--rounds`` times.
"""

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from corpus import ingested  # noqa: E402
from questions import read_questions  # noqa: E402

from bot.discord.bot import PullquoteBot  # noqa: E402
from bot.discord.metrics import Metrics  # noqa: E402
from index.config import Config, DiscordConfig  # noqa: E402
from tests.discord.load import Crowd  # noqa: E402
from tests.discord.loopback import Server, running, serving  # noqa: E402

ASK = Path(sys.executable).with_name("ask")
WARM_UP = 5
AT_ONCE = 200


class CommandLine:
    """One ``ask --batch`` that answers line after line."""

    def __init__(self, data_dir: Path) -> None:
        self._process = subprocess.Popen(
            [ASK, "--data-dir", data_dir, "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        )

    def seconds(self, question: str) -> float:
        """How long the answer to a question takes."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        started = time.perf_counter()
        print(json.dumps({"question": question}), file=self._process.stdin)
        self._process.stdout.readline()
        return time.perf_counter() - started

    def close(self) -> None:
        """Let it end."""
        self._process.communicate()


async def one_by_one(server: Server, data_dir: Path, questions: list[str]) -> None:
    """The same questions by both, in turn."""
    command_line = CommandLine(data_dir)
    ours, theirs = [], []
    for number, question in enumerate(questions):
        by_hand = await asyncio.to_thread(command_line.seconds, question)
        sent = await server.interaction("ask", {"question": question})
        await sent.answer()
        seconds = time.monotonic() - sent.dispatched
        if number >= WARM_UP:
            ours.append(seconds)
            theirs.append(by_hand)
    command_line.close()
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"one at a time, {len(ours)} questions")
    print(f"  command line, warm       p50 {statistics.median(theirs) * 1000:6.0f} ms")
    print(f"  bot, to the card         p50 {statistics.median(ours) * 1000:6.0f} ms   ratio {ratio:.2f}")


async def at_once(crowd: Crowd, questions: list[str]) -> None:
    """All of them at once, watching how late the event loop is."""
    lags: list[float] = []

    async def watch() -> None:
        while True:
            due = time.perf_counter() + 0.01
            await asyncio.sleep(0.01)
            lags.append(time.perf_counter() - due)

    asked = [questions[number % len(questions)] for number in range(AT_ONCE)]
    watching = asyncio.create_task(watch())
    started = time.perf_counter()
    round_ = await crowd.ask(asked)
    seconds = time.perf_counter() - started
    watching.cancel()
    acknowledged = sorted(sent.acknowledged_after or float("inf") for _, sent in round_.commands)
    once = sum(len(cards) == 1 for _, cards in round_.cards())
    print(
        f"{AT_ONCE} at once: acknowledged in p50 {statistics.median(acknowledged) * 1000:.0f} ms,"
        f" at worst {acknowledged[-1] * 1000:.0f} ms; {once} answered once, all within {seconds:.0f} s;"
        f" loop late by at most {max(lags) * 1000:.0f} ms; {resident():.0f} MB"
    )


def resident() -> float:
    """This process's memory, in MB; the Discord on loopback, which forgets nothing, is part of it."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


async def measure(data: Path, data_dir: Path, count: int, rounds: int) -> None:
    """Print all figures."""
    questions = [each.text for each in read_questions(data / "questions.jsonl.gz")][: count + WARM_UP]
    roomy = DiscordConfig(user_per_minute=0, server_per_minute=0)
    config = replace(Config(data_dir=data_dir), discord=roomy)
    async with serving() as server:
        server.pulse.patience = 600.0
        crowd = Crowd.of(server)
        async with running(PullquoteBot(config, Metrics()), server):
            await one_by_one(server, data_dir, questions)
            for _ in range(rounds):
                await at_once(crowd, questions)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    data_dir = ingested(arguments.data)
    print(f"{os.cpu_count()} cores")
    asyncio.run(measure(arguments.data, data_dir, arguments.questions, arguments.rounds))


if __name__ == "__main__":
    main()
