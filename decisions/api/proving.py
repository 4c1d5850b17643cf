"""What proves a record without this instance, and the record as other tools write theirs."""

import json
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from ninja import Router

from decisions import sealing
from decisions.api.caller import caller, decision_of
from decisions.api.problems import Problem
from decisions.api.shapes import REFUSALS
from decisions.models import Decision, Record
from decisions.rendering.flavours import FLAVOURS
from decisions.signing import envelope
from decisions.tokens import Bearer, Scope
from decisions.tree import standing_of

router = Router(tags=["proofs"])
REVISION = "/decisions/{organisation}/{number}/revisions/{int:revision}"


def _signature(record: Record) -> bytes:
    return envelope.ssh_signature(bytes(record.canonical), sealing.instance_seal()).encode()


PROOFS: dict[str, tuple[str, Callable[[Record], bytes]]] = {
    "record.dsse.json": ("application/vnd.in-toto+json", sealing.envelope_of),
    "record.json.sig": ("text/plain; charset=utf-8", _signature),
    "allowed_signers": (
        "text/plain; charset=utf-8",
        lambda _record: envelope.ssh_signers(sealing.instance_seal()).encode(),
    ),
    "seal.pem": ("application/x-pem-file", lambda _record: sealing.instance_seal().certificate_pem),
}
"""Name -> (media type, how its bytes are made)."""


@router.get(f"{REVISION}/proofs/{{name}}", response={200: None, **REFUSALS}, summary="A proof beside a record")
def proof(request: HttpRequest, organisation: str, number: str, revision: int, name: str) -> HttpResponse:
    """`record.dsse.json` (in-toto statement over its files), `record.json.sig` (SSH), `allowed_signers`, `seal.pem`."""
    _, record = _revision(caller(request, Scope.READ), organisation, number, revision)
    if name not in PROOFS:
        raise Problem(404, f"The proofs are {', '.join(PROOFS)}.")
    if not record.renderings.filter(kind="pdf").exists():
        raise Problem(409, "The files of this record are not all made yet. Ask again when its PDF is there.")
    media, made = PROOFS[name]
    return HttpResponse(made(record), content_type=media)


@router.get(f"{REVISION}/flavours/{{name}}", response={200: None, **REFUSALS}, summary="A record in another dialect")
def flavoured(request: HttpRequest, organisation: str, number: str, revision: int, name: str) -> HttpResponse:
    """The Markdown of another tool for decision records; the newest revision with its standing of now."""
    decision, record = _revision(caller(request, Scope.READ), organisation, number, revision)
    chosen = next((one for one in FLAVOURS if one.name == name), None)
    if chosen is None:
        raise Problem(404, f"The dialects are {', '.join(one.name for one in FLAVOURS)}.")
    is_newest = revision == decision.revision
    text = chosen.write(json.loads(bytes(record.canonical)), standing_of(decision) if is_newest else None)
    return HttpResponse(text, content_type="text/markdown; charset=utf-8")


def _revision(bearer: Bearer, organisation: str, number: str, revision: int) -> tuple[Decision, Record]:
    decision = decision_of(bearer, organisation, number)
    record = decision.records.filter(revision=revision if revision < 2**31 else 0).first()
    if record is None:
        raise Problem(404, "There is no such revision.")
    return decision, record
