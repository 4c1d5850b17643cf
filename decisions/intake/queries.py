"""The queries that fill a baseline from Prometheus, by where the request metrics come from.

Always a rate of buckets summed by `le`, never an average of quantiles. A mesh's metrics are filtered by reporter,
because it counts every request at both ends. Sources of the names: the documentation and dashboards of each project.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from decisions.intake.prometheus import FIGURE

QUANTILES = {"p50_ms": 0.5, "p90_ms": 0.9, "p95_ms": 0.95, "p99_ms": 0.99}


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Names of one source's metrics: the counter, the selector of its failures, the buckets and their unit in ms.

    `only` selects the requests that count, inside the braces of every metric.
    """

    label: str
    counter: str
    failed: str
    buckets: str
    unit_ms: float
    only: str = ""


SOURCES: Mapping[str, Metrics] = {
    "generic": Metrics(
        label="http_requests_total of applications",
        counter="http_requests_total",
        failed='code=~"5.."',
        buckets="http_request_duration_seconds_bucket",
        unit_ms=1000,
    ),
    "opentelemetry": Metrics(
        label="OpenTelemetry HTTP server metrics",
        counter="http_server_request_duration_seconds_count",
        failed='http_response_status_code=~"5.."',
        buckets="http_server_request_duration_seconds_bucket",
        unit_ms=1000,
    ),
    "micrometer": Metrics(
        label="Spring Boot (Micrometer)",
        counter="http_server_requests_seconds_count",
        failed='outcome="SERVER_ERROR"',
        buckets="http_server_requests_seconds_bucket",
        unit_ms=1000,
    ),
    "ingress-nginx": Metrics(
        label="ingress-nginx",
        counter="nginx_ingress_controller_requests",
        failed='status=~"5.."',
        buckets="nginx_ingress_controller_request_duration_seconds_bucket",
        unit_ms=1000,
    ),
    "traefik": Metrics(
        label="Traefik",
        counter="traefik_service_requests_total",
        failed='code=~"5.."',
        buckets="traefik_service_request_duration_seconds_bucket",
        unit_ms=1000,
    ),
    "istio": Metrics(
        label="Istio sidecars",
        counter="istio_requests_total",
        failed='response_code=~"5.."',
        buckets="istio_request_duration_milliseconds_bucket",
        unit_ms=1,
        only='reporter="destination"',
    ),
    "istio-ambient": Metrics(
        label="Istio waypoints",
        counter="istio_requests_total",
        failed='response_code=~"5.."',
        buckets="istio_request_duration_milliseconds_bucket",
        unit_ms=1,
        only='reporter="waypoint"',
    ),
    "linkerd": Metrics(
        label="Linkerd",
        counter="response_total",
        failed='classification="failure"',
        buckets="response_latency_ms_bucket",
        unit_ms=1,
        only='direction="inbound"',
    ),
    "hubble": Metrics(
        label="Cilium Hubble with HTTP visibility",
        counter="hubble_http_requests_total",
        failed='status=~"5.."',
        buckets="hubble_http_request_duration_seconds_bucket",
        unit_ms=1000,
    ),
    "envoy": Metrics(
        label="Envoy",
        counter="envoy_cluster_upstream_rq",
        failed='envoy_response_code=~"5.."',
        buckets="envoy_cluster_upstream_rq_time_bucket",
        unit_ms=1,
    ),
}
# cAdvisor reports every container a second time for its cgroup parents; those rows have no image.
_CONTAINERS = '{container!="",image!=""}'


def queries(source: str, *, window_s: int = 300) -> dict[str, str]:
    """PromQL by figure of the baseline. Raises KeyError for a source that is not in SOURCES."""
    metrics, window = SOURCES[source], f"[{window_s}s]"
    rate = f"sum(rate({metrics.counter}{_braced(metrics.only)}{window}))"
    failed = f"sum(rate({metrics.counter}{_braced(metrics.only, metrics.failed)}{window}))"
    buckets = f"sum by (le) (rate({metrics.buckets}{_braced(metrics.only)}{window}))"
    scale = f" * {metrics.unit_ms:g}" if metrics.unit_ms != 1 else ""
    # A status that never occurred has no series; where there are requests, that is a ratio of zero.
    found = {"peak_rps": rate, "error_ratio": f"({failed} or vector(0)) / {rate}"}
    found |= {figure: f"histogram_quantile({share:g}, {buckets}){scale}" for figure, share in QUANTILES.items()}
    return found | {
        "cpu_vcpu": f"sum(rate(container_cpu_usage_seconds_total{_CONTAINERS}{window}))",
        "memory_gib": f"sum(container_memory_working_set_bytes{_CONTAINERS}) / 1024 / 1024 / 1024",
        "pods": 'sum(kube_pod_status_phase{phase="Running"})',
        "nodes": "count(kube_node_info)",
        "services": "count(kube_service_info)",
        "namespaces": 'count(kube_namespace_status_phase{phase="Active"} == 1)',
    }


def marked(query: str, figure: str) -> str:
    """The query with a label that says which figure its answer is, so that the answer alone can be read."""
    return f'label_replace({query}, "{FIGURE}", "{figure}", "", "")'


def _braced(*selectors: str) -> str:
    wanted = ",".join(selector for selector in selectors if selector)
    return f"{{{wanted}}}" if wanted else ""
