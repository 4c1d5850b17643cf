"""Step 2 from files: what was recognised is shown first, then kept; the files themselves are not."""

import datetime as dt
import re
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
from decisions.advisor.questionnaire import question_at
from decisions.advisor.questions import FIELDS
from decisions.drafting import Sheet, log, plain, save
from decisions.forms import in_words, question_text
from decisions.intake import Kind, read_together
from decisions.measuring import NAME_LENGTH, add_measurements, own_baseline, packed
from decisions.models import ConflictError, Decision, User
from decisions.views.panel import frame, last_move

CURRENT = 2
"""The number of the step this page belongs to."""
SALT = "reading of decision {}"
HOURS = 24
PASTED = "pasted text"
FINGERPRINT = re.compile(r" \([^()]*SHA-256[^()]*\)")
"""The part of a source's sentence that the card of its file shows already."""


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One field that files answer: what stands there now, and what each file says."""

    path: str
    question: str
    label: str
    now: str
    """In words; empty when nothing was answered."""
    found: tuple[tuple[str, str, str], ...]
    """(key of the choice, value in words, where it comes from), the best source first."""

    @property
    def plain(self) -> bool:
        """Whether there is nothing to choose between: one value, and no other answer yet."""
        return len(self.found) == 1 and self.now in {"", self.found[0][1]}


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
    joined = next((one for one in readings if one.kind is Kind.CLUSTER), None)
    token = signing.dumps(kept, salt=SALT.format(decision.pk), compress=True) if kept else ""
    found: dict[str, Any] = {
        "readings": [(one, one.kind is Kind.CLUSTER and one is not joined) for one in readings],
        "too_large": refused,
        "offers": offers(decision, kept),
        "token": token,
    }
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


def offers(decision: Decision, kept: Sequence[dict[str, Any]]) -> list[Offer]:
    """The questions the readings answer. Cluster files that were joined speak through the joined reading alone."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for number, one in enumerate(kept):
        if _is_part(kept, one):
            continue
        for path, (value, source) in one["answers"].items():
            found.setdefault(path, []).append((str(number), in_words(path, value), FINGERPRINT.sub("", source)))
    order = list(FIELDS)
    return [_offer(decision, path, tuple(found[path])) for path in sorted(found, key=order.index)]


def _offer(decision: Decision, path: str, found: tuple[tuple[str, str, str], ...]) -> Offer:
    question = question_at(path)
    now = plain(decision.case, path)
    return Offer(
        path=path,
        question=question.text if question else "",
        label=FIELDS[path].label or "Answer",
        now="" if now is None else in_words(path, now),
        found=found,
    )


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
        add_measurements(decision, user, kept, now)
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


def _remove(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    now = timezone.now()
    key = request.POST.get("measurement", "")
    with transaction.atomic():
        chosen = decision.baseline.measurements.filter(pk=key) if decision.baseline and key.isdecimal() else None
        if chosen and (one := chosen.first()):
            own = own_baseline(decision, user, now)
            own.measurements.filter(sha256=one.sha256).delete()
            log(decision, user, "took away", now, files=[[one.file_name, one.sha256]])
            messages.info(
                request, f"{one.file_name} is taken away. Answers that came from it stay; look at them in step 2."
            )
    return redirect(decision.address("baseline"))
