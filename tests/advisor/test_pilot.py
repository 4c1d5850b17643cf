"""The verdict on a pilot: what may be compared, how certain a figure is, and how often noise misleads."""

import math
from dataclasses import replace
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from benchmarks.pilot.shapes import SHAPES, Load
from benchmarks.pilot.simulate import tally
from decisions.advisor.pilot import (
    Limits,
    Projection,
    Resources,
    Run,
    Verdict,
    differences,
    judge,
    limits_of,
    read_run,
    shortcomings,
)
from decisions.advisor.pilot.intervals import Interval, added, error_ratio, independent, quantile, ranks
from decisions.advisor.pilot.reach import seconds_needed, shows
from decisions.advisor.pilot.scores import Standing, standing
from decisions.advisor.pilot.words import change, projected, span
from decisions.advisor.quantities import Range
from decisions.intake import clustering
from decisions.intake.clustering import design_effects

RUN = Run(
    tool="wrk2",
    requests=60_000,
    seconds=300.0,
    requested_rps=200.0,
    achieved_rps=199.8,
    failed=0,
    quantiles=((0.5, 10.0), (0.9, 20.0), (0.99, 30.0), (0.999, 45.0)),
    clustering=((0.5, 1.0), (0.999, 1.0)),
    highest=80.0,
    population="all",
    omission="corrected",
)
ROOM = Limits(p99_ms=3.0, because="your limit")
NOTHING = Projection()


def slower(factor: float) -> Run:
    return replace(RUN, quantiles=tuple((share, value * factor) for share, value in RUN.quantiles))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"achieved_rps": 150.0, "requested_rps": 150.0}, "rates differ"),
        ({"achieved_rps": None, "requested_rps": None}, "rate of one of the two is unknown"),
        ({"omission": "uncorrected"}, "coordinated omission"),
        ({"population": "success"}, "different requests"),
    ],
)
def test_runs_that_are_not_alike_are_told_apart(change: dict[str, object], why: str) -> None:
    other = replace(RUN, **change)
    assert any(why in sentence for sentence in differences(RUN, other))
    assert judge(RUN, other, NOTHING, ROOM).verdict is Verdict.NOT_COMPARABLE


def test_the_same_tool_of_unknown_state_is_comparable_and_another_tool_is_not() -> None:
    one = replace(RUN, omission="unknown")
    assert not differences(one, one)
    assert differences(one, replace(one, tool="k6"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"requests": 2_999}, "2,999 requests"),
        ({"seconds": 9.9}, "took 9.9 s"),
        ({"seconds": None}, "does not say how long"),
        ({"quantiles": ((0.5, 10.0),), "highest": None}, "no p99"),
        ({"failed": 3_001}, "5.0 % failed"),
    ],
)
def test_a_run_that_says_too_little_is_not_judged(change: dict[str, object], why: str) -> None:
    weak = replace(RUN, **change)
    assert any(why in one for one in shortcomings(weak))
    assert judge(RUN, weak, NOTHING, ROOM).verdict is Verdict.NOT_COMPARABLE


def test_a_rate_that_is_no_longer_reached_is_a_reason_to_go_back_not_a_difference() -> None:
    judged = judge(RUN, replace(RUN, achieved_rps=120.0), NOTHING, ROOM)
    assert judged.verdict is Verdict.GO_BACK
    assert "only 120" in judged.reasons[0]


@pytest.mark.parametrize(("factor", "verdict"), [(1.0, Verdict.GO_ON), (1.1, Verdict.HOLD), (1.3, Verdict.GO_BACK)])
def test_p99_decides_with_its_interval(factor: float, verdict: Verdict) -> None:
    assert judge(RUN, slower(factor), NOTHING, ROOM).verdict is verdict


@pytest.mark.parametrize(
    ("failed", "verdict"), [(0, Verdict.GO_ON), (3, Verdict.GO_ON), (60, Verdict.HOLD), (600, Verdict.GO_BACK)]
)
def test_failed_requests_decide_as_well(failed: int, verdict: Verdict) -> None:
    assert judge(RUN, replace(RUN, failed=failed), NOTHING, ROOM).verdict in {verdict, Verdict.GO_BACK}
    assert (judge(RUN, replace(RUN, failed=failed), NOTHING, ROOM).verdict is Verdict.GO_ON) == (failed < 60)


def test_resources_over_the_limit_go_back_and_more_than_projected_holds() -> None:
    ten = Range(low=1.0, likely=5.0, high=10.0)
    projection = Projection(cpu_vcpu=ten, memory_gib=ten)
    before = Resources(cpu_vcpu=100.0, memory_gib=200.0)

    def verdict(cpu: float, limit: float | None = None) -> Verdict:
        used = before, Resources(cpu_vcpu=cpu, memory_gib=201.0)
        return judge(RUN, RUN, projection, replace(ROOM, cpu_vcpu=limit), used).verdict

    assert verdict(105.0) is Verdict.GO_ON
    assert verdict(111.0) is Verdict.HOLD
    assert verdict(105.0, limit=4.0) is Verdict.GO_BACK


