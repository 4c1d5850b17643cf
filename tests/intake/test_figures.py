"""The small parts: units, quantities, percentiles, warnings."""

from array import array
from datetime import UTC, datetime

import pytest

from decisions.intake.cautions import cautions
from decisions.intake.kubernetes_objects import quantity
from decisions.intake.reading import Latency, LoadTest
from decisions.intake.samples import Rank, percentile
from decisions.intake.units import counted, host, milliseconds, moment, number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("4.17ms", 4.17),
        ("190us", 0.19),
        ("787.82\u00b5s", 0.78782),
        ("5.00m", 300_000.0),
        ("1m2.5s", 62_500.0),
        ("0s 000ms 190us", 0.19),
        ("2 secs", 2000.0),
        ("1.5h", 5_400_000.0),
        ("", None),
        ("fast", None),
        ("5", None),
        ("5 apples", None),
    ],
)
def test_durations(text: str, value: float | None) -> None:
    assert milliseconds(text) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("250m", 0.25),
        ("1", 1.0),
        ("0.5", 0.5),
        ("1e3", 1000.0),
        ("2Gi", 2.0 * (1 << 30)),
        ("128974848", 128974848.0),
        ("64M", 64e6),
        ("100n", 1e-7),
        (4, 4.0),
        ("", None),
        ("-1", None),
        ("x", None),
        ("1e999", None),
        (None, None),
    ],
)
def test_quantities(text: object, value: float | None) -> None:
    assert quantity(text) == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://user:secret@shop.example:8443/a?b=c#d", "shop.example:8443"),
        ("shop:8080", "shop:8080"),
        ("http://[::1]:9090/", "::1:9090"),
        ("http://shop/", "shop"),
        ("http://shop:99999/", None),
        ("http://bad host/", None),
        ("", None),
        (None, None),
    ],
)
def test_only_host_and_port_of_an_address_are_kept(address: object, kept: str | None) -> None:
    assert host(address) == kept


def test_booleans_texts_and_endless_numbers_are_no_numbers() -> None:
    assert [number(value) for value in (True, "x", "inf", float("nan"), "9" * 400, "12.5")] == [None] * 5 + [12.5]


def test_moments_are_aware_and_in_a_sane_range() -> None:
    assert moment("2026-01-02T03:04:05.123456789Z") == datetime(2026, 1, 2, 3, 4, 5, 123456, tzinfo=UTC)
    assert moment("2026-01-02 03:04:05") == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert moment("0001-01-01T00:00:00+23:59") is None
    assert moment("yesterday") is None


def test_nouns_are_counted_in_english() -> None:
    assert [counted(1, "pod"), counted(2, "pod"), counted(0, "network policy")] == [
        "1 pod",
        "2 pods",
        "0 network policies",
    ]


@pytest.mark.parametrize(("percent", "nearest", "midpoint"), [(50.0, 5.0, 5.5), (90.0, 9.0, 9.5), (99.0, 10.0, 10.0)])
def test_percentiles_of_one_to_ten(percent: float, nearest: float, midpoint: float) -> None:
    ordered = array("d", range(1, 11))
    assert percentile(ordered, percent, Rank.NEAREST) == nearest
    assert percentile(ordered, percent, Rank.MIDPOINT) == midpoint


def test_a_single_value_is_every_percentile() -> None:
    for rank in Rank:
        assert percentile(array("d", [7.0]), 99.9, rank) == 7.0


GOOD = LoadTest(
    requests=100_000,
    duration_s=300.0,
    requested_rps=100.0,
    achieved_rps=99.0,
    error_ratio=0.0,
    latency=Latency(min=1.0, p50=20.0, p90=30.0, p95=40.0, p99=50.0, max=90.0),
)


def warned(**changes: object) -> str:
    return " ".join(cautions(LoadTest(**{**GOOD.__dict__, **changes}), resolution_ms=1.0))  # type: ignore[arg-type]


def test_a_good_run_has_no_warnings() -> None:
    assert warned() == ""


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"duration_s": 12.0}, "lasted 12.0 s"),
        ({"requests": 900}, "fewer than ten"),
        ({"error_ratio": 0.02}, "2.0 % of the requests failed"),
        ({"error_ratio": 0.08}, "not usable as a baseline"),
        ({"achieved_rps": 80.0}, "80 of the 100 requested"),
        ({"latency": Latency(p50=20.0, p99=10.0)}, "do not rise"),
        ({"latency": Latency(p50=3.0, p99=10.0)}, "too coarse"),
    ],
)
def test_each_weakness_has_its_warning(changes: dict[str, object], word: str) -> None:
    assert word in warned(**changes)
