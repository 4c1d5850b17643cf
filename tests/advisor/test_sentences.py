"""Sentences of the advice that once read wrong: numbers, shares, days, and what the answer is held against."""

from typing import Any

import pytest

from decisions.advisor.burden import prices
from decisions.advisor.case import read
from decisions.advisor.catalog import load
from decisions.advisor.compositions import Memory, Workbench
from decisions.advisor.confidence import explain
from decisions.advisor.enforcement import first_enforced
from decisions.advisor.engine import rank, recommend
from decisions.advisor.flips.numbers import thresholds
from decisions.advisor.measures import months_left
from decisions.advisor.recommendation import NONE_MEETS, Approach, Flip, Rival
from decisions.advisor.record.bars import lead_bars
from decisions.advisor.record.prospects import _flip
from decisions.advisor.robustness import Steadiness
from decisions.advisor.rules import platform
from decisions.advisor.setting import Finding
from decisions.advisor.versions import support_ended
from decisions.advisor.wording import foil, headline, padded, summary
from tests.advisor.judging import case, tried

CATALOG = load()
SIZES = {"p99_ms": 80, "slo_p99_ms": 250, "pods": 380, "nodes": 22, "services": 55, "clusters": 2}
ABLE = {"data_path_debuggers": "two_or_more", "upgrades_per_year": 4, "pod_restarts": "platform_any_time"}
RETRIES = {"resilience": tried("not_tried")}


def java_shop(**more: Any) -> Any:
    return case(RETRIES, baseline={**SIZES, "cni": "Calico"}, context={"languages": 1, "application_teams": 4}, **more)


def test_an_answer_is_not_held_against_itself_with_something_beside_it() -> None:
    ranking = rank(java_shop(), CATALOG)
    assert ranking[0].setting.approach is Approach.NO_MESH
    beside = next(one for one in ranking[1:] if padded(one, ranking[0]))
    assert beside.setting.approach is Approach.CNI_ENCRYPTION
    other = foil(ranking)
    assert other is not None
    assert other.setting.carried
    said = headline(java_shop(), ranking, Steadiness(share=1.0, rivals=()))
    assert other.setting.approach.title in said
    assert beside.setting.approach.title not in said
    assert summary(beside, ranking).startswith("The same small measures")


def test_the_lead_in_hours_is_that_over_another_answer() -> None:
    one = java_shop(operations=ABLE)
    found = recommend(one, CATALOG)
    assert found.ranking[1].approach is Approach.CNI_ENCRYPTION
    bars = lead_bars(found.ranking, prices(one, CATALOG))
    assert bars is not None
    assert Approach.CNI_ENCRYPTION.title not in bars.title


@pytest.mark.parametrize(
    ("draws", "said"),
    [(0, "is first in no draw"), (6, "first in only 6 of 1,000."), (134, "could turn them round")],
)
def test_whether_numbers_could_turn_it_round_is_asked_of_the_draws(draws: int, said: str) -> None:
    one = case(
        {"network_segmentation": tried("not_tried"), "egress_control": tried("not_tried")},
        baseline={**SIZES, "cni": "Flannel"},
        operations=ABLE,
    )
    ranking = rank(one, CATALOG)
    other = foil(ranking)
    assert other is not None
    assert other.hours.low <= ranking[0].hours.high
    rival = Rival(approach=other.setting.approach, product="x", title="X", draws=draws)
    steady = Steadiness(share=1 - draws / 1000, rivals=(rival,) if draws else ())
    _, because = explain(one, ranking, steady)
    assert any(said in sentence for sentence in because), because


