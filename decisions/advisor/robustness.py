"""How often the answer stays when every range and every open question is drawn at random, and what comes first else."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

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
    for one, count in _winners(_worlds(contest), spreads):
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

    def of(self, products: Sequence[str], columns: Columns) -> Mapping[str, Draws]:
        """By figure the draws of these products, one row each."""
        found = {name: np.stack([self._drawn(one, name) for one in products])[:, columns] for name in FIGURES}
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


def _winners(worlds: Sequence[_World], spreads: Spreads) -> Iterator[tuple[Contender, int]]:
    """Who comes first in how many of the draws."""
    asked = []
    for world in worlds:
        field = _able(world, spreads)
        if len(field) == 1:
            yield field[0], len(world.columns)
        else:
            asked.append(replace(world, field=field))
    if asked:
        yield from _drawn_in(asked, spreads)


def _drawn_in(worlds: Sequence[_World], spreads: Spreads) -> Iterator[tuple[Contender, int]]:
    """The same of worlds in which the draws decide."""
    rows = sorted({(one.approach, one.product.id) for world in worlds for one in world.field})
    table = _Table(worlds, rows)
    drawn, column = _draw(table, spreads), np.arange(len(table.world))
    standing = np.stack([_standing(drawn, [*places]) for places in _by_approach(rows)])
    infeasible, cost = drawn.infeasibility[standing, column], drawn.burden[standing, column]
    first = standing[np.argmin(np.where(infeasible == infeasible.min(axis=0), cost, np.inf), axis=0), column]
    for place, count in enumerate(np.bincount(table.world * len(rows) + first)):
        if count:
            yield table.contenders[divmod(place, len(rows))], int(count)


def _able(world: _World, spreads: Spreads) -> tuple[Contender, ...]:
    """Those of a field that can come first in some draw: with no more strains than another one has at the most.

    Limits only add strains, and one that the largest of all draws keeps is never broken.
    """
    limits = world.run.limits

    def at_most(one: Contender) -> int:
        return one.pressed + sum(spreads.most(one, LIMITED[name]) > limit for name, limit in limits)

    most = min(map(at_most, world.field))
    return tuple(one for one in world.field if one.pressed <= most)


def _by_approach(rows: Sequence[tuple[Approach, str]]) -> Iterator[Iterator[int]]:
    """The places of each approach's products."""
    for _, places in groupby(range(len(rows)), key=lambda place: rows[place][0]):
        yield places


class _Table:
    """What is likely in several worlds, one row a product and one column a draw: all draws are worked out together."""

    def __init__(self, worlds: Sequence[_World], rows: Sequence[tuple[Approach, str]]) -> None:
        self._worlds, self.rows = worlds, rows
        place = {row: place for place, row in enumerate(rows)}
        self.contenders = {
            (world, place[one.approach, one.product.id]): one for world, each in enumerate(worlds) for one in each.field
        }
        """By world and row; a product that is not left in the field of a world has none."""
        self.columns = np.concatenate([one.columns for one in worlds])
        self.world = np.repeat(np.arange(len(worlds)), [len(one.columns) for one in worlds])
        """By draw the place of its world."""

    def of(self, likely: Callable[[Contender], float], absent: float = 0.0) -> Draws:
        """A number of each contender."""
        found = np.full((len(self.rows), len(self._worlds)), absent)
        for (world, row), one in self.contenders.items():
            found[row, world] = likely(one)
        return self._by_draw(found)

    def of_world(self, number: Callable[[Run], float]) -> Draws:
        """A number of each world."""
        return self._by_draw(np.array([number(one.run) for one in self._worlds]))

    def limit(self, name: str) -> Draws:
        """The limit of a figure in each world."""
        return self._by_draw(np.array([dict(one.run.limits).get(name, UNLIMITED) for one in self._worlds]))

    @property
    def limited(self) -> list[str]:
        """The figures that have a limit in any world."""
        return sorted({name for one in self._worlds for name, _ in one.run.limits})

    def _by_draw(self, found: Draws) -> Draws:
        spread: Draws = found[..., self.world]
        return spread


@dataclass(frozen=True, kw_only=True)
class _Drawn:
    """A field in every draw, one row a contender; `infeasibility` sorts like Composition.feasibility."""

    infeasibility: Draws
    hours: Draws
    burden: Draws
    precedence: Draws


def _draw(table: _Table, spreads: Spreads) -> _Drawn:
    spread = spreads.of([product for _, product in table.rows], table.columns)

    def figure(name: str, drawn_as: str) -> Draws:
        found: Draws = table.of(attrgetter(name)) * spread[drawn_as]
        return found

    hour = table.of_world(lambda run: run.prices.hour.likely)
    small = figure("small_hours", "small_hours")
    work = table.of(lambda one: one.likely_hours - one.small_hours) * spread["hours"] + small
    resources = figure("cpu_vcpu", "cpu_vcpu") * table.of_world(lambda run: run.prices.cpu.likely)
    resources += figure("memory_gib", "memory_gib") * table.of_world(lambda run: run.prices.memory.likely)
    strains = table.of(attrgetter("pressed"), absent=ABSENT)
    over = np.zeros_like(work)
    for name in table.limited:
        money = name == "money_per_month"
        drawn = work * hour * spread["price"] + resources if money else figure(LIMITED[name], name)
        limit = table.limit(name)
        strains += drawn > limit
        over += np.maximum(np.log(np.maximum(drawn, 1e-9) / np.maximum(limit, SMALLEST_LIMIT)), 0.0)
    return _Drawn(
        infeasibility=strains * 1e2 + np.minimum(np.floor(over + 0.5), 99.0),
        hours=work,
        burden=work + resources / hour,
        precedence=table.of(attrgetter("precedence")),
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
UNLIMITED = 1e300
"""A limit that nothing breaks."""
ABSENT = 1e6
"""More strains than rules: what stands for a product in a world in which it is not left in the field."""
