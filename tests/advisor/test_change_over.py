"""Where a mesh runs already, the files are written for it: nothing is installed twice, and each way back ends there."""

from typing import Any

import pytest
import yaml

from decisions.advisor.advisories import advise
from decisions.advisor.case import CaseError, read, write
from decisions.advisor.catalog import load
from decisions.advisor.engine import rank, recommend
from decisions.advisor.pack import build
from decisions.advisor.plan import stages
from decisions.advisor.present import present_of
from decisions.advisor.quantities import ZERO
from decisions.advisor.recommendation import Approach
from decisions.advisor.record.bars import path_bars
from decisions.advisor.record.plain import plain
from decisions.advisor.requirements import BY_ID
from tests.advisor.judging import MEASURED, case, tried
from tests.advisor.pack.compositions import compose

IDENTITY = {"workload_identity": tried("cannot")}
ISTIO = "Istio sidecar 1.27.1, a proxy in 16 pods"
NAMES = {"shop": {"cart": 8080}, "billing": {"pay": 9000}}
INJECTED, REVISED = {"istio-injection": "enabled"}, {"istio.io/rev": "1-27-1"}


def asked(current: str | None, marks: dict[str, dict[str, str]] | None = None, **plan: str) -> Any:
    rows = [
        {"name": name, "services": services} | ({"marks": marks[name]} if marks and name in marks else {})
        for name, services in NAMES.items()
    ]
    return case(IDENTITY, baseline=MEASURED, context={"current": current}, namespaces=rows, plan=plan)


def files_of(one: Any, product: str = "istio-sidecar") -> dict[str, str]:
    made = build(one, stages(one, compose(one, product)), product)
    return {path: content.decode() for path, content in made.items()}


def before_the_first_stage(current: str | None) -> str:
    found = recommend(case(IDENTITY, baseline=MEASURED, context={"current": current}), load())
    install = next(stage for stage in found.plan if stage.phase == 1)
    return " ".join(install.prerequisites)


@pytest.mark.parametrize("current", [ISTIO, "Linkerd in the shop namespace"])
def test_a_mesh_that_runs_is_named_with_what_to_settle_first(current: str) -> None:
    said = before_the_first_stage(current)
    assert f"A mesh runs here today ({current})" in said
    assert "The labels of today's namespaces are not known here" in said


@pytest.mark.parametrize("current", [None, "Retries in libraries", "No mesh"])
def test_where_none_runs_nothing_is_said(current: str | None) -> None:
    assert "A mesh runs here today" not in before_the_first_stage(current)


def test_what_runs_is_not_installed_again() -> None:
    made = files_of(asked(ISTIO))
    first = made["00-install/README.md"]
    assert "helm" not in first
    assert "Install" not in first
    assert "kubectl get namespaces -o yaml > namespaces-before.yaml" in first
    assert not [path for path in made if "/values/" in path]
    plan = stages(asked(ISTIO), compose(asked(ISTIO), "istio-sidecar"))
    assert "control-plane" not in {feature.id for stage in plan for feature in stage.features}


def test_what_stands_is_watched_before_it_is_closed() -> None:
    one = asked(ISTIO, {"shop": INJECTED})
    noted, closed, *_ = stages(one, compose(one, "istio-sidecar"))
    assert closed.id == "strict"
    assert {gate.id for gate in noted.gates} >= {"istio-plaintext-http", "istio-plaintext-tcp"}
    assert "who still calls in plain text" in noted.what


def test_the_record_does_not_say_installed_and_nothing_introduced_at_once() -> None:
    found = recommend(asked(ISTIO), load())
    reasons = [one.because for standing in found.ranking for one in standing.reasons]
    said = str(plain(found.plan))
    if found.best.product == "istio-sidecar":
        assert any("nothing has to be introduced" in one for one in reasons)
    assert "Install the resources, istiod" not in said or found.best.product != "istio-sidecar"
    whole = str(plain(stages(asked(ISTIO), compose(asked(ISTIO), "istio-sidecar"))))
    assert "Install the resources" not in whole


