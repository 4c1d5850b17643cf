"""The size of what an option would serve, read from a case; what is missing becomes a planning value, in words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from decisions.advisor.case import Baseline, Case
from decisions.advisor.overhead.coefficients import Planned
from decisions.advisor.overhead.spread import exactly, product
from decisions.advisor.quantities import Range
from decisions.advisor.requirements import BY_ID


@dataclass(frozen=True, kw_only=True)
class Estate:
    """Counts, rates and shares as ranges (degenerate when given), and words on what was assumed.

    pods: those that would take part. peak_rps: calls a second among them; all_rps: in the whole estate.
    calls: hops on the critical path. parsed, unparsed: shares of the traffic that are HTTP and other TCP.
    wanted: requirements asked for as must or nice.
    path_p50_ms, path_p99_ms: today's critical path, None when not measured. utilisation: CPU of the busiest node at
    the peak, 0 to 1, None when not measured.
    """

    pods: Range
    nodes: Range
    clusters: float
    services: Range
    waypoints: Range
    peak_rps: Range
    all_rps: Range
    payload_bytes: Range
    calls: Range
    parsed: float
    unparsed: float
    wanted: frozenset[str]
    wants_layer_7: bool
    path_p50_ms: float | None
    path_p99_ms: float | None
    utilisation: float | None
    basis: str
    assumed: tuple[str, ...]


READ = (
    "clusters", "nodes", "nodes_per_cluster_max", "pods", "pods_in_scope", "sidecars", "services", "namespaces",
    "host_network_pods", "peak_rps", "mean_rps", "sequential_calls", "payload_bytes", "udp_share", "tcp_share",
    "p50_ms", "p99_ms", "busiest_node_cpu",
)  # fmt: skip
"""The fields of the baseline that an estate is read from."""


def inputs(case: Case) -> tuple[object, ...]:
    """Everything of a case that an estate depends on beside the requirements, as a key."""
    return tuple(getattr(case.baseline, name) for name in READ)


def reads_requests(wanted: frozenset[str]) -> bool:
    """Whether one of the requirements needs a proxy that reads requests."""
    return any(BY_ID[key].needs_l7 for key in wanted if key in BY_ID)


def wanted_of(case: Case) -> frozenset[str]:
    """Requirements asked for as must or nice: they decide which features are switched on."""
    return frozenset(key for key, answer in case.requirements.items() if answer.need in {"must", "nice"})


class _Reader:
    """Collects what had to be assumed while inputs are read."""

    def __init__(self, baseline: Baseline, plan: Mapping[str, Planned]) -> None:
        self.baseline = baseline
        self.plan = plan
        self.assumed: list[str] = []

    def planned(self, name: str, what: str, times: Range | None = None) -> Range:
        """The planning value `name`, times a count where it is per something; noted in words."""
        planned = self.plan[name]
        self.assumed.append(f"{what} not given: {planned.says} assumed")
        return product(planned.value, times) if times else planned.value

    def pods(self) -> Range:
        """Running pods of the whole estate."""
        if self.baseline.pods is not None:
            return exactly(self.baseline.pods)
        for known, whose in (
            (self.baseline.pods_in_scope, "the must-haves cover"),
            (self.baseline.sidecars, "have a sidecar"),
        ):
            if known is not None:
                self.assumed.append(f"pods not given: the {known:,} that {whose} counted as all")
                return exactly(known)
        if self.baseline.services:
            return self.planned("pods_per_service", "pods", exactly(self.baseline.services))
        return self.planned("pods", "pods")

    def nodes(self, pods: Range, clusters: float) -> Range:
        """Nodes; the largest cluster times the clusters is an upper bound, below it the range is open."""
        if self.baseline.nodes is not None:
            return exactly(self.baseline.nodes)
        if self.baseline.nodes_per_cluster_max:
            most = clusters * self.baseline.nodes_per_cluster_max
            self.assumed.append(f"nodes not given: at most {most:,.0f}, the largest cluster times the clusters")
            return Range(low=max(clusters, most / 3), likely=most, high=most)
        density = self.plan["pods_per_node"]
        self.assumed.append(f"nodes not given: {density.says} assumed")
        inverse = Range(low=1 / density.value.high, likely=1 / density.value.likely, high=1 / density.value.low)
        return _at_least(product(pods, inverse), clusters)

    def rate(self, pods: Range) -> Range:
        """East-west requests a second at peak."""
        if self.baseline.peak_rps is not None:
            return exactly(self.baseline.peak_rps)
        if self.baseline.mean_rps is not None:
            return self.planned("peak_to_mean", "the peak rate", exactly(self.baseline.mean_rps))
        return self.planned("rps_per_pod", "the request rate", pods)


def read(
    case: Case, plan: Mapping[str, Planned], *, namespaces_in_scope: int | None = None, waypoints: int | None = None
) -> Estate:
    """Read the estate of a case. The two counts override what the case says of namespaces."""
    baseline = case.baseline
    reader = _Reader(baseline, plan)
    clusters = float(baseline.clusters or 1)
    all_pods = reader.pods()
    in_scope = exactly(min(baseline.pods_in_scope, all_pods.high)) if baseline.pods_in_scope is not None else all_pods
    nodes = reader.nodes(all_pods, clusters)
    services = _services(reader, all_pods)
    rate = reader.rate(all_pods)
    share = min(1.0, in_scope.likely / all_pods.likely) if all_pods.likely else 1.0
    calls = exactly(baseline.sequential_calls) if baseline.sequential_calls is not None else _calls(reader)
    payload = (
        exactly(baseline.payload_bytes)
        if baseline.payload_bytes is not None
        else reader.planned("payload_bytes", "payload")
    )
    wanted = wanted_of(case)
    udp = baseline.udp_share or 0.0
    unparsed = min(baseline.tcp_share or 0.0, 1.0 - udp)
    return Estate(
        pods=_less(in_scope, baseline.host_network_pods),
        nodes=nodes,
        clusters=clusters,
        services=services,
        waypoints=_waypoints(reader, services, namespaces_in_scope, waypoints),
        peak_rps=rate.times(share),
        all_rps=rate,
        payload_bytes=payload,
        calls=calls,
        parsed=max(0.0, 1.0 - udp - unparsed),
        unparsed=unparsed,
        wanted=wanted,
        wants_layer_7=reads_requests(wanted),
        path_p50_ms=baseline.p50_ms,
        path_p99_ms=baseline.p99_ms,
        utilisation=baseline.busiest_node_cpu,
        basis=_basis(in_scope, nodes, rate.times(share), calls),
        assumed=tuple(reader.assumed),
    )


def _services(reader: _Reader, pods: Range) -> Range:
    if reader.baseline.services is not None:
        return exactly(reader.baseline.services)
    density = reader.plan["pods_per_service"]
    reader.assumed.append(f"services not given: {density.says} assumed")
    inverse = Range(low=1 / density.value.high, likely=1 / density.value.likely, high=1 / density.value.low)
    return _at_least(product(pods, inverse), 1.0)


def _calls(reader: _Reader) -> Range:
    return reader.planned("sequential_calls", "calls in sequence")


def _waypoints(reader: _Reader, services: Range, namespaces: int | None, waypoints: int | None) -> Range:
    if waypoints is not None:
        return exactly(waypoints)
    counted = namespaces if namespaces is not None else reader.baseline.namespaces
    replicas = reader.plan["waypoint_replicas"].value
    if counted is not None:
        return product(exactly(counted), replicas)
    density = reader.plan["services_per_namespace"].value
    inverse = Range(low=1 / density.high, likely=1 / density.likely, high=1 / density.low)
    return _at_least(product(services, inverse, replicas), 1.0)


def _at_least(value: Range, floor: float) -> Range:
    return Range(low=max(value.low, floor), likely=max(value.likely, floor), high=max(value.high, floor))


def _less(value: Range, count: int | None) -> Range:
    taken = float(count or 0)
    return Range(
        low=max(0.0, value.low - taken), likely=max(0.0, value.likely - taken), high=max(0.0, value.high - taken)
    )


def _basis(pods: Range, nodes: Range, rate: Range, calls: Range) -> str:
    def about(value: Range, one: str, many: str) -> str:
        prefix = "" if math.isclose(value.low, value.high) else "about "
        return f"{prefix}{value.likely:,.0f} {one if round(value.likely) == 1 else many}"

    return (
        f"{about(pods, 'pod', 'pods')} on {about(nodes, 'node', 'nodes')}, "
        f"{about(rate, 'request', 'requests')} a second at peak, {about(calls, 'call', 'calls')} in sequence"
    )
