"""Make the training examples from the data sets.

    python -m training.prepare DATA --out data/training

DATA holds news-train/{articles,questions}.jsonl.gz, qamr/ and fairytaleqa.jsonl.gz; what is not
there is left out. Writes reading.jsonl.gz (one passage each), ranking.jsonl.gz (a question with the
passages that compete for it) and written.jsonl.gz (the questions of written.py, both ways). Your own
examples, in the form that examples.py documents, can stand beside them or in their place. Some
twenty minutes, the most part for the index of the articles.
"""

import argparse
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from random import Random

from tqdm import tqdm

from index.sentences import sentence_spans
from training.corpus import Corpus, CorpusPassage, covered
from training.examples import Candidate, Example, write_examples
from training.held_out import HELD_OUT_FROM
from training.sources import NewsQuestion, fairytales, news_questions, occurrences, qamr
from training.written import QUESTIONS, WrittenExamples, read_written

GROUP = 8
DEPTH = 60
# The share of a question's words that a passage and its title hold, for it to pass for evidence
# where the data only says that the answer's words stand in the article.
ENOUGH = 0.5
SEED = 20241124


class NewsExamples:
    """Examples from quiz questions: evidence, articles that answer, and what retrieval confuses with them."""

    def __init__(self, questions: Sequence[NewsQuestion], corpus: Corpus, random: Random) -> None:
        self._questions = questions
        self._corpus = corpus
        self._random = random
        self.reading: list[Example] = []
        self.ranking: list[Example] = []

    def make(self) -> None:
        """Fill ``reading`` and ``ranking``."""
        for question in tqdm(self._questions, desc="news questions", unit="question"):
            hits = self._corpus.search(question.text, DEPTH)
            positives = [each for hit in hits if (each := self._positive(question, hit))]
            negatives = [hit for hit in hits if not occurrences(hit.text + " " + hit.title, question.answers)]
            evidence = occurrences(question.evidence, question.answers)
            self._read(question, positives, negatives, evidence)
            self._rank(question, positives, negatives, evidence)

    def _positive(self, question: NewsQuestion, hit: CorpusPassage) -> Candidate | None:
        if hit.url not in question.gold:
            return None
        spans = occurrences(hit.text, question.answers)
        if not spans:
            return None
        enough = ENOUGH - 0.15 if hit.url in question.supported else ENOUGH
        share = covered(question.text, f"{hit.title} {hit.text}")
        return Candidate(hit.text, hit.title, spans) if share >= enough else None

    def _read(
        self,
        question: NewsQuestion,
        positives: Sequence[Candidate],
        negatives: Sequence[CorpusPassage],
        evidence: tuple[tuple[int, int], ...],
    ) -> None:
        if evidence:
            self._add(question, Candidate(question.evidence, answers=evidence))
            if negatives:
                self._add(question, self._planted(question, self._random.choice(negatives[:30]), evidence))
        for positive in positives[:3]:
            self._add(question, positive)
        for hit in self._random.sample(negatives[:30], min(1, len(negatives))):
            self._add(question, Candidate(hit.text, hit.title))

    def _rank(
        self,
        question: NewsQuestion,
        positives: Sequence[Candidate],
        negatives: Sequence[CorpusPassage],
        evidence: tuple[tuple[int, int], ...],
    ) -> None:
        """Groups of GROUP: up to three for a question with several passages that answer."""
        if len(negatives) < GROUP:
            return
        groups = [[positive] for positive in positives[:3]]
        if len(positives) > 3:
            groups[0].append(positives[3])
        planted = evidence and self._planted(question, self._random.choice(negatives[:20]), evidence)
        if planted:
            groups.append([planted])
        for group in groups:
            close = self._random.sample(negatives[:12], 4)
            far = self._random.sample(negatives[4:], min(GROUP - len(group) - 4, len(negatives) - 4))
            hard = list(dict.fromkeys([*close, *far]))
            passages = [*group, *(Candidate(hit.text, hit.title) for hit in hard)]
            self.ranking.append(Example(question.text, tuple(passages)))

    def _planted(
        self, question: NewsQuestion, host: CorpusPassage, evidence: tuple[tuple[int, int], ...]
    ) -> Candidate:
        """The evidence amid a passage about something near, in place of one of its sentences."""
        spans = sentence_spans(host.text, 0, len(host.text))
        at = self._random.randrange(len(spans)) if spans else 0
        before = host.text[: spans[at][0]] if spans else ""
        after = host.text[spans[at][1] :] if spans else ""
        before, after = before[-350:], after[:350]
        if before and not before[-1].isspace():
            before += " "
        marked = tuple((start + len(before), end + len(before)) for start, end in evidence)
        return Candidate(before + question.evidence + (after and " " + after.lstrip()), host.title, marked)

    def _add(self, question: NewsQuestion, candidate: Candidate) -> None:
        self.reading.append(Example(question.text, (candidate,)))


def prepare(data: Path, out: Path) -> None:
    """Write reading.jsonl.gz, ranking.jsonl.gz and written.jsonl.gz."""
    out.mkdir(parents=True, exist_ok=True)
    random = Random(SEED)
    news = data / "news-train"
    reading: list[Iterator[Example] | Sequence[Example]] = []
    ranking: Sequence[Example] = ()
    if news.exists():
        corpus = Corpus.build(news / "articles.jsonl.gz", out / "corpus.db")
        questions = news_questions(news / "questions.jsonl.gz", before=HELD_OUT_FROM)
        made = NewsExamples(questions, corpus, random)
        made.make()
        reading.append(made.reading)
        ranking = made.ranking
        written = WrittenExamples(corpus, Random(SEED))
        written.make(list(read_written(QUESTIONS)), news / "articles.jsonl.gz", before=HELD_OUT_FROM)
        print(write_examples(out / "written.jsonl.gz", written.examples), "examples of written questions")
    if (data / "qamr").exists():
        reading.append(qamr(data / "qamr", random))
    if (data / "fairytaleqa.jsonl.gz").exists():
        reading.append(fairytales(data / "fairytaleqa.jsonl.gz"))
    print(write_examples(out / "reading.jsonl.gz", chain.from_iterable(reading)), "examples of reading")
    print(write_examples(out / "ranking.jsonl.gz", ranking), "groups that compete")


def main() -> None:
    """Read the arguments."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("data/training"))
    arguments = parser.parse_args()
    prepare(arguments.data, arguments.out)


if __name__ == "__main__":
    main()
