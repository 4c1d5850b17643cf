"""What records projected against what was measured afterwards, over all decisions a person sees."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from decisions.access import person
from decisions.advisor.pilot.intervals import Interval, share_of
from decisions.advisor.pilot.scores import QUANTITIES, RANGE_HOLDS
from decisions.advisor.pilot.words import percent, span
from decisions.models import Outcome
from decisions.rendering.strips import Strip, strips
from decisions.views.judgement import Mark, laid_out

MOST = 500
"""Outcomes that are looked at, the newest first."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """All projections of one quantity: how many held of those that could be told, and each on a track of its own."""

    title: str
    unit: str
    held: int
    of: int
    share: str
    interval: str
    strips: tuple[Strip, ...]


@require_safe
def calibration(request: HttpRequest) -> HttpResponse:
    """Predicted against measured: does the 90 % range hold nine times out of ten?"""
    found = Outcome.objects.of(person(request)).select_related("record__decision__organisation").order_by("-kept_at")
    rows = groups(found[:MOST])
    held, total = sum(one.held for one in rows), sum(one.of for one in rows)
    context = {
        "groups": rows,
        "held": held,
        "total": total,
        "share": percent(held / total) if total else "",
        "interval": _interval(held, total),
        "promised": percent(RANGE_HOLDS),
    }
    return render(request, "calibration/calibration.html", context)


def groups(found: Iterable[Outcome]) -> list[Group]:
    """The projections in outcomes, by quantity."""
    rows: dict[str, list[tuple[Outcome, Mapping[str, Any], Mark]]] = {name: [] for name in QUANTITIES}
    for one in found:
        document = json.loads(bytes(one.canonical))
        for score, mark in zip(document["judgement"].get("scores", ()), laid_out(document).marks, strict=True):
            rows[score["quantity"]].append((one, score, mark))
    return [_group(name, given) for name, given in rows.items() if given]


def _group(name: str, given: Sequence[tuple[Outcome, Mapping[str, Any], Mark]]) -> Group:
    title, unit = QUANTITIES[name]
    told = [mark for _, _, mark in given if mark.told]
    held = sum(1 for mark in told if mark.inside)
    return Group(
        title=title,
        unit=unit,
        held=held,
        of=len(told),
        share=percent(held / len(told)) if told else "",
        interval=_interval(held, len(told)),
        strips=strips(given),
    )


def _interval(held: int, total: int) -> str:
    if not total:
        return ""
    found: Interval = share_of(held, total)
    return span(found, "")
