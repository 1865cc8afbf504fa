"""Lists and choices of articles."""

from pathlib import Path

import pytest

from index.catalogue import newest, publishers, titled
from index.store import Store
from tests.conftest import ingest, lines


@pytest.fixture
def store(tmp_path: Path) -> Store:
    source = tmp_path / "articles.jsonl"
    source.write_text(
        lines(
            [
                '{"url": "https://a.example/1", "title": "Harbour closed", "published": "2024-01-02",'
                ' "publisher": "The Gull", "text": "The harbour closed."}',
                '{"url": "https://a.example/2", "title": "Harbour opened", "published": "2024-01-03",'
                ' "publisher": "THE GULL", "text": "The harbour opened."}',
                '{"url": "https://a.example/3", "title": "Élan vital", "publisher": "Tern",'
                ' "text": "Nothing of it is about a harbour."}',
            ]
        ),
        encoding="utf-8",
    )
    ingest(tmp_path / "data", source)
    return Store(tmp_path / "data")


def test_the_newest_come_first_and_undated_ones_last(store: Store) -> None:
    assert [each.title for each in newest(store, 9)] == ["Harbour opened", "Harbour closed", "Élan vital"]
    assert [each.title for each in newest(store, 1)] == ["Harbour opened"]
    assert [each.title for each in newest(store, 9, "the gull")] == ["Harbour opened", "Harbour closed"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("harb", ["Harbour opened", "Harbour closed"]),
        ("closed harbour", ["Harbour closed"]),
        ("Harbour cl", ["Harbour closed"]),
        ("elan", ["Élan vital"]),
        ("harbour lost", []),
        ("", ["Harbour opened", "Harbour closed", "Élan vital"]),
        ('" OR title : *', []),
        ("NEAR(", []),
    ],
)
def test_titles_are_found_by_their_words_as_they_are_typed(
    store: Store, typed: str, found: list[str]
) -> None:
    assert [each.title for each in titled(store, typed, 9)] == found


def test_publishers_are_counted_whatever_their_capitals(store: Store) -> None:
    assert [(name.casefold(), count) for name, count in publishers(store)] == [("the gull", 2), ("tern", 1)]
