"""The judgement as a whole: properties that hold for every case, and the answers an expert would give."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.advisor.case import load as load_case
from decisions.advisor.catalog import Catalog, load
from decisions.advisor.composition import Composition
from decisions.advisor.compositions import Memory, Workbench
from decisions.advisor.engine import rank, recommend
from decisions.advisor.recommendation import Approach, Confidence, NextStep, Status, Verdict
from decisions.advisor.requirements import REQUIREMENTS
from decisions.advisor.rules import RULES, RULING, WEIGHTY
from tests.advisor.judging import best, case, must, ranking, reason, tried

IDS = [requirement.id for requirement in REQUIREMENTS]
NEEDS = st.dictionaries(st.sampled_from(IDS), st.sampled_from(["must", "nice", "not_needed", "not_sure"]), max_size=8)
OUTCOMES = st.sampled_from([None, "not_tried", "works", "works_in_part", "not_enough", "cannot"])


@st.composite
def wishes(draw: st.DrawFn) -> dict[str, Any]:
    """Requirements with any need, any evidence and any trial."""
    found: dict[str, Any] = {}
    for requirement, need in draw(NEEDS).items():
        row: dict[str, Any] = {"need": need}
        if need == "must":
            row["evidence"] = {"kind": draw(st.sampled_from(["rule", "incident", "policy", "person", "practice"]))}
            if outcome := draw(OUTCOMES):
                row["simplest_fix"] = {"outcome": outcome}
        found[requirement] = row
    return found


@settings(max_examples=40, deadline=None)
@given(wishes())
def test_a_ruled_out_option_is_recommended_only_when_all_are(requirements: dict[str, Any]) -> None:
    compositions = rank(case(requirements), load())
    assert len(compositions) == len(Approach)
    states = [one.status for one in compositions]
    assert states[0] is not Status.RULED_OUT or set(states) == {Status.RULED_OUT}


@settings(max_examples=40, deadline=None)
@given(wishes())
def test_every_must_is_met_or_named_as_missed(requirements: dict[str, Any]) -> None:
    for standing in recommend(case(requirements), load()).ranking:
        spoken = {one.requirement for one in standing.reasons if one.requirement}
        assert set(standing.musts_met) | set(standing.musts_missed) <= spoken
        assert not set(standing.musts_met) & set(standing.musts_missed)
        missed = {one.requirement for one in standing.reasons if one.rule == "must_stays_open"}
        assert missed == set(standing.musts_missed)


@settings(max_examples=25, deadline=None)
@given(wishes(), st.sampled_from(IDS))
def test_a_further_must_never_makes_the_approach_feasible(requirements: dict[str, Any], added: str) -> None:
    without = {one: row for one, row in requirements.items() if one != added}
    before = ranking(case(without))
    after = ranking(case({**without, added: must()}))
    for approach, composition in before.items():
        if composition.status is Status.RULED_OUT and composition.setting.unmet:
            assert after[approach].status is Status.RULED_OUT


HARD = {
    "context": {"threats": ["compromised_node"], "cni_can_encrypt": "no", "application_teams": 20},
    "operations": {
        "data_path_debuggers": "nobody",
        "upgrades_per_year": 1,
        "pod_restarts": "each_team",
        "connection_resets": "no",
        "support": "stable_open_source",
        "skills": ["kubernetes_networking"],
    },
    "baseline": {"cni": "Calico", "gvisor_pods": 4, "kernel_version": "4.14", "kubernetes_version": "1.20"},
    "budget": {"cpu_vcpu": 0.01, "memory_gib": 0.01, "p99_ms": 0.01},
}
"""A case in which every weighty rule has something to say."""


@settings(max_examples=30, deadline=None)
@given(wishes(), st.sampled_from([{}, HARD, HARD | {"operations": {"pod_restarts": "not_possible"}}]))
def test_only_weighty_rules_strain_or_rule_out(requirements: dict[str, Any], sections: dict[str, Any]) -> None:
    for composition in rank(case(requirements, **sections), load()):
        for rule in set(RULES) - set(WEIGHTY) - set(RULING):
            finding = rule(composition.setting)
            assert finding is None or not (finding.strains or finding.verdict is Verdict.RULES_OUT)


@settings(max_examples=15, deadline=None)
@given(wishes(), st.randoms())
def test_the_order_of_sheets_plays_no_part(requirements: dict[str, Any], random: Any) -> None:
    catalog = load()
    products = list(catalog.products.items())
    random.shuffle(products)
    shuffled = Catalog(
        version=catalog.version,
        products=dict(products),
        add_ons=dict(reversed(catalog.add_ons.items())),
        planning=catalog.planning,
    )
    one = case(requirements)
    assert recommend(one, catalog) == recommend(one, shuffled)


def test_the_flips_are_true() -> None:
    found = recommend(case({"encryption_between_nodes": must(), "workload_identity": {"need": "nice"}}), load())
    assert found.approach is Approach.CNI_ENCRYPTION
    flip = next(one for one in found.flips if one.path == "requirements.workload_identity.need")
    becomes = best(case({"encryption_between_nodes": must(), "workload_identity": must()})).setting.approach
    assert flip.approach is becomes is not Approach.CNI_ENCRYPTION


def test_without_a_baseline_the_answer_is_to_measure() -> None:
    nothing = dict.fromkeys(
        ("clusters", "nodes", "pods", "services", "namespaces", "peak_rps", "p50_ms", "p99_ms", "slo_p99_ms")
    )
    found = recommend(case({"encryption_between_nodes": must()}, baseline=nothing), load())
    assert found.next_kind is NextStep.MEASURE_FIRST
    assert found.next_step.startswith("Measure p50")
    assert "Count pods, nodes and services." in found.next_step
    assert found.confidence is Confidence.LOW


def test_only_what_is_missing_is_to_be_measured() -> None:
    untimed = dict.fromkeys(("p50_ms", "p90_ms", "p95_ms", "p99_ms", "slo_p99_ms"))
    sizes = {"pods": 412, "nodes": 24, "services": 60, "peak_rps": 4850, "incidents_90_days": {"dns": 0}}
    found = recommend(case(baseline=untimed | sizes), load())
    assert found.next_step == "Measure p50, p95 and p99 of the critical path. A load-test file fills most of it."
    unsized = {"p99_ms": 38, "pods": None, "nodes": None, "services": None}
    found = recommend(case(baseline=untimed | sizes | unsized), load())
    listing = "The output of kubectl get nodes,pods,services -A -o json fills most of it."
    assert found.next_step == f"Count pods, nodes and services. {listing}"


def test_evidence_decides_what_is_a_must() -> None:
    asked = case({"workload_identity": must("person")})
    found = recommend(asked, load())
    assert found.approach is Approach.NO_MESH
    assert [one.requirement for one in found.demoted] == ["workload_identity"]
    kept = recommend(
        case({"workload_identity": must("person", override="A customer's contract is being signed")}), load()
    )
    assert kept.approach is not Approach.NO_MESH
    assert kept.demoted[0].kept
    assert "A customer's contract is being signed" in kept.demoted[0].because


def test_an_untried_small_fix_comes_first_and_says_what_follows() -> None:
    found = recommend(
        case({"grpc_load_balancing": tried("not_tried", "incident")}, baseline={"busiest_pod_ratio": 3.4}), load()
    )
    assert found.approach is Approach.NO_MESH
    assert found.next_kind is NextStep.TRY_FIRST
    assert found.trials[0].add_on == "client-side-grpc-balancing"
    failed = best(case({"grpc_load_balancing": tried("not_enough", "incident")}, baseline={"busiest_pod_ratio": 3.4}))
    assert failed.setting.product.title in found.trials[0].if_it_fails


def test_an_imbalance_that_is_not_there_is_no_must() -> None:
    found = recommend(case({"grpc_load_balancing": must("incident")}, baseline={"busiest_pod_ratio": 1.3}), load())
    assert found.demoted[0].requirement == "grpc_load_balancing"
    assert "1.3 times the median pod" in found.demoted[0].because


def test_scope_counts_for_waypoints() -> None:
    musts = {"workload_identity": tried("cannot"), "l7_authorization": tried("cannot")}
    whole = ranking(case(musts))[Approach.AMBIENT_MESH]
    scoped = {**musts, "l7_authorization": {**tried("cannot"), "scope": "2 of 12 namespaces"}}
    part = ranking(case(scoped))[Approach.AMBIENT_MESH]
    assert part.hours.likely < whole.hours.likely
    assert part.setting.overhead.memory_gib.likely < whole.setting.overhead.memory_gib.likely


def test_a_hacked_node_is_not_stopped_by_keys_of_the_node() -> None:
    one = case({"encryption_between_nodes": must()}, context={"threats": ["compromised_node"]})
    found = reason(ranking(one)[Approach.CNI_ENCRYPTION], "node_keys_and_hacked_nodes")
    assert found is not None
    assert ranking(one)[Approach.CNI_ENCRYPTION].status is Status.STRAINED


def judged(kernel: str, product: str, **operations: str) -> Composition:
    """One product's composition on nodes with this kernel."""
    one = case({"encryption_between_nodes": must()}, baseline={"kernel_version": kernel}, operations=operations)
    bench = Workbench(case=one, catalog=load(), memory=Memory())
    return next(found for found in bench.compose() if found.setting.product.id == product)


