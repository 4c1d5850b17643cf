"""project_rows(): for rows of a published form without their values, the value one should expect, as a 90 % range."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from decisions.advisor.overhead import loads
from decisions.advisor.overhead.coefficients import Table, load
from decisions.advisor.overhead.draws import draw
from decisions.advisor.overhead.models import Model
from decisions.advisor.overhead.observation import Observation, Siblings, UnsupportedError, number, read, siblings
from decisions.advisor.overhead.tax import Array, added_ms
from decisions.advisor.quantities import Range

QUANTILES = (0.05, 0.5, 0.95)


def project_rows(rows: Sequence[Mapping[str, Any]], table: Table | None = None) -> list[dict[str, Any]]:
    """For each row {id, low, likely, high, unit} of the metric's value (baseline and what the option adds).

    The range is the 90 % interval for one more published value of this kind; {id, unsupported: why} where nothing is
    known. A row has the form of the published ones: option, metric, unit, baseline, load, tls, features, scope ...
    """
    table = table or load()
    beside = siblings(list(rows))
    return [_answer(row, beside, table) for row in rows]


def _answer(row: Mapping[str, Any], beside: Siblings, table: Table) -> dict[str, Any]:
    identity = row.get("id")
    try:
        value = value_of(read(row, beside), table, date=row.get("date"))
    except UnsupportedError as reason:
        return {"id": identity, "unsupported": str(reason)}
    rounded = {end: float(f"{getattr(value, end):.6g}") for end in ("low", "likely", "high")}
    return {"id": identity, **rounded, "unit": row.get("unit")}


def value_of(row: Observation, table: Table, *, date: object = None) -> Range:
    """The value to expect, in the row's unit; raises UnsupportedError with the reason."""
    if row.option == "none-app-library" or (row.calls == 0 and row.metric.startswith(OVER_THE_PATH)):
        return _nothing(row)
    for begins, answer in _BY_METRIC:
        if row.metric.startswith(begins):
            return answer(row, table, date)
    message = f"metric {row.metric} is not projected"
    raise UnsupportedError(message)


OVER_THE_PATH = ("latency", "dataplane_cpu", "waypoint_cpu")
"""Metrics of a path: one without a call pays nothing."""


def _latency(row: Observation, table: Table, _date: object) -> Range:
    """Baseline plus the tax of all calls; at full load a factor on the baseline."""
    additional = row.metric.endswith("_added")
    if row.baseline is None and not additional:
        message = "a latency needs the baseline without the option"
        raise UnsupportedError(message)
    if row.closed and not additional:
        return _at_full_load(row, table, 1.0)
    option = _known(row, table, "latency")
    drawn = draw(
        table.models["latency"],
        option,
        row.source,
        rps=row.rps,
        features=row.features,
        tail=row.tail,
        metric=row.metric,
    )
    score = 0.0 if row.score is None else row.score
    added = added_ms(
        drawn.level,
        drawn.slope,
        calls=row.calls,
        score=score,
        is_mean=row.score is None,
        path_tail=row.path_tail * row.per_ms,
    )
    further = table.shape["ms_per_kib"].value.likely * _further_kib(row) * row.calls
    baseline = 0.0 if additional else (row.baseline or 0.0)
    return _range((baseline * row.per_ms + added + further) * np.exp(drawn.noise) / row.per_ms, table.models["latency"])


def _throughput(row: Observation, table: Table, _date: object) -> Range:
    """Requests a second at full load, or Gbit/s through an encrypted link."""
    if row.baseline is None:
        message = "a throughput needs the baseline without the option"
        raise UnsupportedError(message)
    if row.metric == "throughput":
        return _at_full_load(row, table, -1.0)
    option = _known(row, table, "link")
    features = loads.link_features(row.metric)
    drawn = draw(table.models["link"], option, row.source, rps=250.0, features=features)
    return _range(np.minimum(np.exp(drawn.level + drawn.noise), row.baseline), table.models["link"])


def _at_full_load(row: Observation, table: Table, sign: float) -> Range:
    option = _known(row, table, "saturation")
    features = {**row.features, "churn": 0.0, "churn_layer_4": 0.0}
    model = table.models["saturation"]
    drawn = draw(
        model, option, row.source, rps=model.reference_rps, features=features, tail=row.tail, metric=row.metric
    )
    return _range((row.baseline or 0.0) * np.exp(sign * (drawn.level + drawn.noise)), model)


