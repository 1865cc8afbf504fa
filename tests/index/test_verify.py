"""Citations checked later: found, moved, changed or gone, and never fooled by a citation that was edited."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import PullquoteError
from index.types import Article, Revision
from index.verify import Verdict, verify

TEXT = "The ferry sailed again. Nobody was hurt. It was late."
QUOTE = "Nobody was hurt."
ARTICLE = Article(id="a1", text=TEXT, title="Ferry sails", digest="d2")
OLD = Revision(TEXT, "0123456789abcdef", "2024-02-01T10:00:00Z")
OTHER = Revision("Something else.", "fedcba9876543210", "2024-03-01T10:00:00Z")


def citation(**changes: object) -> dict[str, object]:
    start = TEXT.index(QUOTE)
    return {"article_id": "a1", "quote": QUOTE, "start": start, "end": start + len(QUOTE), **changes}


def test_a_quote_in_its_place_is_found() -> None:
    assert verify(citation(), ARTICLE) == Verdict(
        "found", "the quote stands at 24:40 of “Ferry sails”", 24, 40
    )


def test_a_quote_elsewhere_has_moved() -> None:
    verdict = verify(citation(), replace(ARTICLE, text="Correction: " + TEXT))
    assert verdict == Verdict(
        "moved", "the quote stands at 36:52 of “Ferry sails” now, no longer at 24:40", 36, 52
    )


def test_of_several_places_the_nearest_counts() -> None:
    text = f"{QUOTE} {'x' * 10} {QUOTE} {'x' * 200} {QUOTE}"
    assert verify(citation(), replace(ARTICLE, text=text)).start == 28
    assert verify(citation(start=300, end=316), replace(ARTICLE, text=text)).start == text.rindex(QUOTE)


def test_a_quote_that_is_not_there_has_changed() -> None:
    current = replace(ARTICLE, text="The ferry sailed again. Two were hurt.")
    assert verify(citation(), current) == Verdict("changed", "the quote is not in “Ferry sails” any more")
    assert verify(citation(), current, [OTHER, OLD]).explanation == (
        "the quote is not in “Ferry sails” any more; a revision that had it was replaced at"
        " 2024-02-01T10:00:00Z"
    )
    assert verify(citation(), current, [OTHER]).explanation.endswith("any more, nor in its 1 older revision")
    assert verify(citation(), current, [OTHER, OTHER]).explanation.endswith(", nor in its 2 older revisions")


def test_an_answer_that_still_stands_is_said_to() -> None:
    current = replace(ARTICLE, text="The ferry sailed again. Nobody, it was confirmed, was hurt.")
    given = citation(answer="Nobody", answer_start=24, answer_end=30)
    assert verify(given, current).explanation.endswith("any more; its answer still stands there")


def test_an_article_that_is_not_there_is_gone() -> None:
    verdict = verify(citation(article_id="a1\x1b[2J"), None)
    assert verdict == Verdict("gone", r"the article 'a1\x1b[2J' is not in the index")
    assert "replaced at 2024-02-01" in verify(citation(), None, [OTHER, OLD]).explanation
    assert verify(citation(), None, [OTHER]).explanation == "the article 'a1' is not in the index"


@pytest.mark.parametrize("name", ["article_id", "quote", "start", "end"])
def test_a_missing_field_is_named(name: str) -> None:
    given_ = citation()
    del given_[name]
    with pytest.raises(PullquoteError, match=f'has no "{name}"'):
        verify(given_, ARTICLE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("article_id", 3),
        ("quote", ""),
        ("quote", ["Nobody"]),
        ("start", "24"),
        ("start", -1),
        ("start", True),
        ("end", None),
        ("end", 40.0),
        ("answer", 7),
    ],
)
def test_a_wrong_field_is_named(name: str, value: object) -> None:
    with pytest.raises(PullquoteError, match=f'"{name}" must be'):
        verify(citation(**{name: value}), ARTICLE)


def test_a_citation_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(PullquoteError, match="has 16 characters"):
        verify(citation(end=39), ARTICLE)
    verify(citation(answer="Nobody", answer_start=24, answer_end=30), ARTICLE)
    verify(citation(answer=None, answer_start=None, answer_end=None), ARTICLE)
    for edited in ("Ann Lee", "obody"):
        with pytest.raises(PullquoteError, match='"answer" is not what'):
            verify(citation(answer=edited, answer_start=24, answer_end=30), ARTICLE)
    with pytest.raises(PullquoteError, match='has no "answer_start"'):
        verify(citation(answer="Nobody"), ARTICLE)


@given(st.text(min_size=1), st.text(), st.text(), st.text())
def test_where_the_verdict_points_the_quote_stands(quote: str, before: str, after: str, text: str) -> None:
    given_ = citation(quote=quote, start=len(before), end=len(before) + len(quote))
    assert verify(given_, replace(ARTICLE, text=before + quote + after)).status == "found"
    verdict = verify(given_, replace(ARTICLE, text=text))
    assert "\n" not in verdict.explanation
    assert (verdict.status in {"found", "moved"}) == (quote in text)
    if verdict.status != "changed":
        assert text[verdict.start : verdict.end] == quote
