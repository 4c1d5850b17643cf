"""The names that stand in a pack: namespaces and services of the case, checked, with plain examples where none is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from decisions.advisor.case import Case

LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
"""A label after RFC 1123, which Kubernetes demands of namespaces."""
SERVICE = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
"""A label after RFC 1035, which Kubernetes demands of Services."""
NAMESPACE, API, CALLER, PORT = "pilot", "api", "frontend", 8080
HOST, POD_CIDR = "api.payments.example", "10.244.0.0/16"
MESH, NETWORK, CLUSTER = "mesh1", "network1", "cluster1"
"""Names for several clusters, which the case does not ask for."""
MONITORING = "monitoring"
"""Where the gates and the dashboards go while nobody says where Prometheus and Grafana are: the usual namespace."""
SUFFIX_ROOM = 48
"""Characters of a service name that leave room for suffixes such as -authorization."""


class PackError(Exception):
    """A name no file can be made with. The text says which, where and what is allowed."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a manifest applies: a namespace, one of its services with a port, and who calls that service."""

    namespace: str
    service: str
    port: int
    caller: str

    @property
    def words(self) -> Mapping[str, str]:
        """What the placeholders of the sheets stand for."""
        return {
            "namespace": self.namespace,
            "service": self.service,
            "caller": self.caller,
            "port": str(self.port),
            "port_text": str(self.port),
            "host": HOST,
            "pod_cidr": POD_CIDR,
            "mesh": MESH,
            "network": NETWORK,
            "cluster": CLUSTER,
        }


@dataclass(frozen=True, kw_only=True)
class Targets:
    """The first namespace and those that follow in the order of risk; `examples` says which names are not yours."""

    first: Place
    further: tuple[Place, ...] = ()
    examples: tuple[str, ...] = field(default=())
    monitoring: str = MONITORING


def check_namespace(name: str, where: str) -> str:
    """The name, when Kubernetes would take it. Raises PackError."""
    if not LABEL.fullmatch(name):
        text = f"{where}: {name[:80]!r} cannot be used here; small letters, digits and inner hyphens, 63 at most"
        raise PackError(text)
    return name


def check_service(name: str, where: str) -> str:
    """The name, when Kubernetes would take it with a suffix of ours. Raises PackError."""
    if not SERVICE.fullmatch(name) or len(name) > SUFFIX_ROOM:
        text = (
            f"{where}: {name[:80]!r} cannot be the service of a pack; a small letter first, then small letters, digits "
            f"and inner hyphens, {SUFFIX_ROOM} at most"
        )
        raise PackError(text)
    return name


def targets_of(case: Case) -> Targets:
    """The places of a case: its first namespace, then the others in the order given. Raises PackError."""
    named = {check_namespace(name, "namespaces"): services for name, services in case.namespaces.items()}
    chosen = first_namespace(case)
    examples = () if chosen else ("namespace",)
    first = chosen or NAMESPACE
    further = tuple(_place(name, services) for name, services in named.items() if name != first)
    services = named.get(first, {})
    if not services:
        examples = (*examples, "service")
    monitoring = check_namespace(case.plan.monitoring_namespace or MONITORING, "plan.monitoring_namespace")
    if case.plan.present_revision:
        check_namespace(case.plan.present_revision, "plan.present_revision")
    return Targets(first=_place(first, services), further=further, examples=examples, monitoring=monitoring)


def first_namespace(case: Case) -> str:
    """The namespace that goes first: the team's answer, else the first of the inventory, else none."""
    named = case.namespaces
    answer = (case.plan.first_namespace or "").strip()
    if answer and LABEL.fullmatch(answer):
        return answer
    # The answer may be a sentence; a name of the inventory in it counts.
    words = re.findall(r"[a-z0-9-]+", answer)
    return next((one for one in words if one in named), "") or next(iter(named), "")


def _place(namespace: str, services: Mapping[str, int]) -> Place:
    names = [check_service(one, f"namespaces.{namespace}") for one in services]
    service = names[0] if names else API
    caller = names[1] if len(names) > 1 else CALLER
    return Place(namespace=namespace, service=service, port=services.get(service, PORT), caller=caller)
