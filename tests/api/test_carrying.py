"""A pipeline that carries a decision out: stages, their files, a check of one, and the proofs of the record."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from decisions.models import Decision, Measurement, Outcome, Record
from decisions.rendering.flavours import FLAVOURS
from tests.api.robots import Robot
from tests.factories import NOW
from tests.web import dossier
from tests.web.test_pilot import check, decided, keep_check, pilot

pytestmark = pytest.mark.django_db


@pytest.fixture
def decision(client: Client, monkeypatch: pytest.MonkeyPatch) -> Decision:
    dossier.without_pages(monkeypatch)
    return decided(client)


@pytest.fixture
def robot(decision: Decision) -> Robot:
    return Robot(decision.team)


def one(decision: Decision) -> str:
    return f"/decisions/{decision.organisation.slug}/{decision.number}"


def sent(robot: Robot, decision: Decision, file: tuple[str, bytes], **more: object):
    upload = SimpleUploadedFile(*file)
    return robot.client.post(f"/api/v1{one(decision)}/checks", {"file": upload, **more})


def test_the_stages_and_their_files_are_those_of_the_page(client: Client, decision: Decision, robot: Robot) -> None:
    stages = robot.call("GET", f"{one(decision)}/plan").json()["stages"]
    page = client.get(decision.address("plan")).content.decode()
    assert stages
    for stage in stages:
        assert f'id="stage-{stage["id"]}"' in page
        assert all(path.startswith(f"{stage['number']:02d}-") for path in stage["files"])
    assert robot.call("GET", f"{one(decision)}/rollout.zip").content == client.get(decision.address("pack")).content


def test_an_answer_about_a_stage_stands_in_the_plan_of_a_draft(decision: Decision) -> None:
    draft = dossier.draft(decision.team)
    robot = Robot(draft.team)
    stage = robot.call("GET", f"{one(draft)}/plan").json()["stages"][0]
    answers = {"answers": {f"stages.{stage['id']}.what": "Ours, on a Tuesday."}}
    robot.call("PATCH", f"{one(draft)}/answers", answers, if_match=f'"{draft.version}"')
    changed = robot.call("GET", f"{one(draft)}/plan").json()["stages"][0]
    assert (changed["what"], changed["changed"]) == ("Ours, on a Tuesday.", ["what"])


@pytest.mark.parametrize(("p99", "verdict"), [(30.5, "go on"), (36.0, "hold"), (60.0, "go back")])
def test_a_pipeline_is_told_whether_to_go_on_and_nothing_is_kept(
    decision: Decision, robot: Robot, p99: float, verdict: str
) -> None:
    answer = sent(robot, decision, pilot(p99), stage=0)
    assert answer.status_code == 200, answer.content
    assert answer.json()["verdict"] == verdict
    assert not Outcome.objects.exists()
    assert Measurement.objects.count() == 1


def test_a_check_that_cannot_be_made_says_what_is_missing(decision: Decision, robot: Robot) -> None:
    nameless = sent(robot, decision, pilot(30.5))
    assert nameless.status_code == 422
    assert nameless.json()["errors"][0]["what"].startswith("0: ")
    assert sent(robot, decision, ("a.txt", b"hello"), stage=0).status_code == 422
    draft = dossier.draft(decision.team)
    assert sent(robot, draft, pilot(30.5), stage=0).status_code == 409


def test_a_kept_check_is_listed_and_its_bytes_are_those_of_the_page(
    client: Client, decision: Decision, robot: Robot
) -> None:
    keep_check(client, decision, check(client, decision, pilot(31.0)))
    (listed,) = robot.call("GET", f"{one(decision)}/checks").json()["items"]
    kept = Outcome.objects.get()
    assert (listed["decision"], listed["verdict"], listed["sha256"]) == (decision.number, kept.verdict, kept.digest)
    assert robot.call("GET", f"/checks/{kept.pk}").json() == listed
    for kind in ("json", "p7m"):
        page = client.get(reverse("addendum", args=[kept.pk, kind]))
        assert robot.call("GET", f"/checks/{kept.pk}/{kind}").content == page.content
    robot.call("GET", f"/checks/{kept.pk}/exe", status=404)
    items = robot.call("GET", "/calibration").json()["items"]
    shown = client.get("/calibration/").context["groups"]
    assert [(row["quantity"], row["held"], row["of"]) for row in items] == [(g.title, g.held, g.of) for g in shown]
    assert items


@pytest.mark.parametrize("flavour", [one.name for one in FLAVOURS])
def test_the_record_in_another_dialect_is_that_of_the_page(
    client: Client, decision: Decision, robot: Robot, flavour: str
) -> None:
    page = client.get(decision.address("flavoured", 1, flavour))
    assert robot.call("GET", f"{one(decision)}/revisions/1/flavours/{flavour}").content == page.content


def test_the_proofs_are_those_of_the_page(client: Client, decision: Decision, robot: Robot) -> None:
    where = f"{one(decision)}/revisions/1/proofs"
    pages = {"seal.pem": "seal_certificate", "allowed_signers": "instance_signers"}
    for name, page in pages.items():
        assert robot.call("GET", f"{where}/{name}").content == client.get(decision.address(page, 1)).content
    assert robot.call("GET", f"{where}/record.json.sig").content.startswith(b"-----BEGIN SSH SIGNATURE-----")
    assert robot.call("GET", f"{where}/record.dsse.json").json()["payloadType"] == "application/vnd.in-toto+json"
    robot.call("GET", f"{where}/passwd", status=404)
    robot.call("GET", f"{one(decision)}/revisions/7/proofs/seal.pem", status=404)


def test_proofs_wait_until_the_pdf_is_made(decision: Decision, robot: Robot) -> None:
    draft = dossier.draft(decision.team)
    row = {"inputs": {}, "canonical": b"{}", "digest": "0" * 64, "created_at": NOW}
    Record.objects.create(decision=draft, revision=1, catalogue_version="c", engine_version="e", **row)
    robot.call("GET", f"{one(draft)}/revisions/1/proofs/seal.pem", status=409)
