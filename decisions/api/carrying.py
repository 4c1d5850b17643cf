"""Carrying a decision out: its stages and their files, checks of a stage, and how projections held."""

import datetime as dt
from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Router, Schema
from ninja.files import UploadedFile

from decisions import confirmation, rollout
from decisions.advisor.pack import PackError, zipped
from decisions.advisor.pilot.scores import RANGE_HOLDS
from decisions.advisor.recommendation import Stage
from decisions.api.caller import caller, decision_of, writable
from decisions.api.measuring import readings
from decisions.api.pages import Asked, Words, paged
from decisions.api.problems import Problem
from decisions.api.shapes import REFUSALS
from decisions.models import Decision, Outcome
from decisions.rollout import Packed
from decisions.tokens import Bearer, Scope
from decisions.views.calibration import MOST, groups
from decisions.views.offers import is_part
from decisions.views.pilot import MEDIA

router = Router(tags=["carrying out"])
ONE = "/decisions/{organisation}/{number}"


class StageOut(Schema):
    """One stage. What the team wrote itself stands in `changed`; answers of `stages.ID.what` and the like change it."""

    id: str
    number: int
    title: str
    what: str
    only_because: str
    gate: str
    stop: str
    rollback: str
    decides: str
    gates: list[dict[str, Any]] = Field(description="id, promql, comparison, threshold (may be null), unit, window.")
    changed: list[str]
    files: list[str]

    @staticmethod
    def of(one: Stage, packed: Packed) -> "StageOut":
        """From a stage of a pack."""
        same = ("id", "number", "title", "what", "only_because", "gate", "stop", "rollback", "decides")
        measured = ("id", "promql", "threshold", "unit", "window")
        return StageOut(
            gates=[
                {name: getattr(gate, name) for name in measured} | {"comparison": str(gate.comparison)}
                for gate in one.gates
            ],
            changed=list(one.changed),
            files=[path for path in sorted(packed.files) if path.startswith(f"{one.number:02d}-{one.id}/")],
            **{name: getattr(one, name) for name in same},
        )


class PlanOut(Schema):
    """The roll-out, stage by stage."""

    stages: list[StageOut]


@router.get(f"{ONE}/plan", response={200: PlanOut, **REFUSALS}, summary="The stages of its roll-out")
def plan(request: HttpRequest, organisation: str, number: str) -> PlanOut:
    """For the answers of the decision, by today's catalogue. In a draft, answers change the stages."""
    packed = _packed(decision_of(caller(request, Scope.READ), organisation, number))
    return PlanOut(stages=[StageOut.of(one, packed) for one in packed.recommendation.plan])


