"""SIGKILL at random moments of an ingest: nothing may be lost, half-seen or in need of a mend.

    python bench/kill.py DATA [--kills 50] [--articles 300] [--seed 0]

After each kill: the index is searched by both retrievers, each article that is in is whole, and the
number of articles never falls. At last the ingest is completed and `pullquote doctor` must be content.
"""

import argparse
import gzip
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from index.errors import StoreError
from index.store import Store
from index.types import Filters

# Seconds an ingest lives at the most: starting up takes about 5 of them, a batch about 8.
LONGEST = 20
ASK, PULLQUOTE = (Path(sys.executable).with_name(name) for name in ("ask", "pullquote"))


def articles_in(data_dir: Path) -> int:
    """How many articles are in; each must have its passages, their words and their vectors."""
    try:
        store = Store(data_dir)
    except StoreError:
        return 0  # killed before the database was there
    with store, store.snapshot():
        counts = store.counts()
        words = store.number("SELECT count(*) FROM passage_fts_docsize")
        empty = store.number("SELECT count(*) FROM articles WHERE key NOT IN (SELECT article FROM passages)")
        assert counts["passages"] == counts["vectors"] == words == len(store.passage_ids(Filters()))
        assert empty == 0
        return counts["articles"]


def main() -> None:
    """Kill, check, complete, check."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    dice = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as name:
        source, rounds = Path(name) / "articles.jsonl", 0
        with gzip.open(arguments.data / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
            source.write_text("".join(line for line, _ in zip(file, range(arguments.articles), strict=False)))
        # Exported once, or hardly an ingest would live to commit a batch.
        one = Path(name) / "one.txt"
        one.write_text("One short story.")
        subprocess.run([PULLQUOTE, "--data-dir", Path(name) / "model", "ingest", one], check=True)

        def new_data_dir() -> Path:
            folder = Path(name) / f"data{rounds}"
            shutil.copytree(Path(name) / "model" / "models", folder / "models")
            return folder

        data_dir, before = new_data_dir(), 0
        started = time.monotonic()
        for kill in range(1, arguments.kills + 1):
            ingest = subprocess.Popen(
                [PULLQUOTE, "--data-dir", data_dir, "ingest", source],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(dice.uniform(0.1, LONGEST))
            ingest.kill()
            ingest.wait()
            now = articles_in(data_dir)
            assert now >= before, f"{before - now} committed articles were lost"
            asked = subprocess.run(
                [ASK, "--data-dir", data_dir, "who won?"], capture_output=True, check=False
            )
            assert asked.returncode in (0, 1) or b"no index" in asked.stderr, asked.stderr
            before = now
            if now == arguments.articles:  # complete: begin anew, elsewhere
                rounds += 1
                data_dir, before = new_data_dir(), 0
            print(f"kill {kill}: {now} articles in, all whole", flush=True)
        subprocess.run([PULLQUOTE, "--data-dir", data_dir, "ingest", source], check=True)
        subprocess.run([PULLQUOTE, "--data-dir", data_dir, "doctor"], check=True)
        print(f"{arguments.kills} kills in {time.monotonic() - started:.0f} s, nothing lost")


if __name__ == "__main__":
    main()
