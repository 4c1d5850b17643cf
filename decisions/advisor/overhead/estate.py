"""The size of what an option would serve, read from a case; what is missing becomes a planning value, in words."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from decisions.advisor.case import Baseline, Case
from decisions.advisor.overhead.coefficients import Planned
from decisions.advisor.quantities import Range
from decisions.advisor.reckoning import RANGES, A, Reckoning
from decisions.advisor.requirements import BY_ID


@dataclass(frozen=True, kw_only=True)
class Estate(Generic[A]):
    """Counts, rates and shares as amounts (ranges are degenerate when given), and words on what was assumed.

    pods: those that would take part. peak_rps: calls a second among them; all_rps: in the whole estate.
    calls: hops on the critical path. parsed, unparsed: shares of the traffic that are HTTP and other TCP.
    wanted: requirements asked for as must or nice.
    path_p50_ms, path_p99_ms: today's critical path, None when not measured. utilisation: CPU of the busiest node at
    the peak, 0 to 1, None when not measured.
    """

    pods: A
    nodes: A
    clusters: float
    services: A
    waypoints: A
    peak_rps: A
    all_rps: A
    payload_bytes: A
    calls: A
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


class _Reader(Generic[A]):
    """Collects what had to be assumed while inputs are read."""

    def __init__(self, baseline: Baseline, plan: Mapping[str, Planned], reckoning: Reckoning[A]) -> None:
        self.baseline, self.plan = baseline, plan
        self.reckoning: Reckoning[A] = reckoning
        self.assumed: list[str] = []

    def planned_value(self, name: str) -> A:
        """A planning value of which nothing is noted."""
        return self.reckoning.of(self.plan[name].value)

    def planned(self, name: str, what: str, times: A | None = None) -> A:
        """The planning value `name`, times a count where it is per something; noted in words."""
        self.assumed.append(f"{what} not given: {self.plan[name].says} assumed")
        return self.planned_value(name) if times is None else self.reckoning.product(self.planned_value(name), times)

    def given(self, answer: float | None, name: str, what: str) -> A:
        """The answer, or the planning value `name` where there is none."""
        return self.planned(name, what) if answer is None else self.reckoning.exactly(answer)

    def pods(self) -> A:
        """Running pods of the whole estate."""
        exactly = self.reckoning.exactly
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

    def nodes(self, pods: A, clusters: float) -> A:
        """Nodes; the largest cluster times the clusters is an upper bound, below it the range is open."""
        if self.baseline.nodes is not None:
            return self.reckoning.exactly(self.baseline.nodes)
        if self.baseline.nodes_per_cluster_max:
            most = clusters * self.baseline.nodes_per_cluster_max
            self.assumed.append(f"nodes not given: at most {most:,.0f}, the largest cluster times the clusters")
            return self.reckoning.of(Range(low=max(clusters, most / 3), likely=most, high=most))
        return self.reckoning.at_least(self._divided(pods, "pods_per_node", "nodes"), clusters)

    def services(self, pods: A) -> A:
        """Services."""
        if self.baseline.services is not None:
            return self.reckoning.exactly(self.baseline.services)
        return self.reckoning.at_least(self._divided(pods, "pods_per_service", "services"), 1.0)

    def _divided(self, pods: A, name: str, what: str) -> A:
        self.assumed.append(f"{what} not given: {self.plan[name].says} assumed")
        return self.reckoning.product(pods, self.reckoning.inverse(self.planned_value(name)))

    def waypoints(self, services: A, namespaces: int | None, waypoints: int | None) -> A:
        """Copies of the proxies that stand for a namespace."""
        reckoning = self.reckoning
        if waypoints is not None:
            return reckoning.exactly(waypoints)
        counted = namespaces if namespaces is not None else self.baseline.namespaces
        replicas = self.planned_value("waypoint_replicas")
        if counted is not None:
            return reckoning.product(reckoning.exactly(counted), replicas)
        inverse = reckoning.inverse(self.planned_value("services_per_namespace"))
        return reckoning.at_least(reckoning.product(services, inverse, replicas), 1.0)

    def rate(self, pods: A) -> A:
        """East-west requests a second at peak."""
        exactly = self.reckoning.exactly
        if self.baseline.peak_rps is not None:
            return exactly(self.baseline.peak_rps)
        if self.baseline.mean_rps is not None:
            return self.planned("peak_to_mean", "the peak rate", exactly(self.baseline.mean_rps))
        return self.planned("rps_per_pod", "the request rate", pods)


def read(
    case: Case, plan: Mapping[str, Planned], *, namespaces_in_scope: int | None = None, waypoints: int | None = None
) -> Estate[Range]:
    """Read the estate of a case. The two counts override what the case says of namespaces."""
    return read_as(RANGES, case, plan, namespaces_in_scope=namespaces_in_scope, waypoints=waypoints)


def read_as(
    reckoning: Reckoning[A],
    case: Case,
    plan: Mapping[str, Planned],
    *,
    namespaces_in_scope: int | None = None,
    waypoints: int | None = None,
) -> Estate[A]:
    """The same with amounts of any reckoning."""
    baseline, exactly, likely = case.baseline, reckoning.exactly, reckoning.likely
    reader = _Reader(baseline, plan, reckoning)
    clusters = float(baseline.clusters or 1)
    all_pods = reader.pods()
    in_scope = all_pods
    if baseline.pods_in_scope is not None:
        # All pods are known then: they were given, or those in scope count as all.
        in_scope = exactly(min(baseline.pods_in_scope, likely(all_pods)))
    nodes = reader.nodes(all_pods, clusters)
    services = reader.services(all_pods)
    rate = reader.rate(all_pods)
    share = min(1.0, likely(in_scope) / likely(all_pods)) if likely(all_pods) else 1.0
    calls = reader.given(baseline.sequential_calls, "sequential_calls", "calls in sequence")
    payload = reader.given(baseline.payload_bytes, "payload_bytes", "payload")
    wanted = wanted_of(case)
    udp = baseline.udp_share or 0.0
    unparsed = min(baseline.tcp_share or 0.0, 1.0 - udp)
    peak = reckoning.times(rate, share)
    return Estate(
        pods=reckoning.less(in_scope, float(baseline.host_network_pods or 0)),
        nodes=nodes,
        clusters=clusters,
        services=services,
        waypoints=reader.waypoints(services, namespaces_in_scope, waypoints),
        peak_rps=peak,
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
        basis=_basis(in_scope, nodes, peak, calls),
        assumed=tuple(reader.assumed),
    )


def _basis(*amounts: Range | float) -> str:
    """The sizes in words; empty for amounts without ranges, of which nothing is said."""

    def about(value: Range, one: str, many: str) -> str:
        prefix = "" if math.isclose(value.low, value.high) else "about "
        return f"{prefix}{value.likely:,.0f} {one if round(value.likely) == 1 else many}"

    pods, nodes, rate, calls = amounts
    if not (isinstance(pods, Range) and isinstance(nodes, Range)):
        return ""
    if not (isinstance(rate, Range) and isinstance(calls, Range)):
        return ""
    return (
        f"{about(pods, 'pod', 'pods')} on {about(nodes, 'node', 'nodes')}, "
        f"{about(rate, 'request', 'requests')} a second at peak, {about(calls, 'call', 'calls')} in sequence"
    )
