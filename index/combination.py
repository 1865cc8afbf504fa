"""The learned weights of what is known about an answer, and what they come to."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.types import Candidate

FILE = Path(__file__).parent / "combination.json"
# What it is worth that the last answer came from the same article: bench/conversation.py chose it, as
# the questions that the other weights were fitted to follow no other.
PREFERRED = 3.0


@dataclass(frozen=True, slots=True)
class Combination:
    """Weights for ranking candidates, and for the confidence in the best of them.

    ``confidence`` holds a logistic regression, its constant under "constant".
    """

    ranking: Mapping[str, float]
    confidence: Mapping[str, float]

    def sureness(self, verdict: Mapping[str, float]) -> float:
        """The probability, in (0, 1), that the best candidate answers rightly."""
        logit = self.confidence["constant"] + sum(
            self.confidence.get(name, 0.0) * value for name, value in verdict.items()
        )
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, logit))))


def combination(reader: bool, fitted_vectors: bool) -> Combination:
    """The weights for an index: read by a span reader or not, searched with the default model or not.

    Another embedding model's cosines mean something else, so with one they do not count.
    training/combine.py writes the file, with what it was fitted to.
    """
    name = ("spans" if reader else "sentences") + ("" if fitted_vectors else ", other vectors")
    loaded = json.loads(FILE.read_text(encoding="utf-8"))["combinations"][name]
    return Combination({**loaded["ranking"], "preferred": PREFERRED}, loaded["confidence"])


def verdict_on(ranked: Sequence[Candidate], coverage: float) -> dict[str, float]:
    """What the confidence in the best of ``ranked`` is computed from.

    ``share``: that of all candidates which give the same answer. ``coverage``: the highest
    share of the question's worth that one of the best passages holds with its title.
    """
    best = ranked[0]
    own = {name: best.features[name] for name in ("margin", "sentence", "fits")}
    return {
        "share": sum(each.share for each in ranked if each.cluster == best.cluster),
        "coverage": coverage,
        **own,
    }
