"""project_rows(): rows of the published form without their values."""

import math
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.overhead import published
from decisions.advisor.overhead import project_rows


def row(**fields: Any) -> dict[str, Any]:
    load = {"rps": 400, "hops": 1, "protocol": "http/1.1"} | fields.pop("load", {})
    given = {"id": "r", "option": "istio-sidecar", "metric": "latency_p50", "unit": "ms", "baseline": 5.0, "load": load}
    return given | fields


def answer(**fields: Any) -> dict[str, Any]:
    (only,) = project_rows([row(**fields)])
    return only


def test_a_row_gets_its_id_its_unit_and_an_ordered_range() -> None:
    said = answer(id="mine-7")
    assert said["id"] == "mine-7"
    assert said["unit"] == "ms"
    assert said["low"] < said["likely"] < said["high"]


def test_the_value_is_the_baseline_and_what_comes_on_top() -> None:
    small, large = answer(baseline=5.0), answer(baseline=500.0)
    assert small["likely"] > 5.5
    assert large["likely"] / 500.0 < small["likely"] / 5.0
    assert large["likely"] - 500.0 < 30.0


def test_every_answer_is_the_same_whatever_stands_beside_it() -> None:
    one, other = row(id="a", setup_id="x"), row(id="b", setup_id="y", option="linkerd", metric="latency_p99")
    assert project_rows([one, other]) == list(reversed(project_rows([other, one])))


def test_units_of_time_do_not_matter() -> None:
    in_ms, in_us = answer(baseline=5.0, unit="ms"), answer(baseline=5000.0, unit="us")
    assert in_us["likely"] == pytest.approx(1000 * in_ms["likely"], rel=1e-4)


def test_more_calls_more_milliseconds() -> None:
    assert answer(load={"hops": 4})["likely"] > answer(load={"hops": 2})["likely"] > answer(load={"hops": 1})["likely"]


def test_an_unknown_source_is_wider_than_a_known_one() -> None:
    known, unknown = answer(source_id="elca-2022"), answer(source_id="somebody-2027")
    assert unknown["high"] / unknown["low"] > known["high"] / known["low"]


def test_an_external_authorisation_call_costs_more_than_a_token_check() -> None:
    assert answer(features="mTLS + OPA ext_authz JWT")["likely"] > answer(features="mTLS + JWT")["likely"]


def test_no_tls_costs_less() -> None:
    assert answer(tls=False)["likely"] < answer(tls=True)["likely"]


def test_lighter_options_project_less() -> None:
    order = ("cilium-wireguard", "istio-ambient-l4", "linkerd", "istio-sidecar")
    likely = [answer(option=option)["likely"] for option in order]
    assert likely == sorted(likely)


def test_a_closed_loop_is_a_factor_on_the_baseline() -> None:
    load = {"rps": "max", "load_model": "closed-loop, saturating", "keepalive": False}
    small = answer(baseline=200.0, saturated=True, load=load)
    large = answer(baseline=800.0, saturated=True, load=load)
    assert large["likely"] == pytest.approx(4 * small["likely"], rel=1e-3)
    slower = answer(metric="throughput", unit="req/s", baseline=150.0, saturated=True, load=load)
    assert slower["likely"] < 150.0


def test_the_tail_of_a_path_hides_the_tail_of_the_tax() -> None:
    """Shape of the baseline comes from the other rows of its setup."""
    shape = [row(id="p50", setup_id="s"), row(id="p99", setup_id="s", metric="latency_p99", baseline=200.0)]
    flat = [row(id="p50", setup_id="s"), row(id="p99", setup_id="s", metric="latency_p99", baseline=6.0)]
    steep_added = project_rows(shape)[1]["likely"] - 200.0
    flat_added = project_rows(flat)[1]["likely"] - 6.0
    assert steep_added < flat_added


@pytest.mark.parametrize("metric", ["latency_p75", "latency_p95", "latency_p999", "latency_max", "latency_mean"])
def test_any_usual_quantile_is_answered(metric: str) -> None:
    assert answer(metric=metric)["likely"] > 5.0


def test_added_latency_needs_no_baseline() -> None:
    said = answer(metric="latency_p90_added", baseline=0)
    assert 0.3 < said["likely"] < 10.0


def test_proxy_cpu_scales_with_the_rate_and_falls_per_request() -> None:
    load = {"hops": 1, "per_proxy_rps": 100}
    quiet = answer(metric="proxy_cpu", unit="mCPU", baseline=0, load=load)
    busy = answer(metric="proxy_cpu", unit="mCPU", baseline=0, load=load | {"per_proxy_rps": 1000})
    assert quiet["likely"] < busy["likely"] < 10 * quiet["likely"]


def test_the_whole_way_through_a_waypoint_is_two_ztunnels_and_a_waypoint() -> None:
    load = {"rps": 600, "hops": 3, "nodes": 3, "waypoints": 3}
    both = answer(option="istio-ambient-waypoint", metric="dataplane_cpu_total", unit="mCPU", baseline=0, load=load)
    under = answer(option="istio-ambient-l4", metric="dataplane_cpu_total", unit="mCPU", baseline=0, load=load)
    over = answer(option="istio-ambient-waypoint", metric="waypoint_cpu_total", unit="mCPU", baseline=0, load=load)
    assert both["likely"] == pytest.approx(under["likely"] + over["likely"], rel=0.25)


def test_memory_counts_proxies() -> None:
    one = answer(metric="proxy_memory", unit="MB", baseline=0)
    ten = answer(metric="dataplane_memory_total", unit="MB", baseline=0, load={"proxies": 10})
    assert ten["likely"] == pytest.approx(10 * one["likely"], rel=0.05)


