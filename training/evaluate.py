"""How well an exported reader reads: EM and F1, as read and as shown, by kind of question.

    python -m training.evaluate READER DATA/news-dev/questions.jsonl.gz
    python -m training.evaluate READER --written DATA/news-train/articles.jsonl.gz

READER is a folder that training.export wrote. The first reads the evidence texts of labelled
questions; those whose evidence holds no accepted answer are left out. The second reads the passages
that answer the written questions which were kept from the training. "as shown" is after
index/shaping.py, so beside "as read" it is what the treatment of each kind is worth.
"""

import argparse
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.evaluation.matching import exact_match, f1
from index.kinds import kind_of
from index.reader import SpanReader
from index.shaping import shape
from index.terms import Query
from index.types import Article, Passage
from ingest.split import split
from training.held_out import held_out
from training.sources import news_questions, occurrences
from training.written import QUESTIONS


@dataclass(frozen=True, slots=True)
class Case:
    """A question, the text that answers it, and the accepted answers."""

    kind: str
    question: str
    title: str
    text: str
    answers: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was read: the span, the same as it is shown, and the margin over "no answer"."""

    case: Case
    read: str
    shown: str
    margin: float
    milliseconds: float


def evidence(questions: Path) -> Iterator[Case]:
    """The evidence texts of quiz questions."""
    for each in news_questions(questions, before="9"):
        if occurrences(each.evidence, each.answers):
            yield Case(kind_of(each.text).name, each.text, "", each.evidence, each.answers)


def passages(articles: Path) -> Iterator[Case]:
    """The passages that answer the held-out written questions."""
    for question, article in held_out(QUESTIONS, articles):
        if not question.spans:
            continue
        text, (start, end) = article["text"], question.spans[0]
        for passage in split(question.url, text):
            if passage.start <= start and end <= passage.end:
                body = text[passage.start : passage.end]
                yield Case(question.kind, question.text, article["title"], body, (text[start:end],))


def read_all(reader: SpanReader, cases: Iterable[Case]) -> list[Outcome]:
    """Each question read in its own text alone."""
    outcomes = []
    for case in cases:
        article, passage = (
            Article("alone", case.text, case.title, ""),
            Passage(1, "alone", 0, 0, len(case.text)),
        )
        started = time.perf_counter()
        (reading,) = reader.read(Query(case.question, (), {}), [(article, passage)])
        milliseconds = (time.perf_counter() - started) * 1000
        best = reading.spans[0]
        kind = kind_of(case.question)
        start, end = shape(kind, case.question, case.text, best.start, best.end, (0, passage.end))
        read, shown = case.text[best.start : best.end], case.text[start:end]
        outcomes.append(Outcome(case, read, shown, best.score, milliseconds))
    return outcomes


def table(outcomes: Sequence[Outcome]) -> str:
    """A line for each kind, and one for all."""
    lines = [f"{'':<12}{'texts':>6}   as read: EM     F1   as shown: EM     F1"]
    kinds = sorted({each.case.kind for each in outcomes})
    for name, kind in (*((kind.lower(), kind) for kind in kinds), ("all", None)):
        chosen = [each for each in outcomes if kind in (None, each.case.kind)]
        figures = [
            sum(measure(text, each.case.answers) for each, text in zip(chosen, texts, strict=True))
            / len(chosen)
            for texts in ([each.read for each in chosen], [each.shown for each in chosen])
            for measure in (exact_match, f1)
        ]
        read_em, read_f1, shown_em, shown_f1 = (f"{figure:.3f}" for figure in figures)
        lines.append(f"{name:<12}{len(chosen):>6}{read_em:>14}{read_f1:>7}{shown_em:>15}{shown_f1:>7}")
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reader", type=Path)
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--written", type=Path, metavar="ARTICLES")
    parser.add_argument("--misses", action="store_true", help="print them")
    arguments = parser.parse_args()
    if bool(arguments.questions) == bool(arguments.written):
        parser.error("give labelled questions, or --written ARTICLES")
    cases = evidence(arguments.questions) if arguments.questions else passages(arguments.written)
    outcomes = read_all(SpanReader(arguments.reader), cases)
    print(table(outcomes))
    above = sum(each.margin > 0 for each in outcomes) / len(outcomes)
    median = statistics.median(each.milliseconds for each in outcomes)
    print(f"margin above 0: {above:.3f}; {median:.1f} ms a text (median)")
    for each in outcomes if arguments.misses else ():
        if not exact_match(each.shown, each.case.answers):
            print(f"{each.case.question}\n   {each.shown!r} for {list(each.case.answers)}, {each.margin:.1f}")


if __name__ == "__main__":
    main()
