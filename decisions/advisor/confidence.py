"""How much the answer would bear, worked out from what is known and how far ahead the answer is."""

from decisions.advisor.case import Case
from decisions.advisor.composition import Composition
from decisions.advisor.quantities import number
from decisions.advisor.questionnaire import answered, applying
from decisions.advisor.recommendation import Confidence, Status

WELL_KNOWN = 0.75
"""Planning value: share of the applying questions with an answer from which a case counts as well known."""


def explain(case: Case, ranking: tuple[Composition, ...]) -> tuple[Confidence, tuple[str, ...]]:
    """The confidence and the sentences it rests on, the weightiest first.

    Low when nothing was measured or no option meets every must. High only when most questions are answered, the
    runner-up is out of reach and nothing decisive is unsure. Moderate otherwise.
    """
    points, because = 0, []
    best, second = ranking[0], ranking[1]
    baseline = case.baseline
    measured = baseline.p99_ms is not None or baseline.p95_ms is not None or baseline.p50_ms is not None
    if not measured:
        because.append("No latency was measured, so the projection has nothing to stand on.")
    if best.ruled_out:
        because.append("No option meets every must-have.")
    share = answered(case) / max(1, applying(case))
    if share >= WELL_KNOWN:
        points += 1
    because.append(f"{answered(case)} of {applying(case)} questions are answered.")
    clear, words = _margin(best, second)
    points += clear
    because.append(words)
    unsure = (*best.setting.needs.unsure, *case.not_sure)
    if unsure:
        because.append(f'{len(unsure)} answers are "not sure"; each widens a range or leaves a requirement open.')
    else:
        points += 1
    if not measured or best.ruled_out:
        return Confidence.LOW, tuple(because)
    high = points == 3 and best.status is Status.FITS
    return (Confidence.HIGH if high else Confidence.MODERATE), tuple(because)


def _margin(best: Composition, second: Composition) -> tuple[bool, str]:
    """Whether the runner-up is clearly behind, with the sentence."""
    title = second.setting.approach.title
    if second.ruled_out:
        return True, f"Every other approach leaves a must-have open; the nearest is {title}."
    if best.status is Status.FITS and second.status is Status.STRAINED:
        return True, f"The runner-up, {title}, meets the must-haves only under strain."
    if second.hours.low > best.hours.high:
        return True, f"The runner-up, {title}, costs more hours even at its low end."
    near = f"{number(best.hours.likely)} against {number(second.hours.likely)} hours a month"
    return (
        False,
        f"The ranges of the first two overlap ({near} for {title}): numbers of your own could turn them round.",
    )
