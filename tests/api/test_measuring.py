"""A pipeline sends its nightly load test."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from decisions import receiving, spool
from decisions.models import Baseline, Measurement, Role, Upload
from decisions.tokens import Scope
from tests import factories
from tests.api.robots import Robot
from tests.web import dossier
from tests.work import work

pytestmark = pytest.mark.django_db

WRK = b"""Running 30s test @ http://checkout.test:8080/pay
  2 threads and 16 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     9.10ms    4.00ms  90.00ms   80.00%
    Req/Sec     0.90k    50.00     1.00k    70.00%
  Latency Distribution
     50%    8.00ms
     75%   10.00ms
     90%   14.00ms
     99%   31.00ms
  54000 requests in 30.00s, 10.00MB read
Requests/sec:   1800.00
Transfer/sec:    340.00KB
"""


def test_a_run_becomes_a_baseline_of_the_system_and_the_same_key_makes_no_second(tmp_path: object) -> None:
    team = factories.team()
    decision = dossier.draft(team)
    robot = Robot(team, Scope.READ, Scope.MEASURE)
    (system,) = robot.call("GET", "/systems").json()["items"]
    path = f"/api/v1/systems/{system['id']}/baselines"
    for _ in range(2):
        sent = robot.client.post(path, {"file": SimpleUploadedFile("nightly.txt", WRK)}, HTTP_IDEMPOTENCY_KEY="night-1")
        assert sent.status_code == 201, sent.content
    (one,) = sent.json()["measurements"]
    assert (one["kind"], one["tool"], one["file"]) == ("loadtest", "wrk", "nightly.txt")
    assert one["figures"]["normalised"]["latency_ms"]["p99"] == 31.0
    assert Baseline.objects.get().system == decision.system
    (listed,) = robot.call("GET", f"/systems/{system['id']}/baselines").json()["items"]
    assert listed["measurements"] == [one]


def test_a_draft_gets_measurements(tmp_path: object) -> None:
    decision = dossier.draft()
    robot = Robot(decision.team)
    path = f"/api/v1/decisions/{decision.organisation.slug}/{decision.number}/measurements"
    refused = robot.client.post(path, {"file": SimpleUploadedFile("a.txt", WRK)})
    assert refused.status_code == 428
    sent = robot.client.post(path, {"file": SimpleUploadedFile("a.txt", WRK)}, HTTP_IF_MATCH=f'"{decision.version}"')
    assert sent.status_code == 201, sent.content
    assert Measurement.objects.get().baseline == Baseline.objects.get()


def test_a_file_that_is_no_measurement_leaves_nothing_behind() -> None:
    decision = dossier.draft()
    robot = Robot(decision.team)
    path = f"/api/v1/systems/{decision.system.pk}/baselines"
    sent = robot.client.post(path, {"file": [SimpleUploadedFile("a.txt", WRK), SimpleUploadedFile("b", b"hello")]})
    assert sent.status_code == 422
    (error,) = sent.json()["errors"]
    assert error["where"] == "b"
    assert error["what"].startswith("The content was not recognised.")
    assert not Baseline.objects.exists()


def test_nobody_measures_a_system_of_strangers() -> None:
    other = dossier.draft()
    robot = Robot(factories.team())
    path = f"/api/v1/systems/{other.system.pk}/baselines"
    assert robot.client.post(path, {"file": SimpleUploadedFile("a.txt", WRK)}).status_code == 404


def test_advice_is_given_and_nothing_kept() -> None:
    robot = Robot(factories.team(), Scope.READ)
    case = {"schema": "meshadvisor-case/1", "title": "x", "requirements": {"encryption_between_nodes": "nice"}}
    answer = robot.call("POST", "/advice", {"case": case}).json()
    assert len(answer["ranking"]) == 5
    refused = robot.call("POST", "/advice", {"case": {**case, "nodes": 3}}, 422).json()
    assert refused["errors"][0]["where"] == "nodes"


@pytest.fixture
def waiting(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks wait in the database, as in production, the spool is empty, and a hundred bytes take long to read."""
    settings.DATA_DIR = tmp_path
    settings.TASKS = {"default": settings.TASKS["line"]}
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    monkeypatch.setattr(receiving, "AT_ONCE", 100)


