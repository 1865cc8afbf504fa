"""The vector index: FAISS in memory, a file derived from SQLite, never the truth."""

import json
import os
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from threading import RLock
from typing import Any, BinaryIO

import faiss
import numpy as np
from numpy.typing import NDArray

from index.errors import StoreError, first_line
from index.store import Store
from index.types import ModelStamp, Vectors

# One question is searched at a time; handing it to several threads costs ten times what it saves.
faiss.omp_set_num_threads(1)

FILE_NAME = "vectors.faiss"
_FORMAT = "pullquote-vectors-1"
_BATCH = 8192


class VectorIndex:
    """Exact inner-product search over the passages' vectors, by explicit ids.

    It holds one generation of the store and catches up with ``sync``, so that a
    running process sees what others ingest. The file is only a faster start: if it is
    missing, older, damaged or another model's, everything comes from SQLite. Threads that
    share it hold its ``lock`` from ``sync`` to ``search``.
    """

    def __init__(self, data_dir: Path) -> None:
        self.lock = RLock()
        self.path = data_dir / FILE_NAME
        self.generation = 0
        self.is_ahead_of_file = False
        self._token: str | None = None
        self._model: ModelStamp | None = None
        self._index: Any = None  # faiss.IndexIDMap2

    def __len__(self) -> int:
        return self._index.ntotal if self._index is not None else 0

    def load(self) -> str | None:
        """Read the file; returns None, or what is wrong with it, in which case nothing is loaded."""
        try:
            with self.path.open("rb") as file:
                header = json.loads(file.readline(4096))
                if not isinstance(header, dict) or header.get("format") != _FORMAT:
                    return "is not a vector index of this version"
                reader = _Checked(file)
                index = faiss.read_index(faiss.PyCallbackIOReader(reader.read, 1 << 20))
                if reader.crc != header["crc"] or index.ntotal != header["count"]:
                    return "is damaged"
                model = ModelStamp(**header["model"])
                generation, token = int(header["generation"]), str(header["token"])
        except FileNotFoundError:
            return "is missing"
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            # FAISS raises RuntimeError for any malformed file.
            return f"cannot be read ({first_line(error)})"
        self._index, self._model, self._token = index, model, token
        self.generation = generation
        self.is_ahead_of_file = False
        return None

    def sync(self, store: Store) -> None:
        """Bring the index to the store's present generation; call it within ``store.snapshot()``."""
        model, generation = store.model(), store.generation()
        ours = self._model == model and self._token == store.token(self.generation)
        if self._index is not None and ours and self.generation == generation:
            return
        self.is_ahead_of_file = True
        if model is None:
            self._index, self._model = None, None
        elif self._index is None or not ours:
            self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(model.dimensions))
            self._model = model
            self._add(store.vectors_since(-1))
        else:
            added = list(store.vectors_since(self.generation))
            gone = [*store.removed_since(self.generation), *(id_ for id_, _ in added)]
            if gone:
                self._index.remove_ids(np.array(gone, np.int64))
            self._add(iter(added))
        self.generation, self._token = generation, store.token(generation)

    def _add(self, rows: Iterator[tuple[int, bytes]]) -> None:
        assert self._index is not None
        while batch := list(islice(rows, _BATCH)):
            ids = np.array([id_ for id_, _ in batch], np.int64)
            matrix = np.frombuffer(b"".join(vector for _, vector in batch), "<f4").reshape(len(batch), -1)
            self._index.add_with_ids(matrix, ids)

    def search(
        self, vector: Vectors, k: int, allowed: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """The ``k`` nearest passages as (id, cosine), best first; only among ``allowed`` if given."""
        if self._index is None or not len(self) or (allowed is not None and not len(allowed)):
            return []
        parameters = None
        if allowed is not None:
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(allowed))
        scores, ids = self._index.search(vector.reshape(1, -1), min(k, len(self)), params=parameters)
        return [(int(id_), float(score)) for id_, score in zip(ids[0], scores[0], strict=True) if id_ >= 0]

    def ids(self) -> NDArray[np.int64]:
        """The ids that it holds, in no particular order."""
        if self._index is None:
            return np.empty(0, np.int64)
        return np.array(faiss.vector_to_array(self._index.id_map), np.int64)

    def save(self) -> None:
        """Write the file beside and rename it over, so that readers see the old one or the new one.

        Raises:
            StoreError: the disk is full or the folder cannot be written.
        """
        if self._index is None or self._model is None:
            return
        body = faiss.serialize_index(self._index).tobytes()
        header = {
            "format": _FORMAT,
            "generation": self.generation,
            "token": self._token,
            "count": len(self),
            "crc": zlib.crc32(body),
            "model": {
                "name": self._model.name,
                "digest": self._model.digest,
                "dimensions": self._model.dimensions,
            },
        }
        try:
            write_atomically(self.path, json.dumps(header).encode() + b"\n", body)
        except OSError as error:
            raise StoreError(
                f"{self.path} cannot be written: {error.strerror or error}; nothing is lost, answers come"
                " from the database until a later `pullquote ingest` writes it"
            ) from error
        self.is_ahead_of_file = False


class _Checked:
    """Reads for FAISS and sums what it has read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.crc = 0

    def read(self, size: int) -> bytes:
        data = self._file.read(size)
        self.crc = zlib.crc32(data, self.crc)
        return data


def write_atomically(path: Path, *parts: bytes) -> None:
    """Write a file so that at every instant it is the old one or the new one, whole.

    For one writer at a time: what a killed one left beside it, the next one overwrites.

    Raises:
        OSError: as the system gives it; the old file stands and nothing is left beside it.
    """
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
