"""How the pages of the administration say what they show: in words, and with the columns named where no head is."""

import re
from pathlib import Path

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from decisions.admin import keeping
from decisions.admin.machinery import WORK
from decisions.models import Decision, Event, User
from tests import factories
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db
CODE = Path(__file__).resolve().parents[2] / "decisions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def heading(page: str) -> str:
    (found,) = re.findall(r"<h1>(.*?)</h1>", page)
    return str(found)


def test_each_cell_names_its_column_and_says_yes_or_no(root: Client) -> None:
    factories.organisation()
    page = root.get("/admin/decisions/organisation/").content.decode()
    assert re.search(r'<td data-side="Author may approve"[^>]*>No</td>', page)
    german = root.get("/admin/decisions/organisation/", headers={"Accept-Language": "de"}).content.decode()
    assert re.search(r'<td data-side="Autor darf [^"]*"[^>]*>Nein</td>', german)


def test_an_event_says_what_was_answered(root: Client) -> None:
    decision = factories.decision()
    dossier.answer(decision, {"requirements.traffic_splitting.need": "must"})
    dossier.answer(decision, {"baseline.pods": 9, "baseline.nodes": 3, "baseline.services": 2})
    page = root.get("/admin/decisions/event/").content.decode()
    assert "Answered: Traffic splitting<" in page
    assert re.search(r"Answered: [A-Z]\w+ and 2 more<", page)


def test_a_decision_names_its_product_and_only_drafts_are_offered_to_be_deleted(root: Client) -> None:
    decision = factories.decision()
    Decision.objects.filter(pk=decision.pk).update(product="cilium-wireguard", confidence="moderate")
    page = root.get(f"/admin/decisions/decision/{decision.pk}/change/").content.decode()
    assert "<div>Cilium with WireGuard</div>" in page
    assert "<div>Moderate</div>" in page
    assert "Reviewer" not in page, "the record has reviewers of its own"
    words = root.get("/admin/decisions/decision/").content.decode()
    assert "Delete the chosen drafts" in words
    assert "Delete selected" not in words


def test_every_task_is_said_in_words(root: Client) -> None:
    task = re.compile(r"^@task(?:\(.*\))?\ndef (\w+)", re.MULTILINE)
    tasks = {name for path in CODE.rglob("*.py") for name in task.findall(path.read_text())}
    assert tasks == set(WORK)
    row = DBTaskResult.objects.create(
        task_path="decisions.sealing.seal_record", args_kwargs={"args": [], "kwargs": {}}, run_after=NOW
    )
    address = reverse("admin:django_tasks_database_dbtaskresult_change", args=[row.pk])
    assert heading(root.get(address).content.decode()) == "Seal a record"
    assert heading(root.get(address, headers={"Accept-Language": "de"}).content.decode()) == "Ein Protokoll siegeln"


def test_the_page_of_a_task_shows_what_tells_it_from_others_and_where_it_failed(root: Client) -> None:
    row = DBTaskResult.objects.create(
        task_path="decisions.sealing.seal_record", args_kwargs={"args": [], "kwargs": {}}, run_after=NOW
    )
    address = reverse("admin:django_tasks_database_dbtaskresult_change", args=[row.pk])
    page = root.get(address).content.decode()
    assert "Traceback" not in page
    assert "Backend name" not in page
    DBTaskResult.objects.filter(pk=row.pk).update(traceback="ValueError: <no seal>")
    assert "ValueError: &lt;no seal&gt;</pre>" in root.get(address).content.decode()


def test_a_session_is_called_by_whose_it_is_and_its_browser(root: Client) -> None:
    ada = factories.stranger("Ada Lee")
    row = UserSession.objects.create(user=ada, ip="127.0.0.1", session_key="0f1e2d3c", user_agent=FIREFOX)
    for act in ("change", "delete"):
        page = root.get(reverse(f"admin:usersessions_usersession_{act}", args=[row.pk])).content.decode()
        assert heading(page) == "Ada Lee, Firefox on Linux"
    assert "Mozilla" not in page, "what is deleted is named in words"
    listed = root.get(reverse("admin:usersessions_usersession_changelist")).content.decode()
    assert "Mozilla" not in re.sub(r"<[^>]+>", "", listed)


def test_an_event_is_called_by_what_was_done_and_without_details_shows_no_document(root: Client) -> None:
    one = factories.decision()
    event = Event.objects.create(organisation=one.organisation, decision=one, act="started", at=NOW)
    page = root.get(f"/admin/decisions/event/{event.pk}/change/").content.decode()
    assert heading(page).startswith("Started, ")
    assert "{}" not in re.sub(r"<script.*?</script>|<meta[^>]*>", "", page, flags=re.DOTALL)


