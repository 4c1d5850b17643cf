"""Replay: a record is drafted anew from the inputs it carries, and held against itself, byte for byte.

A record carries its case, the origin of its measurements and what it is filed under; with the engine and the catalogue
that it names, these give the same bytes. Where one of the two is another version by now, nothing can be said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from decisions.advisor import case as cases
from decisions.advisor.catalog.sheets import Catalog
from decisions.advisor.engine import recommend
from decisions.advisor.recommendation import ENGINE_VERSION
from decisions.advisor.record.draft import draft
from decisions.advisor.record.plain import RecordError, canonical, digest, document, read

SHOWN = 10


class Verdict(StrEnum):
    """What a replay comes to."""

    SAME = "same"
    DIFFERENT = "different"
    OTHER_VERSION = "other_version"


@dataclass(frozen=True, kw_only=True)
class Replay:
    """The outcome in words; `given_sha256` and `replayed_sha256` name both records, the second empty if none was made.

    `differences` are paths into the record at which the two part, at most SHOWN of them.
    """

    verdict: Verdict
    because: str
    given_sha256: str
    replayed_sha256: str = ""
    differences: tuple[str, ...] = ()


def replay(given: Mapping[str, object], catalog: Catalog) -> Replay:
    """Draft the record anew and compare. RecordError when the document is none, or its case cannot be read."""
    record = read(given)
    data = canonical(given)
    name = digest(data)
    inputs = record.inputs
    if inputs.engine_version != ENGINE_VERSION:
        return Replay(
            verdict=Verdict.OTHER_VERSION,
            because=f"The record was made by engine {inputs.engine_version}, which is not here; "
            f"this is {ENGINE_VERSION}.",
            given_sha256=name,
        )
    if inputs.catalogue_version != catalog.version:
        return Replay(
            verdict=Verdict.OTHER_VERSION,
            because=f"The record stands on catalogue {inputs.catalogue_version}, which is not here; "
            f"this is {catalog.version}.",
            given_sha256=name,
        )
    try:
        case = cases.read(inputs.case)
    except cases.CaseError as error:
        message = f"the case in the record cannot be read: {error}"
        raise RecordError(message) from error
    again = document(draft(case, recommend(case, catalog), catalog, record.about, measurements=record.measurements))
    replayed = canonical(again)
    if replayed == data:
        return Replay(
            verdict=Verdict.SAME,
            because=f"Engine {inputs.engine_version} and catalogue {inputs.catalogue_version} give the same "
            f"{len(data):,} bytes from its inputs.",
            given_sha256=name,
            replayed_sha256=name,
        )
    differences = tuple(place for place, _ in zip(parted(given, again, "record"), range(SHOWN), strict=False))
    return Replay(
        verdict=Verdict.DIFFERENT,
        because="The same engine and catalogue give other words or numbers from the inputs in the record: "
        "it was changed, or was not made by them.",
        given_sha256=name,
        replayed_sha256=digest(replayed),
        differences=differences,
    )


def parted(one: object, other: object, path: str) -> Iterator[str]:
    """The paths at which two documents of plain JSON types differ."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted({*one, *other}):
            yield from parted(one.get(key), other.get(key), f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for place, (left, right) in enumerate(zip(one, other, strict=True)):
            yield from parted(left, right, f"{path}.{place}")
    elif one != other:
        yield path
