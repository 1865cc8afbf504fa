"""What ``pullquote doctor`` looks at, and what ``--repair`` rebuilds."""

import shutil
from collections.abc import Iterator

import click

from index.check import REEMBED, REPAIR, Finding, Level, check_index
from index.config import Config
from index.encoder import OnnxEncoder, exported_folder, read_card
from index.engine import open_encoder
from index.errors import LockedError, ModelError, ModelMismatch, StoreError
from index.store import Store
from index.vectors import VectorIndex
from index.writer import Writer

_MIN_FREE = 200_000_000


def findings(config: Config) -> Iterator[Finding]:
    """All that was looked at: configuration, disk, index, model."""
    yield Finding(Level.OK, "configuration", f"data in {config.data_dir}")
    yield from _disk(config)
    try:
        store: Store = _opened(config)
    except StoreError as error:
        yield Finding(Level.FAIL, "index", str(error), "as it says")
        return
    with store:
        if not isinstance(store, Writer):
            yield Finding(
                Level.WARN, "writer", "an ingest is running: the check is less thorough", "ask again later"
            )
        yield from check_index(store)
        yield from _model(config, store)


def _opened(config: Config) -> Store:
    """The index for a thorough check, or, while another process writes, for a light one."""
    Store(config.data_dir).close()  # says that there is no index, rather than make one
    try:
        return Writer(config.data_dir)
    except LockedError:
        return Store(config.data_dir)


def _disk(config: Config) -> Iterator[Finding]:
    folder = next(each for each in (config.data_dir, *config.data_dir.parents) if each.exists())
    free = shutil.disk_usage(folder).free
    text = f"{free / 1e9:,.1f} GB free"
    if free < _MIN_FREE:
        yield Finding(Level.FAIL, "disk", text, "free some space: an ingest needs room")
    else:
        yield Finding(Level.OK, "disk", text)


def _model(config: Config, store: Store) -> Iterator[Finding]:
    made_by = store.model()
    if made_by is None:
        return
    try:
        dimensions = open_encoder(config, made_by).encode(["probe"]).shape[1]
    except ModelMismatch as error:
        yield Finding(Level.FAIL, "embedding model", str(error), REEMBED)
    except ModelError as error:
        yield Finding(Level.FAIL, "embedding model", str(error), REPAIR)
    else:
        found = f"{made_by.name}, {dimensions} dimensions, SHA-256 {made_by.digest[:12]}…"
        yield Finding(Level.OK, "embedding model", found)


def repair(config: Config) -> None:
    """Rebuild from the articles what is derived from them, and export the model again if need be.

    Raises:
        PullquoteError: there is no index, or another process is writing to it.
    """
    from ingest.embed import PassageEncoder
    from ingest.pipeline import bring_up_to_date

    Store(config.data_dir).close()  # says that there is no index, rather than make one
    with Writer(config.data_dir) as writer:
        if not writer.lexical_is_sound():
            writer.rebuild_lexical()
            click.echo("lexical index rebuilt", err=True)
        vectors = VectorIndex(config.data_dir)
        vectors.path.unlink(missing_ok=True)
        bring_up_to_date(vectors, writer)
        click.echo("FAISS file rebuilt", err=True)
        made_by = writer.model()
    if made_by is None or made_by.name != config.embedding.model:
        return
    folder = exported_folder(config.data_dir, made_by.digest)
    try:
        OnnxEncoder(folder)
    except ModelError:
        shutil.rmtree(folder, ignore_errors=True)
        PassageEncoder(made_by.name, config.data_dir)
        if read_card(folder) is not None:  # else the weights of that name are others now
            click.echo("embedding model exported again", err=True)
