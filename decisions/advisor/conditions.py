"""When a note or change of a sheet applies: the conditions it may name, of case, product and small measures."""

import re
from collections.abc import Callable, Mapping

from decisions.advisor.case import Case
from decisions.advisor.catalog import AddOnSheet, Product
from decisions.advisor.clouds import AKS, EKS, GKE, cni_in_use, is_of, may_be, provider_of_cni
from decisions.advisor.needs import weigh
from decisions.advisor.present import present_mesh, runs_a_mesh, same_control_plane, same_mesh
from decisions.advisor.requirements import BY_ID
from decisions.advisor.scope import namespaces_for, scope_of
from decisions.advisor.setting import kernel_suffices, runs_on

MANY_PODS = 1000
"""Planning value: pods above which sidecars are upgraded by canary and by pod lifetime instead of by hand."""

LARGE_PODS, LARGE_CLUSTERS, LARGE_SERVICES = 10_000, 20, 1000
"""Planning values: above any of them an estate needs a team and tooling of its own."""

NATIVE_SIDECARS = (1, 29)
"""The first Kubernetes version in which sidecar containers are on by default."""

NATIVE_BY_ITSELF = (1, 33)
"""With this kubelet on every node Istio uses native sidecars unasked (istio/istio at 1.30.3, pilot.go, webhook.go)."""

ISTIO_SUPPORTED = (1, 32)
"""The oldest Kubernetes version that Istio 1.30 supports (istio.io, supportStatus.yml)."""


def holds(when: str, case: Case, product: Product, add_ons: tuple[AddOnSheet, ...] = ()) -> bool:
    """Whether a condition of a sheet holds for a case, a product and what joins it."""
    if when in OF_ADD_ONS:
        return OF_ADD_ONS[when](case, add_ons)
    if when in OF_PRODUCT:
        return OF_PRODUCT[when](case, product)
    return CONDITIONS[when](case)


def missing(case: Case, product: Product, *, upgraded: bool = False) -> tuple[str, ...]:
    """The prerequisites of a product that neither the team's answers nor an `upgraded` platform have settled."""

    def settled(by: str) -> bool:
        return bool(by) and ((upgraded and by in OF_THE_PLATFORM) or holds(by, case, product))

    return tuple(one.text for one in product.rollout.prerequisites if not settled(one.settled_by))


OF_THE_PLATFORM = frozenset({"kernel_suffices", "kubernetes_current"})
"""Conditions that an upgrade of the platform settles."""


def _needs(*requirements: str) -> Callable[[Case], bool]:
    """True when one of the requirements is a must-have that counts."""
    return lambda case: any(must in requirements for must in weigh(case).musts)


_encrypts = _needs("encryption_between_nodes", "encryption_same_node")


def _counts(field: str) -> Callable[[Case], bool]:
    """True when the baseline counts at least one."""
    return lambda case: bool(getattr(case.baseline, field))


def _threat(name: str) -> Callable[[Case], bool]:
    return lambda case: name in (case.context.threats or ())


def _hazard(name: str) -> Callable[[Case], bool]:
    return lambda case: name in (case.operations.bootstrap_hazards or ())


def is_single_node(case: Case) -> bool:
    """Whether some cluster has one node alone."""
    return bool(case.baseline.single_node_clusters) or _hazard("single_node_edge")(case)


def _may_deadlock(case: Case) -> bool:
    return is_single_node(case) or _hazard("blocking_admission_webhooks")(case)


def _runs_jobs(case: Case) -> bool:
    return bool(case.baseline.jobs or case.baseline.cron_jobs)


def _judges_requests(case: Case) -> bool:
    return bool(l7_musts(case))


def _is_scoped(case: Case) -> bool:
    musts = l7_musts(case)
    counted = namespaces_for(case, musts) is not None or all(scope_of(case, must).services for must in musts)
    return bool(musts) and counted


def _has_sidecars_of_istio(case: Case) -> bool:
    """Sidecars of another product have neither its resources nor its mutual TLS."""
    return bool(case.baseline.sidecars) and present_mesh(case.context.current) == "istio-sidecar"


def _has_many_pods(case: Case) -> bool:
    return (case.baseline.pods or 0) >= MANY_PODS


