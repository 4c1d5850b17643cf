"""Step 2 from files: what was recognised is shown first, then kept; the files themselves are not."""

import datetime as dt
from collections.abc import Sequence
from typing import Any, BinaryIO

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from decisions.access import draft_of, person
from decisions.advice import advise
from decisions.advisor.questions import FIELDS
from decisions.drafting import PLACES, Sheet, log, save
from decisions.forms import question_text
from decisions.intake import Kind, read_together
from decisions.intake.recipes import cluster_command
from decisions.measuring import add_measurements, days_old, earlier, own_baseline, packed, repacked
from decisions.models import ConflictError, Decision, Progress, Upload, User
from decisions.models.prometheus import OPEN
from decisions.receiving import call_off, keep_read, receive, takes_long
from decisions.views.elsewhere import other_clusters
from decisions.views.offers import agreed, chosen, disputes, is_part, offers, parts_of, places_in
from decisions.views.panel import frame, last_move
from decisions.views.uploads import is_stuck, number_in, own_uploads, uploaded

CURRENT = 2
"""The number of the step this page belongs to."""
SALT = "reading of decision {}"
HOURS = 24


def baseline(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """The measurements of a draft: read files, look at them, keep them, take them away."""
    user = person(request)
    decision = draft_of(user, organisation, number)
    if not decision.is_draft:
        return redirect(decision)
    if request.method != "POST":
        return _shown(request, user, decision)
    acts = {"keep": _keep, "leave": _leave, "remove": _remove, "restore": _restore, "cancel": _cancel, "again": _again}
    act = acts.get(request.POST.get("act", ""), _read)
    try:
        return act(request, user, decision)
    except signing.BadSignature:
        return _page(request, decision, 422, problem="What was read is too old to keep. Read the files again.")
    except ConflictError as error:
        messages.warning(request, str(error))
        return redirect(decision.address("baseline"))


def _shown(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    """The page; with `?upload=`, how far the reading of an upload is, and what was read of it."""
    wanted = request.GET.get("upload", "")
    if not wanted:
        return _page(request, decision)
    upload = get_object_or_404(own_uploads(user, decision), pk=number_in(wanted))
    if request.GET.get("follow") and getattr(request, "htmx", None):
        answer = render(request, "baseline/baseline.html#progress", {"upload": upload, "stuck": is_stuck(upload)})
        return answer if upload.is_open else HttpResponse(headers={"HX-Refresh": "true"})
    if upload.status == Progress.DONE:
        return _look(request, decision, upload.packed or [], upload=upload)
    return _page(request, decision, upload=upload, stuck=is_stuck(upload))


def _cancel(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    upload = get_object_or_404(own_uploads(user, decision), pk=number_in(request.POST.get("upload", "")))
    if call_off(upload):
        messages.info(request, "Called off. The files are deleted.")
    else:
        upload.delete()
    return redirect(decision.address("baseline"))


def _page(request: HttpRequest, decision: Decision, status: int = 200, **context: Any) -> HttpResponse:
    around = frame(decision, advise(decision.judged), CURRENT, last_move(decision))
    present = decision.baseline.measurements.select_related("measured_by") if decision.baseline else ()
    today = timezone.localdate()
    around |= {"standing": [(one, days_old(one.started_at, today)) for one in present]}
    around |= {"earlier": earlier(person(request), decision)}
    around |= {"readings": None, "step_address": decision.address("step", CURRENT)}
    around |= {"uploads": own_uploads(person(request), decision).filter(status__in=(*OPEN, Progress.DONE))}
    around |= {"prometheus_address": decision.address("prometheus"), "cluster_command": cluster_command()}
    limits = {"most_mib": settings.UPLOAD_MAX_BYTES // 2**20, "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES}
    return render(request, "baseline/baseline.html", around | limits | context, status=status)


def _read(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    files, refused = uploaded(request)
    if not files:
        most = settings.UPLOAD_MAX_BYTES // 2**20
        problem = f"{', '.join(refused)} is larger than {most} MiB." if refused else "Choose a file or paste text."
        return _page(request, decision, 422, problem=problem)
    if takes_long(files):
        return _spooled(request, user, decision, files, refused)
    found = [packed(one) for one in read_together(files)]
    useful = any(one["kind"] != Kind.REFUSED for one in found)
    upload = keep_read(decision, user, found) if useful else None
    return _look(request, decision, found, too_large=refused, upload=upload)


def _spooled(
    request: HttpRequest, user: User, decision: Decision, files: Sequence[tuple[str, BinaryIO]], refused: Sequence[str]
) -> HttpResponse:
    """Have the files read beside the pages; the person follows it."""
    if own_uploads(user, decision).filter(status__in=OPEN).exists():
        problem = "Files of yours are being read for this decision. Wait for them, or call it off first."
        return _page(request, decision, 422, problem=problem)
    try:
        upload = receive(decision, user, files)
    except OSError:
        return _page(request, decision, 422, problem="The server has no room for files of this size at the moment.")
    for name in refused:
        messages.warning(request, f"{name} is larger than {settings.UPLOAD_MAX_BYTES // 2**20} MiB; not read.")
    return redirect(decision.address("baseline") + f"?upload={upload.pk}#reading")


def _look(
    request: HttpRequest, decision: Decision, kept: Sequence[dict[str, Any]], status: int = 200, **more: Any
) -> HttpResponse:
    """The page with what was read, before anything of it is kept."""
    useful = any(one["kind"] != Kind.REFUSED for one in kept)
    found, today = offers(decision, kept), timezone.localdate()
    elsewhere = other_clusters(decision.case, kept)
    shown: dict[str, Any] = {
        "readings": [
            (number, one, is_part(kept, one), days_old(one["started"], today)) for number, one in enumerate(kept)
        ],
        "offers": found,
        "agreed": agreed(found, elsewhere),
        "elsewhere": [(kept[int(key)]["file"], differences) for key, differences in elsewhere.items()],
        "disputes": disputes(found, kept, today, request.POST),
        "places": places_in(kept),
        "places_stand": bool(decision.case.get(PLACES)),
        "token": signing.dumps(kept, salt=SALT.format(decision.pk), compress=True) if useful else "",
    }
    return _page(request, decision, status, **shown | more)


def _kept(request: HttpRequest, decision: Decision) -> list[dict[str, Any]]:
    """What was read, as the page brings it back. Raises BadSignature when it is too old or not ours."""
    salt, longest = SALT.format(decision.pk), dt.timedelta(hours=HOURS)
    kept: list[dict[str, Any]] = signing.loads(request.POST.get("token", ""), salt=salt, max_age=longest)
    return kept


def _leave(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    """Leave one of the files out that were read; files that were read as one cluster go together."""
    kept = _kept(request, decision)
    number = request.POST.get("leave", "")
    gone = kept[int(number)] if number.isdecimal() and int(number) < len(kept) else None
    parts = parts_of(kept, gone) if gone else []
    rest = [one for one in kept if one is not gone and one["sha256"] not in parts]
    upload = _upload(request, user, decision)
    if upload:
        upload.packed = rest
        upload.save(update_fields=["packed"]) if rest else upload.delete()
    if not rest:
        return redirect(decision.address("baseline"))
    return _look(request, decision, rest, upload=upload)


def _upload(request: HttpRequest, user: User, decision: Decision) -> Upload | None:
    """The upload that what is kept or left out came from; None when the files were read at once."""
    return own_uploads(user, decision).filter(pk=number_in(request.POST.get("upload", ""))).first()


def _keep(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    kept = _kept(request, decision)
    choice = chosen(request.POST, offers(decision, kept), kept, timezone.localdate())
    if choice.undecided:
        return _look(request, decision, kept, 422, undecided=choice.undecided, upload=_upload(request, user, decision))
    now = timezone.now()
    with transaction.atomic():
        add_measurements(decision, user, kept, now)
        sheet = Sheet(
            user=user, seen=decision.version, now=now, page="files", origins=choice.origins, aside=choice.aside
        )
        places = {PLACES: places_in(kept)} if request.POST.get(f"use:{PLACES}") and places_in(kept) else {}
        saved = save(decision, sheet, choice.answers | places)
        if read_from := _upload(request, user, decision):
            read_from.delete()
    if saved.problems:
        texts = "; ".join(f"{FIELDS[one.path].label or question_text(one.path)}: {one.text}" for one in saved.problems)
        messages.warning(request, f"Kept, but some answers contradict each other and were left out: {texts}")
    else:
        count = len(saved.changed)
        messages.success(request, f"Kept. {count} figure{'' if count == 1 else 's'} filled in from your files.")
    return redirect(decision.address("step", CURRENT))


def _again(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    """Look at what was measured before as if it had been read now; who read it and when stays as it was."""
    key = number_in(request.POST.get("baseline", ""))
    chosen = next((fresh for one, fresh, _ in earlier(user, decision) if one.pk == key), None)
    if chosen is None:
        return _page(request, decision, 422, problem="This baseline is not on offer any more. Look again.")
    return _look(request, decision, [repacked(one) for one in chosen])


def _remove(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    now = timezone.now()
    key = request.POST.get("measurement", "")
    with transaction.atomic():
        chosen = decision.baseline.measurements.filter(pk=key) if decision.baseline and key.isdecimal() else None
        one = chosen.first() if chosen else None
        if one is None:
            return redirect(decision.address("baseline"))
        own = own_baseline(decision, user, now)
        own.measurements.filter(sha256=one.sha256).delete()
        log(decision, user, "took away", now, files=[[one.file_name, one.sha256]])
    undo = signing.dumps([repacked(one)], salt=SALT.format(decision.pk), compress=True)
    return _page(request, decision, gone=one.file_name, undo=undo)


def _restore(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    """Put back what was just taken away, with who read it in and when as it was."""
    kept = _kept(request, decision)
    with transaction.atomic():
        add_measurements(decision, user, kept, timezone.now())
    messages.success(request, f"{kept[0]['file']} is back.")
    return redirect(decision.address("baseline"))
