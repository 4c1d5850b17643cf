"""What a file gave: the values that leave the intake, allow-listed and never holding the file itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from decisions.intake.inventory import HelmRelease, Inventory

SCHEMA_PERCENTILES = (50.0, 75.0, 90.0, 95.0, 99.0, 99.9)


class Unreadable(Exception):  # noqa: N818 - it is what the file is, and its text is shown to the user
    """The content cannot be read as asked; the text says what was expected and how to get it."""


class Kind(StrEnum):
    """What a file was taken for."""

    LOADTEST = "loadtest"
    CLUSTER = "cluster"
    PROMETHEUS = "prometheus"
    REFUSED = "refused"


class Population(StrEnum):
    """Which requests the latency figures are about."""

    ALL = "all"
    SUCCESS = "success"


class Method(StrEnum):
    """How the tool got its percentiles, which limits how far they can be trusted."""

    EXACT = "exact"
    HDR = "hdr"
    TDIGEST = "tdigest"
    BUCKET = "bucket"
    ROUNDED = "rounded"


class Omission(StrEnum):
    """Whether waiting time hidden by a slow answer is part of the figures (coordinated omission)."""

    CORRECTED = "corrected"
    UNCORRECTED = "uncorrected"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One figure that was read, for people: the value may be a number or a word, the unit may be empty."""

    label: str
    value: str | int | float
    unit: str = ""


@dataclass(frozen=True, kw_only=True)
class Errors:
    """Failed requests by kind, recomputed from counters; None where the file does not tell the kinds apart.

    `transport` got no answer, `client` is 4xx, `server` is 5xx, `other` failed without the file saying how.
    """

    transport: int | None = None
    client: int | None = None
    server: int | None = None
    other: int | None = None

    @property
    def total(self) -> int | None:
        """All failures, or None when nothing is known about any kind."""
        known = [kind for kind in (self.transport, self.client, self.server, self.other) if kind is not None]
        return sum(known) if known else None


@dataclass(frozen=True, kw_only=True)
class Latency:
    """Milliseconds; None where the file has no such figure."""

    min: float | None = None
    mean: float | None = None
    p50: float | None = None
    p75: float | None = None
    p90: float | None = None
    p95: float | None = None
    p99: float | None = None
    p99_9: float | None = None
    max: float | None = None

    @classmethod
    def of(
        cls,
        percentiles: Mapping[float, float],
        *,
        lowest: float | None = None,
        mean: float | None = None,
        highest: float | None = None,
    ) -> "Latency":
        """From percentiles keyed by percent (99.9), all in milliseconds."""
        wanted = {percent: percentiles.get(percent) for percent in SCHEMA_PERCENTILES}
        return cls(
            min=lowest,
            mean=mean,
            p50=wanted[50.0],
            p75=wanted[75.0],
            p90=wanted[90.0],
            p95=wanted[95.0],
            p99=wanted[99.0],
            p99_9=wanted[99.9],
            max=highest,
        )

    def percentiles(self) -> tuple[tuple[float, float], ...]:
        """The known percentiles as (percent, milliseconds), lowest first."""
        values = (self.p50, self.p75, self.p90, self.p95, self.p99, self.p99_9)
        return tuple((p, v) for p, v in zip(SCHEMA_PERCENTILES, values, strict=True) if v is not None)


@dataclass(frozen=True, kw_only=True)
class LoadTest:
    """One load-test run, normalised: seconds, requests per second, milliseconds; None means the file does not say."""

    requests: int | None = None
    duration_s: float | None = None
    requested_rps: float | None = None
    achieved_rps: float | None = None
    errors: Errors = Errors()
    error_ratio: float | None = None
    latency: Latency = Latency()
    population: Population | None = None
    percentile_method: Method | None = None
    coordinated_omission: Omission = Omission.UNKNOWN
    connections: int | None = None
    started_at: datetime | None = None
    target_host: str | None = None
    # (percent, milliseconds) of every percentile in the file, for a plot of the distribution.
    distribution: tuple[tuple[float, float], ...] = ()
    # (percent, design effect): how far requests beyond it come together, where the file holds every request.
    clustering: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Series:
    """One answered Prometheus series: allow-listed labels and the value, or why there is none.

    `value` is the median over the points. `at_least` is True when it is the last finite bucket bound, so that the truth
    may be higher; `at_most` when it lies in the lowest bucket, so that it is anything up to the bound. `between` is the
    bucket in ms that it was interpolated in. `left_out` are points at which counters were reset.
    """

    labels: tuple[tuple[str, str], ...]
    value: float | None
    highest: float | None = None
    mean: float | None = None
    points: int = 1
    left_out: int = 0
    between: tuple[float, float] | None = None
    at_least: bool = False
    at_most: bool = False
    unknown_because: str | None = None
    # (percent, value in the unit of the metric), of a native histogram.
    percentiles: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, kw_only=True)
