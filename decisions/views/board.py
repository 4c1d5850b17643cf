"""The board of those who answer for an organisation: where its decisions stand; each number opens its list."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from decisions import reassessment
from decisions.access import administered, overseen, person
from decisions.models import Decision, DecisionQuerySet, Membership, Organisation, Outlook, ReassessmentRound, Status
from decisions.models.people import User
from decisions.rendering.charts import Column, ColumnChart, columns
from decisions.views import narrowing
from decisions.views.listing import numbers
from decisions.views.narrowing import TITLES

MONTHS = 12
"""Months that "over time" looks back, the running one included."""
NOT_YOURS = "The board is for administrators, and for people with a role in a whole organisation."
SHORT = {"cni-encryption": "CNI", "ebpf-mesh": "eBPF", "ambient-mesh": "Ambient", "sidecar-mesh": "Sidecar"}
"""What stands under a column; the table below it has the whole names."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number with the list it opens."""

    title: str
    count: int
    address: str
    says: str


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Decisions by approach and over time, and what asks for attention."""
    user = person(request)
    ours = answered_for(user)
    today = timezone.localdate()
    decisions = counted(user, ours).order_by()
    rounds = ReassessmentRound.objects.filter(organisation__in=ours).select_related("organisation")
    context = {
        "organisations": ours,
        "figures": figures(decisions, today),
        "by_approach": by_approach(decisions),
        "over_time": over_time(decisions, today),
        "rounds": rounds[: len(ours) + 1],
        "versions": reassessment.versions(),
        "may_reassess": administered(user).exists(),
    }
    return render(request, "board/board.html", context)


@require_POST
def reassess(request: HttpRequest) -> HttpResponse:
    """Have all accepted decisions judged again under today's catalogue; who only reads the board changes nothing."""
    user = person(request)
    ours = list(administered(user))
    if not ours:
        message = "You can read the board, but not have decisions judged again. Administrators of an organisation can."
        raise PermissionDenied(message if overseen(user).exists() else NOT_YOURS)
    for one in ours:
        reassessment.start(one, user, timezone.now())
    messages.success(request, "Accepted decisions are being judged again. The records stay as they were signed.")
    return redirect("board")


def counted(user: User, ours: list[Organisation]) -> DecisionQuerySet:
    """The decisions the board is about: of an organisation that somebody has only a team in, that team's alone."""
    decisions = Decision.objects.filter(organisation__in=[one.pk for one in ours])
    whole = Membership.objects.filter(user=user, team=None, organisation__in=ours).count()
    return decisions if user.is_superuser or whole == len(ours) else decisions.of(user)


def answered_for(user: User) -> list[Organisation]:
    """The organisations whose board somebody may see; PermissionDenied when there is none."""
    found = list(overseen(user))
    if not found:
        raise PermissionDenied(NOT_YOURS)
    return found


def figures(decisions: DecisionQuerySet, today: dt.date) -> list[Figure]:
    """What asks for attention; one query, each number from an index of its own."""
    accepted = decisions.filter(status=Status.ACCEPTED)
    found = numbers(
        {
            "overdue": accepted.filter(review_on__lt=today),
            "unproven": accepted.filter(musts_without_evidence__gt=0),
            "ending": accepted.filter(product__in=narrowing.near_end_of_support(today)),
            "different": accepted.filter(outlook=Outlook.DIFFERENT),
            "numbers": accepted.filter(outlook=Outlook.NUMBERS),
            "proposed": decisions.filter(status=Status.PROPOSED),
        }
    )
    known = (
        ("different", "Would come out differently", "outlook=different", "judged again under today's catalogue"),
        ("overdue", "Reviews overdue", "review=overdue", "accepted, and their date has passed"),
        (
            "unproven",
            "Must-haves kept without evidence",
            "evidence=missing",
            "accepted with such a must-have",
        ),
        ("ending", "Near the end of support", "support=ending", f"within {narrowing.SOON.days} days, by the catalogue"),
        ("numbers", "Same choice, other numbers", "outlook=numbers", "judged again under today's catalogue"),
        ("proposed", "Waiting for approval", "", "proposed and not decided"),
    )
    status = {"proposed": Status.PROPOSED}
    return [
        Figure(
            title=title,
            count=found[name],
            address=f"{reverse('decisions')}?status={status.get(name, Status.ACCEPTED)}{query and '&' + query}",
            says=says,
        )
        for name, title, query, says in known
    ]


def by_approach(decisions: DecisionQuerySet) -> ColumnChart:
    """Accepted decisions by what they recommend."""
    counted = decisions.filter(status=Status.ACCEPTED).order_by().values_list("approach").annotate(Count("pk"))
    found = dict(counted)
    address = f"{reverse('decisions')}?status={Status.ACCEPTED}&approach="
    return columns(
        "Accepted decisions by approach",
        [
            Column(title=title, count=found.get(one, 0), address=f"{address}{one}", short=SHORT.get(one, ""))
            for one, title in TITLES.items()
        ],
    )


def over_time(decisions: DecisionQuerySet, today: dt.date) -> ColumnChart:
    """Decisions by the month they were decided in, the last ones; one query, each month from an index."""
    begins = months(today)
    ends = [*begins[1:], following(begins[-1])]
    counts = numbers(
        {
            str(first): decisions.filter(decided_at__gte=moment(first), decided_at__lt=moment(end))
            for first, end in zip(begins, ends, strict=True)
        }
    )
    return columns(
        f"Decided in the last {MONTHS} months",
        [
            Column(
                title=f"{first:%b %y}" if first.month == 1 else f"{first:%b}",
                short=f"{first:%b}",
                count=counts[str(first)],
                address=f"{reverse('decisions')}?from={first}&until={end - dt.timedelta(days=1)}",
            )
            for first, end in zip(begins, ends, strict=True)
        ],
    )


def months(today: dt.date) -> Sequence[dt.date]:
    """The first days of the last months, the oldest first."""
    first = today.replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        found.append((found[-1] - dt.timedelta(days=1)).replace(day=1))
    return found[::-1]


def following(first: dt.date) -> dt.date:
    """The first day of the month after."""
    return (first + dt.timedelta(days=32)).replace(day=1)


def moment(day: dt.date) -> dt.datetime:
    """Its first instant."""
    return dt.datetime.combine(day, dt.time(), dt.UTC)
