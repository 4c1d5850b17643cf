"""Measurements: files that a pipeline sends, as baselines of a system or of a draft."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile

from decisions import receiving
from decisions.api.caller import caller, decision_of, matched, once, writable
from decisions.api.problems import Problem
from decisions.api.shapes import REFUSALS, BaselineOut, SystemOut, UploadOut
from decisions.intake import Kind, read_together
from decisions.measuring import NAME_LENGTH, add_measurements, keep_readings, packed
from decisions.models import Baseline, Decision, Membership, Progress, System, Upload, User
from decisions.models.people import AUTHORS
from decisions.tokens import Bearer, Scope
from decisions.views.uploads import own_uploads

router = Router(tags=["measurements"])
NEWEST = 50


class SystemsOut(Schema):
    """All systems the token reaches."""

    items: list[SystemOut]


class BaselinesOut(Schema):
    """The newest baselines of a system."""

    items: list[BaselineOut]


@router.get("/systems", response={200: SystemsOut, **REFUSALS}, summary="List systems")
def systems(request: HttpRequest) -> SystemsOut:
    """Clusters and platforms that decisions are about."""
    bearer = caller(request, Scope.READ)
    return SystemsOut(items=[SystemOut.of(one) for one in _reached(bearer).select_related("team")])


@router.get(
    "/systems/{int:system}/baselines", response={200: BaselinesOut, **REFUSALS}, summary="Baselines of a system"
)
def baselines(request: HttpRequest, system: int) -> BaselinesOut:
    """The newest first, up to fifty."""
    found = _system(caller(request, Scope.READ), system).baselines.prefetch_related("measurements")[:NEWEST]
    return BaselinesOut(items=[BaselineOut.of(one) for one in found])


@router.post(
    "/systems/{int:system}/baselines",
    response={201: BaselineOut, 202: UploadOut, **REFUSALS},
    summary="Send a baseline",
)
@once
def send_baseline(
    request: HttpRequest, system: int, file: File[list[UploadedFile]]
) -> Status[BaselineOut] | Status[UploadOut]:
    """Files of one run (a nightly load test, the lists of a cluster) as a new baseline. The files are not kept.

    Files that take long to read are read beside the request: 202 names the upload. Ask until it is done, then keep it.
    What is not kept within a day is forgotten.
    """
    bearer = caller(request, Scope.MEASURE)
    found, named = _measurable(bearer, system), _named(file)
    if receiving.takes_long(named):
        return Status(202, UploadOut.of(receiving.receive(found, bearer.user, named)))
    return Status(201, _begun(found, bearer.user, _usable([packed(one) for one in read_together(named)])))


@router.get(
    "/systems/{int:system}/uploads/{int:key}", response={200: UploadOut, **REFUSALS}, summary="An upload for a system"
)
def sent(request: HttpRequest, system: int, key: int) -> UploadOut:
    """How far reading is. Only the account that sent it is told."""
    bearer = caller(request, Scope.MEASURE)
    return UploadOut.of(_sent(_measurable(bearer, system), bearer, key))


@router.post(
    "/systems/{int:system}/uploads/{int:key}/keep",
    response={201: BaselineOut, **REFUSALS},
    summary="Keep what an upload for a system gave",
)
@once
def keep_sent(request: HttpRequest, system: int, key: int) -> Status[BaselineOut]:
    """As a new baseline of the system."""
    bearer = caller(request, Scope.MEASURE)
    found = _measurable(bearer, system)
    with transaction.atomic():
        upload = _sent(found, bearer, key)
        kept = _begun(found, bearer.user, _usable(read_of(upload)))
        gone, _ = upload.delete()
        if not gone:  # somebody kept it in the same moment: one baseline is enough
            raise Problem(409, "The upload was kept or called off meanwhile.")
    return Status(201, kept)


@router.delete(
    "/systems/{int:system}/uploads/{int:key}", response={204: None, **REFUSALS}, summary="Call off one for a system"
)
def call_off_sent(request: HttpRequest, system: int, key: int) -> Status[None]:
    """Its files are deleted, read or not."""
    bearer = caller(request, Scope.MEASURE)
    found = _sent(_measurable(bearer, system), bearer, key)
    receiving.call_off(found)
    found.delete()
    return Status(204, None)


@router.post(
    "/decisions/{organisation}/{number}/measurements",
    response={201: BaselineOut, 202: UploadOut, **REFUSALS},
    summary="Measure a draft",
)
@once
def measure_draft(
    request: HttpRequest, organisation: str, number: str, file: File[list[UploadedFile]]
) -> Status[BaselineOut] | Status[UploadOut]:
    """Files as measurements of a draft. What they can answer is offered to its author in step 2. Needs If-Match.

    Files that take long to read are read beside the request: 202 names the upload. Ask `status` until it is done, then
    keep it. What is not kept within a day is forgotten.
    """
    bearer = caller(request, Scope.MEASURE)
    decision = drafted(matched(request, writable(bearer, decision_of(bearer, organisation, number))))
    named = _named(file)
    if receiving.takes_long(named):
        return Status(202, UploadOut.of(receiving.receive(decision, bearer.user, named)))
    return Status(201, added(decision, bearer.user, _usable([packed(one) for one in read_together(named)])))


@router.get(
    "/decisions/{organisation}/{number}/uploads/{int:key}", response={200: UploadOut, **REFUSALS}, summary="An upload"
)
def upload(request: HttpRequest, organisation: str, number: str, key: int) -> UploadOut:
    """How far reading is. Only the account that sent it is told."""
    bearer = caller(request, Scope.MEASURE)
    return UploadOut.of(_upload(writable(bearer, decision_of(bearer, organisation, number)), bearer, key))


@router.post(
    "/decisions/{organisation}/{number}/uploads/{int:key}/keep",
    response={201: BaselineOut, **REFUSALS},
    summary="Keep what an upload gave",
)
@once
def keep_upload(request: HttpRequest, organisation: str, number: str, key: int) -> Status[BaselineOut]:
    """As measurements of the draft. Needs If-Match."""
    bearer = caller(request, Scope.MEASURE)
    decision = writable(bearer, decision_of(bearer, organisation, number))
    found = _upload(decision, bearer, key)
    drafted(matched(request, decision))
    kept = added(decision, bearer.user, _usable(read_of(found)))
    found.delete()
    return Status(201, kept)


@router.delete(
    "/decisions/{organisation}/{number}/uploads/{int:key}", response={204: None, **REFUSALS}, summary="Call off"
)
def call_off_upload(request: HttpRequest, organisation: str, number: str, key: int) -> Status[None]:
    """Its files are deleted, read or not."""
    bearer = caller(request, Scope.MEASURE)
    found = _upload(writable(bearer, decision_of(bearer, organisation, number)), bearer, key)
    receiving.call_off(found)
    found.delete()
    return Status(204, None)


def drafted(decision: Decision) -> Decision:
    """The decision, when it is a draft. Raises Problem."""
    if not decision.is_draft:
        raise Problem(409, f"{decision.number} is {decision.status}; only drafts can be measured.")
    return decision


def added(decision: Decision, user: User, kept: list[dict[str, Any]]) -> BaselineOut:
    """The baseline of the draft with further measurements. Raises Problem when somebody was faster."""
    add_measurements(decision, user, kept, timezone.now())
    decision.refresh_from_db()
    if decision.baseline is None:
        raise Problem(409, f"{decision.number} was changed meanwhile.")
    return BaselineOut.of(decision.baseline)


def read_of(upload: Upload) -> list[dict[str, Any]]:
    """What was read. Raises Problem while it is not all read."""
    if upload.status != Progress.DONE:
        raise Problem(409, upload.problem or f"The upload is {upload.status}. Keep it when it is done.")
    return upload.packed or []


def _begun(system: System, user: User, kept: list[dict[str, Any]]) -> BaselineOut:
    now = timezone.now()
    baseline = Baseline.objects.create(system=system, created_by=user, created_at=now)
    keep_readings(baseline, user, kept, now)
    return BaselineOut.of(baseline)


def _sent(system: System, bearer: Bearer, key: int) -> Upload:
    found = system.uploads.filter(sent_by=bearer.user, pk=key if key < 2**62 else 0).first()
    if found is None:
        raise Problem(404, "This account has sent no upload of this key for this system.")
    return found


def _measurable(bearer: Bearer, key: int) -> System:
    found = _system(bearer, key)
    if not Membership.objects.allows(bearer.user, AUTHORS, organisation=found.organisation_id, team=found.team_id):
        raise Problem(403, "The account of this token may read this system, but not measure it.")
    return found


def _upload(decision: Decision, bearer: Bearer, key: int) -> Upload:
    found = own_uploads(bearer.user, decision).filter(pk=key if key < 2**62 else 0).first()
    if found is None:
        raise Problem(404, "This account has sent no upload of this key for this decision.")
    return found


def _reached(bearer: Bearer) -> "models.QuerySet[System]":
    return System.objects.of(bearer.user).filter(organisation_id=bearer.organisation_id)


def _system(bearer: Bearer, key: int) -> System:
    found = _reached(bearer).filter(pk=key).first()
    if found is None:
        raise Problem(404, "There is no system here that this token may see.")
    return found


def readings(files: list[UploadedFile]) -> list[dict[str, Any]]:
    """The packed readings. Raises Problem when a file is too large or one of them gives nothing."""
    return _usable([packed(one) for one in read_together(_named(files))])


def _named(files: list[UploadedFile]) -> list[tuple[str, Any]]:
    """The files with their names. Raises Problem when one is too large."""
    for one in files:
        if (one.size or 0) > settings.UPLOAD_MAX_BYTES:
            raise Problem(413, f"{one.name} is larger than {settings.UPLOAD_MAX_BYTES // 2**20} MiB.")
    return [((one.name or "file")[-NAME_LENGTH:], one.file) for one in files]


def _usable(kept: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The readings, when every file gave something. Raises Problem."""
    refused = [one for one in kept if one["kind"] == Kind.REFUSED]
    if refused or not kept:
        found = [{"where": one["file"], "what": one["figures"]["normalised"]["advice"] or ""} for one in refused]
        raise Problem(422, "Nothing was kept: a file holds no measurement that can be read.", found)
    return kept
