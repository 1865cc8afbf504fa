"""How well an exported reader reads: EM and F1 on the evidence texts of labelled questions.

    python -m training.evaluate READER DATA/news-dev/questions.jsonl.gz

READER is a folder that training.export wrote. Questions whose evidence holds no accepted answer
are left out. "margin" is the share of evidence that beats "no answer".
"""

import argparse
import statistics
import time
from pathlib import Path

from bot.evaluation.matching import exact_match, f1
from index.kinds import kind_of
from index.reader import SpanReader
from index.shaping import shape
from index.terms import Query
from index.types import Article, Passage
from training.sources import news_questions, occurrences


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("reader", type=Path)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--misses", action="store_true", help="print them")
    arguments = parser.parse_args()
    reader = SpanReader(arguments.reader)
    raw: list[tuple[float, float]] = []
    shaped: list[tuple[float, float]] = []
    times: list[float] = []
    sure = 0
    for question in news_questions(arguments.questions, before="9"):
        if not occurrences(question.evidence, question.answers):
            continue
        article = Article("evidence", question.evidence, "", "")
        passage = Passage(1, "evidence", 0, 0, len(article.text))
        started = time.perf_counter()
        (reading,) = reader.read(Query(question.text, (), {}), [(article, passage)])
        times.append((time.perf_counter() - started) * 1000)
        best = reading.spans[0]
        start, end = shape(
            kind_of(question.text), question.text, article.text, best.start, best.end, (0, passage.end)
        )
        for kept, given in (
            (raw, article.text[best.start : best.end]),
            (shaped, article.text[start:end]),
        ):
            kept.append((exact_match(given, question.answers), f1(given, question.answers)))
        sure += best.score > 0
        if arguments.misses and not shaped[-1][0]:
            print(f"{question.text}\n   {article.text[start:end]!r} for {question.answers}, {best.score:.1f}")
    for name, kept in (("as read", raw), ("as shown", shaped)):
        em, overlap = (sum(values) / len(kept) for values in zip(*kept, strict=True))
        print(f"{name}: EM {em:.3f}, F1 {overlap:.3f} over {len(kept)} evidence texts")
    print(f"margin above 0: {sure / len(raw):.3f}; {statistics.median(times):.1f} ms a text (median)")


if __name__ == "__main__":
    main()
