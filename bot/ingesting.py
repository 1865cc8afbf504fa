"""An ingest at the command line: progress while it runs, a report when it ends."""

import time
from collections.abc import Callable, Iterator, Sequence

import click

from bot.progress import Progress, stoppable
from bot.shared import EXIT_ERROR, EXIT_INTERRUPTED
from bot.terminal import plain
from index.config import Config
from index.encoder import Encoder
from index.errors import ModelError, PullquoteError
from index.store import Store
from index.vectors import VectorIndex
from index.writer import Writer
from ingest.pipeline import Pipeline, Summary
from ingest.quick import quick_encoder
from ingest.reading import Reading
from ingest.reembed import reembed


def run_ingest(config: Config, sources: Sequence[str], *, prune: bool = False) -> int:
    """Ingest and report; returns the exit status.

    Raises:
        PullquoteError: it could not go on; what was in by then has been reported.
    """
    reading = Reading(sources, day_first=config.ingest.day_first)
    problem: PullquoteError | None = None
    with (
        Writer(config.data_dir) as writer,
        stoppable("finishing the batch in hand; Ctrl-C again stops at once") as stopped,
        Progress("ingesting", reading.total_bytes) as progress,
    ):
        console = _Console(progress, lambda: reading.bytes_read)
        pipeline = Pipeline(
            writer, VectorIndex(config.data_dir), _encoder(config), console, stopped, _quick(config)
        )
        try:
            pipeline.run(reading, reading.covers if prune else None)
        except PullquoteError as error:
            problem = error
        interrupted = stopped()
    for line in _report(pipeline.summary, broken_off=interrupted or problem is not None):
        click.echo(line)
    if reading.skipped:
        click.echo(f"{reading.skipped:,} files of other formats were skipped", err=True)
    if problem is not None:
        raise problem
    if interrupted:
        return EXIT_INTERRUPTED
    return EXIT_ERROR if pipeline.summary.failures else 0


def run_reembed(config: Config) -> int:
    """Embed everything anew; returns the exit status.

    Raises:
        PullquoteError: it could not go on; what was embedded by then is kept.
    """
    Store(config.data_dir).close()  # says that there is no index, rather than make one
    with (
        Writer(config.data_dir) as writer,
        stoppable("finishing the batch in hand; what is done is kept") as stopped,
        Progress("embedding", writer.counts()["passages"]) as progress,
    ):
        done = reembed(
            writer,
            VectorIndex(config.data_dir),
            _encoder(config)(),
            lambda count, total: progress.update(count, f"{count:,} of {total:,} passages"),
            stopped,
        )
        total = writer.counts()["passages"]
    if not done:
        click.echo("stopped; `pullquote ingest --reembed` goes on from here")
        return EXIT_INTERRUPTED
    click.echo(f"{total:,} passages embedded with {config.embedding.model}")
    return 0


def _encoder(config: Config) -> Callable[[], Encoder]:
    def make() -> Encoder:
        click.echo("loading the embedding model …", err=True)
        # Here, not above: it brings torch, which a run that changes nothing does without.
        from ingest.embed import PassageEncoder

        return PassageEncoder(config.embedding.model, config.data_dir)

    return make


def _quick(config: Config) -> Callable[[], Encoder | None]:
    def make() -> Encoder | None:
        try:
            return quick_encoder(config.embedding.model, config.data_dir)
        except ModelError:
            return None  # the other way says it better, or exports it anew

    return make


class _Console:
    """Shows an ingest as it goes."""

    def __init__(self, progress: Progress, position: Callable[[], int]) -> None:
        self._progress = progress
        self._position = position
        self._embedding_since: float | None = None
        self._before = 0

    def progress(self, summary: Summary) -> None:
        # Counted from the first batch on: loading the model is no part of the rate.
        if summary.passages and self._embedding_since is None:
            self._embedding_since, self._before = time.monotonic(), summary.passages
        text = f"{summary.read:,} articles read, {summary.passages:,} passages embedded"
        if self._embedding_since is not None and summary.passages > self._before:
            seconds = max(time.monotonic() - self._embedding_since, 0.001)
            text += f", {(summary.passages - self._before) / seconds:.0f}/s"
        self._progress.update(self._position(), text)

    def note(self, text: str) -> None:
        self._progress.write(plain(f"note: {text}"))


def _report(summary: Summary, *, broken_off: bool) -> Iterator[str]:
    parts = [
        f"{summary.added:,} added",
        f"{summary.updated:,} updated",
        f"{summary.unchanged:,} unchanged",
        f"{len(summary.failures):,} failed",
    ]
    if summary.repeated:
        parts.append(f"{summary.repeated:,} given twice")
    if summary.removed:
        parts.append(f"{summary.removed:,} removed")
    articles = f"{summary.seen:,} article{'s' * (summary.seen != 1)}"
    yield f"{'stopped after ' if broken_off else ''}{articles}: {', '.join(parts)}"
    for error in summary.failures:
        yield plain(f"  {error}")
