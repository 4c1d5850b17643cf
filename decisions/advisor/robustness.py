"""How often the answer stays when every range and every open question is drawn at random, and what comes first else."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from decisions.advisor import draws
from decisions.advisor.burden import hours, prices
from decisions.advisor.composition import Composition
from decisions.advisor.contest import LIMITED, Contender, Contest, Run
from decisions.advisor.draws import DRAWS, WORLDS, Draws
from decisions.advisor.order import CLOSE
from decisions.advisor.recommendation import Approach, Rival
from decisions.advisor.rules.limits import SMALLEST_LIMIT
from decisions.advisor.unknowns import Answers, answered_with, unknowns

Columns = NDArray[np.intp]
DRAWN = {"cpu_vcpu": "cpu_vcpu", "memory_gib": "memory_gib", "on_top_ms": "p99_ms"}
"""Of what is held against a limit, the figure whose spread it has."""
FIGURES = ("hours", "small_hours", "cpu_vcpu", "memory_gib", "p99_ms")


@dataclass(frozen=True, kw_only=True)
class Steadiness:
    """In which share of the draws the answer stays, 0 to 1, and what comes first in the others, most frequent first."""

    share: float
    rivals: tuple[Rival, ...]


def steadiness(contest: Contest, compositions: Sequence[Composition], answer: Approach) -> Steadiness:
    """How often the approach `answer` comes first in seeded draws.

    Hours, CPU, memory, added p99 and prices are drawn on the logarithmic scale, with the spread they have in
    `compositions`, those of all products in the case at hand. Open questions are drawn too: by sets of answers, each
    judged by the engine. What a draw changes is what is open, what strains, which limits are broken and the burden,
    and with them which product stands for its approach, by the same rules as in `order.best_of`.
    """
    spreads = Spreads(contest, compositions)
    won: Counter[tuple[Approach, str]] = Counter()
    for world in _worlds(contest):
        for one, count in _winners(world, spreads):
            won[one.approach, one.product.id] += count
    rivals = [
        Rival(approach=approach, product=product, title=contest.catalog.products[product].title, draws=count)
        for (approach, product), count in sorted(won.items(), key=lambda one: (-one[1], one[0][1]))
        if approach is not answer
    ]
    return Steadiness(share=1.0 - sum(one.draws for one in rivals) / DRAWS, rivals=tuple(rivals))


class Spreads:
    """Draws of every product's figures, and of the price of an hour, as multiples of the likely value."""

    def __init__(self, contest: Contest, compositions: Sequence[Composition]) -> None:
        self._compositions = {one.setting.product.id: one for one in compositions}
        self._figures: dict[tuple[str, str], Draws] = {}
        self._largest: dict[tuple[str, str], float] = {}
        self._price = draws.factors(prices(contest.case, contest.catalog).hour, "price", "")

    def of(self, field: Sequence[Contender], columns: Columns) -> Mapping[str, Draws]:
        """By figure the draws of these contenders, one row each."""
        found = {name: np.stack([self._drawn(one.product.id, name) for one in field])[:, columns] for name in FIGURES}
        return {**found, "price": self._price[columns]}

    def most(self, one: Contender, name: str) -> float:
        """The largest draw of a figure that is held against a limit; money is not bounded."""
        if name not in DRAWN:
            return math.inf
        key = one.product.id, DRAWN[name]
        if key not in self._largest:
            self._largest[key] = float(self._drawn(*key).max())
        likely: float = getattr(one, name)
        return likely * self._largest[key]

    def _drawn(self, product: str, name: str) -> Draws:
        """The draws of one figure; made when a product is first left in the field."""
        key = product, name
        if key not in self._figures:
            self._figures[key] = _factors(self._compositions[product], name)
        return self._figures[key]


def _factors(one: Composition, figure: str) -> Draws:
    """Draws of one figure; a small measure is the same work beside every product, and so is drawn for all at once."""
    product, small = one.setting.product.id, {measure.sheet.title for measure in one.setting.add_ons}
    if figure == "small_hours":
        return draws.factors(hours(term for term in one.costs if term.name in small), figure, "")
    if figure == "hours":
        own = hours(term for term in one.costs if term.name not in small) if small else one.hours
        return draws.factors(own, figure, product)
    return draws.factors(getattr(one.setting.overhead, figure), figure, product)


@dataclass(frozen=True, kw_only=True)
class _World:
    """One set of answers to the open questions, with who is left in it and the draws that are made in it."""

    run: Run
    field: tuple[Contender, ...]
    """The best composition of every product that leaves the least open."""
    columns: Columns