@pytest.mark.parametrize(
    ("plan", "label"),
    [
        ({}, {"istio-injection": "enabled"}),
        ({"present_enrolment": "injection_label"}, {"istio-injection": "enabled"}),
        ({"present_enrolment": "revision_label", "present_revision": "1-27-1"}, {"istio.io/rev": "1-27-1"}),
    ],
)
def test_a_namespace_that_joins_carries_the_label_of_the_revision_that_runs(
    plan: dict[str, str], label: dict[str, str]
) -> None:
    made = files_of(asked(ISTIO, **plan))
    assert yaml.safe_load(made["01-permissive/manifests/namespace-shop.yaml"])["metadata"]["labels"] == label
    assumed = "Assumed, since nobody said" in made["01-permissive/README.md"]
    assert assumed == (not plan)
    (key,) = label
    assert f"kubectl label namespace shop {key}-" in made["01-permissive/README.md"]


def test_pods_that_join_one_by_one_get_their_label_and_lose_it_again() -> None:
    readme = files_of(asked(ISTIO, present_enrolment="each_pod"))["01-permissive/README.md"]
    applied, back = readme.split("## The way back")
    assert '"sidecar.istio.io/inject":"true"' in applied
    assert '"sidecar.istio.io/inject":null' in back


def test_namespaces_that_are_in_the_mesh_are_only_closed() -> None:
    made = files_of(asked(ISTIO, {"shop": INJECTED}))
    assert not [path for path in made if path.startswith("01-permissive")]
    assert "01-strict/manifests/peerauthentication-shop-default.yaml" in made
    assert "02-widen/01-billing/1-permissive/manifests/namespace-billing.yaml" in made
    both = files_of(asked(ISTIO, {"shop": INJECTED, "billing": INJECTED}))
    assert sorted(path for path in both if path.startswith("02-widen") and path.endswith("kustomization.yaml")) == [
        "02-widen/01-billing/1-strict/kustomization.yaml",
        "02-widen/01-billing/1-strict/rollback/delete/kustomization.yaml",
    ]


@pytest.mark.parametrize(
    ("current", "restarts"),
    [(ISTIO, True), ("Linkerd in the shop namespace", True), ("Istio ambient", False), ("", False)],
)
def test_a_pod_with_a_proxy_joins_the_nodes_mesh_by_a_restart_and_goes_back_by_one(
    current: str, restarts: bool
) -> None:
    one = asked(current)
    made = {stage.id: stage for stage in stages(one, compose(one, "istio-ambient-l4"))}
    for joining in (made["permissive"], made["widen"]):
        assert ("restart its pods: a pod that carries a proxy is not captured" in joining.what) is restarts
        assert ("injection among them, and restart the pods" in joining.rollback) is restarts
        assert (joining.rollback_takes == "One restart of the pods concerned.") is restarts
    assert "injection" not in made["strict"].rollback


def test_a_namespace_that_was_never_in_the_mesh_joins_without_a_restart() -> None:
    one = asked(ISTIO, {"billing": INJECTED}, first_namespace="shop")
    made = {stage.id: stage for stage in stages(one, compose(one, "istio-ambient-l4"))}
    assert "restart its pods" not in made["permissive"].what
    assert "restart the pods" not in made["permissive"].rollback
    assert "restart its pods" in made["widen"].what
    files = files_of(one, "istio-ambient-l4")
    assert "rollout restart" not in files["01-permissive/README.md"]
    assert "rollout restart" in files["03-widen/01-billing/1-permissive/README.md"]
    other = asked(ISTIO, {"shop": INJECTED})
    made = {stage.id: stage for stage in stages(other, compose(other, "istio-ambient-l4"))}
    assert "restart its pods" in made["permissive"].what
    assert "restart its pods" not in made["widen"].what
    assert "restart the pods" not in made["widen"].rollback


def test_where_the_labels_are_not_known_the_restart_is_for_namespaces_of_the_mesh_alone() -> None:
    made = stages(asked(ISTIO), compose(asked(ISTIO), "istio-ambient-l4"))
    joining = [stage.what for stage in made if stage.id in {"permissive", "widen"}]
    assert len(joining) == 2
    assert all("A namespace that is not in that mesh has no proxies: it needs neither." in what for what in joining)


