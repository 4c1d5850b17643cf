"""Which service mesh runs in a cluster, and which workloads it really carries."""

from collections.abc import Callable
from dataclasses import dataclass

from decisions.intake.inventory import Container, Inventory, Pod

PROXIES = {
    "istio-proxy": "istio",
    "linkerd-proxy": "linkerd",
    "consul-dataplane": "consul",
    "envoy-sidecar": "consul",
    "kuma-sidecar": "kuma",
}
_INJECTED = {
    "sidecar.istio.io/status": "istio",
    "linkerd.io/proxy-version": "linkerd",
    "consul.hashicorp.com/connect-inject-status=injected": "consul",
    "kuma.io/sidecar-injected=true": "kuma",
}
_CONTROL_PLANES = (
    ("istiod", "istio"),
    ("linkerd-destination", "linkerd"),
    ("linkerd-identity", "linkerd"),
    ("linkerd-proxy-injector", "linkerd"),
    ("consul-connect-injector", "consul"),
    ("kuma-control-plane", "kuma"),
    ("ztunnel", "istio ambient"),
)
_INJECTING = {
    "istio-injection=enabled": "istio",
    "linkerd.io/inject=enabled": "linkerd",
    "linkerd.io/inject=ingress": "linkerd",
    "kuma.io/sidecar-injection=enabled": "kuma",
    "kuma.io/sidecar-injection=true": "kuma",
}


@dataclass(frozen=True, kw_only=True)
class Sidecar:
    """The proxy a pod carries; `native` when it is a restarted init container (Kubernetes 1.28 and later)."""

    mesh: str
    native: bool
    proxy: Container | None
    control_plane: bool


@dataclass(frozen=True, kw_only=True)
class Mesh:
    """What was found, with the evidence in sentences; `name` is "none" when pods were listed and nothing was found."""

    name: str | None
    evidence: tuple[str, ...]
    sidecars: tuple[tuple[Pod, Sidecar], ...]
    gateways: int
    ambient_pods: int
    injected_namespaces: tuple[str, ...]
    ambient_namespaces: tuple[str, ...]


def sidecar(pod: Pod) -> Sidecar | None:
    """The injected proxy of a pod, or None: a pod that is nothing but a proxy is a gateway, waypoint or ztunnel."""
    if is_gateway(pod):
        return None
    marked = next((mesh for mark in pod.marks if (mesh := _marked(mark))), None)
    classic = next((one for one in pod.containers if one.name in PROXIES), None)
    native = next((one for one in pod.init_containers if one.name in PROXIES and one.always), None)
    proxy = classic or native
    if marked is None and proxy is None:
        return None
    return Sidecar(
        mesh=marked or PROXIES[proxy.name] if proxy else str(marked),
        native=native is not None and classic is None,
        proxy=proxy,
        control_plane=any(mark.startswith("linkerd.io/control-plane-component") for mark in pod.marks),
    )


def is_gateway(pod: Pod) -> bool:
    """Whether every container of the pod is a mesh proxy."""
    return bool(pod.containers) and all(one.name in PROXIES for one in pod.containers)


def _marked(mark: str) -> str | None:
    return _INJECTED.get(mark) or _INJECTED.get(mark.partition("=")[0])


def find(inventory: Inventory) -> Mesh:
    """The mesh of a cluster from its pods, workloads, namespaces and Helm releases."""
    carried = tuple((pod, found) for pod in inventory.pods if (found := sidecar(pod)))
    ambient = sum("ambient.istio.io/redirection=enabled" in pod.marks for pod in inventory.pods)
    planes = _control_planes(inventory)
    evidence = [f"control plane {name}{version}" for name, (_, version) in planes.items()]
    if carried:
        evidence.append(f"{len(carried)} pods carry an injected proxy")
    if ambient:
        evidence.append(f"{ambient} pods are redirected to ztunnel")
    if inventory.proxies:
        evidence.append(f"{len(inventory.proxies)} proxies connected to istiod")
    if inventory.mesh_check:
        evidence.append(inventory.mesh_check)
    evidence += [
        f"Helm release {release.name} ({release.chart})"
        for release in inventory.releases
        if release.chart.startswith(("istiod-", "linkerd-control-plane-", "consul-", "kuma-", "kong-mesh-"))
    ]
    return Mesh(
        name=_name(inventory, carried, planes, ambient=ambient),
        evidence=tuple(evidence),
        sidecars=carried,
        gateways=sum(is_gateway(pod) and "ztunnel" not in pod.name for pod in inventory.pods),
        ambient_pods=ambient,
        injected_namespaces=_namespaces(inventory, _injects),
        ambient_namespaces=_namespaces(inventory, lambda mark: mark == "istio.io/dataplane-mode=ambient"),
    )


def _injects(mark: str) -> bool:
    return mark in _INJECTING or mark.startswith("istio.io/rev=")


def _namespaces(inventory: Inventory, wanted: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(one.name for one in inventory.namespaces if any(wanted(mark) for mark in one.marks))


def _control_planes(inventory: Inventory) -> dict[str, tuple[str, str]]:
    """Control planes by name -> (mesh, " version"); the version is the image's tag."""
    found: dict[str, tuple[str, str]] = {}
    for pod in inventory.pods:
        for name, mesh in _CONTROL_PLANES:
            if pod.name.startswith(name) and name not in found:
                found[name] = (mesh, _version(pod))
    for work in inventory.workloads:
        for name, mesh in _CONTROL_PLANES:
            if work.name.startswith(name) and work.kind in {"Deployment", "DaemonSet"}:
                found.setdefault(name, (mesh, ""))
    return found


def _version(pod: Pod) -> str:
    own = [one for one in pod.containers if one.name not in PROXIES] or list(pod.containers)
    tag = own[0].image.rpartition("/")[2].partition(":")[2] if own else ""
    marked = next((mark.partition("=")[2] for mark in pod.marks if mark.startswith("linkerd.io/proxy-version=")), "")
    version = marked or tag
    return f" {version}" if version else ""


def _name(
    inventory: Inventory,
    carried: tuple[tuple[Pod, Sidecar], ...],
    planes: dict[str, tuple[str, str]],
    *,
    ambient: int,
) -> str | None:
    names: dict[str, str] = {}
    for mesh, version in planes.values():
        names.setdefault(mesh.partition(" ")[0], version)
    for _, one in carried:
        names.setdefault(one.mesh, "")
    if inventory.proxies:
        names.setdefault("istio", min(one.version for one in inventory.proxies))
    if inventory.mesh_check:
        names.setdefault("linkerd", "")
    if not names:
        return "none" if {"Pod", "Deployment"} & inventory.kinds else None
    modes = {
        "istio": " and ".join(
            mode
            for mode, there in (
                ("sidecar", any(one.mesh == "istio" for _, one in carried)),
                ("ambient", ambient > 0 or "ztunnel" in planes),
            )
            if there
        )
    }
    return ", ".join(
        " ".join(filter(None, (name, modes.get(name, ""), version.strip()))) for name, version in names.items()
    )
