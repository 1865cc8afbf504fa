import numpy as np
import pytest

from bot.evaluation.metrics import (
    Estimate,
    Operating,
    aurc,
    auroc,
    ece,
    estimate,
    mean,
    point,
    quantile,
    reliability,
    risk_coverage,
    share,
)


def test_auroc_is_the_share_of_pairs_that_are_in_order() -> None:
    random = np.random.default_rng(1)
    scores = random.integers(0, 8, size=60) / 8  # many ties
    positive = random.random(60) < 0.4
    won = [
        (a > b) + (a == b) / 2 for a in scores[positive] for b in scores[~positive]
    ]  # fmt: skip
    assert point(auroc, scores, positive) == pytest.approx(np.mean(won))
    assert np.isnan(point(auroc, scores, np.ones(60)))


def test_a_weight_of_two_is_the_question_twice() -> None:
    random = np.random.default_rng(2)
    scores, right = random.integers(0, 6, size=30) / 6, random.random(30) < 0.5
    drawn = random.integers(0, 4, size=30)
    twice = np.repeat(np.arange(30), drawn)
    weights = drawn[None].astype(float)
    for statistic in (auroc, aurc, ece):
        expected = point(statistic, scores[twice], right[twice])
        assert statistic(weights, scores, right.astype(float))[0] == pytest.approx(expected)
    expected = point(quantile(0.9), scores[twice])
    assert quantile(0.9)(weights, scores)[0] == expected


def test_the_risk_coverage_curve_and_the_area_under_it() -> None:
    confidence, right = [0.9, 0.7, 0.7, 0.2], [1, 0, 1, 0]
    assert risk_coverage(confidence, right) == [
        Operating(0.9, 1 / 4, 0),
        Operating(0.7, 3 / 4, 1 / 3),  # equals are answered together
        Operating(0.2, 1, 1 / 2),
    ]
    assert point(aurc, confidence, right) == pytest.approx((0 + 2 / 3 + 1 / 2) / 4)


def test_calibration_error_over_bins_of_equal_mass() -> None:
    # Ten bins of two: in nine, one of two is right at .5; in the last both are at .9.
    confidence = [0.5 + i / 1000 for i in range(18)] + [0.9, 0.9]
    right = [0, 1] * 9 + [1, 1]
    bins = reliability(confidence, right)
    assert [each.count for each in bins] == [2] * 10
    assert bins[-1].confidence == pytest.approx(0.9)
    assert bins[-1].right == 1
    expected = sum(2 * abs(each.right - each.confidence) for each in bins) / 20
    assert point(ece, confidence, right) == pytest.approx(expected)
    assert point(ece, [0.75] * 4, [1, 1, 1, 0]) == 0
    assert len(reliability([0.75] * 4, [1, 1, 1, 0])) == 1  # equals share a bin
    assert reliability([], []) == []


def test_shares_and_quantiles() -> None:
    assert point(share, [1, 0, 1, 1], [1, 1, 0, 1]) == pytest.approx(2 / 3)
    assert np.isnan(point(share, [1, 0], [0, 0]))
    assert point(quantile(0.5), [3, 1, 2]) == 2
    assert point(quantile(0.95), list(range(1, 101))) == 95


def test_an_interval_is_the_same_each_time_and_about_as_wide_as_theory_has_it() -> None:
    values = [1.0] * 70 + [0.0] * 30
    found = estimate(mean, values)
    assert found == estimate(mean, values)
    assert (found.value, found.count) == (0.7, 100)
    half = 1.96 * (0.7 * 0.3 / 100) ** 0.5
    assert found.low == pytest.approx(0.7 - half, abs=0.01)
    assert found.high == pytest.approx(0.7 + half, abs=0.01)


def test_nothing_to_measure_is_no_number() -> None:
    found = estimate(mean, [])
    assert isinstance(found, Estimate)
    assert np.isnan([found.value, found.low, found.high]).all()
    one_sided = estimate(auroc, [0.1, 0.2], [1, 1])
    assert np.isnan([one_sided.value, one_sided.low]).all()
