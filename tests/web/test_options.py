"""The five options side by side: from a draft's answers, and from a record as it was frozen."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from decisions.advisor.record import canonical
from decisions.models import Decision
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def blank_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)


def page(client: Client, decision: Decision) -> str:
    client.force_login(decision.author)
    response = client.get(decision.address("options"))
    assert response.status_code == 200
    return response.content.decode()


def test_a_draft_shows_its_options_with_how_each_is_calculated(client: Client) -> None:
    decision = dossier.draft()
    shown = page(client, decision)
    for approach in ("no-mesh", "cni-encryption", "ebpf-mesh", "ambient-mesh", "sidecar-mesh"):
        assert f'href="#calculation-{approach}"' in shown
        assert f'id="calculation-{approach}"' in shown
    assert "Ms</th>" not in shown  # a unit keeps its letters at the head of a column
    assert "The recommended one." in shown
    assert "Without: workload identity" in shown
    step = decision.address("step", 1)
    assert step in shown  # what would change the answer leads to its question


def frozen_as(monkeypatch: pytest.MonkeyPatch, decision: Decision, change: Callable[[dict[str, Any]], object]) -> None:
    """The decision's record with another content; a kept one cannot be changed, so that it only stands in for it."""
    record = decision.newest_record()
    assert record is not None
    document = json.loads(bytes(record.canonical))
    change(document["recommendation"]["ranking"][0])
    record.canonical = canonical(document)
    monkeypatch.setattr(Decision, "newest_record", lambda _: record)


def test_a_record_is_laid_out_as_it_was_frozen(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    decision = dossier.proposed()
    assert "What was frozen" not in page(client, decision)
    frozen_as(monkeypatch, decision, lambda best: best.update(product_title="What was frozen"))
    assert "What was frozen" in page(client, decision)


def test_a_record_of_another_form_says_where_its_tables_are(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    decision = dossier.proposed()
    frozen_as(monkeypatch, decision, lambda best: best.update(feature_of_an_older_version=1))
    assert "No options to lay side by side" in page(client, decision)


def test_the_panel_and_the_decision_lead_to_the_options(client: Client) -> None:
    draft = dossier.draft()
    client.force_login(draft.author)
    step = client.get(draft.address("step", 1)).content.decode()
    assert f"{draft.address('options')}#calculation-ambient-mesh" in step
    decision = dossier.proposed()
    assert decision.address("options") in client.get(decision.get_absolute_url()).content.decode()


def test_where_a_mesh_runs_no_path_is_drawn_as_if_its_proxies_came_on_top(client: Client) -> None:
    decision = dossier.draft()
    measured = {"baseline.p50_ms": 9, "baseline.p99_ms": 60, "baseline.sequential_calls": 3, "baseline.pods": 400}
    dossier.answer(decision, measured)
    drawn = "p99 latency of the critical path under"
    assert drawn in page(client, decision)
    decision.refresh_from_db()
    dossier.answer(decision, {"context.current": "Istio sidecars 1.27.1"})
    decision.refresh_from_db()
    shown = page(client, decision)
    assert drawn not in shown
    assert "The path was measured with what Istio with sidecars has in it today" in shown
    assert "its proxies are in the path that was measured" in shown.lower()
