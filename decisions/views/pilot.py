"""The check of a stage: measured before and after, what the record projected, and whether to go on."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from decisions import confirmation
from decisions.access import decision_of, draft_of, may_write, person
from decisions.confirmation import CHECKED, NothingToCheckError
from decisions.intake import Kind, read_together
from decisions.languages.typed import plain
from decisions.measuring import packed, repacked
from decisions.models import Collection, Decision, Outcome, Progress, Record, User
from decisions.models.prometheus import OPEN
from decisions.prometheus.collecting import begun
from decisions.prometheus.forms import WindowForm
from decisions.views.judgement import laid_out
from decisions.views.offers import is_part
from decisions.views.uploads import uploaded

SALT = "check of decision {}"
HOURS = 24
MEDIA = {"json": "application/json", "p7m": "application/pkcs7-mime"}


def pilot(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """The checks of a decision's stages, and the form for another one."""
    user = person(request)
    decision = decision_of(user, organisation, number)
    record = decision.newest_record()
    if record is None or decision.is_draft:
        return redirect(decision)
    if request.method != "POST":
        return _page(request, decision, record)
    decision = draft_of(user, organisation, number)
    act = {"keep": _keep, "ask": _ask, "cancel": _cancel}.get(request.POST.get("act", ""), _check)
    try:
        if decision.status not in CHECKED:
            message = f"{decision.number} is {decision.get_status_display().lower()}: its stages are not carried out."
            raise NothingToCheckError(message)
        return act(request, user, decision, record)
    except NothingToCheckError as error:
        return _page(request, decision, record, 422, problem=str(error))
    except signing.BadSignature:
        return _page(request, decision, record, 422, problem="This check is too old to keep. Read the files again.")


def _page(request: HttpRequest, decision: Decision, record: Record, status: int = 200, **context: Any) -> HttpResponse:
    user = person(request)
    document = confirmation.document_of(record)
    tests = confirmation.comparable(confirmation.kept_before(decision))
    run = decision.collections.select_related("connection").first()
    around = {
        "decision": decision,
        "record": record,
        "stages": confirmation.stages(document),
        "tests": tests,
        "others": confirmation.kept_after(decision, user),
        "pods": (document["inputs"]["case"].get("baseline") or {}).get("pods"),
        "outcomes": list(
            Outcome.objects.filter(record__decision=decision).select_related("record").order_by("-kept_at")
        ),
        "run": run,
        "windows": [(one, WindowForm(one)) for one in decision.system.connections.all() if one.found],
        "writes": may_write(user, decision) and decision.status in CHECKED,
        "typed": request.POST,
        "most_mib": settings.UPLOAD_MAX_BYTES // 2**20,
    }
    return render(request, "pilot/pilot.html", around | context, status=status)


def _check(request: HttpRequest, user: User, decision: Decision, record: Record) -> HttpResponse:
    """Judge what was brought and show it; nothing is kept."""
    after, remarks = _after(request, user, decision)
    before = confirmation.before_of(decision, request.POST.get("before", ""))
    stages = confirmation.stages(confirmation.document_of(record))
    stage = next((one for one in stages if str(one.number) == request.POST.get("stage", "")), None)
    if stage is None:
        message = "Say which stage this is a check of."
        raise NothingToCheckError(message)
    document = confirmation.checked(record, stage, before, after, _covered(request))
    token = signing.dumps(document, salt=SALT.format(record.digest), compress=True)
    return _page(request, decision, record, shown=laid_out(document), token=token, remarks=remarks)


