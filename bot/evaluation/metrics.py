"""Statistics of answers with bootstrap intervals; numpy and nothing else.

A statistic is a function ``(weights, *columns)``: ``columns`` have an entry a question, ``weights`` a row
for each resample that says how often it drew each question, and the result has a value a row. So one
definition gives the estimate (``point``) and, at once for all resamples, its interval (``estimate``).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 2000
SEED = 0
BINS = 10
_CELLS = 4_000_000  # of a matrix of weights held at once

Floats: TypeAlias = NDArray[np.float64]
Statistic: TypeAlias = Callable[..., Floats]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value, its 95 % interval, and of how many questions; NaN where there is nothing to measure."""

    value: float
    low: float
    high: float
    count: int


def point(statistic: Statistic, *columns: ArrayLike) -> float:
    """The statistic itself."""
    arrays = _arrays(columns)
    if not len(arrays[0]):
        return float("nan")
    return float(statistic(np.ones((1, len(arrays[0]))), *arrays)[0])


def estimate(statistic: Statistic, *columns: ArrayLike) -> Estimate:
    """The statistic with its percentile bootstrap interval over questions.

    The resamples are the same for the same number of questions: differences of two
    systems on one set are of paired resamples.
    """
    arrays = _arrays(columns)
    count = len(arrays[0])
    value = point(statistic, *arrays)
    if not count:
        return Estimate(value, value, value, 0)
    values = np.concatenate([statistic(weights, *arrays) for weights in _resamples(count)])
    values = values[~np.isnan(values)]
    low, high = np.percentile(values, (2.5, 97.5)) if len(values) else (np.nan, np.nan)
    return Estimate(value, float(low), float(high), count)


def _arrays(columns: Sequence[ArrayLike]) -> list[Floats]:
    return [np.asarray(column, np.float64) for column in columns]


def _resamples(count: int) -> Iterator[Floats]:
    random = np.random.default_rng(SEED)
    rows = max(1, _CELLS // count)
    for begin in range(0, RESAMPLES, rows):
        size = min(rows, RESAMPLES - begin)
        drawn = random.integers(count, size=(size, count)) + count * np.arange(size)[:, None]
        yield np.bincount(drawn.ravel(), minlength=size * count).reshape(size, count).astype(np.float64)


def mean(weights: Floats, values: Floats) -> Floats:
    """The mean."""
    return _ratio(weights @ values, weights.sum(axis=1))


def share(weights: Floats, hits: Floats, among: Floats) -> Floats:
    """The share of hits among those questions whose ``among`` is 1."""
    return _ratio(weights @ (hits * among), weights @ among)


def quantile(level: float) -> Statistic:
    """The smallest value that at least this share of the questions does not exceed."""

    def of(weights: Floats, values: Floats) -> Floats:
        order = np.argsort(values, kind="stable")
        sums = weights[:, order].cumsum(axis=1)
        reached = sums >= level * sums[:, -1:] - 1e-9
        return np.asarray(values[order][reached.argmax(axis=1)])

    return of


def auroc(weights: Floats, scores: Floats, positive: Floats) -> Floats:
    """The chance that a positive has a higher score than a negative; ties count half."""
    order = np.argsort(scores, kind="stable")
    first, last = _ties(scores[order])
    positives = weights[:, order] * positive[order]
    negatives = (weights[:, order] * (1 - positive[order])).cumsum(axis=1)
    below = np.concatenate([np.zeros((len(weights), 1)), negatives], axis=1)[:, first]
    through = negatives[:, last]
    won = (positives * (below + through) / 2).sum(axis=1)
    return _ratio(won, positives.sum(axis=1) * negatives[:, -1])


def aurc(weights: Floats, confidence: Floats, right: Floats) -> Floats:
    """The area under the risk-coverage curve: the mean risk over all coverages; lower is better.

    Questions of equal confidence are answered together or not at all.
    """
    order = np.argsort(-confidence, kind="stable")
    _, last = _ties(confidence[order])
    drawn = weights[:, order]
    risk = _ratio((drawn * (1 - right[order])).cumsum(axis=1), drawn.cumsum(axis=1))[:, last]
    # Where nothing has been drawn yet there is no risk, and no weight either.
    return _ratio((np.nan_to_num(risk) * drawn).sum(axis=1), drawn.sum(axis=1))


def ece(weights: Floats, confidence: Floats, right: Floats) -> Floats:
    """Expected calibration error over bins of equal mass; lower is better.

    The mean of |share right - mean confidence|, weighted by the bins' sizes. Both it and
    its interval lie too high for few questions: chance alone makes bins differ.
    """
    order = np.argsort(confidence, kind="stable")
    drawn = weights[:, order]
    bins = _bins(drawn, confidence[order])
    gap = drawn * (right - confidence)[order]
    total = sum(np.abs(np.where(bins == each, gap, 0).sum(axis=1)) for each in range(BINS))
    return _ratio(np.asarray(total), drawn.sum(axis=1))


@dataclass(frozen=True, slots=True)
class Bin:
    """Questions of like confidence: how many, how sure on average, and how often right."""

    count: int
    confidence: float
    right: float


def reliability(confidence: ArrayLike, right: ArrayLike) -> list[Bin]:
    """The bins that ``ece`` compares, by rising confidence."""
    sure, correct = _arrays((confidence, right))
    if not len(sure):
        return []
    order = np.argsort(sure, kind="stable")
    sure, correct = sure[order], correct[order]
    bins = _bins(np.ones((1, len(sure))), sure)[0]
    chosen = [bins == each for each in np.unique(bins)]
    return [Bin(int(each.sum()), float(sure[each].mean()), float(correct[each].mean())) for each in chosen]


@dataclass(frozen=True, slots=True)
class Operating:
    """Answering from this confidence on: the share answered, and the share of those that is wrong."""

    threshold: float
    coverage: float
    risk: float


def risk_coverage(confidence: ArrayLike, right: ArrayLike) -> list[Operating]:
    """The risk-coverage curve, a point for each distinct confidence, from the surest on."""
    sure, correct = _arrays((confidence, right))
    if not len(sure):
        return []
    order = np.argsort(-sure, kind="stable")
    _, last = _ties(sure[order])
    wrong = (1 - correct[order]).cumsum()
    return [
        Operating(float(sure[order][i]), (i + 1) / len(sure), float(wrong[i] / (i + 1)))
        for i in np.unique(last)
    ]


def _bins(drawn: Floats, confidence: Floats) -> NDArray[np.intp]:
    """The bin of each question of rising confidence: that in which the middle of its equals falls."""
    first, last = _ties(confidence)
    sums = np.concatenate([np.zeros((len(drawn), 1)), drawn.cumsum(axis=1)], axis=1)
    middle = (sums[:, first] + sums[:, last + 1]) / 2
    return np.asarray(np.minimum(BINS * middle / sums[:, -1:], BINS - 1), np.intp)


def _ties(ordered: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each of the ordered values the first and the last index of those equal to it."""
    begins = np.concatenate([[True], ordered[1:] != ordered[:-1]])
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], len(ordered)) - 1
    group = begins.cumsum() - 1
    return starts[group], ends[group]


def _ratio(part: Any, whole: Any) -> Floats:
    """``part / whole``, NaN where that is of nothing."""
    result = np.full(np.shape(part), np.nan)
    np.divide(part, whole, out=result, where=np.asarray(whole) > 0)
    return result
