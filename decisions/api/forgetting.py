"""Kept answers are given again for a day; then they are forgotten."""

import datetime as dt

from django.utils import timezone
from django_tasks import task

from decisions.models import KeptAnswer

KEPT_FOR = dt.timedelta(days=1)


@task
def forget_answers() -> int:
    """Forget the answers to Idempotency-Keys that are older than a day; how many they were."""
    gone, _ = KeptAnswer.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return int(gone)
