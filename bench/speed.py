"""How fast everything is, beside what sentence-transformers alone costs, in one run.

    python bench/speed.py DATA [--passages 2000] [--runs 7]

DATA has articles.jsonl.gz and questions.jsonl.gz. Prints medians; on a shared machine the ratios say
more than the times. Each ingest below is of the same articles from nothing, but for the exported
model, which is made once.
"""

import argparse
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus import ingested
from questions import read_questions

from index.answer import Question
from index.config import DEFAULT_MODEL, Config
from index.engine import Engine
from ingest.models import locate
from ingest.reading import Found, Reading
from ingest.split import embedded_text, split

ASK, PULLQUOTE = (Path(sys.executable).with_name(name) for name in ("ask", "pullquote"))
QUESTION = "Which former president scored an Emmy for outstanding narration?"

ALONE = f"""
from sentence_transformers import SentenceTransformer
SentenceTransformer({locate(DEFAULT_MODEL)!r}, device="cpu").encode([{QUESTION!r}])
"""
# The same passages in its defaults: float32, its own batches of 32.
ENCODE = f"""
import json, sys, time
from sentence_transformers import SentenceTransformer
model = SentenceTransformer({locate(DEFAULT_MODEL)!r}, device="cpu")
texts = json.load(open(sys.argv[1]))
model.encode(texts[:32])
start = time.perf_counter()
model.encode(texts)
print(time.perf_counter() - start)
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: wall-clock seconds, peak resident memory in MB, what it printed."""

    seconds: float
    megabytes: float
    out: str


def run(command: Sequence[str | Path]) -> Run:
    """Run to the end; any exit status of ours but 2 is as it should be."""
    read, write = os.pipe()
    start = time.perf_counter()
    pid = os.posix_spawn(
        command[0],
        [str(each) for each in command],
        os.environ,
        file_actions=[
            (os.POSIX_SPAWN_DUP2, write, 1),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),  # progress would drown the figures
        ],
    )
    os.close(write)
    with os.fdopen(read) as file:
        out = file.read()
    _, status, usage = os.wait4(pid, 0)
    seconds = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"failed: {command}")
    return Run(seconds, usage.ru_maxrss / 1024, out)


def median(runs: Sequence[Run]) -> tuple[float, float]:
    """Median seconds and megabytes."""
    return statistics.median(r.seconds for r in runs), statistics.median(r.megabytes for r in runs)


def cold(data_dir: Path, runs: int) -> None:
    """A new process for each question, in turn with sentence-transformers alone."""
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(run([ASK, "--data-dir", data_dir, QUESTION]))
        theirs.append(run([sys.executable, "-c", ALONE]))
    (our_time, our_memory), (their_time, their_memory) = median(ours), median(theirs)
    print(f"cold ask                          {our_time:8.2f} s   {our_memory:6.0f} MB")
    print(f"sentence-transformers, one text   {their_time:8.2f} s   {their_memory:6.0f} MB")
    print(f"  ratio of the medians            1/{their_time / our_time:.1f}")


def warm(data_dir: Path, data: Path) -> None:
    """All questions of the file, one after the other, in one process."""
    questions = [each.text for each in read_questions(data / "questions.jsonl.gz")]
    with Engine(Config(data_dir=data_dir)) as engine:
        for text in questions[:20]:
            engine.answer(Question(text))
        times = []
        for text in questions:
            start = time.perf_counter()
            engine.answer(Question(text))
            times.append((time.perf_counter() - start) * 1000)
    times.sort()
    p50, p95 = statistics.median(times), times[int(len(times) * 0.95)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"warm question, {len(times)} of them      p50 {p50:.0f} ms, p95 {p95:.0f} ms   {peak:.0f} MB")


def ingest_rate(data: Path, data_dir: Path, wanted: int) -> None:
    """New articles of about ``wanted`` passages, ours against sentence-transformers' defaults."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        records, texts = [], []
        for found in Reading([str(data / "articles.jsonl.gz")]):
            if not isinstance(found, Found):
                continue
            article = found.article
            records.append({"url": article.url, "title": article.title, "text": article.text})
            texts += [
                embedded_text(article.title, article.text[p.start : p.end])
                for p in split(article.id, article.text)
            ]
            if len(texts) >= wanted:
                break
        (folder / "articles.jsonl").write_text("".join(json.dumps(each) + "\n" for each in records))
        (folder / "texts.json").write_text(json.dumps(texts))
        ours, theirs = [], []
        for turn in range(3):
            target = folder / f"data{turn}"
            shutil.copytree(data_dir / "models", target / "models")
            # Starting up, torch and the model are part of it, as they are for a user.
            full = run([PULLQUOTE, "--data-dir", target, "ingest", folder / "articles.jsonl"])
            start_up = start_up_seconds(folder, data_dir, turn)
            ours.append(len(texts) / (full.seconds - start_up))
            theirs.append(len(texts) / float(run([sys.executable, "-c", ENCODE, folder / "texts.json"]).out))
        our_rate, their_rate = statistics.median(ours), statistics.median(theirs)
        print(
            f"ingest, {len(texts):,} passages            {our_rate:8.0f} passages/s  {full.megabytes:.0f} MB"
        )
        print(f"sentence-transformers' defaults   {their_rate:8.0f} passages/s, embedding only")
        print(f"  ratio of the medians            {our_rate / their_rate:.2f}")


def start_up_seconds(folder: Path, data_dir: Path, turn: int) -> float:
    """What an ingest of one short article takes: importing torch, loading the model."""
    target = folder / f"start{turn}"
    shutil.copytree(data_dir / "models", target / "models")
    (folder / "one.jsonl").write_text('{"text": "One short story."}\n')
    return run([PULLQUOTE, "--data-dir", target, "ingest", folder / "one.jsonl"]).seconds


def again(data: Path, data_dir: Path, runs: int) -> None:
    """The same articles once more."""
    seconds, memory = median(
        [run([PULLQUOTE, "--data-dir", data_dir, "ingest", data / "articles.jsonl.gz"]) for _ in range(runs)]
    )
    print(f"ingest of unchanged articles      {seconds:8.2f} s   {memory:6.0f} MB")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--passages", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    data_dir = ingested(arguments.data)
    print(f"{os.cpu_count()} cores, medians of {arguments.runs}")
    cold(data_dir, arguments.runs)
    warm(data_dir, arguments.data)
    again(arguments.data, data_dir, 3)
    ingest_rate(arguments.data, data_dir, arguments.passages)


if __name__ == "__main__":
    main()
