"""Reviews that are due: which they are, and the mail that says so."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django_tasks import task

from decisions.drafting import log
from decisions.models import Decision, DecisionQuerySet, Event, Membership, Status, User
from decisions.models.people import APPROVERS

AT_ONCE = 500
"""Decisions that one run writes about."""


def overdue(reached: DecisionQuerySet, today: dt.date, ahead: int = 0) -> DecisionQuerySet:
    """Accepted decisions whose review was due before today, or is within so many days; the oldest date first."""
    border = Q(review_on__lt=today) if not ahead else Q(review_on__lte=today + dt.timedelta(days=ahead))
    return reached.filter(border, status=Status.ACCEPTED).order_by("review_on", "pk")


@task
def remind() -> int:
    """Write to authors and approvers about reviews that are due, once for each date; how many decisions that were.

    Without a mail server nothing is sent and nothing counts as sent. A run that is broken off may write twice.
    """
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return 0
    now = timezone.now()
    told = Event.objects.filter(decision=OuterRef("pk"), act="reminded", at__gte=OuterRef("review_on"))
    due = list(
        overdue(Decision.objects.filter(~Exists(told)), now.date()).with_names().defer("case", "words")[:AT_ONCE]
    )
    for person, decisions in by_person(due).items():
        send_mail(subject(decisions), text(person, decisions), None, [person.email])
    for one in due:
        log(one, None, "reminded", now, review_on=str(one.review_on))
    return len(due)


def by_person(due: Iterable[Decision]) -> dict[User, list[Decision]]:
    """Who hears of which decision: its author, and those who approve for its team."""
    found: dict[User, list[Decision]] = defaultdict(list)
    for one in due:
        where = Q(team=one.team_id) | Q(team=None, organisation=one.organisation_id)
        approvers = Membership.objects.filter(where, role__in=APPROVERS).values("user")
        people = User.objects.filter(
            Q(pk__in=[one.author_id, one.reviewer_id or one.author_id]) | Q(pk__in=approvers), is_active=True
        ).exclude(email="")
        for person in people:
            found[person].append(one)
    return found


def subject(decisions: list[Decision]) -> str:
    """The subject of the mail."""
    if len(decisions) == 1:
        return f"Review due: {decisions[0].number} {decisions[0].title}"[:120]
    return f"{len(decisions)} decisions are due for review"


def text(person: User, decisions: list[Decision]) -> str:
    """The mail."""
    lines = [
        f"- {one.number} {one.title} ({one.team}), due {one.review_on:%-d %B %Y}\n"
        f"  {settings.ORIGIN}{one.get_absolute_url()}"
        for one in decisions
    ]
    return (
        f"{person.name},\n\nthese decisions were to be looked at again:\n\n"
        + "\n".join(lines)
        + "\n\nOpen one and supersede it: the new draft starts from its answers and names the next review.\n"
    )
