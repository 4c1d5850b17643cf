"""From rows to the columns of a fit, and from a fit to the tables of the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from benchmarks.overhead.posterior import Column, Forward, Posterior, Problem, fit
from decisions.advisor.overhead.tax import Array

DOF = 4.0
SOURCE_DOF = 8.0
"""Heavier tails than normal, since the spread between so few sources is itself not well known."""
_FLOOR = 0.05


@dataclass(frozen=True, kw_only=True)
class Point:
    """One row as a fit sees it: y is the logarithm of what is explained, rps the rate its exponent applies to."""

    y: float
    option: str
    source: str
    setup: str
    rps: float
    tail: float
    features: Mapping[str, float]
    metric: str


def solve(points: Sequence[Point], prior: Mapping[str, Any], forward: Forward, *, evaluations: int = 250) -> Posterior:
    """Fit one model of figures.toml ([prior.*]) to points."""
    problem = Problem(
        y=np.array([point.y for point in points]),
        tail=np.array([point.tail for point in points]),
        columns=tuple(_columns(points, prior)),
        forward=forward,
        spread={key: (value[0], value[1]) for key, value in prior["spread"].items()},
        dof=DOF,
    )
    return fit(problem, evaluations=evaluations)


def _columns(points: Sequence[Point], prior: Mapping[str, Any]) -> list[Column]:
    none, ones = np.zeros(len(points)), np.ones(len(points))
    rate = np.log(np.array([point.rps for point in points]) / prior["reference_rps"])
    columns: list[Column] = []

    def add(name: tuple[str, ...], mean: float, sd: float | str, **where: Array) -> None:
        columns.append(Column(name=name, mean=mean, sd=sd, **({"level": none, "slope": none, "offset": none} | where)))

    def those(wanted: tuple[str, ...], *names: str) -> Array:
        return np.array([tuple(getattr(point, name) for name in names) == wanted for point in points], dtype=float)

    add(("level",), *map(float, prior["level"]), level=ones)
    add(("slope",), *map(float, prior["slope"]), slope=ones)
    add(("rate",), *map(float, prior["rate"]), level=rate)
    for name, (mean, sd) in prior["features"].items():
        add(
            ("feature", name),
            float(mean),
            float(sd),
            level=np.array([point.features.get(name, 0.0) for point in points]),
        )
    for option, (mean, sd) in prior["options"].items():
        here = those((option,), "option")
        add(("option", option), float(mean), float(sd), level=here)
        add(("option slope", option), 0.0, 0.4 * float(prior["slope"][1]), slope=here)
    for source in sorted({point.source for point in points}):
        here = those((source,), "source")
        add(("source", source), 0.0, "source", level=here)
        add(("source slope", source), 0.0, "source_slope", slope=here)
        add(("source rate", source), 0.0, "source_rate", level=here * rate)
    for pair in sorted({(point.source, point.option) for point in points}):
        add(("cell", *pair), 0.0, "cell", level=those(pair, "source", "option"))
    for setup in sorted({point.setup for point in points}):
        add(("setup", setup), 0.0, "setup", level=those((setup,), "setup"))
    error = np.hypot(_FLOOR, np.array([point.tail for point in points]))
    for name, keys in (
        ("baseline", ("setup", "metric")),
        ("metric", ("source", "metric")),
        ("shift", ("source", "option")),
    ):
        for group in sorted({tuple(str(getattr(point, key)) for key in keys) for point in points}):
            add((name, *group), 0.0, name, offset=error * those(group, *keys))
    return columns


def table(points: Sequence[Point], prior: Mapping[str, Any], posterior: Posterior) -> dict[str, Any]:
    """The [model.*] table of the catalogue: effects with their standard deviations and the rows behind them."""
    options, sources = list(prior["options"]), sorted({point.source for point in points})

    def effects(parts: list[tuple[str, ...]], slopes: list[tuple[str, ...]], **where: str) -> dict[str, Any]:
        count = sum(all(getattr(point, key) == value for key, value in where.items()) for point in points)
        return {
            "level": _pair(posterior.of(dict.fromkeys(parts, 1.0))),
            "slope": _pair(posterior.of(dict.fromkeys(slopes, 1.0))),
            "rows": count,
        }

    cells: dict[str, dict[str, Any]] = {}
    for source, option in sorted({(point.source, point.option) for point in points}):
        cells.setdefault(source, {})[option] = effects(
            [("level",), ("option", option), ("source", source), ("cell", source, option)],
            [("slope",), ("option slope", option), ("source slope", source)],
            source=source,
            option=option,
        )
    return {
        "unit": prior["unit"],
        "reference_rps": float(prior["reference_rps"]),
        "width": 1.0,
        "rate": _pair(posterior.of({("rate",): 1.0})),
        "spread": {key: round(value, 4) for key, value in posterior.spread.items()}
        | {"dof": DOF, "source_dof": SOURCE_DOF},
        "features": {name: _pair(posterior.of({("feature", name): 1.0})) for name in prior["features"]},
        "options": {
            option: effects([("level",), ("option", option)], [("slope",), ("option slope", option)], option=option)
            for option in options
        },
        "sources": {
            source: effects([("source", source)], [("source slope", source)], source=source)
            | {
                "rate": _pair(posterior.of({("rate",): 1.0, ("source rate", source): 1.0})),
                "metrics": _of_source(posterior, "metric", source),
                "shifts": _of_source(posterior, "shift", source),
            }
            for source in sources
        },
        "cells": cells,
    }


def _of_source(posterior: Posterior, name: str, source: str) -> dict[str, list[float]]:
    """The effects of one name in a source, by metric or option."""
    return {
        key[2]: _pair(posterior.of({key: 1.0}))
        for key in posterior.names
        if key[:2] == (name, source) and len(key) == 3
    }


def _pair(effect: tuple[float, float]) -> list[float]:
    return [round(effect[0], 4), round(effect[1], 4)]
