"""project(): what an option adds in one setup, for people who know their rates and counts."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np

from decisions.advisor.overhead import loads
from decisions.advisor.overhead.coefficients import OverheadError, Table, load
from decisions.advisor.overhead.composition import Band, Latency, Sketch, compose, lognormal
from decisions.advisor.overhead.draws import Draws, draw
from decisions.advisor.overhead.models import Model
from decisions.advisor.overhead.observation import SCORE_99
from decisions.advisor.overhead.rows import QUANTILES
from decisions.advisor.overhead.tax import Array
from decisions.advisor.quantities import ZERO, Range, total

_NEW_SOURCE = ""
_ENDS = ("low", "likely", "high")


@dataclass(frozen=True, kw_only=True)
class Setup:
    """One path and the load on it.

    rps: requests a second on the path. calls: one after the other; leaves: that the last call asks at once.
    proxies, nodes: how many carry the load. requests_per_connection: 1 means a new connection for each request.
    path_p50_ms, path_p99_ms: the path without the option, where it was measured. features: tls is on unless switched
    off here; others are telemetry, jwt, ext_authz, http2. utilisation: of the busiest service, 0 to 1.
    """

    rps: float
    calls: int = 1
    leaves: int = 1
    proxies: int = 2
    nodes: int = 1
    payload_bytes: float = 1024.0
    requests_per_connection: float | None = None
    tls: bool = True
    features: frozenset[str] = frozenset()
    path_p50_ms: float | None = None
    path_p99_ms: float | None = None
    utilisation: float | None = None


@dataclass(frozen=True, kw_only=True)
class Projection:
    """What the option adds, as 90 % ranges.

    latency_ms: by p50, p90, p95, p99 and mean, over the whole path; low and likely take hops as independent, high
    reaches what they make when all are slow together. cpu_per_1000: vCPU at 1,000 requests a second on the path;
    cpu_vcpu at the rate given. memory_mib_each: of one proxy; memory_mib: of all. throughput_ratio: what is left of
    the highest rate (1 = all); gbit_per_second: the most an encrypted link carries, None without one.
    """

    latency_ms: Mapping[str, Range]
    cpu_per_1000: Range
    cpu_vcpu: Range
    memory_mib_each: Range
    memory_mib: Range
    throughput_ratio: Range
    gbit_per_second: Range | None
    warnings: tuple[str, ...]


def project(option: str, setup: Setup, table: Table | None = None) -> Projection:
    """Project an option onto a setup; raises OverheadError for an unknown option."""
    table = table or load()
    parts = table.parts(option)
    if not parts:
        nothing = {one.name: ZERO for one in fields(Latency)}
        whole = Range(low=1.0, likely=1.0, high=1.0)
        return Projection(
            latency_ms=nothing, cpu_per_1000=ZERO, cpu_vcpu=ZERO, memory_mib_each=ZERO, memory_mib=ZERO,
            throughput_ratio=whole, gbit_per_second=None, warnings=(),
        )  # fmt: skip
    latency, warnings = _latency(option, setup, table)
    cpu = _cpu(option, setup, table)
    memory = {kind: _memory(kind, setup, table) for kind in _kinds(option, table.models["memory"])}
    return Projection(
        latency_ms=latency,
        cpu_per_1000=cpu,
        cpu_vcpu=cpu.times(setup.rps / 1000.0),
        memory_mib_each=memory.get(option, ZERO),
        memory_mib=total(each.times(_copies(kind, setup)) for kind, each in memory.items()),
        throughput_ratio=_throughput(option, setup, table),
        gbit_per_second=_link(option, table),
        warnings=warnings,
    )


def _features(option: str, setup: Setup) -> dict[str, float]:
    churn = float(setup.requests_per_connection is not None and setup.requests_per_connection < 2)
    of_layer_4 = float(churn and option in loads.ZTUNNELS)
    return {"tls": float(setup.tls), "churn": churn, "churn_layer_4": of_layer_4, "years": 1.0} | dict.fromkeys(
        setup.features, 1.0
    )


def _drawn(model: Model, option: str, setup: Setup, rps: float) -> Draws:
    if option not in model.options:
        message = f"no fitted figures for {option!r}"
        raise OverheadError(message)
    return draw(model, option, _NEW_SOURCE, rps=max(rps, 1.0), features=_features(option, setup))


def _latency(option: str, setup: Setup, table: Table) -> tuple[dict[str, Range], tuple[str, ...]]:
    """Added milliseconds of the path: the tax at its low, likely and high end, each composed over the calls."""
    path = None
    if setup.path_p99_ms is not None:
        path = lognormal(setup.path_p50_ms or setup.path_p99_ms / 3.0, setup.path_p99_ms)
    ends = [
        compose(tax, setup.calls, path=path, leaves=setup.leaves, utilisation=setup.utilisation)
        for tax in _taxes(option, setup, table)
    ]
    bare = compose(lognormal(0.0, 0.0), setup.calls, path=path)
    return {one.name: _added(one.name, ends, bare) for one in fields(Latency)}, ends[1].warnings


def _taxes(option: str, setup: Setup, table: Table) -> list[Sketch]:
    """The tax of one call at its low, likely and high end. In the kernel it does not differ between test beds."""
    further = max(0.0, setup.payload_bytes / 1024.0 - 1.0) * table.shape["ms_per_kib"].value.likely
    kernel = [part for part in table.parts(option) if part.layer == 3]
    if kernel:
        p50, p99 = kernel[0].figure("p50_ms"), kernel[0].figure("p99_ms")
        return [lognormal(getattr(p50, end) + further, getattr(p99, end) + further) for end in _ENDS]
    drawn = _drawn(table.models["latency"], option, setup, setup.rps)
    medians, tails = np.exp(drawn.level), np.exp(drawn.level + SCORE_99 * drawn.slope)
    return [
        lognormal(float(np.quantile(medians, share)) + further, float(np.quantile(tails, share)) + further)
        for share in QUANTILES
    ]


def _added(name: str, ends: list[Band], bare: Band) -> Range:
    before = getattr(bare.independent, name)
    low, likely, high = (max(0.0, getattr(band.independent, name) - before) for band in ends)
    together = getattr(ends[1].together, name) - getattr(bare.together, name)
    return Range(low=min(low, likely), likely=likely, high=max(high, together, likely))


def _cpu(option: str, setup: Setup, table: Table) -> Range:
    model = table.models["cpu"]
    kinds = _kinds(option, model)
    if not kinds:
        return table.parts(option)[0].figure("cpu_per_1000").times(setup.calls)
    draws: Array = np.zeros(1)
    for kind in kinds:
        crossed = setup.calls * (1.0 if kind in {loads.WAYPOINT, "cilium-service-mesh"} else 2.0)
        drawn = _drawn(model, kind, setup, setup.rps * crossed / _copies(kind, setup))
        draws = draws + crossed * np.exp(drawn.level)
    further = max(0.0, setup.payload_bytes / 1024.0 - 1.0) * setup.calls
    return total((_range(draws), table.shape["cpu_per_1000_and_kib"].value.times(further)))


def _memory(kind: str, setup: Setup, table: Table) -> Range:
    return _range(np.exp(_drawn(table.models["memory"], kind, setup, setup.rps).level))


def _throughput(option: str, setup: Setup, table: Table) -> Range:
    model = table.models["saturation"]
    if option not in model.options:
        return Range(low=1.0, likely=1.0, high=1.0)
    return _range(np.minimum(np.exp(-_drawn(model, option, setup, model.reference_rps).level), 1.0))


def _link(option: str, table: Table) -> Range | None:
    model = table.models["link"]
    if option not in model.options:
        return None
    drawn = draw(model, option, _NEW_SOURCE, rps=model.reference_rps, features={"several_streams": 1.0})
    return _range(np.exp(drawn.level))


def _kinds(option: str, model: Model) -> tuple[str, ...]:
    """The kinds of proxies an option runs; none for encryption in the kernel."""
    if option == loads.WAYPOINT:
        return (loads.ZTUNNELS[0], loads.WAYPOINT)
    return (option,) if option in model.options else ()


def _copies(kind: str, setup: Setup) -> int:
    return setup.nodes if kind in loads.PER_NODE else setup.proxies


def _range(draws: Array) -> Range:
    low, likely, high = (float(value) for value in np.quantile(draws, QUANTILES))
    return Range(low=low, likely=likely, high=high)