@router.get(f"{ONE}/rollout.zip", response={200: None, **REFUSALS}, summary="The files of its roll-out")
def pack(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Manifests, gates and the way back of every stage in one zip file; the same answers give the same bytes."""
    found = decision_of(caller(request, Scope.READ), organisation, number)
    return HttpResponse(zipped(_packed(found).files, f"{found.number}-rollout"), content_type="application/zip")


class OutcomeOut(Schema):
    """A check of one stage that somebody kept."""

    id: int
    decision: str
    revision: int
    number: int
    stage: int
    verdict: str
    sha256: str
    kept_by: str
    kept_at: dt.datetime

    @staticmethod
    def of(one: Outcome) -> "OutcomeOut":
        """From a row with its record, the decision and who kept it."""
        same = ("number", "stage", "verdict", "kept_at")
        return OutcomeOut(
            id=one.pk,
            decision=one.record.decision.number,
            revision=one.record.revision,
            sha256=one.digest,
            kept_by=one.kept_by.get_username(),
            **{name: getattr(one, name) for name in same},
        )


class OutcomesOut(Schema):
    """A page of them, the newest first."""

    items: list[OutcomeOut]
    next: str | None


@router.get(f"{ONE}/checks", response={200: OutcomesOut, **REFUSALS}, summary="Checks of its stages")
def checks(request: HttpRequest, organisation: str, number: str, asked: Query[Asked]) -> object:
    """Those that were kept, each sealed."""
    bearer = caller(request, Scope.READ)
    found = decision_of(bearer, organisation, number)
    return paged(_outcomes(bearer).filter(record__decision=found), asked, OutcomeOut.of, newest=True)


class CheckIn(Schema):
    """Which stage the files are from, and what they are compared with."""

    stage: int | None = Field(None, description="Its number in the plan.")
    before: Words = Field("", max_length=20, description="The id of a measurement of the baseline; else its load test.")


class CheckedOut(Schema):
    """What a check says. Nothing of it is kept: a person who stands for it keeps one on the page."""

    verdict: str
    judgement: dict[str, Any] = Field(description="As in an outcome document, schema meshadvisor-outcome/1.")


@router.post(f"{ONE}/checks", response={200: CheckedOut, **REFUSALS}, summary="Check a stage, keeping nothing")
def check_stage(
    request: HttpRequest, organisation: str, number: str, file: File[list[UploadedFile]], given: Form[CheckIn]
) -> CheckedOut:
    """A load test of the stage against one of the baseline: go on, hold or go back, for a pipeline that has to know."""
    bearer = caller(request, Scope.MEASURE)
    decision = writable(bearer, decision_of(bearer, organisation, number))
    record = decision.newest_record()
    if record is None or decision.status not in confirmation.CHECKED:
        raise Problem(409, f"{decision.number} is {decision.status}: its stages are not carried out.")
    known = confirmation.stages(confirmation.document_of(record))
    chosen = next((one for one in known if one.number == given.stage), None)
    if chosen is None:
        offered = [{"where": "stage", "what": f"{one.number}: {one.title}"} for one in known]
        raise Problem(422, "Say which stage this is a check of.", offered)
    read = readings(file)
    try:
        earlier = confirmation.before_of(decision, given.before)
        after = [one for one in read if not is_part(read, one)]
        document = confirmation.checked(record, chosen, earlier, after)
    except confirmation.NothingToCheckError as error:
        raise Problem(422, str(error)) from error
    return CheckedOut(verdict=document["judgement"]["verdict"], judgement=document["judgement"])


@router.get("/checks/{int:key}", response={200: OutcomeOut, **REFUSALS}, summary="A check that was kept")
def outcome(request: HttpRequest, key: int) -> OutcomeOut:
    """Which stage, and how it came out."""
    return OutcomeOut.of(_outcome(caller(request, Scope.READ), key))


@router.get("/checks/{int:key}/{kind}", response={200: None, **REFUSALS}, summary="The file of such a check")
def addendum(request: HttpRequest, key: int, kind: str) -> HttpResponse:
    """`json`, or `p7m` for the same bytes under the seal of this instance."""
    found = _outcome(caller(request, Scope.READ), key)
    if kind not in MEDIA:
        raise Problem(404, f"A check has the files {' and '.join(MEDIA)}.")
    return HttpResponse(bytes(found.sealed if kind == "p7m" else found.canonical), content_type=MEDIA[kind])


class HeldOut(Schema):
    """How often the range of one quantity held what was measured afterwards."""

    quantity: str
    unit: str
    held: int
    of: int
    interval: str = Field(description="Where the share lies for certain at 95 %, in words.")


class CalibrationOut(Schema):
    """Projected against measured, over the newest checks."""

    promised: float = Field(description="The share that the ranges promise.")
    items: list[HeldOut]


@router.get("/calibration", response={200: CalibrationOut, **REFUSALS}, summary="Projected against measured")
def calibration(request: HttpRequest) -> CalibrationOut:
    """Over the newest five hundred checks that the token sees."""
    found = _outcomes(caller(request, Scope.READ)).order_by("-kept_at")[:MOST]
    items = [
        HeldOut(quantity=one.title, unit=one.unit, held=one.held, of=one.of, interval=one.interval)
        for one in groups(found)
    ]
    return CalibrationOut(promised=RANGE_HOLDS, items=items)


def _packed(decision: Decision) -> Packed:
    try:
        return rollout.pack_of(decision)
    except PackError as error:
        raise Problem(422, str(error)) from error


def _outcomes(bearer: Bearer) -> "models.QuerySet[Outcome]":
    found = Outcome.objects.of(bearer.user).filter(record__decision__organisation_id=bearer.organisation_id)
    return found.select_related("record__decision__organisation", "kept_by")


def _outcome(bearer: Bearer, key: int) -> Outcome:
    found = _outcomes(bearer).filter(pk=key if key < 2**62 else 0).first()
    if found is None:
        raise Problem(404, "There is no check here that this token may see.")
    return found
