"""Proofs beside the PDF: the DSSE envelope over a record's files, and the SSH signature over record.json."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from decisions import sealing
from decisions.access import decision_of, person
from decisions.models import Decision, Record
from decisions.signing import envelope


@require_safe
def dsse(request: HttpRequest, organisation: str, number: str, revision: int) -> HttpResponse:
    """The in-toto statement over the files of a revision, in a DSSE envelope."""
    decision, record = _record(request, organisation, number, revision)
    data = sealing.envelope_of(record)
    return _file(data, f"{decision.number}-revision-{revision}.dsse.json", "application/vnd.in-toto+json")


@require_safe
def ssh(request: HttpRequest, organisation: str, number: str, revision: int) -> HttpResponse:
    """The SSH signature over record.json."""
    _, record = _record(request, organisation, number, revision)
    data = envelope.ssh_signature(bytes(record.canonical), sealing.instance_seal())
    return _file(data.encode(), "record.json.sig", "text/plain; charset=utf-8")


@require_safe
def signers(request: HttpRequest, organisation: str, number: str, revision: int) -> HttpResponse:
    """The line that names this instance's key for `ssh-keygen -Y verify -f`."""
    _record(request, organisation, number, revision)
    return _file(envelope.ssh_signers(sealing.instance_seal()).encode(), "allowed_signers", "text/plain; charset=utf-8")


@require_safe
def certificate(request: HttpRequest, organisation: str, number: str, revision: int) -> HttpResponse:
    """The certificate of the key that signed them, under the authority's."""
    _record(request, organisation, number, revision)
    return _file(sealing.instance_seal().certificate_pem, "seal.pem", "application/x-pem-file")


def _record(request: HttpRequest, organisation: str, number: str, revision: int) -> tuple[Decision, Record]:
    decision = decision_of(person(request), organisation, number)
    record = get_object_or_404(decision.records, revision=revision)
    if not record.renderings.filter(kind="pdf").exists():
        raise Http404
    return decision, record


def _file(data: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-cache"
    return response
