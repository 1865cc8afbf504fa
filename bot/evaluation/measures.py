"""From what came of each question to figures."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from bot.evaluation import metrics
from bot.evaluation.cases import Group
from bot.evaluation.metrics import Estimate
from bot.evaluation.running import Cause, Outcome

CUTOFFS = (1, 3, 5)

Column: TypeAlias = list[float]


@dataclass(frozen=True)
class Evaluation:
    """Questions that were asked, and figures of how they were answered.

    ``threshold`` is the confidence from which on an answer is shown. "Right" is as
    ``matching.is_right`` has it, and an answer to a question without one is never right.
    """

    outcomes: Sequence[Outcome]
    threshold: float
    facts: Mapping[str, int] = field(default_factory=dict)

    def of(self, *groups: Group) -> list[Outcome]:
        """The outcomes of these groups."""
        return [each for each in self.outcomes if each.case.group in groups]

    @cached_property
    def counts(self) -> Mapping[Group, int]:
        """How many questions each group has."""
        return Counter(each.case.group for each in self.outcomes)

    @cached_property
    def judged(self) -> list[Outcome]:
        """All questions of which it is known whether they have an answer."""
        return self.of(Group.ANSWERABLE, Group.UNANSWERABLE, Group.OFF_CORPUS)

    @cached_property
    def measures(self) -> Mapping[str, Estimate]:
        """All figures by name."""
        return _Measuring(self).all()

    @property
    def misses(self) -> dict[Cause, list[Outcome]]:
        """What did not end well, by cause."""
        found: dict[Cause, list[Outcome]] = {cause: [] for cause in Cause}
        for outcome in self.outcomes:
            if cause := outcome.cause(self.threshold):
                found[cause].append(outcome)
        return found

    @property
    def kinds(self) -> dict[str, list[Outcome]]:
        """The answerable questions by their kind, where kinds are given."""
        found: dict[str, list[Outcome]] = {}
        for outcome in self.of(Group.ANSWERABLE):
            found.setdefault(outcome.case.kind or "other", []).append(outcome)
        return dict(sorted(found.items())) if found.keys() - {"other"} else {}

    @property
    def curve(self) -> list[metrics.Operating]:
        """The risk-coverage curve of all judged questions."""
        return metrics.risk_coverage(_confidence(self.judged), _right(self.judged))

    @property
    def bins(self) -> list[metrics.Bin]:
        """What confidence comes to, over all judged questions."""
        return metrics.reliability(_confidence(self.judged), _right(self.judged))


class _Measuring:
    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation

    def all(self) -> dict[str, Estimate]:
        of, judged = self._evaluation.of, self._evaluation.judged
        answerable = of(Group.ANSWERABLE)
        unanswerable = of(Group.UNANSWERABLE, Group.OFF_CORPUS)
        return {
            **{f"passage_at_{k}": self._mean(answerable, _ranked(k)) for k in CUTOFFS},
            "exact": self._mean(answerable, lambda each: each.exact),
            "f1": self._mean(answerable, lambda each: each.f1),
            "contains": self._mean(answerable, lambda each: each.contains),
            "right": self._mean(answerable, lambda each: each.right),
            "answered": self._mean(answerable, self._answered),
            "answered_right": self._mean(answerable, self._rightly_answered),
            "precision": self._precision(answerable, lambda each: each.right),
            "precision_exact": self._precision(answerable, lambda each: each.exact),
            "precision_all": self._precision(judged, lambda each: each.right),
            "false_unanswerable": self._mean(of(Group.UNANSWERABLE), self._answered),
            "false_off_corpus": self._mean(of(Group.OFF_CORPUS), self._answered),
            "rejected_given": self._mean(of(Group.REJECTED), self._rejected),
            "auroc": _discrimination([each for each in answerable if each.right] + unanswerable),
            "auroc_all": _discrimination(judged),
            "aurc": _calibration(metrics.aurc, judged),
            "aurc_answerable": _calibration(metrics.aurc, answerable),
            "ece": _calibration(metrics.ece, judged),
            "ece_answerable": _calibration(metrics.ece, answerable),
            "dated": self._mean([each for each in answerable if each.dated is not None], _dated),
            **_times(self._evaluation.outcomes),
        }

    def _answered(self, outcome: Outcome) -> bool:
        return outcome.is_answered(self._evaluation.threshold)

    def _rightly_answered(self, outcome: Outcome) -> bool:
        return outcome.is_rightly_answered(self._evaluation.threshold)

    def _rejected(self, outcome: Outcome) -> bool:
        return outcome.cause(self._evaluation.threshold) is Cause.REJECTED

    def _mean(self, outcomes: Sequence[Outcome], value: Callable[[Outcome], float]) -> Estimate:
        return metrics.estimate(metrics.mean, [float(value(each)) for each in outcomes])

    def _precision(self, outcomes: Sequence[Outcome], hit: Callable[[Outcome], bool]) -> Estimate:
        among = [float(self._answered(each)) for each in outcomes]
        hits = [float(hit(each)) for each in outcomes]
        found = metrics.estimate(metrics.share, hits, among)
        return Estimate(found.value, found.low, found.high, int(sum(among)))


def _times(outcomes: Sequence[Outcome]) -> dict[str, Estimate]:
    times = [each.milliseconds for each in outcomes]
    # The largest of a resample is never larger than this: it has no interval.
    slowest = max(times, default=float("nan"))
    return {
        "ms_p50": metrics.estimate(metrics.quantile(0.5), times),
        "ms_p95": metrics.estimate(metrics.quantile(0.95), times),
        "ms_max": Estimate(slowest, float("nan"), float("nan"), len(times)),
    }


def _ranked(k: int) -> Callable[[Outcome], bool]:
    return lambda each: each.rank is not None and each.rank <= k


def _dated(outcome: Outcome) -> float:
    return float(outcome.dated is True)


def _confidence(outcomes: Sequence[Outcome]) -> Column:
    # Nothing said is nothing to be sure of.
    return [each.reply.confidence if each.reply.text is not None else 0.0 for each in outcomes]


def _right(outcomes: Sequence[Outcome]) -> Column:
    return [float(each.right) for each in outcomes]


def _discrimination(outcomes: Sequence[Outcome]) -> Estimate:
    return metrics.estimate(metrics.auroc, _confidence(outcomes), _right(outcomes))


def _calibration(statistic: metrics.Statistic, outcomes: Sequence[Outcome]) -> Estimate:
    return metrics.estimate(statistic, _confidence(outcomes), _right(outcomes))
