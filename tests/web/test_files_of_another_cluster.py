"""Files that speak against answers a person keeps: what hangs on a rejected figure goes with it."""

import json
from typing import Any

import pytest
from django.test import Client

from decisions.drafting import Sheet, save
from decisions.intake.cluster_answers import can_encrypt
from decisions.models import Decision
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PLUGIN, RELEASE, ENCRYPTS = "baseline.cni", "baseline.cni_version", "context.cni_can_encrypt"
KERNEL, WHOSE = "baseline.kernel_version", "baseline.distribution"
FOLLOWING = {RELEASE, ENCRYPTS, KERNEL}


def eks(count: int = 3) -> bytes:
    """Nodes of EKS with an agent of the Amazon VPC CNI on each."""
    about = {"kubeletVersion": "v1.33.5-eks-113cf36", "kernelVersion": "6.12.40-64.114.amzn2023.x86_64"}
    items: list[dict[str, Any]] = []
    for n in range(count):
        items.append({"kind": "Node", "metadata": {"name": f"n{n}"}, "status": {"nodeInfo": about}})
        agent = {"name": "aws-node", "image": "602401143452.dkr.ecr/amazon-k8s-cni:v1.20.1"}
        meta = {"name": f"aws-node-{n}", "namespace": "kube-system", "ownerReferences": [{"kind": "DaemonSet"}]}
        status = {"phase": "Running"}
        items.append({"kind": "Pod", "metadata": meta, "spec": {"containers": [agent]}, "status": status})
    return json.dumps({"kind": "List", "apiVersion": "v1", "items": items}).encode()


def answered(draft: Decision, **baseline: object) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {f"baseline.{name}": one for name, one in baseline.items()})


def read(author: Client, draft: Decision, content: bytes | None = None) -> Any:
    return author.post(draft.address("baseline"), {"act": "read", "pasted": (content or eks()).decode()})


def keep(author: Client, draft: Decision, shown: Any, **choices: str) -> Any:
    """What a browser sends: every box that is ticked, and what is chosen."""
    boxes = {f"use:{one.path}": one.found[0].key for one in shown.context["agreed"] if one.ticked}
    form = {"act": "keep", "token": shown.context["token"]} | boxes | choices
    answer = author.post(draft.address("baseline"), form)
    draft.refresh_from_db()
    return answer


def test_what_hangs_on_a_plugin_or_a_distribution_that_is_kept_falls_away(author: Client, draft: Decision) -> None:
    answered(draft, cni="GKE Dataplane V2", distribution="GKE", nodes=3)
    shown = read(author, draft)
    assert FOLLOWING.isdisjoint(one.path for one in shown.context["agreed"])
    forced = {f"use:{path}": "0" for path in FOLLOWING}
    assert keep(author, draft, shown, all="no", **forced).status_code == 302
    baseline = draft.case["baseline"]
    assert (baseline["cni"], baseline["distribution"]) == ("GKE Dataplane V2", "GKE")
    assert {"cni_version", "kernel_version", "kubernetes_version"}.isdisjoint(baseline)
    assert draft.case["context"]["cni_can_encrypt"] == "yes"
    told = draft.case["provenance"][ENCRYPTS]["source"]
    assert told.startswith("GKE Dataplane V2 can, with inter-node transparent encryption")
    assert told.endswith("network plugin as answered")


def test_what_hangs_on_a_figure_comes_with_it_when_the_file_is_taken(author: Client, draft: Decision) -> None:
    answered(draft, cni="Cilium")
    shown = read(author, draft)
    page = shown.content.decode()
    assert "With it: Can the CNI you run today switch encryption on? <b>No</b>, CNI version <b>1.20.1</b>" in page
    assert "With it: Can the CNI you run today switch encryption on? <b>Yes</b>" in page
    keep(author, draft, shown, all="0")
    assert (draft.case["baseline"]["cni"], draft.case["baseline"]["cni_version"]) == ("aws-vpc-cni", "1.20.1")
    assert draft.case["context"]["cni_can_encrypt"] == "no"


def test_a_plugin_kept_under_another_name_is_no_other_plugin(author: Client, draft: Decision) -> None:
    answered(draft, cni="aws-vpc-cni, as EKS sets it up")
    keep(author, draft, read(author, draft), all="no")
    assert draft.case["baseline"]["cni_version"] == "1.20.1"
    assert draft.case["context"]["cni_can_encrypt"] == "no"


def test_what_a_person_said_of_the_kept_plugin_is_not_answered_for_them(author: Client, draft: Decision) -> None:
    save(draft, Sheet(user=draft.author, seen=1, now=NOW), {PLUGIN: "Cilium", ENCRYPTS: "no"})
    keep(author, draft, read(author, draft), all="no")
    assert draft.case["context"]["cni_can_encrypt"] == "no"


@pytest.mark.parametrize(
    ("baseline", "named"),
    [
        ({"distribution": "GKE"}, ["Distribution"]),
        ({"cni": "Dataplane V2"}, ["Distribution"]),
        ({"nodes": 24, "pods": 412}, ["Nodes", "Pods"]),
        ({"nodes": 24, "clusters": 8}, []),
        ({"distribution": "EKS", "nodes": 4}, []),
        ({}, []),
    ],
)
def test_a_file_far_from_the_answers_is_said_once_and_nothing_of_it_is_ticked(
    author: Client, draft: Decision, baseline: dict[str, object], named: list[str]
) -> None:
    answered(draft, **baseline)
    shown = read(author, draft)
    assert shown.content.decode().count("seems to be of another cluster") == bool(named)
    assert [label for _name, found in shown.context["elsewhere"] for label, *_ in found] == named
    assert {one.ticked for one in shown.context["agreed"]} == {not named}


@pytest.mark.parametrize(
    ("said", "can"),
    [
        ("Dataplane V2", "yes"),
        ("GKE Dataplane V2 (Cilium)", "yes"),
        ("Cilium 1.18", "yes"),
        ("Amazon VPC CNI", "no"),
        ("azure-cni + cilium", ""),
        ("Azure CNI powered by Cilium", ""),
        ("Cilium chained behind the VPC CNI", ""),
        ("no Cilium yet", ""),
        ("weave", ""),
    ],
)
def test_a_plugin_is_known_by_what_people_write_for_it(said: str, can: str) -> None:
    assert can_encrypt(said)[0] == can
