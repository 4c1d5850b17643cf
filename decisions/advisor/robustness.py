"""How often the answer stays when every range is drawn at random, and which compositions nothing else beats."""

import math
import zlib
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from decisions.advisor import burden
from decisions.advisor.composition import Composition
from decisions.advisor.fit import Grade
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Alternative
from decisions.advisor.rules.limits import headroom_ms

Draws = NDArray[np.float64]

DRAWS = 1000
SEED = 20261123
SHARED = 0.5
"""Planning value: share of the variance that all options have in common, such as how well the team debugs."""
NINETY = 1.6448536269514722
"""Standard deviations from the median to either end of a 90 % interval of a normal distribution."""


def stays(compositions: Sequence[Composition]) -> float:
    """The share of seeded draws from all ranges in which the approach that comes first stays first, 0 to 1.

    `compositions` are those of all products. Hours, CPU, memory and added p99 are drawn on the logarithmic scale; what
    a draw changes is the burden and which limits are broken. Open musts are facts and are not drawn.
    """
    if not compositions:
        return 1.0
    first = min(compositions, key=lambda one: one.key).setting.approach
    orders = np.stack([_order(one) for one in compositions])
    winners = np.argmin(orders, axis=0)
    same = np.array([one.setting.approach is first for one in compositions])
    return float(np.mean(same[winners]))


def _order(one: Composition) -> Draws:
    """One number a draw that sorts like Composition.key: open musts, strains, overshoot, then burden."""
    setting = one.setting
    hours = _drawn(one.hours, "hours", setting.product.id)
    drawn = {
        "cpu": _drawn(setting.overhead.cpu_vcpu, "cpu", setting.product.id),
        "memory": _drawn(setting.overhead.memory_gib, "memory", setting.product.id),
        "p99": _drawn(setting.overhead.p99_ms, "p99", setting.product.id),
    }
    broken, overshoot = np.zeros(DRAWS), np.zeros(DRAWS)
    for name, limit in _limits(one).items():
        over = np.log(np.maximum(drawn[name], 1e-9) / max(limit, 0.01))
        broken += over > 0
        overshoot += np.maximum(over, 0)
    likely_broken = one.weight.broken
    open_musts, strains, _ = one.feasibility
    price = burden.hourly_cost(setting).likely
    prices = burden.resource_prices(setting)
    per_month = hours + (drawn["cpu"] * prices[0].likely + drawn["memory"] * prices[1].likely) / price
    order: Draws = open_musts * 1e9 + (strains - likely_broken + broken) * 1e6
    return order + np.floor(overshoot + 0.5) * 1e4 + np.minimum(per_month, 9e3)


def _limits(one: Composition) -> dict[str, float]:
    case = one.setting.case
    found = {
        "cpu": case.budget.cpu_vcpu if case.budget.cpu_vcpu is not None else case.baseline.free_cpu_vcpu,
        "memory": case.budget.memory_gib if case.budget.memory_gib is not None else case.baseline.free_memory_gib,
        "p99": case.budget.p99_ms if case.budget.p99_ms is not None else headroom_ms(one.setting),
    }
    return {name: limit for name, limit in found.items() if limit is not None}


def _drawn(value: Range, name: str, product: str) -> Draws:
    """Draws whose 5th, 50th and 95th percentiles are the range: lognormal with a scale of its own on each side."""
    if value.likely <= 0:
        return np.full(DRAWS, value.likely)
    z = math.sqrt(SHARED) * _normal(name) + math.sqrt(1 - SHARED) * _normal(f"{name} {product}")
    below = math.log(value.likely / value.low) / NINETY if value.low > 0 else 1.0
    above = math.log(value.high / value.likely) / NINETY
    spread: Draws = value.likely * np.exp(np.where(z < 0, z * below, z * above))
    return spread


@cache
def _normal(name: str) -> Draws:
    """Standard normal draws that depend on the name alone, so that runs and orders of products do not matter."""
    generator = np.random.default_rng([SEED, zlib.crc32(name.encode())])
    return generator.standard_normal(DRAWS)


def front(compositions: Sequence[Composition]) -> tuple[Alternative, ...]:
    """The feasible compositions that no other beats in burden, added p99 and nice-to-haves at once, lightest first."""
    feasible = [one for one in compositions if not one.ruled_out]
    points = {id(one): (one.burden, one.setting.overhead.p99_ms.likely, -len(_nice(one))) for one in feasible}
    kept = [
        one
        for one in feasible
        if not any(_beats(points[id(other)], points[id(one)]) for other in feasible if other is not one)
    ]
    return tuple(
        Alternative(
            approach=one.setting.approach,
            product=one.setting.product.id,
            product_title=one.setting.product.title,
            hours_per_month=one.hours,
            p99_ms=one.setting.overhead.p99_ms,
            nice_met=_nice(one),
        )
        for one in sorted(kept, key=lambda one: (one.burden, one.setting.product.id))
    )


def _nice(one: Composition) -> tuple[str, ...]:
    setting = one.setting
    return tuple(nice for nice in setting.needs.nice if setting.fits[nice].grade is not Grade.MISSED)


def _beats(one: tuple[float, float, int], other: tuple[float, float, int]) -> bool:
    return one != other and all(mine <= theirs for mine, theirs in zip(one, other, strict=True))
