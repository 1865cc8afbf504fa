"""From a reader's logits to the spans that it holds most likely."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.types import Vectors

# Tokens. Of the 51,559 answers in the training data 113 are longer.
LONGEST = 30
_NEVER = -1e4


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """The first and the last token of an answer, and its margin over "no answer" (a logit)."""

    first: int
    last: int
    margin: float


def best_spans(start: Vectors, end: Vectors, allowed: Sequence[bool], n: int) -> list[TokenSpan]:
    """The ``n`` best spans within the allowed tokens, best first, none within a better one's tokens.

    ``start`` and ``end`` are one passage's logits; position 0 stands for "no answer", and
    a span's margin is start + end less the sum of position 0's (Devlin et al. 2019).
    """
    outside = ~np.asarray(allowed, bool)
    starts, ends = np.where(outside, _NEVER, start), np.where(outside, _NEVER, end)
    tokens = np.arange(len(starts))
    length = tokens[None, :] - tokens[:, None]
    scores = starts[:, None] + ends[None, :]
    scores[(length < 0) | (length >= LONGEST)] = 2 * _NEVER
    nothing = float(start[0] + end[0])
    # A span shares its tokens with some hundred others, so many more are looked at than wanted.
    flat = scores.ravel()
    likely = np.argpartition(flat, -min(len(flat), 40 * n))[-min(len(flat), 40 * n) :]
    found: list[TokenSpan] = []
    for place in likely[np.argsort(-flat[likely], kind="stable")]:
        first, last = divmod(int(place), len(starts))
        if flat[place] < _NEVER / 2 or len(found) == n:
            break
        if all(last < other.first or first > other.last for other in found):
            found.append(TokenSpan(first, last, float(flat[place]) - nothing))
    return found
