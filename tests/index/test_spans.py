"""The best spans of logits: within what may answer, apart from each other, best first."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.spans import LONGEST, best_spans


def logits(size: int, **at: float) -> np.ndarray:
    made = np.full(size, -5.0, np.float32)
    for place, value in at.items():
        made[int(place[1:])] = value
    return made


def test_the_span_with_the_highest_sum_and_its_margin_over_no_answer() -> None:
    start, end = logits(8, _0=1, _3=4), logits(8, _0=2, _5=3)
    (best, *_) = best_spans(start, end, [False] * 2 + [True] * 6, 3)
    assert (best.first, best.last, best.margin) == (3, 5, 4.0)


def test_an_end_before_its_start_is_no_span() -> None:
    start, end = logits(8, _0=0, _5=9), logits(8, _0=0, _3=9)
    assert all(span.first <= span.last for span in best_spans(start, end, [True] * 8, 4))


def test_what_may_not_answer_does_not() -> None:
    start, end = logits(6, _1=9, _4=2), logits(6, _1=9, _4=2)
    (best, *_) = best_spans(start, end, [False, False, True, True, True, False], 2)
    assert (best.first, best.last) == (4, 4)
    assert best_spans(start, end, [False] * 6, 2) == []


def test_second_best_is_elsewhere() -> None:
    start, end = logits(9, _2=9, _3=8, _6=5), logits(9, _3=9, _2=8, _7=5)
    first, second = best_spans(start, end, [True] * 9, 2)
    assert (first.first, first.last) == (2, 3)
    assert (second.first, second.last) == (6, 7)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 6), st.randoms(use_true_random=False))
def test_against_trying_all(size: int, n: int, random: object) -> None:
    start, end = (
        np.array([random.uniform(-5, 5) for _ in range(size)], np.float32)  # type: ignore[attr-defined]
        for _ in range(2)
    )
    allowed = [random.random() < 0.8 for _ in range(size)]  # type: ignore[attr-defined]
    everything = [
        float(start[i]) + float(end[j])
        for i in range(size)
        for j in range(i, min(size, i + LONGEST))
        if allowed[i] and allowed[j]
    ]
    found = best_spans(start, end, allowed, n)
    assert len(found) <= n
    assert bool(found) == bool(everything)
    if found:
        assert found[0].margin == pytest.approx(max(everything) - float(start[0] + end[0]), abs=1e-4)
    assert all(a.last < b.first or b.last < a.first for a in found for b in found if a is not b)
