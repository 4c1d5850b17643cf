"""Keeping what a run found: a measurement of the draft, and the answers that were chosen from it."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from decisions.drafting import Saved, Sheet, save
from decisions.measuring import add_measurements
from decisions.models import Collection, Decision, Progress, User


def keep(
    decision: Decision, run: Collection, user: User, wanted: Iterable[str], *, seen: int, now: dt.datetime
) -> Saved | None:
    """Keep a run that has come to its end, once; None when it was kept before or found nothing.

    `wanted` are the paths to fill in, `seen` the version of the draft that was looked at. Raises ConflictError.
    """
    if run.packed is None:
        return None
    answers = run.packed["answers"]
    chosen = {path: answers[path][0] for path in wanted if path in answers}
    origins = {path: {"source": answers[path][1], "date": run.ends_at.date().isoformat()} for path in chosen}
    with transaction.atomic():
        if not Collection.objects.move(run.pk, (Progress.DONE,), status=Progress.KEPT):
            return None
        add_measurements(decision, user, [run.packed], now)
        return save(decision, Sheet(user=user, seen=seen, now=now, page="prometheus", origins=origins), chosen)
