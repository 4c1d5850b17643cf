"""Decisions: listed, started, answered, proposed, withdrawn, succeeded, deleted; and the files of their records."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from ninja import Status as Answer

from decisions import issue
from decisions.advice import glance
from decisions.advisor.case import read as read_case
from decisions.advisor.case import write
from decisions.api.caller import caller, decision_of, etag, matched, once, writable
from decisions.api.problems import Problem
from decisions.api.shapes import REFUSALS, AnswersIn, DecisionOut, DetailOut, PageOut, ProposeIn, RecordOut, StartIn
from decisions.drafting import Saved, Sheet, keep_needs, save, start
from decisions.models import Decision, Status, Team
from decisions.models.people import AUTHORS
from decisions.models.search import words_of
from decisions.rendering import FORMATS
from decisions.tokens import Scope
from decisions.views import narrowing, paging

router = Router(tags=["decisions"])
LONGEST_PAGE = 200
MEDIA = {one.name: one.media_type for one in FORMATS}


class Wanted(Schema):
    """Which decisions: what the list has as filters, by the same names, and where the page begins."""

    cursor: str = Field("", description="What the page before gave as `next`.")
    limit: int = Field(50, ge=1, le=LONGEST_PAGE)
    q: str = Field("", description="Words that are searched for.")
    status: Status | None = None
    team: int | None = Field(None, description="The key of a team.")
    approach: str = ""
    product: str = ""


@router.get("/decisions", response={200: PageOut, **REFUSALS}, summary="List decisions, the newest change first")
def decisions(request: HttpRequest, wanted: Query[Wanted]) -> PageOut:
    """Only decisions of the token's organisation that its account may see. Further filters of the page work too."""
    bearer = caller(request, Scope.READ)
    found = Decision.objects.of(bearer.user).filter(organisation_id=bearer.organisation_id)
    teams = list(Team.objects.of(bearer.user).filter(organisation_id=bearer.organisation_id))
    chosen = narrowing.read(request.GET, narrowing.teams_of(teams))
    if wanted.cursor and paging.place(wanted.cursor) is None:
        raise Problem(400, "This cursor was not given by the list. Begin without one.")
    narrowed = narrowing.narrowed(narrowing.searched(found, chosen), chosen).with_names()
    page = paging.page(narrowed, {"older": wanted.cursor}, size=wanted.limit)
    return PageOut(items=[DecisionOut.of(one) for one in page.rows], next=str(page.older) if page.older else None)


@router.post("/decisions", response={201: DetailOut, **REFUSALS}, summary="Start a decision")
@once
def start_decision(request: HttpRequest, given: StartIn) -> Answer[DetailOut]:
    """A draft, with the answers of a case document when one is sent."""
    bearer = caller(request, Scope.WRITE)
    reached = Team.objects.of(bearer.user, AUTHORS).filter(organisation_id=bearer.organisation_id)
    team = reached.filter(name=given.team).first()
    if team is None:
        raise Problem(
            422, "The account may not write for a team of this name.", [{"where": "team", "what": given.team}]
        )
    case = None if given.case is None else write(read_case({**given.case, "title": given.title}))
    decision = start(bearer.user, team, system=given.system, title=given.title, now=timezone.now())
    if case is not None:
        begin_with(decision, {**case, "id": decision.number})
    return Answer(201, DetailOut.of_decision(decision))


@router.get("/decisions/{organisation}/{number}", response={200: DetailOut, **REFUSALS}, summary="One decision")
def decision(request: HttpRequest, response: HttpResponse, organisation: str, number: str) -> DetailOut:
    """With its answers and records. The ETag is what a change has to name."""
    found = decision_of(caller(request, Scope.READ), organisation, number)
    response["ETag"] = etag(found)
    return DetailOut.of_decision(found)


@router.patch(
    "/decisions/{organisation}/{number}/answers", response={200: DetailOut, **REFUSALS}, summary="Answer questions"
)
def answer(request: HttpRequest, response: HttpResponse, organisation: str, number: str, given: AnswersIn) -> DetailOut:
    """All of the answers are kept, or none. Needs If-Match."""
    bearer = caller(request, Scope.WRITE)
    found = matched(request, writable(bearer, decision_of(bearer, organisation, number)))
    drafted(found)
    with transaction.atomic():
        sheet = Sheet(user=bearer.user, seen=found.version, now=timezone.now(), page="api")
        refuse_problems(save(found, sheet, given.answers))
    found.refresh_from_db()
    response["ETag"] = etag(found)
    return DetailOut.of_decision(found)


