"""Every product with the best add-ons for one case: the search for compositions."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product as combinations

from decisions.advisor import burden
from decisions.advisor.case import Case, Outcome
from decisions.advisor.catalog import AddOnSheet, Catalog, Product
from decisions.advisor.composition import Composition, leading
from decisions.advisor.fit import Fit, Grade, fit, met_today, what_fit_reads
from decisions.advisor.measures import Measure, measures_for
from decisions.advisor.needs import Needs, weigh
from decisions.advisor.once import once
from decisions.advisor.overhead import coefficients, estate
from decisions.advisor.overhead.estimate import added_to, depends_on
from decisions.advisor.overhead.spread import exactly
from decisions.advisor.present import present_mesh
from decisions.advisor.recommendation import Approach, Cost, Overhead
from decisions.advisor.requirements import BY_ID
from decisions.advisor.scope import namespaces_for
from decisions.advisor.setting import Setting, runs_on
from decisions.advisor.sizes import Sizes, counted, sizes

ENCRYPTION = frozenset({"encryption_between_nodes", "encryption_same_node", "fips_cryptography"})
"""The requirements that encryption in the CNI may carry; everything else a CNI has, it has without it."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What was worked out so far, by all it depends on; shared by runs on cases that differ in single answers."""

    estimates: dict[tuple[object, ...], Overhead] = field(default_factory=dict)
    estates: dict[tuple[object, ...], estate.Estate] = field(default_factory=dict)
    fits: dict[tuple[object, ...], Fit] = field(default_factory=dict)
    sizes: dict[tuple[object, ...], Sizes] = field(default_factory=dict)
    ledger: dict[tuple[object, ...], Cost | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Workbench:
    """One case under one catalogue, with what all products share worked out once."""

    case: Case
    catalog: Catalog
    memory: Memory

    @once
    def needs(self) -> Needs:
        """The requirements by weight."""
        return weigh(self.case)

    @once
    def measures(self) -> dict[str, tuple[Measure, ...]]:
        """For each must, every add-on that could meet it, judged."""
        return {must: tuple(measures_for(self.case, self.catalog, BY_ID[must])) for must in self.needs.musts}

    @once
    def outside(self) -> tuple[object, ...]:
        """What of the case a fit depends on."""
        return what_fit_reads(self.case)

    @once
    def projected_from(self) -> tuple[object, ...]:
        """What of the case a projection depends on."""
        return depends_on(self.case)

    @once
    def already(self) -> dict[str, str]:
        """Requirements met by what runs today, with the reason."""
        wanted = (*self.needs.musts, *self.needs.nice)
        found = {one: met_today(BY_ID[one], self.case) for one in wanted}
        return {one: because for one, because in found.items() if because}

    @once
    def sizes(self) -> Sizes:
        """The counts that costs grow with."""
        key = counted(self.case)
        if key not in self.memory.sizes:
            self.memory.sizes[key] = sizes(self.case, self.catalog)
        return self.memory.sizes[key]

    def compose(self) -> Iterator[Composition]:
        """The best composition of every product."""
        for one in self.catalog.products.values():
            yield self._composition(one)

    def contenders(self) -> Iterator[Composition]:
        """The compositions that can be the most feasible ones: what leaves more open than another is not composed."""
        drafts = sorted((self._left_open(one), place, one) for place, one in enumerate(self.catalog.products.values()))
        least = math.inf
        for open_musts, _, product in drafts:
            if open_musts > least:
                return
            found = self._composition(product)
            least = min(least, found.open)
            yield found

    def _left_open(self, product: Product) -> int:
        """How many musts neither the product nor an add-on meets."""
        return sum(
            self.fit(product, must).grade is Grade.MISSED
            and not any(one.usable and _goes_with(one.sheet, product) for one in self.measures[must])
            for must in self.needs.musts
        )

    def _composition(self, product: Product) -> Composition:
        """The product with the add-ons that make it come first, by the same order as everything else.

        Exact: all combinations of add-ons for what the product leaves open or strained are compared. What the product
        meets is not bought twice. A must has at most three add-ons, so there are few.
        """
        fits = {one: self.fit(product, one) for one in (*self.needs.musts, *self.needs.nice)}
        chosen = [tuple(one for one in row if one) for row in combinations(*self.choices(product, fits))]
        if len(chosen) == 1:
            return self.composed(product, fits, chosen[0])
        found = [self.composed(product, fits, one) for one in chosen]
        return min(leading(found), key=lambda one: (one.key, [m.sheet.id for m in one.setting.add_ons]))

    def composed(self, product: Product, fits: dict[str, Fit], add_ons: tuple[Measure, ...]) -> Composition:
        """One composition as it is, whether a good one or not."""
        closed = {measure.requirement for measure in add_ons}
        setting = Setting(
            case=self.case,
            catalog=self.catalog,
            needs=self.needs,
            product=product,
            fits=fits,
            add_ons=add_ons,
            unmet=tuple(m for m in self.needs.musts if fits[m].grade is Grade.MISSED and m not in closed),
            count=lambda: self.sizes,
            project=lambda: self._overhead(product, fits, closed),
            account=burden.costs,
            ledger=self.memory.ledger,
        )
        return Composition(setting=setting, measures=self.measures)

    @once
    def encrypting_here(self) -> tuple[Product, ...]:
        """The CNI in use, as the products that are its encryption."""
        cnis = (one for one in self.catalog.products.values() if one.approach is Approach.CNI_ENCRYPTION)
        return tuple(one for one in cnis if runs_on(one, self.case))

    def _own_fit(self, product: Product, requirement: str) -> Fit:
        key = (product.id, requirement, *self.outside)
        if key not in self.memory.fits:
            self.memory.fits[key] = fit(product, BY_ID[requirement], self.case)
        return self.memory.fits[key]

    def fit(self, product: Product, requirement: str) -> Fit:
        """How far the product meets a requirement here: itself, by what runs today, or by the CNI in use."""
        if requirement in self.already:
            return Fit(grade=Grade.MET, because=self.already[requirement])
        found = self._own_fit(product, requirement)
        if product.approach is Approach.NO_MESH or (
            product.approach is Approach.CNI_ENCRYPTION and requirement not in ENCRYPTION
        ):
            return self._of_the_cni(requirement, found)
        encrypting = requirement == "encryption_between_nodes" and product.approach is Approach.CNI_ENCRYPTION
        if encrypting and found.grade is Grade.MET and self._encryption_failed():
            because = "the simplest encryption was tried or judged here and is not enough"
            return Fit(grade=Grade.STRAINED, because=because, sources=found.sources)
        return found

    def _of_the_cni(self, requirement: str, found: Fit) -> Fit:
        """What is met without a mesh: by what the CNI in use has anyway, else by an add-on or not at all.

        Half a capability is no fix, encryption of the CNI is an approach of its own, and policies are an add-on because
        somebody has to write them.
        """
        if requirement not in {*ENCRYPTION, "network_segmentation"} and not _trial_failed(self.case, requirement):
            for product in self.encrypting_here:
                own = self._own_fit(product, requirement)
                if own.grade is Grade.MET and BY_ID[requirement].capabilities:
                    because = f"the CNI you run has it ({own.because})"
                    return Fit(grade=Grade.MET, because=because, sources=own.sources)
        return Fit(grade=Grade.MISSED, because=found.because, sources=found.sources)

    def _encryption_failed(self) -> bool:
        """Whether the trial speaks against the CNI too: it failed, and nobody says that the CNI can encrypt."""
        failed = _trial_failed(self.case, "encryption_between_nodes")
        return failed and self.case.context.cni_can_encrypt != "yes"

    def choices(self, product: Product, fits: dict[str, Fit]) -> Iterator[list[Measure | None]]:
        """For each must that the product does not meet well, the add-ons that could; None leaves it as it is."""
        for must in self.needs.musts:
            if fits[must].grade is Grade.MET:
                continue
            usable = [one for one in self.measures[must] if one.usable and _goes_with(one.sheet, product)]
            if fits[must].grade is Grade.STRAINED:
                # What runs beside a product closes what it leaves open; a small gap is said, not closed twice over.
                usable = [one for one in usable if not one.sheet.exclusive_to]
            if usable:
                yield [*usable] if fits[must].grade is Grade.MISSED else [*usable, None]

    def _overhead(self, product: Product, fits: dict[str, Fit], closed: set[str]) -> Overhead:
        l7 = tuple(
            must
            for must in self.needs.musts
            if BY_ID[must].needs_l7 and must not in closed and fits[must].grade is not Grade.MISSED
        )
        namespaces = namespaces_for(self.case, l7)
        projected = product.projected_as or product.id
        key = (projected, namespaces, self.projected_from)
        if key not in self.memory.estimates:
            self.memory.estimates[key] = added_to(self._estate(namespaces), projected)
        return self._as_reserved(product, self.memory.estimates[key])

    def _estate(self, namespaces: int | None) -> estate.Estate:
        key = (namespaces, self.projected_from)
        if key not in self.memory.estates:
            assume = coefficients.load().assume
            self.memory.estates[key] = estate.read(self.case, assume, namespaces_in_scope=namespaces)
        return self.memory.estates[key]

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


def _trial_failed(case: Case, requirement: str) -> bool:
    return case.answer(requirement).simplest_fix.outcome in {Outcome.NOT_ENOUGH, Outcome.CANNOT}


def _goes_with(sheet: AddOnSheet, product: Product) -> bool:
    return not sheet.exclusive_to or product.id in sheet.exclusive_to
