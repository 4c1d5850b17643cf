"""The wizard: the list of tasks and the five steps, saved as they are answered."""

import json
import secrets
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from decisions.access import acts, decision_of, draft_of, person
from decisions.advice import advise, glance
from decisions.advisor.case import Case
from decisions.advisor.pack import PackError
from decisions.advisor.questionnaire import STEPS, Step, first_open, question_at
from decisions.advisor.understood import understood
from decisions.drafting import Saved, Sheet, foresee, save
from decisions.forms import CLEAR, Input, StepForm
from decisions.languages.moulds import translated
from decisions.measuring import earlier
from decisions.models import ConflictError, Decision, User
from decisions.rollout import pack_of
from decisions.views import rest
from decisions.views.panel import LATER, Move, changes, changes_part, frame, last_move, link_to, move_of
from decisions.views.parts import SHOWN, Part, changed
from decisions.views.plan import Line, stage_lines

PLAN = "incremental"
MEASURE = "measure"
"""The step that shows the stages."""
REFUSED = "refused"
"""The mark of the list of what was refused: a save renews it, or takes it away, on a page that came with one."""
RESOLVED = "resolve:"
"""Prefix of the radio buttons that settle a clash; their value is mine or theirs."""


def tasks(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """The list of tasks: what each step gave so far."""
    user = person(request)
    decision = decision_of(user, organisation, number)
    if not decision.is_draft:
        return redirect(decision)
    advice = advise(decision.judged)
    following = first_open(advice.case)
    link = link_to(decision, advice.case, following.fields[0].path) if following else None
    context = {"acts": acts(user, decision), "open": following, "open_address": link.address if link else ""}
    return render(request, "wizard/tasks.html", frame(decision, advice, move=last_move(decision)) | context)


def step(request: HttpRequest, organisation: str, number: str, place: int) -> HttpResponse:
    """One step: its questions, and beside them what is recommended so far."""
    user = person(request)
    decision = draft_of(user, organisation, number)
    if not 1 <= place <= len(STEPS):
        raise Http404
    if not decision.is_draft:
        return _too_late(request, decision)
    chosen = STEPS[place - 1]
    if request.method == "POST" and rest.BACK in request.POST:
        return _take_back(request, user, decision, chosen)
    if request.method == "POST":
        return _save(request, user, decision, chosen)
    return _page(request, decision, StepForm(chosen, advise(decision.judged).case))


def flips(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """What would change the answer: asked for by a panel that was renewed without it, since it takes the longest."""
    decision = draft_of(person(request), organisation, number)
    if not request.headers.get("HX-Request"):
        return redirect(decision.address("tasks"))
    return HttpResponse(changes_part(changes(decision, advise(decision.judged))).html)


@require_POST
def ahead(request: HttpRequest, organisation: str, number: str, place: int) -> HttpResponse:
    """What the page of a step would show, were the posted answers saved; nothing is written.

    Asked for while a person looks at a question, so that the choice finds its answer judged (`static/app.js`). 204
    where a save would refuse something or ask about it: that is for the save to say.
    """
    user = person(request)
    decision = draft_of(user, organisation, number)
    if not 1 <= place <= len(STEPS):
        raise Http404
    chosen = STEPS[place - 1]
    if not decision.is_draft or any(key.startswith(RESOLVED) for key in request.POST):
        return HttpResponse(status=204)
    form = StepForm(chosen, glance(decision.judged).case, request.POST)
    answers = form.answers()
    found = None if form.problems else foresee(decision, _sheet(request, user), answers)
    if found is None:
        return HttpResponse(status=204)
    frame_ = frame(decision, found.advice, place, Move(label=found.label, moved=found.moved))
    shown = (LATER if part.id == LATER.id else part for part in cast("tuple[Part, ...]", frame_["parts"]))
    return HttpResponse("".join(part.html for part in changed(shown, _has(request))))


def _sheet(request: HttpRequest, user: User, settled: frozenset[str] = frozenset()) -> Sheet:
    page = request.POST.get("page", "")[:40]
    return Sheet(user=user, seen=_seen(request), now=timezone.now(), page=page, settled=settled)


def _save(request: HttpRequest, user: User, decision: Decision, chosen: Step) -> HttpResponse:
    before = StepForm(chosen, glance(decision.judged).case, request.POST)
    answers = before.answers()
    choices = {key.removeprefix(RESOLVED): request.POST.get(key) for key in request.POST if key.startswith(RESOLVED)}
    answers = {path: value for path, value in answers.items() if choices.get(path) != "theirs"}
    full = rest.filled(answers, request.POST) if chosen.slug == rest.STEP else answers
    sheet = _sheet(request, user, frozenset(path for path, one in choices.items() if one == "mine"))
    try:
        saved = save(decision, sheet, full)
    except ConflictError:
        return _too_late(request, decision)
    after = StepForm(chosen, glance(decision.judged).case, request.POST)
    after.problems = before.problems
    after.add(saved)
    if request.headers.get("HX-Request"):
        return _saved(request, decision, after, saved, before.case)
    if saved.clashes or after.problems:
        return _page(request, decision, after, saved)
    if full != answers:
        sorted_ones = ".".join(path.split(".")[1] for path in full if full[path] != answers[path])
        return redirect(f"{decision.address('step', chosen.number)}?{rest.ALL}={sorted_ones}")
    return _onward(request, decision, before, after)


def _take_back(request: HttpRequest, user: User, decision: Decision, chosen: Step) -> HttpResponse:
    """Open again what was marked as not needed in one go."""
    sheet = Sheet(user=user, seen=decision.version, now=timezone.now())
    taken = rest.named(request.POST[rest.BACK], glance(decision.judged).case)
    try:
        save(decision, sheet, rest.taken_back(taken))
    except ConflictError:
        return _too_late(request, decision)
    return redirect(decision.address("step", chosen.number))


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _page(request: HttpRequest, decision: Decision, form: StepForm, saved: Saved | None = None) -> HttpResponse:
    """The whole page. After a clash it stays the page that was posted: same version, same token."""
    clashing = saved is not None and bool(saved.clashes)
    context = {
        "form": form,
        "step": form.step,
        "ahead": decision.address("ahead", form.step.number),
        "clashes": form.clashes,
        "refused": REFUSED,
        "version": _seen(request) if clashing else decision.version,
        "page": request.POST.get("page", "") if clashing else secrets.token_urlsafe(9),
    }
    if form.step.slug == rest.STEP:
        sorted_ones = rest.named(request.GET.get(rest.ALL, ""), form.case)
        context |= {"sorted": ".".join(sorted_ones), "nouns": rest.nouns(sorted_ones)}
    if form.step.slug == PLAN:
        context |= _stages(decision)
    if form.step.slug == MEASURE:
        context["earlier"] = bool(earlier(person(request), decision))
    frame_ = frame(decision, advise(decision.judged), form.step.number, last_move(decision))
    status = 409 if clashing else 422 if form.problems else 200
    return render(request, "wizard/step.html", frame_ | context, status=status)


def _stages(decision: Decision) -> dict[str, list[Line] | str]:
    """The stages so far, to be changed on the page; none while a name in the case fits no file."""
    try:
        packed = pack_of(decision)
    except PackError:
        return {}
    return {"lines": stage_lines(packed), "late": packed.late, "in_time": packed.in_time}


def _saved(request: HttpRequest, decision: Decision, form: StepForm, saved: Saved, before: Case) -> HttpResponse:
    """What changed on the page: save state, panel, list of steps, errors, clashes. The questions stay untouched."""
    # A page that showed answers ahead and has them refused gets back what stands, with the sentence of the last save.
    move = move_of(saved.event) if saved.event else last_move(decision)
    frame_ = frame(decision, glance(decision.judged), form.step.number, move)
    parts, has = cast("tuple[Part, ...]", frame_["parts"]), _has(request)
    if not saved.changed and LATER.mark not in has:
        parts = tuple(part for part in parts if part.id != LATER.id)
    context = {"form": form, "step": form.step, "clashes": form.clashes, "saved": saved}
    context |= {"renewed": list(changed(parts, has)), "refused": REFUSED if REFUSED in has else ""}
    context["typed_over"] = _typed_over(form, saved, before)
    context["remarked"] = _remarked(form, saved, before)
    status = 409 if saved.clashes else 422 if form.problems else 200
    response = render(request, "wizard/saved.html", frame_ | context, status=status)
    problems = {path: translated(text) for path, text in form.problems.items()}
    response.headers["HX-Trigger"] = json.dumps({"kept": {"applying": form.applying(), "problems": problems}})
    return response


def _typed_over(form: StepForm, saved: Saved, before: Case) -> list[str]:
    """The ids of the fields on the page whose answer came from elsewhere and is a person's own now."""
    gone = set(saved.changed) & set(before.provenance) - set(form.case.provenance)
    return [one.id for asked in form.asked() for one in asked.inputs if one.field.path in gone]


def _remarked(form: StepForm, saved: Saved, before: Case) -> list[Input]:
    """The fields of which something else is said now, or of which it may be: one answer is read beside another."""
    inputs = (one for asked in form.asked() for one in asked.inputs if one.understood is not None)
    return [
        one for one in inputs if one.field.path in saved.changed or one.understood != understood(before, one.field.path)
    ]


def _has(request: HttpRequest) -> list[str]:
    return request.headers.get(SHOWN, "").split()


def _onward(request: HttpRequest, decision: Decision, before: StepForm, after: StepForm) -> HttpResponse:
    here = decision.address("step", after.step.number)
    if any(key.startswith(RESOLVED) for key in request.POST):
        return redirect(here)
    if cleared := question_at(request.POST.get(CLEAR, "")):
        return redirect(f"{here}#{cleared.anchor}")
    if "exit" in request.POST:
        return redirect(decision.address("tasks"))
    applied = set(before.applying())
    fresh = [anchor for key, anchor in after.to_answer().items() if key not in applied]
    if fresh:
        messages.info(request, "Saved. With these answers another question applies.")
        return redirect(f"{here}#{fresh[0]}")
    following = after.step.number + 1
    return redirect(decision.address("step", following) if following <= len(STEPS) else decision.address("sign"))


def _too_late(request: HttpRequest, decision: Decision) -> HttpResponse:
    decision.refresh_from_db()
    state = decision.get_status_display().lower()
    who = f" ({decision.changed_by.name})" if decision.changed_by else ""
    text = f"{decision.number} is {state} now{who}; its answers cannot change any more."
    if request.headers.get("HX-Request"):
        return render(request, "wizard/too_late.html", {"decision": decision, "text": text}, status=409)
    messages.warning(request, text)
    return redirect(decision)
