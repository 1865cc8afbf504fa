"""The shipped reader: exact offsets, long passages, and any text at all."""

from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import ModelError
from index.reader import SHIPPED, PassageReading, SpanReader
from index.terms import Query
from index.types import Article, Passage

pytestmark = pytest.mark.model

LED = (
    "Delegates met in Vienna on Friday. The US side was led by Jennifer Daskal, and Wei Lan spoke for China."
)


@cache
def reader() -> SpanReader:
    return SpanReader(SHIPPED)


def read(question: str, text: str, start: int = 0, title: str = "") -> PassageReading:
    article = Article("a", text, title, "")
    (reading,) = reader().read(Query(question, (), {}), [(article, Passage(1, "a", 0, start, len(text)))])
    return reading


def answer(question: str, text: str, start: int = 0, title: str = "") -> str:
    best = read(question, text, start, title).spans[0]
    return text[best.start : best.end]


def test_a_name_a_place_and_a_day() -> None:
    assert "Daskal" in answer("Who led the US delegation?", LED)
    assert "Vienna" in answer("Where did the delegates meet?", LED)
    assert "Friday" in answer("When did they meet?", LED)


def test_offsets_are_the_articles_not_the_passages() -> None:
    text = "Nobody expected it.\n\n" * 30 + LED
    assert "Daskal" in answer(
        "Who led the US delegation?", text, start=text.index("Delegates"), title="Talks in Vienna"
    )


def test_the_title_is_read_but_is_no_answer() -> None:
    best = read(
        "Who led the US delegation?",
        "The talks went on until the evening.",
        title="Daskal led the US delegation",
    )
    assert best.spans[0].start >= 0
    assert best.spans[0].end <= len("The talks went on until the evening.")


def test_a_title_that_was_taken_from_the_text_is_not_read_again() -> None:
    query, passage = Query("When did they meet?", (), {}), Passage(1, "a", 0, 0, len(LED))
    derived = Article("a", LED, LED[:60], "", title_derived=True)
    untitled = Article("a", LED, "", "")
    assert reader().read(query, [(derived, passage)]) == reader().read(query, [(untitled, passage)])


def test_a_passage_that_answers_beats_one_that_does_not() -> None:
    about = read("Who led the US delegation?", LED)
    other = read(
        "Who led the US delegation?", "The bridge was closed to lorries after cracks were found in its piers."
    )
    assert about.spans[0].score > 0 > other.spans[0].score


def test_a_passage_longer_than_the_window_is_read_to_its_end() -> None:
    filler = "The committee then heard a long report about the harbour, its cranes and its debts. " * 60
    text = filler + LED
    assert "Daskal" in answer("Who led the US delegation?", text)
    assert "Daskal" in answer("Who led the US delegation?", LED + " " + filler)


def test_questions_of_any_length_leave_room_for_the_passage() -> None:
    assert read("who led the delegation " * 500, LED).spans
    assert read("", LED).spans
    assert read("谁" * 3000, LED).spans


def test_one_at_a_time_or_together_is_the_same() -> None:
    texts = [LED, "The bridge was closed to lorries.", LED * 3]
    pairs = [
        (Article(str(i), text, "T", ""), Passage(i, str(i), 0, 0, len(text)))
        for i, text in enumerate(texts, 1)
    ]
    query = Query("Who led the US delegation?", (), {})
    together = reader().read(query, pairs)
    alone = [reader().read(query, [pair])[0] for pair in pairs]
    one, other = together[0].spans[0], alone[0].spans[0]
    assert (one.start, one.end) == (other.start, other.end)
    # int8 scales its activations by what is in the batch.
    assert one.score == pytest.approx(other.score, abs=3.0)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60), st.text(min_size=1, max_size=300))
def test_any_text_is_read_without_complaint(question: str, text: str) -> None:
    for span in read(question, text).spans:
        assert 0 <= span.start <= span.end <= len(text)


def test_a_folder_without_a_reader_is_named(tmp_path: object) -> None:
    with pytest.raises(ModelError, match="holds no reader"):
        SpanReader(tmp_path)  # type: ignore[arg-type]
