"""From an inventory to what the decision needs to know about a cluster."""

from collections import Counter
from dataclasses import replace

from decisions.intake import capacity, cni, coverage, mesh, places
from decisions.intake.distribution import distribution, is_virtual
from decisions.intake.inventory import Inventory
from decisions.intake.kubernetes import MUTATING, VALIDATING
from decisions.intake.reading import Cluster, Counts, MeshFigures, NetworkFigures, Platform, PodFigures, Resources
from decisions.intake.units import oldest_first


def describe(inventory: Inventory) -> Cluster:
    """The figures of a cluster; every figure whose kind was not listed is None."""
    found = mesh.find(inventory)
    return Cluster(
        counts=_counts(inventory),
        platform=_platform(inventory),
        mesh=_mesh(inventory, found),
        resources=_resources(inventory, found),
        pods=_pods(inventory),
        network=NetworkFigures(
            headless_services=_known(inventory, "Service", sum(one.headless for one in inventory.services)),
            load_balancers=_known(inventory, "Service", sum(one.type == "LoadBalancer" for one in inventory.services)),
            ports_by_protocol=coverage.ports(inventory),
            policies=coverage.policies(inventory),
            blocking_webhooks=_blocking(inventory),
        ),
        candidates=coverage.candidates(inventory),
        places=places.places(inventory) if {"Service", "Pod"} <= inventory.kinds else {},
        marks=places.marks(inventory),
        releases=inventory.releases,
    )


def _blocking(inventory: Inventory) -> tuple[str, ...] | None:
    if not {VALIDATING, MUTATING} <= inventory.kinds:
        return None
    return tuple(sorted({one.name for one in inventory.webhooks if one.blocking}))


def _known(inventory: Inventory, kind: str, value: int) -> int | None:
    return value if kind in inventory.kinds else None


def _counts(inventory: Inventory) -> Counts:
    work = Counter(one.kind for one in inventory.workloads)
    # `kubectl top` lists what runs, so it counts nodes and pods where they were not listed themselves.
    used_nodes = len({row.node for row in inventory.usage if row.node}) or None
    used_pods = len({(row.namespace, row.pod) for row in inventory.usage if row.pod}) or None
    return Counts(
        nodes=len(inventory.nodes) if "Node" in inventory.kinds else used_nodes,
        pods=len(inventory.pods) if "Pod" in inventory.kinds else used_pods,
        active_pods=len(capacity.active(inventory.pods)) if "Pod" in inventory.kinds else used_pods,
        services=_known(inventory, "Service", len(inventory.services)),
        namespaces=_known(inventory, "Namespace", len(inventory.namespaces)),
        deployments=_known(inventory, "Deployment", work["Deployment"]),
        jobs=_known(inventory, "Job", work["Job"]),
        cron_jobs=_known(inventory, "CronJob", work["CronJob"]),
        stateful_sets=_known(inventory, "StatefulSet", work["StatefulSet"]),
        network_policies=_known(inventory, "NetworkPolicy", len(inventory.policies)),
    )


def _platform(inventory: Inventory) -> Platform:
    name, evidence = cni.find(inventory)
    nodes = inventory.nodes
    return Platform(
        kubernetes_version=inventory.server_version,
        kernels=oldest_first(node.kernel for node in nodes if node.system != "windows"),
        kubelets=oldest_first(node.kubelet for node in nodes),
        zones=tuple(sorted({node.zone for node in nodes} - {""})),
        regions=tuple(sorted({node.region for node in nodes} - {""})),
        providers=tuple(sorted({node.provider for node in nodes} - {""})),
        windows_nodes=_known(inventory, "Node", sum(node.system == "windows" for node in nodes)),
        kube_proxy=_kube_proxy(inventory, name),
        cni=name,
        cni_evidence=evidence,
        cni_version=cni.version(inventory) if name and " + " not in name else None,
        distribution=distribution(inventory),
    )


