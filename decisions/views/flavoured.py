"""One record in the Markdown dialect of another tool, made when it is asked for: it is no kept file and has no seal."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from decisions.access import decision_of, person
from decisions.rendering.flavours import FLAVOURS, file_name
from decisions.tree import standing_of


@require_safe
def flavoured(request: HttpRequest, organisation: str, number: str, revision: int, flavour: str) -> HttpResponse:
    """The record in one dialect, named as in the exported tree; the newest one with its standing of now."""
    decision = decision_of(person(request), organisation, number)
    record = get_object_or_404(decision.records, revision=revision)
    chosen = next((one for one in FLAVOURS if one.name == flavour), None)
    if chosen is None:
        raise Http404
    is_newest = not decision.records.filter(revision__gt=revision).exists()
    text = chosen.write(json.loads(bytes(record.canonical)), standing_of(decision) if is_newest else None)
    response = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    name = file_name(decision.number)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
