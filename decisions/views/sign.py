"""Check and sign: every answer once more, the record as it will be, and the act of proposing it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from decisions import issue
from decisions.access import acts, decision_of, draft_of, person
from decisions.advice import Advice, advise
from decisions.advisor.case import Case, write
from decisions.advisor.questionnaire import STEPS, Question, Step
from decisions.advisor.questions import Field, Need
from decisions.drafting import plain
from decisions.forms import in_words
from decisions.models import ConflictError, Decision
from decisions.rendering import html
from decisions.views.panel import frame, last_move, unsorted

CURRENT = 6
EARLIER = "DR-"
"""How the origin of an answer begins that was taken over from an earlier decision: with its number."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One question with its answers in words, and the way back to it."""

    question: Question
    answers: tuple[tuple[str, str, str], ...]
    """(label, answer in words, the earlier decision it comes from); the label is empty when there is one field."""
    address: str
    demoted: str = ""
    """Why a must-have counts as nice to have."""


def sign(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Check all answers and propose the decision."""
    user = person(request)
    decision = draft_of(user, organisation, number)
    if not decision.is_draft:
        return redirect(decision)
    advice = advise(decision.judged)
    left = unsorted(advice.case)
    problem = ""
    if request.method == "POST":
        if left:
            problem = f"{left} requirements are not sorted yet."
        elif request.POST.get("version") != str(decision.version):
            problem = "The draft was changed since you opened this page. Look at it again, then sign."
        elif "agreed" not in request.POST:
            problem = "Tick the statement: the signature says exactly that."
        else:
            return _propose(request, decision)
    lines = [(step, lines_of(decision, advice, step)) for step in STEPS]
    earlier = Counter(source for _, some in lines for line in some for *_, source in line.answers if source)
    context = {
        "summary": [(step, _told(some)) for step, some in lines],
        "earlier": list(earlier.items()),
        "statement": issue.author_statement(decision),
        "problem": problem,
        "review_months": 0 if advice.case.plan.review_date else decision.organisation.review_months,
        "may": acts(user, decision),
    }
    around = frame(decision, advice, CURRENT, last_move(decision))
    return render(request, "wizard/sign.html", around | context, status=422 if problem else 200)


def _propose(request: HttpRequest, decision: Decision) -> HttpResponse:
    try:
        record = issue.propose(decision, person(request), timezone.now())
    except ConflictError as error:
        messages.warning(request, str(error))
        return redirect(decision.address("sign"))
    messages.success(request, f"{decision.number} is proposed. Its record is frozen and signed: {record.digest[:12]}.")
    return redirect(decision)


def preview(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """The record as it would be if it were proposed now."""
    decision = decision_of(person(request), organisation, number)
    document: dict[str, Any] = issue.document_of(decision, timezone.now())
    context = {"decision": decision, "record": html.render(document), "contents": html.contents(document)}
    return render(request, "wizard/preview.html", context)


def lines_of(decision: Decision, advice: Advice, step: Step) -> list[Line]:
    """The questions of a step that apply, each with what was answered and what became of a must-have."""
    case, document = advice.case, write(advice.case)
    demoted = {one.requirement: one.because for one in advice.recommendation.demoted if not one.kept}
    lines = []
    for question in step.questions(case):
        shown = [(one, plain(document, one.path)) for one in question.shown(case)]
        given = [(one, value) for one, value in shown if value is not None]
        answers = tuple((_label(one, shown), in_words(one.path, value), _earlier(case, one)) for one, value in given)
        address = f"{decision.address('step', step.number)}#{question.anchor}"
        because = demoted.get(question.requirement.id, "") if question.requirement else ""
        lines.append(Line(question=question, answers=answers, address=address, demoted=because))
    return lines


def _earlier(case: Case, field: Field) -> str:
    """The decision an answer was taken over from; empty where it was given here or comes from a file."""
    origin = case.provenance.get(field.path)
    return origin.source if origin and origin.source.startswith(EARLIER) else ""


def _told(lines: list[Line]) -> dict[str, list[Line]]:
    """What was answered stands on the page; what was not, behind its number."""
    return {"said": [one for one in lines if one.answers], "open": [one for one in lines if not one.answers]}


def _label(field: Field, shown: Sequence[object]) -> str:
    """No label where the question says it already: a lone field, and the sorting of a requirement."""
    return "" if len(shown) == 1 or field.of is Need else field.label
