"""A run of the fixed questions, beside the pages: one at a time, to be followed and to be called off.

A run that was interrupted begins anew: it changes nothing but its own row. What it found becomes a measurement when a
person keeps it, like a file that was uploaded.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from decisions.intake import Kind, Reading, read
from decisions.intake.queries import marked, queries, step_s, window_s
from decisions.measuring import packed
from decisions.models import Collection, Connection, Decision, Progress, User
from decisions.models.prometheus import OPEN
from decisions.outbound import Forbidden, Unreachable
from decisions.prometheus.connection import server_of
from decisions.prometheus.figures import unknown
from decisions.prometheus.server import Server, Unanswered, Unusable
from decisions.vault import Locked

MOST_IN_A_ROW = 3
"""So many questions without an answer, one after the other, end a run: the server has enough to do."""
MOST_BYTES = 32 * 1024 * 1024


class Ended(Exception):  # noqa: N818 - it is what the run is
    """The run was called off, or somebody else ended it."""


@task
def collect(key: int) -> None:
    """Ask everything, and keep what came back with the run."""
    run = Collection.objects.select_related("connection").filter(pk=key).first()
    if run is None or not Collection.objects.move(key, OPEN, status=Progress.RUNNING, done=0):
        return
    try:
        server = server_of(run.connection)
        bodies, unanswered = _asked(run, server)
        reading = _read(run, bodies)
        unanswered = unknown([one for one in questions(run) if one not in unanswered], reading) | unanswered
    except Ended:
        return
    except (Forbidden, Unreachable, Unusable, Locked, ValueError) as error:
        Collection.objects.move(key, OPEN, status=Progress.FAILED, problem=str(error), now="")
        return
    changes: dict[str, Any] = {"packed": _packed(run, reading), "unanswered": unanswered, "now": ""}
    Collection.objects.move(key, OPEN, status=Progress.DONE, done=run.total, **changes)


def begun(decision: Decision, connection: Connection, user: User, given: Mapping[str, Any]) -> Collection | None:
    """A new run over the window that a form gives, in place of the last one; None while one is under way."""
    native = any(one["source"] == given["source"] and one["native"] for one in connection.found)
    with transaction.atomic():
        if decision.collections.filter(status__in=OPEN).exists():
            return None
        decision.collections.all().delete()
        run = Collection(
            decision=decision,
            connection=connection,
            asked_by=user,
            asked_at=timezone.now(),
            starts_at=given["until"] - dt.timedelta(hours=given["hours"]),
            ends_at=given["until"],
            source=given["source"],
            native=native,
        )
        run.total = len(questions(run))
        run.save()
        collect.enqueue(run.pk)
    return run


def questions(run: Collection) -> dict[str, str]:
    """PromQL by figure, marked so that its answer says what it is."""
    span = round((run.ends_at - run.starts_at).total_seconds())
    found = queries(run.source, window_s=window_s(span), native=run.native)
    return {figure: marked(query, figure) for figure, query in found.items()}


def _asked(run: Collection, server: Server) -> tuple[list[bytes], dict[str, str]]:
    step = step_s(round((run.ends_at - run.starts_at).total_seconds()))
    bodies: list[bytes] = []
    unanswered: dict[str, str] = {}
    in_a_row = 0
    for place, (figure, query) in enumerate(questions(run).items()):
        if not Collection.objects.move(run.pk, (Progress.RUNNING,), done=place, now=figure):
            raise Ended
        try:
            bodies.append(server.values(query, run.starts_at, run.ends_at, step))
            in_a_row = 0
        except Unanswered as error:
            unanswered[figure] = str(error)
            in_a_row += 1
        if in_a_row == MOST_IN_A_ROW:
            raise Unusable(f"{MOST_IN_A_ROW} questions in a row had no answer. The last: {unanswered[figure]}")
        if sum(map(len, bodies)) > MOST_BYTES:
            raise Unusable("The answers are larger than 32 MiB together. Choose a shorter window.")
    return bodies, unanswered


def _read(run: Collection, bodies: list[bytes]) -> Reading:
    (reading,) = read(b"\n".join(bodies), name(run))
    if reading.kind is not Kind.PROMETHEUS:
        raise Unusable(reading.advice or "The answers could not be read.")
    return reading


def name(run: Collection) -> str:
    """What a measurement of this run is called, where a file has its name."""
    return f"{run.connection.address}, {run.source}, {_moment(run.starts_at)} to {_moment(run.ends_at)}"


def _moment(moment: dt.datetime) -> str:
    return f"{moment.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"


def _packed(run: Collection, reading: Reading) -> dict[str, Any]:
    """The reading as a measurement keeps it, about the window that was asked for."""
    span = (run.ends_at - run.starts_at).total_seconds()
    return packed(reading, span) | {"started": run.starts_at.isoformat(), "seconds": span}
