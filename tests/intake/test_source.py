"""What is done to a file before it is read: encodings, compression, limits; and what is refused."""

import gzip
import io
import json

import pytest

from decisions.intake import Kind, as_inspect, read, source
from tests.intake.given import figures, reading, refusal

EXPORT = json.dumps(
    {
        "metrics": {
            "http_req_duration": {"avg": 12.5, "min": 2.0, "med": 10.0, "max": 80.0, "p(95)": 25.0},
            "http_reqs": {"count": 6000, "rate": 100.0},
            "http_req_failed": {"passes": 60, "fails": 5940},
        }
    },
    indent=2,
)


@pytest.mark.parametrize(
    "content",
    [
        EXPORT.encode("utf-16"),
        b"\xfe\xff" + EXPORT.encode("utf-16-be"),
        EXPORT.encode("utf-16-le"),
        b"\xef\xbb\xbf" + EXPORT.encode(),
        EXPORT.replace("\n", "\r\n").encode(),
        gzip.compress(EXPORT.encode()),
        b"$ cat summary.json\n" + EXPORT.encode() + b"\n$ ",
        b'{"level":"info","msg":"start"}\n{"level":"info","msg":"done"}\n' + EXPORT.encode(),
        b"\x1b[32mdone\x1b[0m\n" + EXPORT.encode(),
    ],
)
def test_encodings_and_wrappings_do_not_change_what_is_read(content: bytes) -> None:
    assert figures(content) == figures(EXPORT)


def test_the_hash_and_size_are_those_of_the_file_as_it_came() -> None:
    packed = gzip.compress(EXPORT.encode())
    one = reading(packed)
    assert one.size == len(packed)
    assert one.sha256 != reading(EXPORT).sha256


def test_an_open_file_is_read_like_its_bytes_and_left_open() -> None:
    file = io.BytesIO(EXPORT.encode())
    (one,) = read(file, "file")
    assert one == reading(EXPORT)
    assert not file.closed


def test_the_name_decides_nothing() -> None:
    assert reading(EXPORT, "nodes.yaml").tool == "k6"


def test_an_empty_file_says_what_may_have_happened() -> None:
    assert "empty" in refusal(b"")


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_SIZE", 100)
    assert "limit" in refusal(EXPORT)


def test_a_gzip_bomb_is_refused() -> None:
    assert "times its size" in refusal(gzip.compress(b" " * (source.FREE_OF_RATIO * 3)))


def test_a_gzip_file_that_was_cut_off_is_refused() -> None:
    assert "damaged or cut off" in refusal(gzip.compress(EXPORT.encode())[:-10])


def test_json_that_was_cut_off_is_refused() -> None:
    assert "cut off" in refusal(EXPORT[:-30])


@pytest.mark.parametrize("opening", ["[" * 100_000, '{"metrics":' * 100_000])
def test_deep_nesting_is_refused(opening: str) -> None:
    assert refusal(opening)


def test_not_a_number_and_infinity_are_unknown_not_figures() -> None:
    found = figures(EXPORT.replace("12.5", "NaN").replace("80.0", "1e999"))
    assert (found.latency.mean, found.latency.max, found.latency.p50) == (None, None, 10.0)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("<!DOCTYPE html><html><head><title>Sign in</title></head><body>Log in</body></html>", "web page"),
        ("Usage: wrk <options> <url>\n  Options:\n", "usage text"),
        ("wrk: unrecognized option '--latncy'\n", "usage text"),
        ("NAMESPACE   NAME   READY   STATUS    RESTARTS   AGE\nshop  a  1/1  Running  0  5d\n", "-o json"),
        ("Error from server (Forbidden): nodes is forbidden\n", "kubectl failed"),
        ("Timestamp,User Count,Type,Name,Requests/s\n1,5,,Aggregated,0\n", "run_stats.csv"),
        ("Method,Name,Error,Occurrences\nGET,/,404,1\n", "run_stats.csv"),
        ("import http from 'k6/http';\nexport default function () {}\n", "--summary-export"),
        ("<?xml version='1.0'?>\n<jmeterTestPlan version='1.2'>\n", "test plan"),
        ({"simulation": "a", "assertions": []}, "global_stats.json"),
        ("================\n---- Global Information ----\n> request count  5 (OK=5 KO=0)\n", "global_stats.json"),
        ("summary =   1200 in 00:00:09 =  128.6/s Avg:    69\n", "results.jtl"),
        (b"%PDF-1.7\n", "PDF"),
        (bytes(range(256)) * 4, "binary file"),
        ("hello\n", "not recognised"),
        ('{"hello": "world"}', "not recognised"),
    ],
)
def test_what_is_known_and_cannot_be_used_is_refused_with_advice(
    content: str | bytes | dict[str, object], word: str
) -> None:
    assert word in refusal(content)


def test_a_refused_file_in_the_answer_of_inspect() -> None:
    answer = as_inspect(reading("hello"))
    assert (answer["kind"], answer["tool"], answer["requests"], answer["cluster"]) == ("refused", None, None, None)
    assert answer["advice"]


def test_every_reading_can_be_written_as_json() -> None:
    for content in (EXPORT, "hello", json.dumps({"kind": "NodeList", "apiVersion": "v1", "items": []})):
        json.dumps(as_inspect(reading(content)), allow_nan=False)


def test_a_refusal_is_a_reading_and_no_exception() -> None:
    assert reading(b"\xff\xfe").kind is Kind.REFUSED
