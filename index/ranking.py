"""Which span of which passage answers: a learned combination of all that is known of each."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.agreement import clusters
from index.kinds import Kind, fits, kind_of
from index.places import place_fits
from index.reader import PassageReading
from index.recency import TimePreference
from index.search import Found
from index.sentences import sentence_around
from index.shaping import shape
from index.terms import Query, held_stems, stems
from index.types import Article, Candidate

# Spans of one passage that are considered: a second is right where the first is nonsense.
SPANS_EACH = 3
_EMPTY = frozenset("the a an of and".split())


def candidates(
    found: Found,
    articles: Sequence[Article],
    readings: Sequence[PassageReading],
    when: TimePreference,
    prefer: frozenset[str] = frozenset(),
) -> list[Candidate]:
    """The spans of all read passages with their features, in the order of the hits, not yet scored.

    ``prefer``: ids of articles that rather answer than others; where it is empty, no candidate has the
    feature ``preferred``.
    """
    kind = kind_of(found.query.text)
    asked = held_stems(found.query.text)
    best = max((hit.lexical or 0.0 for hit in found.hits), default=0.0) or 1.0
    made = []
    for hit, article, reading in zip(found.hits, articles, readings, strict=True):
        shared = {
            "fused": hit.fused,
            "dense": hit.dense or 0.0,
            "lexical": (hit.lexical or 0.0) / best,
            "recency": when.recency(article.published),
            "in_period": when.in_period(article.published),
        }
        if prefer:
            shared["preferred"] = float(article.id in prefer)
        bounds = (hit.passage.start, hit.passage.end)
        seen: set[tuple[int, int]] = set()
        for span in reading.spans[:SPANS_EACH]:
            start, end = span.start, span.end
            if not reading.whole:
                start, end = shape(kind, found.query.text, article.text, start, end, bounds)
            if (start, end) in seen:
                continue
            seen.add((start, end))
            first, last = sentence_around(article.text, start, end, bounds)
            own = _own(found.query, kind, asked, article.text[start:end], article.text[first:last])
            made.append(Candidate(hit, article, start, end, shared | {"margin": span.score} | own))
    return made


def _own(query: Query, kind: Kind, asked: set[str], answer: str, sentence: str) -> dict[str, float]:
    """What the words say for themselves, each from −1 or 0 to 1.

    ``fits`` and ``place``: they look like what is asked for (1), do not (−1), or there is
    no telling (0). ``sentence``: the share of the question's worth that the sentence
    holds. ``echo``: the share of the answer's words that stand in the question already.
    """
    words = [word for word in stems(answer) if word not in _EMPTY]
    return {
        "fits": _verdict(fits(kind, query.text, answer, sentence)),
        "place": _verdict(place_fits(query.text, answer)),
        "sentence": query.coverage(held_stems(sentence)),
        "echo": sum(word in asked for word in words) / max(1, len(words)),
    }


def _verdict(verdict: bool | None) -> float:
    return 0.0 if verdict is None else 1.0 if verdict else -1.0


def ranked(made: Sequence[Candidate], weights: Mapping[str, float]) -> list[Candidate]:
    """The candidates scored, best first.

    Twice: by what each has of its own, and then with ``support``, the share that the
    same answer has in other articles.
    """
    if not made:
        return []
    scores = [_weighted(each, weights) for each in made]
    order = sorted(range(len(made)), key=lambda i: -scores[i])
    first = [
        replace(made[i], score=scores[i], share=share)
        for i, share in zip(order, softmax([scores[i] for i in order]), strict=True)
    ]
    numbers = clusters([each.text for each in first])
    clustered = [replace(each, cluster=number) for each, number in zip(first, numbers, strict=True)]
    supported = [
        replace(each, features={**each.features, "support": _support(each, clustered)}) for each in clustered
    ]
    final = sorted(
        (replace(each, score=_weighted(each, weights)) for each in supported), key=lambda each: -each.score
    )
    shares = softmax([each.score for each in final])
    return [replace(each, share=share) for each, share in zip(final, shares, strict=True)]


def _weighted(candidate: Candidate, weights: Mapping[str, float]) -> float:
    return sum(weights.get(name, 0.0) * value for name, value in candidate.features.items())


def _support(candidate: Candidate, others: Sequence[Candidate]) -> float:
    """The share of the same answer in other articles, each of which counts once, by its best span."""
    shares: dict[str, float] = {}
    for other in others:
        if other.cluster == candidate.cluster and other.article.id != candidate.article.id:
            shares[other.article.id] = max(other.share, shares.get(other.article.id, 0.0))
    return sum(shares.values())


def softmax(scores: Sequence[float]) -> list[float]:
    """The scores as shares of 1."""
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    total = sum(powers)
    return [power / total for power in powers]
