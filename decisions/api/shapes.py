"""What the interface takes and gives, as types: openapi.json is made from them."""

import datetime as dt
from typing import Any

from ninja import Field, Schema

from decisions.models import Baseline, Decision, Measurement, Record, Status, System, Upload


class Fault(Schema):
    """One thing that is wrong: where in the request or the document, and what."""

    where: str
    what: str


class ProblemOut(Schema):
    """A problem document (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = None


REFUSALS: dict[int, type[ProblemOut]] = dict.fromkeys((400, 401, 403, 404, 409, 412, 413, 422, 428), ProblemOut)
"""What every operation may answer beside what it is for."""


class DecisionOut(Schema):
    """A decision as lists give it."""

    organisation: str
    number: str
    title: str
    status: Status
    team: str
    system: str
    author: str
    approach: str
    product: str
    confidence: str
    revision: int
    version: int = Field(description="Counts every change; the ETag.")
    created_at: dt.datetime
    changed_at: dt.datetime
    review_on: dt.date | None

    @staticmethod
    def of(one: Decision) -> "DecisionOut":
        """From a row with its names."""
        same = ("number", "title", "approach", "product", "confidence", "revision", "version")
        return DecisionOut(
            organisation=one.organisation.slug,
            status=Status(one.status),
            team=one.team.name,
            system=one.system.name,
            author=one.author.name,
            created_at=one.created_at,
            changed_at=one.changed_at,
            review_on=one.review_on,
            **{name: getattr(one, name) for name in same},
        )


class PageOut(Schema):
    """A page of decisions, the newest change first."""

    items: list[DecisionOut]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


class DetailOut(DecisionOut):
    """A decision with its answers and the records it was frozen to."""

    case: dict[str, Any] = Field(description="The case document, schema meshadvisor-case/1.")
    records: list["RecordOut"]

    @staticmethod
    def of_decision(one: Decision) -> "DetailOut":
        """From a row with its names; the records without their bytes."""
        records = one.records.prefetch_related("renderings").defer("canonical", "inputs", "renderings__content")
        return DetailOut(
            **DecisionOut.of(one).model_dump(), case=one.case, records=[RecordOut.of(record) for record in records]
        )


class RecordOut(Schema):
    """A frozen record and the files made from it."""

    revision: int
    sha256: str
    catalogue_version: str
    engine_version: str
    created_at: dt.datetime
    files: list[str]

    @staticmethod
    def of(one: Record) -> "RecordOut":
        """From a row."""
        return RecordOut(
            revision=one.revision,
            sha256=one.digest,
            catalogue_version=one.catalogue_version,
            engine_version=one.engine_version,
            created_at=one.created_at,
            files=sorted({rendering.kind for rendering in one.renderings.all()}),
        )


class StartIn(Schema):
    """What a decision needs before its first answer."""

    title: str = Field(min_length=1, max_length=200)
    team: str = Field(description="The name of a team that the account may write for.")
    system: str = Field(min_length=1, max_length=200, description="The cluster or platform; made when it is new.")
    case: dict[str, Any] | None = Field(None, description="Answers to begin with, as a case document.")


class AnswersIn(Schema):
    """Answers by the path they have in the case document; null takes an answer back."""

    answers: dict[str, Any] = Field(examples=[{"baseline.p99_ms": 38, "requirements.egress_control.need": "must"}])


class ReasonIn(Schema):
    """Why."""

    reason: str = Field(min_length=1, max_length=4000)


class ProposeIn(Schema):
    """The statement of the author, agreed to."""

    agreed: bool = Field(description="True: the account stands for the answers and the measurements as its own.")


class SystemOut(Schema):
    """A cluster or platform that decisions are about."""

    id: int
    name: str
    team: str

    @staticmethod
    def of(one: System) -> "SystemOut":
        """From a row."""
        return SystemOut(id=one.pk, name=one.name, team=one.team.name)


class MeasurementOut(Schema):
    """What a file was taken for and what it gave; the file itself is not kept."""

    file: str
    kind: str
    tool: str
    format: str
    sha256: str
    size: int
    started_at: dt.datetime | None
    figures: dict[str, Any]

    @staticmethod
    def of(one: Measurement) -> "MeasurementOut":
        """From a row."""
        same = ("kind", "tool", "format", "sha256", "size", "started_at", "figures")
        return MeasurementOut(file=one.file_name, **{name: getattr(one, name) for name in same})


class BaselineOut(Schema):
    """Measurements that belong together."""

    id: int
    created_at: dt.datetime
    measurements: list[MeasurementOut]

    @staticmethod
    def of(one: Baseline) -> "BaselineOut":
        """From a row with its measurements."""
        found = [MeasurementOut.of(measurement) for measurement in one.measurements.all()]
        return BaselineOut(id=one.pk, created_at=one.created_at, measurements=found)


class UploadOut(Schema):
    """Files that are read beside the requests."""

    id: int
    status: str = Field(description="waiting, running, done, failed or cancelled.")
    files: list[str]
    read_bytes: int
    total_bytes: int
    problem: str
    sent_at: dt.datetime

    @staticmethod
    def of(one: Upload) -> "UploadOut":
        """From a row."""
        return UploadOut(
            id=one.pk,
            status=str(one.status),
            files=[str(file["name"]) for file in one.files],
            read_bytes=one.done,
            total_bytes=one.total,
            problem=one.problem,
            sent_at=one.sent_at,
        )
