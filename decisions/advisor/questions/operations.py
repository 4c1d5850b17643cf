"""What it takes to run, and what it may use: answers about people, upgrades, support and limits."""

from dataclasses import dataclass

from decisions.advisor.questions.asking import Kind, Prefill, also, ask
from decisions.advisor.questions.conditions import connections_last, platform_is_old, wanted

DEBUGGERS = (
    ("nobody", "Nobody yet"),
    ("one", "One person"),
    ("two_or_more", "Two or more, in two time zones"),
    ("vendor", "Our cloud provider or vendor runs it"),
)
UPGRADES = (("yes", "Yes, the nodes and Kubernetes can be upgraded first"), ("no", "No, they stay as they are"))
RESTARTS = (
    ("platform_any_time", "Yes, the platform team at any time"),
    ("platform_windows", "Yes, the platform team in windows"),
    ("each_team", "Each team restarts its own"),
    ("not_possible", "Not possible"),
)
RESETS = (("yes", "Yes, clients reconnect"), ("in_a_window", "In a window"), ("no", "No"))
HAZARDS = (
    ("single_node_edge", "Single-node or edge clusters"),
    ("blocking_admission_webhooks", "Admission webhooks that block when they are down"),
)
SUPPORT = (
    ("community", "Community"),
    ("stable_open_source", "Stable open-source releases"),
    ("vendor", "A vendor contract"),
    ("managed", "Managed by our cloud"),
)
BETA = (("yes", "Yes, we accept that it may change or be withdrawn"), ("no", "No"))
EXIT = (("hour", "Within an hour"), ("day", "Within a day"), ("month", "Within a month"), ("not_needed", "No need to"))
SKILLS = (
    ("envoy", "Envoy"),
    ("ebpf", "eBPF and the kernel's network path"),
    ("pki", "Certificates and public-key infrastructure"),
    ("kubernetes_networking", "Kubernetes networking (CNI, kube-proxy, DNS)"),
)