def test_an_old_kernel_rules_out_with_both_versions() -> None:
    fixed = judged("4.14", "cilium-wireguard", platform_upgrade="no")
    found = reason(fixed, "kernel_too_old")
    assert found is not None
    assert found.verdict is Verdict.RULES_OUT
    assert "runs kernel 4.14" in found.because
    assert load().products["cilium-wireguard"].constraints.min_kernel in found.because
    assert fixed.status is Status.RULED_OUT


def test_a_kernel_that_can_be_upgraded_is_work_that_comes_first() -> None:
    old, new = judged("4.14", "cilium-wireguard"), judged("6.1", "cilium-wireguard")
    assert old.status is Status.STRAINED
    assert new.status is Status.FITS
    assert old.upgrades == ("the nodes to a kernel of 5.10 or newer (4.14 today)",)
    assert old.likely_hours > new.likely_hours
    assert old.feasibility == new.feasibility, "work done once is no must met badly"


@pytest.mark.parametrize(
    ("kernel", "product"), [("6.1", "cilium-wireguard"), ("4.18.0-553.el8_10.x86_64", "cilium-ipsec")]
)
def test_a_kernel_that_suffices_or_is_backported_does_not_rule_out(kernel: str, product: str) -> None:
    assert reason(judged(kernel, product), "kernel_too_old") is None


