"""`kubectl get ... -o json`: lists, single objects, dumps and slimmed lists."""

import re

from decisions.intake.clusterfile import reading
from decisions.intake.document import parsed
from decisions.intake.kubernetes import collect
from decisions.intake.reading import Reading, Unreadable
from decisions.intake.source import Source

_LIST = re.compile(r'"[iI]tems"\s*:\s*(?:\[|null)')
_OBJECT = re.compile(r'"apiVersion"\s*:\s*"|"[kK]ind"\s*:\s*"|"metadata"\s*:\s*\{')
COMMAND = (
    "kubectl get nodes,namespaces,pods,services,deployments,statefulsets,daemonsets,jobs,cronjobs,networkpolicies "
    "-A -o json > cluster.json"
)


def read(source: Source) -> Reading | None:
    """The objects in the file, or None when it holds no Kubernetes objects in JSON."""
    offset = source.json_offset
    if offset is None:
        return None
    head = source.head[:4096] if offset == 0 else source.head
    if not (_LIST.search(head) and _OBJECT.search(head)) and not _is_object(head):
        return None
    try:
        collector = collect(parsed(source.stream(offset)))
    except Unreadable as error:
        raise Unreadable(f"{error} Expected the output of: {COMMAND}") from error
    inventory = collector.inventory()
    if not collector.kinds:
        raise Unreadable(f"A list without objects and without a kind: nothing can be counted. Run: {COMMAND}")
    return reading(source, inventory, format_="kubectl JSON", tool="kubectl", unread=collector.unread())


def _is_object(head: str) -> bool:
    return bool(re.search(r'"apiVersion"\s*:\s*"', head) and re.search(r'"[kK]ind"\s*:\s*"', head))
