"""Small measures: which add-on could meet a must-have here, and what its trial says."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from decisions.advisor.case import Case, Outcome, get
from decisions.advisor.catalog import AddOnSheet, Catalog, Product
from decisions.advisor.clouds import known_name
from decisions.advisor.deadline import read_deadline
from decisions.advisor.fit import LITTLE_UDP
from decisions.advisor.in_transit import encryption_today, name_of_today
from decisions.advisor.needs import weigh
from decisions.advisor.quantities import as_shown, counted, percent
from decisions.advisor.recommendation import Approach
from decisions.advisor.requirements import BY_ID, Requirement
from decisions.advisor.scope import WHOLE, covers, namespaces_for, scope_of

FAILED = frozenset({Outcome.NOT_ENOUGH, Outcome.CANNOT, Outcome.WORKS_IN_PART})
IN_THE_CNI = "encryption-in-the-cni"
SHORT_MONTHS = 6
"""Planning value: with less time than this, work in many services does not finish."""


@dataclass(frozen=True, kw_only=True)
class Measure:
    """An add-on judged for one requirement: usable, or the clause that says why not."""

    sheet: AddOnSheet
    requirement: str
    outcome: str
    usable: bool
    because: str
    waits: bool = False
    """Whether it is unusable only because a question about it has no answer yet."""
    untried: bool = False
    """Whether it is unusable only by planning values: nobody has tried it, or said what one service takes."""
    spares: bool = False
    """Whether it is worth a look even beside a product that meets the requirement: it covers all, and a product that
    need not carry it covers the part alone for which the other must-haves ask.
    """


def distinct(measures: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """One measure for each add-on; an add-on may meet several requirements."""
    return tuple({measure.sheet.id: measure for measure in reversed(measures)}.values())[::-1]


def outcome_of(case: Case, requirement: str) -> str:
    """The outcome of the trial of the simplest fix, or an empty text when nothing was said."""
    return str(case.answer(requirement).simplest_fix.outcome or "")


def measures_for(case: Case, catalog: Catalog, requirement: Requirement) -> Iterator[Measure]:
    """Every add-on that could meet the requirement, judged for this case.

    First those of the requirement's list, in its order, then an organisation's own by id.
    """
    own = sorted(one.id for one in catalog.add_ons.values() if requirement.id in one.meets)
    for add_on in dict.fromkeys((*requirement.fixes, *own)):
        sheet = cited(case.baseline.cni, catalog, catalog.add_ons[add_on])
        outcome = outcome_of(case, requirement.id)
        if outcome == Outcome.WORKS and add_on not in requirement.tried:
            # The trial was of the simplest fix; that it works says nothing of the others.
            outcome = ""
        if sheet.needs and not _unfit(case, sheet):
            # What the team itself says it may rely on is not what failed.
            outcome = "" if outcome in FAILED else outcome
        if outcome == Outcome.WORKS_IN_PART and sheet.touches == "namespaces":
            # It works where it is done, namespace by namespace: what is left is to go on.
            outcome = ""
        here = _works_elsewhere(case, sheet, requirement.id) or (
            sheet.id == IN_THE_CNI and bool(encryption_today(case))
        )
        if outcome not in {Outcome.WORKS, *FAILED} and here:
            outcome = Outcome.WORKS
        because = _failed(case, requirement.id, outcome) or _impossible(case, sheet, outcome) or _unfit(case, sheet)
        because = because or _left_open(case, sheet, requirement.id)
        fits = not because
        if fits and outcome != Outcome.WORKS:
            because = _too_much(case, sheet, requirement.id, catalog.version[:10])
        yield Measure(
            sheet=sheet,
            requirement=requirement.id,
            outcome=outcome,
            usable=not because,
            because=because,
            waits=_waits(case, sheet, because),
            untried=fits and outcome == Outcome.NOT_TRIED and case.context.fix_days_per_service is None,
            spares=bool(sheet.exclusive_to) and _is_wider(case, requirement.id),
        )


def goes_with(sheet: AddOnSheet, product: Product) -> bool:
    """Whether a measure can stand beside a product."""
    return not sheet.exclusive_to or product.id in sheet.exclusive_to


def _waits(case: Case, sheet: AddOnSheet, because: str) -> bool:
    """Whether what speaks against a measure is that nobody has answered for it."""
    unasked = because in NEEDS.values() and any(get(case, path) is None for path in sheet.needs)
    return unasked or because == UNCOUNTED


def _is_wider(case: Case, requirement: str) -> bool:
    """Whether the requirement covers everything while the other must-haves cover a part of the namespaces."""
    others = tuple(one for one in weigh(case).musts if one != requirement)
    return scope_of(case, requirement) == WHOLE and namespaces_for(case, others) is not None


def cited(cni: str | None, catalog: Catalog, sheet: AddOnSheet) -> AddOnSheet:
    """The sheet with the source that speaks of the CNI that runs, where the measure is that CNI's own encryption."""
    if sheet.id != IN_THE_CNI:
        return sheet
    said = known_name(cni)
    encrypting = (one for one in catalog.products.values() if one.approach is Approach.CNI_ENCRYPTION)
    own = next((one for one in encrypting if any(name in said for name in one.constraints.cni)), None)
    return replace(sheet, source=own.facts["enc_node_to_node"].source) if own else sheet


