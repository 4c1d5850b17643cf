"""Django's admin: who gets in, what they find and see, and what it refuses."""

import json
import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst
from django_tasks_db.models import DBTaskResult

from decisions import issue
from decisions.admin import keeping
from decisions.languages.dates import written
from decisions.models import Decision, Event, Membership, Record, Role, Signature, Status, Team, User
from decisions.models.succession import follow
from tests import factories
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db
DECISIONS = "/admin/decisions/decision/"
FROZEN = ("record", "rendering", "signature", "event", "baseline")


@pytest.fixture(autouse=True)
def blank_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)


def staff(team: Team, *permissions: str) -> User:
    user = factories.member(team.organisation, Role.ADMINISTRATOR)
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def rows(client: Client, address: str) -> list[object]:
    response = client.get(address)
    assert response.status_code == 200, address
    return list(response.context["cl"].result_list)


def test_everybody_signs_in_on_the_same_page(client: Client) -> None:
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/sign-in/?next=/admin/"
    client.force_login(factories.member(factories.team()))
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "needs another account" in response.content.decode()


def test_everybody_changes_their_password_on_the_same_page(root: Client) -> None:
    assert root.get("/admin/password_change/")["Location"] == reverse("password")


def test_every_page_of_it_opens(root: Client) -> None:
    decision = dossier.accepted()
    issue.succeed(decision, decision.author, NOW)
    index = root.get("/admin/").content.decode()
    assert '<a class="brand"' in index, "it stands in the frame of all pages"
    assert f'href="{reverse("admin:decisions_team_add")}"' in index
    for model in tuple(admin.site._registry):
        address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for row in rows(root, address):
            assert root.get(f"{address}{row.pk}/change/").status_code == 200, row
        expected = {200} if admin.site._registry[model].has_add_permission(request_of(root)) else {403}
        assert root.get(f"{address}add/").status_code in expected, address


def request_of(client: Client) -> object:
    return client.get("/admin/").wsgi_request


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=mesh", ["One mesh"]),
        ("?q=DR-0002", ["Encrypt"]),
        ("?status__exact=accepted", ["Encrypt"]),
        ("?approach=cni-encryption", ["Encrypt"]),
        ("?approach=nonsense", ["One mesh", "Encrypt"]),
        ("?review=overdue", ["Encrypt"]),
        ("?review=soon", []),
        ("?changed_at__gte=2026-11-03+00%3A00%3A00%2B00%3A00", ["One mesh"]),
    ],
)
def test_decisions_are_found_by_words_status_approach_review_and_date(
    root: Client, query: str, found: list[str]
) -> None:
    team = factories.team()
    factories.decision(of=team, title="One mesh", approach="ambient-mesh")
    old = NOW.replace(year=2020)
    factories.decision(
        of=team,
        title="Encrypt",
        approach="cni-encryption",
        status=Status.ACCEPTED,
        changed_at=old,
        review_on=old.date(),
    )
    assert [row.title for row in rows(root, DECISIONS + query)] == found


def test_decisions_are_found_by_team(root: Client) -> None:
    mine, other = factories.decision(), factories.decision()
    page = root.get(DECISIONS).content.decode()
    assert f"team__id__exact={other.team_id}" in page
    assert rows(root, f"{DECISIONS}?team__id__exact={mine.team_id}") == [mine]


