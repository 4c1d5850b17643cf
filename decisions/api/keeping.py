"""What is kept beside decisions: saved filters of the account, and records that came from elsewhere."""

import datetime as dt

from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from ninja import Field, File, Form, Query, Router, Schema, Status
from ninja.files import UploadedFile

from decisions import importing
from decisions.api.caller import caller, once
from decisions.api.pages import Asked, Words, paged
from decisions.api.problems import Problem
from decisions.api.shapes import REFUSALS
from decisions.intake import adr
from decisions.models import ImportedRecord, SavedFilter, Team
from decisions.models.people import AUTHORS
from decisions.tokens import Scope
from decisions.views import narrowing
from decisions.views.saved import MOST

router = Router(tags=["lists and imports"])


class FilterIn(Schema):
    """A view of the list under a name."""

    name: Words = Field(min_length=1, max_length=60)
    query: Words = Field(min_length=1, max_length=1000, examples=["status=accepted&review=overdue"])


class FilterOut(FilterIn):
    """A saved filter; `query` goes behind the question mark of `GET /decisions`."""

    id: int


class FiltersOut(Schema):
    """All of the account's own."""

    items: list[FilterOut]


@router.get("/filters", response={200: FiltersOut, **REFUSALS}, summary="Saved filters")
def filters(request: HttpRequest) -> FiltersOut:
    """The account's own, by name."""
    own = SavedFilter.objects.of(caller(request, Scope.READ).user)
    return FiltersOut(items=[FilterOut(id=one.pk, name=one.name, query=one.query) for one in own])


@router.post("/filters", response={201: FilterOut, **REFUSALS}, summary="Save a filter")
@once
def save_filter(request: HttpRequest, given: FilterIn) -> Status[FilterOut]:
    """The same name again replaces what was kept under it. Values the list does not offer are left out."""
    bearer = caller(request, Scope.WRITE)
    teams = Team.objects.of(bearer.user).filter(organisation_id=bearer.organisation_id)
    query = narrowing.read(QueryDict(given.query), narrowing.teams_of(list(teams))).address().removeprefix("?")
    if not query:
        raise Problem(422, "Nothing in the query is a filter of the list.", [{"where": "query", "what": given.query}])
    own = SavedFilter.objects.of(bearer.user)
    if own.count() >= MOST and not own.filter(name=given.name).exists():
        raise Problem(409, f"There are {MOST} saved filters already. Delete one first.")
    one, _ = SavedFilter.objects.update_or_create(user=bearer.user, name=given.name, defaults={"query": query})
    return Status(201, FilterOut(id=one.pk, name=one.name, query=one.query))


@router.delete("/filters/{int:key}", response={204: None, **REFUSALS}, summary="Forget a filter")
def delete_filter(request: HttpRequest, key: int) -> Status[None]:
    """One of the account's own."""
    own = SavedFilter.objects.of(caller(request, Scope.WRITE).user)
    gone, _ = own.filter(pk=key if key < 2**62 else 0).delete()
    if not gone:
        raise Problem(404, "The account has no saved filter of this key.")
    return Status(204, None)


class ImportedOut(Schema):
    """A record that came from elsewhere, with what it claims of itself. Nobody approved it here."""

    id: int
    team: str
    source: str
    path: str
    sha256: str
    title: str
    number: int | None
    claimed_status: str
    claimed_date: str
    problems: list[str]
    imported_at: dt.datetime

    @staticmethod
    def of(one: ImportedRecord) -> "ImportedOut":
        """From a row with its team."""
        same = ("source", "path", "sha256", "title", "number", "claimed_status", "claimed_date", "imported_at")
        return ImportedOut(
            id=one.pk,
            team=one.team.name,
            problems=[str(problem) for problem in one.problems],
            **{name: getattr(one, name) for name in same},
        )


class ImportsOut(Schema):
    """A page of them, the newest first."""

    items: list[ImportedOut]
    next: str | None


class BroughtOut(Schema):
    """What an upload gave."""

    new: int
    known: int = Field(description="Here already, byte for byte.")


@router.get("/imports", response={200: ImportsOut, **REFUSALS}, summary="Records from elsewhere")
def imports(request: HttpRequest, asked: Query[Asked]) -> object:
    """As they came, with what each claims."""
    bearer = caller(request, Scope.READ)
    rows = ImportedRecord.objects.of(bearer.user).filter(team__organisation_id=bearer.organisation_id)
    return paged(rows.select_related("team").defer("content"), asked, ImportedOut.of, newest=True)


@router.post("/imports", response={201: BroughtOut, **REFUSALS}, summary="Bring records in")
@once
def bring(request: HttpRequest, file: File[list[UploadedFile]], team: Form[str]) -> Status[BroughtOut]:
    """Markdown, reStructuredText or AsciiDoc files, or a zip, for a team the account writes for. Templates stay out."""
    bearer = caller(request, Scope.WRITE)
    reached = Team.objects.of(bearer.user, AUTHORS).filter(organisation_id=bearer.organisation_id)
    found = reached.filter(name=team.replace("\x00", "")).first()
    if found is None:
        raise Problem(422, "The account may not write for a team of this name.", [{"where": "team", "what": team}])
    if sum(one.size or 0 for one in file) > importing.MAX_UPLOAD:
        raise Problem(413, f"At most {importing.MAX_UPLOAD // 2**20} MiB in one upload. Bring a part of it.")
    named = [((one.name or "file")[-200:], one.read()) for one in file]
    try:
        with transaction.atomic():
            draft = importing.take(bearer.user, found, named, timezone.now())
            new, known = importing.keep(draft, bearer.user, timezone.now())
    except adr.OriginError as error:
        raise Problem(422, str(error)) from error
    return Status(201, BroughtOut(new=new, known=known))


@router.get("/imports/{int:key}/source", response={200: None, **REFUSALS}, summary="The bytes of such a record")
def source(request: HttpRequest, key: int) -> HttpResponse:
    """As they came."""
    bearer = caller(request, Scope.READ)
    rows = ImportedRecord.objects.of(bearer.user).filter(team__organisation_id=bearer.organisation_id)
    row = rows.filter(pk=key if key < 2**62 else 0).first()
    if row is None:
        raise Problem(404, "There is no such record here.")
    answer = HttpResponse(bytes(row.content), content_type="text/plain; charset=utf-8")
    answer["ETag"] = f'"{row.sha256}"'
    return answer