def _kube_proxy(inventory: Inventory, plugin: str | None) -> str | None:
    """ "kube-proxy" when its pods are there, "replaced by Cilium" when Cilium runs without them, else unknown.

    Distributions such as k3s run kube-proxy inside another process, so its absence alone says nothing.
    """
    names = [pod.name for pod in inventory.pods] + [work.name for work in inventory.workloads]
    if any(name.startswith("kube-proxy") for name in names):
        return "kube-proxy"
    return "replaced by Cilium" if plugin == "cilium" and "Pod" in inventory.kinds else None


def _mesh(inventory: Inventory, found: mesh.Mesh) -> MeshFigures:
    jobs = sum(pod.owner == "Job" and not one.native for pod, one in found.sidecars)
    return MeshFigures(
        name=found.name,
        evidence=found.evidence,
        injected_pods=_known(inventory, "Pod", len(found.sidecars)),
        control_plane_pods=_known(inventory, "Pod", sum(one.control_plane for _, one in found.sidecars)),
        gateway_pods=_known(inventory, "Pod", found.gateways),
        native_sidecar_pods=_known(inventory, "Pod", sum(one.native for _, one in found.sidecars)),
        ambient_pods=_known(inventory, "Pod", found.ambient_pods),
        job_pods_with_classic_sidecar=_known(inventory, "Pod", jobs),
        injected_namespaces=found.injected_namespaces,
        ambient_namespaces=found.ambient_namespaces,
        proxy_versions=tuple(sorted(Counter(one.version for one in inventory.proxies).items())),
    )


def _resources(inventory: Inventory, found: mesh.Mesh) -> Resources:
    used_cpu, used_memory = capacity.used(inventory)
    proxy_cpu, proxy_memory = capacity.used_by_sidecars(inventory)
    cpu, memory = capacity.allocatable(inventory)
    usage = Resources(
        allocatable_cpu=cpu,
        allocatable_memory=memory,
        used_cpu=used_cpu,
        used_memory=used_memory,
        busiest_node=capacity.busiest_node(inventory),
        sidecar_used_cpu=proxy_cpu,
        sidecar_used_memory=proxy_memory,
    )
    if "Pod" not in inventory.kinds:
        return usage
    asked, proxies = capacity.sums(inventory.pods), capacity.reserved_by_sidecars(found)
    return replace(
        usage,
        containers=asked.containers,
        containers_without_cpu_request=asked.without_cpu_request,
        cpu_requests=asked.cpu_requests,
        cpu_limits=asked.cpu_limits,
        memory_requests=asked.memory_requests,
        memory_limits=asked.memory_limits,
        free_cpu=None if cpu is None else max(0.0, round(cpu - asked.cpu_requests, 6)),
        free_memory=None if memory is None else max(0.0, memory - asked.memory_requests),
        # Proxies without requests use something all the same: what they take is not known, and not nothing.
        sidecar_reserved_cpu=proxies.cpu_requests or None,
        sidecar_reserved_memory=proxies.memory_requests or None,
    )


def _pods(inventory: Inventory) -> PodFigures:
    pods = inventory.pods
    return PodFigures(
        by_phase=tuple(sorted(Counter(pod.phase for pod in pods if pod.phase).items())),
        gvisor=_known(
            inventory, "Pod", sum("gvisor" in pod.runtime_class or "runsc" in pod.runtime_class for pod in pods)
        ),
        host_network=_known(inventory, "Pod", sum(pod.host_network for pod in pods)),
        windows=_known(inventory, "Pod", sum(pod.windows for pod in pods)),
        virtual=_known(inventory, "Pod", sum(is_virtual(pod.node) for pod in pods)),
        restarts=_known(inventory, "Pod", sum(pod.restarts for pod in pods)),
        out_of_memory_containers=_known(inventory, "Pod", sum(pod.out_of_memory for pod in pods)),
    )
