"""Foresees measured chains from their first hop: python -m benchmarks.chains prints the tables of docs/method.md.

Inputs are the path as it was measured without proxies and the tax of one hop. Three ways are compared: ours, the closed
form p99(n) = n mean + sqrt(n) (p99 - mean), and adding up quantiles; and ours from the first hop alone, for a team that
knows one service and not its path, with the 90 % range that the number of its requests leaves.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from decisions.advisor.overhead.composition import Latency, Sketch, compose, lognormal, sampled

MEASURED = Path(__file__).with_name("measured.toml")


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """One measured path in ms, (p50, p99), and what each way foresees for it."""

    name: str
    direct: tuple[float, float]
    measured: tuple[float, float]
    ours: tuple[float, float]
    closed_p99: float
    summed: tuple[float, float]
    from_one: tuple[float, float] | None = None
    from_one_range: tuple[float, float] | None = None


def foresee() -> list[Foreseen]:
    """Every path of the measurements that the tax was not taken from."""
    document = tomllib.loads(MEASURED.read_text(encoding="utf-8"))
    tax = lognormal(document["tax"]["p50_ms"], document["tax"]["p99_ms"])
    first, *chains = document["chain"]
    hop = (*first["direct"], first["requests"])
    found = [_foreseen(f"{one['calls']} in sequence", one, tax, calls=one["calls"], hop=hop) for one in chains]
    found += [
        _foreseen(f"1, then {one['leaves']} at once", one, tax, calls=2, leaves=one["leaves"])
        for one in document["fan_out"]
    ]
    return found


def _foreseen(
    name: str,
    one: dict[str, list[float]],
    tax: Sketch,
    *,
    calls: int,
    leaves: int = 1,
    hop: tuple[float, float, int] | None = None,
) -> Foreseen:
    (p50, p99), (taxed_p50, taxed_p99) = one["direct"], one["sidecars"]
    band = compose(tax, calls, path=lognormal(p50, p99), leaves=leaves)
    alone = compose(tax, calls, service=lognormal(*hop[:2])).independent if hop else None
    ends = [compose(tax, calls, service=end).independent.p99 for end in sampled(*hop)] if hop else []
    return Foreseen(
        name=name,
        direct=(p50, p99),
        measured=(taxed_p50, taxed_p99),
        ours=_ends(band.independent),
        closed_p99=band.cross_check_p99,
        summed=_ends(band.together),
        from_one=_ends(alone) if alone else None,
        from_one_range=(ends[0], ends[1]) if ends else None,
    )


def _ends(latency: Latency) -> tuple[float, float]:
    return latency.p50, latency.p99


HEAD = (
    "calls",
    "without, p50 / p99",
    "with, p50 / p99",
    "ours",
    "closed form, p99",
    "sum of quantiles",
    "from one hop",
    "its p99, 90 %",
)


def lines() -> Iterator[str]:
    """The table in Markdown: measured milliseconds, and by how many per cent each way is off."""
    yield f"| {' | '.join(HEAD)} |"
    yield f"|{'---|' * len(HEAD)}"
    for one in foresee():
        cells = (
            one.name,
            f"{one.direct[0]:.2f} / {one.direct[1]:.2f}",
            f"{one.measured[0]:.2f} / {one.measured[1]:.2f}",
            _off(one.ours, one.measured),
            _percent(one.closed_p99, one.measured[1]),
            _off(one.summed, one.measured),
            _off(one.from_one, one.measured) if one.from_one else "-",
            "{:.0f} to {:.0f}".format(*one.from_one_range) if one.from_one_range else "-",
        )
        yield f"| {' | '.join(cells)} |"


def _off(foreseen: tuple[float, float], measured: tuple[float, float]) -> str:
    return " / ".join(_percent(*pair) for pair in zip(foreseen, measured, strict=True))


def _percent(foreseen: float, measured: float) -> str:
    return f"{100.0 * (foreseen / measured - 1.0):+.1f} %"


if __name__ == "__main__":
    for line in lines():
        print(line)
