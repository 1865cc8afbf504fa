"""The run of an ingest: what is new is split, embedded and stored, a batch at a time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from index.encoder import Encoder
from index.errors import SourceError
from index.store import Stored, check_model
from index.types import Article, Passage, Vectors
from index.vectors import VectorIndex
from index.writer import Entry, Writer
from ingest.quick import FEW_PASSAGES
from ingest.reading import Found
from ingest.split import embedded_text, split

# Passages in a transaction: some seconds of work, which is what a kill may cost.
BATCH_PASSAGES = 512


@dataclass(slots=True)
class Summary:
    """What an ingest has come to so far; true at every instant, also when it is broken off."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    repeated: int = 0
    removed: int = 0
    passages: int = 0
    failures: list[SourceError] = field(default_factory=list)

    @property
    def seen(self) -> int:
        """Articles and sources that were looked at."""
        return self.added + self.updated + self.unchanged + self.repeated + len(self.failures)


class Observer(Protocol):
    """Hears of an ingest as it goes."""

    def progress(self, summary: Summary) -> None:
        """Something was read or stored."""

    def note(self, text: str) -> None:
        """Something that the user may want to know of an article that went in."""


class Pipeline:
    """Ingests articles into one index.

    The encoder is made when the first article needs it, so a run that changes nothing
    loads no model. ``make_quick`` makes another, or None, for a run of a few passages, for
    which the first would take longer to load than to embed.
    """

    def __init__(
        self,
        writer: Writer,
        vectors: VectorIndex,
        make_encoder: Callable[[], Encoder],
        observer: Observer,
        stopped: Callable[[], bool] = lambda: False,
        make_quick: Callable[[], Encoder | None] = lambda: None,
    ) -> None:
        self.summary = Summary()
        self._make_quick = make_quick
        self._writer = writer
        self._vectors = vectors
        self._make_encoder = make_encoder
        self._encoder: Encoder | None = None
        self._observer = observer
        self._stopped = stopped
        self._stored: dict[str, Stored] = {}
        self._seen: dict[str, str] = {}
        self._moved: list[Article] = []
        self._batch: list[tuple[Article, list[Passage]]] = []
        self._batch_passages = 0

    def run(
        self, articles: Iterable[Found | SourceError], covered: Callable[[Path], bool] | None = None
    ) -> None:
        """Take the articles in; remove those that are gone from the files that were ``covered``.

        Stops after the batch in hand once ``stopped()`` is true; nothing is pruned then.
        The FAISS file is brought up to date in any case.

        Raises:
            StoreError: the disk is full, or the index is another model's. What was
                committed before stays, and ``summary`` counts it.
            ModelError: the model cannot be loaded.
        """
        self._stored = self._writer.stored()
        try:
            for item in articles:
                if isinstance(item, SourceError):
                    self.summary.failures.append(item)
                else:
                    self._take(item)
                if self._stopped():
                    break
            self._flush()
            self._writer.relocate(self._moved)
            if covered is not None and not self._stopped():
                self._prune(covered)
        finally:
            bring_up_to_date(self._vectors, self._writer)

    def _take(self, found: Found) -> None:
        article = found.article
        self.summary.read += 1
        if article.id in self._seen:
            # The first one counts: were it the last, each run would change the article twice.
            self.summary.repeated += 1
            if self._seen[article.id] != article.digest:
                where = article.url or f"{article.path}:{article.line}"
                self._observer.note(
                    f"{where}: is given twice and differs (“{article.title}”); the first counts"
                )
            return
        self._seen[article.id] = article.digest
        for note in found.notes:
            self._observer.note(note)
        known = self._stored.get(article.id)
        if known is not None and known.digest == article.digest:
            self.summary.unchanged += 1
            if article.path is not None and (known.path, known.line) != (article.path, article.line):
                self._moved.append(article)
        else:
            passages = split(article.id, article.text)
            self._batch.append((article, passages))
            self._batch_passages += len(passages)
            if self._batch_passages >= BATCH_PASSAGES:
                self._flush()
        self._observer.progress(self.summary)

    def _flush(self) -> None:
        if not self._batch:
            return
        encoder = self._ready_encoder()
        texts = [
            embedded_text(article.title, article.text[passage.start : passage.end])
            for article, passages in self._batch
            for passage in passages
        ]
        vectors = np.concatenate(
            [
                self._encode(encoder, texts[i : i + BATCH_PASSAGES])
                for i in range(0, len(texts), BATCH_PASSAGES)
            ]
        )
        entries = []
        row = 0
        for article, passages in self._batch:
            entries.append(Entry(article, passages, vectors[row : row + len(passages)]))
            row += len(passages)
        self._writer.write(entries, encoder.stamp)
        updated = sum(article.id in self._stored for article, _ in self._batch)
        self.summary.updated += updated
        self.summary.added += len(self._batch) - updated
        self._batch, self._batch_passages = [], 0
        self._observer.progress(self.summary)

    def _encode(self, encoder: Encoder, texts: Sequence[str]) -> Vectors:
        vectors = encoder.encode(texts)
        self.summary.passages += len(texts)
        self._observer.progress(self.summary)
        return vectors

    def _ready_encoder(self) -> Encoder:
        if self._encoder is None:
            few = self._batch_passages < FEW_PASSAGES
            encoder = (self._make_quick() if few else None) or self._make_encoder()
            made_by = self._writer.model()
            if made_by is not None:
                check_model(made_by, encoder.stamp)
            self._encoder = encoder
        return self._encoder

    def _prune(self, covered: Callable[[Path], bool]) -> None:
        """Remove articles that this run should have met and did not, but for those it could not read."""
        failed = [error.path for error in self.summary.failures if error.path is not None]
        gone = []
        for id_, stored in self._stored.items():
            if stored.path is None or id_ in self._seen:
                continue
            path = Path(stored.path)
            if covered(path) and not any(path.is_relative_to(unread) for unread in failed):
                gone.append(id_)
        self.summary.removed = self._writer.remove(gone) if gone else 0


def bring_up_to_date(vectors: VectorIndex, writer: Writer) -> None:
    """Make the FAISS file hold what the database does, if it does not yet.

    Raises:
        StoreError: the file cannot be written; the database is whole and answers go on.
    """
    vectors.load()
    with writer.snapshot():
        vectors.sync(writer)
    if vectors.is_ahead_of_file:
        vectors.save()
