"""Composition of the tax over call paths, against chains measured behind real Envoy."""

import numpy as np
import pytest

from decisions.advisor.overhead import path as closed_form
from decisions.advisor.overhead.coefficients import OverheadError
from decisions.advisor.overhead.composition import compose, cross_check, lognormal, sketch
from decisions.advisor.overhead.projection import Setup, project
from decisions.advisor.overhead.tax import added_ms

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
    assert band.cross_check_p99 == pytest.approx(cross_check(TAX, service, 4))
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
    assert "75%" in compose(TAX, 2, utilisation=0.75).warnings[0]


def test_a_sketch_keeps_the_sample() -> None:
    samples = np.random.default_rng(3).lognormal(1.0, 0.8, 20_000)
    kept = sketch(list(samples))
    assert kept.mean == pytest.approx(samples.mean(), rel=0.02)
    assert float(kept.at(0.99)) == pytest.approx(float(np.quantile(samples, 0.99)), rel=0.02)
    with pytest.raises(ValueError, match="at least one"):
        sketch([])


@pytest.mark.parametrize("calls", [1, 3, 6])
@pytest.mark.parametrize("tail", [0.0, 5.0, 50.0])
def test_the_closed_forms_agree(calls: int, tail: float) -> None:
    """The fast one of the panel and the one that is fitted."""
    one = closed_form.tax(0.9, 3.0)
    slope = np.log(3.0 / 0.9) / 2.3263478740408408
    level, sigma = np.array([np.log(0.9)]), np.array([slope])
    p99 = added_ms(level, sigma, calls=float(calls), score=2.3263478740408408, is_mean=False, path_tail=tail)
    assert closed_form.added_p99(one, calls, tail) == pytest.approx(float(p99[0]))


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