def test_limits_come_from_the_team_else_from_the_projection_else_a_tenth() -> None:
    wide = Projection(p99_ms=Range(low=1.0, likely=7.0, high=90.0))
    assert limits_of({"budget": {"p99_ms": 4}}, wide, 30.0).p99_ms == 4
    gate = {"measure_metric": "p99_ms", "measure_threshold": 45}
    assert limits_of({"plan": gate, "budget": {"p99_ms": 4}}, wide, 30.0).p99_ms == 15
    assert limits_of({}, wide, 30.0).p99_ms == 7
    assert limits_of({}, NOTHING, 30.0).p99_ms == pytest.approx(3)
    assert limits_of({"baseline": {"slo_p99_ms": 32}}, wide, 30.0).slo_p99_ms == 32
    assert limits_of({"baseline": {"slo_p99_ms": 25}}, wide, 30.0).slo_p99_ms is None


def test_the_gates_that_a_plan_prints_are_those_that_a_check_holds_it_to() -> None:
    gate = {"measure_metric": "error_ratio", "measure_threshold": 0.002}
    limits = replace(ROOM, error_ratio=limits_of({"plan": gate}, NOTHING, 30.0).error_ratio)
    assert limits.error_ratio == 0.002

    def verdict(failed: int) -> Verdict:
        return judge(replace(RUN, failed=60), replace(RUN, failed=failed), NOTHING, limits).verdict

    assert verdict(61) is Verdict.GO_ON  # 0.1 %, certainly below 0.2 %
    assert verdict(118) is Verdict.HOLD
    assert verdict(600) is Verdict.GO_BACK
    none = replace(ROOM, error_ratio=0.0)
    assert judge(RUN, RUN, NOTHING, none).verdict is Verdict.GO_ON
    assert judge(RUN, replace(RUN, failed=600), NOTHING, none).verdict is Verdict.GO_BACK
    cpu = {"measure_metric": "cpu_vcpu", "measure_threshold": 4}
    assert limits_of({"plan": cpu, "budget": {"cpu_vcpu": 9}}, NOTHING, 30.0).cpu_vcpu == 4
    assert limits_of({"plan": cpu, "budget": {"cpu_vcpu": 2}}, NOTHING, 30.0).cpu_vcpu == 2


def test_a_p99_for_certain_beyond_the_stop_rule_goes_back_whatever_may_be_added() -> None:
    stop = limits_of({"plan": {"stop_metric": "p99_ms", "stop_threshold": 36}}, NOTHING, 30.0)
    roomy = replace(ROOM, p99_ms=100.0, p99_stop=stop.p99_stop)
    assert judge(RUN, slower(1.3), NOTHING, roomy).verdict is Verdict.GO_BACK
    assert "36 ms is where your plan goes back" in judge(RUN, slower(1.3), NOTHING, roomy).reasons[0]
    assert judge(RUN, slower(1.1), NOTHING, roomy).verdict is Verdict.GO_ON


def test_the_target_tightens_what_may_be_added() -> None:
    limits = replace(ROOM, p99_ms=20.0, slo_p99_ms=33.0)
    judged = judge(RUN, slower(1.3), NOTHING, limits)
    assert judged.verdict is Verdict.GO_BACK
    assert "target (SLO)" in judged.reasons[0]


def test_the_ranks_are_those_of_the_binomial_distribution() -> None:
    # By hand for a median of ten: P(X <= 0) = 1/1024 < 1 % <= P(X <= 1) = 11/1024, so the ranks are 1 and 10.
    assert ranks(10, 0.5) == (pytest.approx(1 / 11), pytest.approx(10 / 11))
    assert ranks(100, 0.99)[1] is None  # a hundred requests do not bound their p99 from above


def test_between_known_percentiles_a_lognormal_latency_is_met_exactly() -> None:
    normal = NormalDist(math.log(12.0), 0.4)
    known = tuple((share, math.exp(normal.inv_cdf(share))) for share in (0.5, 0.9, 0.999))
    run = replace(RUN, quantiles=known, highest=None)
    assert run.latency(0.97) == pytest.approx(math.exp(normal.inv_cdf(0.97)))
    assert run.latency(0.3) is None
    assert run.latency(0.9999) is None


