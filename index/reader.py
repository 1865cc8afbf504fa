"""What reads a passage and says which part of it answers."""

from collections.abc import Sequence
from typing import Protocol

from index.lexical import query_terms
from index.sentences import sentence_spans
from index.types import Article, Passage, Span


class Reader(Protocol):
    """Scores (question, passage) pairs."""

    def read(self, question: str, passages: Sequence[tuple[Article, Passage]]) -> list[Span]:
        """The best span of each passage, as offsets into its article; higher scores are better."""


class SentenceReader:
    """The sentence that holds most of the question: what stands here until a trained reader does.

    A span's score is the share of the question's words that the sentence holds, in [0, 1].
    """

    def read(self, question: str, passages: Sequence[tuple[Article, Passage]]) -> list[Span]:
        """The best sentence of each passage; the earlier one on a tie."""
        terms = query_terms(question)
        return [_best_sentence(terms, article, passage) for article, passage in passages]


def _best_sentence(terms: Sequence[str], article: Article, passage: Passage) -> Span:
    spans = sentence_spans(article.text, passage.start, passage.end) or [(passage.start, passage.end)]
    scored = [Span(start, end, _share(terms, article.text[start:end])) for start, end in spans]
    return max(scored, key=lambda span: span.score)


def _share(terms: Sequence[str], sentence: str) -> float:
    words = set(query_terms(sentence))
    return sum(term in words for term in terms) / len(terms) if terms else 0.0
