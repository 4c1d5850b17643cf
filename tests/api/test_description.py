"""openapi.json against what the interface does: requests nobody thought of get an answer that the description has."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from meshadvisor.wsgi import application
from tests.api.robots import Robot
from tests.web import dossier

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
CHECKS = (not_a_server_error, status_code_conformance, response_schema_conformance)


@pytest.fixture
def robot(monkeypatch: pytest.MonkeyPatch) -> Iterator[Robot]:
    dossier.without_pages(monkeypatch)
    signals.request_started.disconnect(close_old_connections)
    signals.request_finished.disconnect(close_old_connections)
    yield Robot(dossier.draft().team)
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)


@schema.parametrize()
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_described(case: Case, robot: Robot) -> None:
    answer = case.call(headers={"Authorization": f"Bearer {robot.token}"})
    case.validate_response(answer, checks=CHECKS)
