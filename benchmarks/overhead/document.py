"""The catalogue's table as one document: hand-entered figures, fitted models, and the figures taken from the models."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from decisions.advisor.overhead import models
from decisions.advisor.overhead.draws import draw
from decisions.advisor.overhead.models import Model
from decisions.advisor.overhead.observation import SCORE_99
from decisions.advisor.overhead.rows import QUANTILES
from decisions.advisor.overhead.tax import Array

SCHEMA = "meshadvisor-overheads/1"
HEADER = """\
# What the parts of each option cost, as published, with how far the sources disagree: low, likely and high are a 90 %
# interval for an estate nobody measured. Written by `python -m benchmarks.overhead.fit`; change the inputs beside it.
# Read by decisions.advisor.overhead. Units: cpu_per_1000 is vCPU at 1,000 calls a second, over all copies of the part
# that one call crosses; idle_vcpu, memory_mib per copy; memory_kib_per_service per copy and service it knows; p50_ms
# and p99_ms per call; vcpu_per_gbit per Gbit/s carried between nodes, both ends together. Effects of models are
# [mean, standard deviation] of logarithms.
"""
_NEW_SOURCE = ""
_NOW = {"tls": 1.0, "years": 1.0}


def assemble(given: Mapping[str, Any], fitted: Mapping[str, Any]) -> dict[str, Any]:
    """The whole document. `given`: figures.toml; `fitted`: [model.*] tables."""
    read = {name: models.read(table) for name, table in fitted.items()}
    parts = {}
    for name, part in given["parts"].items():
        own = {key: value for key, value in part.items() if key != "fitted"}
        parts[name] = own | _fitted(part.get("fitted", {}), part["crossings"], read)
    parts["waypoint"] |= _beyond(parts["waypoint"], parts["ztunnel"])
    return {
        "schema": SCHEMA,
        "checked": given["checked"],
        "sources": given["sources"],
        "products": given["products"],
        "added_for": given["added_for"],
        "parts": parts,
        "assume": given["assume"],
        "shape": given["shape"] | {"rate_exponent": _exponent(read["cpu"])},
        "model": dict(fitted),
    }


def _fitted(which: Mapping[str, str], crossings: int, read: Mapping[str, Model]) -> dict[str, Any]:
    """Figures of a part in an estate nobody measured, from the models."""
    figures: dict[str, Any] = {}
    if "latency" in which:
        drawn = draw(read["latency"], which["latency"], _NEW_SOURCE, rps=250.0, features=_NOW)
        sources = _sources(read["latency"], which["latency"])
        figures["p50_ms"] = _figure(np.exp(drawn.level), sources)
        figures["p99_ms"] = _figure(np.exp(drawn.level + SCORE_99 * drawn.slope), sources)
    if "cpu" in which:
        drawn = draw(read["cpu"], which["cpu"], _NEW_SOURCE, rps=1000.0, features=_NOW)
        figures["cpu_per_1000"] = _figure(
            crossings * np.exp(drawn.level + drawn.noise), _sources(read["cpu"], which["cpu"])
        )
    if "memory" in which:
        drawn = draw(read["memory"], which["memory"], _NEW_SOURCE, rps=250.0, features=_NOW)
        figures["memory_mib"] = _figure(np.exp(drawn.level + drawn.noise), _sources(read["memory"], which["memory"]))
    return figures


def _beyond(both: Mapping[str, Any], under: Mapping[str, Any]) -> dict[str, Any]:
    """The model's waypoint option is the whole way through two ztunnels and a waypoint; the part is what it adds."""
    share = {name: 1.0 - under[name]["likely"] / both[name]["likely"] for name in ("p50_ms", "p99_ms")}
    ends = ("low", "likely", "high")
    return {
        name: {end: _digits(both[name][end] * share[name]) for end in ends} | {"sources": both[name]["sources"]}
        for name in share
    }


def _exponent(cpu: Model) -> dict[str, Any]:
    """How CPU per call falls with the rate: the spread of the exponent over sources."""
    half = 1.645 * float(np.hypot(cpu.rate.sd, cpu.spread.source_rate))
    low, likely, high = (max(0.0, -cpu.rate.mean + step) for step in (-half, 0.0, half))
    sources = sorted(cpu.source_rates) or ["planning"]
    return {"low": _digits(low), "likely": _digits(likely), "high": _digits(high), "sources": sources}


def _sources(model: Model, option: str) -> list[str]:
    measured = sorted(source for source, measured in model.cells if measured == option)
    return measured or ["envoy-lab", "planning"]


def _figure(draws: Array, sources: list[str]) -> dict[str, Any]:
    low, likely, high = (_digits(float(value)) for value in np.quantile(draws, QUANTILES))
    return {"low": low, "likely": likely, "high": high, "sources": sources}


def _digits(value: float) -> float:
    return float(f"{value:.3g}")


def to_toml(document: Mapping[str, Any]) -> str:
    """The document as TOML: tables two or more deep become headings, the innermost ones stay on one line."""
    lines = [HEADER]
    _write(lines, document, ())
    return "\n".join(lines).rstrip() + "\n"


def _write(lines: list[str], table: Mapping[str, Any], path: tuple[str, ...]) -> None:
    plain = {key: value for key, value in table.items() if not _is_heading(value)}
    if path and (plain or not table):
        lines.append(f"[{'.'.join(path)}]")
    lines.extend(f"{key} = {_inline(value)}" for key, value in plain.items())
    if plain or not table:
        lines.append("")
    for key, value in table.items():
        if _is_heading(value):
            _write(lines, value, (*path, key))


def _is_heading(value: Any) -> bool:
    """A table of tables, or one too wide for a line; a figure or an effect is written on one line."""
    return isinstance(value, Mapping) and not ({"low", "level", "text"} & set(value))


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_inline(entry)}" for key, entry in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_inline(entry) for entry in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return repr(value)