def _is_large(case: Case) -> bool:
    size = case.baseline
    figures = ((size.pods, LARGE_PODS), (size.clusters, LARGE_CLUSTERS), (size.services, LARGE_SERVICES))
    return any((count or 0) >= large for count, large in figures)


def _runs_a_mesh(case: Case) -> bool:
    """Also where it is none whose name we know, such as a provider's own."""
    current = (case.context.current or "").lower()
    named = any(word in current for word in ("sidecar", "mesh")) and "no mesh" not in current
    return runs_a_mesh(case) or (named and "without a mesh" not in current)


def _is_older(case: Case, than: tuple[int, int]) -> bool:
    version = _version(case.baseline.kubernetes_version)
    return bool(version) and version < than


def names_cni(case: Case, cni: str) -> bool:
    """Whether the CNI that runs is this one."""
    return cni in cni_in_use(case)


def _owns_ca(case: Case) -> bool:
    return bool((case.operations.ca_owner or "").strip())


def _lacks_debuggers(case: Case) -> bool:
    return case.operations.data_path_debuggers in {"nobody", "one"}


def _waits_for_assessor(case: Case) -> bool:
    rules = any(answer.evidence.kind == "rule" for answer in case.requirements.values() if answer.evidence)
    return rules and case.context.assessor_confirmed in {"no", "not_asked"}


ROUTED = ("traffic_splitting", "resilience", "central_control", "grpc_load_balancing")
"""Requirements that routes between services meet."""

CONDITIONS: Mapping[str, Callable[[Case], bool]] = {
    "always": lambda _case: True,
    "encryption": _encrypts,
    "identity": _needs("workload_identity"),
    "fips": _needs("fips_cryptography"),
    "segmentation": _needs("network_segmentation"),
    "egress": _needs("egress_control"),
    "egress_by_cilium": lambda case: _needs("egress_control")(case) and provider_of_cni(case) != GKE,
    "egress_by_gke": lambda case: _needs("egress_control")(case) and provider_of_cni(case) == GKE,
    "audit": _needs("audit_proof"),
    "grpc": _needs("grpc_load_balancing"),
    "resilience": _needs("resilience"),
    "multi_cluster": _needs("multi_cluster"),
    "vms": lambda case: bool(case.baseline.virtual_machines) or _needs("vm_workloads")(case),
    "l7": _judges_requests,
    "l7_scoped": _is_scoped,
    "l7_unscoped": lambda case: _judges_requests(case) and not _is_scoped(case),
    "compromised_pod": _threat("compromised_pod"),
    "compromised_node": _threat("compromised_node"),
    "provider_staff": _threat("provider_staff"),
    "single_node": is_single_node,
    "admission_webhooks": _hazard("blocking_admission_webhooks"),
    "boot_deadlock": _may_deadlock,
    "jobs": _runs_jobs,
    "native_sidecars_missing": lambda case: _runs_jobs(case) and _is_older(case, NATIVE_SIDECARS),
    "kubernetes_behind_istio": lambda case: _is_older(case, ISTIO_SUPPORTED),
    "long_connections": _counts("long_lived_connections"),
    "resets_forbidden": lambda case: case.operations.connection_resets == "no",
    "windows": _counts("windows_nodes"),
    "gvisor": _counts("gvisor_pods"),
    "host_network": _counts("host_network_pods"),
    "virtual_nodes": _counts("virtual_node_pods"),
    "existing_sidecars": _has_sidecars_of_istio,
    "many_pods": _has_many_pods,
    "large_estate": _is_large,
    "team_restarts": lambda case: case.operations.pod_restarts == "each_team",
    "few_debuggers": _lacks_debuggers,
    "ca_owned": _owns_ca,
    "cni_cilium": lambda case: names_cni(case, "cilium") and not provider_of_cni(case),
    "cni_unknown": lambda case: not case.baseline.cni and case.context.cni_can_encrypt != "yes",
    "assessor_unconfirmed": _waits_for_assessor,
    "kubernetes_current": lambda case: _version(case.baseline.kubernetes_version) >= ISTIO_SUPPORTED,
    "restarts_allowed": lambda case: case.operations.pod_restarts in {"platform_any_time", "platform_windows"},
    "beta_accepted": lambda case: case.operations.beta_features == "yes",
    "linux_only": lambda case: case.baseline.windows_nodes == 0,
    "mutual_tls": _needs("workload_identity", "encryption_between_nodes", "encryption_same_node", "fips_cryptography"),
    "routes": _needs(*ROUTED),
    "no_routes": lambda case: not _needs(*ROUTED)(case),
    "native_sidecars": lambda case: _version(case.baseline.kubernetes_version) >= NATIVE_BY_ITSELF,
    "native_sidecars_open": lambda case: _version(case.baseline.kubernetes_version) < NATIVE_BY_ITSELF,
    "not_gke": lambda case: not may_be(case, GKE),
    "on_gke": lambda case: is_of(case, GKE),
    "maybe_gke": lambda case: may_be(case, GKE),
    "maybe_eks": lambda case: may_be(case, EKS),
    "cni_maybe_cilium": lambda case: not case.baseline.cni or (names_cni(case, "cilium") and not provider_of_cni(case)),
    "maybe_several_clusters": lambda case: case.baseline.clusters != 1,
    "encryption_set_here": lambda case: _encrypts(case) and not provider_of_cni(case),
    "encryption_of_provider": lambda case: _encrypts(case) and bool(provider_of_cni(case)),
    "audit_set_here": lambda case: _needs("audit_proof")(case) and not provider_of_cni(case),
    "audit_of_provider": lambda case: _needs("audit_proof")(case) and bool(provider_of_cni(case)),
    "cni_set_here": lambda case: not provider_of_cni(case),
    "cni_of_provider": lambda case: bool(provider_of_cni(case)),
    "cni_of_aks": lambda case: provider_of_cni(case) == AKS,
    "cni_of_gke": lambda case: provider_of_cni(case) == GKE,
    "nodes_enough": lambda case: case.baseline.single_node_clusters == 0 and not is_single_node(case),
}
"""When a note applies, by the name a sheet uses; each looks at the case alone."""


