"""vegeta: reports, raw records and the binary file."""

import json

import pytest

from tests.intake.given import figures, reading, refusal

REPORT = {
    "latencies": {
        "total": 6_000_000_000,
        "mean": 10_000_000,
        "50th": 8_000_000,
        "90th": 15_000_000,
        "95th": 20_000_000,
        "99th": 40_000_000,
        "max": 90_000_000,
        "min": 1_000_000,
    },
    "earliest": "2026-01-02T03:04:05.123456789Z",
    "duration": 59_990_000_000,
    "requests": 6000,
    "rate": 100.02,
    "throughput": 99.0,
    "success": 0.98,
    "status_codes": {"0": 20, "200": 5880, "404": 40, "503": 60},
    "errors": ['Get "http://shop/cart?token=t0ken": EOF'],
}
TEXT = """Requests      [total, rate, throughput]         6000, 100.02, 99.00
Duration      [total, attack, wait]             1m0.1s, 59.99s, 110ms
Latencies     [min, mean, 50, 90, 95, 99, max]  1ms, 10ms, 8ms, 15ms, 20ms, 40ms, 90.5ms
Bytes In      [total, mean]                     9796, 31.00
Success       [ratio]                           98.00%
Status Codes  [code:count]                      0:20  200:5880  404:40  503:60
Error Set:
404 Not Found
"""


@pytest.mark.parametrize("content", [REPORT, TEXT])
def test_both_reports_agree(content: dict[str, object] | str) -> None:
    found = figures(content)
    assert (found.requests, found.duration_s, found.achieved_rps) == (6000, 59.99, 100.02)
    assert (found.latency.min, found.latency.p50, found.latency.p95, found.latency.p99) == (1.0, 8.0, 20.0, 40.0)
    assert (found.errors.transport, found.errors.client, found.errors.server) == (20, 40, 60)
    assert found.error_ratio == 0.02
    assert found.coordinated_omission == "corrected"


def test_a_report_of_an_older_version_lists_fewer_columns() -> None:
    text = TEXT.replace(
        "[min, mean, 50, 90, 95, 99, max]  1ms, 10ms, 8ms, 15ms, 20ms, 40ms, 90.5ms",
        "[mean, 50, 95, 99, max]  10ms, 8ms, 20ms, 40ms, 90.5ms",
    )
    found = figures(text)
    assert (found.latency.p50, found.latency.p90, found.latency.p95) == (8.0, None, 20.0)


def test_error_texts_are_not_kept() -> None:
    assert "t0ken" not in repr(reading(REPORT))


def record(place: int, latency_ms: float, code: int = 200) -> dict[str, object]:
    return {
        "attack": "",
        "seq": place,
        "code": code,
        "timestamp": f"2026-01-02T03:04:{place // 10:02d}.{place % 10}00000000Z",
        "latency": int(latency_ms * 1e6),
        "bytes_out": 0,
        "bytes_in": 31,
        "error": "",
        "body": "c2VjcmV0",
        "method": "GET",
        "url": "http://user:hunter2@shop:8080/cart?token=t0ken",
        "headers": {"Authorization": ["Bearer s3cret"]},
    }


def test_json_lines_are_counted_and_their_bodies_are_not_kept() -> None:
    lines = [record(place, place + 1, 503 if place == 99 else 200) for place in range(100)]
    one = reading("\n".join(json.dumps(line) for line in lines) + "\n{broken\n")
    assert one.loadtest is not None
    assert one.loadtest.requests == 100
    assert one.loadtest.duration_s == pytest.approx(9.9)
    # Between the 50th and the 51st of 1..100 ms, where vegeta's own report puts the median.
    assert one.loadtest.latency.p50 == 50.5
    assert one.loadtest.errors.server == 1
    assert one.loadtest.target_host == "shop:8080"
    assert any("1 lines could not be read" in warning for warning in one.warnings)
    for secret in ("c2VjcmV0", "hunter2", "t0ken", "s3cret"):
        assert secret not in repr(one)


