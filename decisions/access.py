"""The first line of every view: the object, fetched through what the user may see, and what the user may do."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from decisions import approval
from decisions.models import Decision, Membership, Organisation, Role, Status, User
from decisions.models.people import ADMINISTRATORS, APPROVERS, AUTHORS, READERS


def person(request: HttpRequest) -> User:
    """The signed-in user. Every view but the public ones has one: the middleware sees to it."""
    if not isinstance(request.user, User):
        message = "this page needs a signed-in user"
        raise PermissionDenied(message)
    return request.user


def decision_of(user: User, organisation: str, number: str) -> Decision:
    """The decision with everything a page names; 404 for a stranger, as for one that does not exist."""
    # Who may see it is asked once it is found: putting both into one query takes longer than the two queries.
    named = Decision.objects.with_names().select_related("changed_by", "baseline")
    decision = get_object_or_404(named, organisation__slug=organisation, number=number)
    if _held(user, decision).isdisjoint(READERS):
        raise Http404
    return decision


def _held(user: User, decision: Decision) -> frozenset[str]:
    """The roles of the user where the decision is, asked for once for each that was fetched."""
    known: dict[int, frozenset[str]] = decision.__dict__.setdefault("_held", {})
    if user.pk not in known:
        known[user.pk] = Membership.objects.held(user, organisation=decision.organisation_id, team=decision.team_id)
    return known[user.pk]


def organisation_of(user: User, slug: str, roles: tuple[Role, ...] = ADMINISTRATORS) -> Organisation:
    """The organisation, for somebody with one of the roles in all of it; 404 for a stranger, else PermissionDenied."""
    organisation = get_object_or_404(Organisation.objects.of(user), slug=slug)
    if not Membership.objects.oversees(user, roles, organisation.pk):
        message = f"Only administrators of {organisation} as a whole can do this."
        raise PermissionDenied(message)
    return organisation


def draft_of(user: User, organisation: str, number: str) -> Decision:
    """A decision the user may write answers into; whether it still is a draft is for the caller to look at.

    404 for a stranger, PermissionDenied for somebody who may only read it.
    """
    decision = decision_of(user, organisation, number)
    if not may_write(user, decision):
        message = f"You can read {decision.number}, but not change it. Authors of {decision.team} can."
        raise PermissionDenied(message)
    return decision


def overseen(user: User) -> QuerySet[Organisation]:
    """The organisations a person answers for: administrators, and whoever has a role in a whole organisation."""
    if user.is_superuser:
        return Organisation.objects.all()
    held = Membership.objects.filter(Q(team=None) | Q(role=Role.ADMINISTRATOR), user=user)
    return Organisation.objects.filter(pk__in=held.values("organisation"))


def administered(user: User) -> QuerySet[Organisation]:
    """Those of them that the person administers as a whole; who administers one team does not act for the others."""
    if user.is_superuser:
        return Organisation.objects.all()
    held = Membership.objects.filter(role=Role.ADMINISTRATOR, user=user, team=None)
    return Organisation.objects.filter(pk__in=held.values("organisation"))


def may_write(user: User, decision: Decision) -> bool:
    """Whether the user may answer, submit and withdraw it."""
    return not _held(user, decision).isdisjoint(AUTHORS)


@dataclass(frozen=True, kw_only=True)
class Acts:
    """What the user may do with a decision now. `why_not_approve` says what stands in the way of an approver."""

    writes: bool
    """Whether the user is one of its authors, whatever state it is in."""
    write: bool
    withdraw: bool
    approve: bool
    reject: bool
    send_back: bool
    """Ask for changes to what is proposed."""
    deprecate: bool
    succeed: bool
    """Start the decision that will supersede it, or take a rejected one up again."""
    judge: bool = False
    """Have it judged again under today's catalogue."""
    why_not_approve: str = ""


def acts(user: User, decision: Decision) -> Acts:
    """What the user may do with the decision in the state it is in. One query; about a proposed one some more."""
    held = _held(user, decision)
    writes, decides = bool(held.intersection(AUTHORS)), bool(held.intersection(APPROVERS))
    proposed = decision.status == Status.PROPOSED
    record = decision.newest_record() if proposed and decides else None
    why_not = approval.why_not(user, decision, approval.approved_by(record)) if record else ""
    return Acts(
        writes=writes,
        write=writes and decision.is_draft,
        withdraw=writes and proposed,
        approve=decides and proposed and not why_not,
        reject=decides and proposed,
        send_back=decides and proposed,
        deprecate=decides and decision.status == Status.ACCEPTED,
        succeed=writes and decision.status in {Status.ACCEPTED, Status.REJECTED, Status.DEPRECATED},
        judge=Role.ADMINISTRATOR in held and decision.status == Status.ACCEPTED,
        why_not_approve=why_not,
    )


class OneTimePassword:
    """Leads everybody with a one-time password to its change, from whatever page they ask for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The page, or the way to the change of password."""
        user = request.user
        if isinstance(user, User) and user.must_change_password:
            allowed = {reverse("password"), reverse("logout")}
            if request.path not in allowed:
                return redirect("password")
        return self.get_response(request)