def test_the_way_back_restores_the_labels_that_were_there() -> None:
    made = files_of(asked("Istio sidecar 1.27.1", {"shop": INJECTED}), "linkerd")
    applied = yaml.safe_load(made["01-permissive/manifests/namespace-shop.yaml"])["metadata"]
    assert applied["annotations"]["linkerd.io/inject"] == "enabled"
    assert "labels" not in applied
    restored = yaml.safe_load(made["01-permissive/rollback/restore/namespace-shop.yaml"])["metadata"]
    assert restored == {"name": "shop", "labels": INJECTED}
    forth, back = made["01-permissive/README.md"].split("## The way back")
    assert forth.index("kubectl label namespace shop istio-injection-") < forth.index("kubectl rollout restart")
    assert "kubectl label namespace shop istio-injection=enabled --overwrite" in back
    assert back.index("istio-injection=enabled") < back.index("kubectl rollout restart")


def test_labels_nobody_told_us_are_kept_in_a_file_first() -> None:
    made = files_of(asked("Linkerd in all namespaces"), "istio-ambient-l4")
    forth, back = made["01-permissive/README.md"].split("## The way back")
    assert "kubectl get namespace shop -o yaml > namespace-shop-before.yaml" in forth
    assert "kubectl annotate namespace shop linkerd.io/inject-" in forth
    # A proxy leaves a pod only when the pod restarts, though joining an ambient mesh needs none.
    assert "kubectl rollout restart" in forth
    assert "namespace-shop-before.yaml again" in back


def test_a_release_that_runs_keeps_its_version() -> None:
    one = case(
        {"multi_cluster": tried("cannot", "rule"), "workload_identity": tried("cannot", "rule")},
        baseline=MEASURED,
        context={"current": ISTIO},
        plan={"present_enrolment": "revision_label", "present_revision": "1-27-1"},
    )
    readme = files_of(one)["00-install/README.md"]
    assert "helm upgrade istiod-1-27-1 istiod" in readme
    assert "--version 1.27.1" in readme
    assert "helm uninstall" not in readme


@pytest.mark.parametrize("product", ["istio-ambient-l4", "istio-ambient-waypoint"])
@pytest.mark.parametrize(("current", "served"), [("Istio sidecar 1.29.2", True), ("Linkerd 2.19", False), ("", False)])
def test_the_istiod_that_serves_todays_sidecars_is_neither_installed_anew_nor_taken_out(
    product: str, current: str, served: bool
) -> None:
    one = asked(current, {"shop": INJECTED} if served else {})
    first = stages(one, compose(one, product))[0]
    forth, back = files_of(one, product)["00-install/README.md"].split("## The way back")
    assert ("helm upgrade istiod istiod" in forth, "helm upgrade --install istiod istiod" in forth) == (
        served,
        not served,
    )
    for release in ("istiod", "istio-base"):
        assert (f"helm uninstall {release} " in back) is not served
    for release in ("ztunnel", "istio-cni"):
        assert f"helm uninstall {release} " in back
    assert ("goes on serving today's pods" in first.what, "Take out what this stage installed" in first.rollback) == (
        served,
        not served,
    )
    assert ("istiod and the resources stay" in first.rollback) is served


def test_a_control_plane_of_another_revision_comes_beside_the_one_that_runs() -> None:
    plan = {"present_enrolment": "revision_label", "present_revision": "1-27-1"}
    one = case({"workload_identity": tried("cannot", "rule")}, context={"current": ISTIO}, plan=plan)
    back = files_of(one, "istio-ambient-l4")["00-install/README.md"].split("## The way back")[1]
    assert "helm uninstall istiod " in back
    assert "helm uninstall istio-base " not in back


def test_a_mesh_nobody_needs_is_taken_out_one_namespace_at_a_time() -> None:
    rows = [{"name": "shop", "services": {"cart": 80}, "marks": INJECTED}, {"name": "art", "services": {}}]
    one = case({}, context={"current": ISTIO}, baseline={"sidecars": 16}, namespaces=rows)
    found = recommend(one, load())
    assert [stage.id for stage in found.plan] == ["removal"]
    made = {path: content.decode() for path, content in build(one, found.plan, "None").items()}
    forth, back = made["00-removal/01-shop/README.md"].split("## The way back")
    assert "kubectl label namespace shop istio-injection-" in forth
    assert "kubectl label namespace shop istio-injection=enabled --overwrite" in back
    assert "kubectl label namespace art istio-injection- istio.io/rev-" in made["00-removal/02-art/README.md"]


