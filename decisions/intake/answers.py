"""What a reading answers in the case document, each answer with where it comes from."""

from dataclasses import dataclass

from decisions.advisor.quantities import percent
from decisions.intake.cautions import SHORT_S, TOO_MANY_ERRORS, says_nothing
from decisions.intake.cluster_answers import Row, Value, cluster_rows
from decisions.intake.prometheus_series import FIGURE, words
from decisions.intake.reading import LoadTest, Omission, PrometheusAnswer, Reading, Series
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
# What containers use is one answer, what they request is another.
_PATHS = {"cpu_vcpu": "used_cpu_vcpu", "memory_gib": "used_memory_gib"}


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A value for one path of the case document, and the sentence that says where it comes from."""

    value: Value
    provenance: str


def answers(reading: Reading) -> dict[str, Answer]:
    """Answers by path ("baseline.p99_ms"); a figure the file does not have is not among them."""
    found: dict[str, Answer] = {}
    if reading.loadtest:
        found |= _loadtest(reading, reading.loadtest)
    if reading.prometheus:
        found |= _prometheus(reading, reading.prometheus)
    if reading.cluster:
        found |= _known(cluster_rows(reading.cluster, _source(reading)))
    return found


def _source(reading: Reading) -> str:
    tool = " ".join(filter(None, (reading.tool, reading.tool_version)))
    return f"{reading.file} ({tool or reading.format}, SHA-256 {reading.sha256[:12]})"


def _loadtest(reading: Reading, figures: LoadTest) -> dict[str, Answer]:
    if says_nothing(figures):
        return {}
    origin = _source(reading)
    about = f"of {_population(figures)} in {origin}{_doubt(figures)}"
    latency = figures.latency
    rows: list[Row] = [
        ("baseline.error_ratio", figures.error_ratio, f"failed requests of the load test in {origin}"),
        (
            "baseline.peak_rps",
            figures.achieved_rps if (figures.duration_s or 0.0) >= SHORT_S else None,
            f"rate of the load test in {origin}; compare it with the peak in production",
        ),
        (
            "baseline.measured_at",
            figures.started_at.date().isoformat() if figures.started_at else None,
            f"start of the load test in {origin}",
        ),
        ("baseline.p50_ms", latency.p50, f"median {about}"),
        ("baseline.p90_ms", latency.p90, f"p90 {about}"),
        ("baseline.p95_ms", latency.p95, f"p95 {about}"),
        ("baseline.p99_ms", latency.p99, f"p99 {about}"),
    ]
    return _known(rows)


def _population(figures: LoadTest) -> str:
    number = f"{figures.requests:,} requests" if figures.requests is not None else "the requests"
    return f"{number}, successes only," if figures.population == "success" else number


def _doubt(figures: LoadTest) -> str:
    doubts = []
    if figures.error_ratio is not None and figures.error_ratio > TOO_MANY_ERRORS:
        doubts.append(f"{percent(figures.error_ratio)} of them failed, which pulls the figure down")
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
    return [(f"baseline.{_PATHS.get(figure, figure)}", value, f"{how} in {origin}")]


def _platform_of(answer: PrometheusAnswer, origin: str) -> list[Row]:
    nodes = [dict(series.labels) for series in answer.series if dict(series.labels).get(FIGURE) == "platform"]
    kernels = oldest_first(node.get("kernel_version", "") for node in nodes)
    kubelets = oldest_first(node.get("kubelet_version", "") for node in nodes)
    return [
        ("baseline.kernel_version", next(iter(kernels), None), f"oldest kernel of the nodes in {origin}"),
        ("baseline.kubernetes_version", next(iter(kubelets), None), f"oldest kubelet of the nodes in {origin}"),
    ]


def _known(rows: list[Row]) -> dict[str, Answer]:
    return {
        path: Answer(value=_rounded(value), provenance=because) for path, value, because in rows if value is not None
    }


def _rounded(value: Value) -> Value:
    return round(value, 6) if isinstance(value, float) else value
