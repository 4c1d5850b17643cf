"""What the keys and choices of the case document are called in a record."""

from collections.abc import Iterator, Mapping

from decisions.advisor.record.words import exact, listed

FIGURES = {
    "baseline.clusters": ("Clusters", ""),
    "baseline.nodes": ("Nodes", ""),
    "baseline.nodes_per_cluster_max": ("Nodes in the largest cluster", ""),
    "baseline.pods": ("Pods", ""),
    "baseline.pods_in_scope": ("Pods in scope", ""),
    "baseline.services": ("Services", ""),
    "baseline.namespaces": ("Namespaces", ""),
    "baseline.teams": ("Teams", ""),
    "baseline.jobs": ("Jobs and CronJobs", ""),
    "baseline.sidecars": ("Sidecars today", ""),
    "baseline.host_network_pods": ("Pods on the host network", ""),
    "baseline.virtual_machines": ("Virtual machines", ""),
    "baseline.single_node_clusters": ("Single-node clusters", ""),
    "baseline.gvisor_pods": ("Sandboxed pods (gVisor)", ""),
    "baseline.windows_nodes": ("Windows nodes", ""),
    "baseline.regions": ("Regions", ""),
    "baseline.providers": ("Providers", ""),
    "baseline.peak_rps": ("East-west requests, peak", "a second"),
    "baseline.mean_rps": ("East-west requests, mean", "a second"),
    "baseline.payload_bytes": ("Request and response together, mean", "bytes"),
    "baseline.sequential_calls": ("Calls one user request makes in sequence", ""),
    "baseline.grpc_share": ("Share of gRPC", "%"),
    "baseline.tcp_share": ("Share of plain TCP", "%"),
    "baseline.udp_share": ("Share of UDP", "%"),
    "baseline.long_lived_connections": ("Connections open longer than an hour", ""),
    "baseline.p50_ms": ("Latency p50, critical path", "ms"),
    "baseline.p90_ms": ("Latency p90, critical path", "ms"),
    "baseline.p95_ms": ("Latency p95, critical path", "ms"),
    "baseline.p99_ms": ("Latency p99, critical path", "ms"),
    "baseline.slo_p99_ms": ("Objective for p99", "ms"),
    "baseline.error_ratio": ("Failed requests", "%"),
    "baseline.busiest_pod_ratio": ("Busiest pod against the median pod", "times"),
    "baseline.services_observed_percent": ("Services with request metrics or traces", "%"),
    "baseline.cpu_vcpu": ("CPU in the clusters", "vCPU"),
    "baseline.free_cpu_vcpu": ("CPU free for scheduling", "vCPU"),
    "baseline.memory_gib": ("Memory in the clusters", "GiB"),
    "baseline.free_memory_gib": ("Memory free for scheduling", "GiB"),
    "baseline.sidecar_reserved_cpu_vcpu": ("CPU reserved by sidecars today", "vCPU"),
    "baseline.sidecar_reserved_memory_gib": ("Memory reserved by sidecars today", "GiB"),
    "baseline.pod_max_lifetime_days": ("Longest life of a pod", "days"),
    "baseline.cni": ("CNI", ""),
    "baseline.kubernetes_version": ("Kubernetes", ""),
    "baseline.kernel_version": ("Kernel of the oldest node", ""),
    "baseline.kube_proxy": ("kube-proxy mode", ""),
    "baseline.bare_metal": ("Bare metal", ""),
    "baseline.ipv6_planned": ("IPv6 planned", ""),
    "baseline.incidents_90_days.bad_release": ("A bad release", ""),
    "baseline.incidents_90_days.capacity": ("Capacity", ""),
    "baseline.incidents_90_days.dependency_slow": ("A slow dependency or a retry storm", ""),
    "baseline.incidents_90_days.uneven_load": ("Uneven load", ""),
    "baseline.incidents_90_days.dns": ("DNS", ""),
    "baseline.incidents_90_days.certificate": ("A certificate", ""),
    "baseline.incidents_90_days.network_policy": ("Network policy or firewall", ""),
    "baseline.incidents_90_days.security_finding": ("A security finding", ""),
    "baseline.incidents_90_days.other": ("Something else", ""),
    "baseline.measured_at": ("Measured on", ""),
    "context.current": ("Today", ""),
    "context.deadline": ("Deadline", ""),
    "context.scope": ("Scope", ""),
    "context.threats": ("Protect against", ""),
    "context.assessor_confirmed": ("Assessor confirmed this reading in writing", ""),
    "context.assessor_note": ("Assessor", ""),
    "context.cni_can_encrypt": ("The present CNI can encrypt", ""),
    "context.cni_note": ("About the CNI", ""),
    "context.cloud_encryption_accepted": ("Encryption by the cloud provider counts as evidence", ""),
    "context.cloud_encryption_note": ("About the provider's encryption", ""),
    "context.languages": ("Languages and frameworks to change", ""),
    "context.application_teams": ("Application teams", ""),
    "context.fix_days_per_service": ("Smallest fix, for each service", "days"),
    "operations.data_path_debuggers": ("Can debug the data path at 3 a.m.", ""),
    "operations.upgrades_per_year": ("Networking upgrades a year", ""),
    "operations.pod_restarts": ("Restarting every pod for an upgrade", ""),
    "operations.connection_resets": ("Upgrade may reset long-lived connections", ""),
    "operations.bootstrap_hazards": ("Hazards at start-up", ""),
    "operations.ca_owner": ("Owner of the certificate authority", ""),
    "operations.support": ("Support needed", ""),
    "operations.training_days": ("Training", "days"),
    "operations.exit_time": ("Must be removable within", ""),
    "operations.skills": ("Skills at hand", ""),
    "operations.hourly_cost": ("Cost of an hour of work", ""),
    "operations.cpu_price": ("Price of a vCPU and month", ""),
    "operations.memory_price": ("Price of a GiB and month", ""),
    "budget.cpu_vcpu": ("Limit for added CPU", "vCPU"),
    "budget.memory_gib": ("Limit for added memory", "GiB"),
    "budget.p99_ms": ("Limit for added latency at p99", "ms"),
    "budget.money_per_month": ("Limit for money a month", ""),
}
"""Path in the case document -> what it is called and its unit. A path that is not here is called by its key."""

