"""What a cluster answers in the case document: its size, platform, capacity, traps, hazards, and where to begin."""

import re

from decisions.intake.reading import Cluster
from decisions.intake.units import counted

Value = str | int | float | list[str]
Row = tuple[str, Value | None, str]

# Whether the plugin's own documentation has a way to encrypt between nodes; read in November 2026. Each has conditions.
_CAN_ENCRYPT = {
    "cilium": "Cilium can, with WireGuard or IPsec (docs.cilium.io, Transparent Encryption)",
    "gke-dataplane-v2": "GKE Dataplane V2 can, with inter-node transparent encryption, unless it is Autopilot "
    "(GKE documentation, Encrypt your data in-transit in GKE)",
    "calico": "Calico can, with WireGuard (docs.tigera.io, Encrypt in-cluster pod traffic)",
    "antrea": "Antrea can, with WireGuard or IPsec (antrea.io, Traffic Encryption)",
    "flannel": "Flannel can, with its WireGuard backend (flannel, Documentation/backends.md)",
    "ovn-kubernetes": "OVN-Kubernetes can, with IPsec (ovn-kubernetes.io, IPsec)",
}
_CANNOT_ENCRYPT = {
    "kindnet": "kindnet has no encryption",
    "aws-vpc-cni": "the Amazon VPC CNI has no encryption of its own",
}
# What people write for them; a name with another beside it, or that is denied, is none that is known.
_WRITTEN = {name: re.compile(rf"\b{name.replace('-', ' ')}\b") for name in (*_CAN_ENCRYPT, *_CANNOT_ENCRYPT)} | {
    "gke-dataplane-v2": re.compile(r"\bdataplane v2\b"),
    "aws-vpc-cni": re.compile(r"\b(aws|amazon) vpc cni\b|^vpc cni\b"),
}
_ANOTHER = re.compile(r"\+|\b(no|not|without|azure|chain\w*|instead|replac\w*)\b")


def cluster_rows(figures: Cluster, origin: str) -> list[Row]:
    """(path, value, where it comes from) of everything a cluster can answer; the value is None where it cannot."""
    parts = (_today, _counted, _traps, _platform, _resources, _operations, _first)
    return [row for part in parts for row in part(figures, origin)]


def _today(figures: Cluster, origin: str) -> list[Row]:
    """The mesh that runs; where none was seen nobody knows what else handles the traffic."""
    mesh = figures.mesh
    if mesh.name is None or mesh.name == "none":
        return []
    own = (mesh.injected_pods or 0) - (mesh.control_plane_pods or 0)
    parts = [mesh.name[0].upper() + mesh.name[1:]]
    parts += [f"a proxy in {counted(own, 'pod')}"] if own > 0 else []
    parts += [f"{counted(mesh.ambient_pods, 'pod')} in ambient mode"] if mesh.ambient_pods else []
    return [("context.current", ", ".join(parts), f"control plane, proxies and labels listed in {origin}")]


def _counted(figures: Cluster, origin: str) -> list[Row]:
    counts, mesh = figures.counts, figures.mesh
    own = f", {mesh.control_plane_pods} of them of the mesh itself" if mesh.control_plane_pods else ""
    return [
        ("baseline.nodes", counts.nodes, f"nodes listed in {origin}"),
        ("baseline.nodes_per_cluster_max", counts.nodes, f"nodes of the one cluster listed in {origin}"),
        ("baseline.pods", counts.active_pods, f"pods listed in {origin}, without those that are over"),
        ("baseline.services", counts.services, f"services listed in {origin}"),
        ("baseline.namespaces", counts.namespaces, f"namespaces listed in {origin}"),
        ("baseline.sidecars", mesh.injected_pods, f"pods with an injected proxy in {origin}{own}"),
        (
            "baseline.single_node_clusters",
            None if counts.nodes is None else int(counts.nodes == 1),
            f"nodes of the one cluster listed in {origin}",
        ),
    ]


def _traps(figures: Cluster, origin: str) -> list[Row]:
    counts, pods = figures.counts, figures.pods
    return [
        ("baseline.jobs", counts.jobs, f"jobs listed in {origin}"),
        ("baseline.cron_jobs", counts.cron_jobs, f"cron jobs listed in {origin}"),
        ("baseline.stateful_sets", counts.stateful_sets, f"stateful sets listed in {origin}"),
        ("baseline.windows_nodes", figures.platform.windows_nodes, f"operating system of the nodes in {origin}"),
        ("baseline.gvisor_pods", pods.gvisor, f"runtime class of the pods in {origin}"),
        ("baseline.host_network_pods", pods.host_network, f"pods with hostNetwork in {origin}"),
        ("baseline.virtual_node_pods", pods.virtual, f"names of the nodes that pods run on in {origin}"),
    ]