def _changes_cni(case: Case, product: Product) -> bool:
    wanted, runs = product.constraints.cni, cni_in_use(case)
    return bool(wanted and runs) and not any(name in runs for name in wanted)


def _runs_cni(case: Case, product: Product) -> bool:
    return bool(product.constraints.cni) and runs_on(product, case)


def _runs(case: Case, product: Product) -> bool:
    """Whether the control plane of the product, and with it its certificate authority, is there already."""
    return same_control_plane(product.id, present_mesh(case.context.current))


def _spans_clusters(case: Case) -> bool:
    return (case.baseline.clusters or 0) > 1


OF_PRODUCT: Mapping[str, Callable[[Case, Product], bool]] = {
    "mesh_present": lambda case, product: (
        _runs_a_mesh(case) and not same_mesh(product.id, present_mesh(case.context.current))
    ),
    "several_clusters": lambda case, product: _spans_clusters(case) and not _runs(case, product),
    "several_clusters_here": lambda case, product: _spans_clusters(case) and _runs(case, product),
    "ca_unowned": lambda case, product: not _owns_ca(case) and not _runs(case, product),
    "ca_unowned_here": lambda case, product: not _owns_ca(case) and _runs(case, product),
    "cni_migration": _changes_cni,
    "cni_runs": _runs_cni,
    "kernel_suffices": kernel_suffices,
}
"""Conditions that also look at the product: at its constraints, and at whether it runs here already."""


def _udp_in_clear_text(case: Case, add_ons: tuple[AddOnSheet, ...]) -> bool:
    """Whether datagrams stay in clear text: not where a small measure encrypts the network itself."""
    carried = any(one.touches == "clusters" and "encryption_between_nodes" in one.meets for one in add_ons)
    return bool(case.baseline.udp_share) and not carried


OF_ADD_ONS: Mapping[str, Callable[[Case, tuple[AddOnSheet, ...]], bool]] = {
    # What gets harder with every language is code of the services.
    "services_change": lambda _case, add_ons: any(one.touches == "services" and one.max_languages for one in add_ons),
    "udp": _udp_in_clear_text,
}
"""Conditions that look at the small measures too."""


def l7_musts(case: Case) -> tuple[str, ...]:
    """The must-haves that count and need a proxy which understands HTTP."""
    return tuple(must for must in weigh(case).musts if BY_ID[must].needs_l7)


def _version(text: str | None) -> tuple[int, ...]:
    """Major and minor version of a text such as "v1.31.4"; empty when it has none."""
    match = re.search(r"(\d+)\.(\d+)", text or "")
    return (int(match[1]), int(match[2])) if match else ()
