"""An article's words as a Discord block quote with the answer in bold, and the paragraphs around them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from bot.discord.text import at_line_start, going_on, inert, plain, size, word_end, word_start
from index.sentences import sentence_around

_Window: TypeAlias = tuple[int, int]

# A quote of more lines is run together: a card must not fill the screen with lines of one letter.
_MOST_LINES = 20


def quote_block(quote: str, answer: tuple[int, int] | None, limit: int) -> str:
    """``quote`` as a block quote in at most ``limit`` code units, ``answer``, a span of it, in bold.

    ``limit`` is 20 or more. What does not fit is cut at words' ends and marked with "…": first
    what follows the answer's sentence, then what precedes it, then on both sides of the answer,
    at last within it.
    """
    begin, end = answer or (0, 0)
    # What is further from the answer than this is not looked at, however long the quote is.
    first, last = max(0, begin - 4 * limit), end + 4 * limit
    before, words = plain(quote[first:begin]), plain(quote[begin : min(end, begin + 4 * limit)])
    after = plain(quote[end:last]) if len(words) <= limit else ""
    more = (first > 0 or len(before) > limit, last < len(quote) or len(words) > limit or len(after) > limit)
    before, words, after = before[-limit:], words[:limit], after[:limit]
    text = before + words + after
    if text.count("\n") > _MOST_LINES:
        text = text.replace("\n", " ")
    return _Quote(text, len(before), len(before + words), *more).within(limit)


@dataclass(frozen=True, slots=True)
class _Quote:
    """Plain text with the answer's span in it, and whether more comes before and after it."""

    text: str
    begin: int
    end: int
    more_before: bool
    more_after: bool

    def within(self, limit: int) -> str:
        """As much of it as fits."""
        whole = self._shown((0, len(self.text)))
        if size(whole) <= limit:
            return whole
        return self._shown(self._window(lambda window: size(self._shown(window)) <= limit, limit))

    def _window(self, fits: Callable[[_Window], bool], limit: int) -> _Window:
        sentence = self._sentence()
        for start, least in (0, sentence[1]), (sentence[0], self.end):
            if fits((start, least)):
                return _widest(partial(self._behind, start, least), fits, limit)
        if fits((self.begin, self.end)):
            return _widest(self._around, fits, limit)
        return _widest(partial(self._behind, self.begin, self.begin), fits, limit)

    def _sentence(self) -> _Window:
        """The sentence that holds the answer, or those that do."""
        if self.begin == self.end:
            return 0, 0
        return sentence_around(self.text, self.begin, self.end, (0, len(self.text)))

    def _behind(self, start: int, least: int, more: int) -> _Window:
        return start, max(least, word_end(self.text, least + more))

    def _around(self, more: int) -> _Window:
        start = word_start(self.text, self.begin - more)
        return min(self.begin, start), max(self.end, word_end(self.text, self.end + more))

    def _shown(self, window: _Window) -> str:
        start, stop = window
        lines: list[str] = []
        offset = start
        for line in self.text[start:stop].split("\n"):
            shown = self._line(offset, offset + len(line))
            offset += len(line) + 1
            # An empty line ends a paragraph; two, or one at an edge, are nothing.
            if shown or (lines and lines[-1]):
                lines.append(shown)
        words = "\n> ".join(lines if not lines or lines[-1] else lines[:-1])
        opening = "… " if self.more_before or start > 0 else ""
        goes_on = self.more_after or stop < len(self.text)
        return f"> {opening}{going_on(words) if goes_on else words}"

    def _line(self, start: int, stop: int) -> str:
        text = self.text
        first, last = max(start, self.begin), min(stop, self.end)
        # Bold that begins or ends with a space is shown as asterisks.
        while first < last and text[first].isspace():
            first += 1
        while first < last and text[last - 1].isspace():
            last -= 1
        if first >= last:
            return at_line_start(inert(text[start:stop].strip()))
        before, after = text[start:first].lstrip(), text[last:stop].rstrip()
        bold = f"**{inert(text[first:last])}**"
        return at_line_start(f"{inert(before)}{bold}{inert(after)}")


def _widest(window: Callable[[int], _Window], fits: Callable[[_Window], bool], most: int) -> _Window:
    """The last of the windows, which grow with a number from 0 to ``most``, that fits; the first fits."""
    best, least, too_much = window(0), 0, most + 1
    while least + 1 < too_much:
        middle = (least + too_much) // 2
        if fits(window(middle)):
            best, least = window(middle), middle
        else:
            too_much = middle
    return best


def around(text: str, start: int, end: int) -> tuple[int, int]:
    """The span of the paragraphs of ``text`` that hold ``start`` to ``end``.

    Where those are nothing but what was asked for, the paragraph before and the one after as well.
    """
    first, last = _paragraph_start(text, start), _paragraph_end(text, end)
    if text[first:last].strip() == text[start:end].strip():
        first = _paragraph_start(text, len(text[:first].rstrip()))
        last = _paragraph_end(text, last + len(text[last:]) - len(text[last:].lstrip()))
    return first, last


def _paragraph_start(text: str, at: int) -> int:
    found = text.rfind("\n\n", 0, at)
    return 0 if found < 0 else found + 2


def _paragraph_end(text: str, at: int) -> int:
    found = text.find("\n\n", at)
    return len(text) if found < 0 else found
