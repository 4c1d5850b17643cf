"""Which network plugin a cluster runs, with the evidence; no guess where there is none."""

import re

from decisions.intake.inventory import Inventory

_TAG = re.compile(r":v?(\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)[^:/]{0,60}$")

_AGENTS = (
    ("cilium", "cilium"),
    ("calico-node", "calico"),
    ("canal", "canal"),
    ("aws-node", "aws-vpc-cni"),
    ("kube-flannel", "flannel"),
    ("azure-cns", "azure-cni"),
    ("azure-cni", "azure-cni"),
    ("antrea-agent", "antrea"),
    ("anetd", "gke-dataplane-v2"),
    ("kindnet", "kindnet"),
    ("weave-net", "weave"),
    ("ovnkube-node", "ovn-kubernetes"),
    ("kube-router", "kube-router"),
)
_NOT_AGENTS = ("cilium-operator", "cilium-envoy", "cilium-test", "cilium-cli")
_ANNOTATIONS = (
    ("flannel.alpha.coreos.com/", "flannel"),
    ("io.cilium.network.", "cilium"),
    ("network.cilium.io/", "cilium"),
    ("projectcalico.org/", "calico"),
    ("k8s.ovn.org/", "ovn-kubernetes"),
)
_BROKEN = frozenset({"CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull", "CreateContainerError"})


def find(inventory: Inventory) -> tuple[str | None, tuple[str, ...]]:
    """(name, evidence): None with no evidence means unknown. Several plugins are joined with " + "."""
    evidence: dict[str, list[str]] = {}
    for plugin, sentence in (*_from_pods(inventory), *_from_workloads(inventory), *_from_nodes(inventory)):
        evidence.setdefault(plugin, []).append(sentence)
    name = " + ".join(evidence) if evidence else None
    return name, tuple(sentence for sentences in evidence.values() for sentence in sentences)


def version(inventory: Inventory) -> str | None:
    """The version of the agents, from the tag of their image; None where they differ or carry no version."""
    tags = {
        match.group(1)
        for pod in inventory.pods
        if pod.owner in {"DaemonSet", ""} and _agent(pod.name)
        for one in pod.containers[:1]
        if (match := _TAG.search(one.image))
    }
    return tags.pop() if len(tags) == 1 else None


def _agent(name: str) -> str | None:
    if name.startswith(_NOT_AGENTS):
        return None
    return next((plugin for start, plugin in _AGENTS if name == start or name.startswith(f"{start}-")), None)


def _from_pods(inventory: Inventory) -> list[tuple[str, str]]:
    running: dict[str, int] = {}
    broken: dict[str, int] = {}
    for pod in inventory.pods:
        plugin = _agent(pod.name) if pod.owner in {"DaemonSet", ""} else None
        if plugin:
            running[plugin] = running.get(plugin, 0) + 1
            broken[plugin] = broken.get(plugin, 0) + bool(pod.waiting & _BROKEN)
    return [
        (plugin, f"{number} {plugin} agent pods" + (f", {broken[plugin]} not working" if broken[plugin] else ""))
        for plugin, number in running.items()
    ]


def _from_workloads(inventory: Inventory) -> list[tuple[str, str]]:
    if "Pod" in inventory.kinds:
        return []
    return [
        (plugin, f"daemon set {work.name}")
        for work in inventory.workloads
        if work.kind == "DaemonSet" and (plugin := _agent(work.name))
    ]


def _from_nodes(inventory: Inventory) -> list[tuple[str, str]]:
    found: dict[str, int] = {}
    for node in inventory.nodes:
        for plugin in {plugin for start, plugin in _ANNOTATIONS if any(mark.startswith(start) for mark in node.marks)}:
            found[plugin] = found.get(plugin, 0) + 1
    return [
        (plugin, f"{plugin} annotations on {number} node{'' if number == 1 else 's'}")
        for plugin, number in sorted(found.items())
    ]
