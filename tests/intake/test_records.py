"""One line a request: JMeter's results, Gatling's log and reports, k6 points."""

import json

import pytest

from tests.intake.given import figures, reading, refusal

HEADER = (
    "timeStamp,elapsed,label,responseCode,responseMessage,threadName,dataType,success,failureMessage,bytes,sentBytes,"
    "grpThreads,allThreads,URL,Latency,IdleTime,Connect"
)
START = 1_767_323_045_000


def sample(place: int, **changes: str) -> list[str]:
    cells = {
        "timeStamp": str(START + place * 100),
        "elapsed": str(place + 1),
        "label": "GET cart",
        "responseCode": "200",
        "responseMessage": "OK",
        "threadName": "Users 1-1",
        "dataType": "text",
        "success": "true",
        "URL": "http://user:hunter2@shop:8080/cart?token=t0ken",
    } | changes
    return [cells.get(column, "0") for column in HEADER.split(",")]


TRANSACTION = {
    "label": "Checkout",
    "responseMessage": "Number of samples in transaction : 2",
    "URL": "null",
    "elapsed": "500",
}
ROWS = [sample(place) for place in range(97)] + [
    sample(97, success="false", responseCode="503"),
    sample(98, success="false", responseCode="Non HTTP response code: java.net.ConnectException"),
    sample(99, responseCode="500"),
    sample(99, **TRANSACTION),
]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("header", [True, False])
def test_a_jtl_is_read_with_any_separator_and_without_header(*, separator: str, header: bool) -> None:
    lines = ([HEADER.replace(",", separator)] if header else []) + [separator.join(row) for row in ROWS]
    found = figures("\n".join(lines) + "\n")
    assert (found.requests, found.latency.p50, found.latency.p99, found.latency.max) == (100, 50.0, 99.0, 100.0)
    # From the first start to the last end: the 100th starts at 9.9 s and takes 0.1 s.
    assert found.duration_s == pytest.approx(10.0)
    assert (found.errors.server, found.errors.transport, found.error_ratio) == (1, 1, 0.02)


def test_what_the_plan_calls_a_success_is_one_whatever_the_code() -> None:
    assert figures("\n".join([HEADER, ",".join(sample(0, responseCode="500"))])).error_ratio == 0.0


def test_formatted_times_are_read() -> None:
    first, second = sample(0, timeStamp="2026/01/02 03:04:05.000"), sample(0, timeStamp="2026/01/02 03:04:15.000")
    assert figures("\n".join([HEADER, ",".join(first), ",".join(second)])).duration_s == pytest.approx(10.001)


def test_transactions_alone_are_no_requests() -> None:
    one = reading("\n".join([HEADER, ",".join(sample(0, **TRANSACTION))]))
    assert one.loadtest is not None
    assert one.loadtest.requests == 0
    assert any("no request" in warning for warning in one.warnings)


def test_quoted_messages_with_line_breaks_do_not_break_lines() -> None:
    broken = sample(0, success="false", responseCode="404", failureMessage='"expected\n200, got 404"')
    found = figures("\n".join([HEADER, ",".join(broken), ",".join(sample(1))]))
    assert (found.requests, found.errors.client) == (2, 1)


def test_nothing_of_the_urls_but_the_host_is_kept() -> None:
    one = reading("\n".join([HEADER, *(",".join(row) for row in ROWS)]))
    assert one.loadtest is not None
    assert one.loadtest.target_host == "shop:8080"
    assert "hunter2" not in repr(one)
    assert "t0ken" not in repr(one)


XML = """<?xml version="1.0" encoding="UTF-8"?>
<testResults version="1.2">
<httpSample t="10" ts="1767323045000" s="true" lb="a" rc="200" rm="OK">
  <httpSample t="5" ts="1767323045001" s="true" lb="embedded.png" rc="200" rm="OK"/>
  <java.net.URL>http://shop:8080/cart?token=t0ken</java.net.URL>
</httpSample>
<httpSample t="20" ts="1767323050000" s="false" lb="b" rc="404" rm="Not Found"/>
<sample t="30" ts="1767323045000" s="true" lb="tc" rc="" rm="Number of samples in transaction : 2">
  <httpSample t="15" ts="1767323054000" s="true" lb="inside" rc="200" rm="OK"/>
</sample>
</testResults>
"""


