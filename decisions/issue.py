"""The act across layers: freeze what was decided, render it, seal it, sign it, keep it. Nothing else writes records."""

import datetime as dt
from calendar import monthrange
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from decisions import approval
from decisions.advice import advise, catalogue
from decisions.advisor import record as records
from decisions.advisor.case import write
from decisions.drafting import keep_needs, log
from decisions.journal import enter, enter_status, signature_digest
from decisions.models import (
    ConflictError,
    Decision,
    Edition,
    Meaning,
    Measurement,
    Need,
    Record,
    Signature,
    Status,
    User,
)
from decisions.models.succession import follow
from decisions.rendering import FORMATS
from decisions.sealing import approvals, ask, entry, instance_seal, keep
from decisions.signing import approval as signed
from decisions.signing.approval import Given, Subject

__all__ = [
    "approval_statement",
    "approvals",
    "approve",
    "author_statement",
    "deprecate",
    "document_of",
    "instance_seal",
    "propose",
    "reject",
    "statement",
    "succeed",
    "withdraw",
]


def about(decision: Decision, author: User, now: dt.datetime, *, status: str, revision: int) -> records.About:
    """What the record is filed under."""
    return records.About(
        title=decision.title,
        number=decision.number,
        organisation=decision.organisation.name,
        team=decision.team.name,
        system=decision.system.name,
        author=author.name,
        date=now.date().isoformat(),
        status=status,
        supersedes=tuple(decision.predecessors.order_by("pk").values_list("number", flat=True)),
        revision=revision,
    )


def document_of(decision: Decision, now: dt.datetime, status: str = Status.DRAFT) -> dict[str, object]:
    """The record document of the answers as they are now, under the next revision."""
    advice = advise(decision.judged)
    filed = about(decision, decision.author, now, status=status, revision=decision.revision + 1)
    measurements = decision.baseline.measurements.select_related("measured_by") if decision.baseline else ()
    drafted = records.draft(
        advice.case,
        advice.recommendation,
        catalogue(),
        filed,
        measurements=tuple(measured(one) for one in measurements),
    )
    return records.document(drafted)


def measured(one: Measurement) -> records.Measured:
    """A measurement as the record names it."""
    window = (
        f"{one.started_at:%Y-%m-%d %H:%M} to {one.ended_at:%Y-%m-%d %H:%M} UTC"
        if one.started_at and one.ended_at
        else ""
    )
    figures = one.figures.get("read", [])
    return records.Measured(
        name=one.file_name,
        tool=one.tool or one.kind,
        window=window,
        taken_by=one.measured_by.name,
        taken_at=one.read_at.isoformat(timespec="seconds"),
        sha256=one.sha256,
        size=one.size,
        figures=tuple((str(label), f"{records.exact(value)} {unit}".strip()) for label, value, unit in figures),
        warnings=tuple(str(warning) for warning in one.figures.get("warnings", ())),
    )


def author_statement(decision: Decision) -> str:
    """The sentence an author signs."""
    return (
        f"I propose {decision.number}, “{decision.title}”. The answers are what our team knows today, "
        "and the measurements are ours."
    )


def approval_statement(decision: Decision) -> str:
    """The sentence an approver signs."""
    return (
        f"I have read the record of {decision.number}, “{decision.title}”, and approve the decision in it "
        f"for {decision.team.name}."
    )


def propose(decision: Decision, user: User, now: dt.datetime) -> Record:
    """Freeze a draft as the next revision of its record, signed by the author and sealed by this instance.

    Raises ConflictError when the decision changed since it was loaded; nothing is kept then.
    """
    advice = advise(decision.judged)
    document = document_of(decision, now, Status.PROPOSED)
    canonical = records.canonical(document)
    rendered = render(document)
    with transaction.atomic():
        Decision.objects.move(
            decision,
            Status.DRAFT,
            status=Status.PROPOSED,
            revision=decision.revision + 1,
            proposed_at=now,
            changed_at=now,
            changed_by=user,
            review_on=advice.case.plan.review_date,
            outcome_reason="",
            musts_without_evidence=sum(one.kept for one in advice.recommendation.demoted),
            outlook="",
        )
        keep_needs(decision, advice.recommendation)
        record = Record.objects.create(
            decision=decision,
            revision=decision.revision,
            inputs=write(advice.case),
            catalogue_version=advice.recommendation.catalogue_version,
            engine_version=advice.recommendation.engine_version,
            canonical=canonical,
            digest=records.digest(canonical),
            created_at=now,
        )
        put_signature(record, user, Meaning.AUTHOR, now)
        keep(record, rendered, Edition.PROPOSED, now)
        ask(record, Edition.PROPOSED, now)
        log(decision, user, "proposed", now, revision=record.revision, digest=record.digest)
    return record


def statement(decision: Decision, record: Record, user: User, now: dt.datetime) -> dict[str, object]:
    """What an approver signs: new each time it is asked for."""
    subject = Subject(
        organisation=decision.organisation.slug,
        number=decision.number,
        revision=record.revision,
        record_sha256=record.digest,
        meaning=Meaning.APPROVAL,
        approver=user.get_username(),
        sentence=approval_statement(decision),
    )
    return signed.statement(subject, now)