def test_marks_are_read_strictly_and_survive_the_document() -> None:
    one = asked(ISTIO, {"shop": INJECTED, "billing": REVISED})
    assert read(write(one)) == one
    for marks in ({"team": "red"}, {"istio-injection": "a b"}, {"istio-injection": True}):
        with pytest.raises(CaseError, match=r"namespaces\.shop\.marks"):
            asked(ISTIO, {"shop": marks})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("current", "product", "version"),
    [
        (ISTIO, "istio-sidecar", "1.27.1"),
        ("istio sidecar and ambient 1.28.0", "istio-ambient-l4", "1.28.0"),
        ("Linkerd, a proxy in 9 pods", "linkerd", ""),
        ("Kubernetes 1.31.2, Istio since 2019", "istio-sidecar", ""),
    ],
)
def test_product_and_version_are_read_from_what_people_write(current: str, product: str, version: str) -> None:
    found = present_of(asked(current))
    assert (found.product, found.version) == (product, version)


def test_the_way_most_namespaces_join_is_the_way() -> None:
    found = present_of(asked(ISTIO, {"shop": INJECTED, "billing": REVISED}))
    assert (found.way, found.revision) == ("revision_label", "1-27-1")
    assert present_of(asked(ISTIO, {"shop": INJECTED})).way == "injection_label"


def test_every_product_has_files_beside_every_mesh_that_may_run() -> None:
    for product in load().products.values():
        if not product.rollout.install or product.id == "none-app-library":
            continue
        for current in (ISTIO, "Istio ambient 1.28.0", "Linkerd", "Consul", "Kuma"):
            one = case({name: tried("cannot", "rule") for name in BY_ID}, context={"current": current})
            assert files_of(one, product.id), (product.id, current)


HERE: dict[str, Any] = {
    "requirements": {"workload_identity": tried("cannot"), "traffic_splitting": tried("cannot")},
    "context": {"current": "Istio 1.28 with sidecars in every namespace"},
    "operations": {"data_path_debuggers": "two_or_more", "pod_restarts": "platform_windows"},
}
COUNTED = {"sidecars": 380, "sidecar_reserved_cpu_vcpu": 3.8, "sidecar_reserved_memory_gib": 19}


@pytest.mark.parametrize(
    ("current", "owner", "said"),
    [
        (None, None, "It brings a certificate authority, and nobody"),
        ("Istio 1.28", None, "Its certificate authority runs here already, and nobody"),
        ("Istio 1.28", "Ada", "Its certificate authority runs here; who owns it"),
    ],
)
def test_an_authority_that_runs_is_not_brought(current: str | None, owner: str | None, said: str) -> None:
    one = case(HERE["requirements"], context={"current": current}, operations={"ca_owner": owner})
    sidecars = next(own for own in rank(one, load()) if own.product.id == "istio-sidecar")
    assert [own.because for own in sidecars.reasons if own.because.startswith(said)]


@pytest.mark.parametrize("counted", [{}, COUNTED])
def test_what_runs_is_not_installed_again_and_its_figures_say_where_they_are_from(counted: dict[str, float]) -> None:
    sections = {key: value for key, value in HERE.items() if key != "requirements"}
    found = recommend(case(HERE["requirements"], baseline=MEASURED | counted, **sections), load())
    assert found.product == "istio-sidecar"
    assert "Nothing is introduced: it runs here today" in found.next_step
    assert "Install" not in found.next_step
    reasons = {one.rule: one.because for one in found.best.reasons}
    assert "today's latency was measured with its proxies in the path" in reasons["mesh_is_here"]
    if counted:
        assert "380 pods already: those of today reserve 19 GiB of memory" in reasons["sidecar_tax"]
        assert "as today's sidecars reserve them" in found.best.overhead.basis
    else:
        assert "already: projected, since nobody has counted what they reserve" in reasons["sidecar_tax"]


