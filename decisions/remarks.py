"""What reviewers say about a frozen record: comments on its sections, and sending it back for changes."""

import datetime as dt
import json
from collections.abc import Mapping
from uuid import UUID

from django.db import IntegrityError, transaction

from decisions.drafting import log
from decisions.journal import enter_status
from decisions.models import Comment, ConflictError, Decision, Record, Status, User

LENGTH = 4000
WHOLE = "the record"


class RemarkError(Exception):
    """What was written cannot be kept. The text says why, for whoever wrote it."""


def sections_of(record: Record) -> dict[str, str]:
    """The sections a comment can be about: {id: title}, in the order of the record."""
    document = json.loads(bytes(record.canonical))
    return {one["id"]: one["title"] for one in document["sections"]}


def comment(
    record: Record, user: User, said: str, *, section: str = "", token: UUID, now: dt.datetime, asks: bool = False
) -> Comment:
    """Keep a comment on a section of a record, or on all of it. The same `token` again is the same comment.

    Raises RemarkError for an empty or overlong text and for a section the record does not have.
    """
    said = clean(said)
    titles = sections_of(record)
    if section and section not in titles:
        raise RemarkError("This record has no such section. Choose one from the list.")
    try:
        with transaction.atomic():
            kept = Comment.objects.create(
                record=record,
                section=section,
                author=user,
                text=said,
                token=token,
                created_at=now,
                asks_for_change=asks,
            )
            if not asks:
                where = titles.get(section, WHOLE)
                log(record.decision, user, "commented", now, reason=said, section=where, revision=record.revision)
    except IntegrityError:
        return Comment.objects.get(token=token, author=user)
    return kept


def send_back(decision: Decision, user: User, remark: Mapping[str, str], *, token: UUID, now: dt.datetime) -> None:
    """Ask for changes: the decision is a draft again, its record stays, and the next proposal is the next revision.

    `remark` has the text and perhaps the section it is about. Raises ConflictError and RemarkError.
    """
    record = decision.newest_record()
    if record is None:
        message = f"{decision.number} has no record that could be changed."
        raise ConflictError(message)
    said = clean(remark.get("text", ""))
    with transaction.atomic():
        Decision.objects.move(decision, Status.PROPOSED, status=Status.DRAFT, changed_at=now, changed_by=user)
        comment(record, user, said, section=remark.get("section", ""), token=token, now=now, asks=True)
        log(decision, user, "changes requested", now, reason=said, revision=decision.revision)
        enter_status("withdrawn", decision, now)


def asked_of(decision: Decision) -> Comment | None:
    """The request for changes that a draft answers, with who made it; None for any other decision."""
    if not decision.is_draft or not decision.revision:
        return None
    asking = Comment.objects.filter(record__decision=decision, record__revision=decision.revision, asks_for_change=True)
    return asking.select_related("author", "record").last()


def about(one: Comment) -> str:
    """The title of the section a remark is about; empty when it is about the record as a whole."""
    return sections_of(one.record).get(one.section, "") if one.section else ""


def clean(said: str) -> str:
    """The text without surrounding space. Raises RemarkError when nothing or too much is left."""
    said = said.replace("\r\n", "\n").strip()
    if not said:
        raise RemarkError("Write what you mean: an empty comment helps nobody.")
    if len(said) > LENGTH:
        raise RemarkError(f"The comment has {len(said):,} characters; {LENGTH:,} is the most that is kept. Shorten it.")
    return said
