"""Who works in an organisation: its teams, their members, invitations, and groups of the OpenID provider."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from decisions import membership
from decisions.access import organisation_of, person
from decisions.invitations import Place, invite, open_before
from decisions.languages.moulds import shown
from decisions.models import GroupRule, Invitation, Membership, Organisation, Role, Team, User
from decisions.models.people import ADMINISTRATORS, OVERSEERS

SHOWN = 500


class PlaceForm(forms.Form):
    """A role in a team, or in the whole organisation."""

    team = forms.ModelChoiceField(Team.objects.none(), required=False, label="Team", empty_label=shown("All teams"))
    role = forms.ChoiceField(label="Role", choices=[(one.value, shown(one.value.capitalize())) for one in Role])

    def __init__(self, user: User, organisation: Organisation, data: Any = None) -> None:
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}_%s")
        self.organisation = organisation
        self.whole = Membership.objects.oversees(user, ADMINISTRATORS, organisation.pk)
        teams = self.fields["team"]
        if isinstance(teams, forms.ModelChoiceField):
            teams.queryset = Team.objects.of(user, ADMINISTRATORS).filter(organisation=organisation)
            teams.required = not self.whole

    def clean(self) -> dict[str, Any]:
        """What was given; an auditor reads the whole organisation and belongs to no team."""
        given = super().clean() or {}
        if given.get("role") == Role.AUDITOR and given.get("team"):
            self.add_error("team", "An auditor reads all teams: choose “All teams”.")
        return given

    def place(self) -> Place:
        """What was chosen."""
        given = self.cleaned_data
        return Place(organisation=self.organisation, team=given["team"], role=Role(given["role"]))


class InviteForm(PlaceForm):
    """Whom to invite to what."""

    email = forms.EmailField(label="Mail address")
    field_order = ("email", "team", "role")


class GroupForm(PlaceForm):
    """Which group holds which role."""

    group = forms.CharField(max_length=200, label="Group, as the provider names it")
    field_order = ("group", "team", "role")


class TeamForm(forms.ModelForm):
    """A new team."""

    class Meta:
        model = Team
        fields = ("name",)


def reached(request: HttpRequest, slug: str) -> tuple[User, Organisation, bool]:
    """The user, the organisation, and whether they look after all of it. PermissionDenied for plain members."""
    user = person(request)
    organisation = get_object_or_404(Organisation.objects.of(user), slug=slug)
    whole = Membership.objects.oversees(user, OVERSEERS, organisation.pk)
    if not whole and not Team.objects.of(user, ADMINISTRATORS).filter(organisation=organisation).exists():
        message = f"Only administrators and auditors see the people of {organisation}."
        raise PermissionDenied(message)
    return user, organisation, whole


def changing(request: HttpRequest, slug: str) -> tuple[User, Organisation]:
    """The user and the organisation, for somebody who administers it or one of its teams. Else PermissionDenied."""
    user, organisation, _ = reached(request, slug)
    if _reads_only(user, organisation):
        message = "An auditor reads everything and changes nothing."
        raise PermissionDenied(message)
    return user, organisation


@require_safe
def people(request: HttpRequest, organisation: str) -> HttpResponse:
    """Members by team, open invitations and group rules."""
    return _page(request, organisation)


def _page(request: HttpRequest, slug: str, status: int = 200, **shown: Any) -> HttpResponse:
    user, organisation, whole = reached(request, slug)
    teams = Team.objects.filter(organisation=organisation)
    if not whole:
        teams = teams.of(user, ADMINISTRATORS)
    members = organisation.memberships.select_related("user", "team").order_by("team__name", "user__username")
    invitations = Invitation.objects.open(timezone.now()).filter(organisation=organisation).select_related("team")
    if not whole:
        members, invitations = members.filter(team__in=teams), invitations.filter(team__in=teams)
    administers = Membership.objects.oversees(user, ADMINISTRATORS, organisation.pk)
    context = {
        "organisation": organisation,
        "teams": teams,
        "members": members.filter(user__is_service=False)[:SHOWN],
        "invitations": invitations[:SHOWN],
        "rules": organisation.group_rules.select_related("team") if whole else (),
        "whole": whole,
        "administers": administers,
        "may": administers or not whole,
        "roles": membership.TEAM_ROLES,
        "invite_form": InviteForm(user, organisation),
        "group_form": GroupForm(user, organisation),
        "team_form": TeamForm(),
    }
    return render(request, "organisation/people.html", context | shown, status=status)


@require_POST
def invitations(request: HttpRequest, organisation: str) -> HttpResponse:
    """Invite somebody; the link is shown once and mailed."""
    user, found = changing(request, organisation)
    form = InviteForm(user, found, request.POST)
    if not form.is_valid():
        return _page(request, organisation, 422, invite_form=form)
    place, email, now = form.place(), form.cleaned_data["email"], timezone.now()
    if open_before(place, email, now).exists():
        messages.info(request, f"An older invitation of {email} opens nothing any more. The new link does.")
    invitation, link = invite(place, email, by=user, now=now)
    return _page(request, organisation, invited=invitation, link=link)


@require_POST
def withdraw_invitation(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """Make a link open nothing."""
    user, found = changing(request, organisation)
    row = get_object_or_404(Invitation.objects.of(user), organisation=found, pk=pk)
    Invitation.objects.filter(pk=row.pk, used_at=None, withdrawn_at=None).update(withdrawn_at=timezone.now())
    messages.success(request, f"The invitation of {row.email} opens nothing any more.")
    return redirect("people", organisation)


@require_POST
def member(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """Change a member's role, or end the membership."""
    user, found = changing(request, organisation)
    row = get_object_or_404(_administered(user, found), pk=pk)
    role = request.POST.get("role", "")
    where = row.team or found
    try:
        if role:
            membership.change_role(row, Role(role))
            messages.success(request, f"{row.user.name} is {role} in {row.team or 'all teams'}.")
        else:
            membership.end(row)
            messages.success(request, f"{row.user.name} belongs to {where} no longer.")
    except ValueError:
        messages.error(request, "There is no such role here.")
    except membership.MembershipError as error:
        messages.error(request, str(error))
    return redirect("people", organisation)


