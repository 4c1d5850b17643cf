"""`kubectl get ... -o json`: lists, single objects, dumps and slimmed lists."""

import re

from decisions.intake.clusterfile import reading
from decisions.intake.document import parsed
from decisions.intake.kubernetes import Collector, collect, most_objects
from decisions.intake.reading import Reading, Unreadable
from decisions.intake.source import Source

_LIST = re.compile(r'"[iI]tems"\s*:\s*(?:\[|null)')
_OBJECT = re.compile(r'"apiVersion"\s*:\s*"|"[kK]ind"\s*:\s*"|"metadata"\s*:\s*\{')
KINDS = (
    "nodes,namespaces,pods,services,deployments,statefulsets,daemonsets,jobs,cronjobs,networkpolicies,"
    "validatingwebhookconfigurations,mutatingwebhookconfigurations"
)
COMMAND = f"kubectl get {KINDS} -A -o json > cluster.json"


def read(source: Source) -> Reading | None:
    """The objects in the file, or None when it holds no Kubernetes objects in JSON."""
    offset = source.json_offset
    if offset is None:
        return None
    head = source.head[:4096] if offset == 0 else source.head
    if not (_LIST.search(head) and _OBJECT.search(head)) and not _is_object(head):
        return None
    try:
        collector = collect(parsed(source.stream(offset)), most_objects(source.length))
    except Unreadable as error:
        raise Unreadable(f"{error} Expected the output of: {COMMAND}") from error
    return finished(source, collector, "kubectl JSON")


def finished(source: Source, collector: Collector, format_: str) -> Reading:
    """The reading of what was collected. Raises Unreadable when there is nothing in it that can be counted."""
    if collector.readable():
        return reading(source, collector.inventory(), format_=format_, tool="kubectl", unread=collector.unread())
    if collector.manifests:
        raise Unreadable(f"This is a manifest, not what runs in a cluster. Run: {COMMAND}")
    found = ", ".join(collector.unread()[:5]) or "a list without objects and without a kind"
    raise Unreadable(f"Nothing that can be counted: {found}. Run: {COMMAND}")


def _is_object(head: str) -> bool:
    return bool(re.search(r'"apiVersion"\s*:\s*"', head) and re.search(r'"[kK]ind"\s*:\s*"', head))
