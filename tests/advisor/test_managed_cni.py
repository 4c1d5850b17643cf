"""A Cilium that the provider runs: no chart is touched, and what cannot be set there is not planned."""

import pytest

from decisions.advisor import catalog
from decisions.advisor.case import Case
from decisions.advisor.clouds import provider_of_cni
from decisions.advisor.engine import recommend
from decisions.advisor.measures import IN_THE_CNI, cited
from decisions.advisor.pack import build
from decisions.advisor.questionnaire import question_at
from decisions.advisor.recommendation import Approach, Recommendation, Standing, Status
from decisions.advisor.understood import understood
from decisions.advisor.unknowns import unknowns
from tests.advisor.judging import case, must, tried

CATALOG = catalog.load()


def on(cni: str, clusters: int = 3) -> tuple[Case, Recommendation]:
    """Encryption between nodes for a cluster with this CNI."""
    given = case(
        {"encryption_between_nodes": must("rule")},
        context={"assessor_confirmed": "yes", "cloud_encryption_accepted": "no"},
        baseline={"cni": cni, "clusters": clusters, "kernel_version": "6.8"},
    )
    return given, recommend(given, CATALOG)


@pytest.mark.parametrize(
    ("cni", "provider"),
    [
        ("Azure CNI powered by Cilium", "aks"),
        ("azure-cni + cilium", "aks"),
        ("Cilium (AKS)", "aks"),
        ("GKE Dataplane V2 (Cilium)", "gke"),
        ("gke-dataplane-v2", "gke"),
        ("GKE Dataplane V2", "gke"),
        ("cilium", ""),
        ("Cilium 1.18, our own on AKS (BYO CNI)", ""),
        ("Azure CNI", ""),
        (None, ""),
    ],
)
def test_whose_cilium_it_is_is_read_from_what_people_and_cluster_files_call_it(cni: str | None, provider: str) -> None:
    assert provider_of_cni(case({}, baseline={"cni": cni})) == provider


@pytest.mark.parametrize(
    ("cni", "command", "back"),
    [
        ("Azure CNI powered by Cilium", "az aks update", "--acns-transit-encryption-type none"),
        ("GKE Dataplane V2 (Cilium)", "gcloud container clusters update", "--in-transit-encryption none"),
    ],
)
def test_a_providers_cilium_is_set_by_its_commands_and_never_by_its_chart(cni: str, command: str, back: str) -> None:
    given, found = on(cni)
    assert found.product == "cilium-wireguard"
    files = build(given, found.plan, "Encryption")
    first = files["00-install/README.md"].decode()
    assert command in first
    assert back in first
    assert "helm" not in b"".join(files.values()).decode().replace("none of it is done with Helm", "").lower()
    assert not [path for path in files if "values" in path]


@pytest.mark.parametrize(("cni", "open_"), [("GKE Dataplane V2", False), ("Calico", False), ("Weave Net", True)])
def test_a_cni_known_to_encrypt_does_not_turn_out_to_be_unable_to(cni: str, open_: bool) -> None:
    given, found = on(cni)
    assert ("context.cni_can_encrypt" in unknowns(given, CATALOG)) == open_
    assert ("context.cni_can_encrypt" in {one.path for one in found.flips}) == open_
    said = case(
        {"encryption_between_nodes": must("rule")},
        context={"assessor_confirmed": "yes", "cloud_encryption_accepted": "no", "cni_can_encrypt": "yes"},
        baseline={"cni": "Calico"},
    )
    # What the team itself answered may be wrong.
    assert "context.cni_can_encrypt" in {one.path for one in recommend(said, CATALOG).flips}


@pytest.mark.parametrize(
    ("cni", "said"),
    [
        ("GKE Dataplane V2", "Dataplane V2 runs here: it can"),
        ("Azure CNI powered by Cilium", "The Cilium of AKS runs here: it can"),
        ("Weave Net", None),
    ],
)
def test_beside_the_question_whether_the_cni_can_encrypt_stands_what_is_known_of_the_providers(
    cni: str, said: str | None
) -> None:
    path = "context.cni_can_encrypt"
    found, question = understood(case(baseline={"cni": cni}), path), question_at(path)
    assert (found or "").startswith(said or "")
    assert (found is None) == (said is None)
    assert question is not None
    assert "Dataplane V2" in question.help


def test_what_the_provider_does_not_let_be_set_is_not_planned() -> None:
    _, own = on("Cilium")
    _, theirs = on("Azure CNI powered by Cilium")
    assert any("strict mode" in one.what for one in own.plan)
    assert not any("Refuse pod traffic" in one.what for one in theirs.plan)
    assert "no strict mode" in next(one.what for one in theirs.plan if one.id == "strict")
    assert "Strict mode" not in {one.topic for one in theirs.advisories}
    assert "encryption.enabled" not in theirs.next_step


