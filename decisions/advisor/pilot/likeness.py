"""Whether two runs may be compared at all: only like with like, and only runs that are long enough to say something."""

from decisions.advisor.pilot.run import Run
from decisions.advisor.quantities import percent

RATE_TOLERANCE = 0.10
"""Rates that differ by more than a tenth put the system under another load."""
LEAST_REQUESTS = 3_000
"""Below, the p99 rests on fewer than thirty requests."""
LEAST_SECONDS = 10.0
"""Below, set-up of connections and single pauses are much of what was measured."""
MOST_ERRORS = 0.05
"""Above, fast failures pull the percentiles down so far that they are no latency of the system."""
POPULATIONS = {"all": "all requests", "success": "successful requests only", "": "requests that the file does not name"}


def differences(before: Run, after: Run) -> tuple[str, ...]:
    """Why the two are not alike, a sentence each; empty when they can be compared."""
    found = (_rate(before, after), _omission(before, after), _population(before, after))
    return tuple(sentence for sentence in found if sentence)


def shortcomings(run: Run) -> tuple[str, ...]:
    """Why a run says too little by itself, half a sentence each; empty when it can be judged."""
    found = []
    if run.requests is None:
        found.append("does not say how many requests it made")
    elif run.requests < LEAST_REQUESTS:
        found.append(
            f"made {run.requests:,} requests; below {LEAST_REQUESTS:,} the p99 rests on fewer than thirty of them"
        )
    if run.seconds is None:
        found.append("does not say how long it took")
    elif run.seconds < LEAST_SECONDS:
        found.append(
            f"took {run.seconds:.3g} s; below {LEAST_SECONDS:.0f} s its beginning is much of what was measured"
        )
    if run.latency(0.99) is None:
        found.append("has no p99")
    if run.error_ratio is not None and run.error_ratio > MOST_ERRORS:
        found.append(f"had {percent(run.error_ratio, 1)} failed requests, and fast failures pull the percentiles down")
    return tuple(found)


def falls_short(before: Run, after: Run) -> bool:
    """Whether the second run was asked for the same rate as the first, and missed what the first reached."""
    asked, was_asked = after.requested_rps, before.requested_rps
    if not asked or not was_asked or not before.achieved_rps or not after.achieved_rps:
        return False
    return _near(was_asked, asked) and _near(was_asked, before.achieved_rps) and not _near(asked, after.achieved_rps)


def _near(first: float, second: float) -> bool:
    return abs(second - first) <= RATE_TOLERANCE * max(first, second)


def _rate(before: Run, after: Run) -> str:
    if falls_short(before, after):
        return ""  # no difference between the measurements, but what the second one found
    reached = before.achieved_rps, after.achieved_rps
    for first, second in ((before.requested_rps, after.requested_rps), reached):
        if first and second and not _near(first, second):
            return (
                f"The rates differ: {first:,.0f} requests a second before, {second:,.0f} after. Latency depends on "
                "load: measure both at one rate, for example with wrk2 -R or k6's constant-arrival-rate."
            )
    if not all(reached):
        return "The rate of one of the two is unknown, and latency depends on load."
    return ""


def _omission(before: Run, after: Run) -> str:
    if before.omission != after.omission:
        return (
            f"The first is {_omitted(before)} for coordinated omission, the second {_omitted(after)}: one of them "
            "leaves out waiting time that the other counts."
        )
    if before.omission == "unknown" and before.tool != after.tool:
        return (
            f"Neither {before.tool or 'the first tool'} nor {after.tool or 'the second'} says whether waiting time is "
            "counted (coordinated omission), and two tools may do it differently."
        )
    return ""


def _omitted(run: Run) -> str:
    return "of unknown state" if run.omission == "unknown" else run.omission


def _population(before: Run, after: Run) -> str:
    if before.population == after.population and (before.population or before.tool == after.tool):
        return ""
    return (
        f"The latencies are of different requests: {POPULATIONS.get(before.population, before.population)} before, "
        f"{POPULATIONS.get(after.population, after.population)} after."
    )
