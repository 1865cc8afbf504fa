"""How Discord reads a message, as far as is known: the rules of its clients, tried in their order.

Only what is read differently from plain words is modelled. Where versions differ, the
one that does more with the text is.
"""

import re
from dataclasses import dataclass, field

_INLINE = [
    (name, re.compile(pattern, re.DOTALL | re.IGNORECASE))
    for name, pattern in (
        ("escape", r"\\([^0-9A-Za-z\s])"),
        ("mention", r"<(?:@[!&]?|\#)\d+>|<id:\w+>|</[^>]+:\d+>"),
        ("everyone", r"@(?:everyone|here)"),
        ("emoji", r"<a?:\w+:\d+>|:[\w+~-]+:"),
        ("time", r"<t:(-?\d{1,17})(?::[tTdDfFsSRr])?>"),
        # Backslashes mean nothing to the search for the label's end.
        ("link", r"\[((?:\[[^\]]*\]|[^\[\]]|\](?=[^\[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\]|\\.)*?)>?\s*\)"),
        ("quiet", r"<[^\s:<>]+:/[^\s<>]+>|<[^\s<>@]+@[^\s<>]+>"),
        ("url", r"(?:https?|steam)://[^\s<]+[^<.,:;\"'\]\s]"),
        ("invite", r"discord(?:\.gg|(?:app)?\.com/invite|\.new)/[\w-]+"),
        ("bold", r"\*\*((?:\\.|[^\\])+?)\*\*(?!\*)"),
        ("underline", r"__((?:\\.|[^\\])+?)__(?!_)"),
        ("italic", r"\*(?=\S)((?:\*\*|\\.|[^\\*])+?)\*(?!\*)|\b_((?:__|\\.|[^\\_])+?)_\b"),
        ("strike", r"~~((?:\\.|[^\\])+?)~~"),
        ("spoiler", r"\|\|(.+?)\|\|"),
        ("code", r"(`+)(.*?[^`])\1(?!`)"),
    )
]
_BEGINNINGS = frozenset("\\<@:[hHsSdD*_~|`")
_BLOCK = re.compile(
    r"^\s*(?:(?P<heading>#{1,3}\s)|(?P<subtext>-#\s)|(?P<list>(?:[-*+]|\d+[.)])\s)|(?P<quote>>(?:>>)?\s))"
)
# What Discord's servers look for, before any backslash is looked at.
_PING = re.compile(r"@(?:everyone|here)|<@[!&]?\d+>")
_PREVIEW = re.compile(r"https?://[^\s<]{2}|discord(?:\.gg|(?:app)?\.com/invite|\.new)/\w", re.IGNORECASE)


@dataclass
class Reading:
    """What is shown, and the parts of it that are more than words, as (kind, words)."""

    shown: str = ""
    parts: list[tuple[str, str]] = field(default_factory=list)

    @property
    def kinds(self) -> set[str]:
        return {kind for kind, _ in self.parts}

    def of(self, kind: str) -> list[str]:
        return [words for each, words in self.parts if each == kind]


def read(text: str) -> Reading:
    """``text`` as a client of Discord's shows it."""
    reading = Reading()
    lines = []
    for line in text.split("\n"):
        if block := _BLOCK.match(line):
            kind = block.lastgroup or ""
            inner = read(line[block.end() :])
            reading.parts.append((kind, inner.shown))
            reading.parts += inner.parts
            lines.append(inner.shown)
        else:
            lines.append(_inline(line, reading))
    _across_lines(text, reading)
    reading.shown = "\n".join(lines)
    return reading


def _across_lines(text: str, reading: Reading) -> None:
    """What may reach over lines: all but the blocks."""
    if "\n" in text:
        whole = Reading()
        _inline(text, whole)
        reading.parts += [part for part in whole.parts if "\n" in part[1]]


def _inline(text: str, reading: Reading) -> str:
    shown, at = "", 0
    while at < len(text):
        for kind, rule in _INLINE if text[at] in _BEGINNINGS else ():
            found = rule.match(text, at)
            if not found:
                continue
            if kind == "escape":
                shown += found[1]
            elif kind == "link":
                reading.parts.append(("link", f"{found[1]} -> {found[2]}"))
                shown += found[1]
            elif kind in ("bold", "underline", "italic", "strike"):
                inner = _inline(next(each for each in found.groups() if each), reading)
                reading.parts.append((kind, inner))
                shown += inner
            else:
                reading.parts.append((kind, found.group()))
                shown += found.group()
            at = found.end()
            break
        else:
            shown += text[at]
            at += 1
    return shown


def pings(text: str) -> bool:
    """Whether Discord's servers find somebody to notify in ``text``."""
    return bool(_PING.search(text))


def previews(text: str) -> bool:
    """Whether Discord's servers find an address to fetch in ``text``."""
    return bool(_PREVIEW.search(text))
