"""Composition of the tax over call paths, against chains measured behind real Envoy."""

import numpy as np
import pytest

from decisions.advisor.overhead.coefficients import OverheadError
from decisions.advisor.overhead.composition import compose, cross_check, joined, lognormal, sketch
from decisions.advisor.overhead.path import added
from decisions.advisor.overhead.projection import Setup, project
from decisions.advisor.overhead.tax import Array

# Depth: (p50, p99) in ms without and with sidecars; services of 4 ms, medians of 5 rounds, one Envoy a service.
CHAINS = {
    2: ((9.23, 40.18), (10.83, 41.88)),
    3: ((14.94, 51.37), (17.40, 54.41)),
    4: ((20.53, 58.52), (23.72, 62.40)),
    6: ((32.11, 76.39), (36.27, 80.71)),
}
TAX = lognormal(0.85, 1.9)
"""One hop: +0.85 ms at the median, about twice that at p99."""


@pytest.mark.parametrize("depth", CHAINS)
def test_measured_chains_are_met(depth: int) -> None:
    (p50, p99), (with_p50, with_p99) = CHAINS[depth]
    band = compose(TAX, depth, path=lognormal(p50, p99))
    assert band.independent.p50 == pytest.approx(with_p50, rel=0.05)
    assert band.independent.p99 == pytest.approx(with_p99, rel=0.09)
    assert band.together.p99 >= band.independent.p99


def test_adding_up_quantiles_is_the_upper_edge_at_the_tail() -> None:
    band = compose(TAX, 6, service=lognormal(4.0, 25.7))
    assert band.together.p99 > 1.4 * band.independent.p99
    assert band.together.p50 < band.independent.p50


def test_the_cross_check_is_as_near_as_it_was_measured_to_be() -> None:
    """4 to 8 % on chains with repeated seeds, 14 % with independent ones."""
    service = lognormal(4.0, 20.0)
    band = compose(TAX, 4, service=service)
    assert band.cross_check_p99 == pytest.approx(cross_check(joined(TAX, service), 4))
    assert band.independent.p99 == pytest.approx(band.cross_check_p99, rel=0.14)


def test_a_fan_out_takes_the_slowest_leaf() -> None:
    service = lognormal(4.0, 25.7)
    one, eight = (compose(TAX, 2, service=service, leaves=leaves) for leaves in (1, 8))
    assert eight.independent.p50 > 1.4 * one.independent.p50
    assert eight.together.p99 == pytest.approx(one.together.p99)


def test_the_same_inputs_give_the_same_band() -> None:
    assert compose(TAX, 3) == compose(TAX, 3)


def test_a_warning_above_sixty_percent() -> None:
    assert not compose(TAX, 2, utilisation=0.6).warnings
    assert "75 %" in compose(TAX, 2, utilisation=0.75).warnings[0]


def test_a_sketch_keeps_the_sample() -> None:
    samples = np.random.default_rng(3).lognormal(1.0, 0.8, 20_000)
    kept = sketch(list(samples))
    assert kept.mean == pytest.approx(samples.mean(), rel=0.02)
    assert float(kept.at(0.99)) == pytest.approx(float(np.quantile(samples, 0.99)), rel=0.02)
    with pytest.raises(ValueError, match="at least one"):
        sketch([])


def drawn(quantiles: tuple[float, float], count: int, generator: np.random.Generator) -> Array:
    """Lognormal draws with this median and p99, by none of our own code."""
    p50, p99 = quantiles
    draws: Array = p50 * np.exp(np.log(p99 / p50) / 2.3263478740408408 * generator.standard_normal(count))
    return draws