def _platform(figures: Cluster, origin: str) -> list[Row]:
    platform = figures.platform
    version = platform.kubernetes_version
    kubelet = next(iter(platform.kubelets), None)
    evidence = "; ".join(platform.cni_evidence)
    return [
        (
            "baseline.kubernetes_version",
            version or kubelet,
            f"{'server version' if version else 'oldest kubelet of the nodes'} in {origin}",
        ),
        ("baseline.kernel_version", next(iter(platform.kernels), None), f"oldest kernel of the nodes in {origin}"),
        ("baseline.distribution", platform.distribution, f"versions and marks of the nodes in {origin}"),
        ("baseline.cni", platform.cni, f"{evidence} in {origin}"),
        ("baseline.cni_version", platform.cni_version, f"image of the agents of {platform.cni} in {origin}"),
        ("baseline.kube_proxy", platform.kube_proxy, f"pods listed in {origin}"),
        ("baseline.regions", len(platform.regions) or None, f"region labels of the nodes in {origin}"),
        ("baseline.providers", len(platform.providers) or None, f"provider ids of the nodes in {origin}"),
    ]


def _resources(figures: Cluster, origin: str) -> list[Row]:
    resources = figures.resources
    asked, used = (
        f"requested by active pods in {origin}",
        f"in use by kubectl top in {origin}: of that moment, not of the peak",
    )
    return [
        ("baseline.cpu_vcpu", resources.cpu_requests, f"CPU {asked}"),
        ("baseline.memory_gib", _gib(resources.memory_requests), f"memory {asked}"),
        ("baseline.used_cpu_vcpu", resources.used_cpu, f"CPU {used}"),
        ("baseline.used_memory_gib", _gib(resources.used_memory), f"memory {used}"),
        (
            "baseline.busiest_node_cpu",
            resources.busiest_node,
            f"kubectl top nodes against what the busiest node has, in {origin}: of that moment, not of the peak",
        ),
        ("baseline.free_cpu_vcpu", resources.free_cpu, f"allocatable minus requested CPU in {origin}"),
        ("baseline.free_memory_gib", _gib(resources.free_memory), f"allocatable minus requested memory in {origin}"),
        (
            "baseline.sidecar_reserved_cpu_vcpu",
            resources.sidecar_reserved_cpu,
            f"CPU requests of injected proxies in {origin}",
        ),
        (
            "baseline.sidecar_reserved_memory_gib",
            _gib(resources.sidecar_reserved_memory),
            f"memory requests of injected proxies in {origin}",
        ),
    ]


def _operations(figures: Cluster, origin: str) -> list[Row]:
    """Hazards are answered when both were listed, because the answer says of each whether it is there."""
    blocking, nodes = figures.network.blocking_webhooks, figures.counts.nodes
    rows = _encryption(figures.platform.cni or "", origin)
    if blocking is not None and nodes is not None:
        hazards = (["single_node_edge"] if nodes == 1 else []) + (["blocking_admission_webhooks"] if blocking else [])
        named = f" ({', '.join(blocking[:3])}{', ...' if len(blocking) > 3 else ''})" if blocking else ""
        because = f"nodes and {counted(len(blocking), 'blocking webhook configuration')}{named} listed in {origin}"
        rows.append(("operations.bootstrap_hazards", hazards, because))
    return rows


def _encryption(plugin: str, origin: str) -> list[Row]:
    can, because = can_encrypt(plugin)
    return [("context.cni_can_encrypt", can, f"{because}; network plugin in {origin}")] if can else []


def can_encrypt(plugin: str) -> tuple[str, str]:
    """Whether a network plugin can encrypt ("yes", "no") and who says so; both empty for one that is not known."""
    known = _known(plugin)
    because = _CAN_ENCRYPT.get(known) or _CANNOT_ENCRYPT.get(known) or ""
    return (("yes" if known in _CAN_ENCRYPT else "no") if because else ""), because


def _known(plugin: str) -> str:
    """A plugin as it is known here, be it from a file ("aws-vpc-cni") or typed ("GKE Dataplane V2 (Cilium)")."""
    said = plugin.lower().replace("-", " ")
    if _ANOTHER.search(said):
        return ""
    named = [name for name, pattern in _WRITTEN.items() if pattern.search(said)]
    if "gke-dataplane-v2" in named:
        return "gke-dataplane-v2"  # Cilium by another name
    return named[0] if len(named) == 1 else ""


def _first(figures: Cluster, origin: str) -> list[Row]:
    if not figures.candidates:
        return []
    best = figures.candidates[0]
    because = f"fewest obstacles of the namespaces ({', '.join(best.because)}) in {origin}"
    return [("plan.first_namespace", best.namespace, because)]


def _gib(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
