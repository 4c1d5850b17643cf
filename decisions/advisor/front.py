"""Which compositions nothing else beats: the Pareto front of burden, overhead and nice-to-haves."""

from collections.abc import Sequence

from decisions.advisor.composition import Composition
from decisions.advisor.fit import Grade
from decisions.advisor.recommendation import Alternative


def front(compositions: Sequence[Composition]) -> tuple[Alternative, ...]:
    """The feasible compositions that no other beats in burden, added p99 and nice-to-haves at once, lightest first."""
    feasible = [one for one in compositions if not one.ruled_out]
    points = {id(one): (one.burden, one.setting.added.p99_ms.likely, -len(_nice(one))) for one in feasible}
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
            p99_ms=one.setting.added.p99_ms,
            nice_met=_nice(one),
        )
        for one in sorted(kept, key=lambda one: (one.burden, one.setting.product.id))
    )


def _nice(one: Composition) -> tuple[str, ...]:
    setting = one.setting
    return tuple(nice for nice in setting.needs.nice if setting.fits[nice].grade is not Grade.MISSED)


def _beats(one: tuple[float, float, int], other: tuple[float, float, int]) -> bool:
    return one != other and all(mine <= theirs for mine, theirs in zip(one, other, strict=True))
