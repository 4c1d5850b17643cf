"""How much of the system a must-have covers, as people write it, and what that changes."""

import pytest

from decisions.advisor.case import Case
from decisions.advisor.catalog import load
from decisions.advisor.engine import recommend
from decisions.advisor.plan import stages
from decisions.advisor.recommendation import Approach, Recommendation, Standing
from decisions.advisor.scope import WHOLE, Scope, names_no_count, read_scope
from tests.advisor.judging import case, must, tried
from tests.advisor.pack.compositions import compose


@pytest.mark.parametrize(
    ("text", "namespaces"),
    [
        ("3 of 24 namespaces", 3),
        ("3 von 24 Namespaces", 3),
        ("two namespaces", 2),
        ("namespace card-data only", 1),
        ("the namespace payments, not the rest", 1),
        ("im Namespace zahlungen", 1),
        ("the cardholder-data namespace", 1),
        ("namespaces dispatch and signalling-gateway", 2),
        ("namespaces: refunds, cards and ledger", 3),
        ("dispatch, signalling-gateway", 2),
        ("dispatch and signalling-gateway", 2),
        ("namespaces that hold cards", None),
        ("namespaces in scope of the audit", None),
        ("payments", None),
        ("every service", None),
        ("", None),
    ],
)
def test_namespaces_are_counted_by_number_or_by_name(text: str, namespaces: int | None) -> None:
    assert read_scope(text) == Scope(namespaces=namespaces)


@pytest.mark.parametrize("text", ["payments", "namespaces that hold cards", "card data only"])
def test_a_scope_that_names_no_number_is_an_open_point_of_the_record(text: str) -> None:
    assert names_no_count(text)
    found = recommend(case({"workload_identity": must("rule", scope=text)}), load())
    assert [one.path for one in found.assumptions if text in one.text] == ["requirements.workload_identity.scope"]


@pytest.mark.parametrize(
    "text", [None, "", "whole cluster", "all namespaces", "alle Services", "2 services", "namespace a-b"]
)
def test_what_is_whole_or_counted_is_no_open_point(text: str | None) -> None:
    assert not names_no_count(text)


def test_a_scope_of_the_whole_decision_stands_for_one_that_names_no_number() -> None:
    asked = case({"workload_identity": must("rule", scope="payments")}, context={"scope": "2 of 12 namespaces"})
    assert not [one for one in recommend(asked, load()).assumptions if "payments" in one.text]


PLATFORM = {"clusters": 3, "nodes": 60, "pods": 2400, "services": 210, "namespaces": 48, "cni": "Cilium 1.18"}


def cards(identity: str = "not_tried", encryption: str = "not_tried", scope: str = "namespace card-data") -> Case:
    """Encryption everywhere, identity in one namespace, with what the trials of their simplest fixes said."""
    return case(
        {
            "encryption_between_nodes": tried(encryption, "rule"),
            "workload_identity": {**tried(identity, "rule"), "scope": scope},
        },
        baseline=PLATFORM,
        context={
            "cni_can_encrypt": "yes",
            "cloud_encryption_accepted": "no",
            "languages": 2,
            "application_teams": 8,
            "fix_days_per_service": 3,
            "assessor_confirmed": "yes",
        },
    )


def of(approach: Approach, found: Recommendation) -> Standing:
    """How an approach stands."""
    return next(one for one in found.ranking if one.approach is approach)


def test_identity_in_one_namespace_is_work_in_its_services_and_not_in_all() -> None:
    # 210 services in 48 namespaces: about four in one.
    narrow, wide = recommend(cards(), load()), recommend(cards(scope="all namespaces"), load())
    assert narrow.approach is Approach.CNI_ENCRYPTION
    assert [one.id for one in narrow.add_ons] == ["tls-in-application"]
    assert "tls-in-application" not in [one.id for one in of(Approach.CNI_ENCRYPTION, wide).add_ons]


def test_what_works_in_one_namespace_is_not_what_works_everywhere() -> None:
    part = of(Approach.NO_MESH, recommend(cards(identity="works"), load()))
    assert part.musts_missed == ("encryption_between_nodes",)
    whole = of(Approach.NO_MESH, recommend(cards(identity="works", scope="every namespace"), load()))
    assert whole.musts_missed == ()


def test_a_mesh_in_one_namespace_leaves_encryption_everywhere_to_the_cni_where_that_is_less_work() -> None:
    found = of(Approach.SIDECAR_MESH, recommend(cards(identity="cannot"), load()))
    assert [one.id for one in found.add_ons] == ["encryption-in-the-cni"]
    everywhere = of(Approach.SIDECAR_MESH, recommend(cards(identity="cannot", scope="all namespaces"), load()))
    assert everywhere.add_ons == ()
    assert found.hours_per_month.likely < everywhere.hours_per_month.likely


def test_a_scope_that_covers_all_is_whole() -> None:
    assert read_scope("all namespaces") == WHOLE


def test_a_roll_out_ends_with_what_is_in_scope() -> None:
    """Two services are in two namespaces at most: what goes on, what is kept and what it costs ends there."""
    found = {
        scope: compose(case({"traffic_splitting": {**tried("cannot"), "scope": scope}}, baseline=PLATFORM), "linkerd")
        for scope in ("2 of 30 services", "namespace checkout", "all namespaces")
    }
    plans = {scope: {one.id: one for one in stages(best.setting.case, best)} for scope, best in found.items()}
    assert plans["2 of 30 services"]["widen"].title == "Further namespaces in scope, in the order of risk"
    assert plans["2 of 30 services"]["widen"].what.endswith("It ends with what is in scope: “2 of 30 services”.")
    assert "widen" not in plans["namespace checkout"], "the first namespace is all there is"
    for narrow in ("2 of 30 services", "namespace checkout"):
        assert "default of new namespaces" not in plans[narrow]["default"].what
        assert f"beyond the scope (“{narrow}”)" in plans[narrow]["default"].what
    assert "default of new namespaces" in plans["all namespaces"]["default"].what
    hours = [found[scope].hours.likely for scope in ("namespace checkout", "2 of 30 services", "all namespaces")]
    assert hours == sorted(hours)
    assert hours[1] < hours[2]


def test_pods_in_scope_that_nobody_counted_are_those_of_so_many_namespaces_like_the_others() -> None:
    """4 of 48 namespaces hold 200 of 2,400 pods, and perhaps half or twice as many: an open point, not a fact."""
    asked = {"workload_identity": {**tried("cannot", "rule"), "scope": "4 of 48 namespaces"}}
    counted = recommend(case(asked, baseline=PLATFORM | {"pods_in_scope": 200}), load())
    named = recommend(case(asked, baseline=PLATFORM), load())
    whole = recommend(case({"workload_identity": tried("cannot", "rule")}, baseline=PLATFORM), load())
    memory = [of(Approach.SIDECAR_MESH, one).overhead.memory_gib for one in (counted, named, whole)]
    assert memory[1].likely == pytest.approx(memory[0].likely)
    assert memory[1].high - memory[1].low > memory[0].high - memory[0].low
    assert memory[2].likely > 8 * memory[0].likely
    tax = [
        next(reason.because for reason in of(Approach.SIDECAR_MESH, one).reasons if reason.rule == "sidecar_tax")
        for one in (named, whole)
    ]
    assert "about 200 pods" in tax[0]
    assert "about 2,400 pods" in tax[1]
    assert "baseline.pods_in_scope" in {one.path for one in named.assumptions}
    assert "baseline.pods_in_scope" not in {one.path for one in (*counted.assumptions, *whole.assumptions)}
