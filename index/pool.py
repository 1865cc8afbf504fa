"""Engines for several threads at once, over the common index and over collections of their own."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Lock

from index.config import Config
from index.database import FILE_NAME
from index.engine import Engine, Loaded
from index.writer import Writer


def collection_folder(data_dir: Path, collection: str | None) -> Path:
    """The data folder of a collection: an index of its own below the common one, None for the common one."""
    return data_dir if collection is None else data_dir / "collections" / collection


class EnginePool:
    """As many engines as there are threads that answer at the same time, over one set of models."""

    def __init__(self, config: Config, loaded: Loaded | None = None) -> None:
        self._config = config
        self._loaded = loaded or Loaded()
        self._idle: defaultdict[str | None, list[Engine]] = defaultdict(list)
        self._lock = Lock()

    def config(self, collection: str | None = None) -> Config:
        """The configuration of a collection's index."""
        return replace(self._config, data_dir=collection_folder(self._config.data_dir, collection))

    @contextmanager
    def engine(self, collection: str | None = None) -> Iterator[Engine]:
        """An engine for this thread; the index is made, empty, where there is none yet.

        Raises:
            StoreError: the index cannot be used.
            ModelError: a model is missing or damaged.
        """
        with self._lock:
            idle = self._idle[collection]
            engine = idle.pop() if idle else None
        if engine is None:
            config = self.config(collection)
            if not (config.data_dir / FILE_NAME).exists():
                Writer(config.data_dir).close()
            engine = Engine(config, self._loaded)
        try:
            yield engine
        except BaseException:
            # What is amiss with it may be mended by the next one, which is opened anew.
            engine.close()
            raise
        with self._lock:
            self._idle[collection].append(engine)

    def close(self) -> None:
        """Close the engines that are not in use."""
        with self._lock:
            for engine in (each for engines in self._idle.values() for each in engines):
                engine.close()
            self._idle.clear()
