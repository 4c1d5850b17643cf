"""The recommendation for the answers of a draft, and in one sentence what the last answers did to it."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from django.conf import settings

from decisions.advisor import catalog as sheets
from decisions.advisor import engine
from decisions.advisor.case import Case, read
from decisions.advisor.recommendation import Recommendation, Standing, Status

KEPT = 256
"""Advice is kept for this many case documents: each save compares with the answers before it."""
ORDINALS = ("1st", "2nd", "3rd", "4th", "5th")


@dataclass(frozen=True, kw_only=True)
class Advice:
    """A case and what is recommended for it; `whole` says that nothing was left out, such as what would change it."""

    case: Case
    recommendation: Recommendation
    whole: bool = True


@cache
def catalogue() -> sheets.Catalog:
    """The catalogue of this process, with the overlay that the settings name. Raises CatalogError."""
    return sheets.load(settings.OVERLAY)


def prepare() -> None:
    """Read the catalogue and judge a case, so that nobody's first answer waits for tables that are made once.

    A catalogue that cannot be read is said by the pages that need it.
    """
    with suppress(sheets.CatalogError):
        glance(FIRST)


FIRST = {
    "schema": "meshadvisor-case/1",
    "title": "A measured system",
    "requirements": {"workload_identity": {"need": "must", "evidence": {"kind": "policy"}}},
    "baseline": {"services": 40, "pods": 200, "p50_ms": 10, "p99_ms": 60, "slo_p99_ms": 100, "sequential_calls": 3},
}
"""A case with a path of calls, whose projection makes the tables of all projections."""


def advise(document: Mapping[str, object]) -> Advice:
    """The advice for a case document. Raises CaseError for one that cannot be read."""
    return _advise(json.dumps(document, sort_keys=True))


def glance(document: Mapping[str, object]) -> Advice:
    """The advice without plan and what would change it, many times quicker: for what is shown while somebody types.

    Raises CaseError for a document that cannot be read.
    """
    return _glance(json.dumps(document, sort_keys=True))


@lru_cache(maxsize=KEPT)
def _advise(text: str) -> Advice:
    advice = _glance(text)
    planned = engine.planned(advice.recommendation, advice.case, catalogue())
    whole = replace(planned, flips=engine.changes(advice.case, catalogue()))
    return replace(advice, recommendation=whole, whole=True)


@lru_cache(maxsize=KEPT)
def _glance(text: str) -> Advice:
    case = _case(text)
    return Advice(case=case, recommendation=engine.glance(case, catalogue()), whole=False)


def case_of(document: Mapping[str, object]) -> Case:
    """The case of a document, read once. Raises CaseError for one that cannot be read."""
    return _case(json.dumps(document, sort_keys=True))


@lru_cache(maxsize=KEPT)
def _case(text: str) -> Case:
    return read(json.loads(text))


def what_moved(before: Recommendation, after: Recommendation) -> str:
    """The most important difference between two recommendations, as half a sentence."""
    old = {one.approach: (place, one) for place, one in enumerate(before.ranking)}
    if before.approach != after.approach:
        return f"{after.approach.title} takes the first place from {before.approach.title}"
    if (before.product, before.add_ons) != (after.product, after.add_ons):
        extra = f" with {', '.join(one.title for one in after.add_ons)}" if after.add_ons else ""
        return f"the winner stays {after.approach.title}, now as {after.product_title}{extra}"
    for place, now in enumerate(after.ranking):
        was_at, was = old[now.approach]
        if (was.status is Status.RULED_OUT) != (now.status is Status.RULED_OUT):
            state = "is ruled out" if now.status is Status.RULED_OUT else "is no longer ruled out"
            return f"{now.approach.title} {state}, the winner stays"
        if place > was_at:
            return f"{now.approach.title} moved from {ORDINALS[was_at]} to {ORDINALS[place]}, the winner stays"
    return _smaller(before, after, {approach: one for approach, (_, one) in old.items()})


def _smaller(before: Recommendation, after: Recommendation, old: Mapping[object, Standing]) -> str:
    if {one.requirement for one in before.demoted} != {one.requirement for one in after.demoted}:
        if len(after.best.musts_met) == 1:
            return "One must-have counts now, the order stays"
        return f"{len(after.best.musts_met)} must-haves count now, the order stays"
    if before.confidence is not after.confidence:
        return f"confidence goes from {before.confidence} to {after.confidence}, the order stays"
    for now in after.ranking:
        was, is_now = round(old[now.approach].hours_per_month.likely), round(now.hours_per_month.likely)
        if was != is_now:
            return f"{now.approach.title} goes from {was} to {is_now} hours a month, the order stays"
    if any(old[now.approach].overhead != now.overhead for now in after.ranking):
        return "the projected overhead moves, the order stays"
    return "the order and the numbers stay"
