"""Our stems must be FTS5's, or worth and coverage would speak of other words than the lexical index."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms import Query, held_stems, query_terms, stems

TOKENIZER = "porter unicode61 remove_diacritics 2"


def fts5_stems(text: str) -> list[str]:
    db = sqlite3.connect(":memory:")
    db.execute(f"CREATE VIRTUAL TABLE t USING fts5(x, tokenize='{TOKENIZER}')")
    db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, 'instance')")
    db.execute("INSERT INTO t VALUES (?)", (text,))
    found = [term for (term,) in db.execute("SELECT term FROM v ORDER BY offset")]
    db.close()
    return found


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. delegation's talks were suspended in 2022; cooperation resumed.",
        "Élysée cafés, naïve façades and Curaçao’s señor",
        "happiness relational hopping hoped flies dying generously universities",
        "3.4% of 1,200 e-mails — “quoted” words",
        "ÅNGSTRÖM Čapek Łódź",
    ],
)
def test_stems_are_those_of_the_lexical_index(text: str) -> None:
    assert stems(text) == fts5_stems(text)


@given(st.text(st.characters(codec="ascii"), max_size=60).filter(lambda text: "\0" not in text))
def test_ascii_stems_are_those_of_the_lexical_index(text: str) -> None:
    assert stems(text) == fts5_stems(text)


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Who led the US delegation?", ("led", "us", "delegation")),
        ("Who led the U.S. delegation?", ("led", "us", "delegation")),
        ("Tell us who led it", ("tell", "led")),
        ("what is this?", ("what", "is", "this")),
        ("WHO LED THE US DELEGATION", ("led", "delegation")),
        ("bridge, Bridge and BRIDGE", ("bridge",)),
        ("?!", ()),
    ],
)
def test_stop_words_go_unless_they_are_acronyms_or_all_there_is(
    question: str, terms: tuple[str, ...]
) -> None:
    assert query_terms(question)[0] == terms


def test_an_acronym_is_the_same_with_and_without_points() -> None:
    assert query_terms("What did the U.S. say?")[1] == query_terms("What did the US say?")[1] == ("us",)
    assert "us" in held_stems("The U.S. said no.")


def test_coverage_is_the_share_of_worth() -> None:
    query = Query("q", ("a", "b"), {"a": 3.0, "b": 1.0})
    assert [query.coverage(held) for held in (["a"], ["b", "x"], ["b", "a"], [])] == [0.75, 0.25, 1, 0]
    assert Query("?", (), {}).coverage(["a"]) == 0