def test_the_budget_strains_what_goes_over_it() -> None:
    one = case({"workload_identity": tried("cannot")}, budget={"memory_gib": 2})
    sidecar = ranking(one)[Approach.SIDECAR_MESH]
    found = reason(sidecar, "memory_over_budget")
    assert sidecar.status is Status.STRAINED
    assert found is not None
    assert "your limit is 2" in found.because


def test_the_same_case_gives_the_same_answer() -> None:
    one = case({"workload_identity": tried("cannot"), "traffic_splitting": {"need": "nice"}})
    assert recommend(one, load()) == recommend(one, load())


CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))
SHARED = sorted((Path(__file__).parents[2].parent / "shared" / "cases").glob("*.yaml"))


@pytest.mark.parametrize("path", [*CASES, *SHARED], ids=lambda path: path.stem)
def test_a_case_is_judged_as_an_expert_would(path: Path) -> None:
    text = path.read_text()
    expected = yaml.safe_load(text)["expected"]
    found = recommend(load_case(text), load())
    assert found.approach in {expected["recommended"], *expected.get("acceptable", [])}
    standings = {one.approach: one for one in found.ranking}
    for approach in expected.get("ruled_out", {}):
        assert standings[Approach(approach)].reasons
        assert found.approach != approach


def test_the_front_holds_what_nothing_beats() -> None:
    found = recommend(case({"workload_identity": tried("cannot"), "request_metrics": {"need": "nice"}}), load())
    points = [(one.hours_per_month.likely, one.p99_ms.likely, -len(one.nice_met)) for one in found.front]
    assert len(points) > 1
    for mine in points:
        assert not any(all(a <= b for a, b in zip(other, mine, strict=True)) for other in points if other != mine)


def test_robustness_falls_when_the_runner_up_is_near() -> None:
    alone = recommend(case({"encryption_between_nodes": must()}), load())
    near = recommend(case({"traffic_splitting": tried("not_enough")}, baseline={"cni": None}), load())
    assert alone.robustness is not None
    assert near.robustness is not None
    assert near.robustness < alone.robustness <= 1.0
    assert any(f"{round(near.robustness * 1000):,} of 1,000 draws" in words for words in near.confidence_because)


def test_a_small_fix_for_a_few_services_is_not_refused_for_the_languages_of_all() -> None:
    """Two services have two languages at most, and two teams, however many the system has."""
    many = {"languages": 6, "application_teams": 30}
    few = recommend(case({"workload_identity": must(scope="two services")}, context=many), load())
    assert (few.approach, [one.id for one in few.add_ons]) == (Approach.NO_MESH, ["tls-in-application"])
    five = case({"workload_identity": must(scope="5 services")}, context=many)
    assert best(five).setting.product.approach is not Approach.NO_MESH, "five services may have five languages"


def test_an_option_that_waits_for_an_answer_about_a_small_measure_says_until_when_it_is_out() -> None:
    asked = {"encryption_between_nodes": must("rule"), "workload_identity": tried("cannot")}

    def without_a_mesh(**context: str) -> tuple[str, str]:
        found = recommend(
            case({"encryption_between_nodes": asked["encryption_between_nodes"]}, context=context), load()
        )
        row = next(one for one in found.ranking if one.approach is Approach.NO_MESH)
        assert row.status is Status.RULED_OUT, "what its sentence says as well"
        return row.summary, next((one.because for one in row.reasons if one.verdict is Verdict.RULES_OUT), "")

    summary, because = without_a_mesh()
    assert summary.endswith(
        "stays out until a small measure is known to close that (Encryption by the cloud provider)."
    )
    assert "stays out until a small measure is known to close it (Encryption by the cloud provider" in because
    assert "The CNI's encryption beside it" not in because  # it stands beside a mesh only
    for answered in ("no", "not_applicable"):
        summary, because = without_a_mesh(cloud_encryption_accepted=answered)
        assert summary == "Leaves encryption between nodes open."
        assert "No small measure closes it (Encryption by the cloud provider" in because
    # Where another must stays open whatever is answered, the option is out.
    found = recommend(case(asked), load())
    row = next(one for one in found.ranking if one.approach is Approach.NO_MESH)
    assert row.summary == "Leaves encryption between nodes and workload identity open."
