"""`istioctl proxy-status`: which proxies are connected, in which version; also istiod's own list in JSON (syncz)."""

import re

from decisions.intake.clusterfile import reading
from decisions.intake.document import mappings
from decisions.intake.inventory import Inventory, Proxy
from decisions.intake.reading import Reading
from decisions.intake.source import Source
from decisions.intake.units import version

_HEADER = re.compile(r"^NAME[ ]+CLUSTER[ ]+.*\bVERSION\b.*$", re.MULTILINE)


def read(source: Source) -> Reading | None:
    """The table, or None when it is not one.

    Columns are cut at the offsets of the header: their number differs between versions, cells may be empty, and "NOT
    SENT" has a space in it.
    """
    header = _HEADER.search(source.text)
    if header is None or ("ISTIOD" not in header.group() and "PILOT" not in header.group()):
        return None
    line = header.group()
    start = line.index("VERSION")
    end = line.find("SUBSCRIBED", start)
    proxies = []
    for row in source.text[header.end() :].splitlines()[1:]:
        found = version(row[start : end if end > 0 else None].strip())
        name = row.partition(" ")[0]
        if name and found:
            proxies.append(Proxy(name=name[:253], version=found))
    return _reading(source, proxies, "istioctl proxy-status")


def read_json(source: Source) -> Reading | None:
    """istiod's list of proxies in JSON, or None when it is not one."""
    rows = mappings(source.document)
    if not rows or not all("proxy" in row and "istio_version" in row for row in rows):
        return None
    proxies = [Proxy(name=str(row["proxy"])[:253], version=version(row["istio_version"]) or "unknown") for row in rows]
    return _reading(source, proxies, "istiod proxy list")


def _reading(source: Source, proxies: list[Proxy], format_: str) -> Reading:
    versions = {proxy.version for proxy in proxies}
    return reading(
        source,
        Inventory(proxies=tuple(proxies)),
        format_=format_,
        tool="istioctl",
        ignored=["Gateways and waypoints are in this list too: it is no count of sidecars."],
        warnings=[f"Proxies of {len(versions)} versions run side by side."] if len(versions) > 1 else [],
    )
