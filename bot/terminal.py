"""An answer as text for a terminal.

A terminal obeys control characters, and articles and questions are anyone's: all that
is printed of them passes through ``plain``.
"""

import os
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Self, TextIO
from urllib.parse import quote as percent_encode

from bot.words import in_words, named
from index.combination import Combination
from index.sentences import sentence_at, sentence_spans
from index.types import Answer, Article, Citation

NOT_ANSWERED = "The articles do not say."
_BOLD, _DIM, _MARKED = "1", "2", "1;4"  # codes of ECMA-48's "select graphic rendition"
_MAX_SHOWN = 400  # characters of a passage: more than fit on a line
_LINKING = ("iTerm.app", "WezTerm", "vscode", "ghostty", "kitty")


@dataclass(frozen=True, slots=True)
class Style:
    """How wide the output may be, and whether it may hold colours and OSC 8 hyperlinks."""

    width: int = 80
    color: bool = False
    links: bool = False

    @classmethod
    def for_stream(cls, stream: TextIO) -> Self:
        """What ``stream`` can show. NO_COLOR counts for more than FORCE_COLOR, and that than TERM."""
        width, terminal = 80, stream.isatty()
        if terminal:
            with suppress(OSError):
                width = os.get_terminal_size(stream.fileno()).columns or width
        capable = terminal and os.environ.get("TERM") != "dumb"
        forced = os.environ.get("FORCE_COLOR", "0") not in ("", "0")
        color = (capable or forced) and not os.environ.get("NO_COLOR")
        return cls(min(100, max(40, width)), color, capable and _shows_links(os.environ))

    def paint(self, text: str, codes: str) -> str:
        """``text`` in bold or such, where colours are on."""
        return f"\x1b[{codes}m{text}\x1b[0m" if self.color and text else text

    def link(self, text: str, url: str) -> str:
        """``text``, clickable where hyperlinks are on and ``url`` is an address on the web."""
        if not self.links or not url.startswith(("http://", "https://")):
            return text
        return f"\x1b]8;;{_safe(url)}\x1b\\{text}\x1b]8;;\x1b\\"


def _shows_links(env: Mapping[str, str]) -> bool:
    def version(name: str) -> int:
        return int(value) if (value := env.get(name, "")).isdecimal() else 0

    term = env.get("TERM", "")
    # Inside a multiplexer the outer terminal's variables are still there, but not its abilities.
    if term.startswith(("screen", "tmux")):
        return False
    # VTE 0.50.0 crashes on the first link.
    if version("VTE_VERSION") > 5000 or version("KONSOLE_VERSION") >= 201200 or env.get("WT_SESSION"):
        return True
    return env.get("TERM_PROGRAM") in _LINKING or term.removeprefix("xterm-") in _LINKING


