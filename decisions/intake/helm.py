"""`helm list -A`: as JSON, YAML or table. It holds no values and so no secrets."""

import re
from collections.abc import Mapping

from decisions.intake.clusterfile import reading
from decisions.intake.document import mappings
from decisions.intake.inventory import HelmRelease, Inventory
from decisions.intake.reading import Reading
from decisions.intake.source import Source
from decisions.intake.yaml_events import document as yaml_document

_KEYS = {"name", "namespace", "status", "chart"}
_HEADER = re.compile(
    r"^NAME[ ]*\tNAMESPACE[ ]*\tREVISION[ ]*\tUPDATED[ ]*\tSTATUS[ ]*\tCHART[ ]*\tAPP VERSION", re.MULTILINE
)


def read(source: Source) -> Reading | None:
    """The releases in JSON, or None when they are not."""
    return _reading(source, mappings(source.document), "helm list JSON")


def read_text(source: Source) -> Reading | None:
    """The releases as a table or as YAML, or None when they are neither."""
    header = _HEADER.search(source.text)
    if header:
        rows = (line.split("\t") for line in source.text[header.end() :].splitlines()[1:])
        names = ("name", "namespace", "revision", "updated", "status", "chart", "app_version")
        found = [dict(zip(names, (cell.strip() for cell in row), strict=True)) for row in rows if len(row) == 7]
        return _reading(source, found, "helm list table")
    if re.match(r"- app_version:|- chart:", source.head) and "revision:" in source.head:
        return _reading(source, mappings(yaml_document(source)), "helm list YAML")
    return None


def _reading(source: Source, rows: "list[dict[str, object]] | list[dict[str, str]]", format_: str) -> Reading | None:
    if not rows or not all(row.keys() >= _KEYS for row in rows):
        return None
    releases = tuple(_release(row) for row in rows)
    failed = [one.name for one in releases if one.status != "deployed"]
    return reading(
        source,
        Inventory(releases=releases),
        format_=format_,
        tool="helm",
        warnings=[f"Not deployed, yet listed: {', '.join(failed[:10])}."] if failed else [],
    )


def _release(row: Mapping[str, object]) -> HelmRelease:
    name, namespace, chart, version, status = (
        str(row.get(key) or "")[:253] for key in ("name", "namespace", "chart", "app_version", "status")
    )
    return HelmRelease(name=name, namespace=namespace, chart=chart, app_version=version, status=status)
