import gzip
import json
from datetime import date
from pathlib import Path

import pytest

from bot.evaluation.cases import Case, Group, names, read_cases
from index.errors import SourceError
from tests.conftest import ROOT


def read(folder: Path, *objects: object, off_corpus: bool = False) -> list[Case]:
    file = folder / "q.jsonl"
    file.write_text("".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in objects))
    return read_cases(file, off_corpus=off_corpus)


def test_all_fields_are_read_and_others_ignored(tmp_path: Path) -> None:
    (case,) = read(
        tmp_path,
        {
            "id": 7, "question": " Who led? ", "as_of": "2024-01-31", "answers": ["Ann", " ", "Ann Lee"],
            "supported_urls": ["https://example.org/a"], "article": "b.txt", "kind": "who", "choices": [1],
            "resolved_date": "2024-01-30",
        },
    )  # fmt: skip
    assert case == Case(
        "7", "Who led?", Group.ANSWERABLE, ("Ann", "Ann Lee"), ("https://example.org/a", "b.txt"),
        date(2024, 1, 31), "who", "2024-01-30",
    )  # fmt: skip


def test_what_is_not_given_has_a_default(tmp_path: Path) -> None:
    _, case = read(tmp_path, {"question": "?", "answer": "x"}, "", {"question": "Who?", "answer": "Ann"})
    assert case == Case("3", "Who?", Group.ANSWERABLE, ("Ann",))


@pytest.mark.parametrize(
    ("fields", "group"),
    [
        ({"answers": ["x"]}, Group.ANSWERABLE),
        ({"answers": []}, Group.UNANSWERABLE),
        ({"answerable": False}, Group.UNANSWERABLE),
        ({"answers": ["x"], "answerable": False}, Group.UNANSWERABLE),
        ({"answers": ["x"], "answerable": False, "supported": False}, Group.UNSUPPORTED),
        ({"answers": ["x"], "answerable": True, "supported": True}, Group.ANSWERABLE),
        ({"answers": [], "supported": False}, Group.UNSUPPORTED),
        ({"rejected": ["x"]}, Group.REJECTED),
        ({"rejected": "x", "answers": [], "answerable": True}, Group.REJECTED),
        ({"rejected": ["x"], "answers": ["y"]}, Group.ANSWERABLE),
        ({"rejected": ["x"], "answerable": False}, Group.UNANSWERABLE),
    ],
)
def test_the_group_follows_from_the_labels(tmp_path: Path, fields: dict[str, object], group: Group) -> None:
    assert read(tmp_path, {"question": "?"} | fields)[0].group is group
    assert read(tmp_path, {"question": "?"} | fields, off_corpus=True)[0].group is Group.OFF_CORPUS


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "is not valid JSON"),
        ("[1]", "is no object"),
        ({"answers": ["x"]}, '"question" is missing or empty'),
        ({"question": 3}, '"question" must be text'),
        ({"question": "?", "answers": "x", "answerable": "no"}, '"answerable" must be true or false'),
        ({"question": "?", "answers": [1]}, '"answers" must be a list of strings'),
        ({"question": "?", "anwsers": ["x"]}, 'has neither "answers" nor "answerable": false'),
        ({"question": "?", "answers": [], "answerable": True}, 'has no "answers"'),
        ({"question": "?", "rejected": []}, 'has neither "answers" nor "answerable": false'),
        ({"question": "?", "rejected": [1]}, '"rejected" must be a list of strings'),
        ({"question": "?", "answers": ["x"], "date": "31/01/2024"}, '"date" must be a date'),
        ({"question": "?", "answers": ["x"], "articles": {"a": 1}}, '"articles" must be a list'),
    ],
)  # fmt: skip
def test_a_bad_line_is_named(tmp_path: Path, line: object, problem: str) -> None:
    with pytest.raises(SourceError) as error:
        read(tmp_path, {"question": "?", "answers": ["x"]}, line)
    assert str(error.value).startswith(f"{tmp_path / 'q.jsonl'}:2: ")
    assert problem in str(error.value)


def test_bad_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n")
    (tmp_path / "bad.jsonl").write_bytes(b'{"question": "\xff"}')
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b'{"question": "?", "answers": ["x"]}' * 99)[:40])
    for name, problem in {
        "none.jsonl": "cannot be read: No such file",
        "empty.jsonl": "has no questions",
        "bad.jsonl": "is not UTF-8",
        "cut.jsonl.gz": "as gzip data",
    }.items():
        with pytest.raises(SourceError, match=f"{name}.*{problem}"):
            read_cases(tmp_path / name)


def test_gzip_is_read_and_so_are_the_sample_questions(tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl.gz"
    file.write_bytes(gzip.compress((ROOT / "examples" / "questions.jsonl").read_bytes()))
    cases = read_cases(file)
    assert cases == read_cases(ROOT / "examples" / "questions.jsonl")
    assert {case.group for case in cases} == {Group.ANSWERABLE, Group.UNANSWERABLE}
    assert all(case.as_of for case in cases)


@pytest.mark.parametrize(
    ("name", "does"),
    [
        ("https://Example.org/a/?utm_source=x", True),
        ("https://example.org/b", False),
        ("wire.txt", True),
        ("./2024/wire.txt", True),
        ("../2024/wire.txt", True),
        ("/news/2024/wire.txt", True),
        ("ire.txt", False),
        ("2023/wire.txt", False),
        ("/2024/wire.txt", False),
        ("", False),
    ],
)
def test_an_article_is_named_by_address_path_or_end_of_path(name: str, does: bool) -> None:
    assert names(name, "https://example.org/a", "/news/2024/wire.txt") is does
    assert not names(name, None, None)


def test_a_passage_is_right_that_has_an_answer_and_is_of_an_article_that_supports_it() -> None:
    anywhere = Case("1", "?", answers=("Ann",))
    assert anywhere.is_supported_by("So Ann said.", None, None)
    assert not anywhere.is_supported_by("So Anna said.", None, None)
    named = Case("1", "?", answers=("Ann",), articles=("a.txt", "b.txt"))
    assert named.is_supported_by("So Ann said.", None, "/x/b.txt")
    assert not named.is_supported_by("So Ann said.", "https://example.org/a.txt", "/x/c.txt")


def test_an_answer_is_rejected_in_its_very_words_and_from_the_articles_that_are_named() -> None:
    anywhere = Case("1", "?", Group.REJECTED, rejected=("the Lee family",))
    assert anywhere.is_rejected("The Lee family.", None, None)
    assert not anywhere.is_rejected("Ann of the Lee family", None, None)
    assert not anywhere.is_rejected(None, None, None)
    named = Case("1", "?", Group.REJECTED, articles=("a.txt",), rejected=("Ann",))
    assert named.is_rejected("Ann", None, "/x/a.txt")
    assert not named.is_rejected("Ann", None, "/x/b.txt")
