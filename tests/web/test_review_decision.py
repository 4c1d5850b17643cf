"""The page of a decision: what it shows, the files it hands out, and the history it tells."""

import datetime as dt
import hashlib

import pytest
from django.test import Client

from decisions import issue
from decisions.intake.adr import File, read
from decisions.models import Decision, Edition, Event, Role
from decisions.rendering import html, markdown
from decisions.rendering.flavours import FLAVOURS
from decisions.views.history import lines
from tests import factories
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def blank_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)


@pytest.fixture
def proposed() -> Decision:
    return dossier.proposed()


def reader(client: Client, decision: Decision, role: Role = Role.VIEWER) -> Client:
    client.force_login(factories.member(decision.team, role, "Eve Stone"))
    return client


def test_the_page_shows_recommendation_record_signature_and_files(client: Client, proposed: Decision) -> None:
    record = proposed.newest_record()
    response = reader(client, proposed).get(proposed.get_absolute_url())
    page = response.content.decode()
    assert response.status_code == 200
    assert response.context["brief"]["Recommended"] in page
    assert 'id="drivers"' in page
    assert "Proposed by Nadia Okafor" in page
    assert record.digest in page
    for kind in ("pdf", "md", "json"):
        assert f"{proposed.address('revision', 1)}{kind}/" in page
    assert "Waiting for an approver of" in page
    assert "Approve and sign" not in page


def test_one_signature_is_not_spoken_of_as_several(client: Client, proposed: Decision) -> None:
    client.force_login(factories.member(proposed.team))
    assert "It stands under the record" in client.get(proposed.get_absolute_url()).content.decode()
    accepted = dossier.accepted()
    client.force_login(factories.member(accepted.team))
    assert "All stand under the record" in client.get(accepted.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["plan", "pilot", "options", "compare"])
def test_pages_about_a_decision_lead_back_to_it_where_a_phone_hides_the_trail(
    client: Client, proposed: Decision, name: str
) -> None:
    client.force_login(factories.member(proposed.team))
    page = client.get(proposed.address(name)).content.decode()
    assert f'<a href="{proposed.get_absolute_url()}">{proposed.number}</a>, ' in page


def test_a_stranger_finds_no_page_of_it(client: Client, proposed: Decision) -> None:
    client.force_login(factories.member(factories.team(proposed.organisation), Role.APPROVER))
    for address in (
        proposed.address("decision"),
        proposed.address("revision", 1),
        proposed.address("compare"),
        *(proposed.address("download", 1, kind) for kind in ("pdf", "md", "json")),
    ):
        assert client.get(address).status_code == 404, address
    for act in ("approve", "reject", "withdraw", "deprecate", "supersede", "delete"):
        assert client.post(proposed.address(act), {"reason": "x"}).status_code == 404, act
    proposed.refresh_from_db()
    assert proposed.status == "proposed"


def test_a_draft_is_continued_instead(client: Client) -> None:
    draft = factories.decision()
    client.force_login(draft.author)
    assert client.get(draft.address("decision")).url == draft.address("tasks")


@pytest.mark.parametrize(
    ("kind", "media_type", "starts"),
    [
        ("pdf", "application/pdf", b"%PDF-"),
        ("md", "text/markdown; charset=utf-8", b"---"),
        ("json", "application/json", b"{"),
    ],
)
def test_files_are_the_kept_bytes(
    client: Client, proposed: Decision, kind: str, media_type: str, starts: bytes
) -> None:
    response = reader(client, proposed).get(proposed.address("download", 1, kind))
    kept = proposed.newest_record().rendering(kind)
    assert response.content == bytes(kept.content)
    assert response.content.startswith(starts)
    assert hashlib.sha256(response.content).hexdigest() == kept.sha256 == response.headers["ETag"].strip('"')
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="DR-0001-revision-1.{kind}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "private" in response.headers["Cache-Control"]


def test_files_that_were_never_made_are_not_found(client: Client, proposed: Decision) -> None:
    reader(client, proposed)
    for rest in ((1, "exe"), (2, "pdf"), (99999999999, "pdf")):
        assert client.get(proposed.address("download", *rest)).status_code == 404, rest
    assert client.get(proposed.address("download", 1, "pdf") + "?edition=accepted").status_code == 404
    assert client.get(proposed.address("revision", 2)).status_code == 404


def test_after_approval_the_newest_pdf_comes_first_and_the_proposed_one_stays(client: Client) -> None:
    accepted = dossier.accepted()
    page = reader(client, accepted).get(accepted.get_absolute_url())
    assert [one.title for one in page.context["downloads"]] == [
        "PDF, approved and sealed",
        "PDF, sealed",
        "Markdown",
        "JSON",
    ]
    contents = [client.get(one.address).content for one in page.context["downloads"][:2]]
    record = accepted.newest_record()
    kept = [record.renderings.get(kind="pdf", edition=one) for one in (Edition.ACCEPTED, Edition.PROPOSED)]
    assert contents == [bytes(one.content) for one in kept]
    assert "Approved by Tomas Lind" in page.content.decode()


