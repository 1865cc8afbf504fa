"""Where questions wait their turn and are answered, off the event loop."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import date
from typing import TypeVar

from bot.discord.errors import Refusal
from bot.discord.metrics import Metrics
from index.answer import Question
from index.engine import Engine
from index.pool import EnginePool
from index.types import Answer

_T = TypeVar("_T")
_WARM_UP = "who is ready to answer?"


class TooBusy(Refusal):
    """So many questions wait that one more would wait too long."""


class Closing(Refusal):
    """The bot is about to stop and takes nothing more on."""


class Desk:
    """Answers up to ``workers`` questions at the same time and lets up to ``waiting`` others wait.

    Questions that come from one channel are answered in the order in which they came.
    """

    def __init__(self, pool: EnginePool, metrics: Metrics, *, workers: int, waiting: int) -> None:
        self._pool = pool
        self._metrics = metrics
        self._workers = workers
        self._limit = workers + waiting
        self._present = 0
        self._closing = False
        self._free = asyncio.Semaphore(workers)
        self._answering = ThreadPoolExecutor(workers, "answering")
        # What is typed ahead must not wait for answers.
        self._looking = ThreadPoolExecutor(2, "looking")
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._coming: defaultdict[int, int] = defaultdict(int)
        self._done = asyncio.Event()
        self._done.set()

    @asynccontextmanager
    async def queued(self, channel: int) -> AsyncIterator[int]:
        """A place in the queue until the answer has been sent; gives how many questions are to wait for.

        Raises:
            TooBusy: the queue is full.
            Closing: the bot is about to stop.
        """
        if self._closing:
            raise Closing("I am about to restart: ask again in a minute")
        if self._present >= self._limit:
            raise TooBusy(f"{self._present} questions are waiting already: ask again in a minute")
        before = self._present
        self._entered(channel)
        try:
            yield max(0, before - self._workers + 1)
        finally:
            self._left(channel)

    def _entered(self, channel: int) -> None:
        self._present += 1
        self._coming[channel] += 1
        self._done.clear()
        self._metrics.queue_depth.set(self._present)

    def _left(self, channel: int) -> None:
        self._present -= 1
        self._coming[channel] -= 1
        if not self._coming[channel]:
            del self._coming[channel]
            self._turns.pop(channel, None)
        if not self._present:
            self._done.set()
        self._metrics.queue_depth.set(self._present)

    @asynccontextmanager
    async def in_order(self, channel: int) -> AsyncIterator[None]:
        """Within ``queued``: begins when the channel's earlier questions have been answered and sent."""
        async with self._turns[channel]:
            yield

    async def answer(self, question: Question, collection: str | None = None) -> tuple[Answer, date | None]:
        """The answer, and the day of the newest article.

        Raises:
            PullquoteError: the index cannot be used.
            Closing: the bot is about to stop.
        """
        entered = time.perf_counter()
        async with self._free:
            if self._closing:
                raise Closing("I am about to restart: ask again in a minute")
            started = time.perf_counter()
            self._metrics.wait_seconds.observe(started - entered)

            def work(engine: Engine) -> tuple[Answer, date | None]:
                answer = engine.answer(question)
                if collection is None:
                    self._metrics.index_articles.set(engine.store.article_count())
                return answer, engine.store.newest()

            result = await self._run(self._answering, work, collection)
            self._metrics.answer_seconds.observe(time.perf_counter() - started)
            return result

    async def look(self, work: Callable[[Engine], _T], collection: str | None = None) -> _T:
        """Run something short over an open index, off the event loop.

        Raises:
            PullquoteError: the index cannot be used.
        """
        return await self._run(self._looking, work, collection)

    async def warm(self) -> None:
        """Open an engine and answer once; called ``workers`` times at once, it opens them all.

        Raises:
            PullquoteError: the index or a model cannot be used.
        """
        async with self._free:
            await self._run(self._answering, lambda engine: engine.answer(Question(_WARM_UP)), None)

    def _run(self, executor: Executor, work: Callable[[Engine], _T], collection: str | None) -> Awaitable[_T]:
        def run() -> _T:
            with self._pool.engine(collection) as engine:
                return work(engine)

        return asyncio.get_running_loop().run_in_executor(executor, run)

    async def close(self, within: float = 10.0) -> bool:
        """Take nothing more on and let what is being answered be sent; whether that was done in time.

        ``within`` is in seconds. What only waits is told that the bot restarts.
        """
        self._closing = True
        try:
            await asyncio.wait_for(self._done.wait(), within)
        except TimeoutError:
            return False
        finally:
            for executor in (self._answering, self._looking):
                executor.shutdown(wait=False, cancel_futures=True)
            self._pool.close()
        return True
