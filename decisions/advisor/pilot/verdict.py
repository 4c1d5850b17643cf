"""Go on, hold or go back: what a pilot says against its baseline, its limits and its projection."""

from dataclasses import dataclass
from enum import StrEnum

from decisions.advisor.pilot import intervals
from decisions.advisor.pilot.intervals import DECIDES, Interval
from decisions.advisor.pilot.likeness import differences, falls_short, shortcomings
from decisions.advisor.pilot.limits import LEAST_ERRORS, ROOM, Limits
from decisions.advisor.pilot.reach import ENOUGH, how_long, rests_on, shows
from decisions.advisor.pilot.run import Resources, Run
from decisions.advisor.pilot.scores import Projection, Score, score
from decisions.advisor.pilot.words import percent, plainly, points
from decisions.advisor.quantities import Range

SHARES = (("p50", 0.50), ("p90", 0.90), ("p95", 0.95), ("p99", 0.99), ("p99.9", 0.999))
"""The quantiles that are shown side by side; p99 is the one that decides."""
TOLERABLE_ERRORS = 0.001
"""Planning value: as long as an increase of this size cannot be ruled out, the stage waits for more requests."""


class Verdict(StrEnum):
    """What to do with the stage."""

    GO_ON = "go on"
    HOLD = "hold"
    GO_BACK = "go back"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One quantity before and after. `projected` is the range the pilot was expected in, None where there is none.

    The unit is ms, vCPU, GiB, or empty for the error ratio. `added` is the difference with its interval.
    """

    title: str
    unit: str
    before: Interval | None
    after: Interval | None
    added: Interval | None = None
    projected: Range | None = None


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one rule says, and the sentence for it."""

    verdict: Verdict
    because: str


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """The verdict, its reasons with the decisive one first, all figures, and how good the projection was.

    `shows` says whether the two runs together could show an addition well above the limit; where they cannot, a stage
    is held unless what was added is so large or so small that it shows all the same.
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    shows: bool = False
    comparisons: tuple[Comparison, ...] = ()
    scores: tuple[Score, ...] = ()


def judge(
    before: Run,
    after: Run,
    projection: Projection,
    limits: Limits,
    used: tuple[Resources, Resources] = (Resources(), Resources()),
) -> Judgement:
    """What the pilot says. `projection` is already scaled to the stage; `used` is what was used before and after.

    Runs that are not alike or too short are not judged: the reasons say what would have to be measured.
    """
    why_not = differences(before, after) + tuple(
        f"The measurement {when} {short}."
        for when, run in (("before", before), ("after", after))
        for short in shortcomings(run)
    )
    comparisons = (*_latencies(before, after, projection), _errors(before, after), *_resources(used, projection))
    if why_not:
        return Judgement(verdict=Verdict.NOT_COMPARABLE, reasons=why_not, comparisons=comparisons)
    found = {one.title: one for one in comparisons}
    findings = [
        _rate(before, after),
        _p99(before, after, found, limits),
        _stop(before, after, found["p99"], limits.p99_stop),
        _below(before, after, found, limits),
        _error_ratio(before, after, found["Failed requests"], limits),
        _used(found["CPU"], limits.cpu_vcpu),
        _used(found["Memory"], limits.memory_gib),
    ]
    said = sorted((one for one in findings if one), key=lambda one: _ORDER.index(one.verdict))
    return Judgement(
        verdict=said[0].verdict,
        reasons=tuple(one.because for one in said),
        shows=shows(before, after, _allowed(found["p99"], limits)[0]),
        comparisons=comparisons,
        scores=_scores(found, projection),
    )


_ORDER = (Verdict.GO_BACK, Verdict.HOLD, Verdict.GO_ON)


def _latencies(before: Run, after: Run, projection: Projection) -> list[Comparison]:
    rows = []
    expected = {"p50": projection.p50_ms, "p99": projection.p99_ms}
    for title, share in SHARES:
        if title != "p99" and not (before.knows(share) and after.knows(share)):
            continue  # what no file says is not shown as measured
        first, second = intervals.quantile(before, share), intervals.quantile(after, share)
        range_ = expected.get(title)
        rows.append(
            Comparison(
                title=title,
                unit="ms",
                before=first,
                after=second,
                added=intervals.added(first, second) if first and second else None,
                projected=_from(first, range_) if first and range_ else None,
            )
        )
    return rows


def _from(before: Interval, added: Range) -> Range:
    start = before.likely
    return Range(low=start + added.low, likely=start + added.likely, high=start + added.high)


def _errors(before: Run, after: Run) -> Comparison:
    first, second = intervals.error_ratio(before), intervals.error_ratio(after)
    difference = intervals.added(first, second) if first and second else None
    return Comparison(title="Failed requests", unit="", before=first, after=second, added=difference)


def _resources(used: tuple[Resources, Resources], projection: Projection) -> list[Comparison]:
    rows = (("CPU", "vCPU", "cpu_vcpu"), ("Memory", "GiB", "memory_gib"))
    found = []
    for title, unit, name in rows:
        first, second = (_exactly(getattr(one, name)) for one in used)
        found.append(
            Comparison(
                title=title,
                unit=unit,
                before=first,
                after=second,
                added=_exactly(second.likely - first.likely) if first and second else None,
                projected=_from(first, getattr(projection, name)) if first else None,
            )
        )
    return found


def _exactly(value: float | None) -> Interval | None:
    # A single reading has no interval of its own.
    return None if value is None else Interval(low=None, likely=value, high=None)


def _rate(before: Run, after: Run) -> Finding | None:
    if not falls_short(before, after):
        return None
    return Finding(
        verdict=Verdict.GO_BACK,
        because=f"Of {after.requested_rps:,.0f} requests a second only {after.achieved_rps:,.0f} are carried now; "
        f"before it was {before.achieved_rps:,.0f}.",
    )


def _allowed(p99: Comparison, limits: Limits) -> tuple[float, str]:
    """How much may be added to p99, in ms, and where that comes from."""
    if p99.before and limits.slo_p99_ms is not None and limits.slo_p99_ms - p99.before.likely < limits.p99_ms:
        return limits.slo_p99_ms - p99.before.likely, "what the target (SLO) leaves"
    return limits.p99_ms, limits.because


def _p99(before: Run, after: Run, rows: dict[str, Comparison], limits: Limits) -> Finding:
    row = rows["p99"]
    first, second, added = row.before, row.after, row.added
    if first is None or second is None or added is None:
        return Finding(verdict=Verdict.HOLD, because="One of the two measurements has no p99.")
    limit, because = _allowed(row, limits)
    went = f"p99 went from {plainly(first.likely)} to {plainly(second.likely)} ms"
    said = f"{went}; {plainly(limit)} ms more are allowed ({because})"
    if (moments := rests_on(before, after, DECIDES)) < ENOUGH:
        return Finding(
            verdict=Verdict.HOLD,
            because=f"{said}. These runs cannot carry a verdict: p99 rests on about {moments:.0f} independent slow "
            f"moments, and {ENOUGH} are needed. {how_long(before, after, limit)}",
        )
    if not (before.clustering and after.clustering) and (alone := _alone(added, rows)):
        return Finding(verdict=Verdict.HOLD, because=f"{said}. {alone} {EVERY_REQUEST}")
    if added.low is not None and added.low > limit:
        return Finding(
            verdict=Verdict.GO_BACK,
            because=f"{said}. Even the low end of what was added, {plainly(added.low)} ms, is above that.",
        )
    if added.high is not None and added.high <= limit:
        return Finding(
            verdict=Verdict.GO_ON,
            because=f"{said}. Even the high end of what was added, {plainly(added.high)} ms, is within that.",
        )
    if shows(before, after, limit):
        between = f"What was added lies between {plainly(added.low or 0.0)} and {plainly(added.high or 0.0)} ms"
        why = f"{between} and so near the limit that it may be either: measure both for longer."
    else:
        known = f"p99 {_known(first)} before, {_known(second)} after"
        why = f"These runs cannot carry a verdict: {known}. {how_long(before, after, limit)}"
    return Finding(verdict=Verdict.HOLD, because=f"{said}. {why}")


def _stop(before: Run, after: Run, row: Comparison, stop: float | None) -> Finding | None:
    """Whether p99 is for certain where the plan of the team goes back, and was not before."""
    first, second = row.before, row.after
    if (
        stop is None
        or first is None
        or second is None
        or second.low is None
        or rests_on(before, after, DECIDES) < ENOUGH
    ):
        return None
    if not second.low >= stop > first.likely:
        return None
    return Finding(
        verdict=Verdict.GO_BACK,
        because=f"p99 is at least {plainly(second.low)} ms now; {plainly(stop)} ms is where your plan goes back.",
    )


EVERY_REQUEST = (
    "Where about one request in a hundred is slow, p99 jumps between the quick and the slow ones by chance, and these "
    "files do not show it: bring files of every request, as k6, JMeter or vegeta write them."
)


def _alone(added: Interval, rows: dict[str, Comparison]) -> str:
    """What a p99 from percentiles alone is not believed for: that it went another way than the percentile below it."""
    title = next((one for one in ("p95", "p90") if one in rows), None)
    below = rows[title].added if title else None
    if below is None or below.low is None or added.low is None:
        return ""
    if added.low > 0 >= below.low:
        return f"p99 rose and {title} did not."
    if added.likely < below.low:
        return f"p99 rose by less than {title}."
    return ""


def _known(p99: Interval) -> str:
    """How well a p99 is known, as what follows its name."""
    low, high = (None if end is None else plainly(end) for end in (p99.low, p99.high))
    if low and high:
        return f"lies between {low} and {high} ms"
    return f"is at least {low} ms" if low else "is not known"


def _below(before: Run, after: Run, rows: dict[str, Comparison], limits: Limits) -> Finding | None:
    """Lower percentiles are known far better than p99: one can show alone that too much was added."""
    for title, share in SHARES[:3]:
        added = rows[title].added if title in rows else None
        low = added.low if added and rests_on(before, after, share) >= ENOUGH else None
        if low is not None and low > limits.p99_ms:
            return Finding(
                verdict=Verdict.GO_BACK,
                because=f"{title} rose by at least {plainly(low)} ms, and not even p99 may rise by more than "
                f"{plainly(limits.p99_ms)} ms ({limits.because}).",
            )
    return None


def _error_ratio(before: Run, after: Run, row: Comparison, limits: Limits) -> Finding:
    stop = limits.error_stop
    first, second, added = row.before, row.after, row.added
    if first is None or second is None or added is None or added.low is None or added.high is None:
        return Finding(
            verdict=Verdict.HOLD,
            because="One of the two measurements does not count failed requests, so errors cannot be judged.",
        )
    limit = max(ROOM * first.likely, LEAST_ERRORS)
    said = f"Failed requests went from {percent(first.likely)} to {percent(second.likely)}"
    if stop is not None and second.likely >= stop > first.likely:
        return Finding(verdict=Verdict.GO_BACK, because=f"{said}; {percent(stop)} is where your plan goes back.")
    if limits.error_ratio is not None:
        return _errors_by_gate(after, second, said, limits.error_ratio)
    if added.low > limit:
        return _more_errors(before, after, said, limit)
    if added.high <= max(limit, TOLERABLE_ERRORS):
        return Finding(
            verdict=Verdict.GO_ON,
            because=f"{said}; an increase of {points(max(limit, TOLERABLE_ERRORS))} percentage points is ruled out.",
        )
    return Finding(
        verdict=Verdict.HOLD,
        because=f"{said}; an increase of up to {points(added.high)} percentage points cannot be ruled out: "
        "measure longer.",
    )


def _errors_by_gate(after: Run, second: Interval, said: str, gate: float) -> Finding:
    """Whether the failed requests stay below the share that the team set as its gate."""
    spread = intervals.clustered_errors(after) or second
    if spread.low is not None and spread.low > gate:
        return Finding(verdict=Verdict.GO_BACK, because=f"{said}; your gate allows {percent(gate)}.")
    # With a gate of nothing a run without a failure is all that anybody can bring.
    if (not gate and not second.likely) or (second.high is not None and second.high <= gate):
        return Finding(verdict=Verdict.GO_ON, because=f"{said}; your gate allows {percent(gate)}.")
    return Finding(
        verdict=Verdict.HOLD,
        because=f"{said}; whether that stays within the {percent(gate)} of your gate cannot be told: measure longer.",
    )


def _more_errors(before: Run, after: Run, said: str, limit: float) -> Finding:
    """Too many failures, if they did not come in one burst."""
    first, second = intervals.clustered_errors(before), intervals.clustered_errors(after)
    low = intervals.added(first, second).low if first and second else None
    if low is not None and low > limit:
        return Finding(
            verdict=Verdict.GO_BACK,
            because=f"{said}; at most {points(limit)} percentage points more are allowed, and at least {points(low)} "
            "were added.",
        )
    return Finding(
        verdict=Verdict.HOLD,
        because=f"{said}; they may have come in one burst, which noise brings as well: measure longer.",
    )


def _used(row: Comparison, limit: float | None) -> Finding | None:
    if row.added is None:
        return None
    more = row.added.likely
    said = (
        f"{row.title} went from {row.before.likely:.3g} to {row.after.likely:.3g} {row.unit}"
        if row.before and row.after
        else ""
    )
    if limit is not None and more > limit:
        return Finding(verdict=Verdict.GO_BACK, because=f"{said}; {limit:.3g} {row.unit} more are your limit.")
    if row.projected is not None and row.after and row.after.likely > row.projected.high:
        return Finding(
            verdict=Verdict.HOLD,
            because=f"{said}, more than the {row.projected.high:.3g} {row.unit} projected at most: find out why.",
        )
    return Finding(verdict=Verdict.GO_ON, because=f"{said}, no more than was projected.")


def _scores(found: dict[str, Comparison], projection: Projection) -> tuple[Score, ...]:
    rows = (("p50", "p50_ms"), ("p99", "p99_ms"), ("CPU", "cpu_vcpu"), ("Memory", "memory_gib"))
    made = []
    for title, name in rows:
        row = found.get(title)
        one = score(name, getattr(projection, name), row.added.likely if row and row.added else None)
        if one:
            made.append(one)
    return tuple(made)