# Control characters, line separators, halves of characters, and marks that reorder what follows them.
_UNPLAIN = re.compile("[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def plain(text: str) -> str:
    """``text`` with nothing in it that a terminal would obey, newlines aside; U+FFFD shows an attempt."""
    return _UNPLAIN.sub(_replacement, text)


def _replacement(found: re.Match[str]) -> str:
    char = found.group()
    return " " if char.isspace() else "" if unicodedata.category(char) == "Cf" else "\ufffd"


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _safe(url: str) -> str:
    return percent_encode(url, safe="!#$%&'()*+,/:;=?@[]~", errors="replace")


# Characters of scripts that break a line anywhere, but not before closing punctuation and marks.
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff"
_CLOSING = "、。，．！？：；…」』）〉》】’”\u0300-\u036f\u3099\u309a\ufe00-\ufe0f"
_KEEPS = "\u00a0\u2007\u202f"  # white space that keeps words together


@cache
def _piece(wide: bool) -> re.Pattern[str]:
    """What stands on one line, or the space between. With ``_WIDE`` it takes milliseconds to compile."""
    anywhere = _WIDE if wide else _WIDE[:1]
    return re.compile(rf"(?P<space>[^\S{_KEEPS}]+)|[{anywhere}][{_CLOSING}]*|(?:[{_KEEPS}]|[^\s{anywhere}])+")


@cache
def _char_columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf") or "\u1160" <= char <= "\u11ff":
        # U+FE0F makes a narrow symbol an emoji, which is one column wider.
        return 1 if char in "\ufe0f\xad" else 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def columns(text: str) -> int:
    """How wide a terminal shows a line."""
    return len(text) if text.isascii() else sum(map(_char_columns, text))


def wrap(text: str, width: int) -> Iterator[tuple[int, int]]:
    """The lines of ``text``, as spans of it; a line break stays one, and only white space is left out."""
    pieces, offset = _piece(max(text, default="") >= _WIDE[0]), 0
    for paragraph in text.split("\n"):
        start = end = offset
        used = 0
        for piece in pieces.finditer(text, offset, offset + len(paragraph)):
            size = columns(piece.group())
            if not piece["space"]:
                if start == end or used + size > width:
                    if start < end:
                        yield start, end
                    start, used = piece.start(), 0
                end = piece.end()
                for at in range(start, end) if size > width else ():
                    if used + _char_columns(text[at]) > width:
                        yield start, at
                        start, used = at, 0
                    used += _char_columns(text[at])
            used += size if size <= width or piece["space"] else 0
        yield start, end
        offset += len(paragraph) + 1


def cut(text: str, width: int) -> str:
    """One line, cut after a word and marked with "…" where it is wider than ``width``."""
    if columns(text) <= width:
        return text
    fitting = text[: bisect_right(list(accumulate(map(_char_columns, text))), width - 1)]
    words = re.sub(r"\S*$", "", fitting) if not text[len(fitting)].isspace() else fitting
    return (words if columns(words) > width // 2 else fitting).rstrip(" ,;:–—-") + "…"


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    return [indent + text[start:end] for start, end in wrap(text, width - len(indent))]


def render(answer: Answer, style: Style) -> str:
    """The answer, its quote and source, and what else was found."""
    cited = list(enumerate(answer.citations, 1))
    first = [line for _, citation in cited[:1] for line in _citation(citation, style)]
    reason = _line(answer.reason or "").rstrip(".")
    title, body, others = "Also found", first, cited[1:]
    if not answer.answered:
        body = _wrapped(f"{reason[:1].upper()}{reason[1:]}.", style.width) if reason else []
        title, others = "Nearest passages", cited
    head = _wrapped(plain((answer.answered and answer.text) or NOT_ANSWERED), style.width)
    blocks = [[style.paint(line, _BOLD) for line in head], _derived(answer, style), body]
    if others:
        blocks += [[style.paint(title, _BOLD)], *(_briefly(*each, style) for each in others)]
    return "\n\n".join("\n".join(block) for block in blocks if block)


def _derived(answer: Answer, style: Style) -> list[str]:
    """The date that the answer's words come to, said to be ours and not the article's."""
    resolved = answer.citations[0].resolved_date if answer.citations else None
    # "5 March 2024" need not be said twice.
    if resolved is None or in_words(resolved) == answer.text:
        return []
    return _wrapped(f"(derived from the article’s date: {in_words(resolved)})", style.width)


def _citation(citation: Citation, style: Style) -> Iterator[str]:
    article, link = citation.article, citation.deep_link
    yield from _quote(citation, style)
    yield from _wrapped(_source(article), style.width, "  ")
    # A link is printed whole, or it could not be copied. One to click need not be read.
    if link and style.links and article.url:
        yield "  " + style.link(cut(_safe(article.url), style.width - 2), link)
    elif link:
        yield "  " + (_safe(link) if article.url else _line(link))


def _quote(citation: Citation, style: Style) -> Iterator[str]:
    """The quote's lines behind a bar, the answer in bold.

    Without colour nothing is put into the words, which are verbatim and may be copied
    or searched for: a thicker bar marks the lines that hold the answer.
    """
    text, begin, end = citation.article.text, citation.answer_start, citation.answer_end
    if begin is None or end is None:
        begin = end = citation.end
    before, answer = plain(text[citation.start : begin]), plain(text[begin:end])
    quote = before + answer + plain(text[end : citation.end])
    for start, stop in wrap(quote, style.width - 4):
        first, last = max(start, len(before)), min(stop, len(before) + len(answer))
        if first >= last:
            first = last = stop
        bar = style.paint("▌" if first < last and not style.color else "│", _DIM)
        words = quote[start:first] + style.paint(quote[first:last], _MARKED) + quote[last:stop]
        yield f"  {bar} {words}".rstrip()


def _source(article: Article) -> str:
    published = in_words(article.published.isoformat()) if article.published else ""
    title = f"“{article.title}”" if article.title else ""
    parts = (article.publisher, named(article.authors), published, title)
    return " · ".join(filter(None, map(_line, parts)))


def _briefly(rank: int, citation: Citation, style: Style) -> list[str]:
    """The sentence that answers, or how the passage begins, the source, and where it is: a line each."""
    text, start, end = citation.article.text, citation.start, citation.end
    spans = sentence_spans(text, start, end)
    if spans and citation.answer_start is not None:
        start, end = spans[max(0, sentence_at(spans, citation.answer_start))]
    number = f"{rank}. "
    width = style.width - len(number)
    source = style.paint(cut(_source(citation.article), width), _DIM)
    words = cut(_line(text[start:end][:_MAX_SHOWN]), width)
    indent = " " * len(number)
    lines = [number + words, indent + style.link(source, citation.deep_link)]
    # The page rather than the deep link, which would be longer than all the rest.
    place = _safe(citation.article.url) if citation.article.url else _line(citation.deep_link)
    return [*lines, indent + place] if place and not (style.links and citation.article.url) else lines


def render_explain(answer: Answer, weights: Combination, least: float, style: Style) -> str:
    """The candidates with every feature and its weight, then how the confidence came about.

    ``least`` is the confidence asked for.
    """
    head = style.paint("  #   score  share  answer"[: style.width], _BOLD)
    lines = [head] if answer.candidates else ["No passage was found."]
    for rank, each in enumerate(answer.candidates, 1):
        figures = f"{rank:>3}{each.score:>8.2f}{each.share:>7.3f}  "
        lines.append(figures + cut(_line(each.text[:_MAX_SHOWN]), style.width - len(figures)))
        lines.append("    " + style.paint(cut(_source(each.article), style.width - 4), _DIM))
        lines += _wrapped(_sum(each.features, weights.ranking), style.width, "    ")
        hit = each.hit
        lines.append(
            f"    dense rank {_figure(hit.dense_rank)}, lexical rank {_figure(hit.lexical_rank)},"
            f" BM25 {_figure(hit.lexical, 2)}"
        )
    verdict = "answered" if answer.answered else "not answered"
    facts = [f"confidence {answer.confidence:.2f}, asked for at least {least:.2f}: {verdict}"]
    if answer.verdict:
        constant = f"constant {weights.confidence['constant']:+.2f}"
        facts.append(f"log-odds: {constant} · {_sum(answer.verdict, weights.confidence)}")
    facts.append(" · ".join(f"{stage} {time:,.1f} ms" for stage, time in answer.timings.items()))
    return "\n".join([*lines, "", *(line for fact in facts for line in _wrapped(fact, style.width))])


def _sum(features: Mapping[str, float], weights: Mapping[str, float]) -> str:
    """Each feature as "name value × weight"; those without a weight as their value."""
    return " · ".join(
        f"{name} {value:.2f} × {weights[name]:.2f}" if name in weights else f"{name} {value:.2f}"
        for name, value in features.items()
    )


def _figure(value: float | None, places: int = 0) -> str:
    return "–" if value is None else f"{value:.{places}f}"