def test_an_encrypted_link_never_carries_more_than_the_plain_one() -> None:
    fast = answer(option="cilium-wireguard", metric="throughput_dtm", unit="Gbit/s", baseline=39.0)
    slow = answer(option="cilium-wireguard", metric="throughput_dtm", unit="Gbit/s", baseline=1.0)
    assert fast["high"] < 39.0
    assert slow["likely"] == slow["high"] == 1.0


def test_nothing_added_where_nothing_is_put_into_the_path() -> None:
    said = answer(option="none-app-library")
    assert (said["low"], said["likely"], said["high"]) == (5.0, 5.0, 5.0)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"baseline": None}, "baseline"),
        ({"option": "nginx-mesh"}, "nginx-mesh"),
        ({"metric": "queries_per_core", "unit": "queries/s per core"}, "queries_per_core"),
        ({"metric": "latency_increase_max", "unit": "percent"}, "latency_increase_max"),
        ({"metric": "latency_worst"}, "latency_worst"),
        ({"unit": "fortnights"}, "fortnights"),
        ({"metric": None}, "metric"),
        ({"metric": "dataplane_memory_total", "unit": "MB", "baseline": 0}, "proxies"),
        ({"metric": "proxy_cpu", "unit": "mCPU", "baseline": 0}, "per_proxy_rps"),
        ({"metric": "throughput_xyz", "unit": "Gbit/s", "option": "cilium-wireguard"}, "throughput_xyz"),
    ],
)
def test_what_is_not_known_is_said(fields: dict[str, Any], why: str) -> None:
    said = answer(**fields)
    assert set(said) == {"id", "unsupported"}
    assert why in said["unsupported"]


@pytest.mark.parametrize("damaged", [{"load": None}, {"load": {"rps": "many"}}, {"baseline": "much"}, {"unit": 3}])
def test_damaged_rows_do_not_break_the_others(damaged: dict[str, Any]) -> None:
    both = project_rows([{**row(), **damaged}, row(id="good")])
    assert "likely" in both[1]


def test_published_rows_are_met(shared: Path) -> None:
    """Rows the model was fitted to: a check that they are read as they were meant, not of how well it foresees."""
    rows, _ = published.load(shared / "knowledge" / "overheads.yaml")
    fitted = [one for one in rows if published.model_of(one)]
    answers = project_rows([{key: value for key, value in one.items() if key != "value"} for one in fitted])
    met = [said for said in answers if "likely" in said]
    pairs = [(said, one["value"]) for said, one in zip(answers, fitted, strict=True) if "likely" in said]
    assert len(met) >= 0.9 * len(fitted)
    assert 0.85 <= sum(said["low"] <= value <= said["high"] for said, value in pairs) / len(pairs) <= 0.99
    assert median(abs(math.log(said["likely"] / value)) for said, value in pairs) < math.log(1.25)


@pytest.mark.parametrize("rps", [5e-324, 1e-9, 0.5, 20, 2e3, 1e6, 1e12])
@pytest.mark.parametrize("metric", ["latency_p50", "latency_p99", "latency_mean", "dataplane_cpu_total"])
@pytest.mark.parametrize("option", ["istio-sidecar", "istio-ambient-waypoint", "cilium-service-mesh", "linkerd"])
def test_no_rate_is_too_small_or_too_large(option: str, metric: str, rps: float) -> None:
    unit = "ms" if metric.startswith("latency") else "cores"
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        said = answer(
            option=option, metric=metric, unit=unit, baseline=5, source_id="new", load={"rps": rps, "hops": 2}
        )
    assert 0 < said["low"] <= said["likely"] <= said["high"] < math.inf
    assert said["likely"] >= 5, "what comes on top is never negative"


def test_a_path_without_calls_pays_nothing_and_every_call_pays_more() -> None:
    likely = [answer(load={"rps": 100, "hops": hops})["likely"] for hops in (0, 1, 2, 5, 20)]
    assert likely[0] == 5.0
    assert likely == sorted(set(likely))


def test_a_proxy_without_requests_takes_next_to_nothing_over_its_baseline() -> None:
    fields = {"metric": "proxy_cpu", "unit": "mCPU", "baseline": 7}
    idle, busy = (answer(**fields, load={"per_proxy_rps": rate}) for rate in (0, 1000))
    assert idle["low"] == idle["high"] == 7
    assert busy["low"] > 7


UNITS = {
    "latency_p50": "ms",
    "latency_p99_added": "s",
    "throughput": "req/s",
    "throughput_dts": "Gbit/s",
    "proxy_cpu": "mCPU",
    "dataplane_cpu_total": "cores",
    "dataplane_memory_total": "MiB",
    "controlplane_memory": "MB",
    "cpu_per_10gbit_server": "cores",
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**15),
    st.floats(allow_nan=True),
    st.text(max_size=8),
    st.just([1]),
    st.just({}),
)


@settings(deadline=None, max_examples=150)
@given(
    fields=st.dictionaries(st.sampled_from(["id", "unit", "baseline", "scope", "tls", "features", "env", "date"]), ODD),
    load=st.dictionaries(st.sampled_from(["rps", "hops", "nodes", "proxies", "payload_bytes", "per_proxy_rps"]), ODD),
    metric=st.sampled_from(sorted(UNITS)),
    option=st.sampled_from(["istio-sidecar", "istio-ambient-waypoint", "cilium-wireguard", "none-app-library"]),
    saturated=st.booleans(),
)
def test_no_row_breaks_the_others(
    fields: dict[str, Any], load: dict[str, Any], metric: str, option: str, saturated: bool
) -> None:
    given = {"unit": UNITS[metric], **fields, "metric": metric, "option": option, "saturated": saturated, "load": load}
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        (said,) = project_rows([row(**given)])
    if "unsupported" not in said:
        assert 0.0 <= said["low"] <= said["likely"] <= said["high"] < math.inf
