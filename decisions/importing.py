"""The way of other people's records: uploaded, looked at, and kept as they are, or thrown away."""

import datetime as dt
import io
import posixpath
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from decisions.intake import adr
from decisions.models import Event, ImportDraft, ImportedRecord, Team, User

MAX_UPLOAD = 32 * 1024 * 1024
DRAFTS_KEPT = 3
"""Uploads of one person that wait for a decision; older ones make room."""


def take(user: User, team: Team, files: Sequence[tuple[str, bytes]], now: dt.datetime) -> ImportDraft:
    """Keep an upload until its owner has looked at it. Raises OriginError for what holds no texts or cannot be read."""
    texts: dict[str, adr.File] = {}
    for name, data in files:
        inner = (
            adr.files_in_zip(data)
            if data[:4] == b"PK\x03\x04"
            else (adr.File(path=posixpath.basename(name), data=data),)
        )
        texts |= {file.path: file for file in inner}
    if not any(one.decision.kind is adr.Kind.ADR for one in adr.read(texts.values())):
        message = "There is no decision record in it: expected Markdown, reStructuredText or AsciiDoc, or a zip."
        raise adr.OriginError(message)
    with transaction.atomic():
        draft = ImportDraft.objects.create(
            user=user, team=team, name=files[0][0][-200:], archive=_packed(texts.values()), uploaded_at=now
        )
        kept = ImportDraft.objects.of(user).order_by("-uploaded_at", "-pk").values_list("pk", flat=True)[:DRAFTS_KEPT]
        ImportDraft.objects.of(user).exclude(pk__in=list(kept)).delete()
    return draft


def _packed(files: Iterable[adr.File]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.writestr(file.path, file.data)
    return data.getvalue()


def looked_at(draft: ImportDraft) -> tuple[tuple[adr.File, ...], tuple[adr.Entry, ...]]:
    """The files of an upload, and what they say."""
    files = adr.files_in_zip(bytes(draft.archive))
    return files, adr.read(files)


def keep(draft: ImportDraft, user: User, now: dt.datetime) -> tuple[int, int]:
    """Keep the records of an upload; (how many are new, how many were here already, byte for byte).

    Templates, indexes and other texts are left out.
    """
    files, entries = looked_at(draft)
    with transaction.atomic():
        kept = bring(Source(team=draft.team, name=draft.name, user=user), files, entries, now)
        draft.delete()
    return kept


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where records come from and who takes them in for which team."""

    team: Team
    name: str
    user: User


def bring(source: Source, files: Iterable[adr.File], entries: Sequence[adr.Entry], now: dt.datetime) -> tuple[int, int]:
    """Keep the records among the entries; (how many are new, how many were here already, byte for byte).

    A file that changed since is kept beside what it was. Where nothing is new, nothing is written.
    """
    contents = {file.path: file.data for file in files}
    here = set(ImportedRecord.objects.filter(team=source.team).values_list("path", "sha256"))
    found = [one for one in entries if one.decision.kind is adr.Kind.ADR]
    new = [one for one in found if (one.decision.file[-500:], one.decision.sha256) not in here]
    if new:
        with transaction.atomic():
            rows = [_row(one, contents[one.decision.file], source, now) for one in new]
            ImportedRecord.objects.bulk_create(rows, batch_size=200)
            Event.objects.create(
                organisation_id=source.team.organisation_id,
                actor=source.user,
                act="imported",
                detail={"team": source.team.name, "source": source.name, "records": len(new)},
                at=now,
            )
    return len(new), len(found) - len(new)


def _row(entry: adr.Entry, content: bytes, source: Source, now: dt.datetime) -> ImportedRecord:
    one = entry.decision
    return ImportedRecord(
        team=source.team,
        source=source.name,
        path=one.file[-500:],
        content=content,
        sha256=one.sha256,
        title=one.title[:500],
        number=one.number,
        claimed_status=(one.status or "")[:60],
        claimed_date=one.date or "",
        relations={"superseded_by": list(entry.superseded_by), "supersedes": list(entry.supersedes)},
        problems=list(entry.problems)[:50],
        imported_by=source.user,
        imported_at=now,
    )
