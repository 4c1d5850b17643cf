"""How much the answer would bear, worked out from what is known and how far ahead the answer is."""

from decisions.advisor.case import Case
from decisions.advisor.composition import Composition
from decisions.advisor.draws import DRAWS
from decisions.advisor.quantities import Range, number
from decisions.advisor.questionnaire import answered, applying
from decisions.advisor.recommendation import Confidence, Status
from decisions.advisor.record.words import listed
from decisions.advisor.robustness import Steadiness
from decisions.advisor.rules.limits import beyond, ceilings
from decisions.advisor.to_measure import timed
from decisions.advisor.unknowns import unknowns
from decisions.advisor.wording import SHAKY, ahead, elsewhere, foil

ROBUST = 0.9
"""Planning value: share of draws in which the answer has to stay for high confidence."""
WELL_KNOWN = 0.75
"""Planning value: share of the applying questions with an answer from which a case counts as well known."""
RARE = 0.05
"""Planning value: a runner-up that comes first in a smaller share of the draws is not one that numbers turn round."""


def explain(case: Case, ranking: tuple[Composition, ...], steady: Steadiness) -> tuple[Confidence, tuple[str, ...]]:
    """The confidence and the sentences it rests on, the weightiest first.

    Low when nothing was measured, no option meets every must, a limit cannot be kept, all that was asked for is not
    sure, or the answer stays in too few draws (`steady`). High only when most questions are answered, it stays in
    nearly all draws, nothing is unsure, and the sources agree where it matters. Moderate otherwise.
    """
    points, because = 0, []
    best = ranking[0]
    measured = timed(case)
    if not measured:
        because.append("No latency was measured, so the projection has nothing to stand on.")
    if best.ruled_out:
        because.append("No option meets every must-have.")
    over = beyond(best.setting)
    if over:
        because.append(f"Even the low end of the projection is over a limit ({'; '.join(over)}).")
    share = answered(case) / max(1, applying(case))
    if share >= WELL_KNOWN:
        points += 1
    because.append(f"{answered(case)} of {applying(case)} questions are answered.")
    points += steady.share >= ROBUST
    because.append(_margin(ranking, steady))
    because.append(_draws(case, best, steady, measured=measured))
    if outnumbered := _outnumbered(case, best, steady):
        because.append(outnumbered)
    if agreement := _agreement(best):
        because.append(agreement)
    unsure = (*best.setting.needs.unsure, *case.not_sure)
    if unsure:
        answers = "One answer is" if len(unsure) == 1 else f"{len(unsure)} answers are"
        because.append(f"{answers} “not sure”; that widens a range or leaves a requirement open.")
    else:
        points += 1
    undecided = bool(best.setting.needs.unsure) and not best.setting.needs.musts
    if not measured or best.ruled_out or over or undecided or steady.share < SHAKY:
        return Confidence.LOW, tuple(because)
    high = points == 3 and best.status is Status.FITS and not _disputed(best)
    return (Confidence.HIGH if high else Confidence.MODERATE), tuple(because)


FIGURES = ("cpu_vcpu", "memory_gib", "p99_ms")
AGREED = 10.0
"""Planning value: up to so many times apart the ends of a projection are one finding; wider, its sources disagree."""


def _apart(one: Range) -> float:
    """How many times the high end of a projected figure is its low end; 1 where nothing is projected.

    The ranges are fitted to the published rows of several sources: most of their width is how far those disagree, the
    rest is what of the system is not known.
    """
    return one.high / one.low if one.low > 0 else 1.0


def _disputed(best: Composition) -> tuple[str, ...]:
    """Figures about which the sources disagree so far that it matters: no limit is known, or the high end passes it."""
    limits, overhead = ceilings(best.setting.case), best.setting.overhead
    return tuple(
        name
        for name in FIGURES
        if _apart(getattr(overhead, name)) > AGREED
        and (getattr(limits, name) is None or getattr(overhead, name).high > getattr(limits, name))
    )


