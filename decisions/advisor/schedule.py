"""The plan held against the deadline: how long its gates hold, and how long its work takes."""

from datetime import date, timedelta

from decisions.advisor.burden import once
from decisions.advisor.case import Case
from decisions.advisor.composition import Composition
from decisions.advisor.deadline import DAYS_A_MONTH, read_deadline
from decisions.advisor.gates import WINDOW
from decisions.advisor.in_support import cni_behind, mesh_behind
from decisions.advisor.in_transit import is_on
from decisions.advisor.kubernetes_support import unsupported
from decisions.advisor.measures import WORKDAYS_A_MONTH
from decisions.advisor.quantities import counted
from decisions.advisor.recommendation import Advisory, Stage

AFTERWARDS = frozenset({"removal", "nothing"})
"""Stages that are not waited for: the mesh of before goes when the new one is in place."""
HOURS_A_DAY = 8.0


LATE, IN_TIME = "Deadline", "Deadline and plan"
"""The topics under which it is said that the plan likely ends too late, or in time."""


def against_deadline(case: Case, best: Composition, stages: tuple[Stage, ...]) -> Advisory | None:
    """Whether the plan likely ends before the deadline, with the arithmetic; None where nobody can tell.

    Nobody can tell where no deadline is read, where nothing fits, or where a gate holds for a time that is not read.
    Planning values: the platform's work is done by one on-call rotation at half its time, that in services by one
    person full time in each of the teams that own them; training goes on beside.
    """
    deadline, window = read_deadline(case.context.deadline), read_deadline(case.plan.measure_window or WINDOW)
    steps = [one for one in stages if one.id not in AFTERWARDS]
    if deadline is None or window is None or window.day or best.ruled_out or not steps:
        return None
    # A gate in the team's own words holds for as long as these say, which is not read.
    gated = sum("gate" not in one.changed for one in steps)
    parts = [_gates(gated, case.plan.measure_window or WINDOW, round(gated * window.months * DAYS_A_MONTH))]
    parts += _work(case, best)
    begins = date.fromisoformat(best.setting.catalog.version[:10])
    ends = begins + timedelta(days=sum(takes for takes, _ in parts))
    last = deadline.day or begins + timedelta(days=round(deadline.months * DAYS_A_MONTH))
    end, asked, start, away = ends.isoformat(), last.isoformat(), begins.isoformat(), _days(abs((ends - last).days))
    told = "; ".join(words for _, words in parts)
    taken = f"Begun on {start}, the day of the catalogue, it takes: {told}."
    if best.upgrades or cni_behind(best.setting) or unsupported(case, start) or mesh_behind(case, best.setting.catalog):
        taken += " Upgrades that come first take longer still: they are not counted in it."
    if ends <= last:
        first = f"The plan likely ends on {end}, {away} before the deadline of {asked}."
        return Advisory(topic=IN_TIME, text=f"{first} {taken}")
    first = f"The plan likely ends on {end}, {away} after the deadline of {asked}."
    return Advisory(topic=LATE, text=f"{first} {taken} {WHAT_TO_DO}")


WHAT_TO_DO = "Put more people on it, let gates hold for less, or agree in writing what has to be in place by then."


Part = tuple[int, str]
"""Days of the calendar, and what they are taken by."""


def _days(amount: int) -> str:
    return counted(amount, "day")


def _gates(many: int, window: str, takes: int) -> Part:
    return takes, f"{_days(takes)} for {counted(many, 'gate')} to hold, each for {window}"


def _work(case: Case, best: Composition) -> list[Part]:
    """The one-off work: that of the platform, and that in services."""
    found, hours = [], once(best.setting)
    people = best.setting.catalog.planning["people_on_call"].value.likely
    # Encryption that is on is not brought in again.
    if platform := 0 if is_on(best.setting) else round(hours.platform):
        takes = _calendar(platform / people / HALF)
        crew = counted(people, "person").replace("persons", "people")
        found.append((takes, f"{_days(takes)} for {counted(platform, 'hour')} of platform work by {crew} at half time"))
    if services := round(hours.services):
        teams = max(1, case.context.application_teams or 1)
        takes = _calendar(services / teams)
        crew = counted(teams, "team")
        found.append((takes, f"{_days(takes)} for {counted(services, 'hour')} of work in services by {crew}"))
    return found


HALF = 0.5
"""Planning value: share of its time that a rotation has for what is new."""


def _calendar(hours: float) -> int:
    """Days of the calendar that so many hours take one after the other."""
    return round(hours / HOURS_A_DAY / WORKDAYS_A_MONTH * DAYS_A_MONTH)
