"""Published rows and our own bench as the points of each model."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from benchmarks.overhead.design import Point
from benchmarks.overhead.posterior import Forward
from decisions.advisor.overhead import loads
from decisions.advisor.overhead.observation import Observation, Siblings, UnsupportedError, read, siblings
from decisions.advisor.overhead.tax import Array, added_ms

Row = Mapping[str, Any]


def load(path: Path) -> tuple[list[dict[str, Any]], dict[str, dict[str, str]]]:
    """The rows of a file of published overheads, and its sources in the form of figures.toml."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as file:
        document = yaml.load(file, Loader=loader)
    named = {
        key: {"text": str(value.get("title", key)), "version": "", "date": ""}
        for key, value in (document.get("sources") or {}).items()
    }
    return list(document["rows"]), named


def bench(figures: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of our own bench, in the form of published ones."""
    table = figures["bench"]
    rows: list[dict[str, Any]] = []

    def add(kind: str, measured: tuple[str, bool, float], metric: str, baseline: float, value: float) -> None:
        option, tls, rps = measured
        row = {"id": f"{table['id']}-{len(rows)}", "source_id": table["id"], "setup_id": f"{table['id']}:{kind}:{rps}"}
        row |= {"option": option, "tls": tls, "load": {"rps": rps, "hops": 1, "per_proxy_rps": rps}, "fit_ready": True}
        unit = "mCPU" if kind == "cpu" else "ms"
        rows.append(row | {"metric": metric, "unit": unit, "baseline": baseline, "value": value})

    for option, tls, rps, baseline, added in table["p50"]:
        add("latency", (option, tls, rps), "latency_p50", baseline, baseline + added)
    for option, tls, rps, p90, p99 in table["tails"]:
        add("latency", (option, tls, rps), "latency_p90_added", 0.0, p90)
        add("latency", (option, tls, rps), "latency_p99_added", 0.0, p99)
    for option, tls, rps, crossed, seconds in table["cpu"]:
        add("cpu", (option, tls, rps), "proxy_cpu", 0.0, seconds / crossed * rps)
    return rows


_SINGLE = {
    "proxy_cpu_per_1000rps": "cpu",
    "proxy_cpu": "cpu",
    "dataplane_cpu": "cpu",
    "dataplane_cpu_total": "cpu",
    "waypoint_cpu_total": "cpu",
    "proxy_memory": "memory",
    "dataplane_memory": "memory",
    "dataplane_memory_total": "memory",
    "waypoint_memory_total": "memory",
}
"""Metrics of one kind of proxy; sums over ztunnels and waypoints, and the largest proxy, are not fitted."""


def model_of(row: Row) -> str:
    """Which model explains a row; empty when none does, or when the row is not to be fitted."""
    metric, value = str(row["metric"]), row.get("value")
    if not row.get("fit_ready") or not isinstance(value, int | float) or value <= 0:
        return ""
    if metric == "throughput" or (metric.startswith("latency") and row.get("unit") == "ms"):
        closed = metric == "throughput" or row.get("saturated") or _closed(row)
        return "latency" if not closed else "saturation" if row.get("baseline") else ""
    if metric.startswith("throughput_"):
        return "link"
    both = str(row["option"]) == loads.WAYPOINT and metric.startswith("dataplane")
    return "" if both else _SINGLE.get(metric, "")


def _closed(row: Row) -> bool:
    return "closed" in str((row.get("load") or {}).get("load_model", ""))


def points(rows: Sequence[Row], options: Mapping[str, Any], model: str) -> tuple[list[Point], Forward]:
    """The points of one model and its forward function; rows of other models and unknown options are passed over."""
    beside = siblings(list(rows))
    found: list[tuple[Point, Observation]] = []
    for row in rows:
        if model_of(row) == model:
            point = _point(row, beside, model)
            if point and point[0].option in options:
                found.append(point)
    return [point for point, _ in found], forward_of(model, [observation for _, observation in found])


def _point(row: Row, beside: Siblings, model: str) -> tuple[Point, Observation] | None:
    try:
        observation = read(row, beside)
        y, rps, features = _explained(observation, float(row["value"]), model, row)
    except UnsupportedError:
        return None
    point = Point(
        y=y,
        option=observation.option,
        source=observation.source,
        setup=observation.setup,
        rps=rps,
        tail=observation.tail if model in {"latency", "saturation"} else 0.0,
        features=features,
        metric=observation.metric,
    )
    return point, observation


def _explained(row: Observation, value: float, model: str, raw: Row) -> tuple[float, float, Mapping[str, float]]:
    """(y, rps of the exponent, features) of a row under a model."""
    if model == "latency":
        return math.log(value * row.per_ms), row.rps, row.features
    if model == "saturation":
        ratio = math.log(value / (row.baseline or value))
        return (-ratio if row.metric == "throughput" else ratio), 250.0, row.features
    if model == "link":
        return math.log(value), 250.0, loads.link_features(row.metric)
    if model == "cpu":
        (term,) = loads.cpu_terms(row)
        vcpu = value / loads.scale(row.unit, loads.CPU_UNITS)
        per_thousand = vcpu * 1000.0 / (term.crossed * loads.rps_of(row))
        return math.log(per_thousand), term.rps, {**row.features, "years": loads.years(raw.get("date"))}
    (term,) = loads.memory_terms(row)
    mib = value / loads.scale(row.unit, loads.MEMORY_UNITS)
    return math.log(mib / term.copies), term.rps, {"largest": float(row.metric.endswith("max"))}


def forward_of(model: str, rows: Sequence[Observation]) -> Forward:
    """From level and slope to the logarithm of the value, for the rows of one model."""
    if model != "latency":
        return lambda level, _slope: level
    baseline = np.array([(row.baseline or 0.0) * row.per_ms for row in rows])
    calls = np.array([row.calls for row in rows])
    score = np.array([row.score or 0.0 for row in rows])
    is_mean = np.array([row.score is None for row in rows])
    tail = np.array([row.path_tail * row.per_ms for row in rows])

    def latency(level: Array, slope: Array) -> Array:
        return np.asarray(
            np.log(baseline + added_ms(level, slope, calls=calls, score=score, is_mean=is_mean, path_tail=tail))
        )

    return latency
