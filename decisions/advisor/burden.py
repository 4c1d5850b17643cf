"""Hours a month to run an option, term by term, and what they and the resources cost in money.

Every planning value comes from catalog/planning.toml, where its reasoning stands; cadence, effects of upgrades and
certificate authorities come from the product sheets with their sources.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog, Fact, Level
from decisions.advisor.measures import Measure, affected_services, distinct
from decisions.advisor.once import once
from decisions.advisor.overhead.spread import exactly, product
from decisions.advisor.present import present_mesh
from decisions.advisor.quantities import ZERO, Range, independent_sum, total
from decisions.advisor.recommendation import Approach, Cost
from decisions.advisor.scope import namespaces_for
from decisions.advisor.setting import Setting, kernel_suffices
from decisions.advisor.sizes import Sizes, divided
from decisions.advisor.versions import older

MONTHS = 12.0
DAY_HOURS = 8.0


class Books:
    """The planning values and counts of one setting, at hand for the terms."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting

    @property
    def sizes(self) -> Sizes:
        """The counts that costs grow with."""
        return self.setting.sizes

    @once
    def uses_l7(self) -> bool:
        """Whether the product itself carries a must that needs requests to be read."""
        return bool(self.l7_carried())

    def value(self, key: str) -> Range:
        """A planning value."""
        return self.setting.catalog.planning[key].value

    def spread(self, once: Range) -> Range:
        """One-off hours as hours a month over the months of comparison."""
        return divided(once, self.value("months_of_comparison"))

    @once
    def meshed(self) -> float:
        """The share of pods and services that a per-pod or per-namespace option touches: the scope of its musts."""
        setting, baseline = self.setting, self.setting.case.baseline
        if baseline.pods_in_scope and baseline.pods:
            return min(1.0, baseline.pods_in_scope / baseline.pods)
        namespaces = namespaces_for(setting.case, setting.carried)
        if namespaces is None:
            return 1.0
        return min(1.0, namespaces / max(1.0, self.sizes.namespaces.likely))

    def l7_carried(self) -> tuple[str, ...]:
        """The L7 musts that the product carries."""
        return tuple(must for must in self.setting.carried if must in self.setting.l7_musts)

    def waypoint_namespaces(self) -> Range:
        """Namespaces that need a waypoint: those of the L7 musts."""
        named = namespaces_for(self.setting.case, self.l7_carried())
        return exactly(float(named)) if named is not None else self.sizes.namespaces


def costs(setting: Setting) -> tuple[Cost, ...]:
    """The monthly hours of a composition, term by term; an empty tuple is no work at all."""
    if setting.approach is Approach.NO_MESH and not setting.add_ons:
        return ()
    books = Books(setting)
    terms = [] if setting.approach is Approach.NO_MESH else [term(books) for term in TERMS]
    terms += [add_on(books, measure) for measure in distinct(setting.add_ons)]
    return tuple(term for term in terms if term is not None and term.hours.high > 0)


def hours(terms: Iterable[Cost]) -> Range:
    """All terms together; their errors have causes of their own."""
    return independent_sum(term.hours for term in terms)


@dataclass(frozen=True, kw_only=True)
class Prices:
    """What an hour of work, a vCPU and a GiB of memory for a month cost."""

    hour: Range
    cpu: Range
    memory: Range

    def likely_money(self, hours_per_month: float, cpu_vcpu: float, memory_gib: float) -> float:
        """The likely money a month for these likely amounts."""
        return hours_per_month * self.hour.likely + cpu_vcpu * self.cpu.likely + memory_gib * self.memory.likely


def prices(case: Case, catalog: Catalog) -> Prices:
    """The organisation's figures, else the planning values."""
    operations = case.operations
    given = {"hourly_cost": operations.hourly_cost, "cpu_price": operations.cpu_price}
    given["memory_price"] = operations.memory_price
    hour, cpu, memory = (exactly(figure) if figure else catalog.planning[key].value for key, figure in given.items())
    return Prices(hour=hour, cpu=cpu, memory=memory)