def _failed(case: Case, requirement: str, outcome: str) -> str:
    """Why the trial speaks against every small fix of this requirement."""
    if outcome not in FAILED:
        return ""
    note = case.answer(requirement).simplest_fix.note or ""
    words = {
        Outcome.NOT_ENOUGH: "the simplest fix was tried and is not enough",
        Outcome.CANNOT: "the simplest fix cannot be done here",
        Outcome.WORKS_IN_PART: "the simplest fix was tried and works only in part",
    }[Outcome(outcome)]
    return f"{words}: {note.rstrip('.')}" if note else words


def said(case: Case, measure: Measure) -> str:
    """What to do, with how many services it touches where that is known: a measure in three is another than in thirty.

    What works already is gone on with.
    """
    if measure.sheet.id == IN_THE_CNI and encryption_today(case):
        kind = name_of_today(case)
        return f"{kind} is on here today and stays on: nothing is switched on, and the mesh keeps identity."
    parts = [measure.sheet.what]
    if measure.outcome == Outcome.WORKS:
        parts.insert(0, "It was tried here and works; what is left are the parts that do not have it yet.")
    services = affected_services(case, measure.requirement) if measure.sheet.touches == "services" else None
    if services is not None:
        scope, many = scope_of(case, measure.requirement), counted(services, "service")
        averaged = scope.services is None and scope.namespaces is not None
        about = f"In the namespaces in scope that is about {many}, reckoned from the average."
        parts.append(about if averaged else f"In scope that is {many}.")
    return " ".join((*parts, *filter(None, [counted_for(case, measure)])))


def counted_for(case: Case, measure: Measure) -> str:
    """Of how many services the work is counted where that is a share of those in scope; empty where it is all."""
    services, share = affected_services(case, measure.requirement), case.baseline.grpc_share
    if measure.requirement != "grpc_load_balancing" or measure.sheet.touches != "services" or share is None:
        return ""
    part = percent(share)
    if services is None:
        return f"The work is counted for {part} of the services, the share of gRPC in the traffic."
    some, services_in_scope = f"{round(services * share):,}", counted(services, "service")
    return f"The work is counted for {some} of {services_in_scope}: {part}, the share of gRPC in the traffic."


def at_odds(case: Case) -> str:
    """Two answers of which the engine takes the second: the smallest way to encrypt failed, and the CNI can encrypt."""
    outcome = outcome_of(case, "encryption_between_nodes")
    if outcome not in {Outcome.CANNOT, Outcome.NOT_ENOUGH} or case.context.cni_can_encrypt != "yes":
        return ""
    return (
        "The smallest fix for encryption between nodes is said to have failed, and the CNI is said to be able to "
        "encrypt. This answer takes it that something else failed, such as the provider's encryption. If it was the "
        "CNI's, answer that the CNI cannot encrypt, and the answer becomes another one."
    )


def _works_elsewhere(case: Case, sheet: AddOnSheet, requirement: str) -> bool:
    """Whether the same measure is the simplest fix of another requirement, and works there for as much as is asked."""
    simplest = (one for one in sheet.meets if sheet.id in BY_ID[one].tried)
    return any(outcome_of(case, one) == Outcome.WORKS and covers(case, one, requirement) for one in simplest)


def _impossible(case: Case, sheet: AddOnSheet, outcome: str) -> str:
    """Why a measure nobody tried for this requirement cannot be done: as the simplest fix of another, it could not.

    That it was not enough there says nothing here; that the services cannot be changed does.
    """
    if outcome == Outcome.WORKS or sheet.touches != "services":
        return ""
    simplest = (one for one in sheet.meets if sheet.id in BY_ID[one].tried)
    elsewhere = next((one for one in simplest if outcome_of(case, one) == Outcome.CANNOT), "")
    if not elsewhere:
        return ""
    note = (case.answer(elsewhere).simplest_fix.note or "").rstrip(".")
    because = f"it cannot be done here for {BY_ID[elsewhere].noun} either"
    return f"{because}: {note}" if note else because


def _unfit(case: Case, sheet: AddOnSheet) -> str:
    """Why the add-on does not count here whatever a trial says: a threat it cannot stop, a condition not met."""
    if sheet.not_allowed:
        return f"it is not allowed here: {sheet.not_allowed.strip().rstrip('.')}"
    for threat in sheet.defeated_by:
        if threat in (case.context.threats or ()):
            return f"it does not protect against {THREATS.get(threat, threat)}"
    for path, wanted in sheet.needs.items():
        if (found := get(case, path)) != wanted:
            reasons = NOWHERE if found == "not_applicable" else NEEDS
            return reasons.get(path, f"{path} would have to be {wanted}")
    for path, value in sheet.unless.items():
        if _plainly(get(case, path)) == value:
            return UNLESS.get(path, f"{path} is {value}")
    if not sheet.validated and "fips_cryptography" in weigh(case).musts:
        return "its cryptography is not known to be FIPS-validated, which is a must-have"
    return ""


