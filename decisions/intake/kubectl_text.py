"""kubectl besides JSON lists: YAML lists, `kubectl top`, `kubectl version`."""

import re
import sys
from collections.abc import Iterator

from decisions.intake.clusterfile import reading
from decisions.intake.document import at
from decisions.intake.inventory import Inventory, Usage
from decisions.intake.kubectl import COMMAND, finished
from decisions.intake.kubernetes import collect, most_objects
from decisions.intake.kubernetes_objects import quantity
from decisions.intake.reading import Reading, Unreadable
from decisions.intake.source import Source
from decisions.intake.units import version
from decisions.intake.yaml_events import events

MAX_YAML = 32 << 20
FEW_ROWS = 20_000
BYTES_A_ROW = 130
_YAML = re.compile(r"^(?:---\s*\n)?(?:#[^\n]*\n)*(?:apiVersion|kind|items|metadata):", re.MULTILINE)
_TOP = re.compile(r"^(NAMESPACE[ ]+)?(POD[ ]+)?NAME[ ]+CPU\(cores\)[ ]+(CPU\(?%\)?[ ]+)?MEMORY\(bytes\)", re.MULTILINE)
_SERVER_LINE = re.compile(
    r'^Server Version: (?:version\.Info\{.{0,200}?GitVersion:")?(v?\d{1,3}\.\d{1,3}[\w.+-]{0,40})', re.MULTILINE
)
_SERVER_YAML = re.compile(r"^serverVersion:\n(?:[ ]+\S[^\n]{0,300}\n){0,12}?[ ]+gitVersion: (\S{1,60})", re.MULTILINE)


def read_yaml(source: Source) -> Reading | None:
    """`kubectl get ... -o yaml`, or None when it is not that. Raises Unreadable when it is damaged or too large."""
    head = source.head.lstrip()
    if not _YAML.match(head) or not re.search(r"^[ -]*kind:|^items:", head, re.MULTILINE):
        return None
    if source.length > MAX_YAML:
        raise Unreadable(f"YAML is read up to {MAX_YAML >> 20} MiB. JSON is read much faster: {COMMAND}")
    return finished(source, collect(events(source), most_objects(source.length)), "kubectl YAML")


def read_top(source: Source) -> Reading | None:
    """`kubectl top nodes|pods [--containers]`, or None when it is not that."""
    header = _TOP.search(source.head)
    if header is None:
        return None
    in_namespaces, of_containers, of_nodes = (bool(group) for group in header.groups())
    names = 1 + in_namespaces + of_containers
    rows: list[Usage] = []
    most = FEW_ROWS + source.length // BYTES_A_ROW
    for line in _after(source, header.group()):
        cells = line.split()
        if len(cells) < names + 2:
            if rows:
                break
            continue
        row = _usage(cells, names, has_share=of_nodes, in_namespaces=in_namespaces)
        if row is not None:
            rows.append(row)
        if len(rows) > most:
            raise Unreadable(f"kubectl top listed more than {most:,} rows: export one cluster at a time.")
    if not rows:
        raise Unreadable(
            "kubectl top listed nothing. Expected lines under 'NAME CPU(cores) ... MEMORY(bytes)': is metrics-server "
            "running? Run: kubectl top pods -A --containers"
        )
    what = "nodes" if of_nodes else "pods --containers" if of_containers else "pods"
    return reading(source, Inventory(usage=tuple(rows)), format_=f"kubectl top {what}", tool="kubectl")


def _after(source: Source, header: str) -> Iterator[str]:
    """The lines below the header."""
    lines = source.lines()
    return (line for line in lines) if any(line.startswith(header) for line in lines) else iter(())


def _usage(cells: list[str], names: int, *, has_share: bool, in_namespaces: bool) -> Usage | None:
    """A row by position: newer versions write CPU(%) where older ones write CPU%."""
    cpu = quantity(cells[names])
    place = names + (2 if has_share else 1)
    memory = quantity(cells[place]) if len(cells) > place else None
    if cpu is None or memory is None:
        return None
    if has_share:
        return Usage(cpu=cpu, memory=memory, node=cells[0][:253])
    own = cells[1:names] if in_namespaces else cells[:names]
    return Usage(
        cpu=cpu,
        memory=memory,
        namespace=sys.intern(cells[0][:253]) if in_namespaces else "",
        pod=own[0][:253],
        container=own[1][:253] if len(own) > 1 else "",
    )


def read_version(source: Source) -> Reading | None:
    """`kubectl version` as JSON, YAML or text, or what support bundles keep of it; None when it is not that.

    Raises Unreadable when only the client's own version is there.
    """
    server, client = _versions(source)
    if server is None and client is None:
        return None
    if server is None:
        raise Unreadable(
            "Only kubectl's own version is in the file: it could not reach the cluster. Run it where it can: "
            "kubectl version -o json"
        )
    return reading(
        source, Inventory(server_version=server), format_="kubectl version", tool="kubectl", tool_version=client
    )


def _versions(source: Source) -> tuple[str | None, str | None]:
    """(server, client)."""
    document = source.document
    if isinstance(document, dict):
        found = (
            at(document, "serverVersion", "gitVersion")
            or at(document, "info", "gitVersion")
            or (document.get("gitVersion") if "platform" in document else None)
        )
        return version(found), version(at(document, "clientVersion", "gitVersion"))
    text = source.head
    match = _SERVER_LINE.search(text) or _SERVER_YAML.search(text)
    if match:
        return version(match.group(1)), None
    alone = re.search(r"^Client Version: (?:version\.Info\{|v\d)", text, re.MULTILINE)
    return None, "unknown" if alone else None