@pytest.mark.parametrize(
    ("path", "now", "at", "said"),
    [
        ("baseline.udp_share", 0.1, 0.103, "10.3 % of the traffic is UDP (10 % today)"),
        ("baseline.udp_share", 0.1, 0.2, "20 % of the traffic is UDP (10 % today)"),
        ("baseline.busiest_pod_ratio", 2.1, 2.14, "carries 2.14 times the median pod (2.1 today)"),
        ("baseline.pods", 380, 400, "The system has 400 pods (380 today)"),
    ],
)
def test_two_numbers_are_told_as_far_as_they_differ(path: str, now: float, at: float, said: str) -> None:
    section, _, name = path.partition(".")
    one = read({"schema": "meshadvisor-case/1", "title": "A", section: {name: now}})
    (found,) = thresholds(one, [path], lambda changed, _: getattr(getattr(changed, section), name) >= at)
    assert said in found.words


def test_where_nothing_is_left_no_option_becomes_the_answer() -> None:
    flip = Flip(
        change="Pods cannot be restarted",
        becomes=f"{NONE_MEETS}; the nearest is No mesh",
        approach=Approach.NO_MESH,
        changes_answer=True,
        path="operations.pod_restarts",
    )
    assert _flip(flip).text == "No option meets every must-have; the nearest is No mesh."


def test_an_objective_that_is_missed_leaves_nothing_and_says_so() -> None:
    missed = {**SIZES, "p99_ms": 420, "slo_p99_ms": 300, "peak_rps": 900, "sequential_calls": 4}
    found = recommend(case({"workload_identity": tried("cannot")}, baseline=missed), CATALOG)
    said = [one.because for standing in found.ranking for one in standing.reasons if one.rule == "latency_over_budget"]
    assert said
    assert all("the objective is missed by 120 ms already" in one for one in said)


@pytest.mark.parametrize(
    ("version", "ended"),
    [("1.24", "on 2023-07-28"), ("1.31.4", "on 2025-11-11"), ("1.32", "on 2026-02-28"), ("1.22", "before 2023-02-28")],
)
def test_the_day_on_which_support_ended_is_named_where_it_is_published(version: str, ended: str) -> None:
    assert support_ended(version, "2026-11-26") == ended


@pytest.mark.parametrize(
    ("deadline", "months"),
    [
        ("2027-05-26", 6.0),
        ("by 2026-12-26 at the latest", 1.0),
        ("26.05.2027", 6.0),
        ("2026-01-01", 0.0),
        ("5 months", 5.0),
        ("10 weeks", 2.3),
        ("2027-13-40", None),
        ("no date", None),
        (None, None),
    ],
)
def test_a_deadline_may_be_a_day_or_a_span(deadline: str | None, months: float | None) -> None:
    one = read({"schema": "meshadvisor-case/1", "title": "A", "context": {"deadline": deadline}})
    found = months_left(one, "2026-11-26")
    assert found == (None if months is None else pytest.approx(months, abs=0.05))


def test_a_near_day_counts_against_work_in_many_services_as_a_short_span_does() -> None:
    """The catalogue's day is the today of an answer, so that it can be made again."""
    shop = {"baseline": SIZES, "requirements_": RETRIES}
    year, rest = int(CATALOG.version[:4]), CATALOG.version[4:10]
    for deadline, simple in ((f"{year + 3}{rest}", True), (f"{CATALOG.version[:10]}", False), ("2 months", False)):
        one = case(shop["requirements_"], baseline=SIZES, context={"languages": 1, "deadline": deadline})
        best = rank(one, CATALOG)[0]
        assert (best.setting.approach is Approach.NO_MESH) is simple, deadline


@pytest.mark.parametrize(
    ("cni", "said"),
    [
        ("Flannel", "You run Flannel, which enforces no NetworkPolicy by itself"),
        ("Calico", ""),
        ("Cilium", ""),
        (None, ""),
    ],
)
def test_a_cni_that_enforces_no_policies_is_named_first(cni: str | None, said: str) -> None:
    one = case({"network_segmentation": tried("not_tried")}, baseline={**SIZES, "cni": cni})
    assert first_enforced(one, CATALOG).startswith(said) if said else first_enforced(one, CATALOG) == ""
    found = recommend(one, CATALOG)
    assert found.next_step.startswith(said or "Write NetworkPolicies")
    (stage,) = [stage for stage in found.plan if stage.id == "fix-network-policies"]
    assert any(text.startswith("You run") for text in stage.prerequisites) is bool(said)


