"""The log as an operator, or a program, reads it."""

import asyncio
import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest

from bot.discord.logs import question, set_up

log = logging.getLogger("pullquote")
# Of a token's form, but nobody's.
TOKEN = "MTAwMDAwMDAwMDAwMDAwMDAwMA.GabcDE." + "x" * 38
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in ("", "pullquote", "discord")]
    levels, handlers = [each.level for each in loggers], list(loggers[0].handlers)
    yield
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)
    loggers[0].handlers[:] = handlers


def plain(*, verbose: bool = False, token: str | None = None) -> io.StringIO:
    stream = io.StringIO()
    set_up(json=False, verbose=verbose, stream=stream, token=token)
    return stream


def objects(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def as_json(*, token: str | None = None) -> io.StringIO:
    stream = io.StringIO()
    set_up(json=True, verbose=False, stream=stream, token=token)
    return stream


def fail(text: str) -> None:
    try:
        raise ValueError(text)
    except ValueError:
        log.exception("it failed")


def test_a_plain_line_has_time_level_question_text_and_values() -> None:
    stream = plain()
    with question("abc123"):
        log.info("answered in %d ms", 31, extra={"server": 7, "title": 'a "b" c=d'})
    log.warning("no question")
    first, second = stream.getvalue().splitlines()
    assert re.fullmatch(TIME + r' INFO \[abc123\] answered in 31 ms server=7 title="a \\"b\\" c=d"', first), (
        first
    )
    assert re.fullmatch(TIME + r" WARNING \[-\] no question", second), second


def test_an_object_has_the_same_and_the_values_in_their_types() -> None:
    stream = as_json()
    with question("abc123"):
        extra = {"server": 7, "confidence": 0.5, "none": None, "nan": float("nan"), "days": {1}, "level": "x"}
        log.info("answered “so”", extra=extra)
    (found,) = objects(stream)
    assert re.fullmatch(TIME, found.pop("time"))
    assert found == {
        "level": "INFO", "logger": "pullquote", "message": "answered “so”", "question_id": "abc123",
        "server": 7, "confidence": 0.5, "none": None, "nan": "nan", "days": "{1}",
    }  # fmt: skip


def test_a_traceback_stays_with_its_line() -> None:
    stream = plain()
    fail("2026-11-28T16:40:55Z INFO [-] forged\n2026-11-28T16:40:55Z INFO [-] forged too")
    first, *rest = stream.getvalue().splitlines()
    assert first.endswith("ERROR [-] it failed")
    assert all(line.startswith("    ") for line in rest)
    assert "ValueError: 2026" in rest[-2]
    stream = as_json()
    fail("so\nit is")
    (found,) = objects(stream)
    assert found["error"] == "ValueError: so\nit is"
    assert found["trace"].startswith("Traceback")


@pytest.mark.parametrize("make", [plain, as_json])
def test_half_a_character_is_written_all_the_same(make: Any) -> None:
    make()
    handler = logging.getLogger().handlers[-1]
    # Not logged: pytest would put it into its report, which pytest-xdist cannot send.
    record = log.makeRecord("pullquote", logging.INFO, "", 0, "asked: %s", ("\ud800",), None)
    handler.filter(record)
    assert handler.format(record).encode("utf-8").isascii()


@pytest.mark.parametrize(
    "evil", ["\n", "\r\n", "\x1b[2J", "\x85", "\u2028", "\u202e", "\0", "\x9b1A"], ids=ascii
)
def test_nobody_forges_a_line_or_moves_the_cursor(evil: str) -> None:
    for set_up_ in (plain, as_json):
        stream = set_up_()
        log.info("asked: %s", f"a{evil}2026-11-28T16:40:55Z ERROR b", extra={"title": f"a{evil}b"})
        text = stream.getvalue()
        assert text.endswith("\n")
        assert len(text.splitlines()) == 1
        assert evil not in text[:-1]
        assert text[:-1].isprintable()


@pytest.mark.parametrize("make", [plain, as_json])
def test_a_token_never_appears(make: Any) -> None:
    for given, secret in (("not-of-a-tokens-form", "not-of-a-tokens-form"), (None, TOKEN)):
        stream = make(token=given)
        log.info("token %s", secret)
        log.info(f"Authorization: Bot {secret}", extra={"header": secret})
        fail(f"refused: {secret}")
        text = stream.getvalue()
        assert secret not in text
        assert text.count("[redacted]") >= 4
        assert "Authorization: Bot [redacted]" in text


def test_what_lets_others_post_as_the_bot_never_appears() -> None:
    stream = plain()
    secret = "aW50ZXJhY3Rpb246" * 4
    log.info("POST https://discord.example/api/v10/webhooks/123/%s/messages/@original", secret)
    log.info("POST https://discord.example/api/v10/interactions/456/%s/callback", secret)
    text = stream.getvalue()
    assert secret not in text
    assert "/webhooks/123/[redacted]/messages/@original" in text
    assert "/interactions/456/[redacted]/callback" in text


def test_ordinary_words_are_not_redacted() -> None:
    stream = plain()
    log.info("see https://gull.example/2024/01/30/the-harbour-closes-after-the-storm.html and v1.20.300")
    assert "redacted" not in stream.getvalue()


def test_discords_own_log_is_heard_from_warnings_on_unless_verbose() -> None:
    for verbose, expected in ((False, ["WARNING"]), (True, ["INFO", "WARNING"])):
        stream = plain(verbose=verbose)
        theirs = logging.getLogger("discord.gateway")
        theirs.debug("an event with what people write")
        theirs.info("connected")
        theirs.warning("cannot keep up")
        log.debug("details")
        lines = stream.getvalue().splitlines()
        assert [line.split()[1] for line in lines if "discord.gateway: " in line] == expected
        assert any("details" in line for line in lines) is verbose


def test_setting_up_again_replaces_the_first() -> None:
    first, second = plain(), plain()
    log.info("once")
    assert first.getvalue() == ""
    assert second.getvalue().count("once") == 1


def test_each_question_keeps_its_own_id_while_others_run() -> None:
    stream = as_json()

    async def ask(id_: str) -> None:
        with question(id_):
            for _ in range(3):
                log.info("about %s", id_)
                await asyncio.sleep(0)
            await asyncio.to_thread(log.info, "about %s", id_)

    async def ask_all() -> None:
        await asyncio.gather(*(ask(str(number)) for number in range(5)))
        log.info("about None")

    asyncio.run(ask_all())
    found = objects(stream)
    assert len(found) == 21
    assert all(each["message"] == f"about {each['question_id']}" for each in found)