def _within(case: Case) -> str:
    """What the high ends of a projection break: nothing; in words that speak of limits only where there are any."""
    limits, budget, held = ceilings(case), case.budget, []
    if any(getattr(budget, name) is not None for name in FIGURES):
        held.append("your limits")
    if budget.p99_ms is None and limits.p99_ms is not None:
        held.append("your objective for p99")
    if any(getattr(budget, name) is None and getattr(limits, name) is not None for name in ("cpu_vcpu", "memory_gib")):
        held.append("what is free")
    return f"even the high ends stay within {listed(held)}" if held else "no limit was given that they could break"


def _agreement(best: Composition) -> str:
    """Whether the sources of the projection agree, in a sentence; empty where nothing is projected."""
    overhead = best.setting.overhead
    apart = max(_apart(getattr(overhead, name)) for name in FIGURES)
    if not overhead.sources or apart <= 1.0:
        return ""
    count = len(overhead.sources)
    sources = "one source" if count == 1 else f"{count} sources"
    said = f"The projected overhead rests on {sources}; the ends of its widest range lie {number(apart)} times apart"
    if apart <= AGREED:
        return f"{said}, which is agreement."
    if not _disputed(best):
        return f"{said}: they do not agree, but {_within(best.setting.case)}."
    return f"{said}: they do not agree."


DRAWN_FROM = {
    (True, False): "all ranges",
    (True, True): "all ranges, and from the answers that open questions may have,",
    (False, False): "planning values, since nothing was measured,",
    (False, True): "planning values, since nothing was measured, and from the answers that open questions may have,",
}
"""What the draws come from, by whether a latency was measured and whether a question is open."""


def _draws(case: Case, best: Composition, steady: Steadiness, *, measured: bool) -> str:
    """How often the answer stays and what comes first else; what was drawn beside the ranges."""
    of = DRAWN_FROM[measured, bool(unknowns(case, best.setting.catalog))]
    stays = f"In {round(steady.share * DRAWS):,} of 1,000 draws from {of} the answer stays {title(best)}"
    return f"{stays}{elsewhere(steady)}."


def _outnumbered(case: Case, best: Composition, steady: Steadiness) -> str:
    """Why the answer is first although another approach wins more draws; empty where none does."""
    first = ahead(steady)
    if first is None:
        return ""
    if unknowns(case, best.setting.catalog):
        return (
            f"{first.title} comes first in more draws than the answer: the draws answer what is open, each answer as "
            "likely as any other, while the answer rests on what is known today and reads nothing unknown as a yes. "
            "Settle the open questions before you rely on it."
        )
    return (
        f"{first.title} comes first in more draws than the answer: the answer rests on the likely value of every "
        "range, the draws on whole ranges, which are wide here. Narrow them before you rely on it."
    )


def title(one: Composition) -> str:
    """The approach, as it stands inside a sentence."""
    return one.setting.approach.title


def _margin(ranking: tuple[Composition, ...], steady: Steadiness) -> str:
    """How far the runner-up is behind.

    Ranges that overlap prove nothing by themselves: terms that both options share move both. So it is asked of the
    draws, in which a shared term has one value.
    """
    best, second = ranking[0], foil(ranking)
    if ranking[1].ruled_out:
        return f"Every other approach leaves a must-have open; the nearest is {title(ranking[1])}."
    if second is None:
        return (
            "Every other approach that meets the must-haves does so by the same small measures, with more beside them."
        )
    return _behind(best, second, sum(one.draws for one in steady.rivals if one.approach is second.setting.approach))


def _behind(best: Composition, second: Composition, won: int) -> str:
    """How far a runner-up is behind that comes first in `won` draws."""
    runner_up = title(second)
    if best.status is Status.FITS and second.status is Status.STRAINED:
        return f"The runner-up, {runner_up}, meets the must-haves only under strain."
    if second.hours.low > best.hours.high:
        return f"The runner-up, {runner_up}, costs more hours even at its low end."
    near = f"{number(best.hours.likely)} against {number(second.hours.likely)} hours a month"
    if not won:
        return f"The ranges of the first two overlap ({near} for {runner_up}), but {runner_up} is first in no draw."
    if won < RARE * DRAWS:
        return (
            f"The ranges of the first two overlap ({near} for {runner_up}), but that is first in only {won} of 1,000."
        )
    return f"The ranges of the first two overlap ({near} for {runner_up}): numbers of your own could turn them round."
