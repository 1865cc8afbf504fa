"""The store's promises: all or nothing, revisions kept, removed is gone, one writer."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.database import FILE_NAME
from index.encoder import HashEncoder
from index.errors import LockedError, ModelMismatch, StoreError
from index.lexical import search_lexical
from index.store import Store
from index.types import Article, Filters
from index.vectors import VectorIndex
from index.writer import Entry, Writer
from ingest.split import split

ENCODER = HashEncoder()
ROOT = Path(__file__).parents[2]


def article(id_: str, text: str, **facts: object) -> Article:
    return Article(id=id_, text=text, title=f"Title of {id_}", digest=f"{id_} {text} {facts}", **facts)  # type: ignore[arg-type]


def entry(given: Article, encoder: HashEncoder = ENCODER) -> Entry:
    passages = split(given.id, given.text)
    return Entry(given, passages, encoder.encode([given.text[p.start : p.end] for p in passages]))


def write(data_dir: Path, *articles: Article) -> None:
    with Writer(data_dir) as writer:
        writer.write([entry(each) for each in articles], ENCODER.stamp)


def found(data_dir: Path, question: str, filters: Filters | None = None) -> set[str]:
    """Ids of the articles that both retrievers find, which must agree on which exist."""
    filters = filters or Filters()
    with Store(data_dir) as store, store.snapshot():
        vectors = VectorIndex(data_dir)
        vectors.load()
        vectors.sync(store)
        allowed = store.passage_ids(filters) if filters else None
        dense = store.passages(id_ for id_, _ in vectors.search(ENCODER.encode([question])[0], 50, allowed))
        lexical = store.passages(id_ for id_, _ in search_lexical(store, question.split(), 50, filters))
        assert {p.article_id for p in lexical.values()} <= {p.article_id for p in dense.values()}
        return {p.article_id for p in lexical.values()}


def test_an_article_comes_back_as_it_was_stored(tmp_path: Path) -> None:
    given = article(
        "a1",
        "Ferries ran again — “at last”, she said.\n\nÉlan: 数字 🛳️.",
        authors=("Ann Lee", "Bo Ek"),
        publisher="Meridian Wire",
        published=date(2024, 3, 4),
        modified=date(2024, 3, 5),
        url="https://example.org/a",
        path="/tmp/a.txt",
        language="en",
        line=7,
        line_starts=(0, 42),
        title_derived=True,
    )
    write(tmp_path, given)
    with Store(tmp_path) as store:
        assert store.article("a1") == given


def test_a_changed_article_replaces_its_passages_at_once_and_keeps_the_old_text(tmp_path: Path) -> None:
    write(tmp_path, article("a1", "The harbour closed on Monday."), article("a2", "Prices rose."))
    write(tmp_path, article("a1", "The airport opened on Friday."))
    assert found(tmp_path, "harbour") == set()
    assert found(tmp_path, "airport") == {"a1"}
    with Store(tmp_path) as store:
        (old,) = store.revisions("a1")
        assert old.text == "The harbour closed on Monday."
        assert store.counts()["passages"] == store.counts()["vectors"] == 2


def test_a_removed_article_is_gone_from_both_retrievers_and_leaves_no_old_text(tmp_path: Path) -> None:
    write(tmp_path, article("a1", "The harbour closed."), article("a2", "The harbour opened."))
    write(tmp_path, article("a1", "The harbour closed again."))
    with Writer(tmp_path) as writer:
        assert writer.remove(["a1", "unknown"]) == 1
    assert found(tmp_path, "harbour") == {"a2"}
    with Store(tmp_path) as store:
        assert store.article("a1") is None
        assert store.revisions("a1") == []


def test_a_batch_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    write(tmp_path, article("a1", "The harbour closed."))
    good, bad = entry(article("a2", "The bridge opened.")), entry(article("a3", "The tunnel opened."))
    with Writer(tmp_path) as writer:
        generation = writer.generation()
        with pytest.raises(ValueError, match=r"zip\(\)"):
            writer.write([good, replace(bad, vectors=bad.vectors[:0])], ENCODER.stamp)
        assert writer.generation() == generation
        assert writer.counts()["articles"] == 1
    assert found(tmp_path, "bridge") == set()


def test_a_batch_that_holds_an_article_twice_is_refused_whole(tmp_path: Path) -> None:
    write(tmp_path, article("a1", "The harbour closed."))
    twice = [entry(article("a2", "The bridge opened.")), entry(article("a2", "The bridge closed."))]
    with Writer(tmp_path) as writer:
        with pytest.raises(ValueError, match="given twice"):
            writer.write(twice, ENCODER.stamp)
        assert writer.lexical_is_sound()
    assert found(tmp_path, "bridge") == set()


def test_filters_are_applied_before_the_best_are_taken(tmp_path: Path) -> None:
    many = [article(f"n{i:03}", "The harbour closed.", publisher="Other") for i in range(80)]
    wanted = article(
        "wanted",
        "Of the harbour little is said here, and much of other things.",
        publisher="Meridian Wire",
        published=date(2024, 1, 2),
    )
    write(tmp_path, *many, wanted)
    assert found(tmp_path, "harbour", Filters(publisher="meridian wire")) == {"wanted"}
    assert found(tmp_path, "harbour", Filters(since=date(2024, 1, 2), until=date(2024, 1, 2))) == {"wanted"}
    assert found(tmp_path, "harbour", Filters(since=date(2024, 1, 3))) == set()


def test_an_index_of_another_model_is_refused_with_the_mend(tmp_path: Path) -> None:
    write(tmp_path, article("a1", "The harbour closed."))
    other = HashEncoder(name="another")
    with (
        Writer(tmp_path) as writer,
        pytest.raises(ModelMismatch, match=r"made by .* hash.*another.*--reembed"),
    ):
        writer.write([entry(article("a2", "New."), other)], other.stamp)


def test_a_second_writer_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    with (
        Writer(tmp_path),
        pytest.raises(LockedError, match=rf"process {os.getpid()} since \d{{4}}-\d\d-\d\d"),
    ):
        Writer(tmp_path)
    Writer(tmp_path).close()


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from index.writer import Writer;"
        "w = Writer(Path(sys.argv[1])); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, cwd=ROOT)
    assert done.returncode == -9
    write(tmp_path, article("a1", "The harbour closed."))
    assert found(tmp_path, "harbour") == {"a1"}


def test_a_reader_neither_makes_nor_writes_an_index(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="pullquote ingest"):
        Store(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    write(tmp_path, article("a1", "The harbour closed."))
    with Store(tmp_path) as store, pytest.raises(StoreError, match="cannot be written"):
        store.rows("DELETE FROM articles")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda path: path.write_bytes(b"not a database at all, but long enough to be read as one" * 40),
            "not a database",
        ),
        (
            lambda path: sqlite3.connect(path).execute("CREATE TABLE theirs (x)").connection.close(),
            "another program",
        ),
    ],
)
def test_a_foreign_file_is_refused(tmp_path: Path, make: object, message: str) -> None:
    make(tmp_path / FILE_NAME)  # type: ignore[operator]
    for kind in (Store, Writer):
        with pytest.raises(StoreError, match=message):
            kind(tmp_path)


def test_a_newer_schema_is_refused(tmp_path: Path) -> None:
    write(tmp_path, article("a1", "The harbour closed."))
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="newer version"):
        Store(tmp_path)


def test_a_reader_keeps_its_snapshot_while_another_writes(tmp_path: Path) -> None:
    write(tmp_path, article("a1", "The harbour closed."))
    with Store(tmp_path) as store:
        with store.snapshot():
            before = store.generation()
            write(tmp_path, article("a2", "The bridge opened."))
            assert store.generation() == before
            assert store.counts()["articles"] == 1
        assert store.counts()["articles"] == 2


def test_a_foreign_holder_file_does_not_confuse_the_lock(tmp_path: Path) -> None:
    with Writer(tmp_path):
        (tmp_path / "writer.json").write_text(json.dumps(["odd"]))
        with pytest.raises(LockedError, match="another process"):
            Writer(tmp_path)


def test_an_index_that_may_only_be_read_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, article("a1", "The harbour closed."))
    before = sorted(tmp_path.iterdir())
    # Root may write everywhere, so a folder that may not be written has to be played.
    monkeypatch.setattr("index.database.os.access", lambda *_: False)
    assert found(tmp_path, "harbour") == {"a1"}
    assert sorted(tmp_path.iterdir()) == before
