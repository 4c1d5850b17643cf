"""The five options side by side, and below them how each figure comes about."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from decisions.access import decision_of, person
from decisions.advice import Advice, advise, catalogue
from decisions.advisor.burden import prices
from decisions.advisor.case import Case, CaseError, read
from decisions.advisor.policy import under
from decisions.advisor.recommendation import Recommendation, Standing
from decisions.advisor.record import Bars, RecordError, recommendation_of
from decisions.advisor.record import read as read_record
from decisions.advisor.record.bars import burden_bars, lead_bars, path_bars
from decisions.advisor.record.words import between
from decisions.models import Decision, Record
from decisions.rendering.bars import BarChart, bar_chart
from decisions.rendering.options import matrix
from decisions.views.panel import changes


@dataclass(frozen=True, kw_only=True)
class Calculation:
    """How the figures of one option come about: its work term by term, its overhead, its call path."""

    standing: Standing
    terms: tuple[tuple[str, str, str, tuple[str, ...]], ...]
    """(what, hours a month, why, sources)."""
    assumed: tuple[str, ...]
    path: BarChart | None
    sources: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the page shows: the case, what was answered, the chart of the lead, whether an hour has a price."""

    case: Case
    given: Recommendation
    lead: Bars | None

    @property
    def priced(self) -> bool:
        """Whether somebody said what an hour costs: without it money is a planning value, and not shown."""
        return self.case.operations.hourly_cost is not None or "hourly_cost" in self.case.policy.planning


@require_safe
def options(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """The page, for a draft from its answers as they are, else from the newest record as it was frozen."""
    decision = decision_of(person(request), organisation, number)
    context: dict[str, Any] = {"decision": decision}
    answer = _of_draft(decision) if decision.is_draft else _of_record(decision.newest_record())
    if answer is not None:
        given = answer.given
        context |= {
            "answer": given,
            "matrix": matrix(given, answer.case.budget, priced=answer.priced),
            "calculations": [_calculation(one, answer.case) for one in given.ranking],
            "burden": bar_chart(burden_bars(given.ranking)),
            "lead": bar_chart(answer.lead) if answer.lead else None,
            "changes": changes(decision, Advice(case=answer.case, recommendation=given)),
        }
    return render(request, "options/options.html", context)


def _of_draft(decision: Decision) -> Answer:
    advice = advise(decision.judged)
    cost = prices(advice.case, under(advice.case.policy, catalogue()))
    given = advice.recommendation
    return Answer(case=advice.case, given=given, lead=lead_bars(given.ranking, cost))


def _of_record(record: Record | None) -> Answer | None:
    """None where there is no record, or one that an older version wrote in another form."""
    if record is None:
        return None
    try:
        frozen = read_record(json.loads(bytes(record.canonical)))
        case, given = read(dict(frozen.inputs.case)), recommendation_of(frozen)
    except (RecordError, CaseError):
        return None
    blocks = [block for section in frozen.sections if section.id == "flips" for block in section.blocks]
    return Answer(case=case, given=given, lead=next((one for one in blocks if isinstance(one, Bars)), None))


def _calculation(standing: Standing, case: Case) -> Calculation:
    waterfall = path_bars(standing, case.baseline.slo_p99_ms)
    return Calculation(
        standing=standing,
        terms=tuple(
            (one.name, between(one.hours), one.because, tuple(source.text for source in one.sources))
            for one in standing.costs
        ),
        assumed=standing.overhead.assumed,
        path=bar_chart(waterfall) if waterfall else None,
        sources=tuple(dict.fromkeys(source.text for source in standing.overhead.sources)),
    )
