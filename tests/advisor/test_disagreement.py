"""Answers that a file or another answer speaks against."""

import re
from typing import Any

import pytest

from decisions.advisor.case import Case, CaseError, read, write
from decisions.advisor.catalog import load
from decisions.advisor.disagreement import disagreements
from decisions.advisor.engine import recommend
from decisions.advisor.understood import understood
from tests.advisor.judging import case, must
from tests.advisor.test_record import words_of
from tests.sample_record import sample

FILE = "pods listed in pods.json (kubectl, SHA-256 0f3a)"


def answered(path: str, value: object, found: object) -> Case:
    section, name = path.split(".")
    said = {path: {"value": found, "source": FILE, "date": "2026-11-03"}}
    return case({"workload_identity": must("rule")}, **{section: {name: value}, "found": said})


@pytest.mark.parametrize(
    ("path", "value", "found", "apart"),
    [
        ("baseline.pods", 400, 40, True),
        ("baseline.pods", 412, 400, False),
        ("baseline.p99_ms", 38, 120.5, True),
        ("baseline.cni", "Calico", "cilium", True),
        ("baseline.cni", "Cilium 1.18", "cilium", False),
        ("baseline.cni", "GKE Dataplane V2", "gke-dataplane-v2", False),
        ("baseline.kubernetes_version", "1.31", "v1.31.4", False),
        ("baseline.kubernetes_version", "1.33", "v1.31.4", True),
        ("context.current", "nothing but an ingress", "Istio, a proxy in 40 pods", True),
        ("context.current", "Istio 1.24 in the shop", "Istio, a proxy in 40 pods", False),
        ("context.current", "Istio sidecar 1.20.3", "istio sidecar 1.27.1", True),
        ("context.current", "Istio 1.27", "Istio 1.27.1, a proxy in 40 pods", False),
        ("context.current", "Istio sidecars take 1.5 vCPU", "Istio 1.27.1", False),
        ("plan.first_namespace", "reports", "tools", False),
    ],
)
def test_an_answer_that_a_file_speaks_against_is_said_beside_it_and_is_an_open_point(
    path: str, value: object, found: object, apart: bool
) -> None:
    one = answered(path, value, found)
    said = understood(one, path) or ""
    assert bool(said) == apart
    assert [open_.path for open_ in recommend(one, load()).assumptions if open_.text == said] == [path] * apart
    if apart:
        assert "pods listed in pods.json" in said
        assert "SHA-256" not in said


@pytest.mark.parametrize(
    ("current", "sidecars", "said"),
    [
        ("Istio 1.24 with sidecars", 0, "0 sidecars are counted"),
        ("Linkerd in every namespace", 0, "0 sidecars are counted"),
        ("NetworkPolicy and retries in a library", 120, "sidecars are counted (120)"),
        ("Istio ambient", 0, ""),
        ("Istio 1.24 with sidecars", 120, ""),
        ("our own mesh of Envoys", 120, ""),
        ("NetworkPolicy", 0, ""),
        (None, 120, ""),
        ("Linkerd", None, ""),
    ],
)
def test_what_is_said_to_run_is_held_against_the_sidecars_that_are_counted(
    current: str | None, sidecars: int | None, said: str
) -> None:
    one = case(context={"current": current}, baseline={"sidecars": sidecars})
    text = understood(one, "context.current")
    assert text is not None
    assert said in text
    assert bool(text) == bool(said)
    assert len([open_ for open_ in recommend(one, load()).assumptions if open_.text == text]) == bool(said)


def test_what_one_file_says_otherwise_is_one_open_point_that_names_the_fields() -> None:
    other = {"value": 90, "source": "services listed in east.json (kubectl, SHA-256 77aa)"}
    found = {path: {"value": 40, "source": FILE} for path in ("baseline.pods", "baseline.nodes")}
    one = case(baseline={"pods": 400, "nodes": 9, "services": 12}, found=found | {"baseline.services": other})
    (all_of_one,) = (each.text for each in recommend(one, load()).assumptions if "speaks against" in each.text)
    assert all_of_one.startswith("pods.json speaks against 2 answers (")
    assert {"Nodes", "Pods"} == set(re.search(r"\((.*?)\)", all_of_one)[1].split(", "))  # type: ignore[index]
    (alone,) = (each.text for each in recommend(one, load()).assumptions if "was read" in each.text)
    assert alone.startswith("Services is answered as 12, and 90 was read")
    assert "40 was read" in (understood(one, "baseline.pods") or "")


def test_an_answer_that_somebody_kept_against_a_file_is_settled_and_told_in_the_record() -> None:
    kept = {"baseline.pods": {"value": 40, "source": FILE, "date": "2026-11-03", "kept": True}}
    one = case(baseline={"pods": 400}, found=kept)
    assert read(write(one)) == one
    assert not list(disagreements(one))
    assert understood(one, "baseline.pods") == ""
    assert "(kept by hand; 40 was read: pods listed in pods.json" in words_of(sample(document=write(one)))


def test_a_field_of_which_no_file_spoke_has_nothing_beside_it() -> None:
    assert understood(case(), "baseline.pods") is None


def test_what_a_file_says_is_written_and_read_and_changes_no_answer() -> None:
    one = answered("baseline.pods", 400, 40)
    assert read(write(one)) == one
    assert [each.path for each in disagreements(one)] == ["baseline.pods"]
    without = read({key: part for key, part in write(one).items() if key != "found"})
    assert recommend(without, load()).headline == recommend(one, load()).headline


@pytest.mark.parametrize(
    "found",
    [
        {"value": "many", "source": "x"},
        {"source": "x"},
        {"value": 4},
        {"value": 4, "by": 1},
        {"value": 4, "source": "x", "kept": "yes"},
    ],
)
def test_what_a_file_says_is_read_as_strictly_as_an_answer(found: dict[str, Any]) -> None:
    with pytest.raises(CaseError):
        case(found={"baseline.pods": found})
