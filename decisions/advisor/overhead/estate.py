"""The size of what an option would serve, read from a case; what is missing becomes a planning value, in words."""

import math
from collections.abc import Mapping
from typing import Generic

from decisions.advisor.case import Case
from decisions.advisor.once import once
from decisions.advisor.overhead.coefficients import Planned
from decisions.advisor.quantities import Range
from decisions.advisor.reckoning import RANGES, A, Reckoning
from decisions.advisor.requirements import BY_ID
from decisions.advisor.scope import share_in_scope

READ = (
    "clusters", "nodes", "nodes_per_cluster_max", "pods", "pods_in_scope", "sidecars", "services", "namespaces",
    "host_network_pods", "peak_rps", "mean_rps", "sequential_calls", "payload_bytes", "udp_share", "tcp_share",
    "p50_ms", "p99_ms", "busiest_node_cpu",
)  # fmt: skip
"""The fields of the baseline that an estate is read from."""


def inputs(case: Case) -> tuple[object, ...]:
    """Everything of a case that an estate depends on beside the requirements, as a key."""
    return (*(getattr(case.baseline, name) for name in READ), share_in_scope(case))


def reads_requests(wanted: frozenset[str]) -> bool:
    """Whether one of the requirements needs a proxy that reads requests."""
    return any(BY_ID[key].needs_l7 for key in wanted if key in BY_ID)


def wanted_of(case: Case) -> frozenset[str]:
    """Requirements asked for as must or nice: they decide which features are switched on."""
    return frozenset(key for key, answer in case.requirements.items() if answer.need in {"must", "nice"})


