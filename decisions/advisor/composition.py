"""One composition, judged: a product in its mode plus the add-ons that close what it leaves open."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from decisions.advisor import burden
from decisions.advisor.case import Outcome
from decisions.advisor.catalog import Product
from decisions.advisor.fit import Fit, Grade
from decisions.advisor.measures import Measure, goes_with
from decisions.advisor.once import once
from decisions.advisor.order import infeasibility, precedence, priced
from decisions.advisor.present import present_mesh
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Approach, Cost, Reason, Status, Verdict
from decisions.advisor.requirements import BY_ID
from decisions.advisor.rules import Weight, blocks, speak, strains, weigh
from decisions.advisor.setting import Finding, Setting


@dataclass(frozen=True, kw_only=True)
class Composition:
    """A composition under judgement; what it weighs, costs and says is worked out when it is asked for.

    `measures` are the add-ons considered for each must, usable or not.
    """

    setting: Setting
    measures: dict[str, tuple[Measure, ...]] = field(repr=False)

    @once
    def straining(self) -> tuple[Finding, ...]:
        """What strains it or waits for an upgrade, limits aside."""
        return strains(self.setting)

    @property
    def upgrades(self) -> tuple[str, ...]:
        """What of the platform has to be upgraded before it can be used."""
        return tuple(one.upgrade for one in self.straining if one.upgrade)

    @once
    def weight(self) -> Weight:
        """What stands against it beside open musts and blocks."""
        return weigh(self.setting, self.straining)

    @once
    def blocks(self) -> int:
        """How many rules rule it out, open musts aside."""
        return blocks(self.setting)

    @once
    def open(self) -> int:
        """What is left open, the least first: musts nothing meets, and blocks, which weigh as two.

        What the organisation does not allow comes after what leaves every must open.
        """
        setting = self.setting
        forbidden = len(setting.needs.musts) + 1 if setting.product.not_allowed else 0
        return len(setting.unmet) + 2 * self.blocks + forbidden

    @once
    def pressed(self) -> int:
        """How many musts are met under strain, by the catalogue or by a rule; limits aside."""
        return sum(one.strains for one in self.straining) + self._strained_fits

    @once
    def strains(self) -> int:
        """How many musts are met under strain or limits are broken."""
        return self.weight.strains + self._strained_fits

    @property
    def _strained_fits(self) -> int:
        setting = self.setting
        return sum(setting.fits[must].grade is Grade.STRAINED for must in setting.carried)

    @property
    def costs(self) -> tuple[Cost, ...]:
        """Hours a month, term by term."""
        return self.setting.costs

    @once
    def hours(self) -> Range:
        """Hours a month."""
        return burden.hours(self.costs)

    @once
    def money(self) -> Range:
        """Money a month: hours, CPU and memory at their prices."""
        return burden.money(self.setting)

    @once
    def reasons(self) -> tuple[Reason, ...]:
        """Everything that speaks for and against it, the requirements first."""
        return (*_requirements(self), *speak(self.setting))

    def waiting(self, must: str) -> tuple[Measure, ...]:
        """The small measures that could close a must here, and wait for an answer."""
        product = self.setting.product
        return tuple(one for one in self.measures[must] if one.waits and goes_with(one.sheet, product))

    @property
    def ruled_out(self) -> bool:
        """Whether a must stays open or the platform does not allow it."""
        return bool(self.setting.unmet or self.blocks)

    @property
    def status(self) -> Status:
        """Where it stands."""
        if self.ruled_out:
            return Status.RULED_OUT
        return Status.STRAINED if self.strains or self.upgrades else Status.FITS

    @once
    def feasibility(self) -> tuple[int, int, int]:
        """The first part of the order; see `infeasibility`."""
        return infeasibility(self.open, self.strains, self.weight.overshoot)

    @once
    def burden(self) -> float:
        """Hours a month, with CPU and memory turned into hours at the price of an hour."""
        return burden.likely_in_hours(self.setting, self.likely_hours)

    @once
    def likely_hours(self) -> float:
        """The likely hours a month."""
        return math.fsum(term.hours.likely for term in self.costs)

    @once
    def price(self) -> tuple[float, float, str]:
        """The order of what is equally feasible; see `priced`."""
        return priced(self.burden, self.setting.overhead.p99_ms.likely, self.setting.product)

    @property
    def key(self) -> tuple[object, ...]:
        """The order of approaches: feasibility, then the price."""
        return *self.feasibility, *self.price

    @property
    def product(self) -> Product:
        """The product."""
        return self.setting.product

    @property
    def approach(self) -> Approach:
        """The approach of the product."""
        return self.setting.approach

    @property
    def add_on_ids(self) -> list[str]:
        """The add-ons, to make the order total."""
        return [measure.sheet.id for measure in self.setting.add_ons]

    @property
    def precedence(self) -> int:
        """What decides between products whose hours are close; see `precedence`."""
        return precedence(self.setting.product, present_mesh(self.setting.case.context.current))


def _requirements(one: Composition) -> Iterator[Reason]:
    """A reason for each requirement: met, met under strain, met by an add-on, met today, or open."""
    setting = one.setting
    for must in setting.needs.musts:
        yield _must(one, must)
    for nice in setting.needs.nice:
        found, noun = setting.fits[nice], BY_ID[nice].noun
        if found.grade is not Grade.MISSED and not setting.keeps_back(nice):
            because = f"Also gives {noun}: {found.because}."
            if setting.takes_own(nice):
                because = f"Only a {_own(setting)} of your own gives {noun}: {found.because}."
            yield _reason("meets_nice_to_have", Verdict.FOR, nice, because, found)


def _own(setting: Setting) -> str:
    """The CNI that clusters would have of one's own, where the provider's does not give all that is carried."""
    return setting.product.constraints.cni[0].capitalize()


def _must(one: Composition, must: str) -> Reason:
    noun, found = BY_ID[must].noun, one.setting.fits[must]
    measure = next((measure for measure in one.setting.add_ons if measure.requirement == must), None)
    if measure:
        tried = "which works here" if measure.outcome == Outcome.WORKS else "to be tried first"
        if must == "audit_proof" or (measure.sheet.exclusive_to and measure.outcome != Outcome.WORKS):
            tried = "a task of the plan"
        because = f"A small measure meets {noun}, {tried}: {measure.sheet.title}."
        return Reason(
            rule="met_by_add_on",
            verdict=Verdict.FOR,
            because=because,
            requirement=must,
            sources=(measure.sheet.source,),
        )
    if found.grade is Grade.MISSED:
        return _reason("must_stays_open", Verdict.RULES_OUT, must, _open(one, must), found)
    if found.grade is Grade.STRAINED:
        because = f"Meets only with care {noun}: {found.because}."
        return _reason("must_is_strained", Verdict.AGAINST, must, because, found)
    because = f"Meets {noun}: {found.because}."
    if one.setting.takes_own(must):
        because = f"Only a {_own(one.setting)} of your own meets {noun}: {found.because}."
    return _reason("must_is_met", Verdict.FOR, must, because, found)


def _open(one: Composition, must: str) -> str:
    because = f"Leaves the must-have {BY_ID[must].noun} open: {one.setting.fits[must].because}."
    waiting = one.waiting(must)
    beside = [measure for measure in one.measures[must] if goes_with(measure.sheet, one.product)]
    tried = [measure for measure in beside if not measure.usable and measure not in waiting]
    may = f" The option stays out until a small measure is known to close it ({_listed(waiting)})." if waiting else ""
    no_other = f" No other small measure closes it ({_listed(tried)})."
    no = f" No small measure closes it ({_listed(tried)})."
    return because + may + ((no_other if waiting else no) if tried else "")


def _listed(measures: Iterable[Measure]) -> str:
    return "; ".join(f"{measure.sheet.title}: {measure.because}" for measure in measures)


def _reason(rule: str, verdict: Verdict, requirement: str, because: str, found: Fit) -> Reason:
    return Reason(rule=rule, verdict=verdict, because=because, requirement=requirement, sources=found.sources)
