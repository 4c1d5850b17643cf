"""Asking Prometheus by programs: as the page does, and with the same refusals."""

import json
from ipaddress import ip_network

import pytest

from decisions.models import Collection, Connection, Decision, Progress, Role
from tests import factories
from tests.api.robots import Robot
from tests.outbound.servers import serving
from tests.prometheus.test_page import SECRET, answering, everything_kept

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loopback(settings) -> None:
    """The tests' servers are on this machine, where requests go only when a setting allows it."""
    settings.OUTBOUND_ALLOWED = [ip_network("127.0.0.0/8")]


@pytest.fixture
def robot(draft: Decision) -> Robot:
    return Robot(draft.team)


def at(draft: Decision, rest: str) -> str:
    return f"/decisions/{draft.organisation.slug}/{draft.number}/{rest}"


def tag(draft: Decision) -> str:
    draft.refresh_from_db()
    return f'"{draft.version}"'


def test_a_program_connects_asks_and_keeps_once(robot: Robot, draft: Decision) -> None:
    with serving(answering) as address:
        given = {"address": address, "method": "bearer", "token": SECRET}
        made = robot.call("POST", at(draft, "connections"), given, 201).json()
        assert (made["problem"], made["sources"]) == ("", ["generic"])
        started = robot.call("POST", at(draft, f"connections/{made['id']}/runs"), {"source": "generic"}, 202).json()
    run = robot.call("GET", at(draft, f"runs/{started['id']}")).json()
    assert run["status"] == "done"
    assert run["answers"]["baseline.peak_rps"] == 7.25
    use = {"use": ["baseline.peak_rps", "baseline.nothing"]}
    robot.call("POST", at(draft, f"runs/{run['id']}/keep"), use, 428)
    kept = robot.call("POST", at(draft, f"runs/{run['id']}/keep"), use, if_match=tag(draft)).json()
    assert kept["left_out"] == []
    draft.refresh_from_db()
    assert draft.case["baseline"] == {"peak_rps": 7.25}
    assert draft.baseline.measurements.count() == 1
    again = robot.call("POST", at(draft, f"runs/{run['id']}/keep"), use, 409, if_match=tag(draft)).json()
    assert "kept once" in again["detail"]
    assert SECRET not in everything_kept()
    assert SECRET not in json.dumps(robot.call("GET", at(draft, "connections")).json())
    robot.call("DELETE", at(draft, f"connections/{made['id']}"), status=204)
    assert not Connection.objects.exists()


def test_what_cannot_be_used_is_said_field_by_field(robot: Robot, draft: Decision) -> None:
    given = {"address": "ftp://metrics.example.org", "method": "basic", "username": "ana"}
    said = robot.call("POST", at(draft, "connections"), given, 422).json()
    assert {one["where"] for one in said["errors"]} == {"address", "password"}
    assert not Connection.objects.exists()


def test_a_run_under_way_is_called_off_before_the_next(robot: Robot, draft: Decision) -> None:
    with serving(answering) as address:
        made = robot.call("POST", at(draft, "connections"), {"address": address}, 201).json()
        first = robot.call("POST", at(draft, f"connections/{made['id']}/runs"), {"source": "generic"}, 202).json()
        Collection.objects.filter(pk=first["id"]).update(status=Progress.RUNNING)
        robot.call("POST", at(draft, f"connections/{made['id']}/runs"), {"source": "generic"}, 409)
        robot.call("DELETE", at(draft, f"runs/{first['id']}"), status=204)
        robot.call("DELETE", at(draft, f"runs/{first['id']}"), status=409)
        robot.call("POST", at(draft, f"connections/{made['id']}/runs"), {"source": "generic", "hours": 5}, 422)
        robot.call("POST", at(draft, f"connections/{made['id']}/runs"), {"source": "generic"}, 202)


def test_connections_of_another_system_and_runs_of_another_draft_are_out_of_reach(
    robot: Robot, draft: Decision
) -> None:
    other = factories.decision()
    with serving(answering) as address:
        made = Robot(other.team).call("POST", at(other, "connections"), {"address": address}, 201).json()
    robot.call("POST", at(draft, f"connections/{made['id']}/test"), status=404)
    robot.call("GET", at(other, "connections"), status=404)
    assert Robot(draft.team, role=Role.VIEWER).call("GET", at(draft, "connections"), status=403)
