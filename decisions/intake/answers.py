"""What a reading answers in the case document, each answer with where it comes from."""

from dataclasses import dataclass

from decisions.intake.cautions import TOO_MANY_ERRORS
from decisions.intake.prometheus_series import FIGURE, words
from decisions.intake.reading import Cluster, LoadTest, Omission, PrometheusAnswer, Reading, Series
from decisions.intake.units import oldest_first

_WHOLE = frozenset({"nodes", "pods", "services", "namespaces"})
_MARKED = _WHOLE | {
    "p50_ms",
    "p90_ms",
    "p95_ms",
    "p99_ms",
    "peak_rps",
    "mean_rps",
    "error_ratio",
    "cpu_vcpu",
    "memory_gib",
    "busiest_node_cpu",
}
# Above this share of failures the times are those of failures and no baseline at all.
USELESS = 0.5
Row = tuple[str, str | int | float | None, str]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A value for one path of the case document, and the sentence that says where it comes from."""

    value: str | int | float
    provenance: str


def answers(reading: Reading) -> dict[str, Answer]:
    """Answers by path ("baseline.p99_ms"); a figure the file does not have is not among them."""
    found: dict[str, Answer] = {}
    if reading.loadtest:
        found |= _loadtest(reading, reading.loadtest)
    if reading.prometheus:
        found |= _prometheus(reading, reading.prometheus)
    if reading.cluster:
        found |= _cluster(reading, reading.cluster)
    return found


def _source(reading: Reading) -> str:
    tool = " ".join(filter(None, (reading.tool, reading.tool_version)))
    return f"{reading.file} ({tool or reading.format}, SHA-256 {reading.sha256[:12]})"


def _loadtest(reading: Reading, figures: LoadTest) -> dict[str, Answer]:
    origin = _source(reading)
    rows: list[Row] = [
        ("baseline.error_ratio", figures.error_ratio, f"failed requests of the load test in {origin}"),
        (
            "baseline.peak_rps",
            figures.achieved_rps,
            f"rate of the load test in {origin}; compare it with the peak in production",
        ),
        (
            "baseline.measured_at",
            figures.started_at.date().isoformat() if figures.started_at else None,
            f"start of the load test in {origin}",
        ),
    ]
    if (figures.error_ratio or 0.0) <= USELESS:
        about = f"of {_population(figures)} in {origin}{_doubt(figures)}"
        latency = figures.latency
        rows += [
            ("baseline.p50_ms", latency.p50, f"median {about}"),
            ("baseline.p90_ms", latency.p90, f"p90 {about}"),
            ("baseline.p95_ms", latency.p95, f"p95 {about}"),
            ("baseline.p99_ms", latency.p99, f"p99 {about}"),
        ]
    return _known(rows)


def _population(figures: LoadTest) -> str:
    number = f"{figures.requests} requests" if figures.requests is not None else "the requests"
    return f"{number}, successes only," if figures.population == "success" else number


def _doubt(figures: LoadTest) -> str:
    doubts = []
    if figures.error_ratio is not None and figures.error_ratio > TOO_MANY_ERRORS:
        doubts.append(f"{figures.error_ratio:.0%} of them failed, which pulls the figure down")
    if figures.coordinated_omission is Omission.UNCORRECTED:
        doubts.append("not corrected for coordinated omission")
    return f"; {', '.join(doubts)}" if doubts else ""


def _prometheus(reading: Reading, answer: PrometheusAnswer) -> dict[str, Answer]:
    """Only series that the manual's recipe marked say which figure they are."""
    rows: list[Row] = []
    for series in answer.series:
        figure = dict(series.labels).get(FIGURE, "")
        if figure in _MARKED and series.value is not None and not series.at_least and not series.at_most:
            rows += _marked(figure, series, _source(reading))
    rows += [row for row in _platform_of(answer, _source(reading)) if row[1] is not None]
    if rows and answer.ended_at:
        rows.append(("baseline.measured_at", answer.ended_at.date().isoformat(), f"last point in {_source(reading)}"))
    return _known(rows)


def _marked(figure: str, series: Series, origin: str) -> list[Row]:
    over = f" of {series.points} points" if series.points > 1 else ""
    if figure == "peak_rps":
        return [
            ("baseline.peak_rps", series.highest, f"{f'highest{over}' if over else 'one point'} in {origin}"),
            ("baseline.mean_rps", series.mean if over else None, f"mean{over} in {origin}"),
        ]
    if figure == "busiest_node_cpu":
        highest = f"{f'highest{over}' if over else 'one point'} of the node exporter in {origin}"
        return [("baseline.busiest_node_cpu", series.highest, highest)]
    value = round(series.value) if series.value and figure in _WHOLE else series.value
    after = words(series)[1]
    how = f"{f'median{over}' if over else 'one point'}{f', {after},' if after else ''}"
    return [(f"baseline.{figure}", value, f"{how} in {origin}")]


