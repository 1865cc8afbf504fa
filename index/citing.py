"""From read passages to citations: neighbours shown as one."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from index.deeplink import deep_link
from index.types import Article, Citation, Hit, Span

# Passages that adjoin make one quote up to this length, in characters; longer is no longer a quote.
MAX_QUOTE = 900


@dataclass(frozen=True, slots=True)
class Reading:
    """A hit, the article it is from, and the span that answers best in it."""

    hit: Hit
    article: Article
    span: Span


@dataclass(frozen=True, slots=True)
class _Quote:
    start: int
    end: int
    best: Reading


def cite(readings: Iterable[Reading], k: int, *, answered: bool) -> tuple[Citation, ...]:
    """The first ``k`` citations of readings that come best first.

    A passage that overlaps or adjoins one before it is shown in the same quote. The
    answer is marked where the question is ``answered``.
    """
    quotes: list[_Quote] = []
    for reading in readings:
        for i, quote in enumerate(quotes):
            if joined := _joined(quote, reading):
                quotes[i] = joined
                break
        else:
            quotes.append(_Quote(reading.hit.passage.start, reading.hit.passage.end, reading))
    return tuple(_citation(quote, answered) for quote in quotes[:k])


def _joined(quote: _Quote, reading: Reading) -> _Quote | None:
    """The quote that holds both, if they are one run of text in one article."""
    passage = reading.hit.passage
    if quote.best.article.id != passage.article_id:
        return None
    start, end = min(quote.start, passage.start), max(quote.end, passage.end)
    overlap = passage.start < quote.end and quote.start < passage.end
    between = reading.article.text[min(quote.end, passage.end) : max(quote.start, passage.start)]
    if overlap or (not between.strip() and end - start <= MAX_QUOTE):
        return replace(quote, start=start, end=end)
    return None


def _citation(quote: _Quote, answered: bool) -> Citation:
    article, span = quote.best.article, quote.best.span
    return Citation(
        article=article,
        start=quote.start,
        end=quote.end,
        quote=article.text[quote.start : quote.end],
        deep_link=deep_link(article, quote.start, quote.end),
        score=quote.best.hit.fused,
        answer_start=span.start if answered else None,
        answer_end=span.end if answered else None,
    )
