"""Leaving whole sources out: what a fit on the others says of their rows, and how wide ranges must be for it."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np

from benchmarks.overhead import design, published
from benchmarks.overhead.document import assemble
from decisions.advisor.overhead.coefficients import read
from decisions.advisor.overhead.rows import project_rows

Row = Mapping[str, Any]
MODELS = ("latency", "saturation", "cpu", "memory", "link")
EVALUATIONS = 150
"""Steps of the search for spreads when many fits are made."""
SHARE = 0.9
_WIDTHS = (0.8, 1.5)
"""Ranges are widened sooner than narrowed: a handful of sources that agree proves little about the next one."""


def fit_models(rows: Sequence[Row], given: Mapping[str, Any], *, evaluations: int = 250) -> dict[str, Any]:
    """The [model.*] tables for a set of rows, with the bench always among them."""
    every = [*rows, *published.bench(given)]
    tables = {}
    for name in MODELS:
        prior = given["prior"][name]
        points, forward = published.points(every, prior["options"], name)
        posterior = design.solve(points, prior, forward, evaluations=evaluations)
        tables[name] = design.table(points, prior, posterior)
    return tables


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One published row and what was said of it; the naive answers are None where they know nothing."""

    row: Row
    model: str
    low: float
    likely: float
    high: float
    ratio: float | None
    added: float | None

    @property
    def value(self) -> float:
        """What was published."""
        return float(self.row["value"])

    @property
    def reach(self) -> float:
        """Logarithmic distance of the published value from the likely one, in distances of that end of the range."""
        end = self.high if self.value > self.likely else self.low
        whole = abs(math.log(end / self.likely))
        away = abs(math.log(self.value / self.likely))
        return away / whole if whole else math.inf if away else 0.0


def leave_out(rows: Sequence[Row], given: Mapping[str, Any], source: str) -> list[Outcome]:
    """Fit on the rows of all other sources, project the rows of this one."""
    train = [row for row in rows if row["source_id"] != source]
    test = [row for row in rows if row["source_id"] == source and published.model_of(row)]
    table = read(assemble(given, fit_models(train, given, evaluations=EVALUATIONS)))
    answers = project_rows(test, table)
    ratios, added = naive(train)
    outcomes = []
    for row, answer in zip(test, answers, strict=True):
        if "likely" not in answer:
            continue
        key, base = (row["option"], row["metric"], bool(row.get("saturated"))), row.get("baseline") or 0.0
        outcomes.append(
            Outcome(
                row=row,
                model=published.model_of(row),
                low=answer["low"],
                likely=answer["likely"],
                high=answer["high"],
                ratio=base * median(ratios[key]) if base and key in ratios else None,
                added=base + median(added[key]) if key in added else None,
            )
        )
    return outcomes


def naive(rows: Iterable[Row]) -> tuple[dict[Any, list[float]], dict[Any, list[float]]]:
    """Ratios and added values by option, metric and whether the test ran at full load."""
    ratios, added = defaultdict(list), defaultdict(list)
    for row in rows:
        if published.model_of(row):
            key, base = (row["option"], row["metric"], bool(row.get("saturated"))), row.get("baseline") or 0.0
            if base:
                ratios[key].append(row["value"] / base)
            added[key].append(row["value"] - base)
    return dict(ratios), dict(added)


def sources_of(rows: Iterable[Row]) -> list[str]:
    """The sources with rows that a model explains."""
    return sorted({row["source_id"] for row in rows if published.model_of(row)})


def widths(outcomes: Iterable[Outcome]) -> dict[str, float]:
    """By model, the width with which nine of ten rows lie inside, every source counting the same; 1 for one source."""
    by_source: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for one in outcomes:
        by_source[one.model][one.row["source_id"]].append(one.reach)
    return {
        model: float(np.clip(_weighted(list(reaches.values())), *_WIDTHS)) if len(reaches) > 1 else 1.0
        for model, reaches in by_source.items()
    }


def _weighted(groups: Sequence[Sequence[float]]) -> float:
    """The SHARE quantile of numbers whose groups count the same, whatever their sizes."""
    weighted = sorted((value, 1.0 / len(group) / len(groups)) for group in groups for value in group)
    reached = 0.0
    for value, weight in weighted:
        reached += weight
        if reached >= SHARE - 1e-9:
            return value
    return weighted[-1][0]
