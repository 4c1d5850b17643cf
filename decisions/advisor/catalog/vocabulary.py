"""The words a sheet may use: closed lists that the engine reads, for the loader and for the published schema."""

from decisions.advisor.questions.context import THREATS as ASKED_THREATS
from decisions.advisor.questions.operations import SKILLS as ASKED_SKILLS
from decisions.advisor.requirements import BY_ID

MATURITIES = ("stable", "beta", "alpha", "deprecated")
EXTRAS = ("application", "component", "vendor", "raw-config")
UPGRADE_EFFECTS = ("none", "agent", "reset_connections", "restart_pods")
PROXIES = ("none", "kernel", "node", "node_and_namespace", "pod")
SPANS = ("hour", "day", "month")
TOUCHES = ("services", "namespaces", "clusters", "nothing")
REQUIREMENTS = tuple(BY_ID)
SKILLS = tuple(name for name, _ in ASKED_SKILLS)
THREATS = tuple(name for name, _ in ASKED_THREATS)

CONDITIONS = (
    "always",
    "encryption",
    "identity",
    "fips",
    "segmentation",
    "egress",
    "egress_by_cilium",
    "egress_by_gke",
    "audit",
    "grpc",
    "resilience",
    "multi_cluster",
    "vms",
    "l7",
    "l7_scoped",
    "l7_unscoped",
    "compromised_pod",
    "compromised_node",
    "provider_staff",
    "single_node",
    "admission_webhooks",
    "boot_deadlock",
    "jobs",
    "native_sidecars_missing",
    "kubernetes_behind_istio",
    "long_connections",
    "resets_forbidden",
    "udp",
    "windows",
    "gvisor",
    "host_network",
    "virtual_nodes",
    "existing_sidecars",
    "mesh_present",
    "several_clusters",
    "several_clusters_here",
    "many_pods",
    "large_estate",
    "team_restarts",
    "few_debuggers",
    "ca_unowned",
    "ca_unowned_here",
    "ca_owned",
    "cni_cilium",
    "cni_unknown",
    "cni_migration",
    "assessor_unconfirmed",
    "kernel_suffices",
    "kubernetes_current",
    "cni_runs",
    "restarts_allowed",
    "beta_accepted",
    "linux_only",
    "nodes_enough",
    "mutual_tls",
    "routes",
    "no_routes",
    "native_sidecars",
    "native_sidecars_open",
    "not_gke",
    "on_gke",
    "maybe_gke",
    "maybe_eks",
    "cni_maybe_cilium",
    "maybe_several_clusters",
    "cni_of_provider",
    "encryption_set_here",
    "services_change",
)
"""When a note may apply, or a prerequisite is settled; advisories.py decides each."""

PLACEHOLDERS = (
    "sidecars",
    "node_proxies",
    "nodes",
    "clusters",
    "jobs",
    "machines",
    "windows_nodes",
    "gvisor_pods",
    "host_network_pods",
    "virtual_node_pods",
    "long_connections",
    "existing_sidecars",
    "single_node_clusters",
    "udp_share",
    "kubernetes",
    "cni",
    "cni_you_run",
    "lifetime",
    "skew",
    "waypoint_namespaces",
    "ca_owner",
    "teams",
    "languages",
    "debuggers",
    "hours",
    "resources",
)
"""What a note's text may hold in braces; advisories.py has the words for each."""
