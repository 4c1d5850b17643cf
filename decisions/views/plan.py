"""The roll-out of a decision: its stages, what the team writes in them, and the pack to take away or to commit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from decisions import rollout
from decisions.access import decision_of, draft_of, may_write, person
from decisions.advisor.case import STAGE_TEXTS, read
from decisions.advisor.pack import PackError, zipped
from decisions.advisor.recommendation import Gate, Stage
from decisions.commits import RepositoryError
from decisions.confirmation import kept_before
from decisions.drafting import Saved, Sheet, save
from decisions.languages import typed as numbers
from decisions.models import ConflictError, Decision, Measurement, Outcome, User
from decisions.remote import Remote, push
from decisions.rollout import Packed

CHECKS_SHOWN = 100
LABELS = {
    "what": "What changes",
    "gate": "Go on when",
    "stop": "Go back when",
    "decides": "Who decides to go back",
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
class Limit:
    """The limit of a gate that the team may set itself; `text` is what stands in its field."""

    gate: Gate
    text: str
    generated: float

    @property
    def changed(self) -> bool:
        """Whether it is the team's own."""
        return self.gate.threshold != self.generated


@dataclass(frozen=True, kw_only=True)
class Line:
    """A stage as the page shows it."""

    stage: Stage
    words: tuple[Words, ...]
    limits: tuple[Limit, ...]
    files: tuple[str, ...]
    place: str = ""
    checks: tuple[Outcome, ...] = ()
    """What checks of this stage came to, the newest first."""

    @property
    def orderly(self) -> bool:
        """Whether the team may choose its place: small measures do not lean on each other."""
        return self.stage.id.startswith("fix-")


