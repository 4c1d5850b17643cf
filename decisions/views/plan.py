"""The roll-out of a decision: its stages, what the team writes in them, and the pack to take away or to commit."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from decisions import rollout
from decisions.access import decision_of, draft_of, may_write, person
from decisions.advisor.case import STAGE_FIELDS
from decisions.advisor.pack import PackError, zipped
from decisions.advisor.recommendation import Stage
from decisions.drafting import Saved, Sheet, save
from decisions.models import ConflictError, Decision, User
from decisions.rollout import Packed, RepositoryError

LABELS = {
    "what": "What changes",
    "gate": "Go on when",
    "stop": "Go back when",
    "rollback": "The way back",
    "proof": "Proof for the auditor",
}


@dataclass(frozen=True, kw_only=True)
class Words:
    """One text of a stage that the team may write itself."""

    name: str
    label: str
    text: str
    generated: str

    @property
    def changed(self) -> bool:
        """Whether it is the team's own."""
        return self.text != self.generated


@dataclass(frozen=True, kw_only=True)
class Line:
    """A stage as the page shows it."""

    stage: Stage
    words: tuple[Words, ...]
    files: tuple[str, ...]


def plan(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """The stages with their files; in a draft they can be written, a finished one can be given to Git."""
    user = person(request)
    if request.method == "POST":
        decision = draft_of(user, organisation, number)
        if request.POST.get("act") == "names":
            return _name(request, user, decision)
        return (
            _commit(request, user, decision) if request.POST.get("act") == "commit" else _write(request, user, decision)
        )
    return _page(request, decision_of(user, organisation, number))


@require_safe
def pack(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """The pack as one zip file: the same answers give the same bytes."""
    decision = decision_of(person(request), organisation, number)
    try:
        content = zipped(rollout.pack_of(decision).files, f"{decision.number}-rollout")
    except PackError as error:
        return _page(request, decision, problem=str(error), status=422)
    response = HttpResponse(content, content_type="application/zip")
    name = f"{decision.number}-rollout.zip"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _page(
    request: HttpRequest, decision: Decision, *, problem: str = "", status: int = 200, open_stage: str = ""
) -> HttpResponse:
    user = person(request)
    try:
        packed = rollout.pack_of(decision)
    except PackError as error:
        packed, problem, status = None, problem or str(error), 422
    writes = may_write(user, decision)
    context: dict[str, Any] = {
        "decision": decision,
        "packed": packed,
        "lines": _lines(packed, request.POST if problem and open_stage else {}, open_stage) if packed else [],
        "editable": writes and decision.is_draft,
        "repositories": rollout.repositories(decision) if writes else [],
        "branch": request.POST.get("branch", "") or f"rollout/{decision.number.lower()}",
        "record": None if decision.is_draft else decision.newest_record(),
        "names": request.POST.get("names", "") or _lines_of(decision),
        "problem": problem,
        "open_stage": open_stage,
        "step": decision.address("step", 5) if decision.is_draft else "",
    }
    return render(request, "plan/plan.html", context, status=status)


def _lines(packed: Packed, typed: Any, open_stage: str) -> list[Line]:
    found = []
    for stage, plain in zip(packed.recommendation.plan, packed.generated, strict=True):
        folder = f"{stage.number:02d}-{stage.id}/"
        words = tuple(
            Words(
                name=name,
                label=LABELS[name],
                text=typed.get(name, getattr(stage, name)) if stage.id == open_stage else getattr(stage, name),
                generated=getattr(plain, name),
            )
            for name in STAGE_FIELDS
        )
        files = tuple(path.removeprefix(folder) for path in sorted(packed.files) if path.startswith(folder))
        found.append(Line(stage=stage, words=words, files=files))
    return found


def _listed(text: str) -> dict[str, object]:
    """Namespaces with their services from lines like "shop: cart 8080, web 80"; the case says what is wrong with them.

    A port that is no number stays a text, which the case refuses in words.
    """
    found: dict[str, object] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, rest = line.partition(":")
        services: dict[str, object] = {}
        for one in filter(None, map(str.strip, rest.split(","))):
            service, _, port = one.partition(" ")
            services[service] = int(port) if port.isdecimal() and len(port) < 6 else port
        found[name.strip()] = services
    return found


def _name(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    """Keep the names of namespaces and services that the files are written for."""
    sheet = Sheet(user=user, seen=decision.version, now=timezone.now())
    try:
        saved = save(decision, sheet, {"namespaces": _listed(request.POST.get("names", "")[:50_000]) or None})
    except ConflictError:
        messages.warning(request, f"{decision.number} is no draft any more; its names cannot change.")
        return redirect(decision.address("plan"))
    if saved.problems:
        problem = " ".join(f"{one.path}: {one.text}." for one in saved.problems)
        return _page(request, decision, problem=problem, status=422)
    messages.success(request, "The files are written for these names." if saved.changed else "Nothing was changed.")
    return redirect(decision.address("plan"))


def _lines_of(decision: Decision) -> str:
    """The names of the case, by name, as lines to change."""
    return "\n".join(
        f"{name}: {', '.join(f'{service} {port}' for service, port in sorted(services.items()))}"
        for name, services in sorted(decision.case.get("namespaces", {}).items())
    )


def _write(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    """Keep what the team wrote for one stage; a text that is the generated one is none of theirs."""
    if not decision.is_draft:
        messages.warning(request, f"{decision.number} is no draft any more; its stages cannot change.")
        return redirect(decision.address("plan"))
    packed = rollout.pack_of(decision)
    plain = next((one for one in packed.generated if one.id == request.POST.get("stage", "")), None)
    if plain is None:
        return _page(request, decision, problem="The plan has no such stage any more. Look at it again.", status=422)
    answers: dict[str, object] = {}
    for name in STAGE_FIELDS:
        text = " ".join(request.POST.get(name, "").split())
        answers[f"stages.{plain.id}.{name}"] = None if text in {"", " ".join(getattr(plain, name).split())} else text
    seen = request.POST.get("version", "")
    sheet = Sheet(user=user, seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0, now=timezone.now())
    try:
        saved: Saved = save(decision, sheet, answers)
    except ConflictError:
        messages.warning(request, f"{decision.number} is no draft any more; its stages cannot change.")
        return redirect(decision.address("plan"))
    if saved.clashes:
        who = saved.clashes[0].by
        problem = f"{who} wrote this stage meanwhile. Below is what you typed; saving again keeps it."
        return _page(request, decision, problem=problem, status=409, open_stage=plain.id)
    if saved.problems:
        problem = " ".join(one.text for one in saved.problems)
        return _page(request, decision, problem=problem, status=422, open_stage=plain.id)
    messages.success(request, f"Stage {plain.id} is saved." if saved.changed else "Nothing was changed.")
    return redirect(f"{decision.address('plan')}#stage-{plain.id}")


def _commit(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    branch = request.POST.get("branch", "").strip()
    try:
        made = rollout.commit(decision, user, request.POST.get("repository", ""), branch)
    except (RepositoryError, PackError) as error:
        return _page(request, decision, problem=str(error), status=422)
    messages.success(request, f"The pack is commit {made[:12]} on {branch}.")
    return redirect(decision.address("plan"))
