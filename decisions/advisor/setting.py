"""What a rule sees: one product with its add-ons, in one case."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog, Level, Offer, Product
from decisions.advisor.clouds import cni_in_use, provider_of_cni
from decisions.advisor.fit import Fit, met_today
from decisions.advisor.measures import Measure
from decisions.advisor.needs import Needs
from decisions.advisor.once import once
from decisions.advisor.present import SIDECARS, present_mesh
from decisions.advisor.quantities import Range, counted
from decisions.advisor.recommendation import Approach, Cost, Overhead, Source, Verdict
from decisions.advisor.requirements import BY_ID
from decisions.advisor.scope import share_in_scope
from decisions.advisor.versions import older, version

MESHES = frozenset({Approach.EBPF_MESH, Approach.AMBIENT_MESH, Approach.SIDECAR_MESH})


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a rule found: a verdict with its sentence.

    `strains`: a must is met but not well, or a limit is likely broken. `overshoot`: by how much a limit is broken, as
    the natural logarithm of projection over limit; 0 when none is. `breaks`: the likely projection is above a limit.
    """

    verdict: Verdict
    because: str
    requirement: str = ""
    sources: tuple[Source, ...] = ()
    strains: bool = False
    overshoot: float = 0.0
    breaks: bool = False
    upgrade: str = ""
    """What of the platform has to be upgraded first, as the object of a sentence; empty when nothing has.

    It is work done once, so it counts in hours and not as a must met badly; until it is done the option does not fit.
    """


@dataclass(frozen=True, kw_only=True)
class Setting:
    """One composition under judgement, with everything a rule may look at."""

    case: Case
    catalog: Catalog
    needs: Needs
    product: Product
    fits: dict[str, Fit]
    """Requirement id -> how far the product itself meets it, for musts and nice-to-haves."""
    add_ons: tuple[Measure, ...]
    unmet: tuple[str, ...]
    """Musts that neither the product nor an add-on meets."""
    project: Callable[[], Overhead] = field(repr=False, compare=False)
    account: Callable[["Setting"], tuple[Cost, ...]] = field(repr=False, compare=False)
    """Works out the hours a month, term by term."""
    displaced: Callable[[], Overhead | None] = field(default=lambda: None, repr=False, compare=False)
    """Projects what the mesh that runs today adds to the path, which was measured with it; None: there is none."""

    @once
    def overhead(self) -> Overhead:
        """What it would use; projected when somebody asks, since most hypothetical cases are judged without."""
        return self.project()

    @once
    def added(self) -> Overhead:
        """The same as milliseconds on top of today.

        The path that was measured has the proxies of a mesh that runs today in it: that mesh adds nothing, and another
        option takes their place. A band over the path as it was measured would count them twice, so there is none.
        """
        own, today = self.overhead, self.displaced()
        if today is None:
            return own
        present = self.catalog.products[present_mesh(self.case.context.current)]
        runs, part = present.id == self.product.id, joined(self.case)
        p50_ms, p99_ms = (
            _beyond(*one, part, same=runs) for one in ((own.p50_ms, today.p50_ms), (own.p99_ms, today.p99_ms))
        )
        if part < 1.0:
            words = (
                f"{in_how_many(self.case)} have a proxy of {present.title} today, so that it is open how many of them "
                "are in the path that was measured: milliseconds go from all of them to none"
            )
        elif runs:
            words = "its proxies are in the path that was measured, so that it adds no milliseconds"
        else:
            words = f"milliseconds are those beyond {present.title}, whose proxies are in the path that was measured"
        basis = f"{own.basis}; {words}"
        return replace(own, p50_ms=p50_ms, p99_ms=p99_ms, path=None, basis=basis, in_path=present.title)

    @once
    def costs(self) -> tuple[Cost, ...]:
        """Hours a month, term by term."""
        return self.account(self)

    @property
    def approach(self) -> Approach:
        """The approach of the product."""
        return self.product.approach

    @property
    def is_mesh(self) -> bool:
        """Whether identity and policy follow the workload."""
        return self.approach in MESHES

    @once
    def carried(self) -> tuple[str, ...]:
        """The musts the product itself carries, that is, without those an add-on meets."""
        fixed = {measure.requirement for measure in self.add_ons}
        return tuple(must for must in self.needs.musts if must not in fixed and must not in self.unmet)

    @once
    def l7_musts(self) -> tuple[str, ...]:
        """Supported must-haves that need a proxy which understands HTTP."""
        return tuple(must for must in self.needs.musts if BY_ID[must].needs_l7)

    @once
    def has_own_cni(self) -> bool | None:
        """Whether the product is part of the CNI that runs, and may be had of it; None when the CNI is not known."""
        if not self.product.constraints.cni:
            return True
        if not self.case.baseline.cni or self.stands_in:
            return None
        return runs_on(self.product, self.case) and not self.withheld(self.carried)

    @once
    def stands_in(self) -> bool:
        """Whether the product stands for the encryption of a CNI that can encrypt and has no sheet of its own.

        What such a CNI needs is a setting, as with those that have one; which is not known here.
        """
        asked = self.approach is Approach.CNI_ENCRYPTION and self.case.context.cni_can_encrypt == "yes"
        return bool(asked and self.case.baseline.cni) and not cni_encrypts(self.case, self.catalog)

    @property
    def offer(self) -> Offer | None:
        """What the provider who runs the CNI lets be had of the product; None where nothing is taken away."""
        return self.product.constraints.providers.get(provider_of_cni(self.case))

    def withheld(self, requirements: tuple[str, ...]) -> tuple[str, ...]:
        """Which of these the provider who runs the CNI does not let be had of the product, each alone or together.

        What is met today by something else is asked of no provider.
        """
        if (offer := self.offer) is None:
            return ()
        apart = offer.apart if set(offer.apart) <= set(requirements) else ()
        found = (one for one in requirements if one not in offer.meets or one in apart)
        return tuple(one for one in found if not met_today(BY_ID[one], self.case))

    def keeps_back(self, nice: str) -> bool:
        """Whether the provider withholds a nice-to-have, and no must brings clusters with a CNI of one's own."""
        return bool(self.has_own_cni) and nice in self.withheld((*self.carried, nice))

    def takes_own(self, requirement: str) -> bool:
        """Whether the requirement is met in clusters with a CNI of one's own alone, which a must of the case brings."""
        return bool(self.withheld(self.carried)) and bool(self.withheld((requirement,)))

    @property
    def run_by_provider(self) -> bool:
        """Whether the product is a part of the CNI that the provider runs, and answers for."""
        asked = bool(self.product.constraints.cni) and bool(provider_of_cni(self.case))
        return asked and bool(self.has_own_cni)

    def can(self, capability: str) -> bool:
        """Whether the catalogue says the product fully has a capability."""
        return self.product.facts[capability].value is Level.FULL