OF_ONES_OWN = ("MTU", "Linux 5.10", "nodeEncryption", "node encryption", "strict mode", "1.15.2")


@pytest.mark.parametrize(
    ("cni", "asked", "others"),
    [
        ("Cilium", "the MTU set and tested", ("Autopilot", "Advanced Container Networking")),
        ("GKE Dataplane V2", "a maintenance window of several hours", (*OF_ONES_OWN, "Advanced Container Networking")),
        ("Azure CNI powered by Cilium", "Advanced Container Networking", (*OF_ONES_OWN, "Autopilot")),
    ],
)
def test_before_it_starts_stands_what_whoever_sets_the_cilium_asks_for(
    cni: str, asked: str, others: tuple[str, ...]
) -> None:
    _, found = on(cni)
    assert asked in found.next_step
    duties = " ".join(one.text for one in found.advisories)
    pluses = " ".join(one.because for one in found.best.reasons)
    assert not [one for one in others if one in f"{found.next_step} {duties} {pluses}"]
    assert ("MTU" in duties) == (cni == "Cilium")


@pytest.mark.parametrize("cni", ["Cilium", "Azure CNI powered by Cilium", "Calico"])
def test_one_cluster_has_no_further_ones(cni: str) -> None:
    assert "widen" in {one.id for one in on(cni)[1].plan}
    plan = on(cni, clusters=1)[1].plan
    assert "widen" not in {one.id for one in plan}
    assert plan[0].title == "On in the cluster"


CILIUM = "Cilium 1.18"
AKS, GKE = "Azure CNI powered by Cilium", "GKE Dataplane V2"


def asking(cni: str, **reasons: str) -> Recommendation:
    """Requirements that are must-haves for these reasons, nothing small being enough, for clusters with this CNI."""
    musts = {one: tried("not_enough", reason) for one, reason in reasons.items()}
    given = case(
        musts,
        context={"assessor_confirmed": "yes", "cloud_encryption_accepted": "no"},
        baseline={"cni": cni, "clusters": 3, "nodes": 60, "pods": 2400, "services": 210, "kernel_version": "6.8"},
    )
    return recommend(given, CATALOG)


def of_ebpf(found: Recommendation) -> Standing:
    """How the eBPF mesh stands."""
    return next(one for one in found.ranking if one.approach is Approach.EBPF_MESH)


@pytest.mark.parametrize(
    ("requirement", "withheld"),
    [("multi_cluster", {AKS, GKE}), ("traffic_splitting", {AKS, GKE}), ("egress_control", set())],
)
@pytest.mark.parametrize("cni", [CILIUM, AKS, GKE])
def test_a_providers_cilium_is_a_setting_only_for_what_the_provider_offers(
    cni: str, requirement: str, withheld: set[str]
) -> None:
    # AKS and GKE list what their Cilium has: policies, names and flows, but neither routes nor joined clusters.
    reasons = {one.rule: one.because for one in of_ebpf(asking(cni, **{requirement: "incident"})).reasons}
    assert ("cni_would_change" in reasons) == (cni in withheld)
    assert ("cni_runs_already" in reasons) == (cni not in withheld)
    if cni in withheld:
        assert "of your own" in reasons["cni_would_change"]


def test_what_the_provider_withholds_is_worked_for_and_comes_first() -> None:
    own, theirs = (of_ebpf(asking(cni, traffic_splitting="incident")) for cni in (CILIUM, AKS))
    assert theirs.hours_per_month.likely > own.hours_per_month.likely
    assert own.status is Status.FITS
    assert theirs.status is Status.STRAINED


WISHED = ("grpc_load_balancing", "request_metrics")


def wishing(cni: str, **operations: object) -> Recommendation:
    """The same cluster with segmentation as a must and a few wishes beside it; `traffic_splitting` makes it a must."""
    musts = {"network_segmentation": tried("not_enough", "rule")}
    if operations.pop("traffic_splitting", False):
        musts["traffic_splitting"] = tried("not_enough", "incident")
    given = case(
        {**musts, **{one: {"need": "nice"} for one in WISHED}}, baseline={"cni": cni}, operations={**operations}
    )
    return recommend(given, CATALOG)


@pytest.mark.parametrize(("cni", "held"), [(CILIUM, False), (AKS, True), (GKE, True)])
def test_what_the_provider_withholds_is_no_plus_and_is_said_to_be_withheld(cni: str, held: bool) -> None:
    one = of_ebpf(wishing(cni))
    pluses = {each.requirement for each in one.reasons if each.rule == "meets_nice_to_have"}
    assert pluses == set(() if held else WISHED)
    assert set(one.nice_met) == pluses
    kept = [each.because for each in one.reasons if each.rule == "provider_keeps_back"]
    assert bool(kept) == held
    assert all("does not offer gRPC load balancing and request metrics" in each for each in kept)


