"""Whether a citation still holds: its words, looked up in the article as it is now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from index.errors import PullquoteError
from index.types import Article, Revision


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a quote; ``explanation`` is one line for people.

    ``start`` and ``end`` are where the quote stands in the article's current text,
    None where it does not.
    """

    status: Literal["found", "moved", "changed", "gone"]
    explanation: str
    start: int | None = None
    end: int | None = None


def verify(
    citation: Mapping[str, object], current: Article | None, revisions: Sequence[Revision] = ()
) -> Verdict:
    """What became of the quote in ``citation``, a citation as ``ask --json`` prints it.

    ``current`` is the article that it names, None if the index has none; ``revisions``
    are its old texts. Only the very same characters count as the same words.

    Raises:
        PullquoteError: a field is missing, of the wrong type, or contradicts another.
    """
    id_ = _text(citation, "article_id")
    quote = _text(citation, "quote")
    start, end = _offset(citation, "start"), _offset(citation, "end")
    if end - start != len(quote):
        raise PullquoteError(
            f'the citation contradicts itself: "quote" has {len(quote)} characters,'
            f' but "start" and "end" span {end - start}'
        )
    _check_answer(citation, quote, start)
    if current is None:
        return Verdict("gone", f"the article {_shown(id_)} is not in the index{_last_seen(quote, revisions)}")
    if current.text.startswith(quote, start):
        return Verdict("found", f"the quote stands at {start}:{end} of “{current.title}”", start, end)
    place = _nearest(current.text, quote, start)
    if place is None:
        history = _last_seen(quote, revisions)
        if revisions and not history:
            history = f", nor in its {len(revisions)} older revision{'s' * (len(revisions) > 1)}"
        answer = citation.get("answer")
        kept = "; its answer still stands there" if isinstance(answer, str) and answer in current.text else ""
        return Verdict("changed", f"the quote is not in “{current.title}” any more{kept}{history}")
    now = f"{place}:{place + len(quote)}"
    explanation = f"the quote stands at {now} of “{current.title}” now, no longer at {start}:{end}"
    return Verdict("moved", explanation, place, place + len(quote))


def _nearest(text: str, quote: str, start: int) -> int | None:
    """Where the quote stands nearest to ``start``."""
    # Occurrences may overlap, so each search goes one short of the whole quote past the start.
    before = text.rfind(quote, 0, start + len(quote) - 1)
    after = text.find(quote, start + 1)
    places = [place for place in (before, after) if place >= 0]
    return min(places, key=lambda place: abs(place - start), default=None)


def _last_seen(quote: str, revisions: Sequence[Revision]) -> str:
    """When the last revision with the quote was replaced, to go on with after the verdict; else ""."""
    holders = [revision for revision in revisions if quote in revision.text]
    if not holders:
        return ""
    last = max(holders, key=lambda revision: revision.replaced_at)
    return f"; a revision that had it was replaced at {last.replaced_at}"


def _check_answer(citation: Mapping[str, object], quote: str, start: int) -> None:
    """An answer that is not in its quote would pass with a quote that holds."""
    if citation.get("answer") is None:
        return
    answer = _text(citation, "answer")
    begin, end = _offset(citation, "answer_start") - start, _offset(citation, "answer_end") - start
    if begin < 0 or quote[begin:end] != answer:
        raise PullquoteError(
            'the citation contradicts itself: "answer" is not what "answer_start" and "answer_end" span'
        )


def _text(citation: Mapping[str, object], name: str) -> str:
    value = _required(citation, name)
    if not isinstance(value, str) or not value:
        raise PullquoteError(f'the citation\'s "{name}" must be text, not {_shown(value)}')
    return value


def _offset(citation: Mapping[str, object], name: str) -> int:
    value = _required(citation, name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise PullquoteError(f'the citation\'s "{name}" must be a number of characters, not {_shown(value)}')
    return value


def _required(citation: Mapping[str, object], name: str) -> object:
    if name not in citation:
        raise PullquoteError(
            f'the citation has no "{name}": give one as `ask --json` prints it, with'
            ' "article_id", "quote", "start" and "end"'
        )
    return citation[name]


def _shown(value: object) -> str:
    """A value from outside in a message: on one line, short, control characters escaped."""
    shown = repr(value)
    return shown if len(shown) <= 80 else shown[:79] + "…"