def test_csv_without_header_is_known_by_its_first_line() -> None:
    rows = [
        f"{1_767_323_045_000_000_000 + place * 10_000_000},200,{(place + 1) * 1_000_000},0,31,,aGk=,,{place},GET,http://shop/,x"
        for place in range(100)
    ]
    rows[3] = rows[3].replace(",200,", ",0,")
    found = figures("\n".join(rows))
    assert (found.requests, found.errors.transport) == (100, 1)
    assert found.latency.max == 100.0


def test_the_histogram_gives_a_count_and_says_where_the_rest_is() -> None:
    one = reading(
        "Bucket           #    %       Histogram\n[0s,     5ms]    10   2.00%   ##\n[5ms,    +Inf]   90   98.00%  ##\n"
    )
    assert one.loadtest is not None
    assert one.loadtest.requests == 100
    assert one.loadtest.latency.p50 is None
    assert "vegeta report -type=json" in str(one.advice)


def test_the_plot_gives_percentiles_at_or_above_the_wanted_one() -> None:
    found = figures(
        "Value(ms)   Percentile  TotalCount  1/(1-Percentile)\n"
        "1.000000    0.000000    0           1.000000\n"
        "5.000000    0.500000    50          2.000000\n"
        "9.000000    0.900000    90          10.000000\n"
        "12.000000   0.990625    99          106.666667\n"
        "20.000000   1.000000    100         10000000.000000\n"
    )
    assert (found.requests, found.latency.p50, found.latency.p95, found.latency.p99) == (100, 5.0, 12.0, 12.0)
    assert found.error_ratio is None


def uint(value: int) -> bytes:
    """Go's gob form of an unsigned number."""
    if value < 128:
        return bytes([value])
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return bytes([256 - len(data)]) + data


def sint(value: int) -> bytes:
    """Go's gob form of a signed number."""
    return uint((~value << 1) | 1 if value < 0 else value << 1)


def text(value: str) -> bytes:
    return uint(len(value)) + value.encode()


def message(data: bytes) -> bytes:
    return uint(len(data)) + data


def gob(rows: list[tuple[int, int, int]]) -> bytes:
    """A stream as vegeta writes it: the types Result and Time, then rows of (status, seconds, latency in ns)."""
    fields = [("Attack", 6), ("Seq", 3), ("Code", 3), ("Timestamp", 65), ("Latency", 2), ("Error", 6)]
    listed = b"".join(b"\x01" + text(name) + b"\x01" + sint(kind) + b"\x00" for name, kind in fields)
    common = b"\x01\x01" + text("Result") + b"\x01" + sint(64) + b"\x00"
    stream = message(sint(-64) + b"\x03" + common + b"\x01" + uint(len(fields)) + listed + b"\x00\x00")
    time = b"\x01\x01" + text("Time") + b"\x01" + sint(65) + b"\x00\x00\x00"
    stream += message(sint(-65) + b"\x05" + time)
    for status, seconds, latency in rows:
        stamp = b"\x01" + (seconds + 62_135_596_800).to_bytes(8, "big") + bytes(4) + b"\xff\xff"
        value = b"\x03" + uint(status) if status else b""
        value += (b"\x01" if status else b"\x04") + uint(len(stamp)) + stamp + b"\x01" + sint(latency)
        stream += message(sint(64) + value + b"\x00")
    return stream


def test_the_binary_file_is_read() -> None:
    found = figures(
        gob([(200, 1_767_323_045 + place, (place + 1) * 1_000_000) for place in range(60)] + [(0, 1_767_323_105, 5)])
    )
    assert (found.requests, found.duration_s, found.errors.transport) == (61, 60.0, 1)
    assert found.latency.max == 60.0


def test_a_binary_file_that_was_cut_off_names_the_command() -> None:
    assert "vegeta report -type=json" in refusal(gob([(200, 1_767_323_045, 1_000_000)] * 3)[:-2])
