"""One published row, or one question of the same form, read into the inputs of the models."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

ALIASES = {"calico-ebpf-wireguard": "calico-wireguard"}
"""Options that differ from another only in what they do without encryption."""
APPS = {"emojivoto": 3.0, "kinvolk": 3.0, "bookinfo": 4.0, "faces": 3.0, "boutique": 4.0}
"""Calls one request makes in the sample applications of benchmarks, where a row does not say."""
UNKNOWN_CALLS = 2.0
UNKNOWN_RPS = 250.0
_USUAL_SIGMA = 0.45
"""Sigma of a lognormal latency without a mesh, where a setup publishes one quantile only."""
SCORE_99 = NormalDist().inv_cdf(0.99)
_MAXIMUM_SCORE = 3.7
"""Normal score of the largest of some ten thousand requests."""
_MILLISECONDS = {"ms": 1.0, "s": 1000.0, "us": 0.001, "µs": 0.001}


class UnsupportedError(ValueError):
    """The question cannot be answered; the text says why and may be shown."""


@dataclass(frozen=True, kw_only=True)
class Observation:
    """A row without its value.

    score: normal score of the latency quantile, None for a mean and for other metrics. baseline: in the row's unit, 0
    where a row gives the addition alone. path_tail: ms by which this quantile of the baseline lies above its mean.
    tail: root of the logarithmic distance of the quantile from the median, which the error of measurement grows
    with. calls: in sequence. rps: of the whole setup. closed: the load waits for answers, or the system ran at its
    capacity.
    """

    id: str
    option: str
    source: str
    setup: str
    metric: str
    unit: str
    scope: str
    baseline: float | None
    score: float | None
    path_tail: float
    tail: float
    calls: float
    rps: float
    closed: bool
    environment: str = ""
    features: Mapping[str, float] = field(default_factory=dict)
    load: Mapping[str, Any] = field(default_factory=dict)

    @property
    def per_ms(self) -> float:
        """Milliseconds in one unit of the row; UnsupportedError when the unit is none of time."""
        if self.unit not in _MILLISECONDS:
            message = f"{self.metric} in {self.unit!r}: the units of time are {', '.join(_MILLISECONDS)}"
            raise UnsupportedError(message)
        return _MILLISECONDS[self.unit]


Siblings = Mapping[tuple[str, str], Mapping[str, float]]


def siblings(rows: list[Mapping[str, Any]]) -> Siblings:
    """The published latencies without a mesh, by (source, setup): they tell the shape of the baseline."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for row in rows:
        baseline = number(row.get("baseline"))
        if baseline and str(row.get("metric", "")).startswith("latency"):
            key = (str(row.get("source_id", "")), str(row.get("setup_id", row.get("id", ""))))
            found.setdefault(key, {})[str(row["metric"])] = baseline
    return found


def read(row: Mapping[str, Any], beside: Siblings) -> Observation:
    """Read a row; raises UnsupportedError when it lacks its id, option or metric."""
    for needed in ("option", "metric"):
        if not isinstance(row.get(needed), str):
            message = f"{needed} is missing"
            raise UnsupportedError(message)
    load = row.get("load") if isinstance(row.get("load"), Mapping) else {}
    load = dict(load or {})
    metric = str(row["metric"])
    baseline = number(row.get("baseline"))
    key = (str(row.get("source_id", "")), str(row.get("setup_id", row.get("id", ""))))
    score = score_of(metric) if metric.startswith("latency") else None
    path_tail, tail = _tails(metric, score, baseline or 0.0, beside.get(key, {}))
    return Observation(
        id=str(row.get("id", "")),
        option=ALIASES.get(row["option"], row["option"]),
        source=key[0],
        setup=key[1],
        metric=metric,
        unit=str(row.get("unit", "")),
        scope=str(row.get("scope", "")).lower(),
        baseline=baseline,
        score=score,
        path_tail=path_tail,
        tail=tail,
        calls=_calls(row, load),
        rps=number(load.get("rps_measured")) or number(load.get("rps")) or UNKNOWN_RPS,
        closed=bool(row.get("saturated")) or load.get("rps") == "max" or "closed" in str(load.get("load_model", "")),
        environment=str(row.get("env") or ""),
        features=features(row, load),
        load=load,
    )


def number(value: object) -> float | None:
    """A number between 0 and 1e12, or None for anything else: no size, rate or time of a row lies outside."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 <= value <= 1e12:
        return None
    return float(value)


def score_of(metric: str) -> float | None:
    """Normal score of a latency metric: latency_p99 -> 2.33; None for the mean. UnsupportedError for anything else."""
    name = metric.removeprefix("latency_").removesuffix("_added")
    if name in {"mean", "avg", "average"}:
        return None
    if name == "median":
        return 0.0
    if name == "max":
        return _MAXIMUM_SCORE
    digits = re.fullmatch(r"p(\d{2})_?(\d*)", name)
    if not digits or digits[1] == "00":
        message = f"{metric} is no latency this model knows"
        raise UnsupportedError(message)
    return max(0.0, NormalDist().inv_cdf(float(f"0.{digits[1]}{digits[2]}")))


def _tails(metric: str, score: float | None, baseline: float, shape: Mapping[str, float]) -> tuple[float, float]:
    """(ms above the mean, root of the logarithmic distance from the median) of this quantile without a mesh."""
    if not metric.startswith("latency"):
        return 0.0, 0.0
    median, p99 = shape.get("latency_p50"), shape.get("latency_p99")
    sigma = math.log(max(p99, median) / median) / SCORE_99 if median and p99 else _USUAL_SIGMA
    if baseline <= 0.0:
        return 0.0, math.sqrt(_USUAL_SIGMA * (_USUAL_SIGMA / 2.0 if score is None else score))
    if median:
        mean = shape.get("latency_mean", median * math.exp(sigma * sigma / 2.0))
        distance = math.log(max(baseline, median) / median)
    else:
        mean = baseline * (1.0 if score is None else math.exp(sigma * sigma / 2.0 - sigma * score))
        distance = sigma * sigma / 2.0 if score is None else sigma * score
    return max(0.0, baseline - mean), math.sqrt(distance)


def _calls(row: Mapping[str, Any], load: Mapping[str, Any]) -> float:
    given = number(load.get("hops"))
    if given is not None:
        return given
    words = f"{load.get('protocol')} {load.get('app')} {row.get('env')}".lower()
    return next((calls for app, calls in APPS.items() if app in words), UNKNOWN_CALLS)


def features(row: Mapping[str, Any], load: Mapping[str, Any]) -> dict[str, float]:
    """What is switched on, 0 or 1 each. TLS counts as on unless the row says it is off."""
    text = str(row.get("features") or "").lower()
    authz = "ext_authz" in text or "ext-authz" in text
    protocol = str(load.get("protocol") or "").lower()
    return {
        "tls": float(row.get("tls") is not False),
        "telemetry": float(("telemetry" in text or "access log" in text) and "no telemetry" not in text),
        "jwt": float("jwt" in text and not authz),
        "ext_authz": float(authz),
        "http2": float("grpc" in protocol or "http/2" in protocol or "h2" in protocol),
        "churn": float(load.get("keepalive") is False),
        "churn_layer_4": float(load.get("keepalive") is False and "l4" in str(row.get("option"))),
    }
