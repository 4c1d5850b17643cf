"""Sentences of the advice that once read wrong: numbers, shares, days, and what the answer is held against."""

from typing import Any

import pytest

from decisions.advisor.advisories import advise
from decisions.advisor.burden import prices
from decisions.advisor.case import Case, read
from decisions.advisor.catalog import load
from decisions.advisor.compositions import Memory, Workbench
from decisions.advisor.confidence import explain
from decisions.advisor.enforcement import first_enforced
from decisions.advisor.engine import answer, rank, recommend
from decisions.advisor.flips.numbers import thresholds
from decisions.advisor.quantities import counted, number
from decisions.advisor.recommendation import NONE_MEETS, Approach, Flip, Rival, Verdict
from decisions.advisor.record import About, Bullets, Section, draft
from decisions.advisor.record.bars import lead_bars
from decisions.advisor.record.labels import value
from decisions.advisor.record.prospects import _flip
from decisions.advisor.record.words import listed
from decisions.advisor.requirements import begun
from decisions.advisor.robustness import Steadiness
from decisions.advisor.rules import platform
from decisions.advisor.setting import Finding
from decisions.advisor.versions import support_ended
from decisions.advisor.wording import foil, headline, padded, summary
from tests.advisor.judging import case, must, tried

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
        ("istio-sidecar", "1.34", "500 Jobs will end by themselves", False),
        ("istio-sidecar", "1.32", "500 Jobs will need native sidecars switched on.", False),
        ("istio-sidecar", "1.28", "500 Jobs may never finish", True),
        ("istio-sidecar", None, "500 Jobs may never finish", False),
        ("linkerd", "1.32", "500 Jobs will end by themselves", False),
        ("consul", "1.34", "500 Jobs will need a step of their own to finish.", False),
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


def the_record(one: Case) -> dict[str, Any]:
    """The sections of a record by their ids, the inner ones too."""
    found: dict[str, Any] = {}

    def walk(sections: tuple[Section, ...]) -> None:
        for section in sections:
            found[section.id] = section
            walk(section.sections)

    about = About(number="DR-0001", title="A test", date="2026-11-26")
    walk(draft(one, answer(one, CATALOG), CATALOG, about).sections)
    return found


def points(section: Section) -> list[str]:
    """The points of a section."""
    return [item.text for block in section.blocks if isinstance(block, Bullets) for item in block.items]


IDENTITY = {"workload_identity": tried("cannot", "rule"), "audit_proof": must("rule")}


def test_consequences_are_the_teams_and_repeat_no_point_for_the_option() -> None:
    one = case(
        IDENTITY,
        baseline={"cni": "Calico", "udp_share": 0.01, "host_network_pods": 3, "slo_p99_ms": 800},
        operations=ABLE | {"hourly_cost": 90},
        budget={"money_per_month": 90_000},
        plan={"owner": "Ada", "stop_decides": "Grace"},
    )
    found = the_record(one)
    follows, best = points(found["consequences"]), answer(one, CATALOG).best
    favour = [one.because for one in best.reasons if one.verdict is Verdict.FOR]
    against = [one.because for one in best.reasons if one.verdict is not Verdict.FOR]
    own = points(found[f"option-{best.approach.value}"])
    assert not set(follows) & set(favour)
    assert set(against) <= set(follows)
    assert set(own) == set(favour)  # what speaks against it is said once
    said = " ".join(follows)
    assert "Ada owns it; Grace decides to go back" in said
    assert "CPU and memory included; your limit is 90,000" in said
    assert "at p99, which is 38 ms today; the objective is 800" in said


def test_a_decision_that_adds_nothing_says_so() -> None:
    said = points(the_record(case())["consequences"])
    assert said == ["Nothing is added to CPU, memory and latency, and nothing more has to be run."]


def test_the_test_of_a_trial_is_not_said_twice() -> None:
    confirmed = the_record(java_shop())["confirmation"]
    said = " ".join(points(confirmed))
    (trial,) = answer(java_shop(), CATALOG).trials
    assert said.count(trial.test) == 1


def test_an_old_kubernetes_is_upgraded_before_something_that_is_named() -> None:
    found = answer(case(IDENTITY, baseline={"kubernetes_version": "1.33", "cni": "Calico"}, operations=ABLE), CATALOG)
    assert "upgrade it before the first stage, unless your distribution still repairs it." in found.next_step


def test_a_measure_in_services_says_in_how_many() -> None:
    few = {"workload_identity": must("rule", scope="3 services")}
    (trial,) = answer(case(few, context={"languages": 1}), CATALOG).trials
    assert trial.what.endswith("In scope that is 3 services.")
    some = {"workload_identity": must("rule", scope="2 of 12 namespaces")}
    context = {"languages": 1, "application_teams": 2, "fix_days_per_service": 5}
    (trial,) = answer(case(some, context=context), CATALOG).trials
    assert trial.what.endswith("In the namespaces in scope that is about 10 services, reckoned from the average.")


