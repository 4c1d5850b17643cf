"""A cluster file as a reading: what it was taken for, what it gave and what to be careful about."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from decisions.intake.cluster import describe
from decisions.intake.inventory import Inventory
from decisions.intake.reading import Cluster, Item, Kind, Reading
from decisions.intake.source import Source
from decisions.intake.units import counted

TOGETHER = "several cluster files"
"""The format of a reading that speaks for several files."""
_NOT_READ = "Environment, commands, volumes, other annotations and addresses were not read: they can hold secrets."


def reading(
    source: Source,
    inventory: Inventory,
    *,
    format_: str,
    tool: str,
    tool_version: str | None = None,
    unread: Sequence[str] = (),
    ignored: Sequence[str] = (),
    warnings: Sequence[str] = (),
) -> Reading:
    """The reading of one file. `unread` names the kinds that were passed over."""
    figures = describe(inventory)
    left_out = [*source.notes, *ignored, *([_NOT_READ] if inventory.kinds else [])]
    if unread:
        left_out.append(f"Not needed for the decision and passed over: {', '.join(unread[:20])}.")
    return Reading(
        file=source.name,
        kind=Kind.CLUSTER,
        sha256=source.sha256,
        size=source.size,
        recognised=f"{format_}: {summary(figures)}.",
        format=format_,
        tool=tool,
        tool_version=tool_version,
        read=items(figures),
        ignored=tuple(left_out),
        warnings=(*warnings, *cautions(inventory, figures)),
        cluster=figures,
        inventory=inventory,
    )


def summary(figures: Cluster) -> str:
    """What was listed, in words: "5 nodes, 41 pods"."""
    counts = figures.counts
    named = (
        (counts.nodes, "node"),
        (counts.pods, "pod"),
        (counts.services, "service"),
        (counts.namespaces, "namespace"),
        (counts.deployments, "deployment"),
        (counts.jobs, "job"),
        (counts.cron_jobs, "cron job"),
        (counts.network_policies, "network policy"),
        (len(figures.releases) or None, "Helm release"),
        (sum(number for _, number in figures.mesh.proxy_versions) or None, "mesh proxy"),
    )
    found = [counted(number, noun) for number, noun in named if number is not None]
    if figures.resources.used_cpu is not None:
        found.append(f"{figures.resources.used_cpu:g} vCPU in use")
    if figures.platform.kubernetes_version:
        found.append(f"Kubernetes {figures.platform.kubernetes_version}")
    return ", ".join(found) or "nothing that can be counted"


def items(figures: Cluster) -> tuple[Item, ...]:
    """The figures that were really read, for people."""
    counts, platform, mesh = figures.counts, figures.platform, figures.mesh
    resources, pods, network = figures.resources, figures.pods, figures.network
    rows: tuple[tuple[str, str | int | float | None, str], ...] = (
        ("Nodes", counts.nodes, ""),
        ("Pods", counts.pods, ""),
        ("Services", counts.services, ""),
        ("Namespaces", counts.namespaces, ""),
        ("Deployments", counts.deployments, ""),
        ("Jobs", counts.jobs, ""),
        ("Cron jobs", counts.cron_jobs, ""),
        ("Network policies", counts.network_policies, ""),
        ("Kubernetes", platform.kubernetes_version, ""),
        ("Oldest kernel", next(iter(platform.kernels), None), ""),
        ("Network plugin", platform.cni, ""),
        ("Service mesh", mesh.name, ""),
        ("Pods with an injected proxy", mesh.injected_pods, ""),
        ("Pods in the ambient mesh", mesh.ambient_pods or None, ""),
        ("Pods on the host network", pods.host_network, ""),
        ("Windows nodes", platform.windows_nodes, ""),
        ("gVisor pods", pods.gvisor, ""),
        ("CPU requested", resources.cpu_requests, "vCPU"),
        ("CPU allocatable", resources.allocatable_cpu, "vCPU"),
        ("CPU in use", resources.used_cpu, "vCPU"),
        ("Memory requested", _rounded(resources.memory_requests), "GiB"),
        ("Memory allocatable", _rounded(resources.allocatable_memory), "GiB"),
        ("Memory in use", _rounded(resources.used_memory), "GiB"),
        ("CPU reserved by sidecars", resources.sidecar_reserved_cpu, "vCPU"),
        ("CPU used by sidecars", resources.sidecar_used_cpu, "vCPU"),
        ("Container restarts", pods.restarts, ""),
        ("Containers killed for memory", pods.out_of_memory_containers, ""),
        ("Headless services", network.headless_services, ""),
        ("Helm releases", len(figures.releases) or None, ""),
    )
    return tuple(Item(label=label, value=value, unit=unit) for label, value, unit in rows if value is not None)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def cautions(inventory: Inventory, figures: Cluster) -> tuple[str, ...]:
    """What a reader of these figures must know."""
    found: list[str] = []
    spaces = {pod.namespace for pod in inventory.pods}
    if len(spaces) == 1 and len(inventory.pods) > 1:
        found.append(
            f"All pods are of the namespace {next(iter(spaces))}: if the list was made without -A, this is not the "
            "whole cluster."
        )
    resources = figures.resources
    without, containers = resources.containers_without_cpu_request, resources.containers
    if without and containers and without / containers > 0.2:
        found.append(
            f"{without} of {containers} containers request no CPU: the sum of requests understates what the cluster "
            "needs."
        )
    if figures.mesh.job_pods_with_classic_sidecar:
        found.append(
            f"{figures.mesh.job_pods_with_classic_sidecar} job pods carry a classic sidecar, which keeps a finished "
            "job running unless it is told to stop."
        )
    if any("not working" in sentence for sentence in figures.platform.cni_evidence):
        found.append(f"The network plugin is installed, but not all its pods work: {figures.platform.cni_evidence[0]}.")
    missing = [
        word
        for kind, word in (("Node", "nodes"), ("Namespace", "namespaces"), ("NetworkPolicy", "network policies"))
        if kind not in inventory.kinds
    ]
    if missing and "Pod" in inventory.kinds:
        found.append(f"Not in the files, therefore unknown and not zero: {', '.join(missing)}.")
    return tuple(found)


def together(parts: Sequence[Reading], inventory: Inventory) -> Reading:
    """One reading of several cluster files; its hash is that of their hashes, so that it names exactly these files."""
    names = [part.file for part in parts]
    return _joint(
        parts,
        inventory,
        file=", ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} more",
        sha256=hashlib.sha256("".join(sorted(part.sha256 for part in parts)).encode()).hexdigest(),
        size=sum(part.size for part in parts),
        format_=TOGETHER,
    )


def bundle(source: Source, parts: Sequence[Reading], inventory: Inventory, passed_over: int) -> Reading:
    """One reading of all cluster files in an archive."""
    one = _joint(
        parts, inventory, file=source.name, sha256=source.sha256, size=source.size, format_="archive of cluster files"
    )
    if not passed_over:
        return one
    return replace(one, ignored=(*one.ignored, f"{counted(passed_over, 'other file')} of the archive were not read."))


def _joint(
    parts: Sequence[Reading], inventory: Inventory, *, file: str, sha256: str, size: int, format_: str
) -> Reading:
    figures = describe(inventory)
    return Reading(
        file=file,
        kind=Kind.CLUSTER,
        sha256=sha256,
        size=size,
        recognised=f"{counted(len(parts), 'cluster file')} together: {summary(figures)}.",
        format=format_,
        tool="kubectl" if any(part.tool == "kubectl" for part in parts) else parts[0].tool,
        read=items(figures),
        ignored=tuple(dict.fromkeys(sentence for part in parts for sentence in part.ignored))[:20],
        warnings=cautions(inventory, figures),
        cluster=figures,
        inventory=inventory,
        parts=tuple(part.sha256 for part in parts) if format_ == TOGETHER else (),
    )