def _beyond(own: Range, today: Range, part: float, *, same: bool) -> Range:
    """What is added more than today, never less than nothing.

    `part` of the pods have a proxy of today's mesh: below 1 the path may have crossed none of them. `same`: it is the
    mesh that runs, so that what it adds and what it has added are one draw and no two.
    """
    low = 0.0 if same else own.low - today.high
    high = own.high if part < 1.0 else 0.0 if same else own.high - today.low
    return Range(low=max(0.0, low), likely=max(0.0, own.likely - part * today.likely), high=max(0.0, high))


def runs_on(product: Product, case: Case) -> bool:
    """Whether the product is part of a CNI, and that CNI is the one in use."""
    cni = cni_in_use(case)
    return any(name in cni for name in product.constraints.cni)


def cni_encrypts(case: Case, catalog: Catalog) -> bool:
    """Whether the CNI in use is one that the catalogue knows to encrypt between nodes."""
    known = (one for one in catalog.products.values() if one.approach is Approach.CNI_ENCRYPTION)
    return any(runs_on(one, case) for one in known)


def kernel_suffices(case: Case, product: Product) -> bool:
    """Whether the oldest node's kernel is known to be new enough, by its number or by a mark of back-ports."""
    have, limits = case.baseline.kernel_version, product.constraints
    backported = any(mark in (have or "").lower() for mark in limits.backports)
    return backported or (bool(version(have)) and not older(have, limits.min_kernel))


def nouns(requirements: tuple[str, ...]) -> str:
    """Requirement ids as words: "encryption between nodes, workload identity and egress control"."""
    words = [BY_ID[one].noun for one in requirements]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else "nothing"


def meshed_pods(case: Case) -> int | None:
    """The pods that would get a sidecar; None where nobody counted. Of a scope that names namespaces about so many.

    Pods on the host's network get none (istio.io, Sidecar injection problems). They are agents of the nodes for the
    most part, so that those a scope leaves out are thought to be outside of it.
    """
    pods, scope = case.baseline.pods, case.baseline.pods_in_scope
    of_pods = [] if pods is None else [max(0, pods - (case.baseline.host_network_pods or 0))]
    if scope is None and of_pods and (share := share_in_scope(case)) is not None:
        scope = round(of_pods[0] * share)
    counted_pods = [*of_pods, *([scope] if scope else [])]
    return min(counted_pods) if counted_pods else None


NEARLY_ALL = 0.9
"""Planning value: with this share of the pods a mesh is everywhere, since those of the system seldom join."""


def joined(case: Case) -> float:
    """The share of the pods that have a sidecar of the mesh that runs today.

    1 where it is in nearly all, where it has no sidecars, and where nobody counted. Which pods have one is not known:
    where the must-haves cover a part of the system, that part is taken to have as many of them as the whole.
    """
    there, of = case.baseline.sidecars, _all_pods(case)
    if not there or not of or present_mesh(case.context.current) not in SIDECARS or there >= NEARLY_ALL * of:
        return 1.0
    return there / of


def in_how_many(case: Case) -> str:
    """The same in words: "16 of 400 pods"."""
    there, pods = f"{case.baseline.sidecars or 0:,}", f"{_all_pods(case) or 0:,}"
    return f"{there} of {pods} pods"


def _all_pods(case: Case) -> int | None:
    """Pods that could have a sidecar, in scope or not; None where nobody counted."""
    pods, host = case.baseline.pods, case.baseline.host_network_pods or 0
    return case.baseline.pods_in_scope if pods is None else max(0, pods - host)


def covers_a_part(case: Case) -> bool:
    """Whether the must-haves cover a part of the pods, so that nobody knows how many of those have a sidecar."""
    all_pods, scope = _all_pods(case), meshed_pods(case)
    return all_pods is not None and scope is not None and scope < all_pods


def jobs_of(case: Case) -> str:
    """The Jobs here, and the CronJobs that start more: "12 Jobs and 31 CronJobs"; empty where none is known."""
    given = ((case.baseline.jobs, "Job"), (case.baseline.cron_jobs, "CronJob"))
    return " and ".join(counted(count, one) for count, one in given if count)
