"""How much of the system a must-have covers: a must for one namespace does not mesh the cluster."""

import re
from dataclasses import dataclass
from functools import lru_cache

from decisions.advisor.case import Case

_COUNT = re.compile(r"(\d+)\s*(?:(?:of|out of|von|/)\s*(\d+)\s*)?(namespaces?|services?|teams?)", re.IGNORECASE)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORD_COUNT = re.compile(rf"\b({'|'.join(_NUMBERS)})\s+(namespaces?|services?)", re.IGNORECASE)
_WORDS = {word: count for count, word in enumerate(_NUMBERS, start=1)}
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")
_AND = re.compile(r"\s*(?:,|&|\band\b|\bund\b)\s*")
_NAMED = re.compile(r"\bnamespaces?\s*:?\s+(.+)", re.IGNORECASE | re.DOTALL)
_NAME_FIRST = re.compile(r"(?:^|\bthe\s+|\bim\s+|\bin\s+)([a-z0-9]+(?:-[a-z0-9]+)+)\s+namespace\b")
"""A name with a hyphen before the word: without one it may be any adjective."""
_NO_NAME = re.compile(
    "a|all|alone|and|any|are|as|at|beyond|but|each|every|for|from|has|have|holding|if|in|into|is|it|its|near|not|of|on|"
    "one|only|or|other|outside|plus|scoped?|team|that|the|their|they|those|to|under|we|where|which|while|whose|with|"
    "aber|alle[nrs]?|als|am|auf|aus|bei|das|dem|den|der|des|die|eine?|im|ist|jede[nrs]?|mit|nur|oder|und|von|wo|zu[mr]?"
)
"""Words after "namespace" that are no names."""
_WHOLE = re.compile(
    r"\b(all|alle[nrs]?|any|each|every\w*|entire|jede[nrs]?|whole|ganze[nrs]?|überall|clusters?|estate)\b",
    re.IGNORECASE,
)
"""What says that nothing is left out."""


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Counts a scope names; None when it does not name them (then the whole system is meant)."""

    namespaces: int | None = None
    services: int | None = None


WHOLE = Scope()


@lru_cache(maxsize=1024)
def read_scope(text: str | None) -> Scope:
    """A scope as people write it: "3 of 24 namespaces", "two services", "namespace payments", or names with commas."""
    if not text:
        return WHOLE
    found: dict[str, int] = {}
    for match in _COUNT.finditer(text):
        found.setdefault(match[3].lower().rstrip("s"), int(match[1]))
    for match in _WORD_COUNT.finditer(text):
        found.setdefault(match[2].lower().rstrip("s"), _WORDS[match[1].lower()])
    if found:
        return Scope(namespaces=found.get("namespace"), services=found.get("service"))
    names = [part.strip() for part in _AND.split(text)]
    if len(names) > 1 and all(_LABEL.fullmatch(name) for name in names):
        return Scope(namespaces=len(names))
    if named := _named(text):
        return Scope(namespaces=named)
    return WHOLE


def _named(text: str) -> int:
    """How many namespaces stand after the word by their names, or one before it; 0 where there are none."""
    if _NAME_FIRST.search(text):
        return 1
    found = _NAMED.search(text)
    if found is None:
        return 0
    names = set()
    for part in _AND.split(found[1]):
        first, _, rest = part.strip().strip("\"'“”„").partition(" ")
        name = first.rstrip(".;:)\"'“”")
        if not _LABEL.fullmatch(name) or _NO_NAME.fullmatch(name):
            break
        names.add(name)
        if rest:
            break
    return len(names)


def names_no_count(text: str | None) -> bool:
    """Whether a scope was written that names no counts, so that the whole system is meant without anybody saying so."""
    return bool(text) and read_scope(text) == WHOLE and not _WHOLE.search(text or "")


def scope_of(case: Case, requirement: str) -> Scope:
    """The scope of one requirement; the scope of the whole decision when it has none of its own."""
    own = read_scope(case.answer(requirement).scope)
    return own if own != WHOLE else read_scope(case.context.scope)


def covers(case: Case, one: str, other: str) -> bool:
    """Whether what holds in the scope of one requirement holds in all of the other's."""
    has, wants = scope_of(case, one), scope_of(case, other)
    if WHOLE in {has, wants}:
        return has == WHOLE
    counts = ((has.namespaces, wants.namespaces), (has.services, wants.services))
    return all(mine is None or (yours is not None and mine >= yours) for mine, yours in counts)


def namespaces_for(case: Case, requirements: tuple[str, ...]) -> int | None:
    """Namespaces that a set of requirements covers together: the largest named scope, None when any covers all."""
    counts = [scope_of(case, requirement).namespaces for requirement in requirements]
    if not counts or any(count is None for count in counts):
        return None
    return max(count for count in counts if count is not None)


def reached(case: Case, requirements: tuple[str, ...]) -> int | None:
    """Namespaces that an option which carries these has to reach; None for all of them.

    Where a scope counts services alone, each may be in a namespace of its own, and there are no more than there are.
    """
    scopes = [scope_of(case, requirement) for requirement in requirements]
    counts = [one.services if one.namespaces is None else one.namespaces for one in scopes]
    if not counts or None in counts:
        return None
    most, there = max(one or 0 for one in counts), case.baseline.namespaces
    return most if there is None else min(most, there)


def share_in_scope(case: Case) -> float | None:
    """The share of the namespaces that the must-haves cover; None where that is all, or where nobody counted them."""
    there = case.baseline.namespaces
    # Scopes are looked at first: hardly any hypothetical case changes one, and most cases have none.
    if not there or not (case.context.scope or case.scopes):
        return None
    namespaces = reached(case, tuple(name for name, answer in case.requirements.items() if answer.need == "must"))
    return None if namespaces is None or namespaces >= there else namespaces / there


def told(case: Case, requirements: tuple[str, ...]) -> str:
    """The scopes of these as they were written: "“2 of 12 namespaces” and “2 services”"."""
    texts = (case.answer(one).scope if read_scope(case.answer(one).scope) != WHOLE else None for one in requirements)
    quoted = dict.fromkeys(f"“{text or case.context.scope}”" for text in texts)
    return " and ".join(quoted)
