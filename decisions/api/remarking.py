"""What reviewers say: comments on a frozen record, and asking for changes."""

import datetime as dt
import uuid

from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema, Status

from decisions import remarks
from decisions.api.caller import caller, decision_of, matched, once, writable
from decisions.api.pages import Asked, Words, paged
from decisions.api.problems import Problem
from decisions.api.shapes import REFUSALS, DetailOut
from decisions.models import Comment, Membership, Record
from decisions.models.people import APPROVERS
from decisions.tokens import Bearer, Scope

router = Router(tags=["discussion"])
RECORD = "/decisions/{organisation}/{number}/revisions/{int:revision}"


class CommentIn(Schema):
    """What is said, and about which part."""

    text: Words = Field(min_length=1, max_length=remarks.LENGTH)
    section: Words = Field("", max_length=80, description="The id of a section of the record; empty for all of it.")


class CommentOut(Schema):
    """A comment as it stands beside the record."""

    id: int
    author: str
    section: str
    text: str
    asks_for_change: bool
    created_at: dt.datetime

    @staticmethod
    def of(one: Comment) -> "CommentOut":
        """From a row with its author."""
        same = ("section", "text", "asks_for_change", "created_at")
        return CommentOut(id=one.pk, author=one.author.name, **{name: getattr(one, name) for name in same})


class CommentsOut(Schema):
    """A page of comments, the oldest first."""

    items: list[CommentOut]
    next: str | None


@router.get(f"{RECORD}/comments", response={200: CommentsOut, **REFUSALS}, summary="Comments on a record")
def comments(request: HttpRequest, organisation: str, number: str, revision: int, asked: Query[Asked]) -> object:
    """Those on this revision alone."""
    record = record_of(caller(request, Scope.READ), organisation, number, revision)
    return paged(record.comments.select_related("author"), asked, CommentOut.of)


@router.post(f"{RECORD}/comments", response={201: CommentOut, **REFUSALS}, summary="Comment on a record")
@once
def comment(
    request: HttpRequest, organisation: str, number: str, revision: int, given: CommentIn
) -> Status[CommentOut]:
    """The comment stays beside this revision; its author and approvers are told."""
    bearer = caller(request, Scope.WRITE)
    record = record_of(bearer, organisation, number, revision)
    writable(bearer, record.decision)
    try:
        kept = remarks.comment(
            record, bearer.user, given.text, section=given.section, token=uuid.uuid4(), now=timezone.now()
        )
    except remarks.RemarkError as error:
        raise Problem(422, str(error)) from error
    return Status(201, CommentOut.of(kept))


@router.post(
    "/decisions/{organisation}/{number}/changes", response={200: DetailOut, **REFUSALS}, summary="Ask for changes"
)
def ask_for_changes(request: HttpRequest, organisation: str, number: str, given: CommentIn) -> DetailOut:
    """The decision is a draft again and its record stays. For accounts with the role of an approver. Needs If-Match."""
    bearer = caller(request, Scope.WRITE)
    found = decision_of(bearer, organisation, number)
    where = {"organisation": found.organisation_id, "team": found.team_id}
    if not Membership.objects.allows(bearer.user, APPROVERS, **where):
        raise Problem(403, f"Only approvers of {found.team} ask for changes.")
    matched(request, found)
    try:
        remarks.send_back(found, bearer.user, given.model_dump(), token=uuid.uuid4(), now=timezone.now())
    except remarks.RemarkError as error:
        raise Problem(422, str(error)) from error
    return DetailOut.of_decision(found)


def record_of(bearer: Bearer, organisation: str, number: str, revision: int) -> Record:
    """A frozen record of a decision that the token sees. Raises Problem."""
    decision = decision_of(bearer, organisation, number)
    found = decision.records.filter(revision=revision).first() if revision < 2**31 else None
    if found is None:
        raise Problem(404, f"{decision.number} has no revision {revision}.")
    found.decision = decision
    return found
