"""What comes out for a question: always verbatim, always within the filters, an honest no."""

import string
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.answer import NO_ARTICLES, NOTHING_ABOUT, NOTHING_PASSES, Answerer, Question
from index.citing import cite
from index.combination import combination
from index.encoder import HashEncoder
from index.kinds import Kind
from index.search import Searcher
from index.sentence_reader import SentenceReader
from index.store import Store
from index.types import Answer, Article, Candidate, Citation, Filters, Hit, Passage
from index.vectors import VectorIndex
from index.writer import Entry, Writer
from ingest.decode import normalise
from ingest.split import split

ENCODER = HashEncoder()


def store(data_dir: Path, articles: Sequence[Article]) -> None:
    entries = []
    for article in articles:
        passages = split(article.id, article.text)
        texts = [article.text[p.start : p.end] for p in passages]
        entries.append(Entry(article, passages, ENCODER.encode(texts)))
    with Writer(data_dir) as writer:
        writer.remove(writer.stored())
        writer.write(entries, ENCODER.stamp)


def ask(data_dir: Path, text: str, **bounds: object) -> Answer:
    with Store(data_dir) as opened:
        searcher = Searcher(opened, VectorIndex(data_dir), ENCODER)
        weights = combination(reader=False, fitted_vectors=False)
        return Answerer(opened, searcher, SentenceReader(), weights).answer(Question(text, **bounds))  # type: ignore[arg-type]


def article(id_: str, text: str, **facts: object) -> Article:
    return Article(id=id_, text=text, title=f"Title of {id_}", digest=text, **facts)  # type: ignore[arg-type]


HARBOUR = article(
    "a1",
    "The harbour closed on Monday. Storm Oriel had sunk two boats. The mayor thanked the crews."
    "\n\nIt reopens in May.",
    publisher="Meridian Wire",
    published=date(2024, 3, 4),
    url="https://example.org/harbour",
)
BRIDGE = article("a2", "The bridge opened on Tuesday, the mayor said.", published=date(2023, 5, 6))


def test_the_answering_sentence_is_marked_inside_its_passage(tmp_path: Path) -> None:
    store(tmp_path, [HARBOUR, BRIDGE])
    answer = ask(tmp_path, "When was the harbour closed?")
    assert answer.answered
    assert answer.text == answer.citations[0].answer == "The harbour closed on Monday."
    assert answer.citations[0].quote == HARBOUR.text
    assert answer.citations[0].deep_link.startswith("https://example.org/harbour#:~:text=")
    assert answer.reason is None


def test_filters_decide_before_anything_is_ranked(tmp_path: Path) -> None:
    store(tmp_path, [HARBOUR, BRIDGE])
    for filters in (
        Filters(until=date(2023, 12, 31)),
        Filters(since=date(2023, 1, 1), until=date(2023, 5, 6)),
    ):
        answer = ask(tmp_path, "When was the harbour closed?", filters=filters)
        assert {citation.article.id for citation in answer.citations} == {"a2"}
    answer = ask(tmp_path, "Which architect built it?", filters=Filters(publisher="nobody"))
    assert (answer.answered, answer.citations, answer.reason) == (False, (), NOTHING_PASSES)


@pytest.mark.parametrize(
    ("filters", "named"),
    [
        (Filters(publisher="nobody"), "outside the given publisher"),
        (Filters(until=date(2023, 12, 31)), "outside the given dates"),
        (Filters(since=date(2024, 5, 1), publisher="nobody"), "outside the given dates and publisher"),
    ],
)
def test_the_filter_that_keeps_an_answer_out_is_named(tmp_path: Path, filters: Filters, named: str) -> None:
    store(tmp_path, [HARBOUR, BRIDGE])
    answer = ask(tmp_path, "When was the harbour closed?", filters=filters, min_confidence=0.3)
    assert not answer.answered
    assert answer.reason is not None
    assert named in answer.reason
    assert "2024-03-04, from Meridian Wire" in answer.reason


def test_below_the_threshold_it_says_so_and_shows_the_nearest(tmp_path: Path) -> None:
    store(tmp_path, [HARBOUR, BRIDGE])
    answer = ask(tmp_path, "Which architect designed the opera house?")
    assert not answer.answered
    assert answer.text is None
    assert answer.reason == NOTHING_ABOUT
    assert answer.citations
    assert all(citation.answer_start is None for citation in answer.citations)
    assert ask(tmp_path, "Which architect designed the opera house?", min_confidence=0.0).answered
    assert not ask(tmp_path, "When was the harbour closed?", min_confidence=1.0).answered


def test_an_index_without_articles_says_so(tmp_path: Path) -> None:
    Writer(tmp_path).close()
    answer = ask(tmp_path, "When was the harbour closed?")
    assert (answer.answered, answer.reason) == (False, NO_ARTICLES)


