"""Brings sealed files up to the level that the settings ask for, and stamps them anew before a certificate ends.

The newest PDF of each record is looked at, also of decisions that were superseded long ago. The file as it was stays,
byte for byte, at the front of the new one, and its own row is kept.
"""

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django_tasks import task

from decisions import sealing, stamps
from decisions.models import Edition, Sealing, SealState
from decisions.signing.stamping import StampError
from decisions.tasks import try_again

BEFORE = dt.timedelta(days=90)
"""How long before the certificate of a stamp ends the next one is put on: time for a service that is out of order."""
AT_ONCE = 200
"""Files that one run stamps; the rest follows with the next."""

log = logging.getLogger(__name__)


def due(now: dt.datetime) -> QuerySet[Sealing]:
    """What has less than B-LTA, or a stamp whose certificate ends soon; only each record's newest edition."""
    newest = Sealing.objects.filter(record=OuterRef("record"), state=SealState.DONE).order_by("-asked_at", "-pk")
    lacking = Q(level__in=(sealing.BB, sealing.BT)) | Q(renew_by__lt=now + BEFORE)
    found = Sealing.objects.filter(lacking, state=SealState.DONE, pk=Subquery(newest.values("pk")[:1]))
    return found.select_related("record__decision__organisation").order_by("asked_at", "pk")


@task()
def renew_all() -> int:
    """Stamp what is due; how many files were. The first failure ends the run: the service is asked again later."""
    if stamps.service() is None:
        return 0
    done = 0
    for row in due(timezone.now())[:AT_ONCE]:
        try:
            done += renewed(row)
        except StampError as error:
            Sealing.objects.filter(pk=row.pk).update(problem=sealing.lacks(row.level, error))
            log.warning("time stamps were not renewed: %s", error)
            break
    return done


@task()
def stamp_later(sealing_pk: int, attempt: int = 1) -> str:
    """Put the time stamp on a file that was sealed without; tried again while the service does not answer."""
    row = Sealing.objects.select_related("record__decision__organisation").get(pk=sealing_pk)
    if row.level not in {sealing.BB, sealing.BT} or stamps.service() is None:
        return row.level
    try:
        renewed(row)
    except StampError as error:
        Sealing.objects.filter(pk=row.pk).update(problem=sealing.lacks(row.level, error))
        try_again(stamp_later, attempt, sealing_pk)
    row.refresh_from_db()
    return row.level


def renewed(row: Sealing) -> bool:
    """Keep the newest PDF of the record with one more stamp on it. StampError; False when another was faster."""
    service, now = stamps.service(), timezone.now()
    newest = row.record.rendering("pdf")
    if service is None or newest is None:
        return False
    made = stamps.over(bytes(newest.content), service, now)
    level, ends = sealing.reached(made, now)
    with transaction.atomic():
        before = {"level": row.level, "renew_by": row.renew_by}
        mine = Sealing.objects.filter(pk=row.pk, **before).update(
            level=level, renew_by=ends, problem="", attempts=F("attempts") + 1, changed_at=now
        )
        if mine:
            count = row.record.renderings.filter(edition__startswith=Edition.RENEWED).count()
            sealing.keep(row.record, {"pdf": made}, f"{Edition.RENEWED} {count + 1}", now)
    return bool(mine)
