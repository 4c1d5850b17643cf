"""A check laid out for a page: every figure in words, and the chart of both distributions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from decisions.advisor.pilot.intervals import Interval
from decisions.advisor.pilot.scores import QUANTITIES, Standing, standing
from decisions.advisor.pilot.words import amount, change, projected, span
from decisions.advisor.quantities import Range
from decisions.rendering.quantiles import Curve, QuantileChart, quantile_chart

TONES = {"go on": "good", "hold": "waits", "go back": "bad", "not comparable": "open"}
TITLES = {"go on": "Go on", "hold": "Hold", "go back": "Go back", "not comparable": "Not comparable"}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure: before, projected, measured, each with its interval or empty, and what was added."""

    title: str
    before: str
    before_span: str
    projected: str
    after: str
    after_span: str
    added: str


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How good one projection was: what was projected and measured to be added, in words."""

    title: str
    projected: str
    measured: str
    standing: Standing

    @property
    def inside(self) -> bool:
        """Whether the range held."""
        return self.standing == Standing.INSIDE

    @property
    def told(self) -> bool:
        """Whether the measurement could tell."""
        return self.standing != Standing.COARSE


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Everything a page shows of a check. `tone` is good, waits, bad or open."""

    verdict: str
    tone: str
    reasons: tuple[str, ...]
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    chart: QuantileChart | None
    basis: str
    document: Mapping[str, Any]


def laid_out(document: Mapping[str, Any]) -> Shown:
    """An outcome document laid out."""
    judgement = document["judgement"]
    return Shown(
        verdict=TITLES[judgement["verdict"]],
        tone=TONES[judgement["verdict"]],
        reasons=tuple(judgement["reasons"]),
        rows=tuple(_row(one) for one in judgement["comparisons"] if one["before"] or one["after"]),
        marks=tuple(_mark(one, judgement["comparisons"]) for one in judgement.get("scores", ())),
        chart=_chart(document),
        basis=document["projection"].get("basis", ""),
        document=document,
    )


def _interval(given: Mapping[str, Any] | None) -> Interval | None:
    if given is None:
        return None
    return Interval(low=given.get("low"), likely=given["likely"], high=given.get("high"))


def _row(one: Mapping[str, Any]) -> Row:
    unit = one.get("unit", "")
    before, after, added = (_interval(one.get(name)) for name in ("before", "after", "added"))
    range_ = one.get("projected")
    return Row(
        title=one["title"],
        before=amount(before.likely, unit) if before else "not known",
        before_span=span(before, unit) if before else "",
        projected=projected(Range(**range_), unit) if range_ else "",
        after=amount(after.likely, unit) if after else "not known",
        after_span=span(after, unit) if after else "",
        added=change(added, unit) if added else "",
    )


def _mark(one: Mapping[str, Any], comparisons: Sequence[Mapping[str, Any]]) -> Mark:
    range_, title = Range(**one["projected"]), QUANTITIES[one["quantity"]][0]
    added = next((_interval(row["added"]) for row in comparisons if row["title"] == title and row.get("added")), None)
    measured = added or Interval(low=None, likely=one["measured"], high=None)
    return Mark(
        title=title,
        projected=f"+{projected(range_, one['unit'])}",
        measured=change(measured, one["unit"]),
        standing=standing(range_, measured),
    )


def _chart(document: Mapping[str, Any]) -> QuantileChart | None:
    runs = [next(one["run"] for one in document[side] if one.get("run")) for side in ("before", "after")]
    names = ("Before", "In this stage")
    curves = [
        Curve(name=name, points=tuple((share, value) for share, value in run.get("quantiles", ())))
        for name, run in zip(names, runs, strict=True)
    ]
    shares = {"p50": 0.5, "p99": 0.99}
    ranges = [
        (shares[one["title"]], one["projected"]["low"], one["projected"]["high"])
        for one in document["judgement"]["comparisons"]
        if one["title"] in shares and one.get("projected")
    ]
    return quantile_chart(curves, document["limits"].get("slo_p99_ms"), ranges)