SHARES = frozenset({"baseline.grpc_share", "baseline.tcp_share", "baseline.udp_share", "baseline.error_ratio"})
"""Given as 0..1, said in percent."""

VERSIONS = frozenset({"baseline.kubernetes_version", "baseline.kernel_version"})

CHOICES = {
    "must": "must-have",
    "nice": "nice to have",
    "not_needed": "not needed",
    "not_sure": "not sure",
    "rule": "Law, standard or contract",
    "incident": "Incident",
    "slo": "Measured breach of an objective",
    "policy": "Written policy",
    "person": "Someone asked for it",
    "practice": "Best practice or vendor advice",
    "network": "someone on the network",
    "compromised_pod": "a compromised pod",
    "compromised_node": "a compromised node",
    "provider_staff": "the provider's staff",
    "own_mistakes": "mistakes by our own teams",
    "not_asked": "not asked",
    "not_applicable": "does not apply",
    "two_or_more": "two or more people",
    "one": "one person",
    "vendor": "a vendor",
    "managed": "managed by our cloud",
    "community": "the community",
    "stable_open_source": "stable open-source releases",
    "platform_any_time": "by the platform team at any time",
    "platform_windows": "by the platform team in windows",
    "each_team": "by each team",
    "not_possible": "not possible",
    "in_a_window": "in a window",
    "single_node_edge": "single-node edge clusters",
    "blocking_admission_webhooks": "admission webhooks that block when down",
    "envoy": "Envoy",
    "ebpf": "eBPF",
    "pki": "certificates and PKI",
    "kubernetes_networking": "Kubernetes networking",
    "hour": "an hour",
    "day": "a day",
    "month": "a month",
    "not_tried": "not tried",
    "works": "works",
    "works_in_part": "works in part",
    "not_enough": "tried, not enough",
    "cannot": "cannot be done",
}
"""Choice in the case document -> the words a record uses for it."""


def label(path: str) -> str:
    """What a path of the case document is called."""
    known = FIGURES.get(path)
    return known[0] if known else path.rpartition(".")[2].replace("_", " ").capitalize()


def value(path: str, given: object) -> str:
    """An answer in words, with its unit."""
    if isinstance(given, list | tuple):
        return listed(choice(str(one)) for one in given)
    if isinstance(given, str):
        return choice(given)
    if path in SHARES and isinstance(given, int | float):
        return f"{exact(round(given * 100, 4))} %"
    unit = FIGURES.get(path, ("", ""))[1]
    return f"{exact(given)} {unit}".strip()


def choice(given: str) -> str:
    """The words for a choice; anything that is none, such as a name somebody typed, as it is."""
    return CHOICES.get(given, given)


def flattened(section: Mapping[str, object], path: str) -> Iterator[tuple[str, object]]:
    """Every answer under a section of the case document with its path, nested mappings opened, blanks left out."""
    for key, given in section.items():
        inner = f"{path}.{key}"
        if isinstance(given, Mapping):
            yield from flattened(given, inner)
        elif given is not None and given not in ("", [], ()):
            yield inner, given
