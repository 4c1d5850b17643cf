"""What was measured of a system before is offered to the next decision about it."""

import pytest
from django.test import Client

from decisions.drafting import start
from decisions.models import Baseline, Decision, Measurement, System
from tests import factories
from tests.factories import NOW
from tests.web import dossier
from tests.web.test_measured import keep, wrk

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(client: Client) -> Decision:
    decision = dossier.draft()
    client.force_login(decision.author)
    keep(client, decision, ("night.txt", wrk(p99=41.0)))
    return decision


def another(of: Decision) -> Decision:
    """A draft about the same system that argues from nothing yet."""
    return factories.decision(of=of.team, author=of.author)


def test_the_next_decision_about_a_system_uses_again_what_was_measured(client: Client, first: Decision) -> None:
    second = another(first)
    assert "was measured before: look at it, use it again" in client.get(second.address("step", 2)).content.decode()
    page = client.get(second.address("baseline")).content.decode()
    assert "Measured before" in page
    assert "night.txt" in page
    form = {"act": "again", "baseline": first.baseline_id}
    looked = client.post(second.address("baseline"), form)
    assert not Measurement.objects.exclude(baseline=first.baseline).exists()
    choices = {f"use:{one.path}": one.found[0].key for one in looked.context["offers"]}
    client.post(second.address("baseline"), {"act": "keep", "token": looked.context["token"]} | choices)
    second.refresh_from_db()
    assert second.case["baseline"]["p99_ms"] == 41.0
    own, theirs = second.baseline.measurements.get(), first.baseline.measurements.get()
    assert own.baseline_id != theirs.baseline_id
    assert (own.sha256, own.read_at, own.measured_by) == (theirs.sha256, theirs.read_at, theirs.measured_by)
    assert "Measured before" not in client.get(second.address("baseline")).content.decode()


def test_nothing_of_another_system_or_of_strangers_is_offered(client: Client, first: Decision) -> None:
    other = factories.decision(of=first.team, author=first.author)
    hidden = another(first)
    Decision.objects.filter(pk=other.pk).update(
        system=System.objects.create(organisation=other.organisation, team=other.team, name="another-cluster")
    )
    assert "Measured before" not in client.get(other.address("baseline")).content.decode()
    assert "was measured before" not in client.get(other.address("step", 2)).content.decode()
    answer = client.post(other.address("baseline"), {"act": "again", "baseline": first.baseline_id})
    assert answer.status_code == 422
    assert "not on offer any more" in answer.content.decode()
    client.force_login(factories.member(factories.team()))
    assert client.get(hidden.address("baseline")).status_code == 404


def test_a_system_is_the_same_in_capitals(first: Decision) -> None:
    shouted = start(first.author, first.team, system=first.system.name.upper(), title="Again", now=NOW)
    assert shouted.system == first.system
    assert System.objects.count() == 1


@pytest.mark.parametrize("many", [1, 3])
def test_offering_takes_as_many_queries_however_many_there_are(
    client: Client, first: Decision, many: int, django_assert_num_queries
) -> None:
    for place in range(1, many):
        keep(client, another(first), (f"{place}.txt", wrk(p99=41.0 + place)))
    assert Baseline.objects.count() == many
    second = another(first)
    client.get(second.address("baseline"))
    with django_assert_num_queries(9):
        page = client.get(second.address("baseline"))
    assert len(page.context["earlier"]) == many