@router.post("/decisions/{organisation}/{number}/propose", response={201: RecordOut, **REFUSALS}, summary="Propose")
@once
def propose(request: HttpRequest, organisation: str, number: str, given: ProposeIn) -> Answer[RecordOut]:
    """Freeze the draft as a record, in the name of the account. Needs If-Match."""
    bearer = caller(request, Scope.WRITE)
    found = matched(request, writable(bearer, decision_of(bearer, organisation, number)))
    if not given.agreed:
        raise Problem(
            422, "Proposing needs agreed: true.", [{"where": "agreed", "what": issue.author_statement(found)}]
        )
    return Answer(201, RecordOut.of(issue.propose(drafted(found), bearer.user, timezone.now())))


@router.post("/decisions/{organisation}/{number}/withdraw", response={200: DetailOut, **REFUSALS}, summary="Withdraw")
def withdraw(request: HttpRequest, organisation: str, number: str) -> DetailOut:
    """Take a proposed decision back to change it; its record stays. Needs If-Match."""
    bearer = caller(request, Scope.WRITE)
    found = matched(request, writable(bearer, decision_of(bearer, organisation, number)))
    issue.withdraw(found, bearer.user, timezone.now())
    return DetailOut.of_decision(found)


@router.post("/decisions/{organisation}/{number}/successor", response={201: DetailOut, **REFUSALS}, summary="Succeed")
@once
def succeed(request: HttpRequest, organisation: str, number: str) -> Answer[DetailOut]:
    """A draft from the answers of a finished decision, which it supersedes once it is accepted."""
    bearer = caller(request, Scope.WRITE)
    found = writable(bearer, decision_of(bearer, organisation, number))
    return Answer(201, DetailOut.of_decision(issue.succeed(found, bearer.user, timezone.now())))


@router.delete("/decisions/{organisation}/{number}", response={204: None, **REFUSALS}, summary="Delete a draft")
def delete(request: HttpRequest, organisation: str, number: str) -> Answer[None]:
    """Only drafts that nothing leans on; what was signed is kept. Needs If-Match."""
    bearer = caller(request, Scope.WRITE)
    matched(request, writable(bearer, decision_of(bearer, organisation, number))).delete()
    return Answer(204, None)


@router.get(
    "/decisions/{organisation}/{number}/revisions/{int:revision}/{kind}",
    response={200: None, **REFUSALS},
    summary="A file of a record",
)
def file(request: HttpRequest, organisation: str, number: str, revision: int, kind: str) -> HttpResponse:
    """The kept bytes: pdf, md, html, json, txt."""
    found = decision_of(caller(request, Scope.READ), organisation, number)
    record = found.records.filter(revision=revision).first()
    rendering = record.rendering(kind) if record else None
    if rendering is None:
        raise Problem(404, "There is no such file.")
    answer = HttpResponse(bytes(rendering.content), content_type=MEDIA.get(kind, "application/octet-stream"))
    answer["ETag"] = f'"{rendering.sha256}"'
    return answer


def begin_with(decision: Decision, case: dict[str, Any]) -> None:
    """Give a new draft its answers, and lists what those recommend and need."""
    found = glance(decision.under_policy(case)).recommendation
    shown = {"approach": found.approach, "product": found.product, "confidence": found.confidence}
    decision.case = case
    Decision.objects.move(decision, Status.DRAFT, case=case, words=words_of(decision), **shown)
    keep_needs(decision, found)


def drafted(decision: Decision) -> Decision:
    """The decision, when its answers may still change. Raises Problem."""
    if not decision.is_draft:
        raise Problem(409, f"{decision.number} is {decision.status}; only drafts can be answered.")
    return decision


def refuse_problems(saved: Saved) -> None:
    """Raise Problem for answers that were not kept."""
    if saved.problems:
        found = [{"where": one.path, "what": one.text} for one in saved.problems]
        raise Problem(422, "These answers were not kept.", found)
    if saved.clashes:
        found = [{"where": one.path, "what": f"{one.by} answered {one.theirs!r} meanwhile"} for one in saved.clashes]
        raise Problem(409, "Somebody answered differently meanwhile.", found)
