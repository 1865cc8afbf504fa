"""An answer as it was shown: plain data, kept so that a card can be turned, rated and followed up later."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from index.types import Answer, Citation

# Letters and digits that nobody confuses when reading one out from a log.
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_ID_LENGTH = 10


def new_id() -> str:
    """A random id of ten letters and digits (some 50 bits): a question's, and its card's."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))


@dataclass(frozen=True, slots=True)
class Source:
    """A citation as it was shown. ``digest`` is the article's then; offsets count into its text then."""

    article_id: str
    digest: str
    title: str
    publisher: str
    authors: tuple[str, ...]
    published: date | None
    url: str | None
    path: str | None
    deep_link: str
    quote: str
    start: int
    end: int
    answer_start: int | None = None
    answer_end: int | None = None
    resolved_date: str | None = None

    @classmethod
    def of(cls, citation: Citation) -> Self:
        """What is kept of a citation."""
        article = citation.article
        return cls(
            article_id=article.id,
            digest=article.digest,
            title=article.title,
            publisher=article.publisher,
            authors=article.authors,
            published=article.published,
            url=article.url,
            path=article.path,
            deep_link=citation.deep_link,
            quote=citation.quote,
            start=citation.start,
            end=citation.end,
            answer_start=citation.answer_start,
            answer_end=citation.answer_end,
            resolved_date=citation.resolved_date,
        )

    @property
    def answer_in_quote(self) -> tuple[int, int] | None:
        """Where the answer stands in the quote, None where the quote is only a near passage."""
        if self.answer_start is None or self.answer_end is None:
            return None
        return self.answer_start - self.start, self.answer_end - self.start


@dataclass(frozen=True, slots=True)
class Reply:
    """What a question came to, as it is shown.

    ``understood`` is the question as it was put to the articles, which for a follow-up is
    not the ``question`` as typed. ``agreeing`` counts the articles that give the answer
    independently, the first included. ``current_to`` is the day of the newest article.
    """

    question: str
    understood: str
    answered: bool
    text: str | None
    confidence: float
    reason: str | None
    as_of: date
    sources: tuple[Source, ...]
    agreeing: int = 0
    current_to: date | None = None

    @classmethod
    def of(cls, question: str, answer: Answer, current_to: date | None) -> Self:
        """The reply that shows ``answer`` to a ``question`` as it was typed."""
        return cls(
            question=question,
            understood=answer.question,
            answered=answer.answered,
            text=answer.text,
            confidence=answer.confidence,
            reason=answer.reason,
            as_of=answer.as_of,
            sources=tuple(map(Source.of, answer.citations)),
            agreeing=_agreeing(answer),
            current_to=current_to,
        )

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values, days in ISO 8601."""
        values: dict[str, Any] = _plain(asdict(self))
        return values

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        """What ``to_json`` gave, back."""
        sources = tuple(
            Source(**each | {"authors": tuple(each["authors"]), "published": _day(each["published"])})
            for each in value["sources"]
        )
        days = {"as_of": date.fromisoformat(value["as_of"]), "current_to": _day(value["current_to"])}
        return cls(**{**value, **days, "sources": sources})


@dataclass(frozen=True, slots=True)
class Card:
    """A reply in a message: who asked for it, where, and when (``asked_at``: UTC, ISO 8601).

    ``server_id`` is None in direct messages, ``message_id`` until it is sent, and
    ``collection`` where the common index answered.
    """

    id: str
    server_id: int | None
    channel_id: int
    user_id: int
    message_id: int | None
    asked_at: str
    collection: str | None
    reply: Reply


def _agreeing(answer: Answer) -> int:
    if not answer.answered or not answer.candidates:
        return 0
    best = answer.candidates[0]
    same = {
        each.article.id
        for each in answer.candidates
        if each.cluster == best.cluster and each.features.get("margin", 0.0) > 0
    }
    return len(same | {best.article.id})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
