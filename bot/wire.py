"""The JSON form of an answer. ``answer.schema.json`` describes it, and others' programs rely on it."""

from index.types import Answer, Citation


def to_json(answer: Answer, id: str | int | None = None) -> dict[str, object]:
    """The object that ``--json`` prints, its keys in the contract's order."""
    return {
        "id": id,
        "question": answer.question,
        "answered": answer.answered,
        "answer": answer.text,
        "confidence": round(answer.confidence, 4),
        "reason": answer.reason,
        "citations": [_citation(citation, rank) for rank, citation in enumerate(answer.citations, 1)],
        "timings_ms": {stage: round(time, 1) for stage, time in answer.timings.items()},
    }


def error_json(
    message: str,
    question: str | None = None,
    id: str | int | None = None,
) -> dict[str, object]:
    """The object in place of an answer for a batch line that is no question."""
    return {
        "id": id,
        "question": question,
        "answered": False,
        "answer": None,
        "confidence": 0.0,
        "reason": None,
        "citations": [],
        "timings_ms": {},
        "error": message,
    }


def _citation(citation: Citation, rank: int) -> dict[str, object]:
    article = citation.article
    return {
        "rank": rank,
        "article_id": article.id,
        "title": article.title,
        "publisher": article.publisher,
        "authors": list(article.authors),
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "path": article.path,
        "quote": citation.quote,
        "start": citation.start,
        "end": citation.end,
        "answer_start": citation.answer_start,
        "answer_end": citation.answer_end,
        "answer": citation.answer,
        "resolved_date": citation.resolved_date,
        "deep_link": citation.deep_link,
        "score": round(citation.score, 4),
    }
