"""Kubernetes objects as any client writes them -> the inventory's small values.

Read: `kubectl get -o json|yaml` lists, typed lists whose items have no kind, single objects, bare arrays, objects one
after the other, `kubectl cluster-info dump` with Go field names, and lists slimmed with the manual's jq filter.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from decisions.intake import inventory as kept
from decisions.intake.document import Builder, Event, Events
from decisions.intake.inventory import Inventory
from decisions.intake.kubernetes_shape import OBJECT
from decisions.intake.reading import Unreadable

Object = Mapping[str, object]

MAX_OBJECTS = 200_000
WORKLOADS = frozenset(["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet"])
_QUANTITY = re.compile(r"([+-]?[0-9.]{1,40}(?:[eE][+-]?[0-9]{1,3})?)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)?")
_POWERS = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
_BINARY = {f"{letter}i": 1024.0 ** (place + 1) for place, letter in enumerate("KMGTPE")}
_HINTS = (
    ("Node", ("status", "nodeInfo")),
    ("Pod", ("spec", "containers")),
    ("NetworkPolicy", ("spec", "policyTypes")),
    ("NetworkPolicy", ("spec", "podSelector")),
    ("Service", ("spec", "clusterIP")),
)


def quantity(text: object) -> float | None:
    """A Kubernetes quantity ("250m", "1.5Gi", "1e3", 2) as a plain number; None when it is not one."""
    if not isinstance(text, str | int | float) or (isinstance(text, str) and len(text) > 64):
        return None
    match = _QUANTITY.fullmatch(str(text))
    if match is None:
        return None
    unit = match.group(2) or ""
    try:
        value = float(match.group(1)) * (_POWERS | _BINARY)[unit]
    except (ValueError, OverflowError):
        return None
    return value if 0 <= value < 1e21 else None


class Collector:
    """Takes objects one by one and keeps only the inventory's small values of them."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self._objects = 0
        self._kept: dict[str, list[object]] = {}

    def announce(self, kind: str) -> None:
        """A list of this kind was in the file, even if it is empty."""
        self.kinds[kind] += 0

    def add(self, one: Object, listed: str) -> None:
        """Keeps an object of the list's kind, or of its own. Raises Unreadable beyond MAX_OBJECTS."""
        kind = _kind(one) or listed or guessed(one)
        self.kinds[kind] += bool(kind)
        if kind in WORKLOADS:
            self._kept.setdefault("Workload", []).append(workload(one, kind))
        elif kind in _READERS:
            self._kept.setdefault(kind, []).append(_READERS[kind](one))

    def saw_one(self) -> None:
        """Counts an object, of whatever kind. Raises Unreadable beyond MAX_OBJECTS."""
        self._objects += 1
        if self._objects > MAX_OBJECTS:
            raise Unreadable(f"The list has more than {MAX_OBJECTS:,} objects: export one cluster at a time.")

    def inventory(self) -> Inventory:
        """Everything taken so far."""
        return Inventory(
            kinds=frozenset(self.kinds) - {""},
            pods=cast("tuple[kept.Pod, ...]", self._all("Pod")),
            nodes=cast("tuple[kept.Node, ...]", self._all("Node")),
            services=cast("tuple[kept.Service, ...]", self._all("Service")),
            namespaces=cast("tuple[kept.Namespace, ...]", self._all("Namespace")),
            workloads=cast("tuple[kept.Workload, ...]", self._all("Workload")),
            policies=cast("tuple[kept.Policy, ...]", self._all("NetworkPolicy")),
        )

    def _all(self, kind: str) -> tuple[object, ...]:
        return tuple(self._kept.get(kind, ()))

    def unread(self) -> list[str]:
        """What was passed over: kinds that have no part in the decision, with their number."""
        known = WORKLOADS | _READERS.keys()
        return [f"{number} {kind}" for kind, number in sorted(self.kinds.items()) if kind not in known and number]


def collect(events: Events) -> Collector:
    """Every object in a stream of parser events. Raises Unreadable when the stream is damaged or too long."""
    collector = Collector()
    complete = False
    while event := _next(events, may_end=complete):
        complete = True
        collector.saw_one()
        if event[0] == "start_array":
            for one in _elements(events, collector):
                collector.add(one, "")
        elif event[0] == "start_map":
            _document(events, collector)
    return collector