def sidecars(product: str, **sections: Any) -> dict[str, Finding]:
    """What the rules say of a product that has to carry identity, by rule."""
    one = case({"workload_identity": tried("cannot")}, **sections)
    bench = Workbench(case=one, catalog=CATALOG, memory=Memory())
    setting = next(found.setting for found in bench.compose() if found.setting.product.id == product)
    return {rule.__name__: found for rule in platform.RULES if (found := rule(setting))}


@pytest.mark.parametrize(
    ("product", "kubernetes", "said", "strains"),
    [
        ("istio-sidecar", "1.34", "500 Jobs end by themselves", False),
        ("istio-sidecar", "1.32", "500 Jobs need native sidecars switched on.", False),
        ("istio-sidecar", "1.28", "500 Jobs may never finish", True),
        ("istio-sidecar", None, "500 Jobs may never finish", False),
        ("linkerd", "1.32", "500 Jobs end by themselves", False),
        ("consul", "1.34", "500 Jobs need a step of their own to finish.", False),
    ],
)
def test_jobs_end_where_the_mesh_uses_native_sidecars_by_itself(
    product: str, kubernetes: str | None, said: str, strains: bool
) -> None:
    found = sidecars(product, baseline={"jobs": 500, "kubernetes_version": kubernetes})["jobs_with_sidecars"]
    assert found.because.startswith(said)
    assert found.strains is strains


@pytest.mark.parametrize(
    ("product", "operations", "slow"),
    [
        ("istio-sidecar", {"exit_time": "hour"}, True),
        ("istio-sidecar", {"exit_time": "day"}, False),
        ("istio-sidecar", {"exit_time": "day", "pod_restarts": "each_team"}, True),
        ("istio-sidecar", {"exit_time": "month", "pod_restarts": "each_team"}, False),
        ("istio-sidecar", {"exit_time": "not_needed"}, False),
        ("istio-sidecar", {}, False),
        ("istio-ambient-l4", {"exit_time": "hour"}, False),
        ("istio-ambient-l4", {"exit_time": "hour", "pod_restarts": "each_team"}, False),
    ],
)
def test_what_leaves_slower_than_asked_is_strained(product: str, operations: dict[str, str], slow: bool) -> None:
    found = sidecars(product, operations=operations).get("leaves_too_slowly")
    assert (found is not None) is slow
    if found:
        assert found.strains
        waits = "pod_restarts" in operations
        assert ("each team restarts its own" if waits else "hours to remove") in found.because


SAME_NODE = {"encryption_same_node": tried("cannot", "rule"), "encryption_between_nodes": "not_needed"}


def test_a_rule_that_carries_the_whole_answer_is_read_back_to_the_assessor_first() -> None:
    ask = "Ask the assessor first, in writing, whether the rule asks for encryption on the same node"
    unread = {"assessor_confirmed": "not_asked", "threats": ["network"]}
    assert recommend(case(SAME_NODE, context=unread), CATALOG).next_step.startswith(ask)
    unmeasured = case(SAME_NODE, context=unread, baseline={"p50_ms": None, "p99_ms": None})
    assert recommend(unmeasured, CATALOG).next_step.startswith(ask)
    confirmed = case(SAME_NODE, context={"assessor_confirmed": "yes"})
    assert ask not in recommend(confirmed, CATALOG).next_step
    beside = case(SAME_NODE | {"workload_identity": tried("cannot", "incident")}, context=unread)
    assert ask not in recommend(beside, CATALOG).next_step


def test_encryption_on_one_node_alone_is_remarked_on() -> None:
    def said(**context: Any) -> str:
        return " ".join(one.text for one in recommend(case(SAME_NODE, context=context), CATALOG).assumptions)

    assert "although traffic between nodes has not" in said()
    assert "never reaches the network" in said(threats=["network"])
    assert "never reaches the network" not in said(threats=["network", "compromised_node"])