def _cpu(row: Observation, table: Table, date: object) -> Range:
    """The sum over the proxies a request crosses."""
    unit = loads.scale(row.unit, loads.CPU_UNITS)
    features = {**row.features, "years": loads.years(date)}
    total: Array = np.zeros(1)
    for term in loads.cpu_terms(row):
        option = _known(row, table, "cpu", term.option)
        drawn = draw(table.models["cpu"], option, row.source, rps=term.rps, features=features)
        total = total + np.exp(drawn.level + drawn.noise) * term.crossed
    return _range(total * loads.rps_of(row) / 1000.0 * unit + (row.baseline or 0.0), table.models["cpu"])


def _memory(row: Observation, table: Table, _date: object) -> Range:
    """The sum over the proxies that run."""
    unit = loads.scale(row.unit, loads.MEMORY_UNITS)
    features = {"largest": float(row.metric.endswith("max"))}
    total: Array = np.zeros(1)
    for term in loads.memory_terms(row):
        option = _known(row, table, "memory", term.option)
        drawn = draw(table.models["memory"], option, row.source, rps=term.rps, features=features)
        total = total + np.exp(drawn.level + drawn.noise) * term.copies
    return _range(total * unit + (row.baseline or 0.0), table.models["memory"])


def _part(name: str, figure: str, units: Mapping[str, float]) -> Callable[[Observation, Table, object], Range]:
    """A row answered by one figure of the catalogue: of the control plane (by its place) or of the node."""

    def answer(row: Observation, table: Table, _date: object) -> Range:
        found = [part for part in table.products.get(row.option, ()) if part.per == name and figure in part.figures]
        if not found:
            message = f"no figure for {row.metric} of {row.option}"
            raise UnsupportedError(message)
        unit = loads.scale(row.unit, units)
        value = found[0].figure(figure).times(unit)
        baseline = row.baseline or 0.0
        return Range(low=baseline + value.low, likely=baseline + value.likely, high=baseline + value.high)

    return answer


def _per_10_gbit(row: Observation, table: Table, _date: object) -> Range:
    """Processor time of one end of an encrypted link: half of what both ends take."""
    found = [part for part in table.products.get(row.option, ()) if "vcpu_per_gbit" in part.figures]
    if not found or row.baseline is None:
        message = f"no figure for {row.metric} of {row.option}"
        raise UnsupportedError(message)
    one_end = found[0].figure("vcpu_per_gbit").times(5.0)
    return Range(low=row.baseline + one_end.low, likely=row.baseline + one_end.likely, high=row.baseline + one_end.high)


def _nothing(row: Observation) -> Range:
    value = row.baseline or 0.0
    return Range(low=value, likely=value, high=value)


def _known(row: Observation, table: Table, model: str, option: str = "") -> str:
    wanted = option or row.option
    if wanted not in table.models[model].options:
        message = f"{wanted} is not an option with figures for {row.metric}"
        raise UnsupportedError(message)
    return wanted


def _further_kib(row: Observation) -> float:
    payload = number(row.load.get("payload_bytes"))
    return max(0.0, payload / 1024.0 - 1.0) if payload else 0.0


def _range(draws: Array, model: Model) -> Range:
    """The 90 % interval of positive draws, as wide as values of unseen sources have shown it must be."""
    low, likely, high = (float(value) for value in np.quantile(draws, QUANTILES))
    if not all(math.isfinite(end) for end in (low, likely, high)):
        message = "a number of the row is so small or so large that nothing can be worked out from it"
        raise UnsupportedError(message)
    if low <= 0.0:
        return Range(low=low, likely=likely, high=high)
    return Range(
        low=likely * (low / likely) ** model.width, likely=likely, high=likely * (high / likely) ** model.width
    )


_BY_METRIC: tuple[tuple[str, Callable[[Observation, Table, object], Range]], ...] = (
    ("latency_increase", lambda row, _table, _date: _not_projected(row)),
    ("latency", _latency),
    ("throughput", _throughput),
    ("proxy_cpu_time", lambda row, _table, _date: _not_projected(row)),
    ("proxy_cpu", _cpu),
    ("dataplane_cpu", _cpu),
    ("waypoint_cpu", _cpu),
    ("proxy_memory", _memory),
    ("dataplane_memory", _memory),
    ("waypoint_memory", _memory),
    ("controlplane_cpu_time", lambda row, _table, _date: _not_projected(row)),
    ("controlplane_cpu", _part("cluster", "idle_vcpu", loads.CPU_UNITS)),
    ("controlplane_memory", _part("cluster", "memory_mib", loads.MEMORY_UNITS)),
    ("node_memory", _part("node", "memory_mib", loads.MEMORY_UNITS)),
    ("cpu_per_10gbit", _per_10_gbit),
)


def _not_projected(row: Observation) -> Range:
    message = f"{row.metric} in {row.unit} is not a quantity that is projected"
    raise UnsupportedError(message)