class PrometheusAnswer:
    """The answers of the Prometheus HTTP API in a file, and the time they are about."""

    result_type: str
    series: tuple[Series, ...]
    started_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class NamespacePolicy:
    """How NetworkPolicies cover one namespace: `default-deny`, `some` or `none`."""

    namespace: str
    coverage: str


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A namespace as a place to begin a roll-out, with what speaks for and against it; lower risk first."""

    namespace: str
    pods: int
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Objects by kind; None when the kind was not listed. `active_pods` leaves out pods that are over."""

    nodes: int | None = None
    pods: int | None = None
    active_pods: int | None = None
    services: int | None = None
    namespaces: int | None = None
    deployments: int | None = None
    jobs: int | None = None
    cron_jobs: int | None = None
    stateful_sets: int | None = None
    network_policies: int | None = None


@dataclass(frozen=True, kw_only=True)
class Platform:
    """Versions (oldest first), places and the network plugin with the evidence for it."""

    kubernetes_version: str | None = None
    kernels: tuple[str, ...] = ()
    kubelets: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()
    distribution: str | None = None
    windows_nodes: int | None = None
    kube_proxy: str | None = None
    cni: str | None = None
    cni_evidence: tuple[str, ...] = ()
    cni_version: str | None = None


@dataclass(frozen=True, kw_only=True)
class MeshFigures:
    """The mesh that is there. `name` is "none" when pods were listed and nothing was found, None when unknown.

    `injected_pods` carry a proxy beside an application container (gateways do not); `control_plane_pods` of them belong
    to the mesh itself.
    """

    name: str | None = None
    evidence: tuple[str, ...] = ()
    injected_pods: int | None = None
    control_plane_pods: int | None = None
    gateway_pods: int | None = None
    native_sidecar_pods: int | None = None
    ambient_pods: int | None = None
    job_pods_with_classic_sidecar: int | None = None
    injected_namespaces: tuple[str, ...] = ()
    ambient_namespaces: tuple[str, ...] = ()
    proxy_versions: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Resources:
    """vCPU and GiB. Requests and limits are those of active pods; `free` is allocatable minus requested."""

    containers: int | None = None
    containers_without_cpu_request: int | None = None
    cpu_requests: float | None = None
    cpu_limits: float | None = None
    memory_requests: float | None = None
    memory_limits: float | None = None
    allocatable_cpu: float | None = None
    allocatable_memory: float | None = None
    free_cpu: float | None = None
    free_memory: float | None = None
    used_cpu: float | None = None
    used_memory: float | None = None
    busiest_node: float | None = None
    """Share of its CPU that the busiest node uses, where `kubectl top nodes` and the nodes were both listed."""
    sidecar_reserved_cpu: float | None = None
    sidecar_reserved_memory: float | None = None
    sidecar_used_cpu: float | None = None
    sidecar_used_memory: float | None = None


@dataclass(frozen=True, kw_only=True)
class PodFigures:
    """What pods are like and how they fail; None when pods were not listed."""

    by_phase: tuple[tuple[str, int], ...] = ()
    gvisor: int | None = None
    host_network: int | None = None
    windows: int | None = None
    virtual: int | None = None
    restarts: int | None = None
    out_of_memory_containers: int | None = None


@dataclass(frozen=True, kw_only=True)
class NetworkFigures:
    """Services and their protocols, and how NetworkPolicies cover namespaces."""

    headless_services: int | None = None
    load_balancers: int | None = None
    ports_by_protocol: tuple[tuple[str, int], ...] = ()
    policies: tuple[NamespacePolicy, ...] = ()
    # Names of configurations of admission webhooks that refuse everything while they are down; None when not listed.
    blocking_webhooks: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """What cluster files say. None means that the kind was not in the files, which is not the same as zero."""

    counts: Counts = Counts()
    platform: Platform = Platform()
    mesh: MeshFigures = MeshFigures()
    resources: Resources = Resources()
    pods: PodFigures = PodFigures()
    network: NetworkFigures = NetworkFigures()
    candidates: tuple[Candidate, ...] = ()
    # Namespace -> Service -> its first TCP port, the least risky namespace first.
    places: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    # Namespace -> label or annotation by which it is in a mesh -> value.
    marks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    releases: tuple[HelmRelease, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one file (or several cluster files together) was taken for and what it gave."""

    file: str
    kind: Kind
    sha256: str
    size: int
    recognised: str
    format: str | None = None
    tool: str | None = None
    tool_version: str | None = None
    read: tuple[Item, ...] = ()
    ignored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    advice: str | None = None
    loadtest: LoadTest | None = None
    cluster: Cluster | None = None
    prometheus: PrometheusAnswer | None = None
    # SHA-256 of the files that this one speaks for, where it is of several together.
    parts: tuple[str, ...] = ()
    # The allow-listed objects behind `cluster`, so that files read at different times can still be joined.
    inventory: Inventory | None = field(default=None, repr=False)
