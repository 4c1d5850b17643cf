"""Asking Prometheus for a draft: connections of its system, runs of the fixed questions, keeping what they found."""

import datetime as dt
from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema, Status

from decisions.api.caller import caller, decision_of, matched, once, writable
from decisions.api.measuring import drafted
from decisions.api.problems import Problem
from decisions.api.shapes import REFUSALS, DecisionOut
from decisions.models import Collection, ConflictError, Connection, Decision, Progress
from decisions.models.prometheus import OPEN
from decisions.prometheus.collecting import begun
from decisions.prometheus.connection import MOST_CONNECTIONS, Method, check
from decisions.prometheus.forms import ConnectionForm, WindowForm
from decisions.prometheus.joining import forget, join
from decisions.prometheus.keeping import keep
from decisions.tokens import Bearer, Scope

router = Router(tags=["prometheus"])
ONE = "/decisions/{organisation}/{number}"
CONNECTION = f"{ONE}/connections/{{int:key}}"
RUN = f"{ONE}/runs/{{int:key}}"


class ConnectionOut(Schema):
    """A connection. Its credentials are never given back."""

    id: int
    address: str
    method: str
    tenant: str
    checked_at: dt.datetime | None
    problem: str = Field(description="Why the last check failed; empty when it did not.")
    sources: list[str] = Field(description="What requests can be read from, best first; one of them is asked for.")

    @staticmethod
    def of(one: Connection) -> "ConnectionOut":
        """From a row."""
        same = ("address", "method", "tenant", "checked_at", "problem")
        found = [entry["source"] for entry in one.found]
        return ConnectionOut(id=one.pk, sources=found, **{name: getattr(one, name) for name in same})


class ConnectionsOut(Schema):
    """The connections of the decision's system."""

    items: list[ConnectionOut]


class ConnectionIn(Schema):
    """Where Prometheus is. Which of the other fields are needed depends on `method`."""

    address: str
    method: Method = Method.NONE
    tenant: str = ""
    authority: str = Field("", description="PEM, where the server has a certificate of your own.")
    username: str = ""
    password: str = ""
    token: str = ""
    certificate: str = ""
    key: str = ""
    access_key: str = ""
    secret_key: str = ""
    session_token: str = ""
    region: str = ""


class WindowIn(Schema):
    """What to ask."""

    source: str
    hours: int = Field(24, description="1, 6, 24, 72, 168 or 720.")
    until: dt.datetime | None = None


class RunOut(Schema):
    """A run of the questions."""

    id: int
    status: str = Field(description="waiting, running, done, failed, cancelled or kept.")
    source: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    done: int
    total: int
    problem: str
    answers: dict[str, Any] = Field(description="What was found, by path; empty until the run is done.")
    unanswered: dict[str, str] = Field(description="Why a figure is not known.")

    @staticmethod
    def of(one: Collection) -> "RunOut":
        """From a row."""
        same = ("status", "source", "starts_at", "ends_at", "done", "total", "problem", "unanswered")
        found = {path: value for path, (value, _source) in one.packed["answers"].items()} if one.packed else {}
        return RunOut(id=one.pk, answers=found, **{name: getattr(one, name) for name in same})


class KeepIn(Schema):
    """Which answers are filled in, by path."""

    use: list[str]


class KeptOut(Schema):
    """The draft after a run was kept."""

    decision: DecisionOut
    left_out: list[dict[str, str]] = Field(description="Answers that contradict others: where and what.")


@router.get(f"{ONE}/connections", response={200: ConnectionsOut, **REFUSALS}, summary="Connections to Prometheus")
def connections(request: HttpRequest, organisation: str, number: str) -> ConnectionsOut:
    """Those of the system that the draft is about."""
    _, decision = _draft(request, organisation, number)
    return ConnectionsOut(items=[ConnectionOut.of(one) for one in decision.system.connections.all()])


@router.post(f"{ONE}/connections", response={201: ConnectionOut, **REFUSALS}, summary="Add a connection")
@once
def add_connection(request: HttpRequest, organisation: str, number: str, body: ConnectionIn) -> Status[ConnectionOut]:
    """Kept with its credentials encrypted, and tested at once: `problem` says what the test found wrong."""
    bearer, decision = _draft(request, organisation, number)
    if decision.system.connections.count() >= MOST_CONNECTIONS:
        raise Problem(409, f"A system has at most {MOST_CONNECTIONS} connections. Remove one that is not used.")
    form = ConnectionForm(body.method, body.dict())
    _refuse(form)
    added = join(decision, bearer.user, form, timezone.now())
    check(added, timezone.now())
    return Status(201, ConnectionOut.of(added))


