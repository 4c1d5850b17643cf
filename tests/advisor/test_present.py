"""Which mesh a description of the present system says is running."""

import pytest

from decisions.advisor.case import read
from decisions.advisor.catalog import load
from decisions.advisor.engine import rank, recommend
from decisions.advisor.present import ISTIO, present_mesh, present_of
from decisions.advisor.quantities import Range
from tests.advisor.judging import case, must, tried


@pytest.mark.parametrize(
    ("said", "product"),
    [
        ("Istio 1.24 sidecars in all namespaces since 2023; the two who knew it left", "istio-sidecar"),
        ("Istio 1.24 sidecars in all namespaces without an egress gateway", "istio-sidecar"),
        ("Linkerd everywhere with no incident", "linkerd"),
        ("Linkerd 2.19 in all namespaces for three years - no incident caused by it", "linkerd"),
        ("No incidents with Linkerd since 2021", "linkerd"),
        ("Istio ambient with waypoints in all namespaces", "istio-ambient-l4"),
        ("Istio sidecars, not ambient", "istio-sidecar"),
        ("Istio with sidecars, to be removed next year", "istio-sidecar"),
        ("Istio sidecars, should be removed by summer", "istio-sidecar"),
        ("Linkerd and no Istio", "linkerd"),
        ("Not Istio but Linkerd", "linkerd"),
        ("Linkerd replaced Istio in 2023", "linkerd"),
        ("Istio was removed in 2022. Kuma 2.13 runs now", "kuma"),
        ("Istio is installed but not used for ingress", "istio-sidecar"),
        ("Consul Connect 1.19, no CRDs", "consul"),
        ("An Istio 1.22 pilot was removed in August", ""),
        ("an Istio ambient pilot was removed in August after three outages", ""),
        ("No Istio, no Linkerd", ""),
        ("no service mesh such as Istio or Linkerd", ""),
        ("We do not use Istio", ""),
        ("Istio planned for 2027", ""),
        ("Istio is only planned", ""),
        ("An Istio pilot failed in May", ""),
        ("Istio was never rolled out", ""),
        ("Kein Istio, geplant", ""),
        ("Calico; our consultants want a mesh", ""),
        ("k3s with the bundled Flannel", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_a_name_counts_unless_it_is_itself_denied(said: str | None, product: str) -> None:
    assert present_mesh(said) == product


def test_the_dot_of_a_version_ends_no_clause() -> None:
    case = read({"schema": "meshadvisor-case/1", "title": "A", "context": {"current": "Istio 1.24.3 sidecars"}})
    assert present_of(case).version == "1.24.3"


@pytest.mark.parametrize(
    ("current", "behind"),
    [
        ("Istio sidecar 1.20.3, in 16 pods", "Istio 1.20, which runs here, gets no fixes any more"),
        ("Istio 1.28 ambient", "Istio 1.28, which runs here, gets no fixes any more"),
        ("Istio 1.29.2", ""),
        ("Istio sidecars", ""),
        ("Istio sidecars take 1.5 vCPU and 2.25 GiB", ""),
        ("Istio sidecars, 0.5 vCPU each", ""),
        ("Linkerd 2.14", "Linkerd 2.14, which runs here, gets no fixes any more"),
        ("Linkerd 2.20", ""),
        ("Linkerd edge-26.8.1", ""),
        ("Kuma 2.9", ""),
        ("migrated away from Istio 1.12", ""),
        ("no mesh", ""),
    ],
)
def test_a_mesh_that_runs_without_fixes_is_named_with_what_its_project_repairs(current: str, behind: str) -> None:
    for asked in ({"traffic_splitting": tried("cannot")}, {"encryption_between_nodes": must()}):
        found = recommend(case(asked, context={"current": current}), load())
        said = [one for one in found.advisories if "gets no fixes" in one.text]
        assert [one.text.partition(":")[0] for one in said] == ([behind] if behind else [])
        for one in said:
            assert f"nothing older than {'2.20' if 'Linkerd' in current else '1.29'}" in one.text
            assert ("It takes 6 upgrades, one minor at a time, to get there." in one.text) == ("Linkerd" in current)
            assert found.next_step.endswith(one.text)
            assert ("releases and upgrade pages" if "Linkerd" in current else "supportStatus") in one.sources[0].text


def test_where_the_mesh_that_runs_is_the_answer_its_upgrade_is_the_next_step() -> None:
    asked = {one: tried("cannot") for one in ("workload_identity", "traffic_splitting", "l7_authorization")}
    found = recommend(case(asked, context={"current": "Istio sidecar 1.20.3"}), load())
    assert found.product == "istio-sidecar"
    assert "it runs here today (Istio sidecar 1.20.3). Istio 1.20, which runs here, gets no fixes" in found.next_step


@pytest.mark.parametrize(("runs", "unasked"), [("1.20.3", False), ("1.30.1", True)])
def test_what_the_newest_version_does_with_jobs_is_not_said_of_an_older_one_that_runs(runs: str, unasked: bool) -> None:
    baseline = {"kubernetes_version": "1.34", "jobs": 2}
    one = case({"traffic_splitting": tried("cannot")}, context={"current": f"Istio sidecar {runs}"}, baseline=baseline)
    (sidecars,) = (each for each in recommend(one, load()).ranking if each.product == "istio-sidecar")
    (said,) = (each.because for each in sidecars.reasons if each.rule == "jobs_with_sidecars")
    assert ("will end by themselves" in said) is unasked
    assert ("will need a step of their own to finish" in said) is not unasked


@pytest.mark.parametrize(
    ("current", "upgrades"), [("Istio 1.20 sidecars", 5), ("Istio 1.27 sidecars", 1), ("Istio 1.29 sidecars", 0)]
)
def test_upgrades_until_a_mesh_is_repaired_are_counted_once_for_what_keeps_its_control_plane(
    current: str, upgrades: int
) -> None:
    """From 1.20 to 1.29, the oldest repaired, are nine minors; a revision may jump two (Canary Upgrades)."""
    found = rank(case({"traffic_splitting": tried("cannot")}, context={"current": current}), load())
    for one in found:
        costs = {cost.name: cost for cost in one.costs}
        kept = one.setting.product.id in ISTIO
        assert ("Catching up" in costs) == (kept and upgrades > 0), one.setting.product.id
        if one.setting.product.id == "istio-sidecar" and upgrades:
            each = costs["Catching up"].hours.likely * 36 / upgrades
            yearly = costs["Upgrades"].hours.likely * 12 - 8 * 3
            assert each == pytest.approx(yearly / 2), "two upgrades a year, and eight patches of three hours"
            steps = f"{upgrades} upgrades, each over at most 2 minors" if upgrades > 1 else "1 upgrade"
            assert costs["Catching up"].because.endswith(f"repairs: {steps}. Spread over three years.")


def test_a_vendor_may_repair_what_the_project_does_not() -> None:
    def catching_up(**operations: str) -> Range:
        one = case(
            {"traffic_splitting": tried("cannot")}, context={"current": "Istio 1.20 sidecars"}, operations=operations
        )
        own = next(own for own in rank(one, load()) if own.product.id == "istio-sidecar")
        return next(cost.hours for cost in own.costs if cost.name == "Catching up")

    assert catching_up(support="vendor").low == 0.0 < catching_up().low
