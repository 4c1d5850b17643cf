"""What a draft starts from: one decision or several, and none that goes back to it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from decisions.access import draft_of, person
from decisions.drafting import log
from decisions.models import ConflictError, Decision, Status, Succession, User
from decisions.models.succession import follow

FINISHED = (Status.ACCEPTED, Status.REJECTED, Status.DEPRECATED)


def lineage(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """The predecessors of a draft, to be added and taken away. What was proposed keeps those it was proposed with."""
    user = person(request)
    decision = draft_of(user, organisation, number)
    if not decision.is_draft:
        messages.error(request, f"{decision.number} is no draft any more; its record says what it supersedes.")
        return redirect(decision)
    typed, problem = request.POST.get("number", "").strip().upper()[:20], ""
    if request.method == "POST":
        try:
            said = take_away(decision, user, typed) if "remove" in request.POST else add(decision, user, typed)
        except ConflictError as error:
            problem = str(error)
        else:
            messages.success(request, said)
            return redirect(decision.address("lineage"))
    before = decision.predecessors.order_by("pk")
    context = {"decision": decision, "before": before, "typed": typed, "problem": problem}
    return render(request, "decision/lineage.html", context, status=422 if problem else 200)


def add(decision: Decision, user: User, number: str) -> str:
    """Let the draft start from one more decision. Raises ConflictError with the reason why not."""
    found = None
    if "\x00" not in number:
        reached = Decision.objects.of(user).filter(organisation=decision.organisation_id)
        found = reached.filter(number=number).first()
    if found is None:
        message = (
            f"There is no decision {number or 'without a number'} that you can see. Type a number such as DR-0042."
        )
        raise ConflictError(message)
    if found.status not in FINISHED:
        message = f"{found.number} is {found.get_status_display().lower()}; only finished decisions can be followed."
        raise ConflictError(message)
    follow(decision, found)
    log(decision, user, "follows", timezone.now(), number=found.number)
    return f"{decision.number} follows {found.number}. Once approved, it supersedes it."


def take_away(decision: Decision, user: User, number: str) -> str:
    """Let the draft not start from a decision any more. Raises ConflictError when it does not."""
    gone, _ = Succession.objects.filter(successor=decision, predecessor__number=number).delete()
    if not gone:
        message = f"{decision.number} does not follow {number}."
        raise ConflictError(message)
    log(decision, user, "follows no longer", timezone.now(), number=number)
    return f"{decision.number} does not follow {number} any more."
