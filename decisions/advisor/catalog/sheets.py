"""The shapes of the catalogue's sheets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Approach, Source

CAPABILITIES = (
    "enc_node_to_node",
    "enc_same_node",
    "enc_udp",
    "workload_identity_mtls",
    "strict_mtls",
    "fips",
    "l3l4_policy",
    "l7_authz",
    "jwt",
    "retries",
    "timeouts",
    "circuit_breaking",
    "rate_limiting",
    "traffic_split",
    "header_routing",
    "mirroring",
    "fault_injection",
    "locality_lb",
    "grpc_lb",
    "request_metrics",
    "access_logs",
    "tracing",
    "flow_metrics",
    "multicluster",
    "egress_control",
    "vm_workloads",
    "non_http",
    "gateway_api_gamma",
    "windows_nodes",
    "kernel_min",
    "no_per_pod_proxy",
    "no_privileged_init",
    "jobs_and_init",
    "cert_rotation_auto",
    "upgrade_no_restart",
    "licence_cost",
    "cncf_maturity",
)


class Level(StrEnum):
    """How far an option has a capability. `unknown` is read neither as yes nor as no."""

    FULL = "full"
    PARTIAL = "partial"
    NEEDS_EXTRA = "needs-extra"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One cell of the catalogue.

    `maturity` is stable, beta, alpha or deprecated. `extra` says what a needs-extra cell needs: application (work
    in the services), component (another product), vendor (a vendor's build) or raw-config (unsupported configuration).
    """

    value: Level
    says: str
    source: Source
    maturity: str = "stable"
    extra: str = ""


@dataclass(frozen=True, kw_only=True)
class Operations:
    """What running it asks for.

    upgrades_per_year is the least number of minor upgrades that keeps it inside its support window. upgrade_effect
    is none, agent (node agents restart), reset_connections or restart_pods. proxies is none, kernel, node,
    node_and_namespace or pod. skills are ids of Case.operations.skills.
    """

    upgrades_per_year: float
    support_months: float
    upgrade_effect: str
    proxies: str
    control_plane: bool
    certificate_authority: bool
    skills: tuple[str, ...]
    says: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class Constraints:
    """Where it cannot run, or only with care. Empty tuples and strings mean no constraint is known.

    `cni`: lower-case names of CNIs it is part of (any other means a CNI migration). `min_kernel` and
    `min_kubernetes`: dotted versions. `carries_udp`: false when UDP leaves in clear text. `gvisor`: false when
    sandboxed pods are left out.
    """

    cni: tuple[str, ...] = ()
    min_kernel: str = ""
    min_kubernetes: str = ""
    carries_udp: bool = True
    gvisor: bool = True
    source: Source | None = None


@dataclass(frozen=True, kw_only=True)
class AdvisoryNote:
    """A known trap, limit or duty. `when` names a condition of advisories.CONDITIONS ("always" for no condition).

    `text` may contain {placeholders} that advisories.py fills from the case, such as {pods} or {nodes}.
    """

    topic: str
    when: str
    text: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """What the stages of the plan say for this product: one sentence for each."""

    prerequisites: str
    install: str
    permissive: str
    strict: str
    widen: str
    default: str
    rollback: str
    rollback_time: str
    proof: str
    source: Source


@dataclass(frozen=True, kw_only=True)
class Product:
    """One product in one mode. `beyond`: capabilities the product has but whose use makes it another approach."""

    id: str
    title: str
    approach: Approach
    version: str
    checked: str
    vendor_neutral: bool
    facts: Mapping[str, Fact]
    operations: Operations
    constraints: Constraints
    rollout: Rollout
    advisories: tuple[AdvisoryNote, ...] = ()
    beyond: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AddOnSheet:
    """A small measure that meets requirements without a mesh.

    meets: requirement ids. max_*: planning values above which it is not plausible any more (0: no limit).
    hours_per_service: one-off work for each service it touches; hours_per_month: what it takes to keep.
    defeated_by: threats (ids of context.threats) against which it does not count. needs: paths of the case
    document with the value that must be given, e.g. {"context.cloud_encryption_accepted" = "yes"}.
    exclusive_to: product ids it only goes with (empty: any). test: the measurement that decides the trial.
    weak: text for what it does not give; empty when it meets the requirement in full.
    """

    id: str
    title: str
    meets: tuple[str, ...]
    what: str
    test: str
    if_it_fails: str
    hours_per_service: Range
    hours_per_month: Range
    source: Source
    checked: str
    max_services: int = 0
    max_languages: int = 0
    max_teams: int = 0
    touches: str = "services"
    """What hours_per_service is multiplied by: services, namespaces, clusters or nothing."""
    defeated_by: tuple[str, ...] = ()
    needs: Mapping[str, str] = field(default_factory=dict)
    exclusive_to: tuple[str, ...] = ()
    weak: str = ""
    advisories: tuple[AdvisoryNote, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Planning:
    """One planning value of ours: a number the organisation can set, with the reasoning for it."""

    value: Range
    unit: str
    says: str


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """All sheets. `version` is the date of the newest sheet and the content hash: "2026-11-23+1a2b3c4d5e6f"."""

    version: str
    products: Mapping[str, Product]
    add_ons: Mapping[str, AddOnSheet]
    planning: Mapping[str, Planning]
