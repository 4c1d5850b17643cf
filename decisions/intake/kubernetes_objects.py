"""One Kubernetes object as a mapping -> the inventory's small value of it, in today's or in Go spelling."""

import re
from collections.abc import Mapping
from typing import cast

from decisions.intake import inventory as kept

Object = Mapping[str, object]

_QUANTITY = re.compile(r"([+-]?[0-9.]{1,40}(?:[eE][+-]?[0-9]{1,3})?)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)?")
_POWERS = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
_BINARY = {f"{letter}i": 1024.0 ** (place + 1) for place, letter in enumerate("KMGTPE")}


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
        waiting=frozenset(
            text(status, "state", "waiting", "reason") or text(status, "waitingReason") for status in statuses
        )
        - {""},
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


def webhooks(one: Object) -> kept.Webhooks:
    """A configuration of admission webhooks. `Fail` is what the API server takes where nothing is said."""
    policies = [field(hook, "failurePolicy") for hook in mappings(one, "webhooks")]
    return kept.Webhooks(
        kind=text(one, "kind"), name=name(one), blocking=any(policy in {"Fail", None} for policy in policies)
    )
