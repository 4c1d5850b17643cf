"""Reads the sheets of the roll-out; every problem names its file and key."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import yaml

from decisions.advisor.catalog.marks import Day
from decisions.advisor.catalog.shapes import CatalogError, table
from decisions.advisor.rollout.sheets import Change, Chart, Phase, Rollouts, RolloutSheet, Signal, Values

SHEETS = Path(__file__).parent
CHARTS, SIGNALS = "charts.toml", "signals.toml"


@dataclass(frozen=True, kw_only=True)
class _Charts:
    checked: Annotated[str, Day()]
    charts: Mapping[str, Chart]


@dataclass(frozen=True, kw_only=True)
class _Signals:
    checked: Annotated[str, Day()]
    signals: Mapping[str, Signal]


@cache
def load(folder: Path = SHEETS) -> Rollouts:
    """All sheets of a folder. Raises CatalogError with every problem found."""
    files = {path.name: tomllib.loads(path.read_text()) for path in sorted(folder.glob("*.toml"))}
    charts = table(_Charts, files.pop(CHARTS), CHARTS).charts
    signals = table(_Signals, files.pop(SIGNALS), SIGNALS).signals
    sheets = {name.removesuffix(".toml"): table(RolloutSheet, one, name) for name, one in files.items()}
    found = Rollouts(sheets=sheets, charts=charts, signals=signals)
    if problems := tuple(_problems(found)):
        raise CatalogError(*problems)
    return found


def _problems(found: Rollouts) -> Iterator[str]:
    """What the types cannot say: names that lead nowhere, values that are the default, manifests that are none."""
    for name, sheet in found.sheets.items():
        if sheet.id != name:
            yield f"{name}.toml: id: {sheet.id!r} is not the name of the file"
        ids = [change.id for change in sheet.changes]
        yield from (f"{name}.toml: {one}: the id is there twice" for one in set(ids) if ids.count(one) > 1)
        for change in sheet.changes:
            yield from (f"{name}.toml: {change.id}: {text}" for text in _wrong(change, found))


def _wrong(change: Change, found: Rollouts) -> Iterator[str]:
    yield from (f"signals: {one!r} is not in {SIGNALS}" for one in change.signals if one not in found.signals)
    for name in (*change.charts, *(values.chart for values in change.values)):
        if name not in found.charts:
            yield f"charts: {name!r} is not in {CHARTS}"
    if bool(change.back) != bool(change.back_takes):
        yield "back and back_takes go together: how it is taken back, and how long that takes"
    if change.undo and not (change.manifests or change.values or change.restarts or change.back):
        yield "back: what commands alone undo is said in words too"
    if change.at_once and change.phase is not Phase.INSTALL:
        yield "at_once: only of the first stage has to be said whether it has an effect; all others have one"
    for values in change.values:
        if values.chart in found.charts:
            yield from _unfit(values, found.charts[values.chart])
    for text in change.manifests:
        manifest = yaml.safe_load(text)
        if not isinstance(manifest, dict) or not {"apiVersion", "kind", "metadata"} <= manifest.keys():
            yield "manifests: apiVersion, kind and metadata are expected"


def _unfit(values: Values, chart: Chart) -> Iterator[str]:
    """Helm values that do not differ from the chart's default, or that are not among the keys known of the chart."""
    for key, value in leaves(yaml.safe_load(values.set)).items():
        if key not in chart.keys:
            yield f"values: {values.chart}: {key} is not among the keys of the chart in {CHARTS}"
        elif value == default(chart, key):
            yield f"values: {values.chart}: {key} is the default"


def default(chart: Chart, key: str) -> Any:
    """What a chart itself says at a dotted key; None where it says nothing. Raises KeyError for an unknown key."""
    return yaml.safe_load(chart.keys[key])


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Dotted keys of nested values with what stands there; a list is one value."""
    if not isinstance(value, dict):
        return {path: value}
    found: dict[str, Any] = {}
    for key, one in value.items():
        found |= leaves(one, f"{path}.{key}" if path else str(key))
    return found
