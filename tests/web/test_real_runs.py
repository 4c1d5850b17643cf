"""Real load on a real server, by wrk and by clients that report as k6 and hey do: read end to end in the browser.

The server counts for itself what it answered; every twentieth answer is a 503.
"""

import json
import math
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from decisions.models import Measurement
from tests import factories
from tests.outbound.servers import Handler, serving

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_database, pytest.mark.quiet]
FAILS_EVERY = 20


@dataclass
class Target:
    """A server, and how often it answered what."""

    address: str = ""
    answers: list[int] = field(default_factory=list)

    def since(self, before: int) -> tuple[int, int]:
        """(answers, answers with 503) since there were `before`."""
        new = self.answers[before:]
        return len(new), new.count(503)


@pytest.fixture
def target() -> Iterator[Target]:
    one, numbers = Target(), count(1)

    def answer(handler: Handler) -> None:
        status = 503 if next(numbers) % FAILS_EVERY == 0 else 200
        one.answers.append(status)
        handler.say(status, b"ok", "text/plain", Connection="close")

    with serving(answer) as address:
        one.address = address
        yield one


@dataclass(frozen=True)
class Sample:
    """One request: seconds from the start, seconds it took, status."""

    at: float
    took: float
    status: int


def requests(address: str, number: int) -> list[Sample]:
    """One after the other."""
    place = urlsplit(address)
    found, began = [], time.perf_counter()
    for _ in range(number):
        connection = HTTPConnection(place.hostname or "", place.port)
        start = time.perf_counter()
        connection.request("GET", "/")
        answer = connection.getresponse()
        answer.read()
        connection.close()
        found.append(Sample(start - began, time.perf_counter() - start, answer.status))
    return found


def quantile(samples: list[Sample], share: float) -> float:
    """Seconds, by the nearest rank."""
    times = sorted(one.took for one in samples)
    return times[max(math.ceil(share * len(times)), 1) - 1]


def as_k6(samples: list[Sample]) -> str:
    """The points of `k6 run --out json`."""
    lines = [json.dumps({"type": "Metric", "data": {"name": "http_req_duration"}, "metric": "http_req_duration"})]
    start = 1_790_000_000
    for one in samples:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(start + one.at + one.took))
        moment = f"{at}.{round((one.at + one.took) % 1 * 1e6) % 1_000_000:06d}Z"
        tags = {"status": str(one.status), "method": "GET", "expected_response": str(one.status < 400).lower()}
        failed = float(one.status >= 400)
        rows = (("http_reqs", 1), ("http_req_duration", one.took * 1000), ("http_req_failed", failed))
        for metric, value in rows:
            data = {"time": moment, "value": value, "tags": tags}
            lines.append(json.dumps({"metric": metric, "type": "Point", "data": data}, separators=(",", ":")))
    return "\n".join(lines) + "\n"


def as_hey(samples: list[Sample]) -> str:
    """The text of hey, whose template is in its requester/print.go."""
    total = samples[-1].at + samples[-1].took
    times = [one.took for one in samples]
    shares = (10, 25, 50, 75, 90, 95, 99)
    codes = {status: sum(one.status == status for one in samples) for status in (200, 503)}
    return "\n".join(
        [
            "",
            "Summary:",
            f"  Total:\t{total:.4f} secs",
            f"  Slowest:\t{max(times):.4f} secs",
            f"  Fastest:\t{min(times):.4f} secs",
            f"  Average:\t{sum(times) / len(times):.4f} secs",
            f"  Requests/sec:\t{len(samples) / total:.4f}",
            "",
            "Response time histogram:",
            f"  {min(times):.3f} [1]\t|",
            "",
            "Latency distribution:",
            *(f"  {share}% in {quantile(samples, share / 100):.4f} secs" for share in shares),
            "",
            "Status code distribution:",
            *(f"  [{status}]\t{number} responses" for status, number in codes.items() if number),
            "",
        ]
    )


def test_runs_of_wrk_k6_and_hey_are_read_in_the_browser(
    target: Target, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    if (wrk := shutil.which("wrk")) is None:
        pytest.skip("wrk is not installed")
    report = subprocess.run(
        [wrk, "-t1", "-c4", "-d2s", "--latency", f"{target.address}/cart?token=hidden"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    time.sleep(0.2)
    by_wrk = target.since(0)
    before = len(target.answers)
    k6 = requests(target.address, 400)
    by_k6 = target.since(before)
    before = len(target.answers)
    hey = requests(target.address, 300)
    by_hey = target.since(before)
    for name, text in (("wrk.txt", report), ("points.json", as_k6(k6)), ("hey.txt", as_hey(hey))):
        (tmp_path / name).write_text(text)

    draft = factories.decision()
    page = open_page(draft.author)
    page.goto(draft.address("baseline"))
    page.set_input_files("input[type=file]", [tmp_path / name for name in ("wrk.txt", "points.json", "hey.txt")])
    page.get_by_role("button", name="Read", exact=True).click()
    page.get_by_role("heading", name="What was read").wait_for()
    # The three disagree, and nothing is chosen for a person.
    for row in page.locator("tbody tr", has=page.locator("td input[type=radio]")).all():
        row.locator("td input[type=radio]").first.check()
    page.get_by_role("button", name="Keep and fill in").click()
    page.wait_for_url("**/step/2/")

    kept = {one.file_name: one.figures["normalised"] for one in Measurement.objects.all()}
    assert {name: one["tool"] for name, one in kept.items()} == {
        "wrk.txt": "wrk",
        "points.json": "k6",
        "hey.txt": "hey",
    }
    # wrk leaves out answers that come after its time is over: at most one for each of its four connections.
    assert 0 <= by_wrk[0] - kept["wrk.txt"]["requests"] <= 4
    assert 0 <= by_wrk[1] - kept["wrk.txt"]["errors"]["other"] <= 4
    assert kept["wrk.txt"]["latency_ms"]["p99"] is not None
    assert kept["wrk.txt"]["latency_ms"]["p95"] is None
    for name, (answered, failed), samples in (("points.json", by_k6, k6), ("hey.txt", by_hey, hey)):
        one = kept[name]
        assert (one["requests"], one["errors"]["5xx"]) == (answered, failed), name
        assert one["error_ratio"] == pytest.approx(failed / answered), name
        for share in (50, 90, 95, 99):
            expected = quantile(samples, share / 100) * 1000
            assert one["latency_ms"][f"p{share}"] == pytest.approx(expected, rel=0.02, abs=0.06), (name, share)
        assert one["duration_s"] == pytest.approx(samples[-1].at + samples[-1].took, rel=0.05, abs=0.02), name