@require_POST
def teams(request: HttpRequest, organisation: str) -> HttpResponse:
    """Make a team."""
    found = organisation_of(person(request), organisation)
    form = TeamForm(request.POST, instance=Team(organisation=found))
    if not form.is_valid():
        return _page(request, organisation, 422, team_form=form)
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("name", "There is a team of this name already.")
        return _page(request, organisation, 422, team_form=form)
    messages.success(request, f"{form.instance} is a team now. Invite its people.")
    return redirect("people", organisation)


@require_POST
def groups(request: HttpRequest, organisation: str) -> HttpResponse:
    """Let a group of the provider hold a role; it counts from the next sign-in on."""
    user = person(request)
    found = organisation_of(user, organisation)
    form = GroupForm(user, found, request.POST)
    if not form.is_valid():
        return _page(request, organisation, 422, group_form=form)
    place = form.place()
    GroupRule.objects.update_or_create(
        organisation=found, team=place.team, group=form.cleaned_data["group"], defaults={"role": place.role.value}
    )
    messages.success(request, "Kept. It counts from each person's next sign-in on.")
    return redirect("people", organisation)


@require_POST
def remove_group(request: HttpRequest, organisation: str, pk: int) -> HttpResponse:
    """Take a group rule away; roles it gave end with the next sign-in."""
    found = organisation_of(person(request), organisation)
    get_object_or_404(found.group_rules, pk=pk).delete()
    messages.success(request, "Taken away. Roles it gave end with each person's next sign-in.")
    return redirect("people", organisation)


def _reads_only(user: User, organisation: Organisation) -> bool:
    """Whether the user sees the page as an auditor alone."""
    administers = Team.objects.of(user, ADMINISTRATORS).filter(organisation=organisation).exists()
    return not administers and not Membership.objects.oversees(user, ADMINISTRATORS, organisation.pk)


def _administered(user: User, organisation: Organisation) -> Any:
    """Memberships the user may change: all for whoever administers the whole, else those of their teams."""
    rows = organisation.memberships.select_related("user", "team", "organisation")
    if Membership.objects.oversees(user, ADMINISTRATORS, organisation.pk):
        return rows
    return rows.filter(team__in=Team.objects.of(user, ADMINISTRATORS))
