"""Thresholds: how far one measurement has to move until another answer comes first."""

import math
from collections.abc import Callable, Iterable, Iterator

from decisions.advisor.case import Case, CaseError, get, with_answer
from decisions.advisor.flips.change import Change
from decisions.advisor.quantities import number
from decisions.advisor.questions import FIELDS, Kind

REACH = 2
"""How far a measurement is moved in search of a threshold: twice doubled and twice halved."""
DIGITS = 3
"""Significant digits of a threshold; no measurement here is sharper."""
MOST_DIGITS = 10
"""Digits beyond which two numbers count as the same; a measurement may have been typed with more than DIGITS."""

Flips = Callable[[Case, str], bool]
"""Whether a case with another measurement at a path has another answer than the one at hand."""

MEASUREMENTS = {
    "baseline.busiest_pod_ratio": "The busiest pod carries {value} times the median pod ({now} today)",
    "baseline.services_observed_percent": "{value} % of the services report request metrics ({now} % today)",
    "context.languages": "The services use {value} languages ({now} today)",
    "context.application_teams": "{value} teams own the services ({now} today)",
    "context.fix_days_per_service": "A fix takes {value} days in each service ({now} estimated today)",
    "baseline.services": "The system has {value} services ({now} today)",
    "baseline.namespaces": "The system has {value} namespaces ({now} today)",
    "baseline.pods": "The system has {value} pods ({now} today)",
    "baseline.nodes": "The system has {value} nodes ({now} today)",
    "baseline.clusters": "There are {value} clusters ({now} today)",
    "baseline.peak_rps": "The peak is {value} requests a second ({now} today)",
    "baseline.sequential_calls": "A request makes {value} calls one after the other ({now} today)",
    "baseline.p99_ms": "Today's p99 turns out to be {value} ms ({now} measured)",
    "baseline.slo_p99_ms": "The objective for p99 is {value} ms ({now} today)",
    "baseline.udp_share": "{value} of the traffic is UDP ({now} today)",
    "baseline.windows_nodes": "There are {value} Windows nodes ({now} today)",
    "baseline.virtual_machines": "{value} virtual machines take part ({now} today)",
    "baseline.free_memory_gib": "{value} GiB of memory are free ({now} today)",
    "baseline.free_cpu_vcpu": "{value} vCPU are free ({now} today)",
    "budget.memory_gib": "The memory limit is {value} GiB ({now} today)",
    "budget.cpu_vcpu": "The CPU limit is {value} vCPU ({now} today)",
    "budget.p99_ms": "The limit for added p99 is {value} ms ({now} today)",
    "budget.money_per_month": "The limit for money is {value} a month ({now} today)",
    "operations.upgrades_per_year": "You can carry out {value} upgrades a year ({now} today)",
    "operations.training_days": "You can give {value} days of training ({now} today)",
    "operations.hourly_cost": "An engineer's hour costs {value} ({now} today)",
}


ONE = {
    "context.languages": "The services use one language ({now} today)",
    "context.application_teams": "One team owns the services ({now} today)",
    "context.fix_days_per_service": "A fix takes one day in each service ({now} estimated today)",
    "baseline.services": "The system has one service ({now} today)",
    "baseline.namespaces": "The system has one namespace ({now} today)",
    "baseline.pods": "The system has one pod ({now} today)",
    "baseline.nodes": "The system has one node ({now} today)",
    "baseline.clusters": "There is one cluster ({now} today)",
    "baseline.sequential_calls": "A request makes one call ({now} one after the other today)",
    "baseline.windows_nodes": "There is one Windows node ({now} today)",
    "baseline.virtual_machines": "One virtual machine takes part ({now} today)",
    "operations.upgrades_per_year": "You can carry out one upgrade a year ({now} today)",
    "operations.training_days": "You can give one day of training ({now} today)",
}
"""The same where the value is one."""


def thresholds(case: Case, paths: Iterable[str], flips: Flips, horizon: float = REACH) -> Iterator[Change]:
    """For each of these measurements, the value nearest to it that has another answer, within `horizon` doublings."""
    for path in paths:
        now = get(case, path)
        if not now:
            continue
        ways = [found for way in (1, -1) if (found := _nearest(case, path, way, flips, horizon)) is not None]
        if ways:
            value = min(ways, key=lambda one: _steps(one, now))
            words = ONE.get(path, MEASUREMENTS[path]) if value == 1 else MEASUREMENTS[path]
            yield Change(
                answers=((path, value),),
                words=words.format(**_told(path, value, now)),
                path=path,
                distance=_steps(value, now),
            )


def _told(path: str, value: float, now: float) -> dict[str, str]:
    """Both numbers in words, shares in per cent; as precise as it takes to see that they are not the same."""
    share = FIELDS[path].kind is Kind.SHARE
    new, old = (100 * one if share else one for one in (value, now))
    said = [number(float(one)) for one in (new, old)]
    for digits in range(DIGITS, MOST_DIGITS):
        if said[0] != said[1]:
            break
        said = [f"{float(f'{one:.{digits}g}'):,.10g}" for one in (new, old)]
    unit = " %" if share else ""
    return {"value": f"{said[0]}{unit}", "now": f"{said[1]}{unit}"}


def _steps(value: float, now: float) -> float:
    return abs(math.log2(value / now))


def _nearest(case: Case, path: str, way: int, flips: Flips, horizon: float) -> float | None:
    """The first value with another answer in one direction; None within the horizon.

    Looked for at whole doublings, then halved between the last value that stays and the first that flips until no
    value of three digits lies between them. A stretch of other answers between two doublings is not seen.
    """
    now = get(case, path)
    stays: float = now
    for step in range(1, math.ceil(horizon) + 1):
        value = _rounded(now * 2.0 ** (way * min(step, horizon)), now)
        changed = None if value in {stays, now} else _moved(case, path, value)
        if changed is None:
            return None
        if flips(changed, path):
            return _halved(case, path, (stays, value), flips)
        stays = value
    return None


def _halved(case: Case, path: str, between: tuple[float, float], flips: Flips) -> float:
    stays, other = between
    while True:
        middle = _rounded(math.sqrt(stays * other), stays if isinstance(stays, int) else other)
        if middle in {stays, other}:
            return other
        if flips(with_answer(case, path, middle), path):
            other = middle
        else:
            stays = middle


def _rounded(value: float, like: float) -> float:
    """To three significant digits, and to a whole number where the measurement is a count."""
    rounded = float(f"{value:.{DIGITS}g}")
    return max(1, round(rounded)) if isinstance(like, int) else rounded


def _moved(case: Case, path: str, value: float) -> Case | None:
    """The case with another measurement; None where it cannot stand beside the others."""
    try:
        return with_answer(case, path, value, checked=True)
    except CaseError:
        return None
