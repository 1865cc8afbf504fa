"""The FAISS file is derived: whatever happens to it, the answers come from SQLite."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.encoder import HashEncoder
from index.store import Store
from index.types import Article, Filters
from index.vectors import FILE_NAME, VectorIndex
from index.writer import Entry, Writer
from ingest.pipeline import bring_up_to_date
from ingest.split import split

ENCODER = HashEncoder()
TEXTS = {
    "a1": "The harbour closed on Monday.",
    "a2": "The bridge opened on Tuesday.",
    "a3": "Prices rose in March.",
}


def write(data_dir: Path, texts: dict[str, str], *, save: bool) -> None:
    entries = []
    for id_, text in texts.items():
        article = Article(id=id_, text=text, title=id_, digest=text)
        passages = split(id_, text)
        entries.append(Entry(article, passages, ENCODER.encode([text[p.start : p.end] for p in passages])))
    with Writer(data_dir) as writer:
        writer.write(entries, ENCODER.stamp)
        if save:
            bring_up_to_date(VectorIndex(data_dir), writer)


def nearest(data_dir: Path, question: str, vectors: VectorIndex | None = None) -> str:
    vectors = vectors or loaded(data_dir)
    with Store(data_dir) as store, store.snapshot():
        vectors.sync(store)
        ((id_, score),) = vectors.search(ENCODER.encode([question])[0], 1)
        assert score == pytest.approx(1, abs=1e-5)
        return store.passages([id_])[id_].article_id


def loaded(data_dir: Path) -> VectorIndex:
    vectors = VectorIndex(data_dir)
    vectors.load()
    return vectors


def test_the_file_gives_back_what_was_saved(tmp_path: Path) -> None:
    write(tmp_path, TEXTS, save=True)
    vectors = VectorIndex(tmp_path)
    assert vectors.load() is None
    with Store(tmp_path) as store:
        assert vectors.generation == store.generation()
        assert sorted(vectors.ids()) == sorted(store.passage_ids(Filters()))


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda path: path.unlink(), "missing"),
        (lambda path: path.write_bytes(b""), "cannot be read"),
        (lambda path: path.write_bytes(b"{}\nnonsense"), "not a vector index"),
        (lambda path: path.write_bytes(path.read_bytes()[:-100]), "read|damaged"),
        (flip_a_bit, "damaged"),
    ],
    ids=["missing", "empty", "foreign", "truncated", "one bit flipped"],
)
def test_a_lost_or_damaged_file_is_rebuilt_from_the_database(
    tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    write(tmp_path, TEXTS, save=True)
    harm(tmp_path / FILE_NAME)
    problem = VectorIndex(tmp_path).load()
    assert problem is not None
    assert re.search(said, problem)
    assert nearest(tmp_path, TEXTS["a2"]) == "a2"


def test_a_file_that_is_behind_catches_up_with_what_was_added_changed_and_removed(tmp_path: Path) -> None:
    write(tmp_path, TEXTS, save=True)
    write(tmp_path, {"a1": "The airport closed.", "a4": "A comet was seen."}, save=False)
    with Writer(tmp_path) as writer:
        writer.remove(["a2"])
    vectors = loaded(tmp_path)
    assert nearest(tmp_path, "The airport closed.", vectors) == "a1"
    assert nearest(tmp_path, "A comet was seen.", vectors) == "a4"
    assert len(vectors) == 3


def test_a_passage_that_goes_and_comes_back_is_there_once(tmp_path: Path) -> None:
    write(tmp_path, {"a1": "One."}, save=True)
    write(tmp_path, {"a1": "Two."}, save=False)
    write(tmp_path, {"a1": "One."}, save=False)
    vectors = loaded(tmp_path)
    assert nearest(tmp_path, "One.", vectors) == "a1"
    assert len(vectors) == 1


def test_an_open_index_sees_what_another_process_writes(tmp_path: Path) -> None:
    write(tmp_path, TEXTS, save=True)
    vectors = loaded(tmp_path)
    assert nearest(tmp_path, TEXTS["a1"], vectors) == "a1"
    write(tmp_path, {"a5": "The lighthouse burned."}, save=True)
    assert nearest(tmp_path, "The lighthouse burned.", vectors) == "a5"


def test_a_file_left_over_from_a_deleted_database_is_not_believed(tmp_path: Path) -> None:
    write(tmp_path, TEXTS, save=True)
    for file in tmp_path.glob("pullquote.db*"):
        file.unlink()
    other = {f"b{i}": f"Story number {i} of another day." for i in range(3)}
    write(tmp_path, other, save=False)
    assert nearest(tmp_path, other["b2"]) == "b2"


def test_the_file_of_another_past_of_a_restored_copy_is_not_believed(tmp_path: Path) -> None:
    write(tmp_path, TEXTS, save=True)
    copy = (tmp_path / "pullquote.db").read_bytes()
    for i in range(3):
        write(tmp_path, {f"lost{i}": f"Story {i} that the copy does not have."}, save=True)
    (tmp_path / "pullquote.db").write_bytes(copy)
    for i in range(5):
        write(tmp_path, {f"new{i}": f"Story {i} of another past."}, save=False)
    for i in range(5):
        assert nearest(tmp_path, f"Story {i} of another past.") == f"new{i}"
    assert len(loaded_and_synced(tmp_path)) == len(TEXTS) + 5


def loaded_and_synced(data_dir: Path) -> VectorIndex:
    vectors = loaded(data_dir)
    with Store(data_dir) as store, store.snapshot():
        vectors.sync(store)
    return vectors


def test_search_among_allowed_ids_only(tmp_path: Path) -> None:
    write(tmp_path, TEXTS, save=True)
    vectors = loaded(tmp_path)
    question = ENCODER.encode([TEXTS["a1"]])[0]
    best = vectors.search(question, 1)[0][0]
    others = vectors.ids()[vectors.ids() != best]
    assert {id_ for id_, _ in vectors.search(question, 10, others)} == set(others.tolist())
    assert vectors.search(question, 10, np.empty(0, np.int64)) == []


def test_saving_leaves_no_half_written_file(tmp_path: Path) -> None:
    write(tmp_path, TEXTS, save=True)
    before = (tmp_path / FILE_NAME).read_bytes()
    write(tmp_path, {"a9": "New."}, save=True)
    assert (tmp_path / FILE_NAME).read_bytes() != before
    assert not list(tmp_path.glob(".vectors*"))