@pytest.mark.parametrize(
    ("tax", "path", "calls"),
    [
        ((0.85, 1.9), (32.11, 76.39), 6),  # the measured chain of six
        ((0.5, 5.0), (9.0, 38.0), 3),  # both with a tail
        ((0.2, 0.4), (14.0, 90.0), 6),  # a path whose tail hides that of the tax
        ((1.5, 12.0), (5.0, 8.0), 10),  # a tax whose tail makes the path's own
        ((0.5, 5.0), (100.0, 300.0), 40),  # a long path, convolved by halves
    ],
)
def test_a_plain_simulation_gives_the_same(tax: tuple[float, float], path: tuple[float, float], calls: int) -> None:
    generator, count = np.random.default_rng(11), 200_000
    own = drawn(path, count, generator)
    with_tax = own + sum(drawn(tax, count, generator) for _ in range(calls))
    p50, p99 = np.quantile(with_tax, [0.5, 0.99]) - np.quantile(own, [0.5, 0.99])
    ours = added((tax,), calls, path)
    assert ours.independent_p50 == pytest.approx(p50, rel=0.02)
    # The simulation's own p99 is known to about half a percent of the path's.
    assert ours.independent_p99 == pytest.approx(p99, rel=0.03, abs=0.01 * path[1])
    assert ours.together_p99 == pytest.approx(calls * tax[1], rel=0.01)


def test_the_panel_and_the_command_add_up_in_one_way() -> None:
    path = (20.0, 60.0)
    for calls in (1, 4, 9):
        band, ours = compose(TAX, calls, path=lognormal(*path)), added(((0.85, 1.9),), calls, path)
        own = lognormal(*path)
        assert band.independent.p99 - float(own.at(0.99)) == pytest.approx(ours.independent_p99, rel=1e-3)
        assert band.together.p99 - float(own.at(0.99)) == pytest.approx(ours.together_p99, rel=1e-9)


def test_two_proxies_on_one_call_are_two_hops_that_are_slow_apart() -> None:
    both = joined(lognormal(0.4, 2.0), lognormal(0.3, 1.0))
    assert both.mean == pytest.approx(lognormal(0.4, 2.0).mean + lognormal(0.3, 1.0).mean, rel=1e-6)
    assert float(both.at(0.99)) < 3.0, "less than the sum of their p99s"


def test_a_path_of_thousands_of_calls_is_quick_and_near_its_mean() -> None:
    tax = (0.5, 5.0)
    ours = added((tax,), 10_000, None)
    assert ours.independent_p50 == pytest.approx(10_000 * lognormal(*tax).mean, rel=0.001)
    assert ours.independent_p50 < ours.independent_p99 < ours.together_p99


def test_no_calls_add_nothing() -> None:
    nothing = added(((0.5, 5.0),), 0, (20.0, 60.0))
    assert set(vars(nothing).values()) == {0.0}


def test_projection_of_a_setup() -> None:
    setup = Setup(rps=500, calls=3, proxies=12, nodes=4, path_p50_ms=20.0, path_p99_ms=60.0)
    sidecar, ambient = project("istio-sidecar", setup), project("istio-ambient-l4", setup)
    for name in ("p50", "p90", "p95", "p99", "mean"):
        assert 0.0 < ambient.latency_ms[name].likely < sidecar.latency_ms[name].likely
    assert sidecar.cpu_vcpu.likely == pytest.approx(sidecar.cpu_per_1000.likely / 2)
    assert sidecar.memory_mib.likely == pytest.approx(12 * sidecar.memory_mib_each.likely)
    assert ambient.memory_mib.likely == pytest.approx(4 * ambient.memory_mib_each.likely)
    assert sidecar.throughput_ratio.likely < 1.0
    assert sidecar.gbit_per_second is None


def test_one_connection_per_request_turns_the_order_round() -> None:
    """Measured: an L7 proxy pools its connections (639 to 613 us), an L4 proxy opens one each (280 to 1105 us)."""
    kept, churned = Setup(rps=200), Setup(rps=200, requests_per_connection=1)
    l4, l7 = "istio-ambient-l4", "istio-sidecar"
    assert project(l4, kept).latency_ms["p50"].likely < project(l7, kept).latency_ms["p50"].likely
    assert project(l4, churned).latency_ms["p50"].likely > project(l7, churned).latency_ms["p50"].likely


def test_encryption_in_the_kernel_caps_a_link_and_adds_microseconds() -> None:
    said = project("cilium-wireguard", Setup(rps=500, calls=3))
    assert said.latency_ms["p50"].likely < 0.5
    assert said.gbit_per_second is not None
    assert said.gbit_per_second.low < 9.0 < said.gbit_per_second.high
    assert project("none-app-library", Setup(rps=500)).latency_ms["p99"].high == 0.0


def test_unknown_options_are_refused() -> None:
    with pytest.raises(OverheadError, match="known are"):
        project("nginx-mesh", Setup(rps=1))
