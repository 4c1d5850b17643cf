"""Checks a record by itself: its one form, its inputs digest, and whether somebody vouches for its digest."""

import json
from collections.abc import Container, Mapping, Sequence

from decisions.advisor.record import Record, RecordError, canonical, digest, inputs_digest, read
from decisions.signing.report import SEAL, Kind, Layer, Report, conclude, unreadable

FORM = Kind(
    name="structure",
    title="Structure",
    proves="The file is JSON in the one form in which a record is written, so its SHA-256 can stand for it.",
    not_proven="Who wrote it.",
)
AGREEMENT = Kind(
    name="record",
    title="Record",
    proves="The record agrees with itself: its inputs have the digests that it states.",
    not_proven="That the answer follows from the inputs: that takes running the engine on them again.",
)
KNOWN_TO_ISSUER = Kind(
    name="seal",
    title=SEAL.title,
    proves="The issuer asked here has a record with this digest.",
    not_proven="Anything to somebody who does not trust the one asked: only the sealed PDF carries its proof with it.",
)


class RecordFaultError(ValueError):
    """The bytes are no record, or one that does not agree with itself; the text says where."""


class NoRecordError(RecordFaultError):
    """The bytes are no JSON, or JSON of another kind: there is nothing to check."""


def parse(data: bytes) -> dict[str, object]:
    """The document in these bytes. RecordFaultError unless they are JSON in its canonical form (RFC 8785)."""
    try:
        document: object = json.loads(data)
        again = canonical(document) if isinstance(document, dict) else b""
    except (ValueError, RecursionError) as error:
        message = f"The record is not readable as JSON ({error}), so there is nothing to check."
        raise NoRecordError(message) from error
    if not isinstance(document, dict) or again != data:
        message = "The record is not in its canonical form (RFC 8785): it was written or changed by another program."
        raise RecordFaultError(message)
    return document


def consistent(document: Mapping[str, object]) -> Record:
    """The record a document holds. RecordFaultError when it is none, or its digests are not those of its inputs."""
    try:
        record = read(document)
    except RecordError as error:
        message = f"The record cannot be read: {error}."
        raise RecordFaultError(message) from error
    inputs = record.inputs
    case_sha256 = digest(canonical(inputs.case))
    if inputs.case_sha256 != case_sha256:
        message = "The case inside the record is not the one whose digest it states."
        raise RecordFaultError(message)
    if inputs.digest != inputs_digest(case_sha256, inputs.catalogue_version, inputs.engine_version):
        message = "The inputs digest does not belong to the case, the catalogue and the engine that the record names."
        raise RecordFaultError(message)
    return record


def facts(record: Record, data: bytes) -> list[tuple[str, str]]:
    """What the record is filed under."""
    about = record.about
    return [
        ("Number", about.number),
        ("Title", about.title),
        ("Revision", str(about.revision)),
        ("Status when submitted", about.status),
        ("Organisation", about.organisation),
        ("Record, SHA-256", digest(data)),
        ("Inputs, SHA-256", record.inputs.digest),
    ]


def examine(data: bytes, known: Container[str], vouched: Sequence[Layer] = (), *, at_issuer: bool = False) -> Report:
    """The report of a record.json. It carries no seal, so it is valid only when somebody vouches for it.

    Its digest is among those known, or proofs beside it vouch: `vouched` are their layers. `at_issuer` says that
    `known` are all that the issuer has, so that any other is not one of its records.
    """
    try:
        document = _record_in(data)
    except NoRecordError as fault:
        return unreadable(str(fault))
    except RecordFaultError as fault:
        return conclude([Layer(kind=FORM, state="failed", said=str(fault))], ())
    layers = [Layer(kind=FORM, state="passed", said="It is JSON in its one canonical form.")]
    try:
        record = consistent(document)
    except RecordFaultError as fault:
        return conclude([*layers, Layer(kind=AGREEMENT, state="failed", said=str(fault))], ())
    layers.append(Layer(kind=AGREEMENT, state="passed", said="Its inputs have the digests that it states."))
    if vouched and digest(data) not in known:
        return conclude(
            [*layers, *vouched], facts(record, data), "What lies beside the record vouches for these bytes."
        )
    layers += [_vouched(digest(data), known, at_issuer=at_issuer), *vouched]
    remark = "Somebody you asked vouches for exactly these bytes; the file itself carries no proof."
    return conclude(layers, facts(record, data), remark)


def _record_in(data: bytes) -> dict[str, object]:
    """As `parse`, for a file that has to be a record. NoRecordError too for JSON that says it is something else."""
    fault: RecordFaultError | None = None
    try:
        document = parse(data)
    except NoRecordError:
        raise
    except RecordFaultError as error:
        document, fault = json.loads(data), error
    schema = str(document.get("schema", "")) if isinstance(document, dict) else ""
    if not schema.startswith("meshadvisor-record/"):
        named = f"of the schema {schema[:60]!r}" if schema else "that names no schema"
        message = (
            f"The file is JSON {named}; a record has a schema that begins with meshadvisor-record/. What is attached "
            "to a sealed PDF is checked with the PDF."
        )
        raise NoRecordError(message)
    if fault:
        raise fault
    return document


def _vouched(name: str, known: Container[str], *, at_issuer: bool) -> Layer:
    if name in known:
        return Layer(kind=KNOWN_TO_ISSUER, state="passed", said="Its digest is one that is vouched for.")
    if at_issuer:
        said = "This instance issued no record with exactly these bytes: another did, or they were changed."
        return Layer(kind=KNOWN_TO_ISSUER, state="failed", said=said)
    said = (
        "It agrees with itself, but carries no seal, and unsigned bytes cannot show who wrote them. "
        f"Compare its SHA-256 ({name}) with the digest on the cover of the sealed PDF (--known), or give a proof that "
        "lies beside it (--envelope, --signature). The issuer's page knows which records it issued."
    )
    return Layer(kind=SEAL, state="unproven", said=said)