def test_xml_counts_requests_and_neither_embedded_ones_nor_transactions() -> None:
    found = figures(XML)
    assert (found.requests, found.latency.max, found.errors.client) == (3, 20.0, 1)
    assert (found.target_host, found.duration_s) == ("shop:8080", pytest.approx(9.015))


def test_xml_in_another_encoding_than_it_says_is_read() -> None:
    assert figures(XML.encode("utf-16")) == figures(XML)
    assert "encoding" in refusal(XML.replace("UTF-8", "KLINGON-8"))


def test_xml_of_a_run_that_goes_on_is_read_as_far_as_it_is_there() -> None:
    one = reading(XML[: XML.index("<sample")])
    assert one.loadtest is not None
    assert one.loadtest.requests == 2
    assert any("no end" in warning for warning in one.warnings)


def test_xml_with_a_character_that_xml_does_not_allow_is_read_up_to_it() -> None:
    one = reading(XML.replace('rm="Not Found"', 'rm="&#x1;"'))
    assert one.loadtest is not None
    assert one.loadtest.requests == 1
    assert any("damaged in line 7" in warning for warning in one.warnings)


def test_the_unfinished_last_line_of_a_live_run_is_no_request() -> None:
    one = reading("\n".join([HEADER, ",".join(sample(0)), ",".join(sample(1))[:40]]))
    assert one.loadtest is not None
    assert one.loadtest.requests == 1


def test_xml_with_entities_is_refused() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><testResults><httpSample t="&a;"/></testResults>'
    )
    assert "entities" in refusal(bomb)


def test_the_dashboard_statistics_use_the_default_percentiles() -> None:
    total = {
        "sampleCount": 6000,
        "errorCount": 60,
        "errorPct": 1.0,
        "meanResTime": 12.0,
        "medianResTime": 10.0,
        "minResTime": 1.0,
        "maxResTime": 90.0,
        "pct1ResTime": 20.0,
        "pct2ResTime": 25.0,
        "pct3ResTime": 40.0,
        "throughput": 100.0,
    }
    one = reading({"GET cart": total, "Total": total})
    assert one.loadtest is not None
    assert (one.loadtest.latency.p90, one.loadtest.latency.p95, one.loadtest.latency.p99) == (20.0, 25.0, 40.0)
    assert (one.loadtest.duration_s, one.loadtest.error_ratio) == (60.0, 0.01)
    assert any("not named" in warning for warning in one.warnings)


def gatling(*, text: bool) -> dict[str, object]:
    def each(total: float, ok: float, ko: float | None) -> dict[str, object]:
        numbers = {"total": total, "ok": ok, "ko": ko}
        return {key: ("-" if value is None else str(value)) if text else value for key, value in numbers.items()}

    return {
        "name": "Global Information",
        "numberOfRequests": each(600, 594, 6),
        "minResponseTime": each(5, 5, None),
        "maxResponseTime": each(900, 900, None),
        "meanResponseTime": each(50, 50, None),
        "percentiles1": each(40, 40, None),
        "percentiles2": each(60, 60, None),
        "percentiles3": each(100, 100, None),
        "percentiles4": each(300, 300, None),
        "meanNumberOfRequestsPerSecond": each(10, 9.9, 0.1),
    }


def test_gatlings_three_reports_agree() -> None:
    plain = gatling(text=False)
    nested = {"type": "GROUP", "stats": plain, "contents": {"a": {"stats": plain}}}
    inner = json.dumps(gatling(text=True))
    script = f'var stats = {{\n    type: "GROUP",\nname: "x",\nstats: {inner},\ncontents: {{}}\n}}\nfunction f(){{}}\n'
    expected = figures(plain)
    assert (expected.latency.p50, expected.latency.p90, expected.latency.p95, expected.latency.p99) == (
        40,
        None,
        100,
        300,
    )
    assert (expected.requests, expected.error_ratio, expected.duration_s) == (600, 0.01, 60.0)
    assert figures(nested) == expected
    assert figures(script) == expected