def test_what_works_without_a_provider_is_the_encryption_of_the_cni() -> None:
    asked = {"workload_identity": tried("cannot", "rule"), "encryption_between_nodes": tried("works", "rule")}
    here = {"cni": "Calico", "udp_share": 0.01, "bare_metal": True, "kubernetes_version": "1.36"}
    context = {"cni_can_encrypt": "yes", "cloud_encryption_accepted": "not_applicable", "fix_days_per_service": 1}
    found = answer(case(asked, baseline=here, context=context, operations=ABLE), CATALOG)
    assert [one.id for one in found.add_ons] == ["encryption-in-the-cni"]
    assert not found.trials
    assert found.plan[0].title == "The CNI's encryption beside it"
    assert found.plan[0].what.startswith("It was tried here and works; what is left are the parts")
    (because,) = (one.because for one in found.best.reasons if one.rule == "met_by_add_on")
    assert "which works here" in because
    # The network carries datagrams too, so that nothing stays in clear text.
    assert "UDP" not in {one.topic for one in found.advisories}


def test_an_owner_of_the_authority_is_spoken_of_once() -> None:
    mesh, beside = CATALOG.products["istio-ambient-l4"], CATALOG.add_ons["tls-in-application"]
    noted = advise(case(operations={"ca_owner": "Ada"}, baseline={"udp_share": 0.2}), mesh, [beside])
    topics = [one.topic for one in noted]
    assert topics.count("Owner of the certificate authority") == topics.count("UDP") == 1


def test_hours_more_are_the_difference_of_the_hours_that_are_shown() -> None:
    ranking = rank(case(IDENTITY, baseline={"cni": "Calico"}, operations=ABLE), CATALOG)
    for one in ranking[1:]:
        if (said := summary(one, ranking)).startswith("Meets every must-have, for "):
            extra = float(said.removeprefix("Meets every must-have, for ").split(" ")[0])
            shown = [float(number(it.hours.likely)) for it in (one, ranking[0])]
            assert extra == pytest.approx(shown[0] - shown[1], abs=0.05)


def test_encryption_is_the_whole_need_only_where_nothing_else_is_open() -> None:
    both = {"encryption_between_nodes": must("rule"), **IDENTITY}
    cni = next(one for one in rank(case(both), CATALOG) if one.approach is Approach.CNI_ENCRYPTION)
    assert "cni_only_encrypts" not in {one.rule for one in cni.reasons}
    alone = rank(case({"encryption_between_nodes": must("rule")}), CATALOG)
    cni = next(one for one in alone if one.approach is Approach.CNI_ENCRYPTION)
    assert "cni_only_encrypts" in {one.rule for one in cni.reasons}


def test_one_of_a_thing_is_no_plural() -> None:
    assert counted(1, "day") == "1 day"
    assert counted(1200, "service") == "1,200 services"
    assert value("context.fix_days_per_service", 1) == "1 day"
    assert value("context.fix_days_per_service", 2) == "2 days"
    languages = case(RETRIES, context={"languages": 4, "application_teams": 4})
    (found,) = thresholds(languages, ["context.languages"], lambda other, _: other.context.languages == 1)
    assert found.words == "The services use one language (4 today)"


def test_a_list_in_a_sentence_keeps_no_capitals_and_tells_its_parts_apart() -> None:
    events = ["new_rule", "product_end_of_life", "nice_becomes_must"]
    assert value("plan.reopen_events", events) == (
        "A new rule or a new reading of one, the chosen product or version leaves support and "
        "a nice-to-have becomes a must-have"
    )
    assert value("operations.skills", ["pki", "envoy"]) == "certificates and PKI and Envoy"
    again = points(the_record(case(plan={"reopen_events": events}))["more-information"])
    assert any(
        "when one of these happens: a new rule or a new reading of one; the chosen product or version leaves support; "
        "a nice-to-have becomes a must-have." in one.lower()
        for one in again
    )
    assert listed(["egress control", "retries, timeouts and circuit breaking"]) == (
        "egress control; retries, timeouts and circuit breaking"
    )


@pytest.mark.parametrize(
    ("words", "head"),
    [("gRPC load balancing", "gRPC load balancing"), ("egress control", "Egress control"), ("", ""), ("p99", "P99")],
)
def test_a_name_with_its_capitals_elsewhere_keeps_them_at_the_head_of_a_sentence(words: str, head: str) -> None:
    assert begun(words) == head