def likely_in_hours(setting: Setting, hours_per_month: float) -> float:
    """The likely money a month, as hours at the price of an hour: what compositions are compared by."""
    cost, overhead = prices(setting.case, setting.catalog), setting.overhead
    return cost.likely_money(hours_per_month, overhead.cpu_vcpu.likely, overhead.memory_gib.likely) / cost.hour.likely


def money(setting: Setting) -> Range:
    """Money a month for hours, CPU and memory together."""
    cost, overhead = prices(setting.case, setting.catalog), setting.overhead
    work = product(hours(setting.costs), cost.hour)
    return total((work, product(overhead.cpu_vcpu, cost.cpu), product(overhead.memory_gib, cost.memory)))


def _upgrades(books: Books) -> Cost:
    """Minor and patch upgrades: preparation once, then cluster by cluster, with the restarts they cause."""
    operations = books.setting.product.operations
    size, effect = books.sizes, operations.upgrade_effect
    each = books.value("hours_first_upgrade_preparation")
    each += product(size.clusters, books.value("hours_per_upgrade_per_cluster"))
    hundreds_of_nodes = size.nodes.times(0.01)
    if operations.proxies != "pod":
        each += product(hundreds_of_nodes, books.value("agent_hours_per_100_nodes"))
    if effect == "reset_connections":
        each += product(hundreds_of_nodes, books.value("reset_hours_per_100_nodes"))
    if effect == "restart_pods":
        each += _restarts(books)
    part_of_cni = books.setting.product.constraints.cni and books.setting.has_own_cni
    if part_of_cni:
        # The CNI is upgraded anyway; the option adds its own share of the preparation and checks.
        each = each.times(SHARE_OF_CNI_UPGRADE[books.setting.approach])
    yearly = each.times(operations.upgrades_per_year)
    patches = product(books.value("hours_per_patch"), books.value("patches_per_year"))
    yearly += patches.times(SHARE_OF_CNI_UPGRADE[books.setting.approach] if part_of_cni else 1.0)
    because = f"{operations.upgrades_per_year:g} minor upgrades a year to stay within support. {operations.says}"
    if part_of_cni:
        because = f"The CNI is upgraded anyway; counted is what this adds. {operations.says}"
    return Cost(name="Upgrades", hours=yearly.times(1 / MONTHS), because=because, sources=(operations.source,))


SHARE_OF_CNI_UPGRADE = {Approach.CNI_ENCRYPTION: 0.15, Approach.EBPF_MESH: 0.4}
"""Planning values: share of an upgrade of the CNI that a feature of it adds, since the CNI is upgraded anyway."""


def _restarts(books: Books) -> Range:
    pods = books.sizes.pods.times(books.meshed * 0.01)
    restarts = product(pods, books.value("restart_hours_per_100_pods"))
    if books.setting.case.operations.pod_restarts in {"each_team", None}:
        restarts += product(books.sizes.teams.times(books.meshed), books.value("restart_hours_per_team"))
    return restarts


def _faults(books: Books) -> Cost:
    """Debugging: faults of the layer itself and the incidents in which it has to be ruled out."""
    setting = books.setting
    proxies = setting.product.operations.proxies
    kind = {"kernel": "kernel", "node": "node", "node_and_namespace": "node_and_namespace"}.get(proxies, "pod")
    growth = product(exactly(books.sizes.clusters.likely - 1), books.value("faults_growth_per_cluster"))
    faults = product(books.value(f"faults_per_year_{kind}"), exactly(1.0) + growth)
    faults = faults.times(_crowd(books, proxies))
    debugging = product(faults, books.value("debugging_hours_per_incident"))
    factor = {"nobody": "debugging_factor_nobody", "one": "debugging_factor_one", "vendor": "debugging_factor_vendor"}
    who = setting.case.operations.data_path_debuggers
    if who in factor:
        debugging = product(debugging, books.value(factor[who]))
    elif who is None:
        debugging = product(debugging, Range(low=1.0, likely=1.5, high=books.value("debugging_factor_nobody").likely))
    suspected = product(exactly(_incidents(books) * 365 / 90), books.value("incident_share_network"))
    debugging += product(suspected, books.value("hours_to_rule_out"))
    words = {"nobody": "nobody", "one": "one person", "two_or_more": "two or more people", "vendor": "a vendor"}
    people = words.get(who or "", "not yet said who")
    because = f"Faults of the layer and incidents in which it is suspected; {people} can repair it."
    return Cost(name="Debugging", hours=debugging.times(1 / MONTHS), because=because)


