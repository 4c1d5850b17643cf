"""The page of a decision after the wizard: the frozen record, who stands for it, its files and its history."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from decisions import issue, sealing
from decisions.access import acts, decision_of, draft_of, may_write, person
from decisions.confirmation import CHECKED
from decisions.models import (
    Decision,
    Edition,
    Meaning,
    Outcome,
    Record,
    Rendering,
    Sealing,
    SealState,
    Succession,
    User,
)
from decisions.rendering import FORMATS, html
from decisions.rendering.flavours import FLAVOURS
from decisions.signing.keystore import SealError
from decisions.views.discussion import discussion
from decisions.views.history import Line, lines
from decisions.views.ways import ways

OFFERED = {"pdf": "PDF, sealed", "md": "Markdown", "json": "JSON"}
APPROVED = "PDF, approved and sealed"
MEANINGS = {Meaning.AUTHOR: "Proposed by", Meaning.APPROVAL: "Approved by"}
MEDIA = {one.name: one for one in FORMATS}
EVENTS_SHOWN = 500
CHECKS_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Download:
    """A file of the record that can be taken away."""

    title: str
    address: str
    size: int
    sha256: str


@require_safe
def decision(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """The decision as its newest record says it; a draft is continued instead."""
    found = decision_of(person(request), organisation, number)
    if found.is_draft:
        return redirect(found)
    return page(request, found)


@require_safe
def revision(request: HttpRequest, organisation: str, number: str, revision: int) -> HttpResponse:
    """An earlier revision of the record, as it was frozen."""
    found = decision_of(person(request), organisation, number)
    record = get_object_or_404(found.records, revision=revision)
    return page(request, found, record=record)


@require_safe
def download(request: HttpRequest, organisation: str, number: str, revision: int, kind: str) -> HttpResponse:
    """The kept bytes of a record in one format: the newest edition, or the one asked for."""
    user = person(request)
    decision = decision_of(user, organisation, number)
    kept = Rendering.objects.of(user).filter(record__decision=decision, record__revision=revision, kind=kind)
    edition = request.GET.get("edition", "")
    rendering = (kept.filter(edition=edition) if edition else kept).order_by("-created_at", "-pk").first()
    if rendering is None or kind not in MEDIA:
        raise Http404
    approved = "" if rendering.edition == Edition.PROPOSED else "-approved"
    name = f"{decision.number}-revision-{revision}{approved}{MEDIA[kind].extension}"
    response = HttpResponse(bytes(rendering.content), content_type=MEDIA[kind].media_type)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["ETag"] = f'"{rendering.sha256}"'
    # A browser that shows the file anyway runs nothing in it.
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # Who has the file already is told so, and not sent it again.
    return get_conditional_response(request, etag=response.headers["ETag"], response=response) or response


@require_safe
def files(request: HttpRequest, organisation: str, number: str, revision: int) -> HttpResponse:
    """The files of a record alone: what the page asks for while a PDF is being made."""
    found = decision_of(person(request), organisation, number)
    record = get_object_or_404(found.records, revision=revision)
    writes = may_write(person(request), found)
    return render(request, "decision/files.html", {"decision": found, "writes": writes, **files_of(found, record)})


@require_POST
def seal(request: HttpRequest, organisation: str, number: str, revision: int) -> HttpResponse:
    """Make the PDFs that are due now, in this request: the way out where no worker runs or it has given up."""
    found = draft_of(person(request), organisation, number)
    record = get_object_or_404(found.records, revision=revision)
    try:
        for one in Sealing.objects.filter(record=record).due().select_related("record__decision__organisation"):
            sealing.attempted(one)
    except SealError as error:
        return page(request, found, record=record, problem=str(error), status=503)
    messages.success(request, "The PDF is sealed.")
    return redirect(found)


def page(
    request: HttpRequest,
    decision: Decision,
    *,
    record: Record | None = None,
    open_act: str = "",
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page; after a refused act with the act's form open, what is wrong with it, and what was typed."""
    user = person(request)
    newest = record is None
    record = record or decision.newest_record()
    before, after = family(user, decision)
    allowed = acts(user, decision)
    may = allowed if newest else None
    context: dict[str, Any] = {
        "decision": decision,
        "newest": newest,
        "acts": may,
        "ways": ways(user) if may and may.approve else None,
        "statement": issue.approval_statement(decision),
        "before": before,
        "after": after,
        "history": history(decision, record),
        "revisions": revisions(decision, record),
        "open_act": open_act,
        "problem": problem,
        "typed": request.POST,
    }
    if record is not None:
        writes = {"may_comment": allowed.writes, "writes": allowed.writes}
        context |= frozen(decision, record) | discussion(record) | writes
        context["proposed_it"] = any(
            one.signer_id == user.pk and one.meaning == Meaning.AUTHOR for _, one in context["signatures"]
        )
    if record is not None and decision.status in CHECKED:
        kept = Outcome.objects.filter(record__decision=decision).order_by("-kept_at", "-pk")
        context["checks"] = kept.only("number", "stage", "verdict", "kept_at")[:CHECKS_SHOWN]
    if record is not None and decision.outlook:
        context["reassessed"] = record.reassessments.first()
    return render(request, "decision/decision.html", context, status=status)


