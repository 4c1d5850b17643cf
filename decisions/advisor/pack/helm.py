"""Helm values of a stage: only keys that differ from the chart's defaults, and what takes them back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from decisions.advisor.pack.manifests import fill, merge, structure
from decisions.advisor.pack.names import Place
from decisions.advisor.rollout import Change, Chart


@dataclass(frozen=True, kw_only=True)
class Release:
    """The values that one stage gives to a chart, and the defaults that stand at the same keys."""

    name: str
    chart: Chart
    values: dict[str, Any]
    defaults: dict[str, Any]
    upgrade: bool
    """True when the release runs before this stage."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What stands above the values."""
        source, where = self.chart.source, self.chart.repository or "a repository you trust"
        return (
            f"Chart {self.chart.chart}, {self.chart.version}, from {where}.",
            f"Only keys that differ from its defaults; defaults read in: {source.text} ({source.date}).",
        )

    def command(self, path: str) -> str:
        """The command that gives the release the values of a file."""
        chart = self.chart
        repository = f" --repo {chart.repository}" if chart.repository else ""
        version = chart.version if " " not in chart.version else f"'<{chart.version}>'"
        how = "upgrade" if self.upgrade else "upgrade --install"
        keep = " --reuse-values" if self.upgrade else " --create-namespace"
        return (
            f"helm {how} {chart.release} {chart.chart}{repository} --version {version} -n {chart.namespace}{keep} "
            f"-f {path}"
        )


def releases(changes: Iterable[Change], charts: dict[str, Chart], seen: set[str], place: Place) -> list[Release]:
    """The charts a stage touches, in order; `seen` holds the charts of earlier stages and grows."""
    values: dict[str, Any] = {}
    defaults: dict[str, Any] = {}
    for change in changes:
        for one in change.values:
            values[one.chart] = merge(values.get(one.chart, {}), fill(structure(one.set), place))
            defaults[one.chart] = merge(defaults.get(one.chart, {}), structure(one.default))
    found = [
        Release(
            name=name,
            chart=charts[name],
            values=values[name],
            defaults=defaults[name],
            upgrade=charts[name].runs_already or name in seen,
        )
        for name in values
    ]
    seen.update(values)
    return found