def _platform_of(answer: PrometheusAnswer, origin: str) -> list[Row]:
    nodes = [dict(series.labels) for series in answer.series if dict(series.labels).get(FIGURE) == "platform"]
    kernels = oldest_first(node.get("kernel_version", "") for node in nodes)
    kubelets = oldest_first(node.get("kubelet_version", "") for node in nodes)
    return [
        ("baseline.kernel_version", next(iter(kernels), None), f"oldest kernel of the nodes in {origin}"),
        ("baseline.kubernetes_version", next(iter(kubelets), None), f"oldest kubelet of the nodes in {origin}"),
    ]


def _cluster(reading: Reading, figures: Cluster) -> dict[str, Answer]:
    origin = _source(reading)
    return _known([*_counted(figures, origin), *_platform(figures, origin), *_resources(figures, origin)])


def _counted(figures: Cluster, origin: str) -> list[Row]:
    counts, pods, mesh = figures.counts, figures.pods, figures.mesh
    own = f", {mesh.control_plane_pods} of them of the mesh itself" if mesh.control_plane_pods else ""
    return [
        ("baseline.nodes", counts.nodes, f"nodes listed in {origin}"),
        ("baseline.nodes_per_cluster_max", counts.nodes, f"nodes of the one cluster listed in {origin}"),
        ("baseline.pods", counts.active_pods, f"pods listed in {origin}, without those that are over"),
        ("baseline.services", counts.services, f"services listed in {origin}"),
        ("baseline.namespaces", counts.namespaces, f"namespaces listed in {origin}"),
        ("baseline.jobs", counts.jobs, f"jobs listed in {origin}"),
        ("baseline.windows_nodes", figures.platform.windows_nodes, f"operating system of the nodes in {origin}"),
        ("baseline.gvisor_pods", pods.gvisor, f"runtime class of the pods in {origin}"),
        ("baseline.host_network_pods", pods.host_network, f"pods with hostNetwork in {origin}"),
        ("baseline.sidecars", mesh.injected_pods, f"pods with an injected proxy in {origin}{own}"),
        (
            "baseline.single_node_clusters",
            None if counts.nodes is None else int(counts.nodes == 1),
            f"nodes of the one cluster listed in {origin}",
        ),
    ]


def _platform(figures: Cluster, origin: str) -> list[Row]:
    platform = figures.platform
    version = platform.kubernetes_version
    kubelet = next(iter(platform.kubelets), None)
    evidence = "; ".join(platform.cni_evidence)
    return [
        (
            "baseline.kubernetes_version",
            version or kubelet,
            f"{'server version' if version else 'oldest kubelet of the nodes'} in {origin}",
        ),
        ("baseline.kernel_version", next(iter(platform.kernels), None), f"oldest kernel of the nodes in {origin}"),
        ("baseline.cni", platform.cni, f"{evidence} in {origin}"),
        ("baseline.kube_proxy", platform.kube_proxy, f"pods listed in {origin}"),
        ("baseline.regions", len(platform.regions) or None, f"region labels of the nodes in {origin}"),
        ("baseline.providers", len(platform.providers) or None, f"provider ids of the nodes in {origin}"),
    ]


def _resources(figures: Cluster, origin: str) -> list[Row]:
    resources = figures.resources
    in_use = resources.used_cpu is not None
    basis = "in use by kubectl top" if in_use else "requested by active pods"
    return [
        ("baseline.cpu_vcpu", resources.used_cpu if in_use else resources.cpu_requests, f"CPU {basis} in {origin}"),
        (
            "baseline.memory_gib",
            _gib(resources.used_memory if in_use else resources.memory_requests),
            f"memory {basis} in {origin}",
        ),
        (
            "baseline.busiest_node_cpu",
            resources.busiest_node,
            f"kubectl top nodes against what the busiest node has, in {origin}: of that moment, not of the peak",
        ),
        ("baseline.free_cpu_vcpu", resources.free_cpu, f"allocatable minus requested CPU in {origin}"),
        ("baseline.free_memory_gib", _gib(resources.free_memory), f"allocatable minus requested memory in {origin}"),
        (
            "baseline.sidecar_reserved_cpu_vcpu",
            resources.sidecar_reserved_cpu,
            f"CPU requests of injected proxies in {origin}",
        ),
        (
            "baseline.sidecar_reserved_memory_gib",
            _gib(resources.sidecar_reserved_memory),
            f"memory requests of injected proxies in {origin}",
        ),
    ]


def _gib(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


def _known(rows: list[Row]) -> dict[str, Answer]:
    return {
        path: Answer(value=_rounded(value), provenance=because) for path, value, because in rows if value is not None
    }


def _rounded(value: str | int | float) -> str | int | float:
    return round(value, 6) if isinstance(value, float) else value