@router.post(f"{CONNECTION}/test", response={200: ConnectionOut, **REFUSALS}, summary="Test a connection")
def check_connection(request: HttpRequest, organisation: str, number: str, key: int) -> ConnectionOut:
    """Ask which sources are there."""
    _, decision = _draft(request, organisation, number)
    found = _connection(decision, key)
    check(found, timezone.now())
    return ConnectionOut.of(found)


@router.delete(CONNECTION, response={204: None, **REFUSALS}, summary="Remove a connection")
def remove_connection(request: HttpRequest, organisation: str, number: str, key: int) -> Status[None]:
    """With its credentials. What was kept from it stays."""
    bearer, decision = _draft(request, organisation, number)
    found = _connection(decision, key)
    forget(decision, bearer.user, found, timezone.now())
    return Status(204, None)


@router.post(f"{CONNECTION}/runs", response={202: RunOut, **REFUSALS}, summary="Ask Prometheus")
@once
def ask(request: HttpRequest, organisation: str, number: str, key: int, body: WindowIn) -> Status[RunOut]:
    """The fixed questions over a window, beside the request: 202 names the run. It takes the place of the last one."""
    bearer, decision = _draft(request, organisation, number)
    found = _connection(decision, key)
    form = WindowForm(found, body.dict())
    _refuse(form)
    run = begun(decision, found, bearer.user, form.cleaned_data)
    if run is None:
        raise Problem(409, "A run is under way. Wait for it, or call it off first.")
    return Status(202, RunOut.of(run))


@router.get(RUN, response={200: RunOut, **REFUSALS}, summary="A run")
def run(request: HttpRequest, organisation: str, number: str, key: int) -> RunOut:
    """How far it is, and what it found."""
    return RunOut.of(_run(_draft(request, organisation, number)[1], key))


@router.delete(RUN, response={204: None, **REFUSALS}, summary="Call off a run")
def call_off_run(request: HttpRequest, organisation: str, number: str, key: int) -> Status[None]:
    """The question under way may still come to its end."""
    found = _run(_draft(request, organisation, number)[1], key)
    if not Collection.objects.move(found.pk, OPEN, status=Progress.CANCELLED, now=""):
        raise Problem(409, f"The run is {found.status}; there is nothing to call off.")
    return Status(204, None)


@router.post(f"{RUN}/keep", response={200: KeptOut, **REFUSALS}, summary="Keep what a run found")
@once
def keep_run(request: HttpRequest, organisation: str, number: str, key: int, body: KeepIn) -> Status[KeptOut]:
    """As a measurement, and the answers named in `use` filled in. Needs If-Match."""
    bearer, decision = _draft(request, organisation, number)
    matched(request, decision)
    found = _run(decision, key)
    try:
        saved = keep(decision, found, bearer.user, body.use, seen=decision.version, now=timezone.now())
    except ConflictError as error:
        raise Problem(409, str(error)) from error
    if saved is None:
        raise Problem(409, f"The run is {found.status}. It can be kept once, when it is done.")
    left_out = [{"where": one.path, "what": one.text} for one in saved.problems]
    draft = DecisionOut.of(decision_of(bearer, organisation, number))
    return Status(200, KeptOut(decision=draft, left_out=left_out))


def _draft(request: HttpRequest, organisation: str, number: str) -> tuple[Bearer, Decision]:
    bearer = caller(request, Scope.MEASURE)
    return bearer, drafted(writable(bearer, decision_of(bearer, organisation, number)))


def _connection(decision: Decision, key: int) -> Connection:
    found = decision.system.connections.filter(pk=key if key < 2**62 else 0).first()
    if found is None:
        raise Problem(404, "The system of this decision has no such connection.")
    return found


def _run(decision: Decision, key: int) -> Collection:
    found = decision.collections.select_related("connection").filter(pk=key if key < 2**62 else 0).first()
    if found is None:
        raise Problem(404, "There is no such run of this decision; a new one takes the place of the last.")
    return found


def _refuse(form: Form) -> None:
    """Nothing, when the form holds. Raises Problem."""
    if not form.is_valid():
        wrong = [
            {"where": "" if name == "__all__" else name, "what": str(said)}
            for name, texts in form.errors.items()
            for said in texts
        ]
        raise Problem(422, "This cannot be used as it is.", wrong)
