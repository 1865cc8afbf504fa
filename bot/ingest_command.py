"""``pullquote ingest``: the command; ``bot/ingesting.py`` does it."""

import sys
from collections.abc import Sequence

import click

from bot.shared import with_config
from index.config import Config

_EPILOG = """\b
Examples:
  pullquote ingest ~/articles              a folder, recursively
  pullquote ingest 'wire/**/*.txt'         a pattern
  pullquote ingest wire.jsonl.gz --prune   and drop what is no longer in it
  zcat wire.gz | pullquote ingest -        standard input
  pullquote ingest https://example.com/a   one web page, or a text, Markdown or .jsonl file there
  pullquote ingest --reembed               embed everything anew, after changing embedding.model

The same articles again change nothing and cost next to nothing.
Exit status: 0 all went in, 2 something failed, 130 stopped by Ctrl-C."""


@click.command(epilog=_EPILOG)
@click.argument("sources", nargs=-1)
@click.option("--prune", is_flag=True, help="Remove articles that are gone from these folders and files.")
@click.option("--reembed", is_flag=True, help="Embed all articles anew with the configured model.")
@with_config
def ingest(*, config: Config, sources: Sequence[str], prune: bool, reembed: bool) -> None:
    """Take in articles from SOURCES: .txt, .md, .jsonl[.gz], folders, patterns, URLs, - for stdin."""
    if reembed == bool(sources):
        raise click.UsageError("give sources, or --reembed alone")
    # Here, not above: help and completion should not wait for it.
    from bot.ingesting import run_ingest, run_reembed

    sys.exit(run_reembed(config) if reembed else run_ingest(config, sources, prune=prune))