def _incidents(books: Books) -> int:
    """Incidents of the last 90 days, whatever their cause."""
    return sum(count or 0 for count in vars(books.setting.case.baseline.incidents_90_days).values())


def _crowd(books: Books, proxies: str) -> float:
    """How much more often something fails where many proxies run: the root of their number over a usual estate's.

    A planning rule: faults grow with the things that can fail, but slower, since equal things share their causes.
    """
    if proxies == "pod":
        return math.sqrt(max(1.0, books.sizes.pods.likely * books.meshed / USUAL_PODS))
    return math.sqrt(max(1.0, books.sizes.nodes.likely / USUAL_NODES))


USUAL_PODS = 400.0
USUAL_NODES = 40.0


def _keeping(books: Books) -> Cost:
    """Control plane, or the agents' settings where there is none; routing rules of the services that use them."""
    operations = books.setting.product.operations
    if operations.control_plane:
        extra = exactly(max(0.0, books.sizes.clusters.likely - 1))
        keeping = books.value("control_plane_hours_per_month")
        keeping += product(extra, books.value("control_plane_hours_per_extra_cluster"))
        because = "Capacity, alerts, reviews and questions about the control plane."
    else:
        keeping = books.value("agent_hours_per_month")
        because = "Keys, drops and the capture that proves the encryption; no control plane of its own."
    if books.uses_l7:
        hundreds = books.sizes.services.times(books.meshed * 0.01)
        keeping += product(hundreds, books.value("l7_hours_per_100_services_per_month"))
    return Cost(name="Keeping it", hours=keeping, because=because)


def _certificates(books: Books) -> Cost | None:
    fact = books.setting.product.facts["cert_rotation_auto"]
    if not books.setting.product.operations.certificate_authority:
        return _keys(books, fact)
    keeping = books.value("certificates_hours_per_month")
    if fact.value != Level.FULL:
        keeping += books.value("certificates_manual_hours_per_month")
    return Cost(name="Certificates", hours=keeping, because=fact.says, sources=(fact.source,))


def _keys(books: Books, fact: Fact) -> Cost | None:
    """Keys of the tunnel where somebody has to rotate them."""
    by_itself = {Level.FULL, Level.PARTIAL}
    if books.setting.approach is not Approach.CNI_ENCRYPTION or fact.value in by_itself:
        return None
    by_hand = books.value("certificates_manual_hours_per_month").times(KEYS_SHARE)
    return Cost(name="Keys", hours=by_hand, because=fact.says, sources=(fact.source,))


KEYS_SHARE = 0.5
"""Planning value: rotating a tunnel's keys is half the work of rotating a trust anchor that others have to learn."""


def _waypoints(books: Books) -> Cost | None:
    if books.setting.product.operations.proxies != "node_and_namespace":
        return None
    namespaces = books.waypoint_namespaces()
    keeping = product(namespaces, books.value("waypoint_hours_per_namespace_per_month"))
    keeping += books.spread(product(namespaces, books.value("waypoint_hours_per_namespace")))
    because = f"Waypoints in {namespaces.likely:,.0f} namespaces, only where requests have to be read."
    return Cost(name="Waypoints", hours=keeping, because=because)


def _policies(books: Books) -> Cost | None:
    """Writing the policies is the same work whoever enforces them: a product that can does not get it for nothing."""
    if "network_segmentation" not in books.setting.carried:
        return None
    sheet = books.setting.catalog.add_ons[POLICIES]
    keeping = sheet.hours_per_month + books.spread(product(books.sizes.namespaces, sheet.hours_per_service))
    return Cost(name=sheet.title, hours=keeping, because=f"Policies: {sheet.what}", sources=(sheet.source,))


POLICIES = "network-policies"