@dataclass(frozen=True, kw_only=True)
class Operations:
    """Answers about running it; None where nothing was said."""

    data_path_debuggers: str | None = ask(
        "cost",
        "Who can debug the network data path at 3 a.m.?",
        Kind.CHOICE,
        help="Count people on call who have fixed a fault in Envoy, ztunnel or the eBPF data path before",
        why="The same feature costs very different amounts depending on who is awake. A tool that the team cannot "
        "operate safely is a liability, and one named person is a holiday away from nobody.",
        moves="Ambient, eBPF and sidecar mesh",
        seconds=15,
        choices=DEBUGGERS,
        prefill=Prefill.PRIOR,
    )
    upgrades_per_year: int | None = ask(
        "cost",
        "How many networking upgrades can you carry out each year?",
        Kind.INTEGER,
        help="Last year's count is the honest answer: Kubernetes, CNI, ingress and mesh together",
        why="Falling behind support is how most meshes end. Istio brings four minor releases a year and supports each "
        "for seven to eight months; Cilium brings two and keeps three lines; Linkerd's open-source releases get no "
        "back-ports.",
        moves="All meshes",
        label="Upgrades",
        unit="a year",
        maximum=365,
        prefill=Prefill.INVENTORY,
    )
    platform_upgrade: str | None = also(
        Kind.CHOICE,
        "May nodes and Kubernetes be upgraded before it starts?",
        choices=UPGRADES,
        when=platform_is_old,
        help="Asked because your kernel or Kubernetes is older than some options need",
    )
    pod_restarts: str | None = ask(
        "cost",
        "May you restart every pod for an upgrade, and who triggers it?",
        Kind.CHOICE,
        help="All pods of all teams, within the support window of the old version",
        why="A sidecar is renewed only when its pod is. Until the last pod has restarted, old and new proxies run "
        "together, and the old version has to stay supported.",
        moves="Sidecar mesh",
        choices=RESTARTS,
        prefill=Prefill.PRIOR,
    )
    connection_resets: str | None = ask(
        "cost",
        "May an upgrade reset long-lived connections on a node?",
        Kind.CHOICE,
        help="Message queues, database pools and gRPC streams are typical",
        why="Upgrading the node proxy of an ambient mesh restarts no pod, but it resets the long connections of the "
        "node. Enrolling a namespace resets its open connections once.",
        moves="Ambient mesh",
        seconds=8,
        when=connections_last,
        choices=RESETS,
    )
    bootstrap_hazards: tuple[str, ...] | None = ask(
        "cost",
        "Do any of these run here?",
        Kind.CHOICES,
        help="At any site of this decision, however small",
        why="Both can lock a cluster at a cold start: the network waits for a webhook that waits for the network. On "
        "a single node there is no second one to start from.",
        moves="Ambient, sidecar and eBPF mesh",
        seconds=8,
        choices=HAZARDS,
        prefill=Prefill.INVENTORY,
    )
    ca_owner: str | None = ask(
        "cost",
        "Who owns the mesh's certificate authority, and which alert fires 30 days before it expires?",
        Kind.TEXT,
        help="A name or a rota, and the name of the alert",
        why="When a root expires, every connection stops at once. Linkerd's trust anchor lives a year and is renewed "
        "by hand; Istio's self-signed root lives ten years, long enough for everybody to forget it.",
        moves="Ambient and sidecar mesh",
        seconds=15,
        when=wanted("workload_identity", "encryption_same_node"),
        label="Owner and alert",
        placeholder="Platform on-call; MeshRootExpires30d",
    )
    support: str | None = ask(
        "cost",
        "Which support do you need?",
        Kind.CHOICE,
        help="The least that your own policy accepts",
        why="It decides between products of one approach. Linkerd has published no stable open-source artefact since "
        "February 2024; those come from vendors, as do most FIPS builds.",
        moves="Products inside an approach",
        choices=SUPPORT,
        prefill=Prefill.PRIOR,
    )
    beta_features: str | None = also(Kind.CHOICE, "May a must-have rest on a beta feature?", choices=BETA)
    training_days: float | None = ask(
        "cost",
        "How many days of training can you give the people who run it?",
        Kind.NUMBER,
        help="In the first year, all people together",
        why="Learning is the cost of the first year. A skill that is missing has to be learned before the first "
        "incident, or during it.",
        moves="All meshes",
        label="Training",
        unit="days",
        maximum=10_000,
    )
    skills: tuple[str, ...] | None = also(
        Kind.CHOICES, "What the people on call know well today", choices=SKILLS, prefill=Prefill.PRIOR, needed=True
    )
    exit_time: str | None = ask(
        "cost",
        "How fast must you be able to take it out again?",
        Kind.CHOICE,
        help="From the decision to remove it until traffic flows without it",
        why="Some teams make easy removal a requirement of its own. A sidecar leaves with a label and a restart; an "
        "ambient mesh with a label; a changed CNI means every node again.",
        moves="Sidecar mesh; eBPF mesh and CNI-level encryption where the CNI has to change",
        seconds=8,
        choices=EXIT,
        prefill=Prefill.PRIOR,
    )
    hourly_cost: float | None = ask(
        "cost",
        "What do an engineer's hour and capacity cost you?",
        Kind.NUMBER,
        help="In your own currency; leave out what you do not know",
        why="Turns hours, CPU and memory into one amount a month, so that it can be set against the limit. Without "
        "prices the record shows hours, CPU and memory side by side and no total.",
        moves="The monthly cost of every option",
        seconds=15,
        needed=False,
        label="Engineer's hour",
        unit="an hour",
        prefill=Prefill.PRIOR,
    )
    cpu_price: float | None = also(Kind.NUMBER, "CPU", unit="a vCPU and month", prefill=Prefill.PRIOR)
    memory_price: float | None = also(Kind.NUMBER, "Memory", unit="a GiB and month", prefill=Prefill.PRIOR)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The limits: at most this much on top of today; None where no limit was given."""

    cpu_vcpu: float | None = ask(
        "cost",
        "What may it use at most, on top of today?",
        Kind.NUMBER,
        help="Leave out what you would not turn an option down for",
        why="Draws your own limit into the chart. An option whose likely figure lies above it is strained, and comes "
        "after every option that keeps all limits. The head-room below your latency target is the latency you can "
        "spend.",
        moves="All options, most of all sidecar mesh",
        seconds=20,
        needed=False,
        label="CPU",
        unit="vCPU",
        prefill=Prefill.METRICS,
    )
    memory_gib: float | None = also(Kind.NUMBER, "Memory", unit="GiB", prefill=Prefill.METRICS)
    p99_ms: float | None = also(Kind.NUMBER, "p99 latency", unit="ms", prefill=Prefill.METRICS)
    money_per_month: float | None = also(Kind.NUMBER, "Money", unit="a month")
