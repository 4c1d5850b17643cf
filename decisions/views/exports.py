"""The list as a file: every decision that the filters leave, row after row, never all of them in memory."""

import csv
import json
from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from decisions.access import person
from decisions.models import Decision, DecisionQuerySet
from decisions.views import narrowing
from decisions.views.listing import teams_of, within

MEDIA = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
AT_ONCE = 500
"""Rows that are fetched together."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""


class Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """The text itself."""
        return text


@require_safe
def export(request: HttpRequest, kind: str) -> StreamingHttpResponse:
    """The decisions of the list under the same address, as CSV or JSON."""
    if kind not in MEDIA:
        raise Http404
    user = person(request)
    teams = teams_of(user)
    chosen = narrowing.read(request.GET, narrowing.teams_of(teams))
    return stream(narrowing.narrowed(narrowing.searched(within(user, teams), chosen), chosen), kind)


def stream(found: DecisionQuerySet, kind: str) -> StreamingHttpResponse:
    """Decisions as a file, newest first."""
    rows = (in_plain(one) for one in every(found))
    response = StreamingHttpResponse(as_csv(rows) if kind == "csv" else as_json(rows), content_type=MEDIA[kind])
    name = f"decisions-{timezone.localdate():%Y-%m-%d}.{kind}"
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def every(found: DecisionQuerySet) -> Iterator[Decision]:
    """All of them, in batches: no transaction stays open while somebody downloads slowly."""
    found = found.with_names().defer("case", "words").order_by("-pk")
    rows = list(found[:AT_ONCE])
    while rows:
        yield from rows
        rows = list(found.filter(pk__lt=rows[-1].pk)[:AT_ONCE]) if len(rows) == AT_ONCE else []


def in_plain(one: Decision) -> dict[str, Any]:
    """A decision as plain values."""
    return {
        "organisation": one.organisation.slug,
        "number": one.number,
        "title": one.title,
        "status": one.status,
        "team": one.team.name,
        "system": one.system.name,
        "author": one.author.name,
        "approach": one.approach,
        "product": one.product,
        "confidence": one.confidence,
        "revision": one.revision,
        "musts_without_evidence": one.musts_without_evidence,
        "outlook": one.outlook,
        "review_on": one.review_on.isoformat() if one.review_on else None,
        "created_at": one.created_at.isoformat(),
        "changed_at": one.changed_at.isoformat(),
        "decided_at": one.decided_at.isoformat() if one.decided_at else None,
        "address": one.get_absolute_url(),
    }


def as_csv(rows: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    """Lines of CSV after RFC 4180, with a heading."""
    writer: Any = csv.writer(Echo())
    first = next(rows, None)
    if first is None:
        return
    yield writer.writerow(first)
    yield writer.writerow(map(harmless, first.values()))
    for row in rows:
        yield writer.writerow(map(harmless, row.values()))


def harmless(value: object) -> object:
    """A text that a spreadsheet would run as a formula is given a leading apostrophe."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def as_json(rows: Iterator[Mapping[str, Any]]) -> Iterator[str]:
    """One JSON array, an object a line."""
    before = "[\n"
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"