@given(st.lists(st.floats(0.001, 1e6), min_size=2, max_size=6), st.floats(0.0, 1.0))
def test_latency_never_falls_with_the_share_whatever_the_file_says(values: list[float], share: float) -> None:
    run = replace(RUN, quantiles=tuple(zip((0.1, 0.5, 0.75, 0.9, 0.99, 0.999), values, strict=False)), highest=None)
    at, later = run.latency(share), run.latency(min(1.0, share + 0.01))
    assert at is None or later is None or later >= at * (1 - 1e-9)


def test_a_difference_is_as_uncertain_as_both_parts_together() -> None:
    one, other = Interval(low=9.0, likely=10.0, high=12.0), Interval(low=16.0, likely=20.0, high=23.0)
    found = added(one, other)
    assert found.likely == 10
    assert found.low == pytest.approx(10 - math.hypot(4, 2))
    assert found.high == pytest.approx(10 + math.hypot(3, 1))
    assert added(one, replace(other, low=None)).low is None


def test_the_error_ratio_has_the_interval_of_wilson() -> None:
    found = error_ratio(replace(RUN, requests=1000, failed=0))
    z2 = NormalDist().inv_cdf(0.99) ** 2
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(0.0), pytest.approx(z2 / (1000 + z2)))


def test_requests_that_are_slow_together_make_a_percentile_less_certain() -> None:
    scattered = replace(RUN, clustering=((0.99, 1.0),))
    together = replace(RUN, clustering=((0.99, 40.0),))
    narrow, wide = quantile(scattered, 0.99), quantile(together, 0.99)
    assert narrow
    assert wide
    assert (wide.low or 0) < (narrow.low or 0)
    assert (wide.high or math.inf) > (narrow.high or math.inf)


def test_the_design_effect_is_one_for_scattered_and_a_block_for_gathered_slow_requests() -> None:
    scattered = [100.0 if number % 100 == 50 else 1.0 for number in range(32_000)]
    assert design_effects(scattered, {99.0: 50.0}) == ((99.0, 1.0),)
    gathered = [100.0 if 8_000 <= number < 12_000 else 1.0 for number in range(32_000)]
    ((_, effect),) = design_effects(gathered, {99.0: 50.0})
    # One of eight parts of 4,000 is slow, p = 1/8. Between parts 8/7 x (3,500^2 + 7 x 500^2) = 1.6 x 10^7; over
    # p (1 - p) x 32,000 = 3,500 that is 8/7 of a part, and so few parts count 1.661 times (3.00 / 2.33, squared).
    assert effect == pytest.approx(4_000 * 8 / 7 * 1.661)
    assert design_effects(sorted(gathered), {99.0: 50.0}) == ()


def test_a_kept_measurement_is_read_back_as_a_run() -> None:
    figures = {
        "normalised": {
            "tool": "k6",
            "requests": 1000,
            "duration_s": 20.0,
            "achieved_rps": 50.0,
            "error_ratio": 0.01,
            "latency_ms": {"p50": 5.0, "p95": 9.0, "max": 20.0, "p99": None},
            "population": "all",
            "coordinated_omission": "corrected",
        },
        "distribution": [[99.9, 15.0], [100.0, 20.0]],
        "clustering": [[95.0, 2.5]],
    }
    run = read_run(figures)
    assert (run.failed, run.quantiles) == (10, ((0.5, 5.0), (0.95, 9.0), (0.999, 15.0)))
    assert run.clustering == ((0.95, 2.5),)
    assert read_run({}).requests is None


def test_the_uncertainty_of_few_parts_is_that_of_students_distribution() -> None:
    for parts, factor in clustering.PARTS.items():
        assert factor == pytest.approx((stats.t.ppf(0.99, parts - 1) / stats.norm.ppf(0.99)) ** 2, abs=6e-4)


def test_without_single_requests_a_second_counts_as_one() -> None:
    summary = replace(RUN, clustering=())
    assert independent(summary, 0.99) == 300
    assert independent(replace(summary, requests=200), 0.99) == 200
    assert independent(replace(RUN, clustering=((0.99, 12.0),)), 0.99) == 5_000


def test_a_summary_alone_is_held_with_what_to_measure_and_goes_back_only_when_lower_percentiles_show_it() -> None:
    summary = replace(RUN, clustering=())
    held = judge(summary, replace(slower(1.3), clustering=()), NOTHING, ROOM)
    assert held.verdict is Verdict.HOLD
    assert not held.shows
    assert "cannot carry a verdict" in held.reasons[0]
    assert "for about 2 hours" in held.reasons[0]
    assert "every request" in held.reasons[0]
    doubled = judge(summary, replace(slower(2.0), clustering=()), NOTHING, ROOM)
    assert doubled.verdict is Verdict.GO_BACK
    assert "p90 rose by at least" in doubled.reasons[0]


