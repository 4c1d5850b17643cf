"""The shapes of the catalogue's sheets."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from decisions.advisor.catalog import vocabulary
from decisions.advisor.catalog.marks import AtLeast, Day, Filled, Keys, Like, OneOf, Template
from decisions.advisor.quantities import Range
from decisions.advisor.questions import FIELDS
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

Id = Annotated[str, Like(r"[a-z0-9]+(-[a-z0-9]+)*", "an id of small letters, digits and single hyphens")]
Words = Annotated[str, Filled()]
Version = Annotated[str, Like(r"(\d+(\.\d+)*)?", "a dotted version like 5.10")]
Amount = Annotated[float, AtLeast(0)]
Limit = Annotated[int, AtLeast(0)]
Skill = Annotated[str, OneOf(vocabulary.SKILLS)]
Threat = Annotated[str, OneOf(vocabulary.THREATS)]
RequirementId = Annotated[str, OneOf(vocabulary.REQUIREMENTS)]
Capability = Annotated[str, OneOf(CAPABILITIES)]


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
    says: Words
    source: Source
    maturity: Annotated[str, OneOf(vocabulary.MATURITIES)] = "stable"
    extra: Annotated[str, OneOf(("", *vocabulary.EXTRAS))] = ""

    def __post_init__(self) -> None:
        if (self.value is Level.NEEDS_EXTRA) != bool(self.extra):
            message = f"needs-extra and only needs-extra says which of {', '.join(vocabulary.EXTRAS)} as extra"
            raise ValueError(message)


@dataclass(frozen=True, kw_only=True)
class Operations:
    """What running it asks for.

    upgrades_per_year is the least number of minor upgrades that keeps it inside its support window. upgrade_effect
    is none, agent (node agents restart), reset_connections or restart_pods. proxies is none, kernel, node,
    node_and_namespace or pod. skills are ids of Case.operations.skills. end_of_support is the date on which this
    version leaves support, or the month of it, empty where the project publishes none; end_of_support_says is how
    sure that is. supported_minors: how many of its newest minors the project repairs at a time, the sheet's version
    being the newest; 0 where no such rule is stated. minors_per_upgrade: over how many minors one upgrade may go.
    """

    upgrades_per_year: Amount
    support_months: Amount
    upgrade_effect: Annotated[str, OneOf(vocabulary.UPGRADE_EFFECTS)]
    proxies: Annotated[str, OneOf(vocabulary.PROXIES)]
    control_plane: bool
    certificate_authority: bool
    skills: tuple[Skill, ...]
    says: Words
    source: Source
    end_of_support: Annotated[str, Day(coarse=True, optional=True)] = ""
    end_of_support_says: str = ""
    supported_minors: Annotated[int, AtLeast(0)] = 0
    minors_per_upgrade: Annotated[int, AtLeast(1)] = 1

    def __post_init__(self) -> None:
        if bool(self.end_of_support) != bool(self.end_of_support_says.strip()):
            message = "end_of_support and end_of_support_says go together: the date, and whether it is announced"
            raise ValueError(message)


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a provider who runs the CNI lets be had of a product: requirements that take no CNI of one's own.

    What is not named cannot be had. `apart`: requirements of which the provider lets one be had and not all.
    """

    meets: tuple[RequirementId, ...]
    source: Source
    apart: tuple[RequirementId, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Constraints:
    """Where it cannot run, or only with care. Empty tuples and strings mean no constraint is known.

    `cni`: lower-case names of CNIs it is part of (any other means a CNI migration). `min_kernel` and
    `min_kubernetes`: dotted versions. `backports`: marks in a kernel's name that make an older number as good, such as
    "el8_10". `native_sidecars`: from which Kubernetes its proxies are native sidecars unasked, so that Jobs end; empty
    where that takes a step of its own. `carries_udp`: false when UDP leaves in clear text. `gvisor`: false when
    sandboxed pods are left out. `ipv6`: how far it works with IPv6 and dual stack; none where it is not concerned.
    `providers`: by provider (aks, gke) who runs the CNI that the product is part of, what may be had of it; a provider
    who is not named takes nothing away.
    """

    cni: tuple[Annotated[str, Like("[a-z0-9-]+", "the name of a CNI in small letters")], ...] = ()
    min_kernel: Version = ""
    backports: tuple[Words, ...] = ()
    min_kubernetes: Version = ""
    native_sidecars: Version = ""
    carries_udp: bool = True
    gvisor: bool = True
    ipv6: Fact | None = None
    providers: Mapping[str, Offer] = field(default_factory=dict)
    source: Source | None = None


@dataclass(frozen=True, kw_only=True)
class AdvisoryNote:
    """A known trap, limit or duty. `when` names a condition of conditions.CONDITIONS ("always" for no condition).

    `text` may contain {placeholders} that advisories.py fills from the case, such as {pods} or {nodes}.
    """

    topic: Words
    when: Annotated[str, OneOf(vocabulary.CONDITIONS)]
    text: Annotated[str, Filled(), Template(vocabulary.PLACEHOLDERS)]
    source: Source


@dataclass(frozen=True, kw_only=True)
class Prerequisite:
    """What has to hold before the first stage, as a part of a sentence.

    `settled_by` names a condition of conditions.CONDITIONS under which the team's answers have settled it, so that
    nobody is asked for it again; empty when no answer does.
    """

    text: Words
    settled_by: Annotated[str, OneOf(("", *vocabulary.CONDITIONS))] = ""


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """What the stages of the plan say for this product: one sentence for each.

    removed_within: the span, one of those that are asked as operations.exit_time, within which all of it is out again
    where pods may restart at any time.
    """

    prerequisites: tuple[Prerequisite, ...]
    install: Words
    permissive: Words
    strict: Words
    widen: Words
    default: Words
    rollback: Words
    rollback_time: Words
    removed_within: Annotated[str, OneOf(vocabulary.SPANS)]
    proof: Words
    source: Source


@dataclass(frozen=True, kw_only=True)
class Product:
    """One product in one mode.

    beyond: capabilities the product has but whose use makes it another approach. projected_as: id of the product whose
    overhead figures count for this one; empty when overheads.toml has its own. not_allowed: why the organisation does
    not allow it; empty when it may be used.
    """

    id: Id
    title: Words
    approach: Approach
    version: str
    checked: Annotated[str, Day()]
    vendor_neutral: bool
    facts: Annotated[Mapping[str, Fact], Keys(CAPABILITIES, all_of=True)]
    operations: Operations
    constraints: Constraints
    rollout: Rollout
    advisories: tuple[AdvisoryNote, ...] = ()
    beyond: tuple[Capability, ...] = ()
    projected_as: str = ""
    not_allowed: str = ""


@dataclass(frozen=True, kw_only=True)
class AddOnSheet:
    """A small measure that meets requirements without a mesh.

    meets: requirement ids. max_*: planning values above which it is not plausible any more (0: no limit).
    hours_per_service: one-off work for each service it touches; hours_per_month: what it takes to keep.
    rollback: how it is taken back, and rollback_time how long that takes; empty in a sheet
    that does not say. defeated_by: threats (ids of context.threats) against which it does not count. needs: paths of
    the case document with the value that must be given, e.g. {"context.cloud_encryption_accepted" = "yes"}. unless:
    paths with the value that makes it count for nothing, e.g. {"baseline.bare_metal" = "yes"}. validated: whether its
    cryptography can be FIPS-validated; without that it encrypts nothing where that is a must.
    exclusive_to: product ids it only goes with (empty: any). test: the measurement that decides the trial.
    weak: text for what it does not give; empty when it meets the requirement in full. not_allowed: why the
    organisation does not allow it; empty when it may be used.
    """

    id: Id
    title: Words
    meets: tuple[RequirementId, ...]
    what: Words
    test: Words
    if_it_fails: Words
    hours_per_service: Range
    hours_per_month: Range
    source: Source
    checked: Annotated[str, Day()]
    max_services: Limit = 0
    max_languages: Limit = 0
    max_teams: Limit = 0
    touches: Annotated[str, OneOf(vocabulary.TOUCHES)] = "services"
    """What hours_per_service is multiplied by: services, namespaces, clusters or nothing."""
    defeated_by: tuple[Threat, ...] = ()
    needs: Annotated[Mapping[str, str], Keys(tuple(FIELDS))] = field(default_factory=dict)
    unless: Annotated[Mapping[str, str], Keys(tuple(FIELDS))] = field(default_factory=dict)
    validated: bool = True
    exclusive_to: tuple[str, ...] = ()
    weak: str = ""
    rollback: str = ""
    rollback_time: str = ""
    not_allowed: str = ""
    advisories: tuple[AdvisoryNote, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Planning:
    """One planning value of ours: a number the organisation can set, with the reasoning for it.

    `title` names it for people; where an organisation's own has none, its key does.
    """

    value: Range
    unit: Words
    says: Words
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Catalog:
    """All sheets. `version` is the date of the newest sheet and the content hash: "2026-11-23+1a2b3c4d5e6f".

    laid_over: id of a sheet (or "planning") -> names of the files of an overlay that brought or changed it.
    """

    version: str
    products: Mapping[str, Product]
    add_ons: Mapping[str, AddOnSheet]
    planning: Mapping[str, Planning]
    laid_over: Mapping[str, str] = field(default_factory=dict)