def approve(decision: Decision, user: User, now: dt.datetime, given: Given | None = None) -> Record:
    """Sign a proposed record as one of its approvers; the last approval that is needed accepts the decision.

    Then the edition with the approvals in it is sealed, and what it replaces is retired. The record and its digest
    stay as they were. Raises ConflictError when it is not proposed any more, when its bytes are not those of its
    digest, or when the rule of the organisation does not let the user approve now, ApprovalError when what was given
    does not hold; whether the user has the role is the caller's to ask.
    """
    with transaction.atomic():
        record = decision.records.get(revision=decision.revision)
        signers = approval.approved_by(record)
        if reason := approval.why_not(user, decision, signers) or _altered(record):
            raise ConflictError(reason)
        accepted = not approval.outstanding(decision, [*signers, user.pk])
        Decision.objects.move(
            decision,
            Status.PROPOSED,
            changed_at=now,
            changed_by=user,
            **(_as_accepted(decision, now) if accepted else {}),
        )
        put_signature(record, user, Meaning.APPROVAL, now, given)
        log(decision, user, "approved", now, revision=record.revision, digest=record.digest)
        if accepted:
            ask(record, Edition.ACCEPTED, now)
            _retire(decision, user, now)
    return record


def _altered(record: Record) -> str:
    """What is wrong when the kept bytes are not those whose digest people sign; empty when they are."""
    if records.digest(bytes(record.canonical)) == record.digest:
        return ""
    return "The record in the database is not the one that was signed. Tell whoever runs MeshAdvisor."


def _as_accepted(decision: Decision, now: dt.datetime) -> dict[str, Any]:
    """What changes with the last approval; a decision without a review date gets the organisation's interval."""
    review_on = decision.review_on or months_after(now.date(), decision.organisation.review_months)
    return {"status": Status.ACCEPTED, "decided_at": now, "review_on": review_on}


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def _retire(decision: Decision, user: User, now: dt.datetime) -> None:
    for old in decision.predecessors.filter(status=Status.ACCEPTED).order_by("pk"):
        Decision.objects.move(old, Status.ACCEPTED, status=Status.SUPERSEDED, changed_at=now, changed_by=user)
        log(old, user, "superseded", now, by=decision.number)
        enter_status("superseded", old, now)


def reject(decision: Decision, user: User, reason: str, now: dt.datetime) -> None:
    """Turn a proposed decision down; the record stays. Raises ConflictError."""
    _close(decision, user, (Status.PROPOSED, Status.REJECTED), reason, now)


def deprecate(decision: Decision, user: User, reason: str, now: dt.datetime) -> None:
    """Withdraw an accepted decision without a successor; the record stays. Raises ConflictError."""
    _close(decision, user, (Status.ACCEPTED, Status.DEPRECATED), reason, now)


def _close(decision: Decision, user: User, move: tuple[Status, Status], reason: str, now: dt.datetime) -> None:
    before, after = move
    # What is deprecated was decided about when it was accepted.
    decided = {} if after is Status.DEPRECATED else {"decided_at": now}
    with transaction.atomic():
        Decision.objects.move(
            decision, before, status=after, outcome_reason=reason, changed_at=now, changed_by=user, **decided
        )
        log(decision, user, str(after), now, reason=reason, revision=decision.revision)
        enter_status(str(after), decision, now)


def withdraw(decision: Decision, user: User, now: dt.datetime) -> None:
    """Take a proposed decision back to change it; proposing it again makes the next revision. Raises ConflictError."""
    with transaction.atomic():
        Decision.objects.move(decision, Status.PROPOSED, status=Status.DRAFT, changed_at=now, changed_by=user)
        log(decision, user, "withdrawn", now, revision=decision.revision)
        enter_status("withdrawn", decision, now)


def succeed(old: Decision, user: User, now: dt.datetime) -> Decision:
    """A new draft from the answers of a finished decision; once approved it supersedes the old one if that stands.

    Raises ConflictError when the old decision is not finished.
    """
    if old.status not in {Status.ACCEPTED, Status.REJECTED, Status.DEPRECATED}:
        message = f"{old.number} is {old.get_status_display().lower()}; only finished decisions have successors."
        raise ConflictError(message)
    with transaction.atomic():
        number = old.organisation.take_number()
        draft = Decision.objects.create(
            organisation=old.organisation,
            number=number,
            title=old.title,
            team=old.team,
            system=old.system,
            author=user,
            case=old.case | {"id": number},
            baseline=old.baseline,
            approach=old.approach,
            product=old.product,
            confidence=old.confidence,
            created_at=now,
            changed_at=now,
            changed_by=user,
        )
        Need.objects.bulk_create(
            Need(decision=draft, requirement=one.requirement, must=one.must) for one in old.needs.all()
        )
        follow(draft, old)
        log(draft, user, "started", now, after=old.number)
    return draft


def render(document: Mapping[str, object]) -> dict[str, bytes]:
    """The record in every format that is made at once, {name: bytes}; the PDF follows, sealed."""
    return {one.name: one.render(document) for one in FORMATS if one.name != "pdf"}


def put_signature(record: Record, user: User, meaning: Meaning, now: dt.datetime, given: Given | None = None) -> None:
    """Keep that a person stands for the record; its hash goes into the log. ApprovalError when it does not hold."""
    given = given or Given()
    sentence = author_statement if meaning == Meaning.AUTHOR else approval_statement
    signature = Signature(
        record=record,
        signer=user,
        meaning=meaning,
        method=given.method,
        digest=record.digest,
        statement=sentence(record.decision),
        proof=dict(given.proof),
        signed_at=now,
    )
    signed.check(entry(signature), bytes(record.canonical))
    signature.save()
    act = "proposed" if meaning == Meaning.AUTHOR else "approved"
    enter(act, record, now, signature_sha256=signature_digest(signature))
