"""Every operation with tokens of each scope and role, and with a stranger's, against a table."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from decisions.hooks import make
from decisions.invitations import Place as Seat
from decisions.invitations import invite
from decisions.models import (
    Decision,
    GroupRule,
    ImportedRecord,
    Membership,
    Outcome,
    Role,
    SavedFilter,
    ServiceToken,
    Team,
    User,
)
from decisions.outbound import Place
from decisions.prometheus.connection import Method, connect
from decisions.tokens import Scope
from tests import factories
from tests.api.permitted import FILE, HERE, TABLE
from tests.api.robots import Robot
from tests.factories import NOW
from tests.web import dossier

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]
REACHED = {200, 201, 202, 204, 400, 409, 412, 422, 428}
"""What an operation answers that let the token in: it did it, or says what is wrong with this request."""
SOMEBODY_ELSES = {
    *("delete_filter", "upload", "keep_upload", "call_off_upload"),
    *("sent", "keep_sent", "call_off_sent"),
}
"""What only whoever made it reaches."""


@pytest.fixture
def team(monkeypatch: pytest.MonkeyPatch) -> Team:
    dossier.without_pages(monkeypatch)
    return factories.team(name="Payments")


@pytest.fixture
def named(team: Team) -> dict[str, Any]:
    """What the addresses of the table name: a decision in each state, and one row of everything else."""
    draft, proposed, accepted = dossier.draft(team), dossier.proposed(team, "Ingress"), dossier.accepted(team, "Egress")
    boss = factories.member(team.organisation, Role.ADMINISTRATOR)
    place = Seat(organisation=team.organisation, team=None, role=Role.VIEWER)
    invitation, _ = invite(place, "ana@example.org", by=boss, now=timezone.now())
    Robot(team)
    nowhere = Place.of("http://127.0.0.1:9")
    connection = connect(draft.system, draft.author, NOW, place=nowhere, method=Method.NONE, tenant="", secret={})
    window = {"starts_at": NOW, "ends_at": NOW, "source": "generic"}
    run = draft.collections.create(connection=connection, asked_by=draft.author, asked_at=NOW, **window)
    return {
        "connection": connection.pk,
        "run": run.pk,
        "slug": team.organisation.slug,
        "draft": draft.number,
        "proposed": proposed.number,
        "accepted": accepted.number,
        "system": draft.system_id,
        "filter": SavedFilter.objects.create(user=boss, name="mine", query="status=draft").pk,
        "imported": imported(team, boss).pk,
        "outcome": outcome(proposed, boss).pk,
        "member": Membership.objects.get(user=factories.member(team, Role.VIEWER)).pk,
        "invitation": invitation.pk,
        "hook": make(team.organisation, "https://chat.example.org/hooks", by=boss, now=NOW)[0].pk,
        "group": GroupRule.objects.create(organisation=team.organisation, group="sre", role=Role.VIEWER).pk,
        "token": ServiceToken.objects.get(organisation=team.organisation).pk,
    }


def imported(team: Team, user: User) -> ImportedRecord:
    values = {"source": "old.zip", "path": "0001.md", "content": b"# One", "sha256": "0" * 64, "title": "One"}
    return ImportedRecord.objects.create(team=team, imported_by=user, imported_at=NOW, **values)


def outcome(decision: Decision, user: User) -> Outcome:
    said = {"judgement": {"verdict": "hold", "reasons": [], "comparisons": []}, "projection": {}, "limits": {}}
    document = said | {"before": [{"run": {"p99_ms": 1}}], "after": [{"run": {"p99_ms": 1}}]}
    values = {"number": 1, "stage": 1, "verdict": "hold", "digest": "0" * 64, "statement": "I.", "kept_at": NOW}
    canonical = json.dumps(document).encode()
    record = decision.newest_record()
    return Outcome.objects.create(record=record, canonical=canonical, sealed=b"", kept_by=user, **values)


def status(client: Client, name: str, named: Mapping[str, Any]) -> int:
    """What the operation answers; whatever it did is undone."""
    method, path, body, *_ = TABLE[name]
    address = f"/api/v1{path.format(**named)}"
    with transaction.atomic():
        if body is FILE:
            file = SimpleUploadedFile("0002-edge.md", b"# 2. Edge\n\n## Status\n\nAccepted\n")
            answer = client.post(address, {"file": file, "team": "Payments"}, HTTP_IF_MATCH='"1"')
        else:
            text = json.dumps(body).replace("{accepted}", named["accepted"]) if body is not None else ""
            answer = client.generic(method, address, text, content_type="application/json", HTTP_IF_MATCH='"1"')
        transaction.set_rollback(True)
    return answer.status_code


def said(found: int) -> str:
    return "in" if found in REACHED else {401: "token", 403: "forbidden", 404: "not found"}.get(found, str(found))


def test_the_table_has_every_operation(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    known = {one["operationId"].rpartition("_")[2] for methods in paths.values() for one in methods.values()}
    ids = {one["operationId"] for methods in paths.values() for one in methods.values()}
    assert len(ids) == len(TABLE)
    assert all(any(one.endswith(f"_{name}") for one in ids) for name in TABLE), known


@pytest.mark.parametrize("whole", [False, True], ids=["in a team", "in the whole organisation"])
@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_the_table_says(role: Role, whole: bool, team: Team, named: dict[str, Any]) -> None:
    robot = Robot(team, *Scope, role=role)
    if whole:
        Membership.objects.filter(user=robot.user).update(team=None)
    wrong = []
    for name, (_, _, _, _, roles, where, _) in TABLE.items():
        wanted = "in" if role in roles and (where == HERE or whole) else "forbidden"
        wanted = "not found" if name in SOMEBODY_ELSES and wanted == "in" else wanted
        if wanted == "forbidden" and name in {"start_decision", "bring"}:
            wanted = "in"  # it names a team, and is told that it may not write for it
        found = said(status(robot.client, name, named))
        wrong += [f"{name} as {role}: {found}, not {wanted}"] * (found != wanted)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("scope", list(Scope))
def test_a_token_of_one_scope_does_nothing_of_the_others(scope: Scope, team: Team, named: dict[str, Any]) -> None:
    robot = Robot(team, scope, role=Role.ADMINISTRATOR)
    Membership.objects.filter(user=robot.user).update(team=None)
    for name, (_, _, _, needed, _, _, _) in TABLE.items():
        wanted = "in" if needed is scope else "forbidden"
        wanted = "not found" if name in SOMEBODY_ELSES and needed is scope else wanted
        assert said(status(robot.client, name, named)) == wanted, name


def test_a_strangers_token_finds_nothing_of_ours_and_none_opens_nothing(team: Team, named: dict[str, Any]) -> None:
    stranger = Robot(factories.team(name="Payments"), *Scope, role=Role.ADMINISTRATOR)
    Membership.objects.filter(user=stranger.user).update(team=None)
    for name, (*_, own) in TABLE.items():
        assert said(status(stranger.client, name, named)) == ("in" if own else "not found"), name
        assert said(status(Client(), name, named)) == "token", name


def test_a_token_reaches_the_organisation_it_was_made_for_and_no_other(team: Team, named: dict[str, Any]) -> None:
    """Also where its account was given a role elsewhere."""
    elsewhere = Robot(factories.team(name="Payments"), *Scope, role=Role.ADMINISTRATOR)
    Membership.objects.create(user=elsewhere.user, organisation=team.organisation, role=Role.ADMINISTRATOR)
    for name, (*_, own) in TABLE.items():
        if not own:
            assert said(status(elsewhere.client, name, named)) in {"not found", "forbidden"}, name
    for path in ("/decisions", "/due", "/imports", "/teams", "/systems"):
        items = elsewhere.call("GET", path).json()["items"]
        assert not [one for one in items if named["slug"] in json.dumps(one) or one.get("id") == named["imported"]]
