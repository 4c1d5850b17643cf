"""The queries that fill a baseline from Prometheus, by where the request metrics come from.

Always a rate of buckets summed by `le`, never an average of quantiles. A mesh's metrics are filtered by reporter,
because it counts every request at both ends.
"""

from decisions.intake.prometheus_series import FIGURE
from decisions.intake.sources import SOURCES, Metrics

QUANTILES = {"p50_ms": 0.5, "p90_ms": 0.9, "p95_ms": 0.95, "p99_ms": 0.99, "p99_9_ms": 0.999}
"""p99.9 answers no question: it says how certain the p99 is, where a stage is compared with it."""
# cAdvisor reports every container a second time for its cgroup parents; those rows have no image.
_CONTAINERS = '{container!="",image!=""}'


def queries(source: str, *, window_s: int = 300, native: bool = False) -> dict[str, str]:
    """PromQL by figure. Raises KeyError for a source that is not in SOURCES.

    `native` is for a source whose latency is a native histogram, which has neither buckets nor a counter beside it.
    Figures that are no answers of the case: `bounds_ms` or `bounds_s` (the bounds of the buckets), `resets` (counters
    that began anew), `platform` (kernel and kubelet of nodes) and what fails.
    """
    metrics = SOURCES[source]
    return _requests(metrics, window_s, native=native) | _resources(window_s) | _size() | _failures(window_s)


def _requests(metrics: Metrics, window_s: int, *, native: bool) -> dict[str, str]:
    window = f"[{window_s}s]"
    rate = _rate(metrics, "", window, native=native)
    # Whose status nobody knows is left out of the ratio; a status that never occurred has no series and is zero.
    failed = _rates(metrics, '{label}=~"' + metrics.failed + '"', window, native=native)
    known = _rates(metrics, '{label}!=""', window, native=native)
    found = {"peak_rps": rate, "error_ratio": f"({failed} or 0 * {known}) / {known}"}
    selected = _braced(metrics.only)
    buckets = (
        f"sum(rate({metrics.histogram}{selected}{window}))"
        if native
        else f"sum by (le) (rate({metrics.buckets}{selected}{window}))"
    )
    scale = "" if metrics.unit_ms == 1 else f" * {metrics.unit_ms}"
    found |= {figure: f"histogram_quantile({share:g}, {buckets}){scale}" for figure, share in QUANTILES.items()}
    if native:
        return found | {"resets": f"sum(resets({metrics.histogram}{selected}{window}))"}
    return found | {
        "resets": f"sum(resets({metrics.counter}{selected}{window}))",
        f"bounds_{'ms' if metrics.unit_ms == 1 else 's'}": f"group by (le) ({metrics.buckets}{selected})",
    }


def _rate(metrics: Metrics, selector: str, window: str, *, native: bool) -> str:
    """Requests per second with the selector."""
    return _summed([_one(metrics, selector, window, native=native)], native=native)


def _rates(metrics: Metrics, selector: str, window: str, *, native: bool) -> str:
    """Requests per second with the selector of any label that may hold the status. `or` takes each series once."""
    parts = [_one(metrics, selector.format(label=label), window, native=native) for label in metrics.status]
    return _summed(parts, native=native)


def _one(metrics: Metrics, selector: str, window: str, *, native: bool) -> str:
    name = metrics.histogram if native else metrics.counter
    return f"rate({name}{_braced(metrics.only, selector)}{window})"


def _summed(parts: list[str], *, native: bool) -> str:
    total = f"sum({' or '.join(parts)})"
    return f"histogram_count({total})" if native else total


def _resources(window_s: int) -> dict[str, str]:
    throttled = f"sum(rate(container_cpu_cfs_throttled_periods_total{_CONTAINERS}[{window_s}s]))"
    periods = f"sum(rate(container_cpu_cfs_periods_total{_CONTAINERS}[{window_s}s]))"
    return {
        "cpu_vcpu": f"sum(rate(container_cpu_usage_seconds_total{_CONTAINERS}[{window_s}s]))",
        "memory_gib": f"sum(container_memory_working_set_bytes{_CONTAINERS}) / 1024 / 1024 / 1024",
        "busiest_node_cpu": f'max(1 - avg by (instance) (rate(node_cpu_seconds_total{{mode="idle"}}[{window_s}s])))',
        "throttled_ratio": f"{throttled} / {periods}",
    }


def _size() -> dict[str, str]:
    """Counted by name, because two replicas of kube-state-metrics report everything twice."""
    return {
        "pods": 'count(max by (namespace, pod) (kube_pod_status_phase{phase="Running"}) == 1)',
        "nodes": "count(group by (node) (kube_node_info))",
        "services": "count(group by (namespace, service) (kube_service_info))",
        "namespaces": 'count(max by (namespace) (kube_namespace_status_phase{phase="Active"}) == 1)',
        "platform": "count by (kernel_version, kubelet_version) (kube_node_info)",
    }


def _failures(window_s: int) -> dict[str, str]:
    return {
        "restarts_24h": "sum(increase(kube_pod_container_status_restarts_total[24h]))",
        "out_of_memory": 'sum(kube_pod_container_status_last_terminated_reason{reason="OOMKilled"})',
        "retransmitted_ratio": (
            f"sum(rate(node_netstat_Tcp_RetransSegs[{window_s}s])) / sum(rate(node_netstat_Tcp_OutSegs[{window_s}s]))"
        ),
    }


def marked(query: str, figure: str) -> str:
    """The query with a label that says which figure its answer is, so that the answer alone can be read."""
    return f'label_replace({query}, "{FIGURE}", "{figure}", "", "")'


def step_s(span_s: int) -> int:
    """Seconds between two points of a range: at most 500 points, of the server's 11,000, and never below 15 s."""
    return max(15, -(-span_s // 500))


def window_s(span_s: int) -> int:
    """Seconds a rate is taken over: 5 minutes, or one step where that is longer, so that nothing lies in between."""
    return max(300, step_s(span_s))


def _braced(*selectors: str) -> str:
    wanted = ",".join(selector for selector in selectors if selector)
    return f"{{{wanted}}}" if wanted else ""
