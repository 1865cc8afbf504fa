"""What people say of an answer, and how that becomes cases for ``pullquote eval``."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePath
from typing import Any, TypeAlias

from bot.discord.card import Card, Reply, Source


class Reason(StrEnum):
    """Why an answer is bad, in the words that people choose from."""

    WRONG_SPAN = "wrong words"
    WRONG_ARTICLE = "wrong article"
    SHOULD_HAVE_ABSTAINED = "should have abstained"
    OUT_OF_DATE = "out of date"
    SHOULD_HAVE_ANSWERED = "the articles do say it"  # the only one that an abstention can have


@dataclass(frozen=True, slots=True)
class Feedback:
    """One user's verdict on one card (``given_at``: UTC, ISO 8601). ``reason`` is that of a bad one."""

    card_id: str
    user_id: int
    good: bool
    reason: Reason | None
    comment: str
    given_at: str


Case: TypeAlias = dict[str, Any]  # a line of the file that ``pullquote eval`` reads


@dataclass(frozen=True, slots=True)
class Export:
    """The cases that feedback comes to, from how many verdicts, and how many there are not.

    ``tied`` answers have as many good verdicts as bad ones. ``unknown`` are abstentions
    that people call wrong: what the answer is nobody has said.
    """

    cases: tuple[Case, ...]
    verdicts: int
    tied: int
    unknown: int


@dataclass(slots=True)
class _Judged:
    """An answer to a question, shown once or more often, and each user's last verdict on it."""

    card: Card
    verdicts: dict[int, Feedback] = field(default_factory=dict)


def export(feedback: Iterable[tuple[Card, Feedback]], *, with_unknown: bool = False) -> Export:
    """One case for each answer that was judged, as most of those who judged it say.

    Cards with the same question on the same day and the same answer are one. No user's or
    server's id is in a case. ``with_unknown`` adds the cases whose answer nobody has said,
    marked so that ``pullquote eval`` leaves them out until somebody adds it.
    """
    found: list[Case] = []
    verdicts = tied = unknown = 0
    for judged in _pooled(feedback):
        given = list(judged.verdicts.values())
        good = sum(each.good for each in given)
        verdicts += len(given)
        if 2 * good == len(given):
            tied += 1
            continue
        case = _case(judged.card, given, 2 * good > len(given))
        if case.get("supported") is False:
            unknown += 1
            if not with_unknown:
                continue
        found.append(case)
    return Export(tuple(found), verdicts, tied, unknown)


def _pooled(feedback: Iterable[tuple[Card, Feedback]]) -> Iterable[_Judged]:
    pools: dict[tuple[object, ...], _Judged] = {}
    for card, each in feedback:
        reply = card.reply
        key = (card.collection, reply.understood, reply.as_of, reply.text)
        pool = pools.setdefault(key, _Judged(card))
        before = pool.verdicts.get(each.user_id)
        if before is None or before.given_at <= each.given_at:
            pool.verdicts[each.user_id] = each
    return pools.values()


def _case(card: Card, given: Sequence[Feedback], good: bool) -> Case:
    reply = card.reply
    reason = None if good else _reason(given)
    return {
        "id": card.id,
        "question": reply.understood,
        "date": reply.as_of.isoformat(),
        **_expected(reply, good, reason),
        "given": reply.text,
        "confidence": round(reply.confidence, 4),
        "verdict": "good" if good else "bad",
        "reason": reason,
        "votes": {"good": sum(each.good for each in given), "bad": sum(not each.good for each in given)},
        "comments": [each.comment for each in given if each.comment],
        "asked_at": card.asked_at,
        "collection": card.collection,
        "citations": [_citation(each) for each in reply.sources],
    }


def _expected(reply: Reply, good: bool, reason: Reason | None) -> Case:
    """What `pullquote eval` compares with."""
    if reply.text is None:
        return {"answerable": False} if good else {"answers": [], "supported": False}
    if reason is Reason.SHOULD_HAVE_ABSTAINED:
        return {"answerable": False}
    if not good:
        # The same words from another article may be right; wrong words are so wherever they stand.
        places = _places(reply.sources[:1]) if reason is Reason.WRONG_ARTICLE else []
        return {"rejected": [reply.text], **({"articles": places} if places else {})}
    expected: Case = {"answers": [reply.text]}
    if places := _places([each for each in reply.sources if _says(each, reply.text)]):
        expected["articles"] = places
    if reply.sources and (day := reply.sources[0].resolved_date):
        expected["resolved_date"] = day
    return expected


def _reason(given: Sequence[Feedback]) -> Reason | None:
    """The reason that is given most often, of several such the first."""
    reasons = Counter(each.reason for each in given if each.reason is not None and not each.good)
    return reasons.most_common(1)[0][0] if reasons else None


def _says(source: Source, text: str) -> bool:
    span = source.answer_in_quote
    return span is not None and source.quote[span[0] : span[1]].casefold() == text.casefold()


def _places(sources: Iterable[Source]) -> list[str]:
    """The articles as ``pullquote eval`` finds them, on another machine too: by address, or name of file."""
    names = (each.url or (PurePath(each.path).name if each.path else None) for each in sources)
    return list(dict.fromkeys(name for name in names if name))


def _citation(source: Source) -> Case:
    span = source.answer_in_quote
    return {
        "article_id": source.article_id,
        "title": source.title,
        "publisher": source.publisher,
        "published": source.published and source.published.isoformat(),
        "url": source.url,
        "file": PurePath(source.path).name if source.path else None,
        "quote": source.quote,
        "start": source.start,
        "end": source.end,
        "answer": source.quote[span[0] : span[1]] if span else None,
        "resolved_date": source.resolved_date,
    }
