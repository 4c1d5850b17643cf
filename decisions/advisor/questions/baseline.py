"""How the system behaves today: what an inventory and the metrics say, or what was typed."""

from dataclasses import dataclass
from datetime import date

from decisions.advisor.questions.asking import Kind, Prefill, also, ask, ask_table
from decisions.advisor.questions.conditions import not_excluded, sidecars_run

INVENTORY = Prefill.INVENTORY
METRICS = Prefill.METRICS
LONGEST_MS = 3_600_000


@dataclass(frozen=True, kw_only=True)
class Incidents:
    """Incidents of the last 90 days by cause; None where nobody counted."""

    bad_release: int | None = also(Kind.INTEGER, "Bad release", maximum=100_000)
    capacity: int | None = also(Kind.INTEGER, "Capacity", maximum=100_000)
    dependency_slow: int | None = also(Kind.INTEGER, "Dependency slow or retry storm", maximum=100_000)
    uneven_load: int | None = also(Kind.INTEGER, "Uneven load over pods", maximum=100_000)
    dns: int | None = also(Kind.INTEGER, "DNS", maximum=100_000)
    certificate: int | None = also(Kind.INTEGER, "Certificate", maximum=100_000)
    network_policy: int | None = also(Kind.INTEGER, "Network policy or firewall", maximum=100_000)
    security_finding: int | None = also(Kind.INTEGER, "Security finding", maximum=100_000)
    other: int | None = also(Kind.INTEGER, "Other", maximum=100_000)


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """The measured system; counts are totals over all clusters of the decision, None where nothing was said."""

    clusters: int | None = ask(
        "measure",
        "How large is it?",
        Kind.INTEGER,
        help="Totals over all clusters that this decision covers",
        why="Sidecars grow with pods, node proxies with nodes, and both with the services they have to know. Five "
        "thousand pods on five hundred nodes is the difference between five thousand proxies and five hundred.",
        moves="The resource projection of every option",
        label="Clusters",
        minimum=1,
        prefill=INVENTORY,
    )
    nodes: int | None = also(Kind.INTEGER, "Nodes", minimum=1, prefill=INVENTORY, needed=True)
    pods: int | None = also(Kind.INTEGER, "Pods", prefill=INVENTORY, needed=True)
    services: int | None = also(Kind.INTEGER, "Services", prefill=INVENTORY, needed=True)
    namespaces: int | None = also(Kind.INTEGER, "Namespaces", prefill=INVENTORY)
    pods_in_scope: int | None = also(
        Kind.INTEGER, "Pods the must-haves cover", prefill=INVENTORY, help="Leave empty when they cover all"
    )
    nodes_per_cluster_max: int | None = also(Kind.INTEGER, "Nodes of the largest cluster", minimum=1, prefill=INVENTORY)
    teams: int | None = also(Kind.INTEGER, "Teams that deploy here", prefill=INVENTORY)
    kubernetes_version: str | None = ask(
        "measure",
        "What does it run on?",
        Kind.VERSION,
        help="The oldest version that is still in use",
        why="Decides which options exist at all. Sidecars that end with their Job need Kubernetes 1.29 or newer; eBPF "
        "features and WireGuard have a least kernel; a CNI that is already there is no migration.",
        moves="Options without support for your platform",
        label="Kubernetes version",
        placeholder="1.34",
        prefill=INVENTORY,
    )
    distribution: str | None = also(Kind.TEXT, "Distribution", placeholder="EKS", prefill=INVENTORY)
    cni: str | None = also(Kind.TEXT, "CNI", placeholder="Cilium", prefill=INVENTORY, needed=True)
    cni_version: str | None = also(Kind.VERSION, "CNI version", placeholder="1.20", prefill=INVENTORY)
    kernel_version: str | None = also(Kind.VERSION, "Kernel of the oldest node", placeholder="6.1", prefill=INVENTORY)
    kube_proxy: str | None = also(Kind.TEXT, "kube-proxy mode", placeholder="iptables", prefill=INVENTORY)
    regions: int | None = also(Kind.INTEGER, "Regions", maximum=10_000, prefill=INVENTORY)
    providers: int | None = also(Kind.INTEGER, "Cloud providers", maximum=1000, prefill=INVENTORY)
    bare_metal: bool | None = also(Kind.BOOLEAN, "Some nodes are bare metal", prefill=INVENTORY)
    ipv6_planned: bool | None = also(Kind.BOOLEAN, "IPv6 is in use or planned", prefill=INVENTORY)
    peak_rps: float | None = ask(
        "measure",
        "How much traffic flows between services?",
        Kind.NUMBER,
        help="East-west requests a second, over all clusters; shares are parts of all that traffic",
        why="The CPU of a proxy follows requests. Published figures run from less than 0.1 to more than 3 vCPU for "
        "1,000 requests a second, so your own rate matters more than anybody's benchmark. Meshes carry TCP only: UDP "
        "stays as it is.",
        moves="CPU and latency of the meshes; UDP counts against those that would leave it in clear text",
        seconds=15,
        label="Peak hour",
        unit="requests/s",
        prefill=METRICS,
    )
    mean_rps: float | None = also(Kind.NUMBER, "Mean", unit="requests/s", prefill=METRICS)
    http1_share: float | None = also(Kind.SHARE, "HTTP/1", unit="0 to 1", prefill=METRICS)
    http2_share: float | None = also(Kind.SHARE, "HTTP/2 without gRPC", unit="0 to 1", prefill=METRICS)
    grpc_share: float | None = also(Kind.SHARE, "gRPC", unit="0 to 1", prefill=METRICS)
    tcp_share: float | None = also(Kind.SHARE, "Plain TCP", unit="0 to 1", prefill=METRICS)
    udp_share: float | None = also(Kind.SHARE, "UDP", unit="0 to 1", prefill=METRICS)
    payload_bytes: float | None = also(
        Kind.NUMBER, "Mean size of request and response", unit="bytes", maximum=1_000_000_000_000, prefill=METRICS
    )
    error_ratio: float | None = also(Kind.SHARE, "Failed requests", unit="0 to 1", prefill=METRICS)
    p99_ms: float | None = ask(
        "measure",
        "How fast is the critical path, and what is left of its target?",
        Kind.NUMBER,
        help="The user request that matters most; count the calls it makes one after the other",
        why="Added latency is paid at every hop: three milliseconds on one hop are eighteen on a path of six calls. "
        "What lies between your p99 and its target is all there is to spend. Milliseconds matter, not percent: 3 ms "
        "is a third of 10 and triple of 1.",
        moves="All meshes, most of all sidecars and waypoints",
        seconds=20,
        label="p99",
        unit="ms",
        maximum=LONGEST_MS,
        prefill=METRICS,
    )
    slo_p99_ms: float | None = also(
        Kind.NUMBER, "Target for p99 (SLO)", unit="ms", maximum=LONGEST_MS, prefill=METRICS, needed=True
    )
    sequential_calls: int | None = also(
        Kind.INTEGER, "Calls in sequence", unit="calls", maximum=10_000, prefill=METRICS, needed=True
    )
    p50_ms: float | None = also(Kind.NUMBER, "p50", unit="ms", maximum=LONGEST_MS, prefill=METRICS)
    p90_ms: float | None = also(Kind.NUMBER, "p90", unit="ms", maximum=LONGEST_MS, prefill=METRICS)
    p95_ms: float | None = also(Kind.NUMBER, "p95", unit="ms", maximum=LONGEST_MS, prefill=METRICS)
    cpu_vcpu: float | None = ask(
        "measure",
        "How much capacity is there?",
        Kind.NUMBER,
        help="Requested is what the scheduler counts; used is what the metrics show; free is what new pods can get",
        why="A sidecar reserves its share in every pod whether traffic flows or not. Free capacity is what an option "
        "can have without new nodes, and a statement about capacity is worth only as much as its date.",
        moves="Sidecar mesh most of all",
        label="CPU requested",
        unit="vCPU",
        prefill=METRICS,
        needed=False,
    )
    memory_gib: float | None = also(Kind.NUMBER, "Memory requested", unit="GiB", prefill=METRICS)
    used_cpu_vcpu: float | None = also(Kind.NUMBER, "CPU used", unit="vCPU", prefill=METRICS)
    used_memory_gib: float | None = also(Kind.NUMBER, "Memory used", unit="GiB", prefill=METRICS)
    free_cpu_vcpu: float | None = also(Kind.NUMBER, "CPU free", unit="vCPU", prefill=METRICS)
    free_memory_gib: float | None = also(Kind.NUMBER, "Memory free", unit="GiB", prefill=METRICS)
    busiest_node_cpu: float | None = also(
        Kind.SHARE,
        "CPU in use on the busiest node",
        unit="0 to 1",
        prefill=METRICS,
        help="Best at the peak; kubectl top nodes shows one moment. Above 60 % requests queue, and no projection of "
        "latency holds",
    )
    sidecars: int | None = also(Kind.INTEGER, "Sidecar proxies running today", prefill=INVENTORY)
    sidecar_reserved_cpu_vcpu: float | None = also(
        Kind.NUMBER, "CPU reserved by sidecars", unit="vCPU", prefill=INVENTORY, when=sidecars_run
    )
    sidecar_reserved_memory_gib: float | None = also(
        Kind.NUMBER, "Memory reserved by sidecars", unit="GiB", prefill=INVENTORY, when=sidecars_run
    )
    jobs: int | None = ask(
        "measure",
        "Which of these run here?",
        Kind.INTEGER,
        help="Counts; an inventory of the cluster fills all of them",
        why="Each is a known trap. A Job does not end while an old-style sidecar runs beside it. An init container "
        "may start before the network does. Pods on the host's network, on Windows or in a sandbox may be left out of "
        "the data path.",
        moves="Sidecar mesh; some rule out options that work at the node",
        seconds=15,
        label="Jobs",
        prefill=INVENTORY,
        needed=False,
    )
    cron_jobs: int | None = also(Kind.INTEGER, "CronJobs", prefill=INVENTORY)
    network_init_pods: int | None = also(Kind.INTEGER, "Pods whose init containers use the network", prefill=INVENTORY)
    host_network_pods: int | None = also(Kind.INTEGER, "Pods on the host's network", prefill=INVENTORY)
    stateful_sets: int | None = also(Kind.INTEGER, "StatefulSets", prefill=INVENTORY)
    windows_nodes: int | None = also(Kind.INTEGER, "Windows nodes", prefill=INVENTORY)
    gvisor_pods: int | None = also(Kind.INTEGER, "Sandboxed pods (gVisor)", prefill=INVENTORY)
    virtual_node_pods: int | None = also(Kind.INTEGER, "Pods on virtual nodes (Fargate)", prefill=INVENTORY)
    virtual_machines: int | None = also(Kind.INTEGER, "Virtual machines that take part", prefill=INVENTORY)
    single_node_clusters: int | None = also(Kind.INTEGER, "Clusters of one node", prefill=INVENTORY)
    pod_starts_per_hour: float | None = also(Kind.NUMBER, "Pod starts an hour", prefill=INVENTORY)
    pod_max_lifetime_days: float | None = also(
        Kind.NUMBER, "Longest a pod lives", unit="days", maximum=36_500, prefill=INVENTORY
    )
    incidents_90_days: Incidents = ask_table(
        Incidents,
        "measure",
        "How many incidents of the last 90 days had these causes?",
        help="One incident counts once, under its first cause; 0 is an answer",
        why="Shows how many a mesh would have prevented, and how many it would not. Bad releases and capacity lead "
        "most lists, and a mesh cures neither by itself.",
        moves="Evidence for gRPC load balancing, traffic splitting, resilience and workload identity",
        seconds=60,
    )
    busiest_pod_ratio: float | None = ask(
        "measure",
        "How much busier is the busiest pod than the median pod?",
        Kind.NUMBER,
        help="Requests of the busiest pod divided by those of the median pod, for the most uneven gRPC service",
        why="Above about 2 there is a real imbalance. Below it, uneven gRPC load is not proven, and a balancer would "
        "have little to repair.",
        moves="Whether gRPC load balancing stands as a must-have",
        when=not_excluded("grpc_load_balancing"),
        label="Busiest pod / median pod",
        unit="times",
        minimum=1,
        maximum=1_000_000,
        prefill=METRICS,
    )
    long_lived_connections: int | None = ask(
        "measure",
        "How many connections stay open for more than an hour?",
        Kind.INTEGER,
        help="Streams, message queues, database pools",
        why="The upgrade of a node proxy cuts them. With none, an ambient mesh upgrades unnoticed; with thousands, "
        "each upgrade is an event for the teams that own them.",
        moves="Ambient mesh",
        label="Long-lived connections",
        unit="connections",
        prefill=METRICS,
    )
    services_observed_percent: float | None = ask(
        "measure",
        "How many services have request metrics or traces today?",
        Kind.PERCENT,
        help="Rate, errors and latency per request, from whatever source",
        why="Above about 80 % the wish for request metrics is mostly met, and the rest is cheaper to instrument than "
        "to mesh.",
        moves="Request metrics",
        seconds=5,
        label="Services observed",
        unit="%",
        prefill=METRICS,
    )
    measured_window: str | None = ask(
        "measure",
        "Which period do these numbers cover, and who took them?",
        Kind.TEXT,
        help="The record keeps source and date beside each number",
        why="Numbers older than 30 days are shown as old. A quiet week and a peak month give different answers, so "
        "the period belongs to the number.",
        moves="Confidence",
        seconds=5,
        label="Period",
        placeholder="14 days of October",
        prefill=METRICS,
        needed=False,
    )
    measured_at: date | None = also(Kind.DATE, "Last day of it", prefill=METRICS, needed=True)
    measured_by: str | None = also(Kind.TEXT, "Taken by", placeholder="Prometheus, N. Okafor", prefill=METRICS)
