"""Opening the index for questions, with whatever must be made ready first."""

from pathlib import Path

import click

from index.config import DEFAULT_READER, NO_READER, Config
from index.engine import Engine
from index.reader import read_reader_card, reader_folder


def open_engine(config: Config) -> Engine:
    """An engine with the configured reader, exported now if this is its first use.

    Raises:
        StoreError: there is no index, or it cannot be used.
        ModelError: a model is missing, damaged, or cannot be exported.
    """
    name = config.reader.model
    # A folder's weights may have changed; an id's are taken to be what they were.
    if name not in {DEFAULT_READER, NO_READER} and (Path(name).is_dir() or _missing(config)):
        if _missing(config):
            click.echo(f"preparing the reader {name}, once", err=True)
        from ingest.export_reader import ensure_reader

        ensure_reader(name, config.data_dir)
    return Engine(config)


def _missing(config: Config) -> bool:
    return read_reader_card(reader_folder(config.data_dir, config.reader.model)) is None