def test_proxies_in_the_measured_path_are_not_drawn_as_if_they_came_on_top() -> None:
    sections = {key: value for key, value in HERE.items() if key != "requirements"}
    one = case(HERE["requirements"], baseline=MEASURED, **sections)
    found = recommend(one, load())
    assert found.best.overhead.p99_ms == found.best.overhead.p50_ms == ZERO
    assert path_bars(found.best, one.baseline.slo_p99_ms) is None
    assert "its proxies are in the path that was measured" in found.best.overhead.basis
    for standing in found.ranking:
        setting = next(own.setting for own in rank(one, load()) if own.product.id == standing.product)
        assert standing.overhead.path is None
        assert standing.overhead.in_path == found.best.product_title
        assert standing.overhead.p99_ms.high <= setting.overhead.p99_ms.high, "the proxies it replaces are taken off"
    without = recommend(case(HERE["requirements"], operations=HERE["operations"], baseline=MEASURED), load())
    same = next(standing for standing in without.ranking if standing.product == found.product)
    assert same.overhead.p99_ms.likely > 0.0
    assert path_bars(same, one.baseline.slo_p99_ms) is not None


IN_PART = {"sidecars": 16, "sidecar_reserved_cpu_vcpu": 1.6, "sidecar_reserved_memory_gib": 0.8}


def test_a_mesh_that_runs_in_a_few_pods_is_costed_for_all_of_them() -> None:
    """What it reserves is reckoned up, the others' joining is work, and their proxies were not in the measured path."""
    sections = {key: value for key, value in HERE.items() if key != "requirements"}
    baselines = {"in part": MEASURED | IN_PART, "everywhere": MEASURED | COUNTED}
    cases = {name: case(HERE["requirements"], baseline=one, **sections) for name, one in baselines.items()}
    found = {
        name: next(own for own in rank(one, load()) if own.product.id == "istio-sidecar") for name, one in cases.items()
    }
    part, everywhere = found["in part"].setting, found["everywhere"].setting
    assert part.overhead.memory_gib.likely == pytest.approx(0.8 * 412 / 16)
    assert part.overhead.cpu_vcpu.likely == pytest.approx(1.6 * 412 / 16)
    assert everywhere.overhead.memory_gib.likely == 19, "380 of 412 are as good as all"
    own, added = part.overhead.p99_ms, part.added.p99_ms
    assert (added.low, added.likely, added.high) == (0.0, pytest.approx(own.likely * (1 - 16 / 412)), own.high)
    assert everywhere.added.p99_ms == ZERO
    joining = {name: {cost.name for cost in one.setting.costs} for name, one in found.items()}
    assert "Introduction" in joining["in part"] - joining["everywhere"]
    said = {one.rule: one.because for one in found["in part"].reasons}
    assert "in 16 of 412 pods. The others have still to join" in said["mesh_is_here"]
    assert "those of today reserve 0.8 GiB of memory, one in every pod 21 GiB" in said["sidecar_tax"]


@pytest.mark.parametrize("counted", [{}, {"pods_in_scope": 60}, {"pods_in_scope": 16}])
def test_whose_sidecars_run_is_not_known_where_a_part_of_the_system_is_asked_for(counted: dict[str, int]) -> None:
    """16 of 412 pods may be the 60 in scope or none of them: as many as in the whole, and an open point."""
    asked = {name: {**one, "scope": "2 of 12 namespaces"} for name, one in HERE["requirements"].items()}
    sections = {key: value for key, value in HERE.items() if key != "requirements"}
    one = case(asked, baseline=MEASURED | IN_PART | counted, **sections)
    own = next(own for own in rank(one, load()) if own.product.id == "istio-sidecar")
    said = next(reason.because for reason in own.reasons if reason.rule == "mesh_is_here")
    assert "in 16 of 412 pods. How many of those in scope are among them is not known" in said
    assert "Introduction" in {cost.name for cost in own.costs}
    assert own.setting.overhead.memory_gib.likely == pytest.approx(0.8 * counted.get("pods_in_scope", 69) / 16)
    assert own.setting.added.p99_ms.high == own.setting.overhead.p99_ms.high
    assert "how many of those in scope is not known" in str(
        [point.text for point in recommend(one, load()).assumptions]
    )


def test_what_runs_takes_no_less_where_less_of_it_is_asked_for() -> None:
    asked = {name: {**one, "scope": "2 of 12 namespaces"} for name, one in HERE["requirements"].items()}
    sections = {key: value for key, value in HERE.items() if key != "requirements"}
    many = {"sidecars": 280, "sidecar_reserved_cpu_vcpu": 2.8, "sidecar_reserved_memory_gib": 14}
    one = case(asked, baseline=MEASURED | many, **sections)
    own = next(own for own in rank(one, load()) if own.product.id == "istio-sidecar")
    assert own.setting.overhead.memory_gib.likely == 14