def test_rules_of_an_organisation_are_changed_on_the_page_that_asks_in_words(root: Client) -> None:
    ours = factories.organisation()
    page = root.get(f"/admin/decisions/organisation/{ours.pk}/change/").content.decode()
    assert f'href="{reverse("organisation", args=[ours.slug])}"' in page
    assert "<textarea" not in page


@pytest.mark.parametrize("page", ["membership/add", "system/add", "user/add", "user"])
def test_forms_of_the_administration_say_in_words_what_is_empty_and_show_no_small_pictures(
    root: Client, page: str
) -> None:
    factories.team()
    shown = root.get(f"/admin/decisions/{page}/").content.decode()
    assert "---------" not in shown
    assert "related-widget-wrapper" not in shown
    assert "related-lookup" not in shown


def test_who_never_signed_in_and_has_no_mail_address_is_told_apart(root: Client) -> None:
    factories.stranger("Ada Lee")
    User.objects.update(email="", last_login=None)
    page = root.get("/admin/decisions/user/").content.decode()
    assert re.findall(r'data-side="Last signed in"[^>]*>([^<]*)<', page) == ["Never"] * User.objects.count()
    assert set(re.findall(r'data-side="Email address"[^>]*>([^<]*)<', page)) == {"Nothing recorded"}


def test_a_whole_organisation_is_a_choice_with_a_name(root: Client) -> None:
    page = root.get("/admin/decisions/membership/add/").content.decode()
    assert '<option value="" selected>None: the whole organisation</option>' in page
    assert "From a group" not in page, "a provider gives these, nobody types them"


def test_a_new_password_says_what_it_has_to_be_in_one_line(root: Client) -> None:
    for address in ("/admin/decisions/user/add/", f"/admin/decisions/user/{User.objects.get().pk}/password/"):
        page = root.get(address).content.decode()
        assert "At least 8 characters, no common word and nothing like the name" in page
        assert "Your password can" not in page
        assert "authentication" not in re.sub(r"<[^>]+>", " ", page)
    assert MinimumLengthValidator().min_length == 8, "what the line says"


def test_the_history_of_a_row_says_who_what_and_when_or_that_nothing_was_done(root: Client) -> None:
    team = factories.team(name="Payments")
    address = f"/admin/decisions/team/{team.pk}"
    page = root.get(f"{address}/history/").content.decode()
    assert heading(page) == "Payments"
    assert "Nobody has changed this here" in page
    assert reverse("admin:decisions_event_changelist") in page
    root.post(f"{address}/change/", {"name": "Payments and billing"})
    page = root.get(f"{address}/history/").content.decode()
    assert "Nobody has changed" not in page
    assert '<th scope="row">Changed Name.</th>' in page


def test_a_password_is_a_fact_and_no_hash(root: Client) -> None:
    ada = factories.stranger("Ada Lee")
    address = f"/admin/decisions/user/{ada.pk}/change/"
    assert "None is set" in root.get(address).content.decode()
    User.objects.filter(pk=ada.pk).update(password="pbkdf2_sha256$1$c2FsdA$aGFzaA")
    page = root.get(address).content.decode()
    assert "One is set" in page
    assert "pbkdf2" not in page


def test_a_refused_deletion_names_the_first_rows_that_lean_on_it(root: Client) -> None:
    team = factories.decision().team
    for _ in range(6):
        factories.decision(of=team)
    page = root.get(f"/admin/decisions/team/{team.pk}/delete/").content.decode()
    assert (
        len(re.findall(r'<li>[^<]*<a href="/admin/decisions/(?:decision|system)/\d+/change/">', page)) == keeping.NAMED
    )
    assert re.search(r"and \d more", page)


def test_columns_are_named_by_words_to_read(root: Client) -> None:
    one = factories.decision()
    Event.objects.create(organisation=one.organisation, decision=one, act="started", at=NOW)
    page = root.get("/admin/decisions/event/").content.decode()
    assert "<summary>Time</summary>" in page
    assert 'data-side="Time"' in page
    assert "Slug" not in root.get("/admin/decisions/organisation/").content.decode()
    records = root.get("/admin/decisions/record/").content.decode()
    assert "<summary>Created</summary>" in records
    assert " at<" not in root.get("/admin/decisions/decision/").content.decode() + records
