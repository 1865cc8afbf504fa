"""The index that the benchmarks measure on: made once by the real pipeline, kept under data/bench/."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.config import Config
from index.encoder import OnnxEncoder, exported_folder
from index.search import Searcher
from index.store import Store
from index.vectors import VectorIndex

ROOT = Path(__file__).parents[1]
PULLQUOTE = Path(sys.executable).with_name("pullquote")
ASK = Path(sys.executable).with_name("ask")


def data_dir_for(data: Path) -> Path:
    """Where the index of this data lies."""
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:8]
    return ROOT / "data" / "bench" / f"{data.resolve().name}-{digest}"


def ingested(data: Path) -> Path:
    """The data folder of the index of ``data``'s articles, made if need be (some minutes)."""
    folder = data_dir_for(data)
    command = [str(PULLQUOTE), "--data-dir", str(folder), "ingest", str(data / "articles.jsonl.gz")]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return folder


@contextmanager
def opened_index(data: Path) -> Iterator[tuple[Store, Searcher]]:
    """The index of ``data``'s articles, open for searching."""
    folder = ingested(data)
    vectors = VectorIndex(folder)
    vectors.load()
    encoder = OnnxEncoder(exported_folder(folder, Config().embedding.model))
    with Store(folder) as store:
        yield store, Searcher(store, vectors, encoder)
