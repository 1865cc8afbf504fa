"""``pullquote ingest``."""

import sys
from collections.abc import Callable, Iterator, Sequence

import click

from bot.progress import Progress, stoppable
from bot.shared import EXIT_ERROR, EXIT_INTERRUPTED, with_config
from bot.terminal import plain
from index.config import Config
from index.encoder import Encoder
from index.errors import PullquoteError, SourceError
from index.vectors import VectorIndex
from index.writer import Writer
from ingest.pipeline import Pipeline, Summary

_EPILOG = """\b
Examples:
  pullquote ingest ~/articles              a folder, recursively
  pullquote ingest 'wire/**/*.txt'         a pattern
  pullquote ingest wire.jsonl.gz --prune   and drop what is no longer in it
  zcat wire.gz | pullquote ingest -        standard input
  pullquote ingest --reembed               embed everything anew, after changing embedding.model

The same articles again change nothing and cost next to nothing.
Exit status: 0 all went in, 2 something failed, 130 stopped by Ctrl-C."""


@click.command(epilog=_EPILOG)
@click.argument("sources", nargs=-1)
@click.option("--prune", is_flag=True, help="Remove articles that are gone from these folders and files.")
@click.option("--reembed", is_flag=True, help="Embed all articles anew with the configured model.")
@with_config
def ingest(*, config: Config, sources: Sequence[str], prune: bool, reembed: bool) -> None:
    """Take in articles from SOURCES: .txt, .md, .jsonl[.gz], folders, patterns, - for standard input."""
    if reembed == bool(sources):
        raise click.UsageError("give sources, or --reembed alone")
    with Writer(config.data_dir) as writer:
        if reembed:
            sys.exit(_reembed(config, writer))
        sys.exit(_ingest(config, writer, sources, prune=prune))


def _encoder(config: Config) -> Callable[[], Encoder]:
    def make() -> Encoder:
        click.echo("loading the embedding model …", err=True)
        # Here, not above: it brings torch, which a run that changes nothing does without.
        from ingest.embed import PassageEncoder

        return PassageEncoder(config.embedding.model, config.data_dir)

    return make


class _Console:
    """Shows an ingest as it goes."""

    def __init__(self, progress: Progress, position: Callable[[], int]) -> None:
        self._progress = progress
        self._position = position

    def progress(self, summary: Summary) -> None:
        self._progress.update(
            self._position(), f"{summary.read:,} articles read, {summary.passages:,} passages embedded"
        )

    def failed(self, error: SourceError) -> None:
        self._progress.write(plain(f"failed: {error}"))

    def note(self, text: str) -> None:
        self._progress.write(plain(f"note: {text}"))


def _ingest(config: Config, writer: Writer, sources: Sequence[str], *, prune: bool) -> int:
    from ingest.reading import Reading

    reading = Reading(sources, day_first=config.ingest.day_first)
    problem: PullquoteError | None = None
    with (
        stoppable("finishing the batch in hand; Ctrl-C again stops at once") as stopped,
        Progress("ingesting", reading.total_bytes) as progress,
    ):
        console = _Console(progress, lambda: reading.bytes_read)
        pipeline = Pipeline(writer, VectorIndex(config.data_dir), _encoder(config), console, stopped)
        try:
            pipeline.run(reading, prune=reading.places if prune else ())
        except PullquoteError as error:
            problem = error
        interrupted = stopped()
    for line in _report(pipeline.summary, interrupted or problem is not None):
        click.echo(line)
    if problem is not None:
        raise problem
    return EXIT_INTERRUPTED if interrupted else EXIT_ERROR if pipeline.summary.failures else 0


def _report(summary: Summary, broken_off: bool) -> Iterator[str]:
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
    yield f"{'stopped after ' if broken_off else ''}{summary.seen:,} articles: {', '.join(parts)}"
    for error in summary.failures:
        yield plain(f"  {error}")


def _reembed(config: Config, writer: Writer) -> int:
    from ingest.reembed import reembed

    with (
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
    if not done:
        click.echo("stopped; `pullquote ingest --reembed` goes on from here")
        return EXIT_INTERRUPTED
    click.echo(f"{writer.counts()['passages']:,} passages embedded with {config.embedding.model}")
    return 0
