"""Ingesting twice, changed, gone, broken off: what is in the index after."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest

from index.check import Level, check_index
from index.encoder import Encoder, HashEncoder
from index.errors import ModelMismatch, StoreError
from index.store import Store
from index.types import Filters, Vectors
from index.vectors import VectorIndex
from index.writer import Writer
from ingest import pipeline as pipeline_module
from ingest.formats import READERS
from ingest.pipeline import Pipeline
from ingest.reading import Reading
from ingest.reembed import reembed
from tests.conftest import Notebook, ingest, no_encoder, write_articles


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def titles(data: Path) -> list[str]:
    with Store(data) as store:
        return sorted(article.title.removeprefix("Title of ") for article in store.articles())


def assert_sound(data: Path) -> None:
    with Writer(data) as writer:
        faults = [finding for finding in check_index(writer) if finding.level is not Level.OK]
    assert faults == []


def test_the_same_articles_again_change_nothing_and_load_no_model(data: Path, articles: Path) -> None:
    first = ingest(data, articles)
    assert (first.added, first.passages) == (3, 3)
    with Store(data) as store:
        generation = store.generation()
    again = ingest(data, articles, make_encoder=no_encoder)
    assert (again.unchanged, again.added, again.updated, again.passages) == (3, 0, 0, 0)
    with Store(data) as store:
        assert store.generation() == generation
    assert_sound(data)


def test_only_what_changed_is_embedded(data: Path, articles: Path) -> None:
    ingest(data, articles)
    write_articles(articles, {"bridge": "The bridge stays shut, the mayor said."})
    summary = ingest(data, articles)
    assert (summary.updated, summary.unchanged, summary.passages) == (1, 2, 1)
    with Store(data) as store:
        (bridge,) = [each for each in store.articles() if each.title == "Title of bridge"]
        assert bridge.text == "The bridge stays shut, the mayor said."
        assert [each.text for each in store.revisions(bridge.id)] == ["The bridge opened on Tuesday."]
    assert_sound(data)


def test_prune_removes_what_is_gone_from_the_folder_and_nothing_else(
    data: Path, articles: Path, tmp_path: Path
) -> None:
    write_articles(tmp_path / "other", {"comet": "A comet was seen."})
    ingest(data, articles, tmp_path / "other")
    (articles / "bridge.txt").unlink()
    (tmp_path / "other" / "comet.txt").unlink()
    assert ingest(data, articles).removed == 0
    assert ingest(data, articles, prune=True).removed == 1
    assert titles(data) == ["comet", "harbour", "prices"]
    assert_sound(data)


def test_prune_spares_what_could_not_be_read(data: Path, articles: Path) -> None:
    records = articles / "wire.jsonl"
    records.write_text(
        "".join(
            json.dumps({"title": f"T{i}", "published": "2024-01-01", "text": f"Story {i}."}) + "\n"
            for i in range(3)
        )
    )
    ingest(data, articles)
    records.write_text('{"title": "T0", "published": "2024-01-01", "text": "Story 0."}\n{"broken\n')
    (articles / "harbour.txt").write_bytes(b"\0\1\2")
    summary = ingest(data, articles, prune=True)
    assert (len(summary.failures), summary.removed) == (2, 0)
    records.write_text('{"title": "T0", "published": "2024-01-01", "text": "Story 0."}\n')
    assert ingest(data, articles, prune=True).removed == 2


def test_of_two_articles_with_one_address_the_first_counts_each_time(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "wire.jsonl"
    file.write_text(
        '{"url": "https://example.org/a", "text": "One."}\n'
        '{"url": "https://example.org/a/", "text": "Two."}\n'
    )
    for status in ("added", "unchanged"):
        summary = ingest(data, file)
        assert (getattr(summary, status), summary.repeated, summary.updated) == (1, 1, 0)
    with Store(data) as store:
        assert [each.text for each in store.articles()] == ["One."]


def test_a_moved_file_of_addressed_articles_is_unchanged_and_found_at_its_new_place(
    data: Path, tmp_path: Path
) -> None:
    record = '{"url": "https://example.org/a", "text": "One."}\n'
    (tmp_path / "old.jsonl").write_text(record)
    ingest(data, tmp_path / "old.jsonl")
    (tmp_path / "old.jsonl").unlink()
    (tmp_path / "new.jsonl").write_text("\n" + record)
    assert ingest(data, tmp_path / "new.jsonl", make_encoder=no_encoder).unchanged == 1
    with Store(data) as store:
        (article,) = store.articles()
    assert (article.path, article.line) == (str((tmp_path / "new.jsonl").resolve()), 2)


def test_a_stop_finishes_the_batch_in_hand_and_the_next_run_the_rest(
    data: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_module, "BATCH_PASSAGES", 1)
    wishes = iter([False, True, True, True, True])
    (articles / "prices.txt").rename(articles / "z.txt")
    stopped = ingest(data, articles, prune=True, stopped=lambda: next(wishes))
    assert (stopped.added, stopped.removed) == (2, 0)
    assert titles(data) == ["bridge", "harbour"]
    assert_sound(data)
    rest = ingest(data, articles)
    assert (rest.added, rest.unchanged) == (1, 2)


class FailingEncoder(HashEncoder):
    """Fails as a full memory or a killed library does, after so many calls."""

    def __init__(self, calls: int) -> None:
        super().__init__()
        self.calls = iter(range(calls))

    def encode(self, texts: Sequence[str]) -> Vectors:
        next(self.calls)
        return super().encode(texts)


def test_what_was_committed_before_a_failure_stays(
    data: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline_module, "BATCH_PASSAGES", 1)
    with pytest.raises(StopIteration):
        ingest(data, articles, make_encoder=lambda: FailingEncoder(2))
    assert titles(data) == ["bridge", "harbour"]
    assert ingest(data, articles).added == 1
    assert_sound(data)


def test_a_full_disk_is_said_and_loses_nothing(data: Path, articles: Path, tmp_path: Path) -> None:
    ingest(data, articles)
    write_articles(tmp_path / "more", {f"story{i}": f"Story {i} is long. " * 400 for i in range(40)})
    with Writer(data) as writer:
        pages = writer.number("PRAGMA page_count")
        writer.rows(f"PRAGMA max_page_count = {pages + 20}")
        pipeline = Pipeline(writer, VectorIndex(data), HashEncoder, Notebook())
        with pytest.raises(StoreError, match="disk is full"):
            pipeline.run(Reading([str(tmp_path / "more")]))
        assert pipeline.summary.added == 0
    assert titles(data) == ["bridge", "harbour", "prices"]
    assert_sound(data)


def test_another_model_is_refused_before_anything_is_embedded(data: Path, articles: Path) -> None:
    ingest(data, articles)
    write_articles(articles, {"comet": "A comet was seen."})

    def other() -> Encoder:
        encoder = FailingEncoder(0)
        encoder.stamp = HashEncoder(name="another").stamp
        return encoder

    with pytest.raises(ModelMismatch, match="--reembed"):
        ingest(data, articles, make_encoder=other)
    assert titles(data) == ["bridge", "harbour", "prices"]


def wishes(*values: bool) -> Iterator[bool]:
    yield from values


def test_reembedding_goes_on_where_it_stopped_and_switches_at_once(
    data: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.reembed.BATCH_PASSAGES", 1)
    ingest(data, articles)
    other = HashEncoder(dimensions=32, name="another")
    seen: list[tuple[int, int]] = []
    stop = wishes(False, True)
    with Writer(data) as writer:
        assert not reembed(writer, VectorIndex(data), other, lambda *p: seen.append(p), lambda: next(stop))
        model = writer.model()
        assert model is not None
        assert model.name == "hash"
    assert_sound(data)
    with Writer(data) as writer:
        assert reembed(writer, VectorIndex(data), other, lambda *p: seen.append(p))
        assert writer.model() == other.stamp
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert_sound(data)
    assert ingest(data, articles, make_encoder=no_encoder).unchanged == 3


def test_a_folder_holds_other_things_too(data: Path, articles: Path) -> None:
    (articles / "photo.jpg").write_bytes(b"\xff\xd8")
    (articles / "loop").symlink_to(articles)
    assert (ingest(data, articles).added, ingest(data, articles).failures) == (3, [])


@pytest.mark.parametrize("way", ["link", "x/../articles"])
def test_prune_by_another_way_to_the_folder_spares_what_could_not_be_read(
    data: Path, articles: Path, tmp_path: Path, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_articles(articles / "locked", {"comet": "A comet was seen."})
    (tmp_path / "x").mkdir()
    (tmp_path / "link").symlink_to(articles)
    ingest(data, articles)
    listed = Path.iterdir

    def iterdir(folder: Path) -> Iterator[Path]:
        # Root may read everything, so a folder that may not be read has to be played.
        if folder.name == "locked":
            raise PermissionError(13, "Permission denied", str(folder))
        return iter(listed(folder))

    monkeypatch.setattr(Path, "iterdir", iterdir)
    summary = ingest(data, tmp_path / way, prune=True)
    assert (len(summary.failures), summary.removed) == (1, 0)


def test_prune_spares_a_hidden_file_that_is_still_there(data: Path, articles: Path) -> None:
    (articles / "bridge.txt").rename(articles / ".bridge.txt")
    ingest(data, articles, articles / ".bridge.txt")
    assert ingest(data, articles, prune=True).removed == 0
    (articles / ".bridge.txt").unlink()
    assert ingest(data, articles, prune=True).removed == 1


def test_two_records_that_cannot_be_told_apart_are_noted(data: Path, tmp_path: Path) -> None:
    record = '{"title": "Weather", "published": "2024-01-29", "text": "%s"}\n'
    (tmp_path / "w.jsonl").write_text(record % "Rain." + record % "Snow.")
    reading = Reading([str(tmp_path / "w.jsonl")])
    notebook = Notebook()
    with Writer(data) as writer:
        Pipeline(writer, VectorIndex(data), HashEncoder, notebook).run(reading)
    assert notebook.notes == [
        f"{tmp_path}/w.jsonl:2: is given twice and differs (“Weather”); the first counts"
    ]


def test_a_bug_in_reading_one_file_does_not_keep_the_others_out(
    data: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> Iterator[object]:
        raise KeyError("odd")
        yield

    monkeypatch.setitem(READERS, ".md", fails)
    (articles / "a.md").write_text("# Odd\n\nText.")
    summary = ingest(data, articles)
    assert summary.added == 3
    assert "a.md: cannot be understood (KeyError: 'odd')" in str(summary.failures[0])


def test_reembedding_that_is_resumed_takes_up_what_changed_meanwhile(
    data: Path, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.reembed.BATCH_PASSAGES", 3)
    ingest(data, articles)
    other = HashEncoder(name="another")
    with Writer(data) as writer:
        writer.stage([id_ for id_, _, _ in writer.unstaged(9)], other.encode(["stale"] * 3), other.stamp)
    (articles / "bridge.txt").write_text("A new title\n\nThe bridge opened on Tuesday.\n")
    ingest(data, articles)
    with Writer(data) as writer:
        reembed(writer, VectorIndex(data), other, lambda *_: None)
        ((id_, _),) = [
            (i, t) for i, t in writer.bodies(writer.passage_ids(Filters()).tolist()).items() if "bridge" in t
        ]
        assert writer.vectors([id_])[id_] == pytest.approx(
            other.encode(["A new title\nThe bridge opened on Tuesday."])[0], abs=1e-6
        )


def test_a_date_in_the_future_is_left_out_with_a_note(data: Path, tmp_path: Path) -> None:
    day = date.today() + timedelta(days=40)
    (tmp_path / "a.txt").write_text(f"Published: {day}\n\nA comet was seen over the harbour.\n")
    notebook = Notebook()
    with Writer(data) as writer:
        Pipeline(writer, VectorIndex(data), HashEncoder, notebook).run(Reading([str(tmp_path / "a.txt")]))
    (note,) = notebook.notes
    assert note.startswith(f"{tmp_path}/a.txt: ")
    assert "future" in note
    with Store(data) as store:
        assert [each.published for each in store.articles()] == [None]