def _next(events: Events, *, may_end: bool) -> Event | None:
    """The first event of the next document; after one whole document a console prompt or `rc=0` ends the file."""
    try:
        return next(events, None)
    except Unreadable:
        if may_end:
            return None
        raise


def _elements(events: Events, collector: Collector) -> Iterator[Object]:
    for event in events:
        if event[0] == "end_array":
            return
        collector.saw_one()
        one = Builder(events).value(event, OBJECT)
        if isinstance(one, dict):
            yield one


def _document(events: Events, collector: Collector) -> None:
    """One top-level mapping: a list, whose items are taken one by one, or a single object."""
    top: dict[str, object] = {}
    untyped: list[Object] = []
    is_list = False
    for name_, key in events:
        if name_ == "end_map":
            break
        event = next(events)
        if key in {"items", "Items"}:
            is_list = True
            for one in _elements(events, collector) if event[0] == "start_array" else ():
                if _kind(one) or _listed(top):
                    collector.add(one, _listed(top))
                else:
                    untyped.append(one)
        else:
            child = OBJECT.child(str(key)[:1].lower() + str(key)[1:])
            if child is None:
                Builder(events).skip(event)
            else:
                top[str(key)] = Builder(events).value(event, child)
    if not is_list:
        collector.add(top, "")
        return
    for one in untyped:
        collector.add(one, _listed(top))
    if _listed(top):
        collector.announce(_listed(top))


def _listed(top: Object) -> str:
    """What a typed list holds ("PodList" -> "Pod"); "" for a mixed list."""
    kind = _kind(top)
    return kind.removesuffix("List") if kind != "List" else ""


def _kind(one: Object) -> str:
    value = one.get("kind", one.get("Kind", ""))
    return value if isinstance(value, str) else ""


def guessed(one: Object) -> str:
    """The kind of an object that does not name it, by the fields only that kind has; "" when unclear."""
    for kind, path in _HINTS:
        value: object = one
        for key in path:
            value = field(value, key)
        if value is not None:
            return kind
    return ""