def _after(request: HttpRequest, user: User, decision: Decision) -> tuple[list[Mapping[str, Any]], list[str]]:
    """What was measured in the stage: files read now and a kept measurement; and what the files say of themselves."""
    files, refused = uploaded(request)
    if refused:
        message = f"{', '.join(refused)}: larger than {settings.UPLOAD_MAX_BYTES // 2**20} MiB."
        raise NothingToCheckError(message)
    readings = [packed(one) for one in read_together(files)] if files else []
    wrong = [one for one in readings if one["kind"] == Kind.REFUSED]
    if wrong:
        message = f"{wrong[0]['file']}: {wrong[0]['figures']['normalised']['advice']}"
        raise NothingToCheckError(message)
    after: list[Mapping[str, Any]] = [one for one in readings if not is_part(readings, one)]
    key = request.POST.get("after", "")
    after += [repacked(one) for one in confirmation.kept_after(decision, user) if str(one.pk) == key]
    if key.startswith("run-"):
        mine = (one for one in decision.collections.all() if f"run-{one.pk}" == key)
        asked: list[dict[str, Any]] = [one.packed for one in mine if one.packed is not None]
        after += asked
        readings = [*readings, *asked]
    if not after:
        message = "Choose the files that were measured in this stage, or a measurement that is kept already."
        raise NothingToCheckError(message)
    return after, [warning for one in readings for warning in one["figures"]["warnings"]]


def _ask(request: HttpRequest, user: User, decision: Decision, record: Record) -> HttpResponse:
    """Ask the team's Prometheus about the window of the stage; the page follows the run."""
    key = request.POST.get("connection", "")
    connection = next((one for one in decision.system.connections.all() if str(one.pk) == key), None)
    if connection is None:
        message = "This connection is not there any more. Look again."
        raise NothingToCheckError(message)
    form = WindowForm(connection, request.POST)
    if not form.is_valid():
        return _page(request, decision, record, 422, windows=[(connection, form)])
    if begun(decision, connection, user, form.cleaned_data) is None:
        message = "A run is under way. Wait for it, or call it off first."
        raise NothingToCheckError(message)
    return redirect(decision.address("pilot") + "#run")


def _cancel(request: HttpRequest, user: User, decision: Decision, record: Record) -> HttpResponse:
    del user, record
    for run in decision.collections.all():
        if str(run.pk) == request.POST.get("run", "") and Collection.objects.move(
            run.pk, OPEN, status=Progress.CANCELLED, now=""
        ):
            messages.info(request, "Called off. The question under way may still come to its end.")
    return redirect(decision.address("pilot"))


def _covered(request: HttpRequest) -> int | None:
    text = plain(request.POST.get("covered", ""), whole=True)
    if not text:
        return None
    if not text.isdecimal() or len(text) > 7:
        message = "The pods that this stage covers are a whole number, such as 40; leave it empty when you do not know."
        raise NothingToCheckError(message)
    return int(text)


def _keep(request: HttpRequest, user: User, decision: Decision, record: Record) -> HttpResponse:
    token, longest = request.POST.get("token", ""), dt.timedelta(hours=HOURS)
    document = signing.loads(token, salt=SALT.format(record.digest), max_age=longest)
    if "agreed" not in request.POST:
        problem = "Tick the statement: the outcome is kept under your name."
        return _page(request, decision, record, 422, shown=laid_out(document), token=token, problem=problem)
    kept = confirmation.keep(record, user, document, timezone.now())
    messages.success(request, f"Check {kept.number} is kept with {decision.number}, sealed, and in the log.")
    return redirect("outcome", kept.pk)


@require_safe
def outcome(request: HttpRequest, key: int) -> HttpResponse:
    """One kept check, as it was sealed."""
    kept = _kept(request, key)
    shown = laid_out(json.loads(bytes(kept.canonical)))
    context = {"decision": kept.record.decision, "outcome": kept, "record": kept.record, "shown": shown}
    return render(request, "pilot/outcome.html", context)


@require_safe
def addendum(request: HttpRequest, key: int, kind: str) -> HttpResponse:
    """The kept bytes of a check: its JSON, or the sealed container with the JSON in it."""
    kept = _kept(request, key)
    if kind not in MEDIA:
        raise Http404
    response = HttpResponse(bytes(kept.sealed if kind == "p7m" else kept.canonical), content_type=MEDIA[kind])
    name = f"{kept.record.decision.number}-revision-{kept.record.revision}-check-{kept.number}.{kind}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _kept(request: HttpRequest, key: int) -> Outcome:
    found = Outcome.objects.of(person(request)).select_related(
        "record__decision__organisation", "record__decision__team", "record__decision__system", "kept_by"
    )
    return get_object_or_404(found, pk=key)
