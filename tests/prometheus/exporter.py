"""An exporter whose figures are known: fifty minutes of history, told to Prometheus in one scrape.

Each sample carries its own time stamp, so that rates over minutes can be asked for a second after the start.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

MINUTES = 50
EVERY = 15
BUSY = (20, 35)
"""From minute 20 to 35 there is three times as much traffic."""
SECRET = "token-in-a-label"


@dataclass
class Exporter:
    """What is exported, from `start` (seconds since the epoch) on."""

    start: float
    lines: list[str] = field(default_factory=list)

    @property
    def moments(self) -> Iterator[int]:
        """Seconds since the start, one a sample."""
        return iter(range(0, MINUTES * 60 + 1, EVERY))

    def units(self, second: float) -> float:
        """How often "once a second" has happened by then: three times as often while it is busy."""
        begin, end = BUSY[0] * 60, BUSY[1] * 60
        return second + 2 * (min(max(second, begin), end) - begin)

    def add(self, series: str, value_at) -> None:
        """A series by its value at each second."""
        for second in self.moments:
            self.lines.append(f"{series} {value_at(second)} {round((self.start + second) * 1000)}")

    def counter(self, series: str, each_second: float) -> None:
        """A counter that follows the traffic."""
        self.add(series, lambda second: each_second * self.units(second))

    def histogram(self, name: str, labels: str, upto: dict[str, float]) -> None:
        """A classic histogram of 100 requests a second: how many of them are at or below each bound."""
        for bound, number in upto.items():
            self.counter(f'{name}_bucket{{{labels},le="{bound}"}}', number)
        self.counter(f"{name}_count{{{labels}}}", upto["+Inf"])

    def text(self) -> bytes:
        """Everything in the text format of Prometheus."""
        return ("\n".join(self.lines) + "\n").encode()


def cluster(start: float) -> Exporter:
    """A cluster with Istio, Traefik that was restarted, Linkerd without traffic, and Spring without buckets."""
    one = Exporter(start)
    bounds = {"10": 40.0, "25": 80.0, "50": 96.0, "100": 98.0, "+Inf": 100.0}
    for reporter in ("destination", "source"):  # every request is counted at both ends
        who = f'reporter="{reporter}",destination_service_name="cart",request_id="{SECRET}"'
        one.counter(f'istio_requests_total{{{who},response_code="200"}}', 98)
        one.counter(f'istio_requests_total{{{who},response_code="503"}}', 2)
        one.histogram("istio_request_duration_milliseconds", who, bounds)
    _edge(one)
    _others(one)
    _resources(one)
    return one


def _edge(one: Exporter) -> None:
    """20 requests a second, all below 100 ms, by a Traefik that began anew in minute 10."""

    def restarted(second: float) -> float:
        return 20 * (second if second < 600 else second - 600)

    one.add('traefik_service_requests_total{service="web",code="200"}', restarted)
    for bound in ("0.1", "0.3", "1.2", "5.0", "+Inf"):
        one.add(f'traefik_service_request_duration_seconds_bucket{{service="web",le="{bound}"}}', restarted)


def _others(one: Exporter) -> None:
    one.add('response_total{direction="inbound",classification="success"}', lambda _: 7)
    for bound in ("1", "10", "+Inf"):
        one.add(f'response_latency_ms_bucket{{direction="inbound",le="{bound}"}}', lambda _: 7)
    one.counter('http_server_requests_seconds_count{uri="/",outcome="SUCCESS"}', 5)


def _resources(one: Exporter) -> None:
    for container, image in (("app", "shop:1"), ("", "")):  # the second is the cgroup above the first
        where = f'namespace="shop",pod="a",container="{container}",image="{image}"'
        one.add(f"container_cpu_usage_seconds_total{{{where}}}", lambda second: 1.5 * second)
        one.add(f"container_memory_working_set_bytes{{{where}}}", lambda _: 2 * 1024**3)
    nodes = (("n1", "6.1.0", "v1.29.1"), ("n2", "5.15.0", "v1.28.9"), ("n3", "5.15.0", "v1.28.10"))
    for replica in ("a", "b"):  # two replicas of kube-state-metrics
        for node, kernel, kubelet in nodes:
            versions = f'kernel_version="{kernel}",kubelet_version="{kubelet}"'
            one.add(f'kube_node_info{{replica="{replica}",node="{node}",{versions}}}', lambda _: 1)
        for place in range(7):
            what = f'replica="{replica}",namespace="shop",pod="p{place}",phase="Running"'
            one.add(f"kube_pod_status_phase{{{what}}}", lambda _, up=place < 5: int(up))
        for place in range(4):
            one.add(f'kube_service_info{{replica="{replica}",namespace="shop",service="s{place}"}}', lambda _: 1)
        one.add(f'kube_namespace_status_phase{{replica="{replica}",namespace="shop",phase="Active"}}', lambda _: 1)


def native(start: float) -> bytes:
    """A native histogram, which exists in the protocol-buffer format only: 100 requests a second of 16 to 32 ms.

    Schema 0 has a bucket for each power of two; bucket -5 holds (1/64, 1/32] s. The messages are those of
    client_model's metrics.proto: MetricFamily{1 name, 3 type, 4 metric}, Metric{7 histogram, 6 timestamp_ms},
    Histogram{1 count, 2 sum, 5 schema, 6 zero threshold, 12 span{1 offset, 2 length}, 13 delta}.
    """
    one = Exporter(start)
    metrics = b""
    for second in one.moments:
        number = round(100 * one.units(second))
        histogram = (
            _varint(1, number)
            + _double(2, number * 0.02)
            + _varint(5, _zigzag(0))
            + _double(6, 1e-128)
            + _bytes(12, _varint(1, _zigzag(-5)) + _varint(2, 1))
            + _varint(13, _zigzag(number))
        )
        metrics += _bytes(4, _bytes(7, histogram) + _varint(6, round((start + second) * 1000)))
    family = _bytes(1, b"http_request_duration_seconds") + _varint(3, 4) + metrics
    return _number(len(family)) + family


def _number(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*found, value])


def _zigzag(value: int) -> int:
    return value << 1 if value >= 0 else (-value << 1) - 1


def _varint(key: int, value: int) -> bytes:
    return _number(key << 3) + _number(value)


def _double(key: int, value: float) -> bytes:
    return _number(key << 3 | 1) + struct.pack("<d", value)


def _bytes(key: int, value: bytes) -> bytes:
    return _number(key << 3 | 2) + _number(len(value)) + value
