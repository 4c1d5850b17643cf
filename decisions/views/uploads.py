"""Files that come with a request."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from decisions.measuring import NAME_LENGTH

PASTED = "pasted text"


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
        files.append((PASTED, pasted.encode()))
    return files, refused
