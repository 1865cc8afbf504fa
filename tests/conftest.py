"""What many tests need: small articles, a quick deterministic encoder, one index by the real model."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from filelock import FileLock

from index.encoder import Encoder, HashEncoder
from index.vectors import VectorIndex
from index.writer import Writer
from ingest.pipeline import Pipeline, Summary
from ingest.reading import Reading

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples" / "articles"


@dataclass
class Notebook:
    """An observer that remembers what it heard."""

    notes: list[str] = field(default_factory=list)

    def progress(self, summary: Summary) -> None:
        pass

    def note(self, text: str) -> None:
        self.notes.append(text)


def ingest(
    data_dir: Path,
    *sources: Path | str,
    prune: bool = False,
    make_encoder: Callable[[], Encoder] = HashEncoder,
    stopped: Callable[[], bool] = lambda: False,
) -> Summary:
    """Ingest for real, but for the encoder."""
    reading = Reading([str(each) for each in sources])
    with Writer(data_dir) as writer:
        pipeline = Pipeline(writer, VectorIndex(data_dir), make_encoder, Notebook(), stopped)
        pipeline.run(reading, reading.covers if prune else None)
    return pipeline.summary


def no_encoder() -> Encoder:
    raise AssertionError("a model was loaded")


@dataclass(frozen=True)
class Result:
    """What a command printed and its exit status."""

    status: int
    out: str
    err: str


def run(command: str, *arguments: str | Path, input: str | bytes = "", **environment: str) -> Result:
    """Run ``ask`` or ``pullquote`` as a user does: its own process, no terminal."""
    given = input.encode() if isinstance(input, str) else input
    done = subprocess.run(
        [sys.executable, "-m", f"bot.{ {'ask': 'ask', 'pullquote': 'cli'}[command] }", *map(str, arguments)],
        input=given,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "80"} | environment,
        check=False,
    )
    return Result(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="session")
def examples(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The data folder of an index of ``examples/articles`` by the real model. Not to be written to."""
    root = tmp_path_factory.getbasetemp()
    if worker_id != "master":  # pytest-xdist's workers share one
        root = root.parent
    data_dir, done = root / "examples", root / "examples.done"
    with FileLock(root / "examples.lock"):
        if not done.exists():
            ingested = run("pullquote", "--data-dir", data_dir, "ingest", EXAMPLES)
            assert ingested.status == 0, ingested.err
            done.touch()
    return data_dir


@pytest.fixture
def data(examples: Path, tmp_path: Path) -> Path:
    """A data folder without an index, but with the real model exported already, which takes seconds."""
    folder = tmp_path / "data"
    shutil.copytree(examples / "models", folder / "models")
    return folder


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    """A folder with three short articles."""
    folder = tmp_path / "articles"
    write_articles(
        folder,
        {
            "harbour": "The harbour closed on Monday after the storm.",
            "bridge": "The bridge opened on Tuesday.",
            "prices": "Prices rose by 3.4% in March, the bank said.",
        },
    )
    return folder


def write_articles(folder: Path, texts: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(f"Title of {name}\n\n{text}\n", encoding="utf-8")


def lines(objects: Iterable[str]) -> str:
    return "".join(f"{each}\n" for each in objects)