def test_where_a_must_takes_a_cilium_of_ones_own_so_says_every_plus_and_the_line_of_the_option() -> None:
    one = of_ebpf(wishing(GKE, traffic_splitting=True))
    said = {
        each.requirement: each.because for each in one.reasons if each.rule in {"must_is_met", "meets_nice_to_have"}
    }
    assert all(said[each].startswith("Only a Cilium of your own") for each in ("traffic_splitting", *WISHED))
    said_of_must = next(each for each in one.reasons if each.requirement == "network_segmentation")
    assert said_of_must.because.startswith("Meets network segmentation")
    assert "clusters with a Cilium of your own" in one.summary
    assert not [each for each in one.reasons if each.rule == "cni_runs_already"]


def test_what_something_else_meets_today_is_asked_of_no_provider() -> None:
    given = case(
        {"request_metrics": tried("not_enough", "incident"), "egress_control": tried("not_enough", "rule")},
        baseline={"cni": GKE, "services_observed_percent": 95},
    )
    assert "cni_would_change" not in {each.rule for each in of_ebpf(recommend(given, CATALOG)).reasons}


@pytest.mark.parametrize(("cni", "asked"), [(CILIUM, True), (AKS, False), (GKE, False)])
def test_a_setting_of_the_provider_asks_the_team_for_no_skill_in_ebpf(cni: str, asked: bool) -> None:
    skilled = {"skills": ["kubernetes_networking"], "data_path_debuggers": "two_or_more"}
    reasons = {each.rule: each.because for each in of_ebpf(wishing(cni, **skilled)).reasons}
    assert ("eBPF" in reasons.get("missing_skills", "")) == asked
    # Who can debug the data path and who lacks a skill of it are one sentence, or only one of them is said.
    assert ("team_can_debug" in reasons) != asked


@pytest.mark.parametrize("cni", ["Calico", CILIUM])
def test_people_who_can_debug_and_a_skill_they_lack_are_one_sentence(cni: str) -> None:
    skilled = {"skills": ["kubernetes_networking"], "data_path_debuggers": "two_or_more"}
    said = [each.because for each in of_ebpf(wishing(cni, **skilled)).reasons]
    assert len([one for one in said if "debug the data path" in one]) == 1
    assert len([one for one in said if "eBPF" in one]) == 1
    assert next(one for one in said if "eBPF" in one).startswith("Two or more people on call can debug the data path")


def test_on_gke_names_and_encryption_are_had_one_at_a_time() -> None:
    both = of_ebpf(asking(GKE, egress_control="incident", encryption_between_nodes="rule"))
    assert "cni_would_change" in {one.rule for one in both.reasons}
    aks = of_ebpf(asking(AKS, egress_control="incident", encryption_between_nodes="rule"))
    assert "cni_would_change" not in {one.rule for one in aks.reasons}


def test_on_gke_destinations_are_named_in_its_own_kind_of_policy() -> None:
    theirs, own = (
        " ".join(one.text for one in asking(cni, egress_control="incident").advisories) for cni in (GKE, CILIUM)
    )
    assert "FQDNNetworkPolicy" in theirs
    assert "toFQDNs" not in theirs
    assert "toFQDNs" in own
    plan = asking(GKE, egress_control="incident").plan
    assert "Dataplane V2" in plan[0].what


@pytest.mark.parametrize("cni", [AKS, GKE])
def test_a_mesh_beside_a_providers_cilium_asks_for_no_setting_that_cannot_be_set(cni: str) -> None:
    asked = {"workload_identity": tried("cannot", "rule")}
    theirs, own = (recommend(case(asked, baseline={"cni": one, "clusters": 2}), CATALOG) for one in (cni, CILIUM))
    assert "On Cilium" in {one.topic for one in own.advisories}
    assert "On Cilium" not in {one.topic for one in theirs.advisories}
    assert "Provider's Cilium" in {one.topic for one in theirs.advisories}
    said = " ".join(text for stage in theirs.plan for text in stage.prerequisites)
    assert "set cni.exclusive" not in said


def test_encryption_beside_a_mesh_cites_cilium_where_the_provider_calls_it_dataplane() -> None:
    sheet = CATALOG.add_ons[IN_THE_CNI]
    assert cited("GKE Dataplane V2", CATALOG, sheet).source == cited("Cilium", CATALOG, sheet).source
    assert "Calico" in cited("Calico", CATALOG, sheet).source.text