@pytest.mark.usefixtures("waiting")
def test_a_large_file_is_read_beside_the_request_and_kept_when_it_is_done() -> None:
    decision = dossier.draft()
    robot = Robot(decision.team)
    one = f"/decisions/{decision.organisation.slug}/{decision.number}"
    tag = {"HTTP_IF_MATCH": f'"{decision.version}"'}
    sent = robot.client.post(f"/api/v1{one}/measurements", {"file": SimpleUploadedFile("night.txt", WRK)}, **tag)
    assert sent.status_code == 202
    key = sent.json()["id"]
    robot.call("POST", f"{one}/uploads/{key}/keep", status=409, if_match=f'"{decision.version}"')
    assert not Measurement.objects.exists()
    work()
    told = robot.call("GET", f"{one}/uploads/{key}").json()
    assert (told["status"], told["files"], told["read_bytes"]) == ("done", ["night.txt"], len(WRK))
    robot.call("POST", f"{one}/uploads/{key}/keep", status=428)
    kept = robot.call("POST", f"{one}/uploads/{key}/keep", status=201, if_match=f'"{decision.version}"').json()
    assert [row["tool"] for row in kept["measurements"]] == ["wrk"]
    robot.call("GET", f"{one}/uploads/{key}", status=404)
    assert not list(spool.folder().iterdir())


@pytest.mark.usefixtures("waiting")
def test_an_upload_that_is_called_off_leaves_no_file() -> None:
    decision = dossier.draft()
    robot, other = Robot(decision.team), Robot(decision.team)
    one = f"/decisions/{decision.organisation.slug}/{decision.number}"
    tag = {"HTTP_IF_MATCH": f'"{decision.version}"'}
    sent = robot.client.post(f"/api/v1{one}/measurements", {"file": SimpleUploadedFile("night.txt", WRK)}, **tag)
    key = sent.json()["id"]
    other.call("DELETE", f"{one}/uploads/{key}", status=404)
    robot.call("DELETE", f"{one}/uploads/{key}", status=204)
    assert not list(spool.folder().iterdir())


@pytest.mark.usefixtures("waiting")
def test_a_large_baseline_of_a_system_is_read_beside_the_request_and_kept_once() -> None:
    decision = dossier.draft()
    robot, other = Robot(decision.team), Robot(decision.team)
    one = f"/systems/{decision.system_id}"
    sent = robot.client.post(f"/api/v1{one}/baselines", {"file": SimpleUploadedFile("night.txt", WRK)})
    assert sent.status_code == 202, sent.content
    key = sent.json()["id"]
    robot.call("POST", f"{one}/uploads/{key}/keep", status=409)
    other.call("GET", f"{one}/uploads/{key}", status=404)
    assert not Baseline.objects.exists()
    work()
    assert robot.call("GET", f"{one}/uploads/{key}").json()["status"] == "done"
    kept = robot.call("POST", f"{one}/uploads/{key}/keep", status=201).json()
    assert [row["tool"] for row in kept["measurements"]] == ["wrk"]
    robot.call("POST", f"{one}/uploads/{key}/keep", status=404)
    assert Baseline.objects.get().system_id == decision.system_id
    assert not list(spool.folder().iterdir())


@pytest.mark.usefixtures("waiting")
def test_a_large_baseline_that_is_called_off_leaves_no_file() -> None:
    decision = dossier.draft()
    robot, reader = Robot(decision.team), Robot(decision.team, role=Role.VIEWER)
    one = f"/systems/{decision.system_id}"
    sent = robot.client.post(f"/api/v1{one}/baselines", {"file": SimpleUploadedFile("night.txt", WRK)})
    key = sent.json()["id"]
    reader.call("DELETE", f"{one}/uploads/{key}", status=403)
    robot.call("DELETE", f"{one}/uploads/{key}", status=204)
    assert not list(spool.folder().iterdir())
    assert not Upload.objects.exists()
