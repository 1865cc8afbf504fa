"""Fit index/combination.json: how what is known of a candidate adds up, and how sure that is.

    pullquote --data-dir data/fit ingest FIT/articles.jsonl.gz
    python -m training.combine data/fit FIT --reader index/models/reader --out index/combination.json

FIT has questions.jsonl.gz, which the reader was not trained on, and offcorpus.jsonl.gz; written
questions about its newest articles join them (held_out.py). Ranking is a conditional logit over a
question's candidates, whose gain is F1 (so a passage that holds the answer and shows less of it
counts for little); confidence is a logistic regression, right answers against wrong ones and
against questions that the articles do not answer.
"""

import argparse
import json
import pickle
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from bot.evaluation.matching import f1, is_right
from index.answer import READ
from index.combination import verdict_on
from index.config import Config
from index.engine import open_encoder
from index.ranking import candidates, ranked
from index.reader import Reader, SpanReader
from index.recency import time_preference
from index.search import Searcher
from index.sentence_reader import SentenceReader
from index.store import Store
from index.types import Candidate
from index.vectors import VectorIndex
from training.held_out import WRITTEN, HeldOut, quiz, written
from training.written import QUESTIONS

OWN = ("fits", "place", "sentence", "echo")
RANKING = ("margin", "fused", "dense", "lexical", "recency", "in_period", *OWN)
# The nearest cosine would tell apart the quiz questions of the fit better still (AUROC .97), but it is low
# for any short question, however plainly that is answered.
CONFIDENCE = ("margin", "share", "sentence", "fits", "coverage")
# Of another embedding model the cosines mean something else.
FITTED_VECTORS = frozenset(("fused", "dense"))
# Strength of the prior that a weight is 0, for features scaled to unit variance.
RIDGE_RANKING, RIDGE_CONFIDENCE = 2.0, 1.0
FOLDS = 10
SEED = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its unscored candidates, and what each of them is worth."""

    id: str
    made: list[Candidate]
    gains: list[float]
    right: list[bool]
    coverage: float
    answerable: bool


def ask_all(data_dir: Path, fit: Path, reader: Reader) -> list[Asked]:
    """All questions over the index, those that it answers and those that must not be answered."""
    vectors = VectorIndex(data_dir)
    vectors.load()
    asked = []
    with Store(data_dir) as store:
        made_by = store.model()
        if made_by is None:
            sys.exit(f"{data_dir} holds no articles")
        searcher = Searcher(store, vectors, open_encoder(Config(data_dir=data_dir), made_by))
        questions = [*quiz(fit), *written(QUESTIONS, fit / "articles.jsonl.gz")]
        for question in tqdm(questions, unit="question"):
            with store.snapshot():
                found = searcher.search(question.text, READ, question.filters)
                by_id = store.articles_by_id({hit.passage.article_id for hit in found.hits})
            articles = [by_id[hit.passage.article_id] for hit in found.hits]
            pairs = [(article, hit.passage) for article, hit in zip(articles, found.hits, strict=True)]
            when = time_preference(question.text, question.as_of)
            made = candidates(found, articles, reader.read(found.query, pairs), when)
            if not made:
                continue
            coverage = found.coverage(articles)
            gains = [_gain(each, question) for each in made]
            right = [is_right(each.text, question.answers) for each in made]
            asked.append(Asked(question.id, made, gains, right, coverage, bool(question.answers)))
    return asked


def _gain(candidate: Candidate, question: HeldOut) -> float:
    """F1 of the answer; a little for a right passage whatever is marked in it."""
    if question.supported is not None and candidate.article.url not in question.supported:
        return 0.0
    passage = candidate.hit.passage
    text = candidate.article.text[passage.start : passage.end].casefold()
    holds = any(answer.casefold() in text for answer in question.answers)
    return max(f1(candidate.text, question.answers), 0.3 * holds)


def fit_ranking(asked: Sequence[Asked], names: Sequence[str]) -> dict[str, float]:
    """Weights that give the right candidates the most of the softmax, ``support`` included."""
    useful = [each for each in asked if each.answerable and max(each.gains, default=0) > 0]
    weights = _conditional_logit([(each.made, each.gains) for each in useful], names)
    for _ in range(3):
        # Support follows from the ranking without it, and the ranking from support.
        again = []
        for each in useful:
            worth = {
                (c.hit.passage.id, c.start, c.end): gain
                for c, gain in zip(each.made, each.gains, strict=True)
            }
            order = ranked(each.made, weights)
            again.append((order, [worth[c.hit.passage.id, c.start, c.end] for c in order]))
        weights = _conditional_logit(again, (*names, "support"))
    return weights


def _conditional_logit(
    groups: Sequence[tuple[Sequence[Candidate], Sequence[float]]], names: Sequence[str]
) -> dict[str, float]:
    rows = [torch.tensor([[c.features[name] for name in names] for c in made]).double() for made, _ in groups]
    spread = torch.cat(rows).std(0).clamp_min(1e-6)
    gains = [torch.tensor(gain).double() for _, gain in groups]
    weights = torch.zeros(len(names), dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        total = RIDGE_RANKING * (weights**2).sum()
        for row, gain in zip(rows, gains, strict=True):
            shares = torch.softmax((row / spread) @ weights, 0)
            total = total - torch.log((shares * gain).sum().clamp_min(1e-12))
        total.backward()
        return total

    optimizer.step(loss)
    return {name: round(float(w), 4) for name, w in zip(names, weights.detach() / spread, strict=True)}


def fit_confidence(
    asked: Sequence[Asked], ranking: Mapping[str, float], names: Sequence[str]
) -> tuple[dict[str, float], dict[str, float]]:
    """The logistic regression, and what cross-validation says of it."""
    rows, labels, answerable = [], [], []
    for each in asked:
        order = ranked(each.made, ranking)
        verdict = verdict_on(order, each.coverage)
        rows.append([verdict[name] for name in names])
        rights = {
            (c.hit.passage.id, c.start, c.end)
            for c, right in zip(each.made, each.right, strict=True)
            if right
        }
        best = order[0]
        labels.append(float((best.hit.passage.id, best.start, best.end) in rights))
        answerable.append(each.answerable)
    features, target = np.array(rows), np.array(labels)
    held_out = np.zeros(len(target))
    folds = np.random.default_rng(SEED).permutation(len(target)) % FOLDS
    for fold in range(FOLDS):
        fitted = _logistic(features[folds != fold], target[folds != fold])
        held_out[folds == fold] = 1 / (1 + np.exp(-(features[folds == fold] @ fitted[:-1] + fitted[-1])))
    whole = _logistic(features, target)
    weights = {name: round(float(w), 4) for name, w in zip((*names, "constant"), whole, strict=True)}
    return weights, _report(held_out, target, np.array(answerable))


def _logistic(features: np.ndarray, target: np.ndarray) -> np.ndarray:
    spread = np.maximum(features.std(0), 1e-6)
    x = torch.tensor(features / spread)
    y = torch.tensor(target)
    weights = torch.zeros(x.shape[1] + 1, dtype=torch.double, requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=300, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        logits = x @ weights[:-1] + weights[-1]
        total = torch.nn.functional.binary_cross_entropy_with_logits(logits, y, reduction="sum")
        total = total + RIDGE_CONFIDENCE * (weights[:-1] ** 2).sum()
        total.backward()
        return total

    optimizer.step(loss)
    fitted = weights.detach().numpy().copy()
    fitted[:-1] /= spread
    return np.asarray(fitted)


def _report(sure: np.ndarray, right: np.ndarray, answerable: np.ndarray) -> dict[str, float]:
    """Cross-validated: right answers against off-corpus questions, and precision where it answers."""
    good, bad = sure[right == 1], sure[~answerable]
    auroc = float(np.mean((good[:, None] > bad[None, :]) + 0.5 * (good[:, None] == bad[None, :])))
    order = np.argsort(-sure)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.nonzero(precision >= 0.8)[0]
    threshold = float(sure[order[enough[-1]]]) if len(enough) else 1.0
    return {
        "AUROC": round(auroc, 3),
        "right of the answerable": round(float(right[answerable].mean()), 3),
        "threshold for precision 0.8": round(threshold, 3),
        "coverage of the answerable there": round(float((sure[answerable] >= threshold).mean()), 3),
    }


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data_dir", type=Path)
    parser.add_argument("fit", type=Path)
    parser.add_argument("--reader", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--cache", type=Path, help="keep what was asked here, to fit it again")
    arguments = parser.parse_args()
    readers: dict[str, Reader] = {"spans": SpanReader(arguments.reader), "sentences": SentenceReader()}
    combinations = {}
    for kind, reader in readers.items():
        asked = _cached(arguments, kind, reader)
        for vectors in ("", ", other vectors"):
            names = [name for name in RANKING if not (vectors and name in FITTED_VECTORS)]
            ranking = fit_ranking(asked, names)
            confidence, report = fit_confidence(asked, ranking, CONFIDENCE)
            combinations[kind + vectors] = {
                "ranking": ranking,
                "confidence": confidence,
                "cross-validated": report,
            }
            print(json.dumps({kind + vectors: combinations[kind + vectors]}, indent=1), flush=True)
    if arguments.out:
        made = {
            "provenance": {
                "made by": "python -m training.combine; see training/README.md",
                "fitted to": _described(asked),
            },
            "combinations": combinations,
        }
        arguments.out.write_text(json.dumps(made, indent=2) + "\n", encoding="utf-8")


def _described(asked: Sequence[Asked]) -> str:
    quizzed = [each for each in asked if not each.id.startswith(WRITTEN)]
    wrote = [each for each in asked if each.id.startswith(WRITTEN)]
    months = sorted(each.id[:6] for each in quizzed if each.answerable)
    return (
        f"quiz questions of {months[0]} to {months[-1]}, {len(months)} supported and"
        f" {len(quizzed) - len(months)} off-corpus ones, and {len(wrote)} written about the articles of those"
        f" months, {sum(not each.answerable for each in wrote)} of them without an answer; the reader was"
        " trained on none"
    )


def _cached(arguments: argparse.Namespace, kind: str, reader: Reader) -> list[Asked]:
    file: Path | None = arguments.cache and arguments.cache.with_suffix(f".{kind}.pickle")
    if file and file.exists():
        with file.open("rb") as opened:
            kept: list[Asked] = pickle.load(opened)  # noqa: S301 - our own file
        return kept
    asked = ask_all(arguments.data_dir, arguments.fit, reader)
    if file:
        with file.open("wb") as opened:
            pickle.dump(asked, opened)
    return asked


if __name__ == "__main__":
    main()
