"""A folder of decisions read together: what only the neighbours can tell, and what does not fit among them."""

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from decisions.advisor.dates import Order
from decisions.intake.adr import decision
from decisions.intake.adr.decision import Decision
from decisions.intake.adr.kinds import Kind
from decisions.intake.adr.naming import name_of
from decisions.intake.adr.origin import File
from decisions.intake.adr.relations import Reference, Relation


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file among its neighbours: references led to the files they mean, `unresolved` those that lead nowhere."""

    decision: Decision
    superseded_by: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()

    def document(self) -> dict[str, object]:
        """What `meshadvisor import --dry-run` prints of it."""
        one = self.decision
        return {
            "file": one.file,
            "kind": one.kind.value,
            "title": one.title,
            "number": one.number,
            "status": one.status,
            "date": one.date,
            "superseded_by": list(self.superseded_by),
            "supersedes": list(self.supersedes),
            "sha256": one.sha256,
            "problems": list(self.problems),
        }


def read(files: Iterable[File]) -> tuple[Entry, ...]:
    """Every text among the files, in the order of their paths. One that cannot be read never takes the others along."""
    found = _dated(_with_neighbours([decision.read(file) for file in sorted(files, key=lambda file: file.path)]))
    index = _Index(found)
    return tuple(_entry(one, index) for one in found)


def _dated(found: Sequence[Decision]) -> list[Decision]:
    """Dates that can be read in two ways, read as the dates around them are written where those are of one mind."""
    orders = frozenset[Order]().union(*(one.date_orders for one in found))
    return [_with_order(one, orders) if one.date_readings and one.date is None else one for one in found]


def _with_order(one: Decision, orders: frozenset[Order]) -> Decision:
    day_first, month_first = one.date_readings or ("", "")
    if len(orders) == 1:
        return replace(one, date=day_first if Order.DAY_FIRST in orders else month_first)
    shown = "show both orders" if orders else "do not show which"
    problem = f"The date is {day_first} or {month_first}: the other dates {shown}. Left empty."
    return replace(one, problems=(*one.problems, problem))


def _with_neighbours(found: Sequence[Decision]) -> list[Decision]:
    """Thin files named like the decisions around them are decisions; what lies in a decision's own folder is not."""
    around: dict[str, list[Decision]] = defaultdict(list)
    own_folders = set()
    for one in found:
        name = name_of(one.file)
        if name.is_prefixed:
            around[_home(one.file)].append(one)
        if name.stands_for_folder and name.is_prefixed and one.kind is Kind.ADR:
            own_folders.add(posixpath.dirname(one.file))
    return [_settled(one, around, own_folders) for one in found]


def _settled(one: Decision, around: Mapping[str, Sequence[Decision]], own_folders: set[str]) -> Decision:
    name, folder = name_of(one.file), posixpath.dirname(one.file)
    if one.kind is Kind.ADR and folder in own_folders and not name.stands_for_folder and not _is_numbered(one.file):
        return replace(one, kind=Kind.OTHER)
    neighbours = around.get(_home(one.file), ())
    decisions = sum(other.kind is Kind.ADR for other in neighbours)
    if one.kind is Kind.OTHER and one.has_text and name.is_prefixed and decisions * 2 > len(neighbours):
        return replace(one, kind=Kind.ADR)
    if one.kind is not Kind.ADR:
        return replace(one, number=None, status=None, date=None)
    return one


def _home(path: str) -> str:
    folder = posixpath.dirname(path)
    return posixpath.dirname(folder) if name_of(path).stands_for_folder else folder


def _is_numbered(path: str) -> bool:
    return name_of(posixpath.basename(path)).is_prefixed


ENDINGS = ("", ".md", ".rst", ".adoc", "/README.md", "/index.md")
"""What may be left out of a reference."""


class _Index:
    """Decisions by path, by number and by the words of their names."""

    def __init__(self, found: Sequence[Decision]) -> None:
        self.paths = {one.file for one in found}
        self.numbers: dict[tuple[str, int], list[str]] = defaultdict(list)
        self.names: dict[str, list[str]] = defaultdict(list)
        for one in found:
            self.names[posixpath.basename(one.file).lower()].append(one.file)
            if one.kind is Kind.ADR and one.number is not None:
                self.numbers[_home(one.file), one.number].append(one.file)

    def resolve(self, origin: str, reference: Reference) -> str | None:
        """The file that a reference means: by its path, by its name where only one file has it, by its number."""
        if reference.number is not None:
            return _only(self.numbers.get((_home(origin), reference.number), ()), origin)
        target, folder = reference.target, posixpath.dirname(origin)
        places = [posixpath.normpath(posixpath.join(folder, target)), target.lstrip("/")]
        paths = [f"{place}{ending}" for place in places for ending in ENDINGS]
        direct = next((path for path in paths if path in self.paths), None)
        return direct or _only(self.names.get(posixpath.basename(target).lower(), ()), origin)


def _only(files: Sequence[str], origin: str) -> str | None:
    others = [file for file in files if file != origin]
    return others[0] if len(others) == 1 else None


def _entry(one: Decision, index: _Index) -> Entry:
    led: dict[Relation, dict[str, str]] = {relation: {} for relation in Relation}
    unresolved, meant = [], set()
    for reference in one.references:
        file = index.resolve(one.file, reference)
        if file is None:
            unresolved.append(reference.target)
        if file in meant and reference.number is not None:
            continue
        meant.add(file)
        led[reference.relation].setdefault(file or reference.target, _as_written(reference, file))
    return Entry(
        decision=one,
        superseded_by=tuple(led[Relation.SUPERSEDED_BY].values()),
        supersedes=tuple(led[Relation.SUPERSEDES].values()),
        links=tuple(led[Relation.LINKS]),
        unresolved=tuple(unresolved),
        problems=(*one.problems, *_problems(one, index, unresolved)),
    )


def _as_written(reference: Reference, file: str | None) -> str:
    """The path as written, which is what the next tool resolves too; for a number the file it means."""
    return (file or reference.target) if reference.number is not None else reference.target


def _problems(one: Decision, index: _Index, unresolved: Sequence[str]) -> list[str]:
    found = [f"Leads to {target}, which is not among these files." for target in dict.fromkeys(unresolved)]
    if one.kind is Kind.ADR and one.number is not None:
        same = [file for file in index.numbers[_home(one.file), one.number] if file != one.file]
        found += [f"Has the number {one.number}, as {file} has." for file in same]
    return found
