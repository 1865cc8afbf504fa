"""From ranked candidates to citations: neighbours shown as one, the answer's own article first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.deeplink import deep_link
from index.kinds import Kind
from index.sentences import sentence_around
from index.types import Article, Candidate, Citation

# Passages that adjoin make one quote up to this length, in characters; longer is no longer a quote.
MAX_QUOTE = 900


@dataclass(frozen=True, slots=True)
class _Quote:
    start: int
    end: int
    best: Candidate


def cite(ranked: Sequence[Candidate], k: int, kind: Kind, *, answered: bool) -> tuple[Citation, ...]:
    """The first ``k`` citations of candidates that come best first.

    Where the question is ``answered``, the articles that give the same answer as the best
    come before its rivals, and the answer is marked. A passage that overlaps or adjoins
    one before it is shown in the same quote.
    """
    if answered:
        ranked = sorted(ranked, key=lambda each: each.cluster != ranked[0].cluster)
    quotes: list[_Quote] = []
    for candidate in ranked:
        for i, quote in enumerate(quotes):
            if joined := _joined(quote, candidate):
                quotes[i] = joined
                break
        else:
            passage = candidate.hit.passage
            quotes.append(_Quote(passage.start, passage.end, candidate))
    return tuple(_citation(quote, kind, answered) for quote in quotes[:k])


def _joined(quote: _Quote, candidate: Candidate) -> _Quote | None:
    """The quote that holds both, if they are one run of text in one article."""
    passage = candidate.hit.passage
    if quote.best.article.id != passage.article_id:
        return None
    start, end = min(quote.start, passage.start), max(quote.end, passage.end)
    overlap = passage.start < quote.end and quote.start < passage.end
    between = candidate.article.text[min(quote.end, passage.end) : max(quote.start, passage.start)]
    if overlap or (not between.strip() and end - start <= MAX_QUOTE):
        return replace(quote, start=start, end=end)
    return None


def _citation(quote: _Quote, kind: Kind, answered: bool) -> Citation:
    article, best = quote.best.article, quote.best
    if not answered:
        link = deep_link(article, quote.start, quote.end)
        return Citation(
            article, quote.start, quote.end, article.text[quote.start : quote.end], link, best.score
        )
    sentence = sentence_around(article.text, best.start, best.end, (quote.start, quote.end))
    return Citation(
        article=article,
        start=quote.start,
        end=quote.end,
        quote=article.text[quote.start : quote.end],
        # The sentence rather than the quote: a page that opens at it shows both.
        deep_link=deep_link(article, *sentence),
        score=best.score,
        answer_start=best.start,
        answer_end=best.end,
        resolved_date=_resolved(article, best, sentence) if kind is Kind.WHEN else None,
    )


def _resolved(article: Article, best: Candidate, sentence: tuple[int, int]) -> str | None:
    # Here, not above: its grammar takes a tenth of the start of a question that asks for no date.
    from index.when import resolve, written_on

    words = article.text[sentence[0] : sentence[1]]
    anchor = written_on(article.text, article.published)
    return resolve(best.text, words, anchor, start=best.start - sentence[0])
