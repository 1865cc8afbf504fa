"""How good retrieval is: lexical, dense and fused, side by side.

    python bench/retrieval.py DATA [--sizes 400,700,1000]

DATA has articles.jsonl.gz and questions.jsonl.gz. Measured over the questions that are `supported`;
a passage is right when its article is in `supported_urls` and it contains an accepted answer.
--sizes repeats it with passages of other lengths, which embeds everything anew for each (ten
minutes each on two cores, kept under data/bench/). Mind that longer passages contain an accepted
answer more often, whatever retrieval does.
"""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

from corpus import opened_index
from questions import CUTOFFS, LabelledQuestion, read_questions, success

from index.lexical import search_lexical
from index.search import CANDIDATES, Searcher
from index.store import Store
from index.terms import weighed
from index.types import Filters
from ingest.split import PASSAGE_CHARS

DEPTH = max(CUTOFFS)
Ranker = Callable[[str], Iterable[int]]


def rank_of_right(store: Store, question: LabelledQuestion, ids: Iterable[int]) -> int | None:
    """The rank, from 1, of the first right passage."""
    ordered = list(ids)
    passages = store.passages(ordered)
    articles = store.articles_by_id({each.article_id for each in passages.values()})
    for rank, id_ in enumerate(ordered, 1):
        passage = passages[id_]
        article = articles[passage.article_id]
        if question.is_right(article.url, article.text[passage.start : passage.end]):
            return rank
    return None


def rrf(*rankings: Iterable[int], k: int = 60) -> list[int]:
    """Plain reciprocal rank fusion (Cormack, Clarke and Buettcher 2009), the usual baseline."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, id_ in enumerate(ranking, 1):
            scores[id_] = scores.get(id_, 0.0) + 1 / (k + rank)
    return sorted(scores, key=lambda id_: -scores[id_])


def rankers(store: Store, searcher: Searcher) -> dict[str, Ranker]:
    """Each system that is compared, as a function from a question to passage ids, best first."""

    def lexical(text: str) -> list[int]:
        phrases = weighed(store, text).phrases
        return [id_ for id_, _ in search_lexical(store, phrases, CANDIDATES, Filters())]

    def dense(text: str) -> list[int]:
        return [id_ for id_, _ in searcher.search_dense(text, CANDIDATES, Filters())]

    def fused(text: str) -> list[int]:
        return [hit.passage.id for hit in searcher.search(text, DEPTH, Filters()).hits]

    return {
        "lexical (BM25)": lexical,
        "dense": dense,
        "reciprocal rank fusion": lambda text: rrf(lexical(text), dense(text)),
        "fused (ours)": fused,
    }


def print_table(data: Path, size: int) -> None:
    """One line for each system."""
    questions = [each for each in read_questions(data / "questions.jsonl.gz") if each.supported]
    with opened_index(data, size) as (store, searcher), store.snapshot():
        counts = store.counts()
        print(
            f"\n{counts['articles']:,} articles, {counts['passages']:,} passages of up to {size} characters"
        )
        print(f"{len(questions)} supported questions")
        print(f"{'':24}" + "".join(f"{f'@{k}':>7}" for k in CUTOFFS) + f"{'MRR':>7}")
        for name, ranker in rankers(store, searcher).items():
            ranks = [rank_of_right(store, each, list(ranker(each.text))[:DEPTH]) for each in questions]
            figures = "".join(f"{value:7.3f}" for value in success(ranks).values())
            print(f"{name:24}{figures}", flush=True)


def main() -> None:
    """Print a table for each passage size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--sizes", default=str(PASSAGE_CHARS), help="passage sizes in characters, with commas"
    )
    arguments = parser.parse_args()
    for size in map(int, arguments.sizes.split(",")):
        print_table(arguments.data, size)


if __name__ == "__main__":
    main()
