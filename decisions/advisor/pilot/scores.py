"""What the record projected for the recommended composition, and how good that was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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

    @property
    def inside(self) -> bool:
        """Whether the measured value lies in the projected 90 % range."""
        return self.projected.low <= self.measured <= self.projected.high

    @property
    def title(self) -> str:
        """Its name for people."""
        return QUANTITIES[self.quantity][0]

    @property
    def words(self) -> str:
        """How good the projection was, in a word or two."""
        if self.inside:
            return "inside the range"
        return "more than projected" if self.measured > self.projected.high else "less than projected"


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


def inside(scores: Sequence[Score]) -> int:
    """How many measured values lie in their projected range."""
    return sum(1 for one in scores if one.inside)