def test_proxies_without_requests_are_projected_and_not_for_nothing() -> None:
    sections = {key: value for key, value in HERE.items() if key != "requirements"}
    nothing = {"sidecars": 380, "sidecar_reserved_cpu_vcpu": 0, "sidecar_reserved_memory_gib": 0}
    one = case(HERE["requirements"], baseline=MEASURED | nothing, **sections)
    own = next(own for own in rank(one, load()) if own.product.id == "istio-sidecar")
    assert own.setting.overhead.memory_gib.likely > 1
    said = next(reason.because for reason in own.reasons if reason.rule == "sidecar_tax")
    assert "projected, since nobody has counted what they reserve" in said


@pytest.mark.parametrize(("current", "leaves"), [("Istio 1.29 sidecars", True), ("Linkerd 2.20", False)])
def test_only_sidecars_of_istio_talk_to_its_ambient_mode(current: str, leaves: bool) -> None:
    one = case(IDENTITY, baseline=MEASURED | {"sidecars": 380}, context={"current": current})
    ambient = load().products["istio-ambient-l4"]
    assert ("Leaving sidecars" in {said.topic for said in advise(one, ambient, ())}) is leaves


def test_fewer_hours_that_do_not_come_first_say_what_costs_more() -> None:
    sections = {key: value for key, value in HERE.items() if key != "requirements"}
    found = recommend(case(HERE["requirements"], baseline=MEASURED | IN_PART, **sections), load())
    second = next(one for one in found.ranking if one.product == "istio-sidecar")
    assert second.hours_per_month.likely < found.best.hours_per_month.likely
    assert "for Sidecar mesh, whose CPU and memory cost more than that saves" in found.headline
    assert "hours a month less, but its CPU and memory cost more" in second.summary


def test_what_does_not_run_yet_is_projected_and_installed() -> None:
    found = recommend(case(HERE["requirements"], operations=HERE["operations"], baseline=COUNTED), load())
    assert "Nothing is introduced" not in found.next_step
    sidecars = next(one for one in found.ranking if one.product == "istio-sidecar")
    said = next(one.because for one in sidecars.reasons if one.rule == "sidecar_tax")
    assert "412 pods: projected, likely" in said


@pytest.mark.parametrize(
    ("current", "must", "shown", "why"),
    [
        ("Linkerd in the shop namespace", "egress_control", "istio-sidecar", "it meets egress control only with care"),
        ("Kuma 2.9", "l7_authorization", "istio-sidecar", "it meets authorization per request only with care"),
    ],
)
def test_an_approach_that_stands_for_another_product_than_the_one_that_runs_says_why(
    current: str, must: str, shown: str, why: str
) -> None:
    found = recommend(case({must: tried("cannot")}, baseline=MEASURED, context={"current": current}), load())
    row = next(one for one in found.ranking if one.approach == "sidecar-mesh")
    assert row.product == shown
    first = row.reasons[0]
    assert first.because == f"{current.split(maxsplit=1)[0]}, which runs here today, comes behind it: {why}."
    assert [one.rule for standing in found.ranking for one in standing.reasons].count("passed_over") == 1


@pytest.mark.parametrize("current", [None, "No mesh", ISTIO, "Linkerd in the shop namespace"])
def test_where_the_one_that_runs_stands_for_its_approach_nothing_is_passed_over(current: str | None) -> None:
    found = recommend(case(IDENTITY, baseline=MEASURED, context={"current": current}), load())
    assert "passed_over" not in [one.rule for standing in found.ranking for one in standing.reasons]


def test_taking_a_mesh_out_counts_where_no_mesh_comes_in_its_place() -> None:
    found = {
        current: next(
            own
            for own in rank(case(IDENTITY, baseline=MEASURED, context={"current": current}), load())
            if own.approach is Approach.NO_MESH
        )
        for current in (ISTIO, "Retries in libraries")
    }
    costs = {current: {cost.name: cost for cost in own.costs} for current, own in found.items()}
    out = costs[ISTIO].pop("Introduction")
    assert out.hours.likely > 0
    assert out.because.startswith("Nothing comes in; taking out the mesh that runs (likely ")
    assert costs[ISTIO].keys() == costs["Retries in libraries"].keys()
