"""The pack itself: names that cannot break out, the way back, the same bytes each time, and the command."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from decisions.advisor.case import Case, CaseError, read, with_stage, write
from decisions.advisor.case import Plan as Answers
from decisions.advisor.catalog import load as catalogue
from decisions.advisor.engine import recommend
from decisions.advisor.pack import PackError, build, targets_of, zipped
from decisions.advisor.pack.manifests import State, merge
from decisions.advisor.pack.names import LABEL, SERVICE, SUFFIX_ROOM
from decisions.advisor.plan import stages
from decisions.advisor.recommendation import Comparison
from decisions.advisor.record import canonical
from decisions.advisor.rollout import load
from meshadvisor.cli import main
from tests.advisor.judging import case, must, tried
from tests.advisor.pack.compositions import compose

STRICT = case(
    {"workload_identity": tried("cannot", "rule"), "traffic_splitting": tried("cannot", "rule")},
    baseline={"error_ratio": 0.01, "p99_ms": 38.0, "slo_p99_ms": 40.0},
    namespaces={"shop": {"cart": 8080, "web": 80}, "billing": {"invoices": 9000}},
)


def files_of(one: Case, product: str = "istio-sidecar") -> dict[str, bytes]:
    return build(one, stages(one, compose(one, product)), "Istio")


def documents(files: dict[str, bytes]) -> dict[str, Any]:
    return {path: yaml.safe_load(content) for path, content in files.items() if path.endswith(".yaml")}


@settings(max_examples=40, deadline=None)
@given(
    text=st.text(max_size=300) | st.sampled_from(["a: b\n- c", "{{ $value }}", "'\"`${x}", "---\nkind: Secret", "!!x"])
)
def test_no_text_of_a_user_changes_the_structure_of_a_file(text: str) -> None:
    plain = files_of(STRICT)
    words = {"what": text, "gate": text, "stop": text}
    answers = replace(Answers(), first_namespace="shop", stop_decides=text or None, measure_window=text or None)
    one = replace(STRICT, title=text or "x", plan=answers, stages={"install": words, "strict": words})
    made = files_of(one)
    assert made.keys() == plain.keys()
    for path, content in made.items():
        # What people wrote is in the READMEs alone, as one line in which nothing is markup.
        assert path.endswith("README.md") or content == plain[path], path


@settings(max_examples=40, deadline=None)
@given(
    namespace=st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True) | st.text(min_size=1, max_size=10),
    service=st.from_regex(r"[a-z0-9-]{1,64}", fullmatch=True) | st.text(min_size=1, max_size=10),
)
def test_a_name_is_refused_or_stands_in_the_files_as_it_is(namespace: str, service: str) -> None:
    one = replace(STRICT, namespaces={namespace: {service: 8080}}, plan=Answers())
    try:
        made = documents(files_of(one))
    except PackError:
        assert not (LABEL.fullmatch(namespace) and SERVICE.fullmatch(service) and len(service) <= SUFFIX_ROOM)
        return
    route = made[f"02-strict/manifests/virtualservice-{namespace}-{service}.yaml"]
    assert route["metadata"] == {"name": service, "namespace": namespace}
    assert route["spec"]["hosts"] == [service]


@pytest.mark.parametrize("name", ["Shop", "a_b", "-a", "a-", "a" * 64, "a.b", "shop\n", "{namespace}", "$(id)", ""])
def test_a_name_kubernetes_would_not_take_is_refused_by_the_case_and_by_the_pack(name: str) -> None:
    with pytest.raises(CaseError, match="namespaces"):
        read({"schema": "meshadvisor-case/1", "title": "x", "namespaces": {name: {"cart": 80}}})
    with pytest.raises(PackError):
        targets_of(replace(STRICT, namespaces={name: {"cart": 80}}))


@pytest.mark.parametrize("port", [0, 65536, "80", True, 8.5, None])
def test_a_port_that_is_none_is_refused(port: object) -> None:
    with pytest.raises(CaseError, match="no port"):
        read({"schema": "meshadvisor-case/1", "title": "x", "namespaces": {"shop": {"cart": port}}})


def test_names_and_texts_of_stages_survive_the_document() -> None:
    one = with_stage(STRICT, "strict", {"gate": "No ticket in a week."})
    assert read(write(one)) == one


def test_a_stage_keeps_the_words_of_the_team_and_says_which() -> None:
    one = with_stage(STRICT, "strict", {"gate": "No ticket in a week."})
    plan = {stage.id: stage for stage in recommend(one, catalogue()).plan}
    assert plan["strict"].gate == "No ticket in a week."
    assert plan["strict"].changed == ("gate",)
    assert plan["permissive"].changed == ()


def test_the_gates_come_from_the_baseline_and_never_lie_above_the_objective() -> None:
    plan = {stage.id: stage for stage in stages(STRICT, compose(STRICT, "istio-sidecar"))}
    gates = {gate.id: gate for gate in plan["strict"].gates}
    # p99 is 38 ms and may rise by a tenth at least, to 41.8; the objective of 40 ms is lower.
    assert gates["istio-p99"].threshold == 40.0
    # One request in a hundred fails today; a tenth more is 1.1 %.
    assert gates["istio-success"].threshold == pytest.approx(0.989)
    assert gates["istio-success"].comparison is Comparison.AT_LEAST
    assert gates["istio-plaintext-http"].threshold == 0


def test_without_a_baseline_people_judge() -> None:
    one = replace(STRICT, baseline=replace(STRICT.baseline, p99_ms=None, error_ratio=None, slo_p99_ms=None))
    plan = stages(one, compose(one, "istio-sidecar"))
    gates = {gate.id: gate for stage in plan for gate in stage.gates}
    assert gates["istio-p99"].threshold is None
    rules = yaml.safe_load(build(one, plan, "Istio")["02-strict/gates.rules.yaml"])["groups"][0]["rules"]
    assert "istio-p99" not in {rule["labels"].get("gate") for rule in rules if "alert" in rule}


def test_the_stop_rule_of_the_team_is_an_alert() -> None:
    one = replace(STRICT, plan=replace(STRICT.plan, stop_metric="error_ratio", stop_threshold=0.05))
    rules = yaml.safe_load(files_of(one)["02-strict/gates.rules.yaml"])["groups"][0]["rules"]
    stops = [rule["expr"] for rule in rules if rule.get("alert") == "MeshAdvisorStop"]
    assert len(stops) == 1
    assert stops[0].endswith(">= 0.05")


def test_weights_move_as_the_article_shows() -> None:
    made = documents(files_of(STRICT))
    before = made["01-permissive/manifests/virtualservice-shop-cart.yaml"]["spec"]["http"][0]["route"]
    after = made["02-strict/manifests/virtualservice-shop-cart.yaml"]["spec"]["http"][0]["route"]
    assert [one["weight"] for one in before] == [100, 0]
    assert [one["weight"] for one in after] == [90, 10]


def test_encryption_in_the_cni_is_two_values() -> None:
    one = case({"encryption_between_nodes": tried("cannot", "rule")})
    made = documents(files_of(one, "cilium-wireguard"))
    assert made["00-install/values/cilium.yaml"]["encryption"] == {"enabled": True, "type": "wireguard"}
    assert made["00-install/rollback/values/cilium.yaml"]["encryption"] == {"enabled": False, "type": "ipsec"}


@pytest.mark.parametrize(
    ("cni", "version", "named"),
    [
        ("Cilium", "1.17.7", "1.17.7"),
        ("Cilium", "1.17", "VERSION"),
        ("Cilium", None, "VERSION"),
        (None, None, "VERSION"),
        ("Calico", "3.30.1", load().charts["cilium"].version),  # of another CNI
    ],
)
def test_values_for_the_cni_that_runs_are_no_upgrade_of_it(cni: str | None, version: str | None, named: str) -> None:
    one = case(
        {"encryption_between_nodes": tried("not_enough")},
        baseline={"cni": cni, "kernel_version": "6.8", "cni_version": version},
    )
    commands = [
        part.split()[0]
        for text in map(bytes.decode, files_of(one, "cilium-wireguard").values())
        for part in text.split("--version ")[1:]
    ]
    assert commands
    assert {one.strip("`") for one in commands} == {named}


def test_the_way_back_restores_what_a_stage_changed_and_deletes_what_it_added() -> None:
    made = documents(files_of(STRICT))
    back = made["02-strict/rollback/restore/peerauthentication-shop-default.yaml"]
    assert back["spec"]["mtls"]["mode"] == "PERMISSIVE"
    assert "01-permissive/rollback/delete/peerauthentication-shop-default.yaml" in made
    namespace = made["01-permissive/rollback/restore/namespace-shop.yaml"]
    assert namespace["metadata"] == {"name": "shop"}
    assert not [path for path in made if "/rollback/delete/namespace" in path]


def test_further_namespaces_follow_in_their_order() -> None:
    one = replace(STRICT, namespaces={**STRICT.namespaces, "art": {"web": 80}})
    made = documents(files_of(one))
    widened = [path for path in made if path.startswith("03-widen/") and "/manifests/" in path]
    assert [path.split("/")[1:3] for path in widened] == [
        ["01-billing", "1-permissive"],
        ["01-billing", "1-permissive"],
        ["01-billing", "2-strict"],
        ["02-art", "1-permissive"],
        ["02-art", "1-permissive"],
        ["02-art", "2-strict"],
    ]
    for path in widened:
        about = made[path]["metadata"]
        assert about.get("namespace", about["name"]) == path.split("/")[1].partition("-")[2]
    assert "03-widen/kustomization.yaml" not in made
    watched = made["03-widen/02-art/2-strict/gates.rules.yaml"]["groups"][0]["rules"]
    assert all('namespace="art"' in rule["expr"] for rule in watched if "istio-plaintext" in str(rule))


def test_strict_comes_in_a_step_of_its_own_after_a_look_at_every_pod() -> None:
    made = {path: content.decode() for path, content in files_of(STRICT).items() if path.endswith("README.md")}
    for path in ("02-strict/README.md", "03-widen/01-billing/2-strict/README.md"):
        before, _, after = made[path].partition("## Apply")
        assert "grep -v istio-proxy" in before
        assert "kubectl apply -k ." in after
    joined = made["03-widen/01-billing/1-permissive/README.md"]
    assert "kubectl rollout restart deployment,statefulset,daemonset -n billing" in joined
    assert "Jobs that run keep the pod they have" in joined
    applied = files_of(STRICT)["03-widen/01-billing/1-permissive/manifests/peerauthentication-billing-default.yaml"]
    assert b"PERMISSIVE" in applied


def test_small_measures_for_every_namespace_have_a_folder_for_each() -> None:
    one = case({"network_segmentation": must("rule")}, namespaces={"shop": {"cart": 80}, "art": {"web": 80}})
    made = documents(build(one, recommend(one, catalogue()).plan, "None"))
    assert "00-fix-network-policies/manifests/networkpolicy-shop-default-deny.yaml" in made
    assert "00-fix-network-policies/01-art/manifests/networkpolicy-art-default-deny.yaml" in made


def test_the_namespace_of_prometheus_and_grafana_is_the_teams() -> None:
    made = documents(files_of(replace(STRICT, plan=replace(STRICT.plan, monitoring_namespace="observability"))))
    folders = [one for path, one in made.items() if path.endswith("kustomization.yaml") and "configMapGenerator" in one]
    assert {part["namespace"] for one in folders for part in one["configMapGenerator"]} == {"observability"}
    with pytest.raises(PackError, match=r"plan\.monitoring_namespace"):
        files_of(replace(STRICT, plan=replace(STRICT.plan, monitoring_namespace="Obs & co")))


def test_every_stage_shows_an_auditor_something_of_its_own() -> None:
    for product in catalogue().products:
        one = case({"encryption_between_nodes": tried("cannot", "rule")})
        shown = [stage.proof for stage in stages(one, compose(one, product)) if stage.phase]
        assert all(shown), product
        assert len(set(shown)) == len(shown), product


def test_retries_and_weights_of_one_service_are_one_route() -> None:
    both = {"resilience": tried("cannot", "rule"), "traffic_splitting": tried("cannot", "rule")}
    made = documents(files_of(case(both)))
    (http,) = made["02-strict/manifests/virtualservice-pilot-api.yaml"]["spec"]["http"]
    assert http["timeout"] == "2s"
    assert [one["weight"] for one in http["route"]] == [90, 10]


def test_objects_are_laid_over_each_other() -> None:
    assert merge({"a": [1], "b": {"c": 1}}, {"a": [2, 1], "b": {"d": 2}}) == {"a": [1, 2], "b": {"c": 1, "d": 2}}
    state = State()
    one = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x"}, "data": {"a": "1"}}
    assert state.apply([one]).delete == (one,)
    again = state.apply([{**one, "data": {"b": "2"}}])
    assert again.apply[0]["data"] == {"a": "1", "b": "2"}
    assert again.restore == (one,)


def test_the_same_case_gives_the_same_bytes() -> None:
    assert zipped(files_of(STRICT), "x") == zipped(files_of(STRICT), "x")


def test_the_command_writes_the_pack_and_refuses_a_directory_in_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "case.yaml"
    document.write_text(yaml.safe_dump(write(case({"network_segmentation": must("rule")}))))
    target = tmp_path / "rollout"
    assert main(["plan", str(document), "-o", str(target)]) == 0
    assert (target / "00-fix-network-policies" / "manifests" / "networkpolicy-pilot-default-deny.yaml").is_file()
    assert main(["plan", str(document), "-o", str(target)]) == 2
    assert "is not empty" in capsys.readouterr().err


def test_the_command_takes_names_from_an_inventory(tmp_path: Path) -> None:
    listed = {
        "kind": "List",
        "apiVersion": "v1",
        "items": [
            {
                "apiVersion": "v1",
                "kind": "Service",
                "metadata": {"name": name, "namespace": namespace},
                "spec": {"ports": [{"port": port, "protocol": "TCP"}]},
            }
            for namespace, name, port in (("shop", "cart", 8080), ("kube-system", "dns", 53), ("billing", "pay", 9000))
        ],
    }
    (tmp_path / "services.json").write_text(json.dumps(listed))
    document = tmp_path / "case.yaml"
    document.write_text(yaml.safe_dump(write(case({"network_segmentation": must("rule")}))))
    target = tmp_path / "rollout"
    assert main(["plan", str(document), "-o", str(target), "--inventory", str(tmp_path / "services.json")]) == 0
    names = {path.name for path in target.rglob("*.yaml")}
    assert "networkpolicy-billing-default-deny.yaml" in names
    assert not [name for name in names if "kube-system" in name]


def test_small_measures_stand_in_the_order_the_team_gives_them() -> None:
    one = case({name: must("rule") for name in ("network_segmentation", "request_metrics", "traffic_splitting")})
    small = [stage.id for stage in recommend(one, catalogue()).plan if stage.id.startswith("fix-")]
    assert len(small) > 1
    plan = recommend(with_stage(one, small[-1], {"place": "1"}), catalogue()).plan
    assert [stage.id for stage in plan if stage.id.startswith("fix-")] == [small[-1], *small[:-1]]
    assert [stage.number for stage in plan] == list(range(len(plan)))
    assert next(stage for stage in plan if stage.id == small[-1]).changed == ("place",)


def test_a_limit_of_the_team_is_in_the_rules_the_readme_and_marked() -> None:
    one = with_stage(STRICT, "strict", {"limits": "istio-p99 33, no-such-gate 1"})
    plan = {stage.id: stage for stage in recommend(one, catalogue()).plan}
    assert plan["strict"].changed == ("limits",)
    assert plan["permissive"].changed == ()
    made = files_of(one)
    assert b"> 33" in made["02-strict/gates.rules.yaml"]
    assert b"Written by the team, not generated: limits." in made["02-strict/README.md"]


@pytest.mark.parametrize(
    "words", [{"limits": "istio-p99"}, {"limits": "istio-p99 nan"}, {"place": "0"}, {"place": "x"}]
)
def test_a_limit_or_a_place_that_is_none_is_refused(words: dict[str, str]) -> None:
    with pytest.raises(CaseError, match=r"stages\.strict"):
        with_stage(STRICT, "strict", words)
    with pytest.raises(CaseError, match=r"stages\.strict"):
        read(write(STRICT) | {"stages": {"strict": words}})


def test_the_order_of_names_survives_canonical_json() -> None:
    one = replace(STRICT, namespaces={"zoo": {"web": 80, "api": 81}, "art": {}})
    document = json.loads(canonical(write(one)))
    assert list(read(document).namespaces) == ["zoo", "art"]
    assert list(read(document).namespaces["zoo"]) == ["web", "api"]
    assert read(write(one) | {"namespaces": {"zoo": {"web": 80}}}).namespaces == {"zoo": {"web": 80}}
    twice = {"namespaces": [{"name": "zoo"}, {"name": "zoo"}]}
    with pytest.raises(CaseError, match="twice"):
        read(write(one) | twice)


@pytest.mark.parametrize(
    ("baseline", "on_gke"),
    [
        ({"kubernetes_version": "v1.33.5-gke.1080000"}, True),
        ({"distribution": "GKE"}, True),
        ({"cni": "GKE Dataplane V2"}, True),
        ({"distribution": "Amazon EKS and GKE"}, False),
        ({"kubernetes_version": "v1.33.5-eks-113cf36"}, False),
        ({}, False),
    ],
)
@pytest.mark.parametrize(
    ("product", "asked"),
    [("istio-ambient-l4", "workload_identity"), ("istio-ambient-waypoint", "traffic_splitting")],
)
def test_what_gke_asks_of_an_ambient_mesh_is_in_the_files_for_gke_alone(
    product: str, asked: str, baseline: dict[str, Any], on_gke: bool
) -> None:
    one = case({asked: tried("cannot")}, baseline=baseline)
    files = build(one, stages(one, compose(one, product)), product)
    values = yaml.safe_load(files["00-install/values/istio-cni.yaml"])
    assert values == ({"profile": "ambient"} | ({"global": {"platform": "gke"}} if on_gke else {}))
    quotas = [path for path in files if "resourcequota" in path.lower()]
    assert [path.split("/")[1] for path in quotas] == (["manifests", "rollback"] if on_gke else [])
    for path in quotas:
        made = yaml.safe_load(files[path])
        assert (made["metadata"]["namespace"], made["spec"]["hard"]) == ("istio-system", {"pods": "1000"})
