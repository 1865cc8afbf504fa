"""How sure the answer is, from what retrieval found."""

import math

# Logistic regression on news-dev: its supported questions against its off-corpus ones
# (bench/abstention.py fits and prints it). Until a reader is there it tells whether the articles
# are about the question, not whether they answer it.
NEAREST, COVERAGE, INTERCEPT = 10.81, 7.61, -11.45


def confidence(nearest: float, coverage: float) -> float:
    """The probability, in (0, 1), that the articles are about the question.

    ``nearest`` is the highest cosine of any passage; ``coverage`` the highest share of
    the question's worth that one of the best passages holds together with its title.
    """
    return 1 / (1 + math.exp(-(NEAREST * nearest + COVERAGE * coverage + INTERCEPT)))
