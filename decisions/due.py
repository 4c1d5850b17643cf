"""Reviews that are due: which they are, and the mail that says so."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from decisions.drafting import log
from decisions.languages.dates import written
from decisions.languages.person import language_of
from decisions.models import Decision, DecisionQuerySet, Event, Mailing, Membership, Status, User
from decisions.models.people import APPROVERS
from decisions.tasks import try_again

AT_ONCE = 500
"""Decisions that one run writes about."""


def overdue(reached: DecisionQuerySet, today: dt.date, ahead: int = 0) -> DecisionQuerySet:
    """Accepted decisions whose review was due before today, or is within so many days; the oldest date first."""
    border = Q(review_on__lt=today) if not ahead else Q(review_on__lte=today + dt.timedelta(days=ahead))
    return reached.filter(border, status=Status.ACCEPTED).order_by("review_on", "pk")


@task
def remind() -> int:
    """Have authors and approvers written to about reviews that are due, once for each date; how many decisions.

    Without a mail server nothing is sent and nothing counts as sent. Two workers share the decisions: whoever sets the
    mark of one writes about it, and a mail that is in line is sent once or not at all.
    """
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return 0
    now = timezone.now()
    waiting = Decision.objects.exclude(reminded_for=F("review_on"))
    due = list(overdue(waiting, now.date()).with_names().defer("case", "words")[:AT_ONCE])
    with transaction.atomic():
        claimed = {one.pk: one for one in due if _claimed(one)}
        events = {one.pk: log(one, None, "reminded", now, review_on=str(one.review_on)) for one in claimed.values()}
        for person, decisions in by_person(claimed.values()).items():
            mail_reminder.enqueue(person.pk, [events[one.pk].pk for one in decisions])
    return len(claimed)


def _claimed(one: Decision) -> bool:
    """Whether it is this run that writes about the review of this date."""
    same = Decision.objects.filter(pk=one.pk, status=Status.ACCEPTED, review_on=one.review_on)
    return bool(same.exclude(reminded_for=one.review_on).update(reminded_for=one.review_on))


@task
def mail_reminder(person_pk: int, event_pks: list[int], attempt: int = 1) -> None:
    """Write to one person about reviews. What is marked as mailed is left out, and the mark is set before the mail."""
    person = User.objects.get(pk=person_pk)
    events = Event.objects.filter(pk__in=event_pks).order_by("pk")
    fresh = [one for one in events if Mailing.objects.get_or_create(event=one, user=person, defaults=_sent_now())[1]]
    mine = Decision.objects.of(person).filter(pk__in=[one.decision_id for one in fresh])
    decisions = list(mine.with_names().defer("case", "words").order_by("review_on", "pk"))
    if not decisions or not person.is_active:
        return
    try:
        with translation.override(language_of(person) or settings.LANGUAGE_CODE):
            send_mail(subject(decisions), text(person, decisions), None, [person.email])
    except OSError:
        Mailing.objects.filter(user=person, event__in=fresh).delete()
        try_again(mail_reminder, attempt, person_pk, event_pks)


def _sent_now() -> dict[str, dt.datetime]:
    return {"sent_at": timezone.now()}


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
        return f"{_('Review due')}: {decisions[0].number} {decisions[0].title}"[:120]
    return _("%(count)d decisions are due for review") % {"count": len(decisions)}


def text(person: User, decisions: list[Decision]) -> str:
    """The mail."""
    lines = [
        f"- {one.number} {one.title} ({one.team}), {_('due')} {written(one.review_on, 'DATE_FORMAT')}\n"
        f"  {settings.ORIGIN}{one.get_absolute_url()}"
        for one in decisions
    ]
    return (
        f"{person.name},\n\n{_('these decisions were to be looked at again:')}\n\n"
        + "\n".join(lines)
        + f"\n\n{_('Open one and supersede it: the new draft starts from its answers and names the next review.')}\n"
    )
