"""What a cluster has, reserves and uses: vCPU and GiB, summed the way the scheduler does."""

from collections.abc import Iterable
from dataclasses import dataclass

from decisions.intake.inventory import Container, Inventory, Pod, Usage
from decisions.intake.mesh import PROXIES, Mesh

GIBIBYTE = float(1 << 30)
_OVER = frozenset({"Succeeded", "Failed"})


@dataclass(frozen=True, kw_only=True)
class Sums:
    """Totals of a set of containers; None when there is no container to sum."""

    containers: int
    without_cpu_request: int
    cpu_requests: float
    cpu_limits: float
    memory_requests: float
    memory_limits: float


def active(pods: Iterable[Pod]) -> tuple[Pod, ...]:
    """Pods that hold resources: those that are over do not."""
    return tuple(pod for pod in pods if pod.phase not in _OVER)


def containers(pod: Pod) -> tuple[Container, ...]:
    """The containers that run side by side: the ordinary ones and native sidecars."""
    return pod.containers + tuple(one for one in pod.init_containers if one.always)


def sums(pods: Iterable[Pod]) -> Sums:
    """Requests and limits of all containers of active pods."""
    found = [one for pod in active(pods) for one in containers(pod)]
    return _sums(found)


def _sums(found: list[Container]) -> Sums:
    return Sums(
        containers=len(found),
        without_cpu_request=sum(one.cpu_request is None for one in found),
        cpu_requests=round(sum(one.cpu_request or 0.0 for one in found), 6),
        cpu_limits=round(sum(one.cpu_limit or 0.0 for one in found), 6),
        memory_requests=sum(one.memory_request or 0.0 for one in found) / GIBIBYTE,
        memory_limits=sum(one.memory_limit or 0.0 for one in found) / GIBIBYTE,
    )


def reserved_by_sidecars(mesh: Mesh) -> Sums:
    """What the injected proxies of active pods reserve."""
    return _sums([one.proxy for pod, one in mesh.sidecars if one.proxy and pod in active((pod,))])


def allocatable(inventory: Inventory) -> tuple[float | None, float | None]:
    """(vCPU, GiB) that pods may reserve on all nodes; None when a node does not say."""
    cpu = [node.cpu for node in inventory.nodes]
    memory = [node.memory for node in inventory.nodes]
    return _complete(cpu, 1.0), _complete(memory, GIBIBYTE)


def _complete(values: list[float | None], unit: float) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / unit if known and len(known) == len(values) else None


def used(inventory: Inventory) -> tuple[float | None, float | None]:
    """(vCPU, GiB) in use by `kubectl top`: of nodes when listed, else of pods, else of containers."""
    by_node = [row for row in inventory.usage if row.node]
    by_pod = [row for row in inventory.usage if row.pod and not row.container]
    return _usage(by_node or by_pod or [row for row in inventory.usage if row.container])


def busiest_node(inventory: Inventory) -> float | None:
    """CPU in use on the busiest node as a share of what it has; None unless nodes and `kubectl top nodes` are there."""
    size = {node.name: node.cpu for node in inventory.nodes if node.cpu}
    shares = [row.cpu / size[row.node] for row in inventory.usage if row.node in size]
    return round(min(1.0, max(shares)), 3) if shares else None


def used_by_sidecars(inventory: Inventory) -> tuple[float | None, float | None]:
    """(vCPU, GiB) in use by proxy containers by `kubectl top pods --containers`."""
    rows = [row for row in inventory.usage if row.container]
    proxies = [row for row in rows if row.container in PROXIES]
    return _usage(proxies) if proxies or not rows else (0.0, 0.0)


def _usage(rows: list[Usage]) -> tuple[float | None, float | None]:
    if not rows:
        return None, None
    return round(sum(row.cpu for row in rows), 6), sum(row.memory for row in rows) / GIBIBYTE