@sensitive_post_parameters("token")
def plan(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """The stages with their files; in a draft they can be written, a finished one can be given to Git."""
    user = person(request)
    if request.method == "POST":
        decision = draft_of(user, organisation, number)
        act = {"names": _name, "take": _take, "commit": _commit, "push": _push}.get(request.POST.get("act", ""), _write)
        return act(request, user, decision)
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
    lines = stage_lines(packed, request.POST if problem and open_stage else {}, open_stage) if packed else []
    checks = _checks(decision)
    writes = may_write(user, decision)
    context: dict[str, Any] = {
        "decision": decision,
        "packed": packed,
        "late": packed.late if packed else "",
        "in_time": packed.in_time if packed else "",
        "lines": [replace(one, checks=tuple(checks.pop(one.stage.number, ()))) for one in lines],
        "elsewhere": [one for kept in checks.values() for one in kept],
        "listed": _with_names(decision) if writes and decision.is_draft else [],
        "editable": writes and decision.is_draft,
        "repositories": rollout.repositories(decision) if writes else [],
        "branch": request.POST.get("branch", "") or f"rollout/{decision.number.lower()}",
        "writes": writes,
        "typed": {name: request.POST.get(name, "") for name in ("address", "username", "authority")},
        "record": None if decision.is_draft else decision.newest_record(),
        "names": request.POST.get("names", "") or _lines_of(decision),
        "problem": problem,
        "open_stage": open_stage,
        "step": decision.address("step", 5) if decision.is_draft else "",
    }
    return render(request, "plan/plan.html", context, status=status)


def _checks(decision: Decision) -> dict[int, list[Outcome]]:
    """The kept checks by the number of their stage, the newest first; a draft has none."""
    found: dict[int, list[Outcome]] = {}
    if not decision.is_draft:
        kept = Outcome.objects.filter(record__decision=decision).order_by("-kept_at", "-pk")
        for one in kept.only("number", "stage", "verdict", "kept_at")[:CHECKS_SHOWN]:
            found.setdefault(one.stage, []).append(one)
    return found


def stage_lines(packed: Packed, typed: Any = None, open_stage: str = "") -> list[Line]:
    """The stages as the page and step 5 show them; `typed` is what stands in the fields of the open stage."""
    found, typed = [], typed or {}
    generated = {one.id: one for one in packed.generated}
    for stage in packed.recommendation.plan:
        plain = generated[stage.id]
        folder = f"{stage.number:02d}-{stage.id}/"
        words = tuple(
            Words(
                name=name,
                label=LABELS[name],
                text=typed.get(name, getattr(stage, name)) if stage.id == open_stage else getattr(stage, name),
                generated=getattr(plain, name),
            )
            for name in STAGE_TEXTS
        )
        own = tuple(
            Limit(
                gate=gate,
                text=_in_field(typed if stage.id == open_stage else {}, gate),
                generated=before.threshold,
            )
            for gate, before in zip(stage.gates, plain.gates, strict=True)
            if before.threshold is not None and gate.threshold is not None
        )
        files = tuple(path.removeprefix(folder) for path in sorted(packed.files) if path.startswith(folder))
        place = packed.places.get(stage.id, "")
        if stage.id == open_stage:
            place = typed.get("place", place)
        found.append(Line(stage=stage, words=words, limits=own, files=files, place=place))
    return found


def _in_field(typed: Any, gate: Gate) -> str:
    """What stands in the field of a limit."""
    given: str = typed.get(f"limit.{gate.id}", numbers.NumberField().prepare_value(float(f"{gate.threshold:.10g}")))
    return given


def _listed(text: str) -> list[dict[str, object]]:
    """Namespaces from lines like "shop [istio-injection=enabled]: cart 8080, web 80"; the case says what is wrong.

    A port that is no number stays a text, which the case refuses in words.
    """
    found: list[dict[str, object]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _, rest = line.partition(":")
        services: list[dict[str, object]] = []
        for one in filter(None, map(str.strip, rest.split(","))):
            service, _, port = one.partition(" ")
            number = int(port) if port.isdecimal() and len(port) < 6 else port
            services.append({"name": service, "port": number})
        name, _, marked = name.partition("[")
        pairs = (one.partition("=") for one in marked.replace("]", "").split(",") if one.strip())
        marks = {key.strip(): value.strip() for key, _, value in pairs}
        found.append({"name": name.strip(), "services": services} | ({"marks": marks} if marks else {}))
    return found


def _with_names(decision: Decision) -> list[Measurement]:
    """The cluster lists of the baseline that name namespaces."""
    return [one for one in kept_before(decision) if one.figures.get("places")]


def _take(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    """Take the names from a cluster list that was read in step 2."""
    chosen = next((one for one in _with_names(decision) if str(one.pk) == request.POST.get("measurement", "")), None)
    if chosen is None:
        return _page(request, decision, problem="This cluster list is not there any more. Look again.", status=422)
    return _keep_names(request, user, decision, chosen.figures["places"])


def _name(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    """Keep the names of namespaces and services that the files are written for."""
    return _keep_names(request, user, decision, _listed(request.POST.get("names", "")[:50_000]))


def _keep_names(request: HttpRequest, user: User, decision: Decision, names: Sequence[object]) -> HttpResponse:
    sheet = Sheet(user=user, seen=decision.version, now=timezone.now())
    try:
        saved = save(decision, sheet, {"namespaces": list(names) or None})
    except ConflictError:
        messages.warning(request, f"{decision.number} is no draft any more; its names cannot change.")
        return redirect(decision.address("plan"))
    if saved.problems:
        problem = " ".join(f"{one.path}: {one.text}." for one in saved.problems)
        return _page(request, decision, problem=problem, status=422)
    messages.success(request, "The files are written for these names." if saved.changed else "Nothing was changed.")
    return redirect(decision.address("plan"))


def _lines_of(decision: Decision) -> str:
    """The names of the case, in their order, as lines to change."""
    case = read(decision.case)
    return "\n".join(
        f"{name}{_marked(case.marks.get(name, {}))}: {', '.join(f'{one} {port}' for one, port in services.items())}"
        for name, services in case.namespaces.items()
    )


def _marked(marks: Mapping[str, str]) -> str:
    return f" [{', '.join(f'{key}={value}' for key, value in marks.items())}]" if marks else ""


def _write(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    """Keep what the team wrote for one stage; a text that is the generated one is none of theirs."""
    if not decision.is_draft:
        messages.warning(request, f"{decision.number} is no draft any more; its stages cannot change.")
        return redirect(decision.address("plan"))
    packed = rollout.pack_of(decision)
    plain = next((one for one in packed.generated if one.id == request.POST.get("stage", "")), None)
    if plain is None:
        return _page(request, decision, problem="The plan has no such stage any more. Look at it again.", status=422)
    answers: dict[str, object] = {f"stages.{plain.id}.{name}": text for name, text in _typed(request, plain).items()}
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
    back = decision.address("step", 5) if request.POST.get("from") == "step" else decision.address("plan")
    return redirect(f"{back}#stage-{plain.id}")


def _typed(request: HttpRequest, plain: Stage) -> dict[str, str | None]:
    """What was typed for a stage, field by field; None where it is what is generated."""
    found: dict[str, str | None] = {}
    for name in STAGE_TEXTS:
        text = " ".join(request.POST.get(name, "").split())
        found[name] = None if text in {"", " ".join(getattr(plain, name).split())} else text
    own = []
    for gate in plain.gates:
        text = _in_digits(request.POST.get(f"limit.{gate.id}", ""))
        if gate.threshold is not None and text and text != f"{gate.threshold:.10g}":
            own.append(f"{gate.id} {text}")
    return found | {"limits": ", ".join(own) or None, "place": request.POST.get("place", "").strip() or None}


def _in_digits(text: str) -> str:
    # What can be read in two ways stays as it was typed, and is refused as no limit.
    try:
        return numbers.plain(text, whole=False)
    except ValidationError:
        return text.strip()


def _push(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    """Push to a repository elsewhere; the token is used once, kept nowhere and never sent back to the page."""
    given = {name: request.POST.get(name, "").strip()[:4000] for name in ("address", "branch", "username", "authority")}
    remote = Remote(**given, token=request.POST.get("token", "").strip()[:4000])
    try:
        made = push(decision, user, remote)
    except (RepositoryError, PackError) as error:
        return _page(request, decision, problem=str(error), status=422)
    messages.success(request, f"The pack is commit {made[:12]} on {remote.branch}, pushed. The token was not kept.")
    return redirect(decision.address("plan"))


def _commit(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    branch = request.POST.get("branch", "").strip()
    try:
        made = rollout.commit(decision, user, request.POST.get("repository", ""), branch)
    except (RepositoryError, PackError) as error:
        return _page(request, decision, problem=str(error), status=422)
    messages.success(request, f"The pack is commit {made[:12]} on {branch}.")
    return redirect(decision.address("plan"))
