"""Records from elsewhere: the list of them, bringing them in, and each as it came."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from decisions import importing
from decisions.access import person
from decisions.intake import adr
from decisions.intake.adr.frontmatter import split
from decisions.models import ImportDraft, ImportedRecord, Team
from decisions.models.people import AUTHORS
from decisions.rendering import foreign
from decisions.views.uploads import uploaded

SHOWN = 200
"""Rows of the list on one page."""
ACTS_SHOWN = 20
"""How many of the latest times that somebody brought records in are named under the list."""


class Bring(forms.Form):
    """Which team takes the records in."""

    team = forms.ModelChoiceField(Team.objects.none(), empty_label=None)

    def __init__(self, teams: QuerySet[Team], *arguments: object) -> None:
        super().__init__(*arguments)  # type: ignore[arg-type]
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """What was brought in from elsewhere, the newest first, in pages."""
    user = person(request)
    place = request.GET.get("from", "")
    start = int(place) if place.isdecimal() and len(place) < 9 else 0
    rows = ImportedRecord.objects.of(user).select_related("team").defer("content", "problems", "relations")
    page = list(rows[start : start + SHOWN + 1])
    context = {
        "acts": [] if start else ImportedRecord.objects.of(user).acts(ACTS_SHOWN),
        "rows": page[:SHOWN],
        "next": start + SHOWN if len(page) > SHOWN else None,
        "may_bring": Team.objects.of(user, AUTHORS).exists(),
    }
    return render(request, "imported/imports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Upload files; nothing is kept before it was looked at."""
    user = person(request)
    teams = Team.objects.of(user, AUTHORS).select_related("organisation")
    if not teams.exists():
        message = "You can read what others brought in. Authors can bring records in themselves."
        raise PermissionDenied(message)
    form = Bring(teams, request.POST or None)
    problem = ""
    if request.method == "POST" and form.is_valid():
        files, refused = uploaded(request)
        read = [
            (name, content if isinstance(content, bytes) else content.read(importing.MAX_UPLOAD + 1))
            for name, content in files
        ]
        if refused or any(len(data) > importing.MAX_UPLOAD for _, data in read):
            problem = f"Too large: at most {importing.MAX_UPLOAD // 2**20} MiB in one upload. Bring a part of it."
        elif not read:
            problem = "Choose a file first."
        else:
            try:
                draft = importing.take(user, form.cleaned_data["team"], read, timezone.now())
            except adr.OriginError as error:
                problem = str(error)
            else:
                return redirect("found", draft.pk)
    context = {"form": form, "teams": teams, "problem": problem, "most_mib": importing.MAX_UPLOAD // 2**20}
    return render(request, "imported/bring.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest, pk: int) -> HttpResponse:
    """What an upload holds; it is kept or thrown away from here."""
    user = person(request)
    draft = get_object_or_404(ImportDraft.objects.of(user).select_related("team"), pk=pk)
    if not Team.objects.of(user, AUTHORS).filter(pk=draft.team_id).exists():
        message = f"You are no author of {draft.team} any more."
        raise PermissionDenied(message)
    if request.method == "POST":
        if request.POST.get("act") != "keep":
            draft.delete()
            messages.success(request, "Nothing was kept.")
            return redirect("imports")
        new, known = importing.keep(draft, user, timezone.now())
        already = f" {known} were here already." if known else ""
        messages.success(request, f"{new} record{'' if new == 1 else 's'} brought in.{already}")
        return redirect("imports")
    _, entries = importing.looked_at(draft)
    decisions = [one for one in entries if one.decision.kind is adr.Kind.ADR]
    context = {
        "draft": draft,
        "entries": decisions,
        "others": [one for one in entries if one.decision.kind is not adr.Kind.ADR],
        "problems": sum(len(one.problems) for one in decisions),
        "silent": sum(one.decision.status is None for one in decisions),
    }
    return render(request, "imported/found.html", context)


@require_safe
def imported(request: HttpRequest, pk: int) -> HttpResponse:
    """One record as its source wrote it, with what it claims."""
    rows = ImportedRecord.objects.of(person(request)).select_related("team", "imported_by")
    record = get_object_or_404(rows, pk=pk)
    text = bytes(record.content).decode("utf-8", errors="replace")
    is_markdown = not record.path.lower().endswith((".rst", ".rest", ".adoc", ".asciidoc"))
    body = mark_safe(foreign.from_markdown(split(text)[1])) if is_markdown else ""  # noqa: S308 - cleaned by nh3
    return render(request, "imported/imported.html", {"record": record, "body": body, "text": text})


@require_safe
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """The bytes as they came."""
    record = get_object_or_404(ImportedRecord.objects.of(person(request)), pk=pk)
    response = HttpResponse(bytes(record.content), content_type="text/plain; charset=utf-8")
    name = record.path.rpartition("/")[2]
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