@pytest.mark.parametrize(
    "question",
    [
        "?",
        '"',
        "a OR b AND NOT (c",
        "harbour* NEAR(x y)",
        "title:harbour",
        "{}^'); DROP TABLE articles; --",
        "\0",
        "x" * 20_000,
        "word " * 3000,
        " ".join(f"w{i}" for i in range(2000)),
        "数字 是 什么",
        "🛳️",
    ],
)
def test_whatever_is_typed_is_only_words(tmp_path: Path, question: str) -> None:
    store(tmp_path, [HARBOUR, BRIDGE])
    ask(tmp_path, question)
    assert ask(tmp_path, "When was the harbour closed?").answered


def test_copies_of_a_story_are_shown_once_and_crowd_nothing_out(tmp_path: Path) -> None:
    copies = [article(f"copy{i}", HARBOUR.text, publisher="Skerry Bay Courier") for i in range(40)]
    store(tmp_path, [HARBOUR, *copies, BRIDGE])
    shown = [citation.article.id for citation in ask(tmp_path, "When was the harbour closed?").citations]
    assert len(shown) == 2
    assert shown[1] == "a2"


def candidate(start: int, end: int, text: str, id_: str = "a1", cluster: int = 0) -> Candidate:
    hit = Hit(Passage(start + 1, id_, 0, start, end), 1.0)
    return Candidate(hit, article(id_, text), start, end, {}, cluster=cluster)


def quotes(*ranked: Candidate) -> list[str]:
    return [each.quote for each in cite(ranked, 5, Kind.OTHER, answered=True)]


def test_overlapping_and_adjoining_passages_are_one_quote() -> None:
    text = "One is first. Two is second. Three is third.\n\nFour is fourth."
    assert quotes(candidate(14, 44, text), candidate(0, 28, text)) == [text[:44]]
    assert quotes(candidate(0, 28, text), candidate(29, 44, text)) == [text[:44]]
    assert quotes(candidate(0, 13, text), candidate(46, len(text), text)) == [
        "One is first.",
        "Four is fourth.",
    ]


def test_articles_that_agree_come_before_rivals() -> None:
    ranked = [candidate(0, 4, "Ann.", "a1"), candidate(0, 4, "Bob.", "a2", 1), candidate(0, 4, "ann.", "a3")]
    assert quotes(*ranked) == ["Ann.", "ann.", "Bob."]


def test_a_citation_that_is_not_verbatim_cannot_be_made() -> None:
    def make(**changes: object) -> Citation:
        values = {
            "article": HARBOUR,
            "start": 0,
            "end": 29,
            "quote": HARBOUR.text[:29],
            "deep_link": "",
            "score": 1.0,
        }
        return Citation(**(values | changes))  # type: ignore[arg-type]

    make(answer_start=4, answer_end=11)
    for wrong in (
        {"quote": "The harbour closed on Sunday."},
        {"end": 28},
        {"start": -1},
        {"end": 10_000},
        {"answer_start": 0, "answer_end": 40},
        {"answer_start": 5, "answer_end": 5},
        {"answer_start": 5},
    ):
        with pytest.raises(ValueError, match=r"quote|answer"):
            make(**wrong)


WORDS = st.sampled_from("harbour storm mayor May 5 U.S. “quoted” é 数字。 🛳️ ...".split())
TEXT = st.one_of(
    st.text(min_size=1, max_size=400),
    st.lists(WORDS | st.sampled_from([". ", "\n\n", "! ", "\u2028"]), min_size=1, max_size=120).map(" ".join),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXT, min_size=1, max_size=4), st.text(string.printable, max_size=60) | WORDS)
def test_every_citation_is_verbatim_whatever_the_articles_and_the_question(
    tmp_path: Path, texts: list[str], question: str
) -> None:
    """Invariant 1, over arbitrary Unicode, through SQLite and back."""
    bodies = [body for text in texts if (body := normalise(text)).strip()]
    if not bodies:
        return
    store(tmp_path, [article(f"a{i}", body) for i, body in enumerate(bodies)])
    answer = ask(tmp_path, question, min_confidence=0.0, citations=10)
    for citation in answer.citations:
        text = bodies[int(citation.article.id[1:])]
        assert citation.quote == text[citation.start : citation.end]
        assert citation.quote.strip() == citation.quote != ""
        if answer.answered:
            assert citation.answer is not None
            assert citation.answer in citation.quote


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("Who won the Harborton marathon in 2016?", 2016),
        ("Who won the Harborton marathon this week?", 2024),
        ("Who won the Harborton marathon?", 2024),
    ],
)
def test_the_question_s_own_year_is_preferred_to_last_week(tmp_path: Path, question: str, year: int) -> None:
    store(
        tmp_path,
        [
            article(f"m{each}", f"{winner} won the Harborton marathon on Sunday.", published=date(each, 6, 3))
            for each, winner in ((2016, "Ada Brook"), (2020, "Cato Dell"), (2024, "Enna Firth"))
        ],
    )
    answer = ask(tmp_path, question, as_of=date(2024, 6, 8), min_confidence=0.0)
    published = answer.citations[0].article.published
    assert published is not None
    assert published.year == year