def test_what_has_to_be_measured_would_be_enough() -> None:
    pair = replace(RUN, clustering=((0.99, 40.0),)), replace(slower(1.05), clustering=((0.99, 40.0),))
    assert not shows(*pair, 3.0)
    seconds = seconds_needed(*pair, 3.0)
    assert seconds
    factor = seconds / 300
    longer = [replace(one, requests=int(60_000 * factor), seconds=seconds) for one in pair]
    assert shows(longer[0], longer[1], 3.0)
    endless = replace(RUN, clustering=((0.99, 60_000.0),))
    assert seconds_needed(endless, endless, 3.0) is None


def test_failures_that_may_be_one_burst_do_not_send_back_but_the_stop_rule_of_the_plan_does() -> None:
    burst = replace(RUN, failed=120, clustering=((0.99, 400.0),))
    held = judge(RUN, burst, NOTHING, ROOM)
    assert held.verdict is Verdict.HOLD
    assert any("one burst" in reason for reason in held.reasons)
    assert judge(RUN, replace(RUN, failed=600), NOTHING, ROOM).verdict is Verdict.GO_BACK
    stopped = judge(RUN, burst, NOTHING, replace(ROOM, error_stop=0.001))
    assert stopped.verdict is Verdict.GO_BACK
    assert "your plan goes back" in stopped.reasons[0]
    plan = {"stop_metric": "error_ratio", "stop_threshold": 0.02}
    assert limits_of({"plan": plan}, NOTHING, 30.0).error_stop == 0.02


def test_noise_alone_does_not_send_back_and_a_p99_a_third_higher_is_found_where_the_runs_can_show_it() -> None:
    same, worse = tally("scattered", Load(seconds=60.0, rate=200.0), pilots=30)["every request"]
    assert same.all[Verdict.GO_BACK] == 0
    assert worse.judged[Verdict.GO_BACK] == sum(worse.judged.values()) > 25


@pytest.mark.parametrize("shape", [name for name in SHAPES if name != "scattered"])
def test_a_minute_with_slow_requests_that_come_together_is_held_rather_than_sent_back(shape: str) -> None:
    same, _ = tally(shape, Load(seconds=60.0, rate=100.0), pilots=12)["every request"]
    # Fewer than one in a hundred are sent back; the table in docs/method-pilot.md has a thousand of each.
    assert same.all[Verdict.GO_BACK] <= 1
    assert same.all[Verdict.HOLD] >= 6


@pytest.mark.parametrize(
    ("low", "likely", "high", "where"),
    [
        (0.4, 0.5, 0.6, Standing.INSIDE),
        (1.2, 1.5, 1.8, Standing.MORE),
        (-0.3, -0.1, 0.0, Standing.LESS),
        (-0.6, 0.5, 1.6, Standing.COARSE),  # lies inside, and would wherever it had fallen
        (-25, 1.4, 28, Standing.COARSE),
        (1.2, 7.8, 14, Standing.MORE),  # coarse, and above for all that
        (-14, -7.8, -1.2, Standing.LESS),
        (1.2, 1.4, None, Standing.MORE),
        (None, 1.4, None, Standing.MORE),  # one reading of CPU
        (0.9, 1.4, None, Standing.COARSE),
    ],
)
def test_a_projection_is_judged_by_measurements_finer_than_itself(
    low: float | None, likely: float, high: float | None, where: Standing
) -> None:
    assert standing(Range(low=0.1, likely=0.5, high=1.1), Interval(low=low, likely=likely, high=high)) == where


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.549, 1.17, "\N{MINUS SIGN}0.5 to 1.2"),
        (48.6, 84.2, "49 to 84"),
        (9.932, 10.19, "9.93 to 10.19"),
        (120.4, 1633.0, "100 to 1,600"),
        (-0.01, 52.0, "0 to 52"),
        (3.0, 3.0, "3 to 3"),
    ],
)
def test_the_ends_of_an_interval_have_the_digits_its_width_bears(low: float, high: float, said: str) -> None:
    assert span(Interval(low=low, likely=low, high=high), "ms") == f"{said} ms"
    assert projected(Range(low=low, likely=low, high=high), "ms") == f"{said} ms"
    assert change(Interval(low=low, likely=1.4, high=high), "ms") == f"+1.4 ms ({said})"


def test_a_ratio_grows_by_percentage_points() -> None:
    assert change(Interval(low=0.005, likely=0.01, high=0.02), "").startswith("+1 percentage points (")
    assert change(Interval(low=None, likely=-0.0005, high=None), "") == "\N{MINUS SIGN}0.05 percentage points"
    assert change(Interval(low=None, likely=-4.44e-07, high=None), "") == "0 percentage points"
