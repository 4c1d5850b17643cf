"""Files that come with a request, and those that wait to be read."""

import datetime as dt
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from decisions.measuring import NAME_LENGTH
from decisions.models import Decision, Progress, Upload, User

PASTED = "pasted text"
SLOW = dt.timedelta(seconds=20)
"""An upload that waits longer has nobody who reads it."""


def uploaded(request: HttpRequest) -> tuple[list[tuple[str, Any]], list[str]]:
    """The files and the pasted text that may be read, as (name, content), and the names of files that are too large."""
    files: list[tuple[str, Any]] = []
    refused = []
    for one in request.FILES.getlist("files"):
        name = (one.name or "file")[-NAME_LENGTH:]
        if (one.size or 0) > settings.UPLOAD_MAX_BYTES:
            refused.append(name)
        else:
            files.append((name, one.file))
    if pasted := request.POST.get("pasted", "").strip():
        files.append((PASTED, BytesIO(pasted.encode())))
    return files, refused


def own_uploads(user: User, decision: Decision) -> QuerySet[Upload]:
    """What this person sent for this decision and has not kept yet: nobody else is shown it before that."""
    return decision.uploads.filter(sent_by=user)


def number_in(text: str) -> int:
    """A row's number as a page sends it; 0, which no row has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else 0


def is_stuck(upload: Upload) -> bool:
    """Whether no worker takes it up."""
    return upload.status == Progress.WAITING and timezone.now() - upload.sent_at > SLOW
