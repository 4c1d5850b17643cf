"""What the sheets say of the cluster that goes first, where there is no other."""

import re

from decisions.advisor.case import Case

_FIRST = re.compile(r"\bthe least critical (cluster|one)\b")
_ONLY = {"cluster": "the cluster", "one": "the one you have"}


def is_alone(case: Case) -> bool:
    """Whether the team has said that there is one cluster."""
    return case.baseline.clusters == 1


def of_the_only_one(text: str) -> str:
    """A sentence of a sheet as it reads where no cluster has to be chosen: "in the cluster" for the least critical."""
    return _FIRST.sub(lambda found: _ONLY[found[1]], text)


def fitting(case: Case, text: str) -> str:
    """The sentence as it reads in this case."""
    return of_the_only_one(text) if is_alone(case) else text
