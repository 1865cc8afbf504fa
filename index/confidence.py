"""Whether the articles are about a question at all, from what retrieval found."""

import math

# Logistic regression on news-dev: its supported questions against its off-corpus ones
# (bench/abstention.py fits and prints it).
NEAREST, COVERAGE, INTERCEPT = 10.72, 7.78, -11.50
# Cosines of another model mean something else, so with one only the words count.
COVERAGE_ALONE, INTERCEPT_ALONE = 10.76, -6.65


def about(nearest: float | None, coverage: float) -> float:
    """The probability, in (0, 1), that the articles are about the question.

    ``nearest`` is the highest cosine of any passage, None for a model other than the
    default; ``coverage`` the highest share of the question's worth that one of the best
    passages holds together with its title.
    """
    if nearest is None:
        logit = COVERAGE_ALONE * coverage + INTERCEPT_ALONE
    else:
        logit = NEAREST * nearest + COVERAGE * coverage + INTERCEPT
    return 1 / (1 + math.exp(-logit))
