"""estimate(): totals against published anchors, what moves them, and what must never happen."""

import time

import pytest

from decisions.advisor import catalog
from decisions.advisor.case import Case, read
from decisions.advisor.engine import recommend
from decisions.advisor.overhead import OverheadError, estimate
from decisions.advisor.overhead.coefficients import load
from decisions.advisor.recommendation import Overhead

PRODUCTS = (
    "none-app-library",
    "cilium-wireguard",
    "cilium-ipsec",
    "calico-wireguard",
    "flannel-wireguard",
    "antrea-wireguard",
    "antrea-ipsec",
    "cilium-service-mesh",
    "cilium-ztunnel",
    "istio-sidecar",
    "istio-ambient-l4",
    "istio-ambient-waypoint",
    "linkerd",
    "consul",
    "kuma",
)
SHOP = {"pods": 412, "nodes": 38, "services": 60, "peak_rps": 4850, "sequential_calls": 6, "payload_bytes": 1024}


def case(baseline: dict[str, object] | None = None, **requirements: str) -> Case:
    return read(
        {
            "schema": "meshadvisor-case/1",
            "title": "A shop",
            "baseline": SHOP if baseline is None else baseline,
            "requirements": {key: {"need": need} for key, need in requirements.items()},
        }
    )


def values(overhead: Overhead) -> list[float]:
    ranges = (overhead.cpu_vcpu, overhead.memory_gib, overhead.p50_ms, overhead.p99_ms)
    return [end for one in ranges for end in (one.low, one.likely, one.high)]


def test_table_holds_every_product() -> None:
    assert sorted(load().products) == sorted(PRODUCTS)


def test_nothing_in_the_path_costs_nothing() -> None:
    assert values(estimate("none-app-library", case())) == [0.0] * 12


def test_unknown_product_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OverheadError, match="istio-sidecar"):
        estimate("istio", case())


def test_pods_on_the_hosts_network_are_outside_of_a_scope_as_far_as_they_can_be() -> None:
    def memory(**baseline: int) -> float:
        return estimate("istio-sidecar", case({"nodes": 4, "services": 12, **baseline})).memory_gib.likely

    all_pods = {"pods": 57, "host_network_pods": 41}
    assert memory(**all_pods) == memory(**all_pods, pods_in_scope=16) == memory(**all_pods, pods_in_scope=30) > 0


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize(
    "baseline",
    [
        SHOP,
        {},
        {"pods": 3, "nodes": 1},
        {"peak_rps": 0},
        {"udp_share": 1.0},
        {"pods": 0, "services": 0, "sequential_calls": 0, "payload_bytes": 0},
        {"pods": 10, "pods_in_scope": 0, "host_network_pods": 10},
    ],
)
def test_every_answer_is_finite_and_ordered(product: str, baseline: dict[str, object]) -> None:
    answer = estimate(product, case(baseline))
    assert all(0.0 <= value < float("inf") for value in values(answer))
    assert answer.basis
    assert answer.sources or product == "none-app-library"


def test_five_thousand_istio_sidecars_take_200_to_300_gib() -> None:
    # Published: 40 to 60 MB a proxy (Istio documentation, ELCA, Kinvolk), so 190 to 290 GiB without configuration.
    memory = estimate("istio-sidecar", case({"pods": 5000, "services": 55, "clusters": 10})).memory_gib
    assert 200 <= memory.likely <= 300


def test_a_ztunnel_takes_what_was_published() -> None:
    # Published: 12 to 35 MiB a ztunnel, in test clusters of a few nodes.
    two, one = (estimate("cilium-ztunnel", case({**SHOP, "pods": 30, "nodes": count})) for count in (4, 2))
    memory = 1024 * (two.memory_gib.likely - one.memory_gib.likely) / 2
    ztunnel = next(part for part in load().products["istio-ambient-l4"] if part.id == "ztunnel").figure("memory_mib")
    assert 12 <= memory <= 35
    assert ztunnel.low <= 12 <= ztunnel.likely <= 35


def test_basis_says_what_was_counted() -> None:
    basis = estimate("istio-sidecar", case()).basis
    assert basis == "412 pods on 38 nodes, 4,850 requests a second at peak, 6 calls in sequence"


def test_what_is_missing_is_named_and_widens() -> None:
    known = estimate("istio-sidecar", case())
    guessed = estimate("istio-sidecar", case({"pods": 412, "nodes": 38, "services": 60}))
    assert not known.assumed
    assert any("request rate" in text for text in guessed.assumed)
    assert any("calls in sequence" in text for text in guessed.assumed)
    assert guessed.cpu_vcpu.high / guessed.cpu_vcpu.low > known.cpu_vcpu.high / known.cpu_vcpu.low


