"""What is done with a proposed or finished decision. Whatever is refused keeps what was typed and says why."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from decisions import issue, reassessment
from decisions.access import decision_of, draft_of, person
from decisions.drafting import log
from decisions.models import ConflictError, Decision, KeptError, Membership, Reassessment, Status, User
from decisions.models.decision import KEPT
from decisions.models.people import ADMINISTRATORS, APPROVERS
from decisions.views.decision import page

REASON_LENGTH = 4000
DONE = {"reject": "rejected", "deprecate": "deprecated"}


def reject(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Turn a proposed decision down, with a reason."""
    return with_reason(request, decider(request, organisation, number), "reject", issue.reject)


def deprecate(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Say that an accepted decision holds no longer, with a reason and without a successor."""
    return with_reason(request, decider(request, organisation, number), "deprecate", issue.deprecate)


def withdraw(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Take a proposed decision back to change it; its record stays."""
    user = person(request)
    decision = draft_of(user, organisation, number)
    if request.method != "POST":
        return redirect(f"{decision.address('decision')}#act-withdraw")
    decision.version = seen(request)
    said = f"{decision.number} is a draft again. Revision {decision.revision} stays as it was signed."
    return act(request, decision, "withdraw", lambda: issue.withdraw(decision, user, timezone.now()), said)


def supersede(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Start the decision that will supersede this one, from its answers."""
    user = person(request)
    decision = draft_of(user, organisation, number)
    if request.method != "POST":
        return redirect(f"{decision.address('decision')}#act-supersede")
    try:
        draft = issue.succeed(decision, user, timezone.now())
    except ConflictError as error:
        return page(request, decision, open_act="supersede", problem=str(error), status=409)
    messages.success(request, f"{draft.number} starts from the answers of {decision.number}. Change what is different.")
    return redirect(draft)


@require_POST
def judge_again(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Judge an accepted decision under today's catalogue, at once; the record stays as it was signed."""
    user = person(request)
    decision = decision_of(user, organisation, number)
    if not Membership.objects.allows(
        user, ADMINISTRATORS, organisation=decision.organisation_id, team=decision.team_id
    ):
        message = f"Only administrators of {decision.team} or of the organisation have {decision.number} judged again."
        raise PermissionDenied(message)
    if decision.status != Status.ACCEPTED:
        problem = f"{decision.number} is not accepted, so there is nothing that holds and could be judged again."
        return page(request, decision, problem=problem, status=409)
    reassessment.judge_now([decision.pk])
    judged = Reassessment.objects.filter(record__decision=decision).first()
    if judged is not None:
        messages.success(request, f"Judged under today's catalogue and engine. {judged.label}.")
    return redirect(decision)


def delete(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Delete a draft that nothing leans on; everything else is kept, with the reason said."""
    user = person(request)
    decision = draft_of(user, organisation, number)
    if request.method != "POST":
        kept = Decision.objects.filter(KEPT, pk=decision.pk).exists()
        problem = decision.why_kept() if kept else ""
        return render(
            request, "decision/delete.html", {"decision": decision, "problem": problem}, status=409 if kept else 200
        )
    try:
        with transaction.atomic():
            log(decision, user, "deleted", timezone.now(), number=decision.number, title=decision.title)
            decision.delete()
    except KeptError as error:
        return render(request, "decision/delete.html", {"decision": decision, "problem": error.args[0]}, status=409)
    messages.success(request, f"{decision.number} is deleted.")
    return redirect("decisions")


def with_reason(
    request: HttpRequest, who: tuple[User, Decision], name: str, close: Callable[..., None]
) -> HttpResponse:
    """An act that needs a reason: `name` is reject or deprecate, `close` the function that does it."""
    user, decision = who
    if request.method != "POST":
        return redirect(f"{decision.address('decision')}#act-{name}")
    reason = request.POST.get("reason", "").replace("\r\n", "\n").strip()
    if not reason:
        text = "Say why: whoever finds this decision later has nothing else to go by."
        return page(request, decision, open_act=name, problem=text, status=422)
    if len(reason) > REASON_LENGTH:
        text = f"The reason has {len(reason):,} characters; {REASON_LENGTH:,} is the most that is kept. Shorten it."
        return page(request, decision, open_act=name, problem=text, status=422)
    decision.version = seen(request)
    said = f"{decision.number} is {DONE[name]}. Your reason stands in its history."
    return act(request, decision, name, lambda: close(decision, user, reason, timezone.now()), said)


def act(request: HttpRequest, decision: Decision, name: str, do: Callable[[], object], said: str) -> HttpResponse:
    """Do it and show the decision; when somebody was faster, show what it is now and keep what was typed."""
    try:
        do()
    except ConflictError as error:
        now = decision_of(person(request), *decision.key)
        return page(request, now, open_act=name, problem=str(error), status=409)
    messages.success(request, said)
    return redirect(decision)


def decider(request: HttpRequest, organisation: str, number: str) -> tuple[User, Decision]:
    """The user and the decision; 404 for a stranger, PermissionDenied for somebody who may only read or write it."""
    user = person(request)
    decision = decision_of(user, organisation, number)
    team, whole = decision.team_id, decision.organisation_id
    if not Membership.objects.allows(user, APPROVERS, organisation=whole, team=team):
        message = f"You can read {decision.number}, but not decide it. Approvers of {decision.team} can."
        raise PermissionDenied(message)
    return user, decision


def seen(request: HttpRequest) -> int:
    """The version of the decision that the page showed; 0, which no decision has, when it did not say."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