def history(decision: Decision, record: Record | None) -> list[Line]:
    """What happened, the newest first."""
    events = decision.events.select_related("actor").order_by("-at", "-pk")[:EVENTS_SHOWN]
    return lines(events, record.revision if record else 0)


def revisions(decision: Decision, record: Record | None) -> list[tuple[int, dt.datetime, str]]:
    """Number, time and digest of each frozen record, newest first; most decisions have the one that is shown."""
    if record is not None and decision.revision == 1:
        return [(record.revision, record.created_at, record.digest)]
    return list(decision.records.order_by("-revision").values_list("revision", "created_at", "digest"))


def frozen(decision: Decision, record: Record) -> dict[str, Any]:
    """What the page shows of a record: the cover, the content, the signatures under it, and its files."""
    document = json.loads(bytes(record.canonical))
    signatures = list(record.signatures.select_related("signer"))
    return {
        "record": record,
        "approved": any(one.meaning == Meaning.APPROVAL for one in signatures),
        "brief": {one["term"]: one["text"] for one in document["brief"]},
        "contents": html.contents(document),
        "content": content(record, document),
        "signatures": [(MEANINGS.get(Meaning(one.meaning), one.meaning), one) for one in signatures],
        **files_of(decision, record),
    }


def files_of(decision: Decision, record: Record) -> dict[str, Any]:
    """The files of a record, and how far its PDFs are."""
    sealings = list(record.sealings.all())
    return {
        "record": record,
        "downloads": list(downloads(decision, record)),
        "flavours": FLAVOURS,
        "due": [one for one in sealings if one.state != SealState.DONE],
        "pending": any(one.is_waiting for one in sealings),
        "slow": any(one.is_slow(timezone.now()) for one in sealings),
        "level": next((one for one in reversed(sealings) if one.level), None),
    }


def content(record: Record, document: Mapping[str, object]) -> SafeString:
    """The record as HTML: as it was kept; our renderer wrote it and escaped every text in it."""
    kept = record.rendering("html")
    return mark_safe(bytes(kept.content).decode() if kept else html.render(document))  # noqa: S308 - see docstring


def downloads(decision: Decision, record: Record) -> Iterable[Download]:
    """The files of a record on offer, and beside an approved PDF the one that was proposed."""
    kept: QuerySet[Rendering] = record.renderings.filter(kind__in=OFFERED).defer("content")
    kept = kept.annotate(size=Length("content")).order_by("-created_at", "-pk")
    seen: set[str] = set()
    for one in sorted(kept, key=lambda one: list(OFFERED).index(one.kind)):
        address = decision.address("download", record.revision, one.kind)
        again = one.kind in seen  # the newest edition comes first and needs no name in the address
        seen.add(one.kind)
        yield Download(
            title=_title(one),
            address=f"{address}?edition={one.edition}" if again else address,
            size=one.size,
            sha256=one.sha256,
        )


def _title(one: Rendering) -> str:
    if one.edition.startswith(Edition.RENEWED):
        return f"{APPROVED}, time stamp renewed"
    return APPROVED if one.edition == Edition.ACCEPTED else OFFERED[one.kind]


def family(user: User, decision: Decision) -> tuple[list[Decision], list[Decision]]:
    """What it started from and what starts from it, as far as the user may see them.

    The relations are asked for first and the decisions by their keys: one question would make either database look
    at every decision there is.
    """
    related = Succession.objects.filter(Q(successor=decision) | Q(predecessor=decision))
    pairs = list(related.values_list("predecessor", "successor"))
    keys = {key for pair in pairs for key in pair} - {decision.pk}
    known = Decision.objects.of(user).filter(pk__in=keys).with_names().defer("case", "words").order_by("pk")
    older = {before for before, _ in pairs}
    found = list(known)
    return [one for one in found if one.pk in older], [one for one in found if one.pk not in older]
