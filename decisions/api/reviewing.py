"""Review of past decisions: what became of one, what it follows, what is due, the board, and judging again."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from decisions import comparison, reassessment
from decisions.api.caller import administered, caller, decision_of, once, overseen, writable
from decisions.api.pages import Asked, Words, paged
from decisions.api.problems import Problem
from decisions.api.shapes import REFUSALS, DecisionOut
from decisions.due import overdue
from decisions.models import Decision, Event, Outlook, Reassessment, ReassessmentRound
from decisions.tokens import Scope
from decisions.views import board as figures
from decisions.views import compare as choosing
from decisions.views import lineage

router = Router(tags=["review"])
ONE = "/decisions/{organisation}/{number}"
DUE = 1000


class EventOut(Schema):
    """One act of the log."""

    id: int
    at: dt.datetime
    act: str
    by: str | None = Field(description="User name; null when the application acted by itself.")
    detail: dict[str, Any]

    @staticmethod
    def of(one: Event) -> "EventOut":
        """From a row with its actor."""
        by = one.actor.get_username() if one.actor else None
        return EventOut(id=one.pk, at=one.at, act=one.act, by=by, detail=one.detail)


class EventsOut(Schema):
    """A page of events, the newest first."""

    items: list[EventOut]
    next: str | None


@router.get(f"{ONE}/events", response={200: EventsOut, **REFUSALS}, summary="Who did what when")
def events(request: HttpRequest, organisation: str, number: str, asked: Query[Asked]) -> object:
    """The history of a decision; nothing in it is ever changed."""
    found = decision_of(caller(request, Scope.READ), organisation, number)
    return paged(found.events.select_related("actor"), asked, EventOut.of, newest=True)


class JudgedOut(Schema):
    """How a record came out when it was judged again."""

    revision: int
    outlook: Outlook
    summary: str
    reasons: list[str]
    catalogue_version: str
    engine_version: str
    judged_at: dt.datetime

    @staticmethod
    def of(one: Reassessment) -> "JudgedOut":
        """From a row with its record."""
        same = ("summary", "reasons", "catalogue_version", "engine_version", "judged_at")
        return JudgedOut(
            revision=one.record.revision,
            outlook=Outlook(one.outlook),
            **{name: getattr(one, name) for name in same},
        )


class JudgementsOut(Schema):
    """A page of them, the newest first."""

    items: list[JudgedOut]
    next: str | None


@router.get(f"{ONE}/judgements", response={200: JudgementsOut, **REFUSALS}, summary="How it came out when judged again")
def judgements(request: HttpRequest, organisation: str, number: str, asked: Query[Asked]) -> object:
    """One for each catalogue and engine a record was judged under; the records themselves never change."""
    found = decision_of(caller(request, Scope.READ), organisation, number)
    rows = Reassessment.objects.filter(record__decision=found).select_related("record")
    return paged(rows.defer("record__canonical", "record__inputs"), asked, JudgedOut.of, newest=True)


class LineageOut(Schema):
    """Numbers of what a decision follows, and of what follows it, as far as the token sees them."""

    predecessors: list[str]
    successors: list[str]


class PredecessorIn(Schema):
    """A finished decision of the same organisation."""

    number: Words = Field(max_length=20, examples=["DR-0042"])


@router.get(f"{ONE}/lineage", response={200: LineageOut, **REFUSALS}, summary="What it follows")
def kin(request: HttpRequest, organisation: str, number: str) -> LineageOut:
    """Before and after it."""
    bearer = caller(request, Scope.READ)
    return _lineage(bearer.user, decision_of(bearer, organisation, number))


@router.post(f"{ONE}/lineage", response={201: LineageOut, **REFUSALS}, summary="Let a draft follow a decision")
@once
def follow(request: HttpRequest, organisation: str, number: str, given: PredecessorIn) -> Status[LineageOut]:
    """Once the draft is accepted it supersedes the other one."""
    bearer = caller(request, Scope.WRITE)
    found = _draft(writable(bearer, decision_of(bearer, organisation, number)))
    lineage.add(found, bearer.user, given.number.strip().upper())
    return Status(201, _lineage(bearer.user, found))


@router.delete(f"{ONE}/lineage/{{predecessor}}", response={200: LineageOut, **REFUSALS}, summary="Follow it no longer")
def unfollow(request: HttpRequest, organisation: str, number: str, predecessor: str) -> LineageOut:
    """The draft does not supersede it any more."""
    bearer = caller(request, Scope.WRITE)
    found = _draft(writable(bearer, decision_of(bearer, organisation, number)))
    lineage.take_away(found, bearer.user, predecessor.replace("\x00", "").upper()[:20])
    return _lineage(bearer.user, found)


class ComparedOut(Schema):
    """Two versions beside each other."""

    before: str
    after: str
    summary: str
    answers: list[dict[str, str]]
    ranking: list[dict[str, Any]]


class Beside(Schema):
    """Which versions: `DR-0042/1`, or `DR-0042/draft`. Without them the two newest are taken."""

    before: str = ""
    after: str = ""


@router.get(f"{ONE}/comparison", response={200: ComparedOut, **REFUSALS}, summary="Compare two versions")
def compare(request: HttpRequest, organisation: str, number: str, given: Query[Beside]) -> ComparedOut:
    """Two revisions, or revisions of two decisions: what was answered differently, and how the ranking moved."""
    bearer = caller(request, Scope.READ)
    found = decision_of(bearer, organisation, number)
    named = next((one for key in (given.before, given.after) if (one := key.partition("/")[0]) != found.number), "")
    choices = choosing.versions(bearer.user, found, choosing.another(bearer.user, found, named[:20]))
    by_key = {one.key: one for one in choices}
    if len(choices) < 2 or any(key and key not in by_key for key in (given.before, given.after)):
        offered = [{"where": "after", "what": one.key} for one in choices]
        raise Problem(404, "Two versions are needed, of those this token sees.", offered)
    later = by_key[given.after] if given.after else choices[0]
    earlier = by_key[given.before] if given.before else choices[(choices.index(later) + 1) % len(choices)]
    result = comparison.compare(earlier.version(found), later.version(found))
    return ComparedOut(
        before=earlier.key,
        after=later.key,
        summary=result.summary,
        answers=[
            {"question": difference.text, "what": one.label, "before": one.before, "after": one.after}
            for difference in (*(one for part in result.chapters for one in part.differences), *result.measurements)
            for one in difference.answers
        ],
        ranking=[{"approach": one.title, "was": one.was, "now": one.now} for one in result.ranking],
    )


class DueOut(Schema):
    """Accepted decisions that are to be looked at again, the oldest date first."""

    items: list[DecisionOut]


@router.get("/due", response={200: DueOut, **REFUSALS}, summary="Reviews that are due")
def due(request: HttpRequest, within: int = Query(0, ge=0, le=36500)) -> DueOut:
    """Overdue ones, and with `within` those due in so many days too; at most a thousand."""
    bearer = caller(request, Scope.READ)
    reached = Decision.objects.of(bearer.user).filter(organisation_id=bearer.organisation_id)
    found = overdue(reached, timezone.localdate(), within).with_names().defer("case", "words")[:DUE]
    return DueOut(items=[DecisionOut.of(one) for one in found])


class FigureOut(Schema):
    """A number of the board."""

    title: str
    count: int
    says: str
    query: str = Field(description="The query of `GET /decisions` that lists them.")


class BoardOut(Schema):
    """The board of an organisation."""

    figures: list[FigureOut]
    by_approach: list[dict[str, Any]]
    over_time: list[dict[str, Any]]
    catalogue_version: str
    engine_version: str


@router.get("/board", response={200: BoardOut, **REFUSALS}, summary="The figures of the board")
def board(request: HttpRequest) -> BoardOut:
    """For accounts that administer the organisation or audit it."""
    bearer = caller(request, Scope.READ)
    decisions, today = Decision.objects.filter(organisation=overseen(bearer)), timezone.localdate()
    catalogue, engine = reassessment.versions()
    charts = (figures.by_approach(decisions), figures.over_time(decisions, today))
    approaches, months = ([{"title": one.title, "count": one.count} for one in chart.columns] for chart in charts)
    return BoardOut(
        figures=[
            FigureOut(title=one.title, count=one.count, says=one.says, query=one.address.partition("?")[2])
            for one in figures.figures(decisions, today)
        ],
        by_approach=approaches,
        over_time=months,
        catalogue_version=catalogue,
        engine_version=engine,
    )


class RoundOut(Schema):
    """A pass over all accepted decisions."""

    id: int
    catalogue_version: str
    engine_version: str
    started_at: dt.datetime
    finished_at: dt.datetime | None
    total: int
    done: int

    @staticmethod
    def of(one: ReassessmentRound) -> "RoundOut":
        """From a row."""
        same = ("catalogue_version", "engine_version", "started_at", "finished_at", "total", "done")
        return RoundOut(id=one.pk, **{name: getattr(one, name) for name in same})


class RoundsOut(Schema):
    """A page of them, the newest first."""

    items: list[RoundOut]
    next: str | None


@router.get("/reassessments", response={200: RoundsOut, **REFUSALS}, summary="How far judging again is")
def rounds(request: HttpRequest, asked: Query[Asked]) -> object:
    """The rounds of the organisation; for accounts that administer it or audit it."""
    found = overseen(caller(request, Scope.READ))
    return paged(ReassessmentRound.objects.filter(organisation=found), asked, RoundOut.of, newest=True)


@router.post("/reassessments", response={202: RoundOut, **REFUSALS}, summary="Judge all accepted decisions again")
@once
def reassess(request: HttpRequest) -> Status[RoundOut]:
    """Under today's catalogue and engine, by the worker; a round that is under way goes on."""
    bearer = caller(request, Scope.ADMINISTER)
    return Status(202, RoundOut.of(reassessment.start(administered(bearer), bearer.user, timezone.now())))


def _draft(found: Decision) -> Decision:
    if not found.is_draft:
        raise Problem(409, f"{found.number} is {found.status}; what it follows is settled.")
    return found


def _lineage(user: Any, found: Decision) -> LineageOut:
    seen = Decision.objects.of(user)
    return LineageOut(
        predecessors=list(found.predecessors.filter(pk__in=seen.values("pk")).values_list("number", flat=True)),
        successors=list(found.successors.filter(pk__in=seen.values("pk")).values_list("number", flat=True)),
    )
