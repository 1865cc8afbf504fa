"""What Discord accepts of a bot, and what nobody but the bot may have put there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from bot.discord.text import one_line, size
from tests.discord.markup import pings, previews, read

# What the bot mentions itself: any id but the one in hostile strings.
_OWN_MENTION = re.compile(r"<(?:#|@&?)(?!123456789012345678>)\d{17,20}>")
_OWN_LINK = re.compile(r"<https://discord\.com/channels/\d{17,20}/\d{17,20}/\d{17,20}>")
_MODAL = 9


def check_payloads(requests: Sequence[Any], *, links: str) -> int:
    """Check all that was sent to Discord; gives how many payloads there were.

    ``links`` is how every address begins that a link may lead to.
    """
    count = 0
    for request in requests:
        if not isinstance(request.json, dict):
            continue
        count += 1
        data = request.json.get("data") or request.json
        if "content" in data or "embeds" in data:
            _check_message(data, links)
        _check_choices(data.get("choices") or ())
        if request.json.get("type") == _MODAL:
            assert 0 < len(data["title"]) <= 45
        for part in _parts(data.get("components") or ()):
            _check_part(part)
        if request.path.endswith("/threads"):
            assert 0 < size(data["name"]) <= 100
            assert data["name"].strip()
    return count


def _check_message(data: Mapping[str, Any], links: str) -> None:
    assert data["allowed_mentions"]["parse"] == []
    assert not set(data["allowed_mentions"]) - {"parse", "replied_user"}
    assert not data["allowed_mentions"].get("replied_user")
    _check_content(data.get("content") or "")
    for embed in data.get("embeds") or ():
        title, words = embed.get("title") or "", embed.get("description") or ""
        foot = (embed.get("footer") or {}).get("text") or ""
        fields = [(each["name"], each["value"]) for each in embed.get("fields") or ()]
        assert size(title) <= 256
        assert size(words) <= 4096
        assert size(foot) <= 2048
        assert len(fields) <= 25
        assert all(0 < size(name) <= 256 and 0 < size(value) <= 1024 for name, value in fields)
        assert sum(map(size, [title, words, foot, *(part for field in fields for part in field)])) <= 6000
        _check_words(title, links, frozenset())
        _check_words(words, links, frozenset({"quote", "bold", "time", "link"}))
        assert not pings(foot)
        for _, value in fields:
            _check_words(_OWN_MENTION.sub("", value), links, frozenset())


@cache
def _check_content(text: str) -> None:
    assert size(text) <= 2000
    ours = _OWN_LINK.sub("", _OWN_MENTION.sub("", text))
    reading = read(ours)
    assert reading.kinds <= {"quote", "code"}
    assert set(reading.of("code")) <= {"`/ask`"}
    assert not pings(ours)
    assert not previews(ours)


@cache
def _check_words(text: str, links: str, allowed: frozenset[str]) -> None:
    assert not pings(text)
    assert text.encode().decode() == text
    reading = read(text)
    assert reading.kinds <= allowed
    for link in reading.of("link"):
        assert link.rpartition(" -> ")[2].startswith(links)


def _check_choices(choices: Sequence[Mapping[str, Any]]) -> None:
    assert len(choices) <= 25
    for each in choices:
        assert 0 < size(each["name"]) <= 100
        assert one_line(each["name"]) == each["name"]
        assert 0 < size(each["value"]) <= 100


def _parts(parts: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for part in parts:
        yield part
        yield from _parts(part.get("components") or ())


def _check_part(part: Mapping[str, Any]) -> None:
    assert size(part.get("custom_id") or "") <= 100
    assert size(part.get("label") or "") <= 80
    assert size(part.get("placeholder") or "") <= 100
    assert len(part.get("components") or ()) <= 5
    options = part.get("options") or ()
    assert len(options) <= 25
    for option in options:
        assert 0 < size(option["label"]) <= 100
        assert 0 < size(option["value"]) <= 100
