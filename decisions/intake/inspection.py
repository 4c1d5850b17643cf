"""The JSON answer of `meshadvisor inspect`: one mapping a reading; null means that the file does not say."""

from decisions.intake.reading import Cluster, LoadTest, Reading


def as_inspect(reading: Reading) -> dict[str, object]:
    """The reading in plain JSON types, with exactly the documented keys."""
    return {
        "file": reading.file,
        "kind": reading.kind.value,
        "format": reading.format,
        "tool": reading.tool,
        "tool_version": reading.tool_version,
        **_loadtest(reading.loadtest or LoadTest()),
        "coordinated_omission": reading.loadtest.coordinated_omission.value if reading.loadtest else None,
        "cluster": _cluster(reading.cluster) if reading.cluster else None,
        "warnings": list(reading.warnings),
        "advice": reading.advice,
    }


def _loadtest(figures: LoadTest) -> dict[str, object]:
    errors, latency = figures.errors, figures.latency
    return {
        "requests": figures.requests,
        "duration_s": _rounded(figures.duration_s),
        "requested_rps": _rounded(figures.requested_rps),
        "achieved_rps": _rounded(figures.achieved_rps),
        "errors": {"transport": errors.transport, "4xx": errors.client, "5xx": errors.server, "other": errors.other},
        "error_ratio": _rounded(figures.error_ratio),
        "latency_ms": {
            "min": _rounded(latency.min),
            "mean": _rounded(latency.mean),
            "p50": _rounded(latency.p50),
            "p75": _rounded(latency.p75),
            "p90": _rounded(latency.p90),
            "p95": _rounded(latency.p95),
            "p99": _rounded(latency.p99),
            "p99_9": _rounded(latency.p99_9),
            "max": _rounded(latency.max),
        },
        "population": figures.population.value if figures.population else None,
        "percentile_method": figures.percentile_method.value if figures.percentile_method else None,
    }


def _cluster(figures: Cluster) -> dict[str, object]:
    return {
        "nodes": figures.counts.nodes,
        "pods": figures.counts.pods,
        "services": figures.counts.services,
        "namespaces": figures.counts.namespaces,
        "cni": figures.platform.cni,
        "mesh": figures.mesh.name,
        "injected_pods": figures.mesh.injected_pods,
        "kernels": list(figures.platform.kernels),
    }


def _rounded(value: float | None) -> float | None:
    """Six decimals, a nanosecond in milliseconds, so that the text is stable."""
    return None if value is None else round(value, 6)
