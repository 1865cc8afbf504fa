"""What a question takes over from the one before it, and what it does not."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation import CARRIED, Turn, follow_up, turn
from index.answer import Answerer, Question
from index.combination import combination
from index.encoder import HashEncoder
from index.search import Searcher
from index.sentence_reader import SentenceReader
from index.store import Store
from index.types import Answer
from index.vectors import VectorIndex
from tests.conftest import EXAMPLES, ingest, write_articles

LED = Turn("who led the US delegation?", "Jennifer Daskal", ("talks", "storm", "cup"))
STRIKE = Turn("When did the bus drivers in Arden Valley walk out?", None, ())


def understood(text: str, last: Turn = LED) -> str:
    return follow_up(Question(text), last).text


@pytest.mark.parametrize(
    "text",
    [
        "who did she travel with?",
        "What is her job?",
        "and in March?",
        "but why?",
        "What about the Chinese side?",
        "why?",
        "Where?",
        "how many?",
        "at what time?",
        "when did she meet Nancy Pelosi?",
        "how much did it cost the city to repair?",
        "",
    ],
)
def test_a_question_that_leans_on_the_last_one_carries_its_words_and_the_answers(text: str) -> None:
    assert understood(text) == f"{text} (Jennifer Daskal led US delegation)"


@pytest.mark.parametrize(
    "text",
    [
        "How much did it cost to repair the Kestrel Bridge?",
        "How far short of its berth was the Gannet Star?",
        "who won the Corvane Cup?",
        "what is lucerin?",
        "Who is Anne Milgram?",
        "how many schools are shut?",
        "What did Lucan Dunmorrow say about his grandmother?",
        "And how strong was the strongest gust of Storm Oriel?",
        "lantern snail protein",
    ],
)
def test_a_question_that_stands_on_its_own_is_put_as_it_is(text: str) -> None:
    assert understood(text) == text


def test_nothing_is_carried_twice() -> None:
    assert understood("and the US delegations?") == "and the US delegations? (Jennifer Daskal led)"


def test_without_an_answer_the_subject_is_carried_all_the_same() -> None:
    assert understood("and why?", STRIKE) == "and why? (bus drivers Arden Valley walk)"


def test_the_first_question_is_itself() -> None:
    question = Question("why?")
    assert follow_up(question, None) is question


def test_the_article_shown_first_is_preferred_and_no_bound_is_lost() -> None:
    asked = Question("who won the Corvane Cup?", as_of=date(2024, 5, 1), citations=7, min_confidence=0.3)
    followed = follow_up(asked, LED)
    assert followed.prefer == {"talks"}
    assert (followed.as_of, followed.citations, followed.min_confidence) == (date(2024, 5, 1), 7, 0.3)
    assert follow_up(asked, STRIKE).prefer == frozenset()


def test_a_chain_of_follow_ups_keeps_to_its_newest_words() -> None:
    last = LED
    for number in range(20):
        asked = understood(f"and who met them in city{number}?", last)
        last = Turn(asked, f"Name{number}", ())
    assert last.question.split()[6:11] == ["(Name18", "city18", "Name17", "city17", "Name16"]
    assert len(last.question.split()) == 6 + CARRIED


@given(text=st.text(max_size=200), question=st.text(max_size=200), answer=st.none() | st.text(max_size=200))
def test_a_follow_up_begins_with_what_was_typed_and_carries_little(
    text: str, question: str, answer: str | None
) -> None:
    asked = understood(text, Turn(question, answer, ()))
    assert asked.startswith(text)
    assert len(asked) <= len(text) + CARRIED * 41 + 2
    assert len(asked[len(text) :].split()) <= CARRIED


def test_an_address_or_a_page_of_text_is_not_carried() -> None:
    flood = Turn("x" * 5000 + " https://example.org/" + "a" * 100, "word " * 3000, ())
    assert understood("why?", flood) == "why? (word)"


def ask(data_dir: Path, question: Question) -> Answer:
    encoder = HashEncoder()
    with Store(data_dir) as store:
        searcher = Searcher(store, VectorIndex(data_dir), encoder)
        weights = combination(reader=False, fitted_vectors=False)
        return Answerer(store, searcher, SentenceReader(), weights).answer(question)


def test_of_two_articles_that_answer_alike_the_preferred_one_does(tmp_path: Path) -> None:
    write_articles(
        tmp_path / "articles",
        {
            "east": "The ferry to Skerrow sank on Monday.",
            "west": "The ferry to Callis sank on Friday.",
        },
    )
    ingest(tmp_path / "data", tmp_path / "articles")
    question = Question("when did the ferry sink?", as_of=date(2024, 5, 1), citations=2, min_confidence=0.0)
    plain = ask(tmp_path / "data", question)
    first, other = turn(plain).cited
    assert ask(tmp_path / "data", follow_up(question, Turn("", None, (other,)))).text != plain.text
    assert ask(tmp_path / "data", follow_up(question, Turn("", None, (first,)))).text == plain.text
    gone = ask(tmp_path / "data", follow_up(question, Turn("", None, ("removed since",))))
    assert gone.text == plain.text


def test_what_is_remembered_of_an_answer(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles", {"ferry": "The ferry to Skerrow sank on Monday."})
    ingest(tmp_path / "data", tmp_path / "articles")
    asked = Question("when did the ferry sink?", min_confidence=0.0)
    answer = ask(tmp_path / "data", asked)
    assert turn(answer) == Turn(asked.text, answer.text, (answer.citations[0].article.id,))
    silent = turn(ask(tmp_path / "data", Question("when did the ferry sink?", min_confidence=1.0)))
    assert silent == Turn(asked.text, None, (answer.citations[0].article.id,))


def texts() -> dict[str, str]:
    """The sample articles as they lie in their files, by path or address."""
    found = {
        str(file.relative_to(EXAMPLES)): " ".join(file.read_text(encoding="utf-8").split())
        for file in EXAMPLES.rglob("*.*")
        if file.suffix != ".jsonl"
    }
    for line in (EXAMPLES / "meridian-and-others.jsonl").read_text(encoding="utf-8").splitlines():
        fields = json.loads(line)
        found[fields["url"]] = fields.get("text") or fields["body"]
    return found


def test_the_dialogues_are_of_all_kinds_in_both_halves_and_their_answers_stand_in_the_articles() -> None:
    file = EXAMPLES.parent / "dialogues.jsonl"
    dialogues = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert Counter(each["kind"] for each in dialogues[0::2]) == Counter(
        each["kind"] for each in dialogues[1::2]
    )
    assert len({each["id"] for each in dialogues}) == len(dialogues)
    articles = texts()
    for each in dialogues:
        assert each["answerable"] == bool(each["answers"]), each["id"]
        held = [articles[each["article"]]] if each["article"] else list(articles.values())
        for answer in each["answers"]:
            assert any(answer.casefold() in text.casefold() for text in held), (each["id"], answer)
