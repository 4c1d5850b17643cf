"""Holds the known keys of the charts against the charts themselves: `python -m tests.advisor.pack.charts FOLDER`.

FOLDER holds unpacked charts, anywhere below it, of the versions that charts.toml names. A key counts as known to a
chart when its values.yaml has it, or when it is below an open table that is empty there (env, featureGates), or when
a template names it (profile).
"""

import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from decisions.advisor.rollout import Chart, load
from decisions.advisor.rollout.loader import default

WRAPPED = "_internal_defaults_do_not_set"
"""Istio's charts keep their defaults below this key; what is set stands beside it."""


def differences(folder: Path) -> Iterator[str]:
    """What charts.toml says of a chart and its values.yaml does not, a line each."""
    found = {
        yaml.safe_load(path.read_text())["name"]: path.parent for path in folder.rglob("Chart.yaml") if _real(path)
    }
    for name, chart in load().charts.items():
        if chart.chart not in found:
            yield f"{name}: no chart {chart.chart} below {folder}"
        else:
            yield from (f"{name}: {text}" for text in _differences(chart, found[chart.chart]))


def _real(path: Path) -> bool:
    return (path.parent / "values.yaml").is_file()


def _differences(chart: Chart, folder: Path) -> Iterator[str]:
    values: Mapping[str, Any] = yaml.safe_load((folder / "values.yaml").read_text()) or {}
    values = {**values.get(WRAPPED, {}), **{key: one for key, one in values.items() if key != WRAPPED}}
    templates = "".join(path.read_text() for path in sorted(folder.rglob("templates/**/*.yaml")))
    for key in chart.keys:
        known, there = _look_up(values, key)
        named = re.search(rf"\bValues\)?\.{re.escape(key)}\b", templates)
        if not known and not named:
            yield f"{key} is no key of the chart"
        elif there != default(chart, key):
            yield f"{key} is {there!r} by default, not {default(chart, key)!r}"


def _look_up(values: Any, key: str) -> tuple[bool, Any]:
    """Whether the chart has a key or an open table for it, and what stands there."""
    for part in key.split("."):
        if values == {}:
            return True, None
        if not isinstance(values, Mapping) or part not in values:
            return False, None
        values = values[part]
    return True, values


if __name__ == "__main__":
    lines = list(differences(Path(sys.argv[1])))
    sys.stdout.write("\n".join([*lines, f"{len(lines)} differences."]) + "\n")
    sys.exit(bool(lines))
