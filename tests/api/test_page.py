"""The page about the interface, and that the commands on it do what they say when somebody types them."""

import json
import os
import shutil
import subprocess
from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from decisions.api.page import EXAMPLES
from decisions.models import Baseline, Decision, Organisation, ReassessmentRound, Role, Team
from decisions.tokens import Scope
from tests.api.robots import Robot
from tests.api.test_measuring import WRK


@pytest.mark.django_db
def test_the_page_has_every_operation_and_needs_no_account(client: Client) -> None:
    page = unescape(client.get("/api/").content.decode()).replace("<wbr>", "")
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    for path, methods in paths.items():
        for method in methods:
            assert f"<b>{method.upper()}</b> {path}" in page
    assert all(one.command in page for one in EXAMPLES)
    assert "A program cannot stand" in page or "a program cannot stand" in page


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_the_commands_on_the_page_work_as_they_stand_there(tmp_path: Path, live_server: LiveServer) -> None:
    if not shutil.which("curl"):
        pytest.skip("curl is not installed")
    organisation = Organisation.objects.create(name="Nordlicht", slug="nordlicht")
    robot = Robot(Team.objects.create(organisation=organisation, name="Payments"), *Scope, role=Role.ADMINISTRATOR)
    robot.user.memberships.update(team=None)
    (tmp_path / "nightly.txt").write_bytes(WRK)
    shell = {"PATH": os.environ["PATH"], "SITE": live_server.url, "TOKEN": robot.token}
    said = {}
    for one in EXAMPLES:
        done = subprocess.run(["sh", "-c", one.command], cwd=tmp_path, env=shell, capture_output=True, check=False)
        assert done.returncode == 0, (one.title, done.stdout, done.stderr)
        said[one.title] = json.loads(done.stdout)
    assert (tmp_path / "rollout.zip").read_bytes().startswith(b"PK")
    decision = Decision.objects.get()
    assert decision.case["baseline"] == {"p99_ms": 38, "pods": 400}
    assert Baseline.objects.get().system == decision.system
    assert ReassessmentRound.objects.get().started_by == robot.user
    assert len(said["Ask for a recommendation without keeping anything"]["ranking"]) == 5
