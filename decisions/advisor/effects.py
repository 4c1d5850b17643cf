"""What the stages of a product have brought so far, and in which part of the system: a number that shows an effect can
be asked for only there.
"""

from collections.abc import Iterable, Mapping

from decisions.advisor.case import Case
from decisions.advisor.metrics import ENCRYPTING
from decisions.advisor.pack.names import first_namespace
from decisions.advisor.recommendation import Approach
from decisions.advisor.rollout import PHASES, Change, Phase

Reach = Mapping[str, str]
"""Requirement -> where its effect is with a stage, such as " in the namespace shop"; empty for all of the system."""

NOWHERE: Reach = {}
"""Before anything was brought."""


def everywhere(requirements: Iterable[str]) -> Reach:
    """The reach where these have been brought to all of the system."""
    asked = tuple(requirements)
    return dict.fromkeys(asked, _what(asked))


def reach_of(
    case: Case, approach: Approach, phase: Phase, made: Mapping[Phase, tuple[Change, ...]], there: Iterable[Change] = ()
) -> Reach:
    """The reach of a stage of a product. `made` are the changes by phase, `there` those that stood before the first."""
    so_far = [*there, *(one for before in PHASES[: PHASES.index(phase) + 1] for one in made.get(before, ()))]
    part, found = _part(case, approach, phase), dict[str, str]()
    for change in so_far:
        # What a mesh switches on at once is on in all of the cluster, whichever namespace the stage is about.
        wide = change.at_once and approach is not Approach.CNI_ENCRYPTION
        for requirement in change.meets:
            if _has_come(change, requirement, phase):
                found.setdefault(requirement, _what(change.meets, "" if wide else part))
    return found


def _has_come(change: Change, requirement: str, phase: Phase) -> bool:
    """Whether a change has the effect that a requirement asks for.

    What is watched or only installed has none, whatever asks for it, and what is permissive lets plain text pass.
    """
    if change.at_once:
        return True
    permissive = requirement in ENCRYPTING and phase in {Phase.INSTALL, Phase.PERMISSIVE}
    return change.acts and change.phase is not Phase.INSTALL and not permissive


def _what(meets: Iterable[str], part: str = "") -> str:
    """What of a part of the system a change concerns: encryption in the network leaves calls on a node as they are."""
    found = {*meets} & ENCRYPTING
    return f" between nodes{part}" if found and not found & {"encryption_same_node", "workload_identity"} else part


def _part(case: Case, approach: Approach, phase: Phase) -> str:
    """The part of the system that a stage is about."""
    if approach is Approach.CNI_ENCRYPTION:
        # The switch of a CNI is per cluster.
        if case.baseline.clusters == 1 or phase is Phase.DEFAULT:
            return ""
        return " in each cluster where it is on" if phase is Phase.WIDEN else " in the cluster that goes first"
    if phase is Phase.DEFAULT:
        return " in every namespace in scope"
    if phase is Phase.WIDEN:
        return " in each namespace that has joined"
    first = first_namespace(case)
    return f" in the namespace {first}" if first else " in the namespace that goes first"