def test_sizes_of_planning_values_are_said_where_nothing_is_put_into_the_path_too() -> None:
    given = case({"peak_rps": 4850.0, "sequential_calls": 6})
    assert [text.partition(" not given")[0] for text in estimate("none-app-library", given).assumed] == [
        "pods",
        "nodes",
    ]
    assert [one.text for one in recommend(given, catalog.load()).assumptions if "not given" in one.text]
    assert not estimate("none-app-library", case(SHOP)).assumed


def test_zero_is_an_answer() -> None:
    none = estimate("istio-sidecar", case({**SHOP, "sequential_calls": 0, "payload_bytes": 0}))
    assert none.p99_ms.high == 0.0
    assert not none.assumed


def test_scope_counts() -> None:
    whole = estimate("istio-sidecar", case())
    part = estimate("istio-sidecar", case({**SHOP, "pods_in_scope": 40}))
    assert part.memory_gib.likely < whole.memory_gib.likely / 4
    assert part.cpu_vcpu.likely < whole.cpu_vcpu.likely / 4


def test_milliseconds_rise_with_every_call() -> None:
    three = estimate("istio-sidecar", case({**SHOP, "sequential_calls": 3}))
    six = estimate("istio-sidecar", case(SHOP))
    assert six.p50_ms.likely == pytest.approx(2 * three.p50_ms.likely, rel=0.1)


def test_a_long_tail_of_its_own_hides_the_tail_of_the_tax() -> None:
    # Measured on a chain of six: p50 rose from 32.1 to 36.3 ms, p99 from 76.4 to 80.7 ms.
    answer = estimate("istio-sidecar", case({**SHOP, "p50_ms": 32.0, "p99_ms": 76.0}))
    assert answer.p99_ms.likely == pytest.approx(answer.p50_ms.likely, rel=0.25)
    assert answer.p50_ms.low < 4.2 < answer.p50_ms.high
    assert answer.p99_ms.low < 4.3 < answer.p99_ms.high


def test_order_of_the_options_for_a_usual_shop() -> None:
    cpu = {product: estimate(product, case()).cpu_vcpu.likely for product in PRODUCTS}
    latency = {product: estimate(product, case()).p99_ms.likely for product in PRODUCTS}
    memory = {product: estimate(product, case()).memory_gib.likely for product in PRODUCTS}
    for one in (cpu, latency):
        assert one["none-app-library"] < one["cilium-wireguard"] < one["istio-ambient-l4"] < one["istio-sidecar"]
        assert one["istio-ambient-l4"] < one["istio-ambient-waypoint"]
    assert memory["istio-ambient-l4"] < memory["linkerd"] < memory["kuma"] < memory["istio-sidecar"]


def test_nothing_to_encrypt_on_a_single_node() -> None:
    answer = estimate("cilium-wireguard", case({**SHOP, "nodes": 1}))
    assert (answer.p99_ms.high, answer.cpu_vcpu.high) == (0.0, 0.0)


def test_no_layer_7_requirement_no_call_through_the_proxy_of_the_node() -> None:
    plain = estimate("cilium-service-mesh", case(SHOP, network_segmentation="must"))
    parsed = estimate("cilium-service-mesh", case(SHOP, l7_authorization="must"))
    assert plain.p99_ms.likely == 0.0 < parsed.p99_ms.likely
    assert any("layer 7" in text for text in plain.assumed)


def test_encryption_comes_on_top_where_it_is_another_part() -> None:
    plain = estimate("cilium-service-mesh", case(SHOP, l7_authorization="must"))
    both = estimate("cilium-service-mesh", case(SHOP, l7_authorization="must", encryption_between_nodes="must"))
    assert both.p50_ms.likely > plain.p50_ms.likely
    assert both.cpu_vcpu.likely > plain.cpu_vcpu.likely


def test_waypoints_count_only_where_they_stand() -> None:
    few = estimate("istio-ambient-waypoint", case(), namespaces_in_scope=1)
    many = estimate("istio-ambient-waypoint", case(), namespaces_in_scope=30)
    exact = estimate("istio-ambient-waypoint", case(), waypoints=2)
    assert few.memory_gib.likely < many.memory_gib.likely
    assert exact.memory_gib.likely == pytest.approx(few.memory_gib.likely)


def test_udp_passes_a_mesh_by_but_not_the_kernel() -> None:
    tcp, half = case(SHOP), case({**SHOP, "udp_share": 0.5})
    assert estimate("istio-sidecar", half).cpu_vcpu.likely < estimate("istio-sidecar", tcp).cpu_vcpu.likely
    assert estimate("cilium-wireguard", half).cpu_vcpu == estimate("cilium-wireguard", tcp).cpu_vcpu


def test_fast_enough_for_every_keystroke() -> None:
    shop = case()
    estimate("istio-sidecar", shop)
    start = time.process_time()
    for _ in range(200):
        estimate("istio-ambient-waypoint", shop)
    assert (time.process_time() - start) / 200 < 0.002
