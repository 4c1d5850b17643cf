"""Step 2 from files: what was recognised is shown first, then kept; the files themselves are not."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from decisions.access import draft_of, person
from decisions.advice import advise
from decisions.drafting import Sheet, log, plain, save
from decisions.forms import in_words, question_text
from decisions.intake import Kind, Reading, answers, as_inspect, read_together
from decisions.models import Baseline, ConflictError, Decision, Measurement, Status, User
from decisions.views.panel import frame, last_move

CURRENT = 2
"""The number of the step this page belongs to."""
SALT = "reading of decision {}"
HOURS = 24
PASTED = "pasted text"
NAME_LENGTH = 255


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One question that files answer: what stands there now, and what each file says."""

    path: str
    question: str
    now: str
    """In words; empty when nothing was answered."""
    found: tuple[tuple[str, str, str], ...]
    """(key of the choice, value in words, where it comes from), the best source first."""


def baseline(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """The measurements of a draft: read files, look at them, keep them, take them away."""
    user = person(request)
    decision = draft_of(user, organisation, number)
    if not decision.is_draft:
        return redirect(decision)
    if request.method != "POST":
        return _page(request, decision)
    act = {"keep": _keep, "remove": _remove}.get(request.POST.get("act", ""), _read)
    try:
        return act(request, user, decision)
    except ConflictError as error:
        messages.warning(request, str(error))
        return redirect(decision.address("baseline"))


def _page(request: HttpRequest, decision: Decision, status: int = 200, **context: Any) -> HttpResponse:
    around = frame(decision, advise(decision.case), CURRENT, last_move(decision))
    around |= {"readings": None, "step_address": decision.address("step", CURRENT)}
    limits = {"most_mib": settings.UPLOAD_MAX_BYTES // 2**20, "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
    return render(request, "baseline/baseline.html", around | limits | context, status=status)


def _read(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    files, refused = _uploaded(request)
    if pasted := request.POST.get("pasted", "").strip():
        files.append((PASTED, pasted.encode()))
    if not files:
        most = settings.UPLOAD_MAX_BYTES // 2**20
        problem = f"{', '.join(refused)} is larger than {most} MiB." if refused else "Choose a file or paste text."
        return _page(request, decision, 422, problem=problem)
    readings = read_together(files)
    kept = [packed(one) for one in readings if one.kind is not Kind.REFUSED]
    token = signing.dumps(kept, salt=SALT.format(decision.pk), compress=True) if kept else ""
    found: dict[str, Any] = {"readings": readings, "too_large": refused, "offers": offers(decision, kept), "token": token}
    return _page(request, decision, **found)


def _uploaded(request: HttpRequest) -> tuple[list[tuple[str, Any]], list[str]]:
    """The files that may be read, as (name, file), and the names of those that are too large."""
    files: list[tuple[str, Any]] = []
    refused = []
    for one in request.FILES.getlist("files"):
        name = (one.name or "file")[-NAME_LENGTH:]
        if (one.size or 0) > settings.UPLOAD_MAX_BYTES:
            refused.append(name)
        else:
            files.append((name, one.file))
    return files, refused


def packed(reading: Reading) -> dict[str, Any]:
    """What is kept of a reading, in plain types: figures and answers, never the content."""
    found = answers(reading)
    load = reading.loadtest
    return {
        "file": reading.file,
        "kind": reading.kind.value,
        "tool": " ".join(filter(None, (reading.tool, reading.tool_version))),
        "format": reading.format or "",
        "sha256": reading.sha256,
        "size": reading.size,
        "started": load.started_at.isoformat() if load and load.started_at else "",
        "seconds": load.duration_s if load else None,
        "figures": {
            "recognised": reading.recognised,
            "read": [[one.label, one.value, one.unit] for one in reading.read],
            "ignored": list(reading.ignored),
            "warnings": list(reading.warnings),
            "normalised": as_inspect(reading),
        },
        "answers": {path: [one.value, one.provenance] for path, one in found.items()},
    }


def offers(decision: Decision, kept: Sequence[dict[str, Any]]) -> list[Offer]:
    """The questions the readings answer. Cluster files that were joined speak through the joined reading alone."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for number, one in enumerate(kept):
        if _is_part(kept, one):
            continue
        for path, (value, source) in one["answers"].items():
            found.setdefault(path, []).append((str(number), in_words(path, value), source))
    return [
        Offer(
            path=path,
            question=question_text(path),
            now=in_words(path, now) if (now := plain(decision.case, path)) is not None else "",
            found=tuple(choices),
        )
        for path, choices in found.items()
    ]


def _is_part(kept: Sequence[dict[str, Any]], one: dict[str, Any]) -> bool:
    joined = next((other for other in kept if other["kind"] == Kind.CLUSTER), None)
    return one["kind"] == Kind.CLUSTER and one is not joined


def _keep(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    try:
        kept = signing.loads(
            request.POST.get("token", ""), salt=SALT.format(decision.pk), max_age=dt.timedelta(hours=HOURS)
        )
    except signing.BadSignature:
        return _page(request, decision, 422, problem="What was read is too old to keep. Read the files again.")
    chosen, origins = _chosen(request, kept)
    now = timezone.now()
    with transaction.atomic():
        _add_measurements(decision, user, kept, now)
        sheet = Sheet(user=user, seen=decision.version, now=now, page="files", origins=origins)
        saved = save(decision, sheet, chosen)
    if saved.problems:
        texts = "; ".join(f"{question_text(one.path)} {one.text}" for one in saved.problems)
        messages.warning(request, f"Kept, but some answers contradict each other and were left out: {texts}")
    else:
        count = len(saved.changed)
        messages.success(request, f"Kept. {count} answer{'' if count == 1 else 's'} filled in from your files.")
    return redirect(decision.address("step", CURRENT))


def _chosen(
    request: HttpRequest, kept: Sequence[dict[str, Any]]
) -> tuple[dict[str, object], dict[str, dict[str, str]]]:
    """The answers the person ticked, and where each comes from."""
    chosen: dict[str, object] = {}
    origins = {}
    today = timezone.localdate().isoformat()
    for key in request.POST:
        path, choice = key.removeprefix("use:"), request.POST.get(key, "")
        if key == path or not choice.isdecimal() or int(choice) >= len(kept):
            continue
        reading = kept[int(choice)]
        if path in reading["answers"]:
            chosen[path], source = reading["answers"][path]
            origins[path] = {"source": source, "date": (reading["started"] or today)[:10]}
    return chosen, origins


def _add_measurements(decision: Decision, user: User, kept: Sequence[dict[str, Any]], now: dt.datetime) -> None:
    own = _own_baseline(decision, user, now)
    for one in kept:
        started = dt.datetime.fromisoformat(one["started"]) if one["started"] else None
        ended = started + dt.timedelta(seconds=one["seconds"]) if started and one["seconds"] else None
        Measurement.objects.get_or_create(
            baseline=own,
            sha256=one["sha256"],
            defaults={
                "kind": one["kind"],
                "tool": one["tool"],
                "format": one["format"],
                "figures": one["figures"],
                "answers": one["answers"],
                "started_at": started,
                "ended_at": ended,
                "measured_by": user,
                "read_at": now,
                "size": one["size"],
                "file_name": one["file"][:NAME_LENGTH],
            },
        )
    log(decision, user, "measured", now, files=[[one["file"], one["sha256"]] for one in kept])


def _own_baseline(decision: Decision, user: User, now: dt.datetime) -> Baseline:
    """The draft's baseline, one that no other decision argues from: a shared one is copied first."""
    present = decision.baseline
    if present and not present.decisions.exclude(pk=decision.pk).exists():
        return present
    own = Baseline.objects.create(system=decision.system, created_by=user, created_at=now)
    for one in present.measurements.all() if present else ():
        one.pk, one.baseline, one._state.adding = None, own, True
        one.save()
    Decision.objects.move(decision, Status.DRAFT, baseline=own, changed_at=now, changed_by=user)
    return own


def _remove(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    now = timezone.now()
    key = request.POST.get("measurement", "")
    with transaction.atomic():
        chosen = decision.baseline.measurements.filter(pk=key) if decision.baseline and key.isdecimal() else None
        if chosen and (one := chosen.first()):
            own = _own_baseline(decision, user, now)
            own.measurements.filter(sha256=one.sha256).delete()
            log(decision, user, "took away", now, files=[[one.file_name, one.sha256]])
            messages.info(
                request, f"{one.file_name} is taken away. Answers that came from it stay; look at them in step 2."
            )
    return redirect(decision.address("baseline"))