def field(value: object, *path: str) -> object:
    """The value at a path of keys, in Kubernetes or in Go spelling; None when there is none."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key, value.get(key[:1].upper() + key[1:]))
    return value


def text(value: object, *path: str, limit: int = 253) -> str:
    """The text at a path, cut to a length that names have; "" when there is none."""
    found = field(value, *path)
    return found[:limit] if isinstance(found, str) else ""


def mappings(value: object, *path: str) -> list[dict[str, object]]:
    """The mappings in the list at a path."""
    found = field(value, *path)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def name(one: Object) -> str:
    """metadata.name; old dumps write metadata inline."""
    return text(one, "metadata", "name") or text(one, "name")


def namespace(one: Object) -> str:
    """metadata.namespace; old dumps write metadata inline."""
    return text(one, "metadata", "namespace") or text(one, "namespace")


def marks(one: Object) -> frozenset[str]:
    """Allow-listed labels and annotations as "key=value"; annotations whose value is dropped as the bare key."""
    found: set[str] = set()
    for part in ("labels", "annotations"):
        pairs = field(one, "metadata", part) or field(one, part)
        for key, value in pairs.items() if isinstance(pairs, dict) else ():
            if value is True or value == "present":
                found.add(key)
            elif isinstance(value, str):
                found.add(f"{key}={value[:63]}")
    return frozenset(found)


def pod(one: Object) -> kept.Pod:
    """A Pod, without anything of its env, command, volumes and addresses."""
    statuses = mappings(one, "status", "containerStatuses") + mappings(one, "status", "initContainerStatuses")
    reasons = [_ended(status) for status in statuses]
    system = text(one, "spec", "os", "name") or text(one, "spec", "nodeSelector", "kubernetes.io/os")
    owners = mappings(one, "metadata", "ownerReferences")
    host = field(one, "spec", "hostNetwork") or field(one, "spec", "securityContext", "hostNetwork")
    return kept.Pod(
        namespace=namespace(one),
        name=name(one),
        owner=text(owners[0], "kind") if owners else text(one, "metadata", "ownerKind"),
        node=text(one, "spec", "nodeName"),
        phase=text(one, "status", "phase"),
        host_network=host is True or host == "true",
        runtime_class=text(one, "spec", "runtimeClassName"),
        windows=system == "windows",
        marks=marks(one),
        containers=tuple(container(each) for each in mappings(one, "spec", "containers")),
        init_containers=tuple(container(each) for each in mappings(one, "spec", "initContainers")),
        restarts=sum(int(quantity(field(status, "restartCount")) or 0) for status in statuses),
        out_of_memory=reasons.count("OOMKilled"),
        waiting=frozenset(text(status, "state", "waiting", "reason") for status in statuses) - {""},
    )


def _ended(status: Object) -> str:
    """Why the container ended last: its current end if it is over, else its previous one."""
    return (
        text(status, "state", "terminated", "reason")
        or text(status, "lastState", "terminated", "reason")
        or text(status, "lastReason")
    )


def namespace_object(one: Object) -> kept.Namespace:
    """A Namespace with its injection marks."""
    return kept.Namespace(name=name(one), marks=marks(one))


def container(one: Object) -> kept.Container:
    """A container's name, image and resources; a registry's user name is not part of an image name."""
    return kept.Container(
        name=text(one, "name"),
        image=text(one, "image", limit=512).partition("@")[0],
        cpu_request=quantity(field(one, "resources", "requests", "cpu")),
        cpu_limit=quantity(field(one, "resources", "limits", "cpu")),
        memory_request=quantity(field(one, "resources", "requests", "memory")),
        memory_limit=quantity(field(one, "resources", "limits", "memory")),
        always=text(one, "restartPolicy") == "Always",
    )


def node(one: Object) -> kept.Node:
    """A Node, without its addresses and images."""
    info = cast("Object", field(one, "status", "nodeInfo") or {})
    labels = cast("Object", field(one, "metadata", "labels") or field(one, "labels") or {})
    provider = text(one, "spec", "providerID").partition(":")[0]
    return kept.Node(
        name=name(one),
        kernel=text(info, "kernelVersion", limit=63),
        system=text(info, "operatingSystem", limit=63) or text(labels, "kubernetes.io/os"),
        kubelet=text(info, "kubeletVersion", limit=63),
        runtime=text(info, "containerRuntimeVersion", limit=63),
        architecture=text(info, "architecture", limit=63),
        zone=text(labels, "topology.kubernetes.io/zone") or text(labels, "failure-domain.beta.kubernetes.io/zone"),
        region=text(labels, "topology.kubernetes.io/region")
        or text(labels, "failure-domain.beta.kubernetes.io/region"),
        provider=provider if provider.isalnum() else "",
        cpu=quantity(field(one, "status", "allocatable", "cpu") or field(one, "status", "capacity", "cpu")),
        memory=quantity(field(one, "status", "allocatable", "memory") or field(one, "status", "capacity", "memory")),
        marks=marks(one),
    )


def service(one: Object) -> kept.Service:
    """A Service's type and ports."""
    headless = field(one, "spec", "clusterIP") == "None" or field(one, "spec", "headless") is True
    ports = tuple(
        kept.Port(
            name=text(port, "name"),
            number=int(quantity(field(port, "port")) or 0) or None,
            protocol=text(port, "protocol") or "TCP",
            application=text(port, "appProtocol"),
        )
        for port in mappings(one, "spec", "ports")
    )
    return kept.Service(
        namespace=namespace(one), name=name(one), type=text(one, "spec", "type"), headless=headless, ports=ports
    )


def workload(one: Object, kind: str) -> kept.Workload:
    """A workload's identity and replicas."""
    replicas = quantity(field(one, "spec", "replicas"))
    return kept.Workload(
        kind=kind,
        namespace=namespace(one),
        name=name(one),
        replicas=None if replicas is None else int(replicas),
    )


def policy(one: Object) -> kept.Policy:
    """A NetworkPolicy's reach."""
    selected = field(one, "spec", "podSelector")
    directions = field(one, "spec", "policyTypes")
    return kept.Policy(
        namespace=namespace(one),
        name=name(one),
        selects_all=selected is False or field(one, "spec", "podSelectorEmpty") is True,
        directions=frozenset(each for each in directions if isinstance(each, str))
        if isinstance(directions, list)
        else frozenset(),
    )


_READERS: Mapping[str, Callable[[Object], object]] = {
    "Pod": pod,
    "Node": node,
    "Service": service,
    "Namespace": namespace_object,
    "NetworkPolicy": policy,
}