@pytest.mark.parametrize(
    ("before", "stamps"),
    [
        ("REQUEST\t1\t\tGET cart", "{start}\t{end}"),
        ("REQUEST\t\tGET cart", "{start}\t{end}"),
        ("Scenario\t7\tREQUEST\t\tGET cart", "{start}\t{start}\t{end}\t{end}"),
    ],
)
def test_the_text_log_of_several_versions(before: str, stamps: str) -> None:
    lines = [
        "ASSERTION\tAAMDAAMD",
        "RUN\tsim.Basic\t\tbasic\t1767323045000\t \t3.5.1",
        "USER\tScenario\tSTART\t1767323045000",
    ]
    for place in range(10):
        start = START + place * 1000
        word = "KO\tstatus.find.is(200), but actually found 503" if place == 9 else "OK"
        lines.append(f"{before}\t{stamps.format(start=start, end=start + place + 1)}\t{word}")
    lines.append("GROUP\tg\t1767323045000\t1767323055000\t9000\tOK")
    one = reading("\n".join(lines))
    assert one.loadtest is not None
    assert (one.loadtest.requests, one.loadtest.errors.server, one.loadtest.latency.max) == (10, 1, 10.0)
    assert one.loadtest.duration_s == pytest.approx(9.01)
    assert one.tool_version == "3.5.1"


def test_the_binary_log_is_refused_with_the_way_out() -> None:
    assert "global_stats.json" in refusal(b"\x00\x00\x00\x00\x073.14.3" + bytes(200))


def point(place: int, status: str = "200", expected: str = "true") -> str:
    return json.dumps(
        {
            "metric": "http_req_duration",
            "type": "Point",
            "data": {
                "time": f"2026-01-02T03:04:{place:02d}.123456789Z",
                "value": place + 1,
                "tags": {"status": status, "expected_response": expected, "url": "http://u:hunter2@shop/x?token=t0ken"},
            },
        },
        separators=(",", ":"),
    )


METRIC = '{"type":"Metric","data":{"name":"http_req_duration","type":"trend"},"metric":"http_req_duration"}'


def test_k6_points_are_counted_by_what_k6_expected() -> None:
    lines = [METRIC] + [point(place) for place in range(48)] + [point(48, "404"), point(49, "503", "false")]
    one = reading("\n".join(lines))
    assert one.loadtest is not None
    assert (one.loadtest.requests, one.loadtest.errors.client, one.loadtest.errors.server) == (50, 0, 1)
    assert (one.loadtest.latency.p50, one.loadtest.latency.max, one.loadtest.duration_s) == (25.0, 50.0, 49.0)
    assert one.loadtest.target_host == "shop"
    assert "hunter2" not in repr(one)


def test_k6_points_without_requests_are_refused() -> None:
    assert "--out json" in refusal(METRIC + "\n" + '{"metric":"vus","type":"Point","data":{"value":1}}\n')


def test_k6_csv_has_whole_seconds_and_status_zero_for_no_answer() -> None:
    head = (
        "metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,"
        "service,status,subproto,tls_version,url,extra_tags,metadata\n"
    )
    row = "http_req_duration,{at},{value},,,,{good},,GET,http://shop/x,HTTP/1.1,load,,{status},,,http://shop/x,,\n"
    rows = [row.format(at=1_767_323_045 + place, value=place + 1.5, good="true", status=200) for place in range(9)]
    rows.append(row.format(at=1_767_323_054, value=0, good="false", status=0))
    found = figures(head + "".join(rows) + "vus,1767323054,1,,,,,,,,,,,,,,,,\n")
    assert (found.requests, found.errors.transport, found.duration_s, found.latency.max) == (10, 1, 9.0, 9.5)
