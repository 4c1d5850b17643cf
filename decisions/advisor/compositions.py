"""Compositions: a product in its mode plus the add-ons that close what it leaves open, judged as a whole."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product as combinations

from decisions.advisor import burden
from decisions.advisor.case import Case, Outcome
from decisions.advisor.catalog import AddOnSheet, Catalog, Level, Product
from decisions.advisor.fit import Fit, Grade, fit, met_today
from decisions.advisor.measures import Measure, measures_for
from decisions.advisor.needs import Needs
from decisions.advisor.overhead import estimate
from decisions.advisor.overhead.spread import exactly
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Approach, Cost, Overhead, Reason, Status, Verdict
from decisions.advisor.requirements import BY_ID
from decisions.advisor.rules import judge
from decisions.advisor.rules.platform import present_mesh
from decisions.advisor.scope import namespaces_for
from decisions.advisor.setting import Setting

CLOSE = 1.25
"""Planning value: hours less than a quarter apart are the same for all that planning values can tell."""

Estimates = dict[tuple[object, ...], Overhead]
"""Projections made so far, by what they depend on; shared between the runs of one set of flips."""


@dataclass(frozen=True, kw_only=True)
class Composition:
    """One judged composition."""

    setting: Setting
    reasons: tuple[Reason, ...]
    strains: int
    """How many musts are met under strain or limits are broken."""
    overshoot: float
    """By how much limits are broken together, as a sum of logarithms."""
    costs: tuple[Cost, ...]
    hours: Range
    money: Range

    @property
    def ruled_out(self) -> bool:
        """Whether a must stays open or the platform does not allow it."""
        return bool(self.setting.unmet) or any(one.verdict is Verdict.RULES_OUT for one in self.reasons)

    @property
    def status(self) -> Status:
        """Where it stands."""
        if self.ruled_out:
            return Status.RULED_OUT
        return Status.STRAINED if self.strains else Status.FITS

    @property
    def burden(self) -> float:
        """Hours a month, with CPU and memory turned into hours at the price of an hour."""
        return self.money.likely / burden.hourly_cost(self.setting).likely

    @property
    def key(self) -> tuple[object, ...]:
        """The order of approaches: feasible first, then fewest strains, then limits least broken, then least burden.

        An overshoot counts in whole powers of e, since projections are no sharper. The id makes the order total; the
        order of sheets plays no part.
        """
        setting = self.setting
        blocked = [one for one in self.reasons if one.verdict is Verdict.RULES_OUT and not one.requirement]
        return (
            len(setting.unmet) + 2 * len(blocked),
            self.strains,
            math.floor(self.overshoot + 0.5),
            round(self.burden, 2),
            round(setting.overhead.p99_ms.likely, 4),
            setting.product.id,
        )

    @property
    def maturity(self) -> int:
        """How many of two facts the project has in full: CNCF maturity, and stable artefacts under an open licence."""
        facts = self.setting.product.facts
        return sum(facts[name].value is Level.FULL for name in ("cncf_maturity", "licence_cost"))


def best_of(candidates: Sequence[Composition]) -> Composition:
    """The composition that stands for its approach.

    Feasibility and strains decide first, then burden. Where the hours of two products are within a quarter, which is
    the same for all that planning values can tell, the maturity of the project decides, and burden after it: the
    published resource figures of single products differ more between sources than between products.
    """
    least = min(candidates, key=lambda one: one.key)
    close = [
        one for one in candidates if one.key[:3] == least.key[:3] and one.hours.likely <= least.hours.likely * CLOSE
    ]
    return min(close, key=lambda one: (-one.maturity, one.key))


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """One case under one catalogue, with what all products share worked out once."""

    case: Case
    catalog: Catalog
    needs: Needs
    estimates: Estimates = field(default_factory=dict)

    @cached_property
    def measures(self) -> dict[str, tuple[Measure, ...]]:
        """For each must, every add-on that could meet it, judged."""
        return {must: tuple(measures_for(self.case, self.catalog, BY_ID[must])) for must in self.needs.musts}

    @cached_property
    def wanted(self) -> frozenset[str]:
        """Requirements that decide which features are switched on, and so what is projected."""
        return frozenset((*self.needs.musts, *self.needs.nice))

    @cached_property
    def already(self) -> dict[str, str]:
        """Requirements met by what runs today, with the reason."""
        wanted = (*self.needs.musts, *self.needs.nice)
        found = {one: met_today(BY_ID[one], self.case) for one in wanted}
        return {one: because for one, because in found.items() if because}

    def compose(self) -> Iterator[Composition]:
        """The best composition of every product."""
        for one in self.catalog.products.values():
            yield self._composition(one)

    def _composition(self, product: Product) -> Composition:
        fits = {one: self._fit(product, one) for one in (*self.needs.musts, *self.needs.nice)}
        add_ons = self._choose(product, fits)
        closed = {measure.requirement for measure in add_ons}
        unmet = tuple(must for must in self.needs.musts if fits[must].grade is Grade.MISSED and must not in closed)
        setting = Setting(
            case=self.case,
            catalog=self.catalog,
            needs=self.needs,
            product=product,
            fits=fits,
            add_ons=add_ons,
            unmet=unmet,
            overhead=self._overhead(product, fits, closed),
        )
        return self._judged(setting)

    def _judged(self, setting: Setting) -> Composition:
        found = judge(setting)
        pressed = sum(setting.fits[must].grade is Grade.STRAINED for must in setting.carried)
        costs = burden.costs(setting)
        hours = burden.hours(costs)
        return Composition(
            setting=setting,
            reasons=(*self._met(setting), *found.reasons),
            strains=found.strains + pressed,
            overshoot=found.overshoot,
            costs=costs,
            hours=hours,
            money=burden.money(setting, hours),
        )

    def _fit(self, product: Product, requirement: str) -> Fit:
        if requirement in self.already:
            return Fit(grade=Grade.MET, because=self.already[requirement])
        found = fit(product, BY_ID[requirement], self.case)
        failed = _trial_failed(self.case, requirement)
        if product.approach is Approach.NO_MESH and found.grade is not Grade.MISSED:
            # Without a product, a requirement is met by an add-on or not at all: half a capability is no fix.
            return Fit(grade=Grade.MISSED, because=found.because, sources=found.sources)
        doubtful = failed and self.case.context.cni_can_encrypt != "yes" and found.grade is Grade.MET
        if doubtful and requirement == "encryption_between_nodes" and product.approach is Approach.CNI_ENCRYPTION:
            because = "the simplest encryption was tried or judged here and is not enough"
            return Fit(grade=Grade.STRAINED, because=because, sources=found.sources)
        return found

    def _choose(self, product: Product, fits: dict[str, Fit]) -> tuple[Measure, ...]:
        """The cheapest set of add-ons that closes every open must; strained musts are relieved where that is possible.

        Exact: all combinations are compared by musts left open, musts left strained, then hours. A must has at most
        three add-ons, so there are few.
        """
        choices: list[list[Measure | None]] = []
        for must in self.needs.musts:
            if fits[must].grade is Grade.MET:
                continue
            usable = [one for one in self.measures[must] if one.usable and _goes_with(one.sheet, product)]
            if usable:
                choices.append([*usable] if fits[must].grade is Grade.MISSED else [*usable, None])
        best: tuple[Measure, ...] = ()
        lightest: tuple[float, float] | None = None
        for chosen in combinations(*choices):
            picked = tuple(one for one in chosen if one is not None)
            weight = (
                float(chosen.count(None)),
                sum(self._effort(one) for one in {m.sheet.id: m for m in picked}.values()),
            )
            if lightest is None or weight < lightest:
                best, lightest = picked, weight
        return best

    def _effort(self, measure: Measure) -> float:
        """A quick weight for choosing between add-ons; the full hours are worked out for the chosen ones."""
        from_trial = 0.0 if measure.outcome == Outcome.WORKS else measure.sheet.hours_per_service.likely
        return measure.sheet.hours_per_month.likely + from_trial

    def _overhead(self, product: Product, fits: dict[str, Fit], closed: set[str]) -> Overhead:
        l7 = tuple(
            must
            for must in self.needs.musts
            if BY_ID[must].needs_l7 and must not in closed and fits[must].grade is not Grade.MISSED
        )
        namespaces = namespaces_for(self.case, l7)
        key = (product.id, self.case.baseline, namespaces, self.wanted)
        if key not in self.estimates:
            self.estimates[key] = estimate(product.id, self.case, namespaces_in_scope=namespaces)
        return self._as_reserved(product, self.estimates[key])

    def _as_reserved(self, product: Product, projected: Overhead) -> Overhead:
        """For the mesh that runs today, what its sidecars reserve is known; that is better than any projection."""
        baseline = self.case.baseline
        cpu, memory = baseline.sidecar_reserved_cpu_vcpu, baseline.sidecar_reserved_memory_gib
        if present_mesh(self.case.context.current) != product.id or cpu is None or memory is None:
            return projected
        return replace(
            projected,
            cpu_vcpu=exactly(cpu),
            memory_gib=exactly(memory),
            basis=f"{projected.basis}; CPU and memory as today's sidecars reserve them",
        )

    def _met(self, setting: Setting) -> Iterator[Reason]:
        """A reason for each requirement: met, met under strain, met by an add-on, met today, or open."""
        for must in self.needs.musts:
            yield self._must_reason(setting, must)
        for nice in self.needs.nice:
            found = setting.fits[nice]
            if found.grade is not Grade.MISSED:
                yield Reason(
                    rule="meets_nice_to_have",
                    verdict=Verdict.FOR,
                    because=f"Also gives {BY_ID[nice].noun}: {found.because}.",
                    requirement=nice,
                    sources=found.sources,
                )

    def _must_reason(self, setting: Setting, must: str) -> Reason:
        noun, found = BY_ID[must].noun, setting.fits[must]
        measure = next((one for one in setting.add_ons if one.requirement == must), None)
        if measure:
            tried = "which works here" if measure.outcome == Outcome.WORKS else "to be tried first"
            because = f"{noun.capitalize()} is met by a small measure, {tried}: {measure.sheet.title}."
            return Reason(
                rule="met_by_add_on",
                verdict=Verdict.FOR,
                because=because,
                requirement=must,
                sources=(measure.sheet.source,),
            )
        if found.grade is Grade.MISSED:
            return Reason(
                rule="must_stays_open",
                verdict=Verdict.RULES_OUT,
                because=self._open(must, found),
                requirement=must,
                sources=found.sources,
            )
        met = found.grade is Grade.MET
        return Reason(
            rule="must_is_met" if met else "must_is_strained",
            verdict=Verdict.FOR if met else Verdict.AGAINST,
            because=f"{'Meets' if met else 'Meets only with care'} {noun}: {found.because}.",
            requirement=must,
            sources=found.sources,
        )

    def _open(self, must: str, found: Fit) -> str:
        because = f"Leaves the must-have {BY_ID[must].noun} open: {found.because}."
        tried = [f"{one.sheet.title}: {one.because}" for one in self.measures[must] if not one.usable]
        return because + (f" No small measure closes it ({'; '.join(tried)})." if tried else "")


def _trial_failed(case: Case, requirement: str) -> bool:
    return case.answer(requirement).simplest_fix.outcome in {Outcome.NOT_ENOUGH, Outcome.CANNOT}


def _goes_with(sheet: AddOnSheet, product: Product) -> bool:
    return not sheet.exclusive_to or product.id in sheet.exclusive_to
