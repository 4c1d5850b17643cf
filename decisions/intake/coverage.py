"""How far a cluster is ready for a change: NetworkPolicies, protocols, and namespaces to begin with."""

from collections import Counter

from decisions.intake.inventory import Inventory, Pod, Port
from decisions.intake.reading import Candidate, NamespacePolicy
from decisions.intake.units import counted

_SYSTEM = ("kube-", "istio-system", "linkerd", "cilium", "calico", "gatekeeper", "cert-manager", "default")
_GRPC = ("grpc", "grpc-web", "kubernetes.io/h2c", "h2c")
_HTTP = ("http", "https", "http2", "kubernetes.io/ws", "kubernetes.io/wss", "gateway")
_KNOWN = ("tcp", "tls", "udp", "mysql", "mongo", "redis", "postgres", "postgresql", "dns", "amqp", "kafka", "metrics")
# Server-speaks-first and other protocols that sniffing breaks; a mesh needs them marked opaque.
_OPAQUE = {
    3306: "mysql",
    5432: "postgres",
    6379: "redis",
    9092: "kafka",
    27017: "mongo",
    25: "smtp",
    11211: "memcached",
}


def policies(inventory: Inventory) -> tuple[NamespacePolicy, ...]:
    """Coverage of every namespace with pods; empty when policies were not listed."""
    if "NetworkPolicy" not in inventory.kinds:
        return ()
    names = {one.name for one in inventory.namespaces} | {pod.namespace for pod in inventory.pods}
    covered = {one.namespace for one in inventory.policies}
    denied = {one.namespace for one in inventory.policies if one.selects_all}
    return tuple(
        NamespacePolicy(
            namespace=name, coverage="default-deny" if name in denied else "some" if name in covered else "none"
        )
        for name in sorted(names - {""})
    )


def protocol(port: Port) -> str:
    """What a Service port speaks by appProtocol or by the prefix of its name; "unnamed" makes a mesh guess."""
    if port.protocol == "UDP":
        return "udp"
    word = (port.application or port.name).lower()
    if word in _GRPC or word.startswith("grpc"):
        return "grpc"
    prefix = word.partition("-")[0]
    if word in _HTTP or prefix in _HTTP:
        return "http"
    if prefix in _KNOWN:
        return "tcp" if prefix in {"tcp", "tls"} else prefix
    if port.number in _OPAQUE:
        return _OPAQUE[port.number]
    return "other" if word else "unnamed"


def ports(inventory: Inventory) -> tuple[tuple[str, int], ...]:
    """Service ports by protocol, most frequent first."""
    found = Counter(protocol(port) for service in inventory.services for port in service.ports)
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def candidates(inventory: Inventory, limit: int = 5) -> tuple[Candidate, ...]:
    """Namespaces to begin a roll-out with, the least risky first; empty when pods were not listed."""
    ranked = sorted(
        (_judged(name, inventory) for name in {pod.namespace for pod in inventory.pods} if not is_system(name)),
        key=lambda pair: (pair[0], pair[1].pods, pair[1].namespace),
    )
    return tuple(candidate for _, candidate in ranked[:limit])


def is_system(name: str) -> bool:
    """Whether a namespace belongs to the cluster itself and not to an application."""
    return not name or name.startswith(_SYSTEM)


def _judged(name: str, inventory: Inventory) -> tuple[int, Candidate]:
    """(number of obstacles, candidate)."""
    pods = [pod for pod in inventory.pods if pod.namespace == name]
    against = _obstacles(name, pods, inventory)
    good = [counted(len(pods), "pod")]
    if not against:
        good.append("no stateful sets, jobs or host network")
    if any(one.namespace == name for one in inventory.policies):
        good.append("NetworkPolicies in place")
    return len(against), Candidate(namespace=name, pods=len(pods), because=tuple(good + against))


def _obstacles(name: str, pods: list[Pod], inventory: Inventory) -> list[str]:
    restarts = sum(pod.restarts for pod in pods)
    stateful = sum(pod.owner == "StatefulSet" for pod in pods)
    jobs = sum(pod.owner == "Job" for pod in pods)
    host = sum(pod.host_network for pod in pods)
    unnamed = sum(
        protocol(port) == "unnamed"
        for service in inventory.services
        if service.namespace == name
        for port in service.ports
    )
    silent = "Service" in inventory.kinds and not any(one.namespace == name for one in inventory.services)
    findings = (
        (silent, "no Service, so little traffic to learn from"),
        (stateful, f"{counted(stateful, 'pod')} of stateful sets"),
        (jobs, counted(jobs, "job pod")),
        (host, f"{counted(host, 'pod')} on the host network"),
        (unnamed, f"{counted(unnamed, 'Service port')} without a protocol in the name"),
        (restarts, counted(restarts, "container restart")),
    )
    return [sentence for number, sentence in findings if number]
