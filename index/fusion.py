"""One ranking out of two: pure functions over scores."""

from collections.abc import Mapping

# Share of the lexical score; chosen on news-dev, see docs/decisions/0004-fusion.md.
LEXICAL_SHARE = 0.6


def fuse(cosines: Mapping[int, float], bm25: Mapping[int, float]) -> list[tuple[int, float]]:
    """Passages with their fused scores in [0, 1], best first.

    A convex combination of scores scaled to [0, 1] within the question's candidates
    (Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for Hybrid Retrieval").
    """
    if not cosines:
        return []
    low, high = min(cosines.values()), max(cosines.values())
    top = max(bm25.values(), default=0.0)
    scores = {
        id_: LEXICAL_SHARE * (bm25.get(id_, 0.0) / top if top else 0.0)
        + (1 - LEXICAL_SHARE) * ((cosine - low) / (high - low) if high > low else 1.0)
        for id_, cosine in cosines.items()
    }
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
