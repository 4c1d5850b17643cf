"""Every product with the best add-ons for one case: the search for compositions."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import product as combinations

from decisions.advisor import burden
from decisions.advisor.case import Case, Outcome
from decisions.advisor.catalog import Catalog, Product
from decisions.advisor.composition import Composition
from decisions.advisor.fit import Fit, Grade, fit, met_today, what_fit_reads
from decisions.advisor.measures import Measure, goes_with, measures_for
from decisions.advisor.needs import Needs, weigh
from decisions.advisor.once import once
from decisions.advisor.order import best_of_product
from decisions.advisor.overhead import coefficients, estate
from decisions.advisor.overhead.estimate import added_to, depends_on
from decisions.advisor.present import present_mesh
from decisions.advisor.quantities import Range
from decisions.advisor.reckoning import RANGES
from decisions.advisor.recommendation import Approach, Overhead
from decisions.advisor.requirements import BY_ID
from decisions.advisor.scope import reached
from decisions.advisor.setting import Setting, in_how_many, joined, meshed_pods, runs_on
from decisions.advisor.sizes import Sizes
from decisions.advisor.spread import exactly

ENCRYPTION = frozenset({"encryption_between_nodes", "encryption_same_node", "fips_cryptography"})
"""The requirements that encryption in the CNI may carry; everything else a CNI has, it has without it."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What was worked out so far, by all it depends on; shared by runs on cases that differ in single answers."""

    estimates: dict[tuple[object, ...], Overhead] = field(default_factory=dict)
    estates: dict[tuple[object, ...], estate.Estate[Range]] = field(default_factory=dict)
    fits: dict[tuple[object, ...], Fit] = field(default_factory=dict)


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
    def sizes(self) -> Sizes[Range]:
        """The counts that costs grow with."""
        return Sizes(self.case, self.catalog, RANGES)

    @once
    def outside(self) -> tuple[object, ...]:
        """What of the case a fit depends on."""
        return what_fit_reads(self.case)

    @once
    def projected_from(self) -> tuple[object, ...]:
        """What of the case a projection depends on."""
        return depends_on(self.case)

    def compose(self) -> Iterator[Composition]:
        """The best composition of every product."""
        for one in self.catalog.products.values():
            yield self._composition(one)

    def _composition(self, product: Product) -> Composition:
        """The product with the add-ons that make it come first, by the same order as everything else.

        Exact: all combinations of add-ons for what the product leaves open or strained are compared. What the product
        meets is not bought twice. A must has at most three add-ons, so there are few.
        """
        fits = {one: self.fit(product, one) for one in (*self.needs.musts, *self.needs.nice)}
        chosen = [tuple(one for one in row if one) for row in combinations(*self.choices(product, fits))]
        return best_of_product([self.composed(product, fits, one) for one in chosen])

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
            project=lambda: self.overhead(product, fits, closed),
            account=lambda setting: burden.costs(setting, self.sizes),
            displaced=self.displaced,
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
        if because := met_today(BY_ID[requirement], self.case):
            return Fit(grade=Grade.MET, because=because)
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

    def choices(self, product: Product, fits: dict[str, Fit]) -> Iterator[tuple[Measure | None, ...]]:
        """For each must that the product does not meet well, the add-ons that could; None leaves it as it is."""
        for must in self.needs.musts:
            usable = [one for one in self.measures[must] if one.usable]
            if found := choices_for(product, fits[must], usable):
                yield found

    def overhead(self, product: Product, fits: dict[str, Fit], closed: Set[str]) -> Overhead:
        """What the product would use for the musts that no add-on closes."""
        namespaces = reached(self.case, l7_of(self.needs, fits, closed))
        projected = product.projected_as or product.id
        key = (projected, namespaces, self.projected_from)
        if key not in self.memory.estimates:
            self.memory.estimates[key] = added_to(self._estate(namespaces), projected)
        return self._as_reserved(product, self.memory.estimates[key])

    def displaced(self) -> Overhead | None:
        """What the mesh of today adds to the path, by projection."""
        product = self.catalog.products.get(present_mesh(self.case.context.current))
        if product is None:
            return None
        return self.overhead(product, {}, frozenset(self.needs.musts))

    def _estate(self, namespaces: int | None) -> estate.Estate[Range]:
        key = (namespaces, self.projected_from)
        if key not in self.memory.estates:
            assume = coefficients.load().assume
            self.memory.estates[key] = estate.read(self.case, assume, namespaces_in_scope=namespaces)
        return self.memory.estates[key]

    def _as_reserved(self, product: Product, projected: Overhead) -> Overhead:
        """For the mesh that runs today, what its sidecars reserve is known; that is better than any projection."""
        known = reserved(self.case)
        if known is None or known.product != product.id:
            return projected
        for_all = "" if joined(self.case) == 1.0 else f", reckoned from {in_how_many(self.case)} to all that join"
        return replace(
            projected,
            cpu_vcpu=exactly(known.cpu_vcpu),
            memory_gib=exactly(known.memory_gib),
            basis=f"{projected.basis}; CPU and memory as today's sidecars reserve them{for_all}",
        )


@dataclass(frozen=True, kw_only=True)
class Reserved:
    """What the sidecars of the mesh that runs today reserve, or would where only a part of the pods have one."""

    product: str
    cpu_vcpu: float
    memory_gib: float


def reserved(case: Case) -> Reserved | None:
    """What today's sidecars reserve; None where no mesh runs or nobody has counted."""
    cpu, memory = case.baseline.sidecar_reserved_cpu_vcpu, case.baseline.sidecar_reserved_memory_gib
    present = present_mesh(case.context.current)
    if not present or not cpu or not memory:
        return None
    there, pods = case.baseline.sidecars, meshed_pods(case)
    # In a part of the pods, those that would get a proxy take as much each as those that have one. What runs stays, so
    # that a scope smaller than that takes no less than today.
    times = max(1.0, pods / there) if joined(case) < 1.0 and there and pods else 1.0
    return Reserved(product=present, cpu_vcpu=cpu * times, memory_gib=memory * times)


def choices_for(product: Product, fit: Fit, usable: Sequence[Measure]) -> tuple[Measure | None, ...]:
    """The add-ons that could close a must the product meets like this; None leaves it as it is. Empty: no choice."""
    if fit.grade is Grade.MET:
        wider = tuple(one for one in usable if one.spares and goes_with(one.sheet, product))
        return (*wider, None) if wider else ()
    found = [one for one in usable if goes_with(one.sheet, product)]
    if fit.grade is Grade.STRAINED:
        # What runs beside a product closes what it leaves open; a small gap is said, not closed twice over, unless
        # what closes it works here already.
        found = [one for one in found if not one.sheet.exclusive_to or one.outcome == Outcome.WORKS]
    if not found:
        return ()
    return tuple(found) if fit.grade is Grade.MISSED else (*found, None)


def l7_of(needs: Needs, fits: Mapping[str, Fit], closed: Set[str]) -> tuple[str, ...]:
    """The musts for which the product itself has to read requests."""
    return tuple(
        must
        for must in needs.musts
        if BY_ID[must].needs_l7 and must not in closed and fits[must].grade is not Grade.MISSED
    )


def _trial_failed(case: Case, requirement: str) -> bool:
    return case.answer(requirement).simplest_fix.outcome in {Outcome.NOT_ENOUGH, Outcome.CANNOT}
