"""How much of the system a must-have covers: a must for one namespace does not mesh the cluster."""

import re
from dataclasses import dataclass
from functools import lru_cache

from decisions.advisor.case import Case

_COUNT = re.compile(r"(\d+)\s*(?:(?:of|out of|/)\s*(\d+)\s*)?(namespaces?|services?|teams?)", re.IGNORECASE)
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_WORD_COUNT = re.compile(rf"\b({'|'.join(_NUMBERS)})\s+(namespaces?|services?)", re.IGNORECASE)
_WORDS = {word: count for count, word in enumerate(_NUMBERS, start=1)}
_LABEL = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Counts a scope names; None when it does not name them (then the whole system is meant)."""

    namespaces: int | None = None
    services: int | None = None


WHOLE = Scope()


@lru_cache(maxsize=1024)
def read_scope(text: str | None) -> Scope:
    """A scope as people write it: "3 of 24 namespaces", "two services", or namespace names with commas."""
    if not text:
        return WHOLE
    found: dict[str, int] = {}
    for match in _COUNT.finditer(text):
        found.setdefault(match[3].lower().rstrip("s"), int(match[1]))
    for match in _WORD_COUNT.finditer(text):
        found.setdefault(match[2].lower().rstrip("s"), _WORDS[match[1].lower()])
    if found:
        return Scope(namespaces=found.get("namespace"), services=found.get("service"))
    names = [part.strip() for part in text.split(",")]
    if len(names) > 1 and all(_LABEL.fullmatch(name) for name in names):
        return Scope(namespaces=len(names))
    return WHOLE


def scope_of(case: Case, requirement: str) -> Scope:
    """The scope of one requirement; the scope of the whole decision when it has none of its own."""
    own = read_scope(case.answer(requirement).scope)
    return own if own != WHOLE else read_scope(case.context.scope)


def namespaces_for(case: Case, requirements: tuple[str, ...]) -> int | None:
    """Namespaces that a set of requirements covers together: the largest named scope, None when any covers all."""
    counts = [scope_of(case, requirement).namespaces for requirement in requirements]
    if not counts or any(count is None for count in counts):
        return None
    return max(count for count in counts if count is not None)
