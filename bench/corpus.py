"""The index that the benchmarks measure on: made once by the real pipeline, kept under data/bench/."""

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from bot.ingesting import run_ingest
from index.config import Config
from index.engine import open_encoder
from index.search import Searcher
from index.store import Store
from index.vectors import VectorIndex
from ingest import pipeline
from ingest.split import PASSAGE_CHARS, split

ROOT = Path(__file__).parents[1]


def data_dir_for(data: Path, size: int = PASSAGE_CHARS) -> Path:
    """Where the index of this data lies."""
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:8]
    return ROOT / "data" / "bench" / f"{data.resolve().name}-{size}-{digest}"


def ingested(data: Path, size: int = PASSAGE_CHARS) -> Path:
    """The data folder of the index of ``data``'s articles, made if need be (some minutes)."""
    folder = data_dir_for(data, size)
    # The size is no option of the program: nobody who uses it has a reason to change it.
    vars(pipeline)["split"] = partial(split, chunk_size=size)
    try:
        status = run_ingest(replace(Config(), data_dir=folder), [str(data / "articles.jsonl.gz")])
    finally:
        vars(pipeline)["split"] = split
    if status != 0:
        sys.exit(status)
    return folder


@contextmanager
def opened_index(data: Path, size: int = PASSAGE_CHARS) -> Iterator[tuple[Store, Searcher]]:
    """The index of ``data``'s articles, open for searching."""
    folder = ingested(data, size)
    vectors = VectorIndex(folder)
    vectors.load()
    with Store(folder) as store:
        made_by = store.model()
        assert made_by is not None
        yield store, Searcher(store, vectors, open_encoder(Config(data_dir=folder), made_by))