@pytest.mark.parametrize("rows_of_each", [1, 3])
@pytest.mark.parametrize(
    ("model", "queries"),
    [
        ("decision", 6),
        ("record", 6),
        ("rendering", 6),
        ("signature", 6),
        ("event", 5),
        ("user", 8),
        ("team", 5),
        ("membership", 6),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    root: Client, model: str, queries: int, rows_of_each: int, django_assert_num_queries
) -> None:
    for _ in range(rows_of_each):
        dossier.accepted(factories.team(factories.organisation()))
    with django_assert_num_queries(queries):
        assert len(rows(root, f"/admin/decisions/{model}/")) >= rows_of_each


def test_a_decision_links_to_its_page_and_shows_its_answers(root: Client) -> None:
    decision = dossier.accepted()
    page = root.get(f"{DECISIONS}{decision.pk}/change/").content.decode()
    assert f'href="{decision.address("decision")}"' in page
    assert decision.newest_record().digest in page
    assert "Compliance, J. Falk" in page
    assert "View on site" not in page, "the way there stands among the fields already"
    assert 'name="title"' not in page, "nothing here can be typed"


@pytest.mark.parametrize("model", FROZEN)
def test_what_was_written_once_can_only_be_read(root: Client, model: str) -> None:
    decision = dossier.accepted()
    factories_baseline(decision)
    row = next(iter(rows(root, f"/admin/decisions/{model}/")))
    address = f"/admin/decisions/{model}/{row.pk}"
    page = root.get(f"{address}/change/").content.decode()
    assert 'name="_save"' not in page
    assert f"{row.pk}/delete/" not in page
    assert root.post(f"{address}/change/", {}).status_code == 403
    assert root.get(f"/admin/decisions/{model}/add/").status_code == 403
    for refused in (root.get(f"{address}/delete/"), root.post(f"{address}/delete/", {"post": "yes"})):
        assert refused.status_code == 409
        assert "kept as it was written" in refused.content.decode()
    root.post(f"/admin/decisions/{model}/", {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
    assert type(row).objects.filter(pk=row.pk).exists()


def factories_baseline(decision: Decision) -> None:
    from decisions.models import Baseline

    Baseline.objects.create(system=decision.system, created_by=decision.author, created_at=NOW)


def test_signed_leaned_on_and_finished_decisions_are_refused_with_409_on_every_way(root: Client) -> None:
    signed = dossier.accepted()
    base = factories.decision(of=signed.team)
    follow(factories.decision(of=signed.team), base)
    closed = factories.decision(of=signed.team, status=Status.REJECTED)
    harmless = factories.decision(of=signed.team)
    for decision, reason in ((signed, "signed record"), (base, "another decision refers"), (closed, "is rejected")):
        address = f"{DECISIONS}{decision.pk}/delete/"
        several = {"action": "delete_selected", "_selected_action": [harmless.pk, decision.pk]}
        for response in (
            root.get(address),
            root.post(address, {"post": "yes"}),
            root.post(DECISIONS, several),
            root.post(DECISIONS, several | {"post": "yes"}),
        ):
            assert response.status_code == 409
            assert reason in response.content.decode()
    assert Decision.objects.count() == 5


def test_drafts_nothing_leans_on_can_be_deleted_here(root: Client) -> None:
    one, two = factories.decision(), factories.decision()
    Event.objects.create(organisation=one.organisation, decision=one, act="started", at=NOW)
    assert "Nothing brings it back" in root.get(f"{DECISIONS}{one.pk}/delete/").content.decode()
    assert root.post(f"{DECISIONS}{one.pk}/delete/", {"post": "yes"}).status_code == 302
    root.post(DECISIONS, {"action": "delete_selected", "_selected_action": [two.pk], "post": "yes"})
    assert not Decision.objects.exists()
    assert root.get("/admin/decisions/event/").status_code == 200, "the event outlives the draft"
    assert root.get(f"/admin/decisions/event/{Event.objects.get().pk}/change/").status_code == 200


@pytest.mark.parametrize("model", ["team", "organisation", "system", "user"])
def test_what_decisions_hang_on_is_refused_with_409(root: Client, model: str) -> None:
    decision = factories.decision()
    row = {"user": decision.author}.get(model) or getattr(decision, model)
    address = f"/admin/decisions/{model}/"
    for response in (
        root.get(f"{address}{row.pk}/delete/"),
        root.post(f"{address}{row.pk}/delete/", {"post": "yes"}),
        root.post(address, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}),
    ):
        assert response.status_code == 409
        assert "cannot be deleted" in response.content.decode()
    assert type(row).objects.filter(pk=row.pk).exists()


def test_staff_of_one_organisation_see_and_choose_nothing_of_another(client: Client) -> None:
    ours, theirs = dossier.accepted(), dossier.accepted(factories.team(name="Theirs"))
    models = ("decision", "record", "signature", "event", "team", "system", "organisation", "membership", "user")
    client.force_login(staff(ours.team, *(f"view_{one}" for one in models), "add_system", "delete_decision"))
    for model in models:
        found = rows(client, f"/admin/decisions/{model}/")
        assert found, model
        assert not any("Theirs" in str(row) or theirs.organisation.name in str(row) for row in found), model
    hidden = [
        (Decision, theirs),
        (Record, theirs.newest_record()),
        (Signature, theirs.newest_record().signatures.first()),
    ]
    for model, row in hidden:
        assert client.get(f"/admin/decisions/{model._meta.model_name}/{row.pk}/change/").status_code == 302
    assert client.get(f"{DECISIONS}{theirs.pk}/delete/").status_code in {302, 403}
    assert "Theirs" not in client.get("/admin/decisions/system/add/").content.decode()


def test_people_and_memberships_are_managed(root: Client) -> None:
    team = factories.team()
    other = factories.team()
    user = factories.stranger("Nadia Okafor")
    membership = {"user": user.username, "organisation": team.organisation_id, "team": team.pk, "role": "approver"}
    assert root.post("/admin/decisions/membership/add/", membership).status_code == 302
    assert Membership.objects.get(user=user).role == Role.APPROVER
    wrong = root.post("/admin/decisions/membership/add/", membership | {"team": other.pk})
    assert f"{other} is not a team of {team.organisation}" in wrong.content.decode()
    nonsense = root.post("/admin/decisions/membership/add/", membership | {"role": "emperor"})
    assert nonsense.status_code == 200
    unknown = root.post("/admin/decisions/membership/add/", membership | {"user": "nobody\x00"})
    assert "Nobody here has this user name." in unknown.content.decode()
    assert Membership.objects.filter(user=user).count() == 1


def test_a_person_is_named_where_a_form_is_opened_and_saved_again(root: Client) -> None:
    user = factories.stranger("Nadia Okafor")
    row = EmailAddress.objects.create(user=user, email="nadia@example.org")
    address = reverse("admin:account_emailaddress_change", args=[row.pk])
    assert f'name="user" value="{user.username}"' in root.get(address).content.decode()
    saved = root.post(address, {"user": user.username, "email": "nadia.okafor@example.org"})
    assert saved.status_code == 302
    row.refresh_from_db()
    assert (row.user, row.email) == (user, "nadia.okafor@example.org")


def test_a_new_person_has_to_replace_the_password_they_were_given(root: Client) -> None:
    password = "a-long-word-4711"
    posted = {"username": "nadia", "usable_password": "true", "password1": password, "password2": password}
    inline = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    assert root.post("/admin/decisions/user/add/", posted | inline).status_code == 302
    assert User.objects.get(username="nadia").must_change_password
    User.objects.update(must_change_password=False)
    nadia = User.objects.get(username="nadia")
    new = {"password1": "another-word-4711", "password2": "another-word-4711", "usable_password": "true"}
    assert root.post(f"/admin/decisions/user/{nadia.pk}/password/", new).status_code == 302
    assert User.objects.get(username="nadia").must_change_password


def test_nobody_but_a_superuser_makes_or_changes_superusers(client: Client) -> None:
    team = factories.team()
    boss = factories.member(team, name="Boss One")
    boss.is_superuser = True
    boss.save()
    colleague = factories.member(team, name="Ann Lee")
    client.force_login(staff(team, "view_user", "change_user"))
    assert client.post(f"/admin/decisions/user/{boss.pk}/password/", {}).status_code == 403
    assert client.post(f"/admin/decisions/user/{boss.pk}/change/", {"username": "x"}).status_code == 403
    page = client.get(f"/admin/decisions/user/{colleague.pk}/change/").content.decode()
    assert 'name="first_name"' in page
    assert 'name="is_superuser"' not in page
    assert 'name="user_permissions"' not in page
    client.post(f"/admin/decisions/user/{colleague.pk}/change/", {"username": "ann.lee", "is_superuser": "on"})
    colleague.refresh_from_db()
    assert not colleague.is_superuser


def test_the_organisation_of_a_team_is_settled(root: Client) -> None:
    decision, other = factories.decision(), factories.organisation()
    posted = {"name": "New name", "organisation": other.pk}
    assert root.post(f"/admin/decisions/team/{decision.team_id}/change/", posted).status_code == 302
    team = Team.objects.get(pk=decision.team_id)
    assert (team.name, team.organisation_id) == ("New name", decision.organisation_id)


def test_what_people_typed_is_shown_as_text(root: Client) -> None:
    decision = factories.decision(title="<script>alert(1)</script>", case={"title": "<img src=x onerror=alert(2)>"})
    page = root.get(f"{DECISIONS}{decision.pk}/change/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert json.dumps(decision.case) not in page


def test_lists_of_the_administration_are_not_counted_to_their_end(
    root: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "MOST_COUNTED", 3)
    team = factories.team()
    for place in range(5):
        factories.decision(of=team, title=f"Decision {place}")
    assert root.get(DECISIONS).context["cl"].result_count == 3
    assert root.get(DECISIONS, {"q": "kestrel"}).context["cl"].result_count == 0
    for name in ("team", "system", "organisation"):
        (row,) = rows(root, f"/admin/decisions/{name}/")
        assert row.decided == 5, name


def test_a_second_factor_and_a_session_are_looked_at_and_taken_away_and_show_no_secret(root: Client) -> None:
    boss = factories.stranger("Ada")
    factor = Authenticator.objects.create(user=boss, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    session = UserSession.objects.create(user=boss, ip="127.0.0.1", session_key="0f1e2d3c", user_agent="curl")
    for row in (factor, session):
        address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
        page = root.get(address).content.decode()
        assert "JBSWY3DPEHPK3PXP" not in page
        assert "0f1e2d3c" not in page
        assert 'name="_save"' not in page
        assert root.post(address, {"user": boss.pk}).status_code == 403
        delete = root.post(address.replace("change", "delete"), {"post": "yes"})
        assert delete.status_code == 302
        assert not type(row).objects.filter(pk=row.pk).exists()


def test_the_tables_have_german_names_on_german_pages(root: Client) -> None:
    page = root.get("/admin/", headers={"Accept-Language": "de"}).content.decode()
    for model in admin.site._registry:
        if model._meta.app_label == "decisions":
            with translation.override("de"):
                name = str(capfirst(model._meta.verbose_name_plural))
            assert f">{name}</a>" in page
            assert name != capfirst(f"{model._meta.model_name}s") or name == "Teams", "the same word in both"


def test_an_application_alone_has_the_whole_width(root: Client) -> None:
    assert 'class="two"' in root.get("/admin/").content.decode()
    page = root.get("/admin/mfa/").content.decode()
    assert 'class="two"' not in page
    assert ">Second factors</a>" in page


def test_permissions_are_named_in_the_persons_language_and_only_for_tables_that_are_there(root: Client) -> None:
    boss = User.objects.get(is_superuser=True)
    page = root.get(f"/admin/decisions/user/{boss.pk}/change/", headers={"Accept-Language": "de"}).content.decode()
    tables = dict(re.findall(r"<legend>(.*?)</legend>(.*?)</fieldset>", page))
    said = {table: re.findall(r"> ([^<]+)</label>", boxes) for table, boxes in tables.items()}
    assert said["Entscheidungen"] == ["ansehen", "neu bewerten", "jemanden zur Prüfung bestimmen", "löschen"]
    assert said["Protokolle"] == ["ansehen"], "what is written once opens nothing else to anybody"
    assert "Content type" not in page
    assert "Inhaltstyp" not in page


def test_a_permission_that_stands_there_survives_a_save(root: Client) -> None:
    team = factories.team()
    reviewer = staff(team, "view_decision", "add_reassessment", "change_decision")
    address = f"/admin/decisions/user/{reviewer.pk}/change/"
    page = root.get(address).content.decode()
    ticked = re.findall(r'name="user_permissions" value="(\d+)"[^>]* checked', page)
    inline = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    posted = {"username": reviewer.username, "is_active": "on", "is_staff": "on", "user_permissions": ticked} | inline
    assert root.post(address, posted).status_code == 302
    kept = set(reviewer.user_permissions.values_list("codename", flat=True))
    assert kept == {"view_decision", "add_reassessment", "change_decision"}


def test_a_reviewer_reads_permissions_in_words(client: Client) -> None:
    team = factories.team()
    reviewer = staff(team, "view_user", "view_decision")
    client.force_login(reviewer)
    page = client.get(f"/admin/decisions/user/{reviewer.pk}/change/", headers={"Accept-Language": "de"})
    assert "Entscheidungen: ansehen, Benutzer: ansehen" in page.content.decode()


def test_times_of_the_administration_are_written_as_on_the_other_pages(root: Client) -> None:
    User.objects.update(last_login=NOW)
    page = root.get("/admin/decisions/user/", headers={"Accept-Language": "en"}).content.decode()
    assert written(NOW, "SHORT_DATETIME_FORMAT") in page


def test_the_list_of_tasks_says_what_they_are_and_not_their_keys(root: Client) -> None:
    row = DBTaskResult.objects.create(
        task_path="decisions.tasks.renew", args_kwargs={"args": [], "kwargs": {}}, backend_name="default", run_after=NOW
    )
    page = root.get("/admin/django_tasks_database/dbtaskresult/").content.decode()
    shown = re.sub(r"<[^>]+>", " ", page)
    assert row.task_name in shown
    assert str(row.pk) not in shown
