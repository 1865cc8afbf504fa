"""The figures as Prometheus scrapes them."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from bot.discord.metrics import Metrics
from index.errors import PullquoteError


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(metrics: Metrics) -> Iterator[int]:
    port = free_port()
    stop = metrics.serve(port)
    try:
        yield port
    finally:
        stop()


def scraped(port: int) -> dict[str, float]:
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        assert response.headers["Content-Type"].startswith("text/plain")
        text = response.read().decode()
    rows = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


def test_what_was_counted_is_served() -> None:
    metrics = Metrics()
    metrics.questions.labels(surface="slash").inc()
    metrics.questions.labels(surface="slash").inc()
    metrics.answers.labels(outcome="abstained").inc()
    metrics.feedback.labels(verdict="bad").inc()
    metrics.discord_errors.labels(kind="429").inc()
    metrics.answer_seconds.observe(0.25)
    metrics.wait_seconds.observe(45)
    metrics.queue_depth.set(7)
    metrics.index_articles.set(1200)
    with served(metrics) as port:
        found = scraped(port)
    expected = {
        'pullquote_questions_total{surface="slash"}': 2,
        'pullquote_questions_total{surface="menu"}': 0,
        'pullquote_answers_total{outcome="abstained"}': 1,
        'pullquote_answers_total{outcome="answered"}': 0,
        'pullquote_feedback_total{verdict="bad"}': 1,
        'pullquote_discord_errors_total{kind="429"}': 1,
        'pullquote_answer_seconds_bucket{le="0.2"}': 0,
        'pullquote_answer_seconds_bucket{le="0.3"}': 1,
        "pullquote_answer_seconds_count": 1,
        'pullquote_wait_seconds_bucket{le="30.0"}': 0,
        'pullquote_wait_seconds_bucket{le="60.0"}': 1,
        "pullquote_queue_depth": 7,
        "pullquote_index_articles": 1200,
    }
    assert {name: found.get(name) for name in expected} == expected
    assert all(name.startswith("pullquote_") for name in found)


def test_two_bots_do_not_add_up() -> None:
    metrics, other = Metrics(), Metrics()
    other.questions.labels(surface="dm").inc()
    with served(metrics) as port:
        assert scraped(port)['pullquote_questions_total{surface="dm"}'] == 0


def test_a_port_in_use_is_named_with_the_mend_and_the_first_goes_on() -> None:
    with served(Metrics()) as port:
        with pytest.raises(PullquoteError, match=f"port {port} .*choose another --metrics-port"):
            Metrics().serve(port)
        assert scraped(port)


@pytest.mark.parametrize(("port", "address"), [(70_000, "127.0.0.1"), (0, "no such address")])
def test_a_place_that_there_is_not_is_an_error(port: int, address: str) -> None:
    with pytest.raises(PullquoteError, match="cannot be served"):
        Metrics().serve(port, address)


def test_nothing_is_served_once_stopped() -> None:
    metrics, port = Metrics(), free_port()
    metrics.serve(port)()
    with pytest.raises(URLError):
        urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10)
    metrics.serve(port)()  # and the port is free again
