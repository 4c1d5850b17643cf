"""The parts of Kubernetes objects that are kept: an allow-list of small values, mergeable across files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Container:
    """Resources in vCPU and bytes; None where nothing is set. `always`: an init container that is a native sidecar."""

    name: str
    image: str = ""
    cpu_request: float | None = None
    cpu_limit: float | None = None
    memory_request: float | None = None
    memory_limit: float | None = None
    always: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pod:
    """`marks` are allow-listed labels and annotations as "key=value" (or the bare key where the value is dropped)."""

    namespace: str
    name: str
    owner: str = ""
    node: str = ""
    phase: str = ""
    host_network: bool = False
    runtime_class: str = ""
    windows: bool = False
    marks: frozenset[str] = frozenset()
    containers: tuple[Container, ...] = ()
    init_containers: tuple[Container, ...] = ()
    restarts: int = 0
    out_of_memory: int = 0
    waiting: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Node:
    """CPU in vCPU, memory in bytes, both allocatable (capacity where that is missing)."""

    name: str
    kernel: str = ""
    system: str = ""
    kubelet: str = ""
    runtime: str = ""
    architecture: str = ""
    zone: str = ""
    region: str = ""
    provider: str = ""
    cpu: float | None = None
    memory: float | None = None
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Port:
    """A Service port; `protocol` is TCP, UDP or SCTP, `application` is appProtocol."""

    name: str = ""
    number: int | None = None
    protocol: str = "TCP"
    application: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Service:
    """A Service without its addresses."""

    namespace: str
    name: str
    type: str = ""
    headless: bool = False
    ports: tuple[Port, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Namespace:
    """A namespace with its injection marks."""

    name: str
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Workload:
    """Deployment, StatefulSet, DaemonSet, Job, CronJob and the like."""

    kind: str
    namespace: str
    name: str
    replicas: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Policy:
    """A NetworkPolicy: does it select every pod, and which directions does it govern."""

    namespace: str
    name: str
    selects_all: bool = False
    directions: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Webhooks:
    """A configuration of admission webhooks; `blocking` when one of them refuses everything while it is down."""

    kind: str
    name: str
    blocking: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """A row of `kubectl top`: vCPU and bytes in use. `container` is empty for a pod's row, `pod` for a node's row."""

    cpu: float
    memory: float
    node: str = ""
    namespace: str = ""
    pod: str = ""
    container: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class HelmRelease:
    """A row of `helm list`."""

    name: str
    namespace: str
    chart: str
    app_version: str
    status: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Proxy:
    """A row of `istioctl proxy-status`."""

    name: str
    version: str


@dataclass(frozen=True, kw_only=True)
class Inventory:
    """Everything read from one or more cluster files. `kinds` names the kinds that were asked for, even if empty."""

    kinds: frozenset[str] = frozenset()
    pods: tuple[Pod, ...] = ()
    nodes: tuple[Node, ...] = ()
    services: tuple[Service, ...] = ()
    namespaces: tuple[Namespace, ...] = ()
    workloads: tuple[Workload, ...] = ()
    policies: tuple[Policy, ...] = ()
    webhooks: tuple[Webhooks, ...] = ()
    usage: tuple[Usage, ...] = ()
    releases: tuple[HelmRelease, ...] = ()
    proxies: tuple[Proxy, ...] = ()
    server_version: str | None = None
    mesh_check: str | None = None


def joined(inventories: Iterable[Inventory]) -> Inventory:
    """One inventory of all; an object that several files hold counts once, the first file wins."""
    result = Inventory()
    for one in inventories:
        result = replace(
            result,
            kinds=result.kinds | one.kinds,
            pods=_union(result.pods, one.pods, lambda pod: _named(pod.namespace, pod.name)),
            nodes=_union(result.nodes, one.nodes, lambda node: (node.name,)),
            services=_union(result.services, one.services, lambda service: _named(service.namespace, service.name)),
            namespaces=_union(result.namespaces, one.namespaces, lambda namespace: (namespace.name,)),
            workloads=_union(
                result.workloads, one.workloads, lambda work: _named(f"{work.kind} {work.namespace}", work.name)
            ),
            policies=_union(result.policies, one.policies, lambda policy: _named(policy.namespace, policy.name)),
            webhooks=_union(result.webhooks, one.webhooks, lambda hooks: _named(hooks.kind, hooks.name)),
            usage=_union(result.usage, one.usage, lambda row: (row.node, row.namespace, row.pod, row.container)),
            releases=_union(result.releases, one.releases, lambda release: _named(release.namespace, release.name)),
            proxies=_union(result.proxies, one.proxies, lambda proxy: (proxy.name,)),
            server_version=result.server_version or one.server_version,
            mesh_check=result.mesh_check or one.mesh_check,
        )
    return result


def _named(inside: str, name: str) -> tuple[str, ...]:
    return (inside, name) if name else ()


def _union(first: tuple[T, ...], second: tuple[T, ...], key: Callable[[T], tuple[str, ...]]) -> tuple[T, ...]:
    """Both together; of what has the same name the first stays, and what has no name is never taken for the same."""
    merged: dict[object, T] = {}
    for place, one in enumerate(first + second):
        name = key(one)
        merged.setdefault(name if any(name) else place, one)
    return tuple(merged.values())
