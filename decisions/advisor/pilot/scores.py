"""What the record projected for the recommended composition, and how good that was."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from decisions.advisor.pilot.intervals import Interval
from decisions.advisor.quantities import ZERO, Range

QUANTITIES = {
    "p50_ms": ("p50", "ms"),
    "p99_ms": ("p99", "ms"),
    "cpu_vcpu": ("CPU", "vCPU"),
    "memory_gib": ("Memory", "GiB"),
}
"""What is projected: its title and its unit."""
RANGE_HOLDS = 0.90
"""The share of measured values that the projected ranges are made to contain."""


@dataclass(frozen=True, kw_only=True)
class Projection:
    """What the recommended composition adds: milliseconds on the critical path, vCPU and GiB over all clusters."""

    p50_ms: Range = ZERO
    p99_ms: Range = ZERO
    cpu_vcpu: Range = ZERO
    memory_gib: Range = ZERO
    basis: str = ""

    def scaled(self, share: float) -> "Projection":
        """CPU and memory of a stage that covers this share of the pods; latency is paid per request and stays."""
        return Projection(
            p50_ms=self.p50_ms,
            p99_ms=self.p99_ms,
            cpu_vcpu=self.cpu_vcpu.times(share),
            memory_gib=self.memory_gib.times(share),
            basis=self.basis,
        )


@dataclass(frozen=True, kw_only=True)
class Score:
    """One projected quantity against what was measured; all three are what was added, in `unit`."""

    quantity: str
    unit: str
    projected: Range
    measured: float


class Standing(StrEnum):
    """Where a measured value lies against its projected 90 % range, in words."""

    INSIDE = "inside the range"
    MORE = "more than projected"
    LESS = "less than projected"
    COARSE = "measured too coarsely to tell"


def standing(projected: Range, measured: Interval) -> Standing:
    """Where what was measured lies.

    A measurement whose own interval is wider than the projected range tells nothing where the two overlap, on whichever
    side its value falls: were only the lucky ones counted, the share of ranges that held would come out too high.
    """
    low, high = measured.low, measured.high
    if low is not None and low > projected.high:
        return Standing.MORE
    if high is not None and high < projected.low:
        return Standing.LESS
    single = low is None and high is None  # one reading, as of CPU and memory
    fine = low is not None and high is not None and high - low <= projected.high - projected.low
    if not (single or fine):
        return Standing.COARSE
    if projected.low <= measured.likely <= projected.high:
        return Standing.INSIDE
    return Standing.MORE if measured.likely > projected.high else Standing.LESS


def projection_of(record: Mapping[str, Any]) -> Projection:
    """The projection in a record document, for the composition it recommends."""
    overhead = record["recommendation"]["ranking"][0]["overhead"]
    ranges = {
        name: Range(**{end: float(overhead[name][end]) for end in ("low", "likely", "high")}) for name in QUANTITIES
    }
    return Projection(**ranges, basis=str(overhead.get("basis", "")))


def score(quantity: str, projected: Range, measured: float | None) -> Score | None:
    """The score of one quantity; None where nothing was measured."""
    if measured is None:
        return None
    return Score(quantity=quantity, unit=QUANTITIES[quantity][1], projected=projected, measured=measured)
