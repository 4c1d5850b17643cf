"""The search for the nearest changes that lead to another answer: single ones, and pairs where singles are few."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from decisions.advisor.case import Case, CaseError
from decisions.advisor.composition import Composition
from decisions.advisor.contest import Contender, Contest
from decisions.advisor.flips.answers import answers
from decisions.advisor.flips.change import Change, together
from decisions.advisor.flips.numbers import MEASUREMENTS, REACH, thresholds
from decisions.advisor.quantities import number
from decisions.advisor.recommendation import NONE_MEETS, Flip
from decisions.advisor.wording import named

Ranking = tuple[Composition, ...]

MOST = 8
"""Flips shown: more than that nobody reads."""
PRODUCTS = 2
"""Of these, at most so many that keep the approach and change the product."""
FEW = 3
"""With fewer single changes of approach than this, pairs are looked for."""
PAIRS = 2
"""Pairs shown."""
APART = 2.0
"""How far two changes together may be away: two answers, or an open point and a wish."""
TELLING = ("operations.data_path_debuggers",)
"""Questions whose answer people expect to matter: said when it does not."""


def find_flips(case: Case, ranking: Ranking, contest: Contest) -> tuple[Flip, ...]:
    """The changes that lead to another approach or product, nearest first, and one that changes nothing.

    Distances are those of `change`; what is equally near keeps the order of the candidates. Every change was judged
    anew by the same engine. Pairs are minimal: neither half changes the answer alone.
    """
    contest.first(case, ())
    search = Search(case=case, ranking=ranking, contest=contest, reads=contest.reads())
    found = search.singles()
    if sum(one.moves_approach for one in found) < FEW:
        found += search.pairs()
    return (*(search.told(one) for one in found), *search.unchanged())


@dataclass(frozen=True, kw_only=True)
class Found:
    """A change with what it leads to."""

    change: Change
    after: Contender
    moves_approach: bool


@dataclass(frozen=True, kw_only=True)
class Search:
    """One search, with what was judged on the way."""

    case: Case
    ranking: Ranking
    contest: Contest
    reads: frozenset[str]
    """The paths that were read to find what comes first for the case at hand."""
    idle: list[Change] = field(default_factory=list)
    """Changes that alone leave the answer as it is, nearest first."""

    def singles(self) -> list[Found]:
        """Single changes, nearest first: answers until enough are found, then measurements that are no farther."""
        found: list[Found] = []
        for change in sorted(answers(self.case, self.ranking[0]), key=lambda one: one.distance):
            if sum(one.moves_approach for one in found) == MOST:
                break
            self._try(change, found)
        enough = [one.change.distance for one in found if one.moves_approach][MOST - 1 :]
        read = [path for path in MEASUREMENTS if self._may_move((path,))]
        for change in thresholds(self.case, read, self._flips, enough[0] if enough else REACH):
            self._try(change, found)
        return list(_shown(sorted(found, key=lambda one: one.change.distance)))

    def pairs(self) -> list[Found]:
        """Pairs of changes that do nothing alone, nearest first."""
        found: list[Found] = []
        nearest = min((one.distance for one in self.idle), default=APART)
        moving = [one for one in self.idle if one.distance + nearest <= APART and self._moves(one)]
        pairs = (together(*two) for two in combinations(moving, 2) if two[0].path != two[1].path)
        for pair in sorted(pairs, key=lambda one: one.distance):
            if len(found) == PAIRS or pair.distance > APART:
                break
            after = self._after(pair)
            if after and self._differs(after):
                found.append(Found(change=pair, after=after, moves_approach=self._other_approach(after)))
        return found

    def unchanged(self) -> Iterator[Flip]:
        """A change that people expect to matter and that does not, with the runner-up it moves."""
        for change in self.idle:
            if change.path in TELLING:
                yield _same(change, self.ranking, self.contest.after(change.applied(self.case), change.paths))
                return

    def told(self, found: Found) -> Flip:
        """The change in words."""
        change, after = found.change, found.after
        becomes = named(after.product)
        if after.ruled_out:
            becomes = f"{NONE_MEETS}; the nearest is {becomes}"
        return Flip(
            change=change.words,
            becomes=becomes,
            approach=after.approach,
            changes_answer=True,
            path=change.path,
            detail=change.detail,
            answers=change.answers,
        )

    def _try(self, change: Change, found: list[Found]) -> None:
        if not self._may_move(path for path, _ in change.answers):
            self.idle.append(change)
            return
        after = self._after(change)
        if after is None:
            return
        if self._differs(after):
            found.append(Found(change=change, after=after, moves_approach=self._other_approach(after)))
        else:
            self.idle.append(change)

    def _may_move(self, paths: Iterable[str]) -> bool:
        """Whether changed answers can change what comes first: what was not read cannot."""
        return any(path.startswith("requirements.") or path in self.reads for path in paths)

    def _after(self, change: Change) -> Contender | None:
        try:
            return self.contest.first(change.applied(self.case), change.paths)
        except CaseError:
            return None

    def _moves(self, change: Change) -> bool:
        """Whether a change moves any option at all: what moves nothing alone is not paired."""
        known = {one.approach: one.key for one in self.ranking}
        return self.contest.moves(change.applied(self.case), change.paths, known)

    def _flips(self, case: Case, path: str) -> bool:
        return self._differs(self.contest.first(case, (path,)))

    def _differs(self, after: Contender) -> bool:
        return after.product.id != self.ranking[0].setting.product.id

    def _other_approach(self, after: Contender) -> bool:
        return after.approach is not self.ranking[0].setting.approach


def _shown(found: Iterable[Found]) -> Iterator[Found]:
    """The first of each kind."""
    approaches = products = 0
    for one in found:
        if one.moves_approach and approaches < MOST:
            approaches += 1
            yield one
        elif not one.moves_approach and products < PRODUCTS and approaches < MOST:
            products += 1
            yield one


def _same(change: Change, before: Ranking, after: Sequence[Contender]) -> Flip:
    """A change that moves hours but not the answer, told with what it does to the runner-up and to the first."""
    first, second = before[:2]
    moved = next(one for one in after if one.approach is second.setting.approach)
    was, hours = number(first.hours.likely), number(after[0].likely_hours)
    one, other = second.setting.approach.title, first.setting.approach.title
    own, then = number(second.hours.likely), number(moved.likely_hours)
    if was == hours:
        detail = f"{one} goes from {own} to {then} hours a month, {other} stays at {hours}"
    else:
        detail = f"{one} goes from {own} to {then} hours a month, {other} from {was} to {hours}"
    return Flip(
        change=change.words,
        becomes="No change",
        approach=before[0].setting.approach,
        changes_answer=False,
        path=change.path,
        detail=detail,
        answers=change.answers,
    )