def _left_open(case: Case, sheet: AddOnSheet, requirement: str) -> str:
    """What of the traffic a measure in the services leaves in clear text: TLS carries no datagrams."""
    udp = case.baseline.udp_share or 0.0
    if requirement != "encryption_between_nodes" or sheet.touches != "services" or udp <= LITTLE_UDP:
        return ""
    if outcome_of(case, requirement) == Outcome.WORKS:
        return ""
    return f"TLS carries no UDP: {percent(udp)} of the traffic would stay in clear text"


def _plainly(value: object) -> str:
    """An answer as sheets write it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _implausible(case: Case, sheet: AddOnSheet, requirement: str, today: str) -> str:
    """Why the add-on is too much work to be a small fix here: planning values of the sheet against the counts.

    `today` is the day of the catalogue: the advice knows no clock, so that it can be made again.
    """
    services = affected_services(case, requirement)
    if sheet.max_services:
        if services is None:
            return UNCOUNTED
        if services > sheet.max_services:
            return f"{services} services are too many to change one by one (planning value {sheet.max_services})"
    # A few services have no more languages, and no more teams, than there are services.
    languages, teams = (
        min(count or 0, services or math.inf) for count in (case.context.languages, case.context.application_teams)
    )
    if sheet.max_languages and languages > sheet.max_languages:
        return f"{languages} languages would each need it (planning value {sheet.max_languages})"
    if sheet.max_teams and teams > sheet.max_teams:
        return f"{teams} teams would each have to do it (planning value {sheet.max_teams})"
    months = months_left(case, today)
    # What is set beside a service, such as a route, comes with its releases and waits for no change of its code.
    changes_code = sheet.touches == "services" and bool(sheet.max_languages)
    if changes_code and months is not None and months <= SHORT_MONTHS and (services or 0) > 20:
        return f"{services} services would have to change in {counted(as_shown(months), 'month')}"
    return ""


def _too_much(case: Case, sheet: AddOnSheet, requirement: str, today: str) -> str:
    """Why it is too much work: by the days that the team named, which are priced as well, else by planning values."""
    services = affected_services(case, requirement)
    if services is None or sheet.touches != "services" or case.context.fix_days_per_service is None:
        return _implausible(case, sheet, requirement, today)
    return _too_long(case, services, months_left(case, today))


def _too_long(case: Case, services: int, months: float | None) -> str:
    """Whether the days that the team named are more than a small fix, or than the time that is left."""
    days, teams = services * (case.context.fix_days_per_service or 0.0), max(1, case.context.application_teams or 1)
    work = f"{counted(days, 'day')} of work in {counted(services, 'service')}"
    if months is not None and days > teams * months * WORKDAYS_A_MONTH:
        return f"{work} would not be done in {counted(as_shown(months), 'month')}"
    if days > teams * SMALL_DAYS:
        return f"{work} are no small fix (planning value {SMALL_DAYS} a team)"
    return ""


def affected_services(case: Case, requirement: str) -> int | None:
    """Services a fix of this requirement would touch: the named scope, else all; None when not known."""
    scope = scope_of(case, requirement)
    services, namespaces = case.baseline.services, case.baseline.namespaces
    if scope.services is not None:
        return scope.services
    if scope.namespaces is not None and services and namespaces:
        return max(1, round(services * min(1.0, scope.namespaces / namespaces)))
    return services


def months_left(case: Case, today: str) -> float | None:
    """The months that the deadline leaves, a day counted from `today` (ISO 8601); None where none is read."""
    deadline = read_deadline(case.context.deadline)
    return deadline.months_from(date.fromisoformat(today)) if deadline else None


WORKDAYS_A_MONTH = 20
SMALL_DAYS = 60
"""Planning value: what takes every team longer than a quarter of a year is a project and no small fix."""
THREATS = {
    "network": "someone on the network",
    "compromised_pod": "a hacked pod",
    "compromised_node": "a hacked node",
    "provider_staff": "the provider's staff, who hold the keys",
    "own_mistakes": "mistakes of our own teams",
}
UNCOUNTED = "the number of services is not known"
UNPROVIDED = "there is no provider who could encrypt"
NEEDS = {
    "context.cloud_encryption_accepted": "the provider's encryption has not been accepted as evidence",
    "context.cni_can_encrypt": "nobody has said that the CNI in use can encrypt",
}
NOWHERE = {"context.cloud_encryption_accepted": UNPROVIDED}
"""Where the answer was that there is no such thing here."""
UNLESS = {
    "baseline.bare_metal": "the nodes are machines of your own, which no provider encrypts",
    "baseline.providers": UNPROVIDED,
}
