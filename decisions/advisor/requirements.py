"""The sixteen things a team may require, and what in the catalogue can meet each."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """One requirement: how it is asked, which capabilities meet it, which add-ons meet it without a mesh.

    An option meets the requirement when every capability in `capabilities` is met; `fixes` are the ids of add-on
    sheets, smallest first. `noun` completes "must-have ...".
    """

    id: str
    noun: str
    text: str
    help: str
    why: str
    capabilities: tuple[str, ...] = ()
    fixes: tuple[str, ...] = ()
    simplest: str = ""
    named: tuple[str, ...] = ()
    """The fixes that `simplest` names, where it names others than the first one."""
    needs_l7: bool = False
    """True when a proxy that understands HTTP has to sit in the path."""

    @property
    def tried(self) -> tuple[str, ...]:
        """The fixes that the trial of the simplest one speaks of."""
        return self.named or self.fixes[:1]

    @property
    def heading(self) -> str:
        """The noun at the head of a sentence."""
        return begun(self.noun)


def begun(words: str) -> str:
    """The words as they begin a sentence: what has its capitals elsewhere, such as gRPC, keeps them."""
    first = words.partition(" ")[0]
    return words[:1].upper() + words[1:] if first.islower() else words


REQUIREMENTS = (
    Requirement(
        id="encryption_between_nodes",
        noun="encryption between nodes",
        text="Nobody can read pod traffic on the network between nodes",
        help="Protects against someone tapping the network",
        why="Encryption alone does not need a mesh: the CNI or the cloud provider can do it.",
        capabilities=("enc_node_to_node",),
        fixes=("provider-encryption", "tls-in-application", "encryption-in-the-cni"),
        named=("provider-encryption", "encryption-in-the-cni"),
        simplest="WireGuard or IPsec in the CNI, or instance encryption by the cloud provider",
    ),
    Requirement(
        id="encryption_same_node",
        noun="encryption on the same node",
        text="Traffic between two pods on the same node is encrypted too",
        help="Some FedRAMP assessors ask for it; most other rules do not",
        why="CNI encryption works between nodes: two pods on one node talk in clear text.",
        capabilities=("enc_same_node",),
        fixes=("tls-in-application",),
        simplest="TLS in the application for the few services concerned",
    ),
    Requirement(
        id="fips_cryptography",
        noun="FIPS-validated cryptography",
        text="Cryptography must be FIPS-validated",
        help="Name the certificate number your assessor accepts",
        why="WireGuard is not validated; FIPS builds of meshes mostly come from vendors.",
        capabilities=("fips",),
        fixes=("tls-in-application",),
        simplest="The platform's validated TLS library in the application",
    ),
    Requirement(
        id="workload_identity",
        noun="workload identity",
        text="A service can prove cryptographically who is calling it",
        help="Mutual TLS with workload identity, not IP addresses",
        why="This, not encryption, is what meshes are for.",
        capabilities=("workload_identity_mtls",),
        fixes=("tls-in-application",),
        simplest="TLS in the application with cert-manager or SPIRE, if the services are few",
    ),
    Requirement(
        id="network_segmentation",
        noun="network segmentation",
        text="Only listed services may connect to each other",
        help="Default deny on address and port",
        why="NetworkPolicy does this without a mesh.",
        capabilities=("l3l4_policy",),
        fixes=("network-policies",),
        simplest="NetworkPolicy per namespace, default deny",
    ),
    Requirement(
        id="l7_authorization",
        noun="authorization per request",
        text="Access is decided per request (method, path, token)",
        help="For example: billing may GET /invoices but not POST",
        why="Needs a proxy that understands HTTP, or code.",
        capabilities=("l7_authz",),
        fixes=("authorization-in-code",),
        simplest="A check in the services' own middleware",
        needs_l7=True,
    ),
    Requirement(
        id="egress_control",
        noun="egress control",
        text="Outgoing calls are limited to named destinations and logged",
        help="By host name, per workload",
        why="A DNS-aware policy or an egress proxy is enough.",
        capabilities=("egress_control",),
        fixes=("egress-proxy",),
        simplest="An egress proxy with an allow-list, or IP rules where destinations are few and fixed",
    ),
    Requirement(
        id="grpc_load_balancing",
        noun="gRPC load balancing",
        text="gRPC or HTTP/2 load spreads evenly over pods",
        help="Long-lived connections pin callers to one pod",
        why="Often the only reason for a mesh; clients can do it.",
        capabilities=("grpc_lb",),
        fixes=("client-side-grpc-balancing",),
        simplest="headless Service with round_robin and MAX_CONNECTION_AGE, or proxyless xDS",
        needs_l7=True,
    ),
    Requirement(
        id="traffic_splitting",
        noun="traffic splitting",
        text="Shift a percentage of traffic between versions of an internal service",
        help="Canary or mirroring behind the ingress, not at it",
        why="At the edge the Gateway API does this already.",
        capabilities=("traffic_split",),
        fixes=("edge-canary",),
        simplest="Weights at the ingress or gateway that is there, stepped by a controller (Argo Rollouts, Flagger); "
        "by replica count for services called from inside",
        needs_l7=True,
    ),
    Requirement(
        id="resilience",
        noun="retries, timeouts and circuit breaking",
        text="Retries, timeouts and circuit breakers without code changes",
        help="Count the languages you would otherwise change",
        why="Libraries win below three languages.",
        capabilities=("retries", "timeouts", "circuit_breaking"),
        fixes=("retries-in-code",),
        simplest="A retry and timeout library in the callers",
        needs_l7=True,
    ),
    Requirement(
        id="request_metrics",
        noun="request metrics",
        text="The same request metrics for every service without code changes",
        help="Rate, errors and latency per caller and callee",
        why="OpenTelemetry or eBPF flow logs may be enough.",
        capabilities=("request_metrics",),
        fixes=("opentelemetry",),
        simplest="OpenTelemetry auto-instrumentation",
        needs_l7=True,
    ),
    Requirement(
        id="flow_visibility",
        noun="flow visibility",
        text="We can see which workload talks to which, and what was dropped",
        help="Flow logs on address and port with workload names",
        why="The CNI often has it already; it needs no proxy.",
        capabilities=("flow_metrics",),
        fixes=("flow-agent",),
        simplest="The flow logs of the CNI you run, or a flow-collecting agent",
    ),
    Requirement(
        id="multi_cluster",
        noun="calls across clusters",
        text="Services find and fail over to each other across clusters",
        help="Not needed if DNS or a global load balancer does it",
        why="Different products, very different effort.",
        capabilities=("multicluster",),
        fixes=("global-load-balancer",),
        simplest="DNS or a global load balancer in front of each cluster",
    ),
    Requirement(
        id="vm_workloads",
        noun="virtual machines under the same rules",
        text="Virtual machines or other platforms take part with the same rules",
        help="Count them",
        why="Node-level options stop at the cluster border.",
        capabilities=("vm_workloads",),
        simplest="A gateway in front of the machines",
    ),
    Requirement(
        id="central_control",
        noun="central control of networking behaviour",
        text="The platform team sets networking behaviour for all services in one place",
        help="Routing, timeouts and policy as configuration, not code",
        why="A few policies can live in a shared library or at the edge; many cannot.",
        capabilities=("timeouts", "header_routing"),
        fixes=("shared-library",),
        simplest="A shared client library with reviewed defaults",
        needs_l7=True,
    ),
    Requirement(
        id="audit_proof",
        noun="proof for the auditor",
        text="We can show an auditor every day that the control is on",
        help="Which report, how often, who reads it",
        why="A control that is declared but not deployed is worse than none.",
        fixes=("audit-check",),
        simplest="A scheduled check whose result is kept",
    ),
)

BY_ID = {requirement.id: requirement for requirement in REQUIREMENTS}
