"""How sure the answer is, from what retrieval found."""

import math

# Logistic regression on news-dev: its supported questions against its off-corpus ones
# (bench/abstention.py fits and prints it). Until a reader is there it tells whether the articles
# are about the question, not whether they answer it.
NEAREST, COVERAGE, INTERCEPT = 10.72, 7.78, -11.50
# Cosines of another model mean something else, so with one only the words count.
COVERAGE_ALONE, INTERCEPT_ALONE = 10.76, -6.65
# A short question has low cosines with passages of a hundred words, and news-dev has few of them. A
# sentence that holds all its words, two at least, is evidence enough: no off-corpus question of
# news-dev has one.
WHOLE = 0.6


def confidence(nearest: float | None, coverage: float, sentence_coverage: float) -> float:
    """The probability, in (0, 1), that the articles are about the question.

    ``nearest`` is the highest cosine of any passage, None for a model other than the
    default; the coverages are the highest share of the question's worth that one of the
    best passages holds together with its title, and that one of their sentences holds.
    """
    if nearest is None:
        logit = COVERAGE_ALONE * coverage + INTERCEPT_ALONE
    else:
        logit = NEAREST * nearest + COVERAGE * coverage + INTERCEPT
    sure = 1 / (1 + math.exp(-logit))
    return max(sure, WHOLE) if sentence_coverage == 1 else sure
