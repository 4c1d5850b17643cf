"""What an organisation has settled for all its decisions: part of the case document, so it is frozen and replays."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from decisions.advisor.quantities import Range
from decisions.advisor.questions.answers import CaseError, Problem, clean, nearest, show
from decisions.advisor.questions.rows import EvidenceKind
from decisions.advisor.recommendation import Approach

if TYPE_CHECKING:
    from decisions.advisor.catalog.sheets import Catalog

ACCEPTED = tuple(kind for kind in EvidenceKind if kind.keeps_must)
"""The kinds of evidence that can carry a must-have at all; an organisation accepts all of these or fewer."""

KEYS = ("accepted_evidence", "not_allowed", "planning")
REASON_LENGTH = 500
PLANNED = 100
"""At most this many planning values; the catalogue has about half as many."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The settings of an organisation that the recommendation depends on.

    `not_allowed` gives for each approach that is not allowed here the reason, which is shown. `planning` are the
    organisation's own planning values by key: hourly_cost, cpu_price, hours_per_patch, ... in the catalogue's units.
    """

    accepted_evidence: tuple[EvidenceKind, ...] = ACCEPTED
    not_allowed: Mapping[Approach, str] = field(default_factory=dict)
    planning: Mapping[str, Range] = field(default_factory=dict)


def under(policy: Policy, catalog: "Catalog") -> "Catalog":
    """The catalogue as the organisation sees it: with its planning values and what it does not allow.

    A product that an overlay does not allow keeps that reason. A planning value this catalogue does not know changes
    nothing: an old record then says the same under a newer catalogue.
    """
    if not policy.not_allowed and not policy.planning:
        return catalog
    key = (id(catalog), frozenset(policy.not_allowed.items()), frozenset(policy.planning.items()))
    kept = _laid.get(key)
    if kept is None or kept[0] is not catalog:
        if len(_laid) >= LAID:
            _laid.clear()
        _laid[key] = kept = catalog, _lay(policy, catalog)
    return kept[1]


LAID = 16
"""Catalogues kept with a policy laid over them: for the same policy it is the same object, and so is what is known
under it.
"""
_laid: "dict[tuple[object, ...], tuple[Catalog, Catalog]]" = {}


def _lay(policy: Policy, catalog: "Catalog") -> "Catalog":
    planning = {
        key: replace(one, value=policy.planning[key], says="As the organisation has settled it.")
        if key in policy.planning
        else one
        for key, one in catalog.planning.items()
    }
    products = {
        key: replace(one, not_allowed=one.not_allowed or policy.not_allowed.get(one.approach, ""))
        for key, one in catalog.products.items()
    }
    return replace(catalog, planning=planning, products=products)


def read_policy(value: object) -> Policy:
    """The policy of a document's `policy` section. Raises CaseError, which names every path that is wrong."""
    if value is None:
        return Policy()
    problems: list[Problem] = []
    given = _mapping(value, "policy", KEYS, problems)
    policy = Policy(
        accepted_evidence=_kinds(given.get("accepted_evidence"), problems),
        not_allowed=_reasons(given.get("not_allowed"), problems),
        planning=_planning(given.get("planning"), problems),
    )
    if problems:
        raise CaseError(*problems)
    return policy


def write_policy(policy: Policy) -> dict[str, object]:
    """The section in plain JSON types; empty for an organisation that has settled nothing."""
    document: dict[str, object] = {}
    if policy.accepted_evidence != ACCEPTED:
        document["accepted_evidence"] = [one.value for one in policy.accepted_evidence]
    if policy.not_allowed:
        document["not_allowed"] = {one.value: policy.not_allowed[one] for one in Approach if one in policy.not_allowed}
    if policy.planning:
        document["planning"] = {key: [one.low, one.likely, one.high] for key, one in sorted(policy.planning.items())}
    return document


def _kinds(value: object, problems: list[Problem]) -> tuple[EvidenceKind, ...]:
    path = "policy.accepted_evidence"
    if value is None:
        return ACCEPTED
    if not isinstance(value, list | tuple):
        problems.append(Problem(path=path, text=f"{show(value)} is not a list of kinds"))
        return ACCEPTED
    known = [one.value for one in ACCEPTED]
    for one in value:
        if one not in known:
            text = f"{show(one)} is no kind of evidence that can be accepted; known are {', '.join(known)}"
            problems.append(Problem(path=path, text=text))
    return tuple(one for one in ACCEPTED if one.value in value)


def _reasons(value: object, problems: list[Problem]) -> dict[Approach, str]:
    path = "policy.not_allowed"
    found = {}
    for key, reason in _mapping(value, path, [one.value for one in Approach], problems).items():
        try:
            if not isinstance(reason, str) or not (kept := clean(reason, f"{path}.{key}", REASON_LENGTH)):
                problems.append(Problem(path=f"{path}.{key}", text="the reason is expected as a text"))
                continue
        except CaseError as error:
            problems.extend(error.problems)
            continue
        found[Approach(key)] = kept
    return found


def _planning(value: object, problems: list[Problem]) -> dict[str, Range]:
    path = "policy.planning"
    found = {}
    given = _mapping(value, path, None, problems)
    for key, numbers in list(given.items())[:PLANNED]:
        try:
            if not isinstance(numbers, list | tuple):
                raise TypeError
            low, likely, high = (float(one) for one in numbers)
            if not 0 <= low <= likely <= high or not math.isfinite(high):
                raise ValueError
            found[str(key)] = Range(low=low, likely=likely, high=high)
        except (TypeError, ValueError):
            text = f"{show(numbers)} is not [low, likely, high]: three numbers that do not decrease, none below 0"
            problems.append(Problem(path=f"{path}.{key}"[:200], text=text))
    return found


def _mapping(
    value: object, path: str, known: "list[str] | tuple[str, ...] | None", problems: list[Problem]
) -> Mapping[str, object]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        problems.append(Problem(path=path, text=f"{show(value)} is not a mapping; keys with values are expected"))
        return {}
    if known is None:
        return value
    problems += [
        Problem(path=f"{path}.{key}"[:200], text=f"the key is not known{nearest(key, known)}")
        for key in value
        if key not in known
    ]
    return {str(key): one for key, one in value.items() if key in known}
