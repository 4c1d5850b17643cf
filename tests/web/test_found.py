"""What a decision is found by follows names that change and answers that are no record yet."""

import pytest
from django.test import Client

from decisions import renaming
from decisions.models import Role, System, Team
from tests import factories
from tests.web import dossier

pytestmark = pytest.mark.django_db


def found(client: Client, query: str) -> list[str]:
    return [one.decision.number for one in client.get(f"/decisions/?{query}").context["rows"]]


def test_a_draft_is_found_by_what_it_needs(client: Client) -> None:
    draft = dossier.draft()
    client.force_login(draft.author)
    assert found(client, "requirement=workload_identity") == [draft.number]
    assert found(client, "requirement=egress_control") == []
    dossier.answer(draft, {"requirements.workload_identity.need": "not_needed"})
    assert found(client, "requirement=workload_identity") == []


@pytest.mark.parametrize("rows", [1, 3])
def test_a_renamed_system_and_team_are_found_by_their_new_names(
    root: Client, rows: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renaming, "AT_ONCE", 2)
    team = factories.team(name="Payments")
    numbers = [factories.decision(of=team).number for _ in range(rows)]
    factories.decision()
    system = System.objects.get(team=team)
    root.post(f"/admin/decisions/system/{system.pk}/change/", {"name": "Kestrel"})
    root.post(f"/admin/decisions/team/{team.pk}/change/", {"name": "Settlement"})
    assert {str(System.objects.get(pk=system.pk)), str(Team.objects.get(pk=team.pk))} == {"Kestrel", "Settlement"}
    for word in ("kestrel", "settlement"):
        assert sorted(found(root, f"q={word}")) == sorted(numbers), word
    assert len(found(root, "q=payments-prod")) == 1


def test_an_author_is_found_by_the_name_they_have_now(client: Client) -> None:
    decision = factories.decision(author=factories.member(factories.team(), Role.AUTHOR, "Ana Ruiz"))
    client.force_login(decision.author)
    client.post("/account/", {"first_name": "Ana", "last_name": "Ortega"})
    assert found(client, "q=ortega") == [decision.number]
