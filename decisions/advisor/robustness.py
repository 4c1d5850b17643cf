"""How often the answer stays when every range is drawn at random, and which compositions nothing else beats."""

import math
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from decisions.advisor import burden
from decisions.advisor.composition import Composition
from decisions.advisor.fit import Grade
from decisions.advisor.order import CLOSE
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Alternative, Approach
from decisions.advisor.rules.limits import SMALLEST_LIMIT, ceilings
from decisions.advisor.setting import Setting

Draws = NDArray[np.float64]

DRAWS = 1000
SEED = 20261123
SHARED = 0.5
"""Planning value: share of the variance that all options have in common, such as how well the team debugs."""
NINETY = 1.6448536269514722
"""Standard deviations from the median to either end of a 90 % interval of a normal distribution."""


def stays(compositions: Sequence[Composition], answer: Approach) -> float:
    """The share of seeded draws from all ranges in which the approach `answer` comes first, 0 to 1.

    `compositions` are those of all products. Hours, CPU, memory, added p99 and prices are drawn on the logarithmic
    scale; what a draw changes is the burden and which limits are broken, and with them which product stands for its
    approach, by the same rules as in `order.best_of`. A CNI that nobody named is drawn too. Open musts are facts and
    are not drawn.
    """
    products: dict[Approach, list[Composition]] = defaultdict(list)
    for one in sorted(compositions, key=lambda one: one.setting.product.id):
        products[one.setting.approach].append(one)
    orders = np.stack([_order_of([_draw(one) for one in row]) for row in products.values()])
    winners = np.argmin(orders, axis=0)
    return float(np.mean(np.array([approach is answer for approach in products])[winners]))


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """One composition in every draw. `infeasibility` sorts like Composition.feasibility: open, strains, overshoot."""

    infeasibility: Draws
    hours: Draws
    burden: Draws
    maturity: int


def _draw(one: Composition) -> _Drawn:
    setting = one.setting
    product, overhead = setting.product.id, setting.overhead
    cost = burden.prices(setting.case, setting.catalog)
    hours = _drawn(one.hours, "hours", product)
    cpu, memory = _drawn(overhead.cpu_vcpu, "cpu", product), _drawn(overhead.memory_gib, "memory", product)
    resources = cpu * cost.cpu.likely + memory * cost.memory.likely
    drawn = {"cpu_vcpu": cpu, "memory_gib": memory, "p99_ms": _drawn(overhead.p99_ms, "p99", product)}
    drawn["money_per_month"] = hours * _drawn(cost.hour, "price", "") + resources
    broken, over = np.zeros(DRAWS), np.zeros(DRAWS)
    for name, limit in vars(ceilings(setting.case)).items():
        if limit is not None:
            above = np.log(np.maximum(drawn[name], 1e-9) / max(limit, SMALLEST_LIMIT))
            broken += drawn[name] > limit
            over += np.maximum(above, 0.0)
    strains = one.strains - one.weight.broken + broken + _foreign(setting)
    infeasibility = one.open * 1e4 + strains * 1e2 + np.minimum(np.floor(over + 0.5), 99.0)
    per_month = hours + resources / cost.hour.likely
    return _Drawn(infeasibility=infeasibility, hours=hours, burden=per_month, maturity=one.maturity)


def _foreign(setting: Setting) -> Draws:
    """1 in the draws in which a CNI nobody named turns out to be another than the product is part of, else 0.

    Planning rule: each CNI of the catalogue is as likely as any other, and as one that is not in it.
    """
    own = setting.product.constraints.cni
    if not own or setting.has_own_cni is not None:
        return np.zeros(DRAWS)
    names = sorted({name for product in setting.catalog.products.values() for name in product.constraints.cni})
    # Whoever says that the CNI can encrypt has one of those that can.
    kinds = names if setting.case.context.cni_can_encrypt == "yes" else [*names, ""]
    runs = np.array(kinds)[(_uniform("cni") * len(kinds)).astype(int)]
    return np.where(np.isin(runs, own), 0.0, 1.0)


def _order_of(products: Sequence[_Drawn]) -> Draws:
    """One number a draw that sorts approaches like Composition.key: that of the product that stands for this one."""
    infeasibility = np.stack([one.infeasibility for one in products])
    hours, cost = np.stack([one.hours for one in products]), np.stack([one.burden for one in products])
    leading = infeasibility == infeasibility.min(axis=0)
    column = np.arange(DRAWS)
    least = np.argmin(np.where(leading, cost, np.inf), axis=0)
    close = leading & (hours <= hours[least, column] * CLOSE)
    maturity = np.array([[one.maturity] for one in products])
    chosen = np.argmin(np.where(close, cost - maturity * MOST_HOURS, np.inf), axis=0)
    order: Draws = infeasibility[chosen, column] * MOST_HOURS + np.minimum(cost[chosen, column], MOST_HOURS - 1.0)
    return order


MOST_HOURS = 1e7
"""More hours a month than any composition costs."""


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


@cache
def _uniform(name: str) -> Draws:
    """The same between 0 and 1."""
    return np.random.default_rng([SEED, zlib.crc32(name.encode())]).random(DRAWS)


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
