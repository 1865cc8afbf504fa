"""Questions written about the articles: where their answers stand, and which of them teach."""

import gzip
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from random import Random

import pytest

from training.corpus import Corpus
from training.examples import Candidate
from training.held_out import HELD_OUT_FROM, written
from training.written import QUESTIONS, WrittenExamples, WrittenQuestion, read_written

TEXT = (
    "Ann Lee led the talks on Monday. Bo Marsh came too, and Ann Lee thanked him.\n\n"
    + "The harbour was calm and the crews rested. " * 20
    + "\n\nIt reopens on Monday."
)
ARTICLES = [
    {"url": "https://a.example/talks", "title": "Talks", "text": TEXT, "published": "2024-05-01"},
    {"url": "https://a.example/other", "title": "Rival talks", "text": "Cy Dorn led the rival talks.",
     "published": "2024-08-02"},
]  # fmt: skip


def gzipped(path: Path, objects: Sequence[Mapping[str, object]]) -> Path:
    with gzip.open(path, "wt") as file:
        file.writelines(json.dumps(each) + "\n" for each in objects)
    return path


def made(tmp_path: Path, kind: str, question: str, answer: str) -> list[tuple[Candidate, ...]]:
    articles = gzipped(tmp_path / "articles.jsonl.gz", ARTICLES)
    spans = ((TEXT.index(answer), TEXT.index(answer) + len(answer)),) if answer else ()
    examples = WrittenExamples(Corpus.build(articles, tmp_path / "corpus.db"), Random(1))
    examples.make([WrittenQuestion(ARTICLES[0]["url"], kind, question, spans)], articles, HELD_OUT_FROM)
    return [each.passages for each in examples.examples]


def marked(candidate: Candidate) -> list[str]:
    return [candidate.text[start:end] for start, end in candidate.answers]


def test_an_answer_competes_with_its_article_and_with_what_retrieval_finds(tmp_path: Path) -> None:
    (piece,), (right, *wrong) = made(tmp_path, "who", "Who led the talks?", "Ann Lee")
    assert set(marked(piece)) == {"Ann Lee"}
    assert marked(right) == ["Ann Lee", "Ann Lee"]
    assert {each.title for each in wrong} == {"Talks", "Rival talks"}
    assert not any(map(marked, wrong))


def test_a_day_answers_only_where_it_was_meant(tmp_path: Path) -> None:
    _, (right, *wrong) = made(tmp_path, "when", "When were the talks?", "Monday")
    assert len(marked(right)) == 1
    assert not any("Monday" in each.text for each in wrong)


def test_what_the_article_does_not_say_is_marked_nowhere(tmp_path: Path) -> None:
    (group,) = made(tmp_path, "none", "Who paid for the talks?", "")
    assert {each.title for each in group} == {"Talks", "Rival talks"}
    assert not any(map(marked, group))


def test_questions_about_the_newest_articles_are_kept_for_the_combination(tmp_path: Path) -> None:
    articles = gzipped(tmp_path / "articles.jsonl.gz", ARTICLES)
    questions = gzipped(
        tmp_path / "questions.jsonl.gz",
        [{"url": each["url"], "kind": "who", "question": "Who led?", "spans": [[0, 7]]} for each in ARTICLES],
    )
    (kept,) = written(questions, articles)
    assert kept.answers == ("Cy Dorn",)
    assert kept.as_of >= date.fromisoformat(HELD_OUT_FROM)
    assert kept.filters.since is None or kept.filters.since < kept.as_of


def test_a_line_of_another_form_is_named(tmp_path: Path) -> None:
    questions = gzipped(tmp_path / "questions.jsonl.gz", [{"url": "u", "kind": "who", "question": "q"}])
    with pytest.raises(ValueError, match=r"questions\.jsonl\.gz:1: not a question"):
        list(read_written(questions))


def test_the_questions_that_come_with_the_project_can_be_read() -> None:
    questions = list(read_written(QUESTIONS))
    assert len(questions) > 1000
    assert all(start < end for question in questions for start, end in question.spans)
    assert all((question.kind == "none") == (not question.spans) for question in questions)
