"""What tells a question that the articles answer from one that they do not.

    python bench/abstention.py DATA

DATA has articles.jsonl.gz, questions.jsonl.gz and offcorpus.jsonl.gz. Prints each feature's AUROC,
the logistic regression that index/confidence.py holds (cross-validated), and what it would answer.
"""

import argparse
from pathlib import Path

import numpy as np
from corpus import opened_index
from questions import read_questions
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import RepeatedStratifiedKFold, cross_val_predict, cross_val_score

from index.search import DECIDING, Searcher
from index.sentence_reader import SentenceReader
from index.store import Store
from index.terms import held_stems
from index.types import Filters

FEATURES = ("nearest cosine", "coverage", "sentence coverage", "terms")


def features(store: Store, searcher: Searcher, question: str) -> list[float]:
    """The features of one question, in the order of FEATURES."""
    with store.snapshot():
        found = searcher.search(question, DECIDING, Filters())
        articles = store.articles_by_id({hit.passage.article_id for hit in found.hits})
    pairs = [(articles[hit.passage.article_id], hit.passage) for hit in found.hits]
    spans = [reading.spans[0] for reading in SentenceReader().read(found.query, pairs)]
    coverage = found.query.coverage
    return [
        found.nearest or 0.0,
        max(coverage(held_stems(f"{a.title} {a.text[p.start : p.end]}")) for a, p in pairs),
        max(coverage(held_stems(a.text[s.start : s.end])) for (a, _), s in zip(pairs, spans, strict=True)),
        len(found.query.phrases),
    ]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    data: Path = parser.parse_args().data
    questions = read_questions(data / "questions.jsonl.gz")
    inside = [each.text for each in questions if each.supported]
    unsupported = [each.text for each in questions if not each.supported]
    outside = [each.text for each in read_questions(data / "offcorpus.jsonl.gz")]
    with opened_index(data) as (store, searcher):
        rows = np.array([features(store, searcher, text) for text in inside + outside])
        harder = np.array([features(store, searcher, text) for text in unsupported])
    labels = np.array([1] * len(inside) + [0] * len(outside))
    print(f"{len(inside)} supported questions against {len(outside)} off-corpus ones")
    for i, name in enumerate(FEATURES):
        print(f"  AUROC {roc_auc_score(labels, rows[:, i]):.3f}  {name}")
    for columns in ([0], [1], [0, 1], [0, 2], [0, 1, 2], [0, 1, 2, 3]):
        model = LogisticRegression(C=100, class_weight="balanced", max_iter=1000)
        folds = RepeatedStratifiedKFold(n_splits=5, n_repeats=10, random_state=0)
        auroc = cross_val_score(model, rows[:, columns], labels, cv=folds, scoring="roc_auc").mean()
        sure = cross_val_predict(model, rows[:, columns], labels, cv=5, method="predict_proba")[:, 1]
        model.fit(rows[:, columns], labels)
        hard = model.predict_proba(harder[:, columns])[:, 1]
        print(f"{', '.join(FEATURES[i] for i in columns)}: cross-validated AUROC {auroc:.3f}")
        print(f"  coefficients {np.round(model.coef_[0], 2)}, intercept {model.intercept_[0]:.2f}")
        for threshold in (0.3, 0.5, 0.7):
            print(
                f"  at {threshold}: answers {np.mean(sure[labels == 1] >= threshold):.2f} of the supported,"
                f" {np.mean(sure[labels == 0] >= threshold):.2f} of the off-corpus,"
                f" {np.mean(hard >= threshold):.2f} of the {len(hard)} unsupported ones"
            )


if __name__ == "__main__":
    main()
