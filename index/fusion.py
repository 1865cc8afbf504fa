"""One ranking out of two: a pure function over scores."""

from collections.abc import Mapping

# Chosen on news-dev, confirmed on a sample of news-train: docs/decisions/0004-fusion.md has the tables.
LEXICAL_SHARE = 0.6
COVERAGE_WEIGHT = 0.05


def fuse(
    cosines: Mapping[int, float], bm25: Mapping[int, float], coverage: Mapping[int, float]
) -> list[tuple[int, float]]:
    """Passages with their fused scores in [0, 1 + COVERAGE_WEIGHT], best first.

    A convex combination of the two scores, each scaled to [0, 1] within the question's
    candidates (Bruch, Gai and Ingber 2023, "An Analysis of Fusion Functions for Hybrid
    Retrieval"), and a little for the share of the question's worth that the passage
    holds. ``cosines`` has every candidate; a missing BM25 or coverage counts as 0.
    """
    if not cosines:
        return []
    low, high = min(cosines.values()), max(cosines.values())
    top = max(bm25.values(), default=0.0)

    def fused(id_: int) -> float:
        dense = (cosines[id_] - low) / (high - low) if high > low else 1.0
        lexical = bm25.get(id_, 0.0) / top if top else 0.0
        mixed = LEXICAL_SHARE * lexical + (1 - LEXICAL_SHARE) * dense
        return mixed + COVERAGE_WEIGHT * coverage.get(id_, 0.0)

    return sorted(((id_, fused(id_)) for id_ in cosines), key=lambda item: (-item[1], item[0]))
