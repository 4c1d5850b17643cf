"""Makes and seals the PDF of a record beside the pages: asked for with the act, tried again, never made twice."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task

from decisions import journal
from decisions.models import Edition, LogEntry, Record, Rendering, Sealing, SealState, Signature
from decisions.signing.keystore import Seal, SealError, ensure_seal
from decisions.tasks import try_again

BB, BT, BLTA = "B-B", "B-T", "B-LTA"
"""PAdES levels: no time stamp, one inside the seal, and one over all of it with what checks it later."""
CLOCKS = dt.timedelta(minutes=5)
"""How far the clock of a time-stamp service may be before ours."""
FAULT = "It failed in a way that was not foreseen ({}). The server's log has the details."


def ask(record: Record, edition: Edition, now: dt.datetime) -> Sealing:
    """Put the PDF of this edition in line. Inside the transaction of the act that makes it due."""
    sealing = Sealing.objects.create(record=record, edition=edition, asked_at=now, changed_at=now)
    seal_record.enqueue(sealing.pk)
    return sealing


@task()
def seal_record(sealing: int, attempt: int = 1) -> str:
    """Make, seal and keep what was asked for; the state it is in afterwards."""
    row = Sealing.objects.select_related("record__decision__organisation").get(pk=sealing)
    if row.state == SealState.DONE:
        return row.state
    try:
        attempted(row)
    except SealError as error:
        again = try_again(seal_record, attempt, sealing)
        _failed(row, str(error), SealState.WAITING if again else SealState.FAILED)
    except Exception as error:
        _failed(row, FAULT.format(type(error).__name__), SealState.FAILED)
        raise
    row.refresh_from_db()
    return row.state


def attempted(row: Sealing) -> None:
    """Make and keep it now, in this process. SealError when it cannot be; nothing is kept then."""
    made = make(row.record, Edition(row.edition), row.asked_at)
    with transaction.atomic():
        done = Sealing.objects.filter(pk=row.pk).exclude(state=SealState.DONE)
        mine = done.update(
            state=SealState.DONE,
            problem=made.problem,
            level=made.level,
            renew_by=made.ends,
            attempts=F("attempts") + 1,
            changed_at=timezone.now(),
        )
        if mine:  # else another worker was faster
            keep(row.record, {"pdf": made.pdf}, row.edition, row.asked_at)
    if mine and made.problem:
        import_string("decisions.renewal.stamp_later").enqueue(row.pk)  # a layer above: it keeps files as well


def _failed(row: Sealing, why: str, state: SealState) -> None:
    due = Sealing.objects.filter(pk=row.pk).exclude(state=SealState.DONE)
    due.update(state=state, problem=why, attempts=F("attempts") + 1, changed_at=timezone.now())


@dataclass(frozen=True, kw_only=True)
class Made:
    """A sealed PDF and the level it reached."""

    pdf: bytes
    level: str = BB
    ends: dt.datetime | None = None
    """When the certificate of its newest time stamp ends."""
    problem: str = ""
    """Why it has less than the settings ask for; a sentence."""


def make(record: Record, edition: Edition, now: dt.datetime) -> Made:
    """The sealed PDF of one edition. Raises SealError."""
    # WeasyPrint and pyHanko take seconds to load; a process that issues no record does not wait for them.
    from decisions.rendering import pdf  # noqa: PLC0415

    document = json.loads(bytes(record.canonical))
    accepted = edition != Edition.PROPOSED
    page = pdf.render(
        document,
        sealed=True,
        approvals=approvals(record) if accepted else (),
        evidence={"log.json": _in_the_log(record)} if accepted else {},
    )
    return seal(page, f"Decision record {record.decision.number}", now)


def seal(page: bytes, reason: str, now: dt.datetime) -> Made:
    """The page under the seal, stamped as far as the time-stamp service lets it: its outage costs a level, no seal.

    Raises SealError.
    """
    from decisions import stamps  # noqa: PLC0415 - as above
    from decisions.signing.seal import seal_pdf  # noqa: PLC0415
    from decisions.signing.stamping import StampError  # noqa: PLC0415

    own, service = instance_seal(), stamps.service()
    if service is None:
        return Made(pdf=seal_pdf(page, own, reason, now))
    made = Made(pdf=b"")
    try:
        made = Made(pdf=seal_pdf(page, own, reason, now, service), level=BT)
        with_stamp = stamps.over(made.pdf, service, timezone.now())
        level, ends = reached(with_stamp, timezone.now())
        return Made(pdf=with_stamp, level=level, ends=ends)
    except StampError as error:
        plain = made if made.pdf else Made(pdf=seal_pdf(page, own, reason, now))
        return replace(plain, problem=lacks(plain.level, error))


def lacks(level: str, why: Exception) -> str:
    """The sentence for a file whose time stamps could not all be put on."""
    return f"It has level {level} instead of {BLTA}: {why}. It is tried again by itself."


def reached(pdf: bytes, now: dt.datetime) -> tuple[str, dt.datetime | None]:
    """Level and end of a file that was stamped. StampError when its stamps do not hold here, so that it is not kept."""
    from decisions import stamps  # noqa: PLC0415
    from decisions.signing.opening import DamagedError, open_sealed  # noqa: PLC0415
    from decisions.signing.stamping import StampError  # noqa: PLC0415
    from decisions.signing.timing import judge  # noqa: PLC0415

    try:
        timing = judge(open_sealed(pdf), stamps.roots(), now + CLOCKS)
    except DamagedError as error:
        message = f"the stamped file does not pass its own check: {error}"
        raise StampError(message) from error
    if timing.state != "passed":
        message = f"the stamped file does not pass its own check: {timing.said.rstrip('.')}"
        raise StampError(message)
    return timing.level, timing.ends


def _in_the_log(record: Record) -> bytes:
    """Proof that the log knew the last approval before the seal was put on."""
    entry = LogEntry.objects.filter(record_sha256=record.digest, act="approved").order_by("-index").first()
    return json.dumps(journal.proof(entry), indent=1).encode() if entry else b""


def keep(record: Record, rendered: Mapping[str, bytes], edition: str, now: dt.datetime) -> None:
    """Keep the bytes; they are never made again. Their hashes go into the log."""
    hashes = {kind: hashlib.sha256(content).hexdigest() for kind, content in rendered.items()}
    for kind, content in rendered.items():
        Rendering.objects.create(
            record=record,
            kind=kind,
            edition=edition,
            content=content,
            sha256=hashes[kind],
            sealed=kind == "pdf",
            created_at=now,
        )
    act = "sealed" if "pdf" in rendered else "rendered"
    journal.enter(act, record, now, edition=str(edition), **{f"{kind}_sha256": one for kind, one in hashes.items()})


def envelope_of(record: Record) -> bytes:
    """The DSSE envelope over every kept file of the record."""
    from decisions.signing import envelope  # noqa: PLC0415 - loads with its first use

    kept = record.renderings.order_by("created_at", "pk").values_list("kind", "edition", "sha256")
    subjects = {f"{kind}/{edition}": value for kind, edition, value in kept}
    facts = {
        "organisation": record.decision.organisation.slug,
        "number": record.decision.number,
        "revision": record.revision,
        "approvers": [one["signer"] for one in approvals(record) if one["meaning"] == "approval"],
    }
    return envelope.make({"record.json": record.digest, **subjects}, facts, instance_seal())


def approvals(record: Record) -> list[dict[str, Any]]:
    """The signatures under a record, the author's first: what approvals.json says."""
    return [entry(one) for one in record.signatures.select_related("signer")]


def entry(one: Signature) -> dict[str, Any]:
    """A signature in plain JSON types."""
    return {
        "signer": one.signer.name,
        "account": one.signer.get_username(),
        "meaning": str(one.meaning),
        "method": one.method,
        "digest": one.digest,
        "statement": one.statement,
        "signed_at": one.signed_at.isoformat(timespec="seconds"),
        **({"proof": one.proof} if one.proof else {}),
    }


def instance_seal() -> Seal:
    """The seal of this instance, made at its first start; the new one as soon as it was rotated."""
    try:
        stamp = (settings.DATA_DIR / "seal" / "seal.p12").stat().st_mtime_ns
    except OSError:
        stamp = 0
    return _opened(stamp)


@cache
def _opened(_stamp: int) -> Seal:
    return ensure_seal(settings.DATA_DIR)
