"""A country is no city, and a city no state; where the names do not tell, nothing is said."""

import pytest

from index.places import place_fits


@pytest.mark.parametrize(
    ("question", "answer", "verdict"),
    [
        ("Which US state banned it?", "Ohio", True),
        ("Which state banned it?", "the Ohio valley", False),
        ("Which European country left?", "France", True),
        ("What nation left?", "the Philippines", True),
        ("Which country left?", "Paris", False),
        ("Which city flooded?", "Japan", False),
        ("Which county flooded?", "Maryland", False),
        ("Which city flooded?", "New York", None),
        ("Which city flooded?", "Lyon", None),
        ("Who left?", "France", None),
    ],
)
def test_what_a_name_can_be(question: str, answer: str, verdict: bool | None) -> None:
    assert place_fits(question, answer) is verdict
