"""Writes the log of what became of records, and proves what is in it. The tree itself is `decisions.signing.merkle`."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from django.conf import settings
from django.db import transaction

from decisions.advisor.record import canonical, digest
from decisions.models import Decision, LogCheckpoint, LogEntry, LogHead, LogNode, Reassessment, Record, Signature
from decisions.models.log import LEVEL
from decisions.signing import merkle
from decisions.signing.inclusion import proof_document
from decisions.signing.logkey import LogKey, ensure_log_key
from decisions.signing.merkle import Place

SCHEMA = "meshadvisor-log/1"


@cache
def log_key() -> LogKey:
    """The key of this instance's log, made at first use."""
    return ensure_log_key(settings.DATA_DIR)


def enter(act: str, record: Record, now: dt.datetime, **hashes: str) -> LogEntry:
    """Put an act about a record behind the others, with a signed checkpoint. Inside the transaction of the act.

    `act` is a past participle: proposed, approved, sealed, rejected, superseded, ... `hashes` are what else belongs
    to it, mostly SHA-256 values in hex, such as pdf_sha256 or signature_sha256.
    """
    return append(_content(act, record, now, hashes), act=act, record_sha256=record.digest, now=now)


def enter_all(act: str, told: Iterable[tuple[Record, Mapping[str, str]]], now: dt.datetime) -> None:
    """The same act about many records, each with its hashes: one turn at the log for all of them."""
    append_all([(_content(act, record, now, hashes), record.digest) for record, hashes in told], act=act, now=now)


def _content(act: str, record: Record, now: dt.datetime, hashes: Mapping[str, str]) -> bytes:
    decision = record.decision
    content: dict[str, object] = {
        "schema": SCHEMA,
        "act": act,
        "decision": f"{decision.organisation.slug}/{decision.number}",
        "revision": record.revision,
        "record_sha256": record.digest,
        "at": now.astimezone(dt.UTC).isoformat(timespec="seconds"),
        **hashes,
    }
    return canonical(content)


def enter_status(act: str, decision: Decision, now: dt.datetime, **hashes: str) -> LogEntry | None:
    """Put an act about a decision in the log under its newest record; None while it has no record."""
    record = decision.newest_record()
    return None if record is None else enter(act, record, now, **hashes)


def append(content: bytes, *, act: str, record_sha256: str, now: dt.datetime) -> LogEntry:
    """The entry with its place in the tree; a checkpoint is signed over it."""
    return append_all([(content, record_sha256)], act=act, now=now)[0]


def append_all(contents: Sequence[tuple[bytes, str]], *, act: str, now: dt.datetime) -> list[LogEntry]:
    """Entries, (content, digest of the record), one behind the other; a checkpoint is signed over each."""
    made: dict[Place, bytes] = {}
    kept: dict[Place, bytes] = {}

    def known(places: Iterable[Place]) -> Mapping[Place, bytes]:
        wanted = tuple(places)
        missing = [place for place in wanted if place not in made and place not in kept]
        kept.update(nodes(missing) if missing else {})
        return {place: made.get(place) or kept[place] for place in wanted}

    with transaction.atomic():
        LogHead.objects.get_or_create(pk=1)
        head = LogHead.objects.select_for_update().get(pk=1)
        entries, points = [], []
        for content, record_sha256 in contents:
            made |= merkle.appended(known, head.size, merkle.leaf_hash(content))
            entries.append(LogEntry(index=head.size, content=content, record_sha256=record_sha256, act=act, at=now))
            head.size += 1
            note = log_key().sign(head.size, merkle.root(known, head.size))
            points.append(LogCheckpoint(size=head.size, note=note, at=now))
        LogEntry.objects.bulk_create(entries)
        LogNode.objects.bulk_create([LogNode(place=lv * LEVEL + ix, hash=value) for (lv, ix), value in made.items()])
        LogCheckpoint.objects.bulk_create(points)
        head.save()
    return entries


def nodes(places: Iterable[Place]) -> Mapping[Place, bytes]:
    """Some hashes of the tree."""
    wanted = [level * LEVEL + index for level, index in places]
    found = LogNode.objects.filter(pk__in=wanted).values_list("place", "hash")
    return {divmod(place, LEVEL): bytes(value) for place, value in found}


def size() -> int:
    """The number of entries."""
    head = LogHead.objects.filter(pk=1).first()
    return head.size if head else 0


def checkpoint(entries: int | None = None) -> LogCheckpoint | None:
    """The newest signed checkpoint, or the one at a size; None when there is none."""
    if entries is None:
        return LogCheckpoint.objects.order_by("-size").first()
    return LogCheckpoint.objects.filter(size=entries).first()


def proof(entry: LogEntry, entries: int | None = None) -> dict[str, object]:
    """log.json: proof that the log with `entries` entries (now, when absent) has this one, under a signed checkpoint.

    Raises ValueError when there is no checkpoint at that size.
    """
    point = checkpoint(entries)
    if point is None:
        message = f"there is no checkpoint at {entries} entries"
        raise ValueError(message)
    path = merkle.inclusion(nodes, entry.index, point.size)
    return proof_document(bytes(entry.content), entry.index, path, point.note, log_key().public)


def consistency(old: int, new: int) -> list[bytes]:
    """Proof that the log with `new` entries begins with the one that had `old`. Raises ValueError."""
    if new > size():
        message = f"the log has {size()} entries, not {new}"
        raise ValueError(message)
    return merkle.consistency(nodes, old, new)


def signature_digest(signature: Signature) -> str:
    """SHA-256 in hex of everything a signature says."""
    content: dict[str, object] = {
        "signer": signature.signer_id,
        "meaning": signature.meaning,
        "method": signature.method,
        "record_sha256": signature.digest,
        "statement": signature.statement,
        "signed_at": signature.signed_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
    }
    if signature.proof:
        content["proof"] = signature.proof
    return digest(canonical(content))


def reassessment_digest(judged: Reassessment) -> str:
    """SHA-256 in hex of what a re-assessment says; the same whenever the same was judged."""
    names = ("catalogue_version", "engine_version", "outlook", "approach", "product", "summary", "reasons")
    said: dict[str, object] = {name: getattr(judged, name) for name in names}
    return digest(canonical(said | {"record_sha256": judged.record.digest}))
