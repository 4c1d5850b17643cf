"""How many proxies a row of CPU or memory counts, and how many of them a request crosses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from decisions.advisor.overhead.observation import Observation, UnsupportedError, number

CPU_UNITS = {"vcpu": 1.0, "cores": 1.0, "mcpu": 1000.0}
MEMORY_UNITS = {"mb": 1.0, "mib": 1.0, "gb": 1.0 / 1000.0, "gib": 1.0 / 1024.0}

ZTUNNELS = ("istio-ambient-l4", "cilium-ztunnel")
WAYPOINT = "istio-ambient-waypoint"
PER_NODE = (*ZTUNNELS, "cilium-service-mesh")
_SIDECARS = {"faces": 15.0}
_WAYPOINTS = {"faces": 3.0}
_BOOKINFO_WITHOUT_PRODUCTPAGE = 5.0
"""details, ratings and three versions of reviews."""


@dataclass(frozen=True, kw_only=True)
class Term:
    """Proxies of one kind in a row. crossed: by each request; copies: how many run; rps: through one of them."""

    option: str
    crossed: float
    copies: float
    rps: float


def scale(unit: str, units: Mapping[str, float]) -> float:
    """Units of the row in one vCPU or MiB; UnsupportedError when it is not a unit of that kind."""
    if unit.lower() not in units:
        message = f"unit {unit!r} is not one of {', '.join(units)}"
        raise UnsupportedError(message)
    return units[unit.lower()]


def cpu_terms(row: Observation) -> tuple[Term, ...]:
    """What the CPU of a row is the sum of. `crossed` is per request of the rate that `rps_of` gives."""
    if row.metric == "proxy_cpu_per_1000rps":
        return (Term(option=row.option, crossed=1.0, copies=1.0, rps=row.rps),)
    if row.metric == "proxy_cpu":
        through = number(row.load.get("per_proxy_rps"))
        if through is None:
            message = "proxy_cpu needs load.per_proxy_rps, the rate through the one proxy"
            raise UnsupportedError(message)
        return (Term(option=row.option, crossed=1.0, copies=1.0, rps=max(through, 1.0)),)
    return tuple(_term(row, kind, crossed) for kind, crossed in _crossings(row))


def rps_of(row: Observation) -> float:
    """Requests a second that the crossings of `cpu_terms` refer to."""
    if row.metric == "proxy_cpu_per_1000rps":
        return 1000.0
    given = number(row.load.get("per_proxy_rps")) if row.metric == "proxy_cpu" else None
    return row.rps if given is None else given


def _crossings(row: Observation) -> list[tuple[str, float]]:
    """Kinds of proxies and how often a request crosses one, in the part of the path that the scope names."""
    if row.metric.startswith("waypoint"):
        return [(WAYPOINT, row.calls)]
    pairs = 2.0 * row.calls
    if "load" in row.scope:
        pairs = 1.0
    elif "test app" in row.scope:
        pairs -= 1.0
    if row.option == WAYPOINT:
        return [(ZTUNNELS[0], pairs), (WAYPOINT, row.calls)]
    if row.option == "cilium-service-mesh":
        return [(row.option, row.calls)]
    return [(row.option, pairs)]


def _term(row: Observation, kind: str, crossed: float) -> Term:
    try:
        copies = copies_of(row, kind)
    except UnsupportedError:
        copies = crossed
    return Term(option=kind, crossed=crossed, copies=copies, rps=max(row.rps * crossed / copies, 1.0))


def memory_terms(row: Observation) -> tuple[Term, ...]:
    """What the memory of a row is the sum of."""
    if row.metric.startswith("proxy_memory"):
        return (Term(option=row.option, crossed=1.0, copies=1.0, rps=row.rps),)
    kinds = [WAYPOINT] if row.metric.startswith("waypoint") else [row.option]
    if kinds == [WAYPOINT] and not row.metric.startswith("waypoint"):
        kinds = [ZTUNNELS[0], WAYPOINT]
    return tuple(Term(option=kind, crossed=1.0, copies=copies_of(row, kind), rps=row.rps) for kind in kinds)


def copies_of(row: Observation, kind: str) -> float:
    """How many proxies of a kind a row sums up; UnsupportedError when neither row nor application tells."""
    if "load testing job" in row.scope or "on the node" in row.scope:
        return 1.0
    name = "waypoints" if kind == WAYPOINT else "nodes" if kind in PER_NODE else "proxies"
    given = number(row.load.get(name)) or (number(row.load.get("pods")) if name == "proxies" else None)
    counted = re.search(r"all (\d+) ", row.scope)
    if given or (counted and name == "nodes"):
        return given or float(counted[1] if counted else 1.0)
    words = f"{row.load.get('protocol')} {row.load.get('app')} {row.environment}".lower()
    nodes = re.search(r"(\d+)x ", words)
    if name == "nodes" and nodes:
        return float(nodes[1])
    replicas = number(row.load.get("productpage_replicas"))
    if name == "proxies" and replicas:
        return _BOOKINFO_WITHOUT_PRODUCTPAGE + replicas
    known = _WAYPOINTS if name == "waypoints" else _SIDECARS if name == "proxies" else {}
    found = next((count for app, count in known.items() if app in words), None)
    if found is None:
        message = f"the row does not say how many {name} it sums up (load.{name})"
        raise UnsupportedError(message)
    return found


def link_features(metric: str) -> dict[str, float]:
    """Of throughput_{d,s}{t,u}{s,m}: direct or by Service, TCP or UDP, one stream or several."""
    code = metric.removeprefix("throughput_")
    if len(code) != 3 or code[0] not in "ds" or code[1] not in "tu" or code[2] not in "sm":
        message = f"{metric}: the code after throughput_ is d or s, t or u, s or m"
        raise UnsupportedError(message)
    udp, several = float(code[1] == "u"), float(code[2] == "m")
    return {
        "service": float(code[0] == "s"),
        "udp": udp,
        "several_streams": several * (1.0 - udp),
        "udp_several_streams": several * udp,
    }


def years(date: object) -> float:
    """Years from 2025 to a date that begins with its year; 0 when there is none."""
    found = re.match(r"(20\d\d)(?:-(\d\d))?", str(date or ""))
    return float(found[1]) + (float(found[2] or 7) - 0.5) / 12.0 - 2025.5 if found else 0.0