class Estate(Generic[A]):
    """Counts, rates and shares as amounts (ranges are degenerate when given), and words on what was assumed.

    Each is read of the case when it is asked for, so that what reads a part of the estate depends on no more of the
    case than that part does. The two counts override what the case says of namespaces.
    """

    def __init__(
        self,
        case: Case,
        plan: Mapping[str, Planned],
        reckoning: Reckoning[A],
        *,
        namespaces_in_scope: int | None = None,
        waypoints: int | None = None,
    ) -> None:
        self._case, self._plan = case, plan
        self._reckoning: Reckoning[A] = reckoning
        self._namespaces_in_scope, self._waypoints = namespaces_in_scope, waypoints
        self._notes: list[str] = []

    @once
    def clusters(self) -> float:
        """Clusters; one where nothing was said."""
        return float(self._case.baseline.clusters or 1)

    @once
    def all_pods(self) -> A:
        """Running pods of the whole estate."""
        exactly, baseline = self._reckoning.exactly, self._case.baseline
        if baseline.pods is not None:
            return exactly(baseline.pods)
        for known, whose in (
            (baseline.pods_in_scope, "the must-haves cover"),
            (baseline.sidecars, "have a sidecar"),
        ):
            if known is not None:
                self._notes.append(f"pods not given: the {known:,} that {whose} counted as all")
                return exactly(known)
        if baseline.services:
            return self._planned("pods_per_service", "pods", exactly(baseline.services))
        return self._planned("pods", "pods")

    @once
    def in_scope(self) -> A:
        """Of these, the pods that the must-haves cover: as counted, else by the namespaces that they name."""
        scope, share = self._case.baseline.pods_in_scope, share_in_scope(self._case)
        if scope is None and share is None:
            return self.all_pods
        if scope is None:
            return self._by_namespaces(share or 1.0)
        # All pods are known then: they were given, or those in scope count as all.
        return self._reckoning.exactly(min(scope, self._reckoning.likely(self.all_pods)))

    def _by_namespaces(self, share: float) -> A:
        """The pods of so many namespaces: half of or twice as many as if they were like all others."""
        self._notes.append("pods in scope not given: as many in each namespace as in the others assumed")
        reckoning, host = self._reckoning, float(self._case.baseline.host_network_pods or 0)
        range_ = Range(low=share / 2, likely=share, high=min(1.0, share * 2))
        return reckoning.product(reckoning.less(self.all_pods, host), reckoning.of(range_))

    @once
    def pods(self) -> A:
        """Pods that would take part: not those on the host's network, of which a scope is thought to have none."""
        reckoning, baseline = self._reckoning, self._case.baseline
        host = float(baseline.host_network_pods or 0)
        if baseline.pods_in_scope is None and share_in_scope(self._case) is not None:
            return self.in_scope
        if baseline.pods is None or baseline.pods_in_scope is None:
            return reckoning.less(self.in_scope, host)
        return reckoning.exactly(min(reckoning.likely(self.in_scope), max(0.0, baseline.pods - host)))

    @once
    def nodes(self) -> A:
        """Nodes; the largest cluster times the clusters is an upper bound, below it the range is open."""
        baseline, clusters = self._case.baseline, self.clusters
        if baseline.nodes is not None:
            return self._reckoning.exactly(baseline.nodes)
        if baseline.nodes_per_cluster_max:
            most = clusters * baseline.nodes_per_cluster_max
            self._notes.append(f"nodes not given: at most {most:,.0f}, the largest cluster times the clusters")
            return self._reckoning.of(Range(low=max(clusters, most / 3), likely=most, high=most))
        return self._reckoning.at_least(self._divided("pods_per_node", "nodes"), clusters)

    @once
    def services(self) -> A:
        """Services."""
        if (services := self._case.baseline.services) is not None:
            return self._reckoning.exactly(services)
        return self._reckoning.at_least(self._divided("pods_per_service", "services"), 1.0)

    @once
    def waypoints(self) -> A:
        """Copies of the proxies that stand for a namespace."""
        reckoning, given = self._reckoning, self._namespaces_in_scope
        if self._waypoints is not None:
            return reckoning.exactly(self._waypoints)
        counted = given if given is not None else self._case.baseline.namespaces
        replicas = self._planned_value("waypoint_replicas")
        if counted is not None:
            return reckoning.product(reckoning.exactly(counted), replicas)
        inverse = reckoning.inverse(self._planned_value("services_per_namespace"))
        return reckoning.at_least(reckoning.product(self.services, inverse, replicas), 1.0)

    @once
    def all_rps(self) -> A:
        """East-west requests a second at peak, in the whole estate."""
        baseline, exactly = self._case.baseline, self._reckoning.exactly
        if baseline.peak_rps is not None:
            return exactly(baseline.peak_rps)
        if baseline.mean_rps is not None:
            return self._planned("peak_to_mean", "the peak rate", exactly(baseline.mean_rps))
        return self._planned("rps_per_pod", "the request rate", self.all_pods)

    @once
    def peak_rps(self) -> A:
        """The same among the pods that take part."""
        likely = self._reckoning.likely
        share = min(1.0, likely(self.in_scope) / likely(self.all_pods)) if likely(self.all_pods) else 1.0
        return self._reckoning.times(self.all_rps, share)

    @once
    def calls(self) -> A:
        """Hops on the critical path."""
        return self._given(self._case.baseline.sequential_calls, "sequential_calls", "calls in sequence")

    @once
    def payload_bytes(self) -> A:
        """What a call carries."""
        return self._given(self._case.baseline.payload_bytes, "payload_bytes", "payload")

    @once
    def parsed(self) -> float:
        """The share of the traffic that is HTTP."""
        return max(0.0, 1.0 - (self._case.baseline.udp_share or 0.0) - self.unparsed)

    @once
    def unparsed(self) -> float:
        """The share that is other TCP."""
        baseline = self._case.baseline
        return min(baseline.tcp_share or 0.0, 1.0 - (baseline.udp_share or 0.0))

    @once
    def wanted(self) -> frozenset[str]:
        """Requirements asked for as must or nice."""
        return wanted_of(self._case)

    @once
    def wants_layer_7(self) -> bool:
        """Whether one of them needs a proxy that reads requests."""
        return reads_requests(self.wanted)

    @once
    def path_p50_ms(self) -> float | None:
        """The p50 of today's critical path; None when not measured."""
        return self._case.baseline.p50_ms

    @once
    def path_p99_ms(self) -> float | None:
        """The p99 of today's critical path; None when not measured."""
        return self._case.baseline.p99_ms

    @once
    def utilisation(self) -> float | None:
        """CPU of the busiest node, 0 to 1, as far as it was measured at the peak; None when not measured."""
        return self._case.baseline.busiest_node_cpu

    @once
    def assumed(self) -> tuple[str, ...]:
        """What had to be assumed, in words; the sizes first, then the path."""
        _ = self.all_pods, self.in_scope, self.nodes, self.services, self.all_rps, self.calls, self.payload_bytes
        return tuple(self._notes)

    @once
    def assumed_sizes(self) -> tuple[str, ...]:
        """Of these the ones that `basis` names, which stand in an answer that adds nothing to the path too."""
        return tuple(one for one in self.assumed if not one.startswith(_NOT_IN_BASIS))

    @once
    def basis(self) -> str:
        """The sizes in words; empty for amounts without ranges, of which nothing is said."""
        return _basis(self.in_scope, self.nodes, self.peak_rps, self.calls)

    def _planned_value(self, name: str) -> A:
        """A planning value of which nothing is noted."""
        return self._reckoning.of(self._plan[name].value)

    def _planned(self, name: str, what: str, times: A | None = None) -> A:
        """The planning value `name`, times a count where it is per something; noted in words."""
        self._notes.append(f"{what} not given: {self._plan[name].says} assumed")
        return self._planned_value(name) if times is None else self._reckoning.product(self._planned_value(name), times)

    def _given(self, answer: float | None, name: str, what: str) -> A:
        """The answer, or the planning value `name` where there is none."""
        return self._planned(name, what) if answer is None else self._reckoning.exactly(answer)

    def _divided(self, name: str, what: str) -> A:
        self._notes.append(f"{what} not given: {self._plan[name].says} assumed")
        return self._reckoning.product(self.all_pods, self._reckoning.inverse(self._planned_value(name)))


_NOT_IN_BASIS = ("services ", "payload ")


def read(
    case: Case, plan: Mapping[str, Planned], *, namespaces_in_scope: int | None = None, waypoints: int | None = None
) -> Estate[Range]:
    """Read the estate of a case. The two counts override what the case says of namespaces."""
    found = Estate(case, plan, RANGES, namespaces_in_scope=namespaces_in_scope, waypoints=waypoints)
    # Words stand in the order in which people look at them, whoever asks first for what.
    _ = found.assumed
    return found


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
