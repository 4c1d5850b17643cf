"""Where request metrics in a Prometheus come from: the names each source gives them.

Sources of the names: the documentation and dashboards of each project (ingress-nginx docs/user-guide/monitoring.md,
Traefik pkg/metrics/prometheus.go, Micrometer's http.server.requests, the OpenTelemetry semantic conventions for HTTP,
Istio's and Linkerd's dashboards, Cilium pkg/hubble/metrics, Envoy's cluster statistics).
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Names of one source's metrics.

    `counter` counts requests; `histogram` is the base name of the latency histogram, in a unit of `unit_ms`
    milliseconds. `failed` is a pattern of what counts as failed, in any of the labels `status` that is there. `only`
    selects the requests that count, inside the braces of every metric.
    """

    label: str
    counter: str
    histogram: str
    unit_ms: int
    status: tuple[str, ...]
    failed: str = "5.."
    only: str = ""
    note: str = ""
    """What the figures of this source leave out or mislead about; empty for nothing."""

    @property
    def buckets(self) -> str:
        """The name of the classic histogram's buckets."""
        return f"{self.histogram}_bucket"


_EDGE = "It sees what enters the cluster, not what services ask of each other."
_CODES = ("code", "status", "status_code", "http_status")

# The ones that see what services ask of each other come first: that is what a mesh would be for.
SOURCES: Mapping[str, Metrics] = {
    "istio": Metrics(
        label="Istio sidecars",
        counter="istio_requests_total",
        histogram="istio_request_duration_milliseconds",
        unit_ms=1,
        status=("response_code",),
        only='reporter="destination"',
    ),
    "istio-ambient": Metrics(
        label="Istio waypoints",
        counter="istio_requests_total",
        histogram="istio_request_duration_milliseconds",
        unit_ms=1,
        status=("response_code",),
        only='reporter="waypoint"',
    ),
    "istio-gateway": Metrics(
        label="Istio gateways and clients",
        counter="istio_requests_total",
        histogram="istio_request_duration_milliseconds",
        unit_ms=1,
        status=("response_code",),
        only='reporter="source"',
        note="These are the senders' figures: they hold retries and the way to the server.",
    ),
    "linkerd": Metrics(
        label="Linkerd",
        counter="response_total",
        histogram="response_latency_ms",
        unit_ms=1,
        status=("classification",),
        failed="failure",
        only='direction="inbound"',
    ),
    "hubble": Metrics(
        label="Cilium Hubble (httpV2)",
        counter="hubble_http_requests_total",
        histogram="hubble_http_request_duration_seconds",
        unit_ms=1000,
        status=("status",),
        only='reporter="server"',
        note="Only traffic that Cilium sends through its HTTP proxy is in it.",
    ),
    "hubble-client": Metrics(
        label="Cilium Hubble (httpV2), senders",
        counter="hubble_http_requests_total",
        histogram="hubble_http_request_duration_seconds",
        unit_ms=1000,
        status=("status",),
        only='reporter="client"',
        note="Only traffic that Cilium sends through its HTTP proxy is in it.",
    ),
    "hubble-v1": Metrics(
        label="Cilium Hubble (http)",
        counter="hubble_http_responses_total",
        histogram="hubble_http_request_duration_seconds",
        unit_ms=1000,
        status=("status",),
        note="Only traffic that Cilium sends through its HTTP proxy is in it, perhaps at both ends.",
    ),
    "opentelemetry": Metrics(
        label="OpenTelemetry HTTP server metrics",
        counter="http_server_request_duration_seconds_count",
        histogram="http_server_request_duration_seconds",
        unit_ms=1000,
        status=("http_response_status_code",),
    ),
    "opentelemetry-old": Metrics(
        label="OpenTelemetry HTTP server metrics before 1.23",
        counter="http_server_duration_milliseconds_count",
        histogram="http_server_duration_milliseconds",
        unit_ms=1,
        status=("http_status_code",),
    ),
    "micrometer": Metrics(
        label="Spring Boot (Micrometer)",
        counter="http_server_requests_seconds_count",
        histogram="http_server_requests_seconds",
        unit_ms=1000,
        status=("outcome",),
        failed="SERVER_ERROR",
        note="Buckets are there only with management.metrics.distribution.percentiles-histogram.http.server.requests.",
    ),
    "generic": Metrics(
        label="http_requests_total of applications",
        counter="http_requests_total",
        histogram="http_request_duration_seconds",
        unit_ms=1000,
        status=_CODES,
    ),
    "generic-histogram": Metrics(
        label="http_request_duration_seconds of applications",
        counter="http_request_duration_seconds_count",
        histogram="http_request_duration_seconds",
        unit_ms=1000,
        status=_CODES,
    ),
    "envoy": Metrics(
        label="Envoy",
        counter="envoy_cluster_upstream_rq",
        histogram="envoy_cluster_upstream_rq_time",
        unit_ms=1,
        status=("envoy_response_code",),
        note="Each retry counts as a request of its own.",
    ),
    "ingress-nginx": Metrics(
        label="ingress-nginx",
        counter="nginx_ingress_controller_requests",
        histogram="nginx_ingress_controller_request_duration_seconds",
        unit_ms=1000,
        status=("status",),
        note=_EDGE,
    ),
    "traefik": Metrics(
        label="Traefik",
        counter="traefik_service_requests_total",
        histogram="traefik_service_request_duration_seconds",
        unit_ms=1000,
        status=("code",),
        note=_EDGE,
    ),
}
