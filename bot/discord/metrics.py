"""The bot's figures, in Prometheus' text format for whoever watches it."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from index.errors import PullquoteError

SURFACES = ("slash", "mention", "reply", "thread", "dm", "menu")
OUTCOMES = ("answered", "abstained", "error", "refused")
VERDICTS = ("good", "bad")
# Seconds: a warm answer takes a few tenths, one at the end of a full queue a minute.
_BUCKETS = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0)


class Metrics:
    """One bot's figures. Every name begins with ``pullquote_``; any thread may count.

    ``questions`` are counted by ``surface`` (how it was asked, one of SURFACES), ``answers``
    by ``outcome`` (one of OUTCOMES), ``feedback`` by ``verdict`` (one of VERDICTS) and
    ``discord_errors`` by ``kind``: Discord's status, or a word. ``answer_seconds`` is the
    computing of an answer, ``wait_seconds`` what comes before it in the queue.
    ``queue_depth`` counts the questions that wait or are answered now.
    """

    def __init__(self) -> None:
        # Not the library's common registry: two bots in one process (tests) must not add up.
        self.registry = CollectorRegistry()
        self.questions = self._counter("questions", "Questions asked, by how they were asked.", "surface")
        self.answers = self._counter("answers", "Questions dealt with, by what they came to.", "outcome")
        self.feedback = self._counter("feedback", "Verdicts of users on answers.", "verdict")
        self.discord_errors = self._counter("discord_errors", "Faults in talking to Discord.", "kind")
        self.answer_seconds = self._histogram("answer_seconds", "Time to compute an answer.")
        self.wait_seconds = self._histogram("wait_seconds", "Time a question waited in the queue.")
        self.queue_depth = self._gauge("queue_depth", "Questions waiting or being answered.")
        self.index_articles = self._gauge("index_articles", "Articles in the common index.")
        # What has not happened yet is 0, not missing: a rate over a missing series is none.
        for counter, values in (
            (self.questions, SURFACES),
            (self.answers, OUTCOMES),
            (self.feedback, VERDICTS),
        ):
            for value in values:
                counter.labels(value)

    def serve(self, port: int, address: str = "127.0.0.1") -> Callable[[], None]:
        """Serve the figures over HTTP from a thread of its own; returns what stops it.

        Raises:
            PullquoteError: the port is in use or not allowed, or there is no such address.
        """
        try:
            server, thread = start_http_server(port, address, self.registry)
        except (OSError, OverflowError) as error:
            problem = getattr(error, "strerror", None) or error
            raise PullquoteError(
                f"the figures cannot be served at {address}, port {port} ({problem}): choose another"
                " --metrics-port, or stop the program that uses this one"
            ) from error

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop

    def _counter(self, name: str, help: str, label: str) -> Counter:
        return Counter(f"pullquote_{name}_total", help, [label], registry=self.registry)

    def _histogram(self, name: str, help: str) -> Histogram:
        return Histogram(f"pullquote_{name}", help, buckets=_BUCKETS, registry=self.registry)

    def _gauge(self, name: str, help: str) -> Gauge:
        return Gauge(f"pullquote_{name}", help, registry=self.registry)
