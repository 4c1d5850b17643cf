"""People, settings, service accounts and hooks of an organisation."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from decisions.advice import advise
from decisions.groups import follow
from decisions.models import (
    Decision,
    GroupRule,
    Invitation,
    Membership,
    Organisation,
    Role,
    ServiceToken,
    User,
    WebHook,
)
from decisions.tokens import Scope, authenticate
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation() -> Organisation:
    return factories.organisation()


@pytest.fixture
def boss(client: Client, organisation: Organisation) -> User:
    user = factories.member(organisation, Role.ADMINISTRATOR, "Astrid Holm")
    client.force_login(user)
    return user


def invited(client: Client, organisation: Organisation, **place: object) -> str:
    given = {"email": "ben@example.org", "role": "author"} | place
    page = client.post(reverse("invitations", args=[organisation.slug]), given).content.decode()
    return re.search(r"https?://[^/\s<]+(/invitation/[^\s<]+)", page)[1]


ACCOUNT = {"username": "ben", "first_name": "Ben", "last_name": "Ode"}
ACCOUNT |= {"password1": "turnstone-9-reef", "password2": "turnstone-9-reef"}


def test_a_second_invitation_of_an_address_takes_the_place_of_the_first_and_says_so(
    client: Client, organisation: Organisation, boss: User
) -> None:
    old = invited(client, organisation)
    given = {"email": "BEN@example.org", "role": "viewer"}
    page = client.post(reverse("invitations", args=[organisation.slug]), given).content.decode()
    assert "An older invitation of BEN@example.org opens nothing any more" in page
    assert Invitation.objects.open(timezone.now()).count() == 1
    guest = Client()
    assert "cannot be used any more" in guest.get(old).content.decode()


def test_an_invitation_promises_no_mail_where_none_is_sent(
    client: Client, organisation: Organisation, boss: User, settings
) -> None:
    address = invited(client, organisation)
    assert "Mail goes to ben@example.org" in Client().get(address).content.decode()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    page = Client().get(address).content.decode()
    assert "Mail goes to" not in page
    assert "The account gets the address ben@example.org" in page


def test_an_invitation_makes_one_account_with_its_role(client: Client, organisation: Organisation, boss: User) -> None:
    team = factories.team(organisation)
    address = invited(client, organisation, team=team.pk)
    assert address in mail.outbox[0].body
    guest = Client()
    page = guest.get(address).content.decode()
    assert "Astrid Holm invites you" in page
    # The words that browsers know (HTML, autofill detail tokens), so that they can fill the name in.
    assert re.findall(r'autocomplete="(\w+-name)"', page) == ["given-name", "family-name"]
    assert guest.post(address, ACCOUNT | {"password2": "other"}).status_code == 422
    assert guest.post(address, ACCOUNT).status_code == 302
    user = User.objects.get(username="ben")
    assert (user.email, user.memberships.get().team, user.memberships.get().role) == ("ben@example.org", team, "author")
    again = guest.post(address, ACCOUNT | {"username": "eve"})
    assert again.status_code == 410
    assert not User.objects.filter(username="eve").exists()


def test_a_link_that_is_forged_old_or_withdrawn_opens_nothing(
    client: Client, organisation: Organisation, boss: User
) -> None:
    address = invited(client, organisation)
    assert Client().get(address[:-3] + "xx/").status_code == 410
    Invitation.objects.update(expires_at=timezone.now())
    assert Client().get(address).status_code == 410
    address = invited(client, organisation)
    client.post(reverse("withdraw-invitation", args=[organisation.slug, Invitation.objects.first().pk]))
    assert Client().get(address).status_code == 410


def test_a_team_administrator_reaches_only_the_own_team(client: Client, organisation: Organisation) -> None:
    mine, other = factories.team(organisation), factories.team(organisation)
    stranger = factories.member(other)
    client.force_login(factories.member(mine, Role.ADMINISTRATOR))
    page = client.get(reverse("people", args=[organisation.slug])).content.decode()
    assert stranger.username not in page
    for place in ({"team": other.pk}, {"team": ""}):
        given = {"email": "x@example.org", "role": "author"} | place
        assert client.post(reverse("invitations", args=[organisation.slug]), given).status_code == 422
    row = stranger.memberships.get()
    assert client.post(reverse("member", args=[organisation.slug, row.pk]), {"role": "viewer"}).status_code == 404
    assert client.get(reverse("organisation", args=[organisation.slug])).status_code == 403


def test_an_auditor_reads_everything_and_changes_nothing(client: Client, organisation: Organisation) -> None:
    row = factories.member(factories.team(organisation)).memberships.get()
    client.force_login(factories.member(organisation, Role.AUDITOR))
    for name in ("people", "organisation", "services", "hooks"):
        assert client.get(reverse(name, args=[organisation.slug])).status_code == 200
    before = list(Membership.objects.values())
    for name in ("invitations", "organisation", "services", "hooks", "teams", "groups"):
        given = {"email": "x@example.org", "role": "viewer", "name": "x"}
        assert client.post(reverse(name, args=[organisation.slug]), given).status_code == 403, name
    assert client.post(reverse("member", args=[organisation.slug, row.pk])).status_code == 403
    assert list(Membership.objects.values()) == before


def test_an_auditor_reads_the_settings_as_text_and_not_as_fields(client: Client, organisation: Organisation) -> None:
    client.force_login(factories.member(organisation, Role.ADMINISTRATOR))
    hourly = {f"{part}_hourly_cost": number for part, number in (("low", 40), ("likely", 55), ("high", 1200.5))}
    kept = settings_of(client, organisation, stage_0="role:administrator", banned_sidecar_mesh="", **hourly)
    assert kept.status_code == 302
    settings_of(client, organisation, stage_0="role:administrator", **hourly | {"banned_sidecar-mesh": "no proxies"})
    client.force_login(factories.member(organisation, Role.AUDITOR))
    address = reverse("organisation", args=[organisation.slug])
    main = re.search(r"<main.*</main>", client.get(address).content.decode(), re.DOTALL)[0]
    assert not re.search(r"<(input|select|textarea|fieldset)", main)
    said = dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", main))
    assert said["Name of the organisation"] == organisation.name
    assert said["Evidence that carries a must-have"] == "A rule or contract; An incident"
    assert said["Approvals a decision needs"] == "2"
    assert said["Approval 1 comes from"] == "An administrator"
    assert said["Everybody needs a second factor"] == "No"
    assert "no proxies" in said.values()
    ours, shipped = main.split("as in the catalogue")
    assert "<dd>40 / 55 / 1200.5 " in ours
    assert re.search(r"<dt>Nodes that nobody counted</dt><dd>[\d.]+ / [\d.]+ / [\d.]+ pods", shipped)


def test_the_last_administrator_stays(client: Client, organisation: Organisation, boss: User) -> None:
    row = boss.memberships.get()
    for role in ("", "viewer"):
        client.post(reverse("member", args=[organisation.slug, row.pk]), {"role": role})
        assert boss.memberships.get().role == "administrator"
    factories.member(organisation, Role.ADMINISTRATOR)
    client.post(reverse("member", args=[organisation.slug, row.pk]), {"role": "viewer"})
    assert boss.memberships.get().role == "viewer"


def settings_of(client: Client, organisation: Organisation, **changed: object) -> object:
    given = {"accepted_evidence": ["rule", "incident"], "approvers": 2, "author": "beside others", "review_months": 6}
    given |= {"name": organisation.name}
    return client.post(reverse("organisation", args=[organisation.slug]), given | changed)


def test_settings_reach_the_recommendation_of_every_draft(
    client: Client, organisation: Organisation, boss: User
) -> None:
    draft = factories.decision(of=factories.team(organisation))
    free = advise(draft.judged).recommendation
    changed = {f"banned_{free.approach.value}": "Refused by the board", "low_cpu_price": 1}
    changed |= {"likely_cpu_price": 2, "high_cpu_price": 3}
    assert settings_of(client, organisation, **changed).status_code == 302
    held = advise(Decision.objects.get(pk=draft.pk).judged)
    assert held.recommendation.approach is not free.approach
    assert held.case.policy.planning["cpu_price"].likely == 2
    page = client.get(reverse("organisation", args=[organisation.slug])).content.decode()
    assert 'value="Refused by the board"' in page


def test_an_administrator_renames_the_organisation(client: Client, organisation: Organisation, boss: User) -> None:
    assert settings_of(client, organisation, name="Nordlicht Rail").status_code == 302
    assert "Nordlicht Rail" in client.get(reverse("organisation", args=[organisation.slug])).content.decode()
    assert settings_of(client, organisation, name=" ").status_code == 422
    client.force_login(factories.member(organisation, Role.AUDITOR))
    assert settings_of(client, organisation, name="Mine").status_code == 403
    organisation.refresh_from_db()
    assert organisation.name == "Nordlicht Rail"


@pytest.mark.parametrize(
    "wrong", [{"low_cpu_price": 3, "likely_cpu_price": 2, "high_cpu_price": 1}, {"low_cpu_price": 3}, {"approvers": 9}]
)
def test_settings_that_make_no_sense_are_refused_and_kept_on_the_page(
    client: Client, organisation: Organisation, boss: User, wrong: dict[str, object]
) -> None:
    answer = settings_of(client, organisation, **wrong, review_months=7)
    assert answer.status_code == 422
    assert 'value="7"' in answer.content.decode()
    organisation.refresh_from_db()
    assert organisation.policy == {}


def test_a_service_account_gets_a_token_that_is_shown_once(
    client: Client, organisation: Organisation, boss: User
) -> None:
    address = reverse("services", args=[organisation.slug])
    given = {"name": "Nightly load test", "role": "author", "scopes": ["measure"], "days": 30}
    page = client.post(address, given).content.decode()
    token = re.search(r"mesh_[\w-]{43}", page)[0]
    assert token not in client.get(address).content.decode()
    bearer = authenticate(f"Bearer {token}", timezone.now())
    assert bearer.scopes == {Scope.MEASURE}
    assert bearer.user.name == "Nightly load test"
    row = ServiceToken.objects.get()
    client.post(reverse("revoke-token", args=[organisation.slug, row.pk]))
    row.refresh_from_db()
    assert row.revoked_at is not None


def test_a_hooks_key_is_shown_once_and_kept_encrypted(client: Client, organisation: Organisation, boss: User) -> None:
    address = reverse("hooks", args=[organisation.slug])
    assert client.post(address, {"address": "ftp://x"}).status_code == 422
    page = client.post(address, {"address": "https://chat.example.org/x"}).content.decode()
    secret = re.search(r"<code>([\w-]{43})</code>", page)[1]
    assert secret not in str(WebHook.objects.values())
    assert secret not in client.get(address).content.decode()
    client.post(reverse("hook", args=[organisation.slug, WebHook.objects.get().pk]))
    assert not WebHook.objects.exists()


def test_roles_follow_the_groups_of_the_provider_and_spare_what_people_gave(organisation: Organisation) -> None:
    teams = factories.team(organisation), factories.team(organisation)
    user = factories.member(teams[0], Role.VIEWER)
    for team in teams:
        GroupRule.objects.create(organisation=organisation, team=team, group="net", role=Role.APPROVER)
    follow(user, ["net", "other", 7])
    assert {(one.team, one.role) for one in user.memberships.all()} == {(teams[0], "viewer"), (teams[1], "approver")}
    GroupRule.objects.filter(team=teams[1]).update(role=Role.AUTHOR)
    follow(user, ["net"])
    assert user.memberships.get(team=teams[1]).role == "author"
    follow(user, [])
    assert [one.team for one in user.memberships.all()] == [teams[0]]


def test_expired_invitations_are_not_listed(client: Client, organisation: Organisation, boss: User) -> None:
    invited(client, organisation)
    Invitation.objects.update(expires_at=timezone.now() - dt.timedelta(days=1))
    assert "ben@example.org" not in client.get(reverse("people", args=[organisation.slug])).content.decode()


def test_a_role_is_sent_as_it_is_called_here_whatever_the_language_of_the_page(
    client: Client, organisation: Organisation, boss: User
) -> None:
    factories.member(organisation, Role.AUDITOR)
    boss.language = "de"
    boss.save()
    page = client.get(reverse("people", args=[organisation.slug])).content.decode()
    assert "Prüfer" in page or "Auditor" in page
    assert set(re.findall(r'<option value="(\w*)"', page)) - {""} <= {*map(str, Role)}
