"""Helm values of a stage: only keys that differ from the chart's defaults, and what takes them back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from decisions.advisor.pack.manifests import fill, merge, structure
from decisions.advisor.pack.names import Place
from decisions.advisor.rollout import Change, Chart
from decisions.advisor.rollout.loader import default, leaves


@dataclass(frozen=True, kw_only=True)
class Release:
    """The values that one stage gives to a chart, and what stood at the same keys before it.

    `upgrade` is True when the release runs before this stage.
    """

    name: str
    chart: Chart
    values: dict[str, Any]
    before: dict[str, Any]
    upgrade: bool

    @property
    def remarks(self) -> tuple[str, ...]:
        """What stands above the values."""
        source, where = self.chart.source, self.chart.repository or "a repository you trust"
        return (
            f"Chart {self.chart.chart}, {self.chart.version}, from {where}.",
            f"Only keys that differ from its defaults; defaults read in: {source.text} ({source.date}).",
        )

    def command(self, folder: str = "values") -> str:
        """The command that installs the release, or gives it the values of the file in a folder."""
        chart = self.chart
        repository = f" --repo {chart.repository}" if chart.repository else ""
        how = "upgrade" if self.upgrade else "upgrade --install"
        rest = " --reuse-values" if self.upgrade else " --create-namespace"
        if chart.arguments and not self.upgrade:
            rest += f" {chart.arguments}"
        if self.values:
            rest += f" -f {folder}/{self.name}.yaml"
        return (
            f"helm {how} {chart.release} {chart.chart}{repository} --version {chart.version} -n {chart.namespace}{rest}"
        )

    @property
    def removal(self) -> str:
        """The command that takes a release out that this stage put in."""
        return f"helm uninstall {self.chart.release} -n {self.chart.namespace}"


@dataclass
class Installed:
    """What earlier stages set, chart by chart; a chart is in it as soon as it was installed."""

    values: dict[str, dict[str, Any]] = field(default_factory=dict)

    def take(self, changes: Iterable[Change], charts: Mapping[str, Chart], place: Place) -> list[Release]:
        """The charts that a stage touches, in the order in which they are installed; they count as installed then."""
        values: dict[str, dict[str, Any]] = {}
        for change in changes:
            for name in change.charts:
                values.setdefault(name, {})
            for one in change.values:
                values[one.chart] = merge(values.get(one.chart, {}), fill(structure(one.set), place))
        found = [
            Release(
                name=name,
                chart=charts[name],
                values=made,
                before=_before(made, charts[name], self.values.get(name, {})),
                upgrade=charts[name].runs_already or name in self.values,
            )
            for name, made in values.items()
        ]
        for name, made in values.items():
            self.values[name] = merge(self.values.get(name, {}), made)
        return found


def _before(values: dict[str, Any], chart: Chart, earlier: dict[str, Any]) -> dict[str, Any]:
    """What stood at the keys of these values: what an earlier stage set, else what the chart says by itself."""
    known, found = leaves(earlier), dict[str, Any]()
    for key in leaves(values) if values else ():
        *folders, last = key.split(".")
        inner = found
        for one in folders:
            inner = inner.setdefault(one, {})
        inner[last] = known[key] if key in known else default(chart, key)
    return found
