"""The log for outsiders, without an account: its newest checkpoint, its key, and proofs of what it holds."""

import base64

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from decisions import journal
from decisions.models import LogCheckpoint, LogEntry
from decisions.signing.checkpoint import CheckpointError, read
from decisions.signing.merkle import root

SHOWN = 12
LONGEST_NOTE = 8_000
"""Characters: a checkpoint with some hundred witnesses under it."""


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def log(request: HttpRequest) -> HttpResponse:
    """What the log is, its newest checkpoint, and whether it still holds what a kept checkpoint says."""
    note = request.POST.get("checkpoint", "").replace("\r\n", "\n")[:LONGEST_NOTE]
    headline, tone, said = _compared(note) if request.method == "POST" else ("", "", "")
    newest = journal.checkpoint()
    page = {
        "newest": newest,
        "key": journal.log_key().public,
        "entries": LogEntry.objects.order_by("-index")[:SHOWN],
        "note": note,
        "headline": headline,
        "tone": tone,
        "said": said,
    }
    return render(request, "log/log.html", page, status=422 if tone == "partly" else 200)


def _compared(note: str) -> tuple[str, str, str]:
    """Headline, look of the box and sentence for a checkpoint that somebody kept."""
    try:
        point = read(note.strip() + "\n", journal.log_key().public)
    except CheckpointError as error:
        return "This cannot be compared", "partly", f"{str(error)[:1].upper()}{str(error)[1:]}."
    size = journal.size()
    if point.size > size:
        return "Entries were removed", "failed", f"It was signed over {point.size} entries; the log has {size} now."
    if root(journal.nodes, point.size) != point.root:
        said = f"Over the first {point.size} entries the log has another root now than when it was signed."
        return "The log was rewritten", "failed", said
    added = size - point.size
    said = f"Its {point.size} entries are the first of today's log, unchanged; {added or 'none'} came after them."
    return "The log only grew", "", said


@login_not_required
@require_safe
def checkpoint(request: HttpRequest, size: int | None = None) -> HttpResponse:
    """The newest signed checkpoint, or the one at a size, as text."""
    found = journal.checkpoint(size)
    if found is None:
        return _text("There is no checkpoint at this size.\n", 404)
    return _text(found.note)


@login_not_required
@require_safe
def key(request: HttpRequest) -> HttpResponse:
    """The verification key of the log, as text."""
    return _text(journal.log_key().public + "\n")


@login_not_required
@require_safe
def consistency(request: HttpRequest, old: int, new: int) -> HttpResponse:
    """The proof that the log of `new` entries begins with the one of `old`, with both checkpoints, as JSON."""
    try:
        proof = journal.consistency(old, new)
    except ValueError as error:
        return JsonResponse({"title": f"{str(error)[:1].upper()}{str(error)[1:]}."}, status=404)
    notes = dict(LogCheckpoint.objects.filter(size__in=(old, new)).values_list("size", "note"))
    return JsonResponse(
        {
            "old": old,
            "new": new,
            "old_checkpoint": notes.get(old),
            "new_checkpoint": notes.get(new),
            "proof": [base64.b64encode(one).decode() for one in proof],
        }
    )


@login_not_required
@require_safe
def inclusion(request: HttpRequest, digest: str) -> HttpResponse:
    """Proofs of everything the log holds about a record, under the newest checkpoint, as JSON.

    Whoever knows the digest has the record.
    """
    entries = LogEntry.objects.filter(record_sha256=digest.lower())[:100]
    found = [journal.proof(one) for one in entries]
    if not found:
        return JsonResponse({"title": "The log holds nothing about a record with this digest."}, status=404)
    return JsonResponse({"record_sha256": digest.lower(), "proofs": found})


def _text(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=status)
