"""Asking every question of a system, and what came of each. The system need not be Pullquote."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from bot.evaluation import matching
from bot.evaluation.cases import Case, Group

# Passages quoted with each answer.
QUOTES = 5


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage that a system shows or considers, and where it is from.

    ``resolved_date`` is the day or period that the answer in it comes to, if the system tells.
    """

    text: str
    url: str | None = None
    path: str | None = None
    resolved_date: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a system says to a question, however unsure it is.

    ``text`` is None if it has nothing to say; ``quotes`` come best first.
    ``considered`` gives all passages it looked at, and is called only to tell why an
    answer is wrong. ``milliseconds`` is the system's own count, where it has one.
    """

    text: str | None
    confidence: float
    quotes: Sequence[Quote] = ()
    considered: Callable[[], Iterable[Quote]] = tuple
    milliseconds: float | None = None


System: TypeAlias = Callable[[str, date | None], Reply]


class Cause(StrEnum):
    """Why a question did not end well."""

    NOT_FOUND = "not retrieved"
    NOT_QUOTED = "retrieved, but not quoted"
    NOT_FIRST = "quoted, but not first"
    WRONG_SPAN = "right passage first, but wrong words"
    ABSTAINED = "right, but below the threshold"
    FALSE_ANSWER = "answered, although the articles do not say"
    REJECTED = "rejected, but still given"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A question and what the system said to it, judged.

    ``rank`` is that of the first right passage quoted, from 1; None if there is none.
    ``considered`` says whether the system at least looked at one. ``dated`` says whether
    the first quote resolves the answer to the right day; None if none is known.
    ``rejected`` says whether it is an answer that is known to be wrong.
    """

    case: Case
    reply: Reply
    milliseconds: float
    exact: bool
    f1: float
    contains: bool
    right: bool
    rank: int | None
    considered: bool
    dated: bool | None
    rejected: bool

    def is_answered(self, threshold: float) -> bool:
        """Whether a user who asks for this confidence gets the answer."""
        return self.reply.text is not None and self.reply.confidence >= threshold

    def is_rightly_answered(self, threshold: float) -> bool:
        """Whether what such a user gets is right."""
        return self.right and self.is_answered(threshold)

    def cause(self, threshold: float) -> Cause | None:
        """Why it did not end well; None if it did."""
        answered = self.is_answered(threshold)
        if self.case.group is Group.REJECTED:
            return Cause.REJECTED if answered and self.rejected else None
        if self.case.group is not Group.ANSWERABLE:
            return Cause.FALSE_ANSWER if answered else None
        if self.right:
            return None if answered else Cause.ABSTAINED
        if self.rank is None:
            return Cause.NOT_QUOTED if self.considered else Cause.NOT_FOUND
        return Cause.WRONG_SPAN if self.rank == 1 else Cause.NOT_FIRST


def ask_all(
    cases: Iterable[Case],
    system: System,
    on_asked: Callable[[int], None] = lambda count: None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[Outcome]:
    """Ask the questions one after the other; those up to where it was ``stopped``."""
    outcomes: list[Outcome] = []
    for case in cases:
        if stopped():
            break
        started = time.perf_counter()
        reply = system(case.question, case.as_of)
        outcomes.append(judged(case, reply, (time.perf_counter() - started) * 1000))
        on_asked(len(outcomes))
    return outcomes


def judged(case: Case, reply: Reply, milliseconds: float = 0.0) -> Outcome:
    """A reply beside what should have been said; the time counts where the reply names none."""
    # Answers that came with a question which must not be answered count for nothing.
    accepted = case.answers if case.group is Group.ANSWERABLE else ()

    def is_right(quote: Quote) -> bool:
        return bool(accepted) and case.is_supported_by(quote.text, quote.url, quote.path)

    rank = next((rank for rank, quote in enumerate(reply.quotes, 1) if is_right(quote)), None)
    dates = [quote.resolved_date for quote in reply.quotes[:1]]
    first = reply.quotes[0] if reply.quotes else Quote("")
    return Outcome(
        case=case,
        # Thousands of replies are kept, but not all the passages that each has looked at.
        reply=replace(reply, considered=tuple),
        milliseconds=milliseconds if reply.milliseconds is None else reply.milliseconds,
        exact=matching.exact_match(reply.text, accepted),
        f1=matching.f1(reply.text, accepted),
        contains=matching.contains(reply.text, accepted),
        right=matching.is_right(reply.text, accepted),
        rank=rank,
        considered=rank is not None or (bool(accepted) and any(map(is_right, reply.considered()))),
        dated=None if case.resolved_date is None else dates == [case.resolved_date],
        rejected=case.is_rejected(reply.text, first.url, first.path),
    )
