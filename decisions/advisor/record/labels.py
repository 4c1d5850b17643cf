"""What the keys and choices of the case document are called in a record."""

from collections.abc import Iterator, Mapping

from decisions.advisor.questions import FIELDS, NOT_SURE
from decisions.advisor.questions.asking import Kind
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
    "baseline.jobs": ("Jobs", ""),
    "baseline.cron_jobs": ("CronJobs", ""),
    "baseline.stateful_sets": ("StatefulSets", ""),
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
    "baseline.http1_share": ("Share of HTTP/1", "%"),
    "baseline.http2_share": ("Share of HTTP/2 without gRPC", "%"),
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
    "baseline.cpu_vcpu": ("CPU requested", "vCPU"),
    "baseline.used_cpu_vcpu": ("CPU used", "vCPU"),
    "baseline.free_cpu_vcpu": ("CPU free for scheduling", "vCPU"),
    "baseline.busiest_node_cpu": ("CPU in use on the busiest node", "%"),
    "baseline.memory_gib": ("Memory requested", "GiB"),
    "baseline.used_memory_gib": ("Memory used", "GiB"),
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
    "baseline.measured_by": ("Measured by", ""),
    "baseline.measured_window": ("Period", ""),
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
    "plan.first_failure": ("If the first namespace fails", ""),
    "plan.present_enrolment": ("Namespaces join the mesh of today", ""),
    "plan.present_revision": ("... at the revision", ""),
    "plan.measure_metric": ("A stage worked when", ""),
    "plan.measure_other": ("A stage worked when, other", ""),
    "plan.measure_threshold": ("... has the limit", ""),
    "plan.measure_window": ("... held for", ""),
    "plan.monitoring_namespace": ("Prometheus and Grafana are in", ""),
    "plan.stop_metric": ("Go back when", ""),
    "plan.stop_other": ("Go back when, other", ""),
    "plan.stop_threshold": ("... reaches", ""),
    "plan.stop_decides": ("Who decides to go back", ""),
    "plan.proof_check": ("Daily proof", ""),
    "plan.proof_note": ("Daily proof, how and for whom", ""),
}
"""Path in the case document -> what it is called and its unit. A path that is not here is called as in its form."""

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
    "single_node_edge": "single-node edge clusters",
    "blocking_admission_webhooks": "admission webhooks that block when down",
    "envoy": "Envoy",
    "ebpf": "eBPF",
    "pki": "certificates and PKI",
    "kubernetes_networking": "Kubernetes networking",
    "not_tried": "not tried",
    "works": "works",
    "works_in_part": "works in part",
    "not_enough": "tried, not enough",
    "cannot": "cannot be done",
}
"""Choice in the case document -> the words a record uses for it."""


def label(path: str) -> str:
    """What a path of the case document is called."""
    known, field = FIGURES.get(path), FIELDS.get(path)
    if known:
        return known[0]
    return field.label if field and field.label else path.rpartition(".")[2].replace("_", " ").capitalize()


def value(path: str, given: object) -> str:
    """An answer in words, with its unit."""
    field = FIELDS.get(path)
    choices = dict(field.choices) if field else {}
    if given == NOT_SURE:
        return choice(NOT_SURE)
    if isinstance(given, list | tuple):
        return listed(CHOICES.get(str(one)) or _in_list(choices, str(one), place) for place, one in enumerate(given))
    if isinstance(given, str):
        return choices.get(given, given)
    if field and field.kind is Kind.SHARE and isinstance(given, int | float):
        return f"{exact(round(given * 100, 4))} %"
    unit = FIGURES[path][1] if path in FIGURES else field.unit if field else ""
    return f"{exact(given)} {ONE.get(unit, unit) if given == 1 else unit}".strip()


ONE = {"days": "day", "times": "time", "bytes": "byte"}
"""Units of which there may be one."""
NAMES = frozenset({"Envoy", "Kubernetes"})


def _in_list(choices: Mapping[str, str], given: str, place: int) -> str:
    """A choice within a list: only the first keeps the capital that it has in a form, and names keep theirs."""
    said = choices.get(given)
    if said is None:
        return given
    first = said.split(" ", 1)[0]
    return said[:1].lower() + said[1:] if place and first.istitle() and first not in NAMES else said


def choice(given: str) -> str:
    """The words for a choice of a requirement's row; anything that is none as it is."""
    return CHOICES.get(given, given)


def flattened(section: Mapping[str, object], path: str) -> Iterator[tuple[str, object]]:
    """Every answer under a section of the case document with its path, nested mappings opened, blanks left out."""
    for key, given in section.items():
        inner = f"{path}.{key}"
        if isinstance(given, Mapping):
            yield from flattened(given, inner)
        elif given is not None and given not in ("", [], ()):
            yield inner, given
