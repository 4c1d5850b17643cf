"""Kubernetes objects as any client writes them -> the inventory's small values.

Read: `kubectl get -o json|yaml` lists, typed lists whose items have no kind, single objects, bare arrays, objects one
after the other, `kubectl cluster-info dump` with Go field names, and lists slimmed with the manual's jq filter.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import cast

from decisions.intake import inventory as kept
from decisions.intake import kubernetes_objects as objects
from decisions.intake.document import Builder, Event, Events
from decisions.intake.inventory import Inventory, joined
from decisions.intake.kubernetes_objects import Object, field
from decisions.intake.kubernetes_shape import OBJECT
from decisions.intake.reading import Unreadable

MAX_OBJECTS = 200_000
FEW_OBJECTS = 10_000
BYTES_AN_OBJECT = 400
WORKLOADS = frozenset(["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet"])
VALIDATING, MUTATING = "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"
_HINTS = (
    ("Node", ("status", "nodeInfo")),
    ("Pod", ("spec", "containers")),
    ("NetworkPolicy", ("spec", "policyTypes")),
    ("NetworkPolicy", ("spec", "podSelector")),
    ("Service", ("spec", "clusterIP")),
)


def most_objects(length: int) -> int:
    """How many objects a file of so many bytes may hold: lists of far shorter ones are made, not exported."""
    return min(MAX_OBJECTS, FEW_OBJECTS + length // BYTES_AN_OBJECT)


class Collector:
    """Takes objects one by one, at most so many, and keeps only the inventory's small values of them."""

    def __init__(self, most: int = MAX_OBJECTS) -> None:
        self._most = most
        self.kinds: Counter[str] = Counter()
        self.manifests = 0
        self._objects = 0
        self._kept: dict[str, list[object]] = {}

    def announce(self, kind: str) -> None:
        """A list of this kind was in the file, even if it is empty."""
        self.kinds[kind] += 0

    def add(self, one: Object, listed: str) -> None:
        """Keeps an object of the list's kind, or of its own."""
        kind = _kind(one) or listed or guessed(one)
        self.kinds[kind] += bool(kind)
        if kind in WORKLOADS:
            self._kept.setdefault("Workload", []).append(objects.workload(one, kind))
        elif kind in _READERS:
            self._kept.setdefault(kind, []).append(_READERS[kind](one))

    def saw_one(self) -> None:
        """Counts an object, of whatever kind. Raises Unreadable beyond the number it may take."""
        self._objects += 1
        if self._objects > self._most:
            raise Unreadable(f"The list has more than {self._most:,} objects: export one cluster at a time.")

    def inventory(self) -> Inventory:
        """Everything taken so far."""
        return joined([self._all_kinds()])

    def _all_kinds(self) -> Inventory:
        return Inventory(
            kinds=frozenset(self.kinds) - {""},
            pods=cast("tuple[kept.Pod, ...]", self._all("Pod")),
            nodes=cast("tuple[kept.Node, ...]", self._all("Node")),
            services=cast("tuple[kept.Service, ...]", self._all("Service")),
            namespaces=cast("tuple[kept.Namespace, ...]", self._all("Namespace")),
            workloads=cast("tuple[kept.Workload, ...]", self._all("Workload")),
            policies=cast("tuple[kept.Policy, ...]", self._all("NetworkPolicy")),
            webhooks=cast("tuple[kept.Webhooks, ...]", self._all(VALIDATING) + self._all(MUTATING)),
        )

    def _all(self, kind: str) -> tuple[object, ...]:
        return tuple(self._kept.get(kind, ()))

    def readable(self) -> bool:
        """Whether there is any kind that has a part in the decision."""
        return bool(self.kinds.keys() & (WORKLOADS | _READERS.keys()))

    def unread(self) -> list[str]:
        """What was passed over: kinds that have no part in the decision, with their number."""
        known = WORKLOADS | _READERS.keys()
        return [f"{number} {kind}" for kind, number in sorted(self.kinds.items()) if kind not in known and number]


def collect(events: Events, most: int = MAX_OBJECTS) -> Collector:
    """Every object in a stream of parser events. Raises Unreadable when the stream is damaged or too long."""
    collector = Collector(most)
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
    untyped: list[Object] | None = None
    for name, key in events:
        if name == "end_map":
            break
        event = next(events)
        if key in {"items", "Items"}:
            untyped = _items(event, events, collector, _listed(top))
            continue
        child = OBJECT.child(str(key)[:1].lower() + str(key)[1:])
        if child is None:
            Builder(events).skip(event)
        else:
            top[str(key)] = Builder(events).value(event, child)
    if untyped is None:
        _single(top, collector)
        return
    for one in untyped:
        collector.add(one, _listed(top))
    if _listed(top):
        collector.announce(_listed(top))


def _items(event: Event, events: Events, collector: Collector, listed: str) -> list[Object]:
    """Takes the items of a list; those whose kind is not known yet are handed back."""
    untyped: list[Object] = []
    for one in _elements(events, collector) if event[0] == "start_array" else ():
        if _kind(one) or listed:
            collector.add(one, listed)
        else:
            untyped.append(one)
    return untyped


def _single(one: Object, collector: Collector) -> None:
    """An object of its own; without what only the API server sets it is a manifest."""
    if field(one, "metadata", "creationTimestamp") or field(one, "creationTimestamp"):
        collector.add(one, "")
    elif _kind(one):
        collector.manifests += 1


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


_READERS: Mapping[str, Callable[[Object], object]] = {
    "Pod": objects.pod,
    "Node": objects.node,
    "Service": objects.service,
    "Namespace": objects.namespace_object,
    "NetworkPolicy": objects.policy,
    VALIDATING: objects.webhooks,
    MUTATING: objects.webhooks,
}