def _introduction(books: Books) -> Cost:
    """Installation, enrolment and training over the months of comparison; a CNI migration where one is needed."""
    setting, size = books.setting, books.sizes
    if present_mesh(setting.case.context.current) == setting.product.id:
        return Cost(name="Introduction", hours=ZERO, because="It runs here already.")
    kernel = setting.product.operations.proxies == "kernel"
    once = books.value("install_hours_kernel" if kernel else "install_hours")
    extra = exactly(max(0.0, size.clusters.likely - 1))
    once += product(extra, books.value("install_hours_per_cluster"))
    if setting.is_mesh:
        once += product(size.namespaces.times(books.meshed), books.value("enrol_hours_per_namespace"))
        once += _training(books)
    if setting.product.operations.proxies == "pod":
        once += product(size.services.times(books.meshed), books.value("enrol_hours_per_service_pod"))
    machines = setting.case.baseline.virtual_machines or 0
    if "vm_workloads" in setting.carried:
        once += product(exactly(float(machines)), books.value("vm_hours_per_machine"))
    migration = _migration(books)
    once += migration + _node_upgrade(books)
    because = "Installation, enrolment and training, spread over three years."
    if migration.high > 0:
        because = (
            f"Replacing the CNI (likely {migration.likely:,.0f} hours), installation and training, over three years."
        )
    return Cost(name="Introduction", hours=books.spread(once), because=because)


def _migration(books: Books) -> Range:
    """One-off hours of a change of CNI: none when it runs already, possible when the CNI is not known."""
    setting = books.setting
    says = setting.case.context.cni_can_encrypt
    own = setting.has_own_cni
    encrypting = setting.approach is Approach.CNI_ENCRYPTION
    if not setting.product.constraints.cni or (own and not (encrypting and says == "no")):
        return ZERO
    if encrypting and says == "yes" and own is None:
        return ZERO
    full = books.value("cni_migration_hours_base")
    full += product(books.sizes.nodes, books.value("cni_migration_hours_per_node"))
    if own is None and says != "no":
        return Range(low=0.0, likely=full.likely / 2, high=full.high)
    return full


def _node_upgrade(books: Books) -> Range:
    """One-off hours of a newer kernel on every node; a Kubernetes upgrade is due whatever is decided."""
    case, product_ = books.setting.case, books.setting.product
    if not older(case.baseline.kernel_version, product_.constraints.min_kernel) or kernel_suffices(case, product_):
        return ZERO
    return books.value("node_upgrade_hours_base") + product(
        books.sizes.nodes, books.value("node_upgrade_hours_per_node")
    )


def _training(books: Books) -> Range:
    operations = books.setting.case.operations
    if operations.training_days is not None:
        people = exactly(float(operations.training_days)).times(DAY_HOURS)
    else:
        people = product(books.value("training_days_default"), books.value("people_on_call")).times(DAY_HOURS)
    if books.setting.product.operations.proxies in {"pod", "node_and_namespace"}:
        people += product(books.sizes.teams.times(books.meshed), books.value("training_hours_per_team"))
    return people


def add_on(books: Books, measure: Measure) -> Cost:
    """A small measure: work in what it touches, spread, and what it takes to keep."""
    sheet, setting = measure.sheet, books.setting
    count = {
        "services": _services_of(books, measure),
        "namespaces": books.sizes.namespaces,
        "clusters": books.sizes.clusters,
        "nothing": exactly(1.0),
    }[sheet.touches]
    days = setting.case.context.fix_days_per_service
    per_service = sheet.hours_per_service
    if days is not None and sheet.touches == "services":
        per_service = exactly(days * DAY_HOURS)
    keeping = sheet.hours_per_month
    if measure.outcome != "works":
        keeping += books.spread(product(count, per_service))
    because = f"{sheet.title}: {sheet.what}"
    return Cost(name=sheet.title, hours=keeping, because=because, sources=(sheet.source,))


def _services_of(books: Books, measure: Measure) -> Range:

    known = affected_services(books.setting.case, measure.requirement)
    services = exactly(float(known)) if known is not None else books.sizes.services
    share = books.setting.case.baseline.grpc_share
    if measure.requirement == "grpc_load_balancing" and share is not None:
        return services.times(share)
    return services


TERMS: tuple[Callable[[Books], Cost | None], ...] = (
    _upgrades,
    _faults,
    _keeping,
    _certificates,
    _waypoints,
    _policies,
    _introduction,
)
"""The terms of what a product costs; small measures come on top."""
