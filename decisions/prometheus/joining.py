"""Adding a connection to the system of a draft, and taking one away: for the page and the interface alike."""

import datetime as dt

from django.db import transaction

from decisions.drafting import log
from decisions.models import Connection, Decision, User
from decisions.prometheus.connection import connect
from decisions.prometheus.forms import ConnectionForm


def join(decision: Decision, user: User, form: ConnectionForm, now: dt.datetime) -> Connection:
    """The connection that a form which holds describes; who added it stands in the history of the draft."""
    given = form.cleaned_data
    with transaction.atomic():
        added = connect(
            decision.system,
            user,
            now,
            place=given["address"],
            method=form.method,
            tenant=given["tenant"],
            secret=form.secret,
        )
        log(decision, user, "connected", now, address=added.address, method=added.method)
    return added


def forget(decision: Decision, user: User, connection: Connection, now: dt.datetime) -> None:
    """Forget a connection with its credentials."""
    with transaction.atomic():
        log(decision, user, "disconnected", now, address=connection.address)
        connection.delete()
