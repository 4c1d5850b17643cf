"""Step 2 from Prometheus: connections of the system, runs of the questions, and what they found."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from decisions.access import draft_of, person
from decisions.advice import advise
from decisions.advisor.questions import FIELDS
from decisions.drafting import plain
from decisions.forms import in_words, question_text
from decisions.intake.recipes import prometheus_commands
from decisions.intake.sources import SOURCES
from decisions.models import Collection, ConflictError, Connection, Decision, Progress, User
from decisions.models.prometheus import OPEN
from decisions.prometheus.collecting import begun
from decisions.prometheus.connection import LABELS, MOST_CONNECTIONS, Method, check
from decisions.prometheus.figures import WORDS, unknowns
from decisions.prometheus.forms import HOURS, ConnectionForm, WindowForm
from decisions.prometheus.joining import forget, join
from decisions.prometheus.keeping import keep
from decisions.views.panel import frame, last_move

CURRENT = 2
"""The number of the step this page belongs to."""
SLOW = dt.timedelta(seconds=20)
"""A run that waits longer has nobody who does it."""
EXAMPLE = "https://prometheus.example.org"


def prometheus(request: HttpRequest, organisation: str, number: str) -> HttpResponse:
    """Connections to Prometheus of the draft's system: add, test, remove; ask, follow, call off, keep."""
    user = person(request)
    decision = draft_of(user, organisation, number)
    if not decision.is_draft:
        return redirect(decision)
    if request.method != "POST":
        part = "#progress" if request.GET.get("follow") and getattr(request, "htmx", None) else ""
        return _page(request, decision, part=part)
    acts = {"add": _add, "test": _test, "remove": _remove, "run": _run, "cancel": _cancel, "keep": _keep}
    act = acts.get(request.POST.get("act", ""))
    return act(request, user, decision) if act else _page(request, decision, 422)


def _page(request: HttpRequest, decision: Decision, status: int = 200, part: str = "", **given: Any) -> HttpResponse:
    run = decision.collections.select_related("connection", "asked_by").first()
    context: dict[str, Any] = {"decision": decision, "run": run, **_shown(decision, run)}
    if not part:
        method = _method(request)
        forms = given.get("windows", {})
        connections = decision.system.connections.select_related("created_by")
        context |= frame(decision, advise(decision.judged), CURRENT, last_move(decision))
        context |= {
            "rows": [
                (one, LABELS[Method(one.method)], forms.get(one.pk) or WindowForm(one), _notes(one))
                for one in connections
            ],
            "form": ConnectionForm(method),
            "method": method.value,
            "methods": [(one.value, label) for one, label in LABELS.items()],
            "baseline_address": decision.address("baseline"),
            **_commands(request),
            **given,
        }
    return render(request, f"prometheus/prometheus.html{part}", context, status=status)


def _shown(decision: Decision, run: Collection | None) -> dict[str, Any]:
    """What a page says about the newest run."""
    if run is None:
        return {}
    stuck = run.status == Progress.WAITING and timezone.now() - run.asked_at > SLOW
    found: dict[str, Any] = {"now": WORDS.get(run.now, ""), "stuck": stuck, "source": SOURCES[run.source]}
    if run.packed:
        found |= {
            "offers": _offers(decision, run.packed["file"], run.packed["answers"]),
            "unknowns": unknowns(run.unanswered),
        }
    return found