def test_an_earlier_revision_can_be_read_but_not_decided(client: Client, proposed: Decision) -> None:
    issue.withdraw(proposed, proposed.author, NOW)
    dossier.answer(proposed, {"baseline.pods": 900})
    issue.propose(proposed, proposed.author, NOW)
    client.force_login(dossier.approver(proposed))
    old = client.get(proposed.address("revision", 1)).content.decode()
    assert "You are reading revision 1; the newest is" in old
    assert proposed.records.get(revision=1).digest in old
    assert "Approve and sign" not in old
    new = client.get(proposed.get_absolute_url()).content.decode()
    assert proposed.records.get(revision=2).digest in new
    assert "Approve and sign" in new


def test_predecessor_and_successor_name_each_other_only_to_those_who_may_see_both(client: Client) -> None:
    old = dossier.accepted()
    new = issue.succeed(old, old.author, NOW)
    issue.propose(new, old.author, NOW)
    issue.approve(new, dossier.approver(new), NOW)
    reader(client, old)
    assert "supersedes it" in client.get(old.address("decision")).content.decode()
    page = client.get(new.address("decision")).content.decode()
    assert f'href="{old.address("decision")}"' in page
    Decision.objects.filter(pk=new.pk).update(team=factories.team(old.organisation))
    hidden = client.get(old.address("decision")).content.decode()
    assert new.address("decision") not in hidden
    assert "belongs to another team" in hidden


@pytest.mark.parametrize("revisions", [1, 3])
def test_the_number_of_queries_does_not_grow_with_revisions_events_and_signatures(
    client: Client, proposed: Decision, revisions: int, django_assert_num_queries
) -> None:
    for place in range(1, revisions):
        issue.withdraw(proposed, proposed.author, NOW)
        dossier.answer(proposed, {"baseline.pods": 400 + place})
        issue.propose(proposed, proposed.author, NOW)
    reader(client, proposed)
    address = proposed.address("decision")
    # The list of revisions is asked for where there is more than the one that is shown.
    with django_assert_num_queries(13 if revisions == 1 else 14):
        assert client.get(address).status_code == 200


def test_a_file_is_handed_out_as_kept_and_never_made_again(
    client: Client, proposed: Decision, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries
) -> None:
    record = proposed.newest_record()
    reader(client, proposed)
    monkeypatch.setattr(html, "render", None)
    monkeypatch.setattr(markdown, "render", None)
    kept = record.renderings.get(kind="md")
    client.get(proposed.address("download", 1, "md"))
    with django_assert_num_queries(5):
        response = client.get(proposed.address("download", 1, "md"))
    assert hashlib.sha256(response.content).hexdigest() == kept.sha256


def test_a_record_is_had_in_the_dialects_of_other_tools(client: Client, proposed: Decision) -> None:
    reader(client, proposed)
    page = client.get(proposed.address("decision")).content.decode()
    for flavour in FLAVOURS:
        address = proposed.address("flavoured", 1, flavour.name)
        assert f'href="{address}"' in page
        response = client.get(address)
        number = int(proposed.number[-4:])
        (entry,) = read([File(path=f"{number:04}-x.md", data=response.content)])
        assert (entry.decision.title, entry.decision.status) == (proposed.title, "proposed")
        assert f'filename="{number:04}-{proposed.number.lower()}.md"' in response.headers["Content-Disposition"]
    assert client.get(proposed.address("flavoured", 1, "word")).status_code == 404
    assert client.get(proposed.address("flavoured", 9, "madr")).status_code == 404
    assert client.get(proposed.address("download", 1, "txt")).status_code == 200


def test_what_people_typed_is_shown_as_text(client: Client) -> None:
    decision = dossier.proposed(title="<script>alert(1)</script>")
    issue.reject(decision, dossier.approver(decision), "<img src=x onerror=alert(2)>", NOW)
    page = reader(client, decision).get(decision.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(2)&gt;" in page


def event(act: str, actor: object = None, *, at: dt.datetime = NOW, **detail: object) -> Event:
    organisation = factories.organisation()
    return Event(organisation=organisation, actor=actor, act=act, detail=detail, at=at)


def test_answers_given_one_after_another_are_one_line() -> None:
    nadia, tomas = factories.stranger("Nadia Okafor"), factories.stranger("Tomas Lind")
    story = lines(
        [
            event("approved", tomas, revision=1),
            event("answered", nadia, changes={"a": [1, 2]}),
            event("answered", nadia, changes={"b": [1, 2], "c": [1, 2]}),
            event("answered", tomas, changes={"d": [1, 2]}),
            event("answered", tomas, at=NOW - dt.timedelta(days=1), changes={"d": [1, 2]}),
            event("measured", nadia, files=[["load.json", "00"], ["nodes.json", "11"]]),
            event("started", nadia, after="DR-0001"),
            event("re-assessed"),
        ]
    )
    assert [(line.who, line.what) for line in story] == [
        ("Tomas Lind", "signed and approved revision 1"),
        ("Nadia Okafor", "changed 3 answers"),
        ("Tomas Lind", "changed an answer"),
        ("Tomas Lind", "changed an answer"),
        ("Nadia Okafor", "read in load.json, nodes.json"),
        ("Nadia Okafor", "started from the answers of DR-0001"),
        ("MeshAdvisor", "re-assessed"),
    ]
