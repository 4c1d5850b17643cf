"""Saying something about a frozen record, and sending it back for changes."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from decisions import remarks
from decisions.access import decision_of, may_write, person
from decisions.models import ConflictError
from decisions.views.decision import page
from decisions.views.review import decider, seen


def comment(request: HttpRequest, organisation: str, number: str, revision: int) -> HttpResponse:
    """Comment on a revision of the record, as a whole or on one section."""
    user = person(request)
    decision = decision_of(user, organisation, number)
    record = get_object_or_404(decision.records, revision=revision)
    if not may_write(user, decision):
        message = f"You can read {decision.number}, but not comment on it. Authors and approvers of its team can."
        raise PermissionDenied(message)
    place = decision.address("revision", revision) if revision != decision.revision else decision.get_absolute_url()
    if request.method != "POST":
        return redirect(f"{place}#comments")
    newest = revision == decision.revision and not decision.is_draft
    try:
        text, section = request.POST.get("text", ""), request.POST.get("section", "")
        remarks.comment(record, user, text, section=section, token=token_of(request), now=timezone.now())
    except remarks.RemarkError as error:
        shown = None if newest else record
        return page(request, decision, record=shown, open_act="comment", problem=str(error), status=422)
    messages.success(request, "Your comment stands beside the record.")
    return redirect(f"{place if newest else decision.address('revision', revision)}#comments")


def changes(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Ask for changes: the record stays, and the author writes the next revision."""
    user, decision = decider(request, organisation, number)
    if request.method != "POST":
        return redirect(f"{decision.address('decision')}#act-changes")
    decision.version = seen(request)
    remark = {"text": request.POST.get("text", ""), "section": request.POST.get("section", "")}
    try:
        remarks.send_back(decision, user, remark, token=token_of(request), now=timezone.now())
    except remarks.RemarkError as error:
        return page(request, decision, open_act="changes", problem=str(error), status=422)
    except ConflictError as error:
        now = decision_of(user, *decision.key)
        return page(request, now, open_act="changes", problem=str(error), status=409)
    said = f"{decision.number} is back with its authors. Revision {decision.revision} stays as it was signed."
    messages.success(request, said)
    return redirect(decision.address("revision", decision.revision))


def token_of(request: HttpRequest) -> uuid.UUID:
    """The token of the form that was sent; a new one when a script sent none."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return uuid.uuid4()