def _offers(decision: Decision, where: str, answers: Mapping[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """(path, words, value, what stands now, how it comes about) of every question the run answers."""
    rows = []
    for path in sorted(answers, key=list(FIELDS).index):
        value, source = answers[path]
        now = plain(decision.case, path)
        words = FIELDS[path].label or question_text(path)
        how = source.partition(f" in {where}")[0].rstrip(",")
        rows.append((path, words, in_words(path, value), "" if now is None else in_words(path, now), how))
    return rows


def _notes(connection: Connection) -> list[str]:
    return [
        f"{SOURCES[one['source']].label}: {note}" for one in connection.found if (note := SOURCES[one["source"]].note)
    ]


def _method(request: HttpRequest) -> Method:
    wanted = request.POST.get("method") or request.GET.get("method") or Method.NONE
    return Method(wanted) if wanted in {one.value for one in Method} else Method.NONE


def _commands(request: HttpRequest) -> dict[str, Any]:
    """The commands to copy, for those who cannot open their Prometheus to this server."""
    source = request.GET.get("commands", "")
    hours = request.GET.get("hours", "")
    chosen = int(hours) if hours in {str(number) for number, _ in HOURS} else 24
    return {
        "sources": [(name, one.label) for name, one in SOURCES.items()],
        "hours": HOURS,
        "chosen_source": source,
        "chosen_hours": chosen,
        "commands": prometheus_commands(EXAMPLE, source, hours=chosen) if source in SOURCES else "",
    }


def _add(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    form = ConnectionForm(_method(request), request.POST)
    if decision.system.connections.count() >= MOST_CONNECTIONS:
        form.add_error(None, f"A system has at most {MOST_CONNECTIONS} connections. Remove one that is not used.")
    if not form.is_valid():
        return _page(request, decision, 422, form=form)
    added = join(decision, user, form, timezone.now())
    return _tested(request, decision, added)


def _test(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    del user
    return _tested(request, decision, _connection(request, decision))


def _tested(request: HttpRequest, decision: Decision, connection: Connection) -> HttpResponse:
    check(connection, timezone.now())
    if connection.problem:
        messages.warning(request, f"{connection.address}: {connection.problem}")
    else:
        messages.success(request, f"{connection.address} answers.")
    return redirect(decision.address("prometheus"))


def _connection(request: HttpRequest, decision: Decision) -> Connection:
    key = request.POST.get("connection", "")
    return get_object_or_404(decision.system.connections, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)


def _remove(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    connection = _connection(request, decision)
    forget(decision, user, connection, timezone.now())
    messages.info(request, f"{connection.address} and its credentials are removed. What was kept from it stays.")
    return redirect(decision.address("prometheus"))


def _run(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    connection = _connection(request, decision)
    form = WindowForm(connection, request.POST)
    if not form.is_valid():
        return _page(request, decision, 422, windows={connection.pk: form}, problem=connection.pk)
    if begun(decision, connection, user, form.cleaned_data) is None:
        messages.warning(request, "A run is under way. Wait for it, or call it off first.")
        return redirect(decision.address("prometheus"))
    return redirect(decision.address("prometheus") + "#run")


def _cancel(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    del user
    key = request.POST.get("run", "")
    for run in decision.collections.filter(pk=int(key) if key.isdecimal() and len(key) < 19 else 0):
        if Collection.objects.move(run.pk, OPEN, status=Progress.CANCELLED, now=""):
            messages.info(request, "Called off. The question under way may still come to its end.")
    return redirect(decision.address("prometheus"))


def _keep(request: HttpRequest, user: User, decision: Decision) -> HttpResponse:
    """Keep what the run found as a measurement, and fill in the answers that were ticked."""
    key = request.POST.get("run", "")
    run = get_object_or_404(decision.collections, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
    if run.packed is None:
        raise Http404
    try:
        saved = keep(decision, run, user, request.POST.getlist("use"), seen=decision.version, now=timezone.now())
    except ConflictError as error:
        messages.warning(request, str(error))
        return redirect(decision.address("prometheus"))
    if saved is None:
        messages.info(request, "This run was kept before.")
        return redirect(decision.address("step", CURRENT))
    if saved.problems:
        texts = "; ".join(f"{question_text(one.path)} {one.text}" for one in saved.problems)
        messages.warning(request, f"Kept, but some answers contradict each other and were left out: {texts}")
    else:
        count = len(saved.changed)
        messages.success(request, f"Kept. {count} figure{'' if count == 1 else 's'} filled in from Prometheus.")
    return redirect(decision.address("step", CURRENT))