def _worlds(contest: Contest) -> tuple[_World, ...]:
    """The distinct sets of answers to the open questions that matter.

    What no judgement reads cannot matter and is left open. An answer may make another question matter, which is looked
    for until there is none. So the draws are the same whatever else was judged before.
    """
    known = unknowns(contest.case, contest.catalog)
    block = np.arange(DRAWS).reshape(WORLDS, -1)
    matter: list[str] = []
    while True:
        rows = [[known[path][place] for place in draws.choices(path, len(known[path]))] for path in matter]
        sets: dict[tuple[Answers, ...], list[Columns]] = defaultdict(list)
        for place in range(WORLDS):
            sets[tuple(row[place] for row in rows)].append(block[place])
        found = tuple(_world(contest, answers, np.concatenate(columns)) for answers, columns in sets.items())
        reads = contest.reads()
        now = [path for path in known if path in reads]
        if now == matter:
            return found
        matter = now


def _world(contest: Contest, several: tuple[Answers, ...], columns: Columns) -> _World:
    answers = tuple(one for each in several for one in each)
    run, field = contest.field(answered_with(contest.case, answers), tuple(path for path, _ in answers))
    return _World(run=run, field=field, columns=columns)


def _winners(world: _World, spreads: Spreads) -> Iterator[tuple[Contender, int]]:
    """Who comes first in how many of the draws of a world."""
    field = sorted(_able(world, spreads), key=lambda one: (one.approach, one.product.id))
    if len(field) == 1:
        yield field[0], len(world.columns)
        return
    drawn, column = _draw(field, world, spreads), np.arange(len(world.columns))
    standing = np.stack([_standing(drawn, [*places]) for places in _by_approach(field)])
    infeasible, cost = drawn.infeasibility[standing, column], drawn.burden[standing, column]
    first = np.argmin(np.where(infeasible == infeasible.min(axis=0), cost, np.inf), axis=0)
    for place, count in enumerate(np.bincount(standing[first, column], minlength=len(field))):
        if count:
            yield field[place], int(count)


def _able(world: _World, spreads: Spreads) -> list[Contender]:
    """Those of a field that can come first in some draw: with no more strains than another one has at the most.

    Limits only add strains, and one that the largest of all draws keeps is never broken.
    """
    limits = world.run.limits

    def at_most(one: Contender) -> int:
        return one.pressed + sum(spreads.most(one, LIMITED[name]) > limit for name, limit in limits)

    most = min(map(at_most, world.field))
    return [one for one in world.field if one.pressed <= most]


def _by_approach(field: Sequence[Contender]) -> Iterator[Iterator[int]]:
    """The places of each approach's products in the field."""
    for _, places in groupby(range(len(field)), key=lambda place: field[place].approach):
        yield places


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """A field in every draw, one row a contender; `infeasibility` sorts like Composition.feasibility."""

    infeasibility: Draws
    hours: Draws
    burden: Draws
    precedence: Draws


def _draw(field: Sequence[Contender], world: _World, spreads: Spreads) -> _Drawn:
    cost, spread = world.run.prices, spreads.of(field, world.columns)

    def scaled(likely: Iterable[float], name: str) -> Draws:
        found: Draws = np.array([*likely])[:, None] * spread[name]
        return found

    def figure(name: str) -> Draws:
        return scaled((getattr(one, name) for one in field), name)

    work = scaled((one.likely_hours - one.small_hours for one in field), "hours") + figure("small_hours")
    resources = figure("cpu_vcpu") * cost.cpu.likely + figure("memory_gib") * cost.memory.likely
    strains = np.array([[float(one.pressed)] for one in field]) + np.zeros_like(work)
    over = np.zeros_like(work)
    for name, limit in world.run.limits:
        if name == "money_per_month":
            drawn = work * cost.hour.likely * spread["price"] + resources
        else:
            drawn = scaled((getattr(one, LIMITED[name]) for one in field), name)
        strains += drawn > limit
        over += np.maximum(np.log(np.maximum(drawn, 1e-9) / max(limit, SMALLEST_LIMIT)), 0.0)
    return _Drawn(
        infeasibility=strains * 1e2 + np.minimum(np.floor(over + 0.5), 99.0),
        hours=work,
        burden=work + resources / cost.hour.likely,
        precedence=np.array([[float(one.precedence)] for one in field]),
    )


def _standing(drawn: _Drawn, places: Sequence[int]) -> Columns:
    """For each draw the place of the product that stands for an approach, as `order.best_of` chooses it."""
    if len(places) == 1:
        return np.full(drawn.hours.shape[1], places[0])
    infeasible, work, cost = (one[places] for one in (drawn.infeasibility, drawn.hours, drawn.burden))
    leading = infeasible == infeasible.min(axis=0)
    least = np.argmin(np.where(leading, cost, np.inf), axis=0)
    close = leading & (work <= work[least, np.arange(work.shape[1])] * CLOSE)
    chosen = np.argmin(np.where(close, cost - drawn.precedence[places] * MOST_HOURS, np.inf), axis=0)
    found: Columns = np.array(places)[chosen]
    return found


MOST_HOURS = 1e7
"""More hours a month than any composition costs."""
