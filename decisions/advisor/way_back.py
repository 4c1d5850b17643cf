"""How a stage is taken back: worked out from what it changes, so that no stage promises more than its undoing gives."""

from collections.abc import Iterable, Mapping
from functools import cache

import yaml

from decisions.advisor.case import Case
from decisions.advisor.catalog import AddOnSheet
from decisions.advisor.change_over import old_control_plane, served_already, shed_first
from decisions.advisor.composition import Composition
from decisions.advisor.recommendation import Approach
from decisions.advisor.rollout import BACK_TAKES, Change, Phase, RolloutSheet

Back = tuple[str, str]
"""The sentence, and how long it takes."""

LAST_FIRST: Back = ("One namespace at a time, the last first.", "")
NOTHING: Back = ("Nothing was changed, so there is nothing to take back.", "")
INSTALLED: Back = ("Take out what this stage installed; no workload uses it yet.", "Minutes.")
BESIDE = (
    "Give istiod the values of before and take out what was installed beside it; istiod and the resources stay, since "
    "the sidecars of today need them."
)
SECONDS, MINUTES, RESTARTED, WINDOW = BACK_TAKES
OF_SERVICES: Back = (
    "Take the change of configuration or library version back in the services concerned.",
    "One deployment of the services concerned.",
)
OF_THE_REST: Back = ("Take back what this measure changed, the last change first.", "As long as it took to bring in.")
NOTHING_HERE: Back = ("This stage changes nothing; what the stages before changed goes back as they say.", "")
AS_BEFORE: Back = ("As in the stages before, one namespace at a time, the last first.", "")
CLUSTERS_AS_BEFORE: Back = ("As in the stages before, one cluster at a time, the last first.", "")
TEMPLATE: Back = ("Set the template of new namespaces back; what runs keeps what it has.", MINUTES)
NEW_CLUSTERS: Back = ("Build new clusters as before again; those that run keep what they have.", MINUTES)
SERVICES_AS_BEFORE: Back = ("Services that followed one by one go back as in the stages before.", "")
PROXIES_AGAIN: Back = (
    "Set labels and annotations back to what they were before the stage, injection among them, and restart the pods.",
    RESTARTED,
)
OLD_CONTROL_PLANE: Back = (
    "The control plane of the mesh of before is installed again, as it was written down, before a namespace goes back.",
    WINDOW,
)


def of_stage(
    case: Case, best: Composition, phase: Phase, made: Mapping[Phase, tuple[Change, ...]], sheet: RolloutSheet
) -> Back:
    """How a stage of the product is taken back: all that it does, the last first. What is not written down change by
    change goes back as the catalogue says.
    """
    rollout, changes = best.setting.product.rollout, made[phase]
    by_cluster = best.setting.approach is Approach.CNI_ENCRYPTION
    if not sheet.changes:
        return f"{rollout.rollback} ({rollout.rollback_time})", rollout.rollback_time
    back = of_changes(changes) if changes else ("", "")
    if served_already(case, best.setting.product.id):
        back = back[0].replace(INSTALLED[0], BESIDE), back[1]
    if shed_first(case, best.setting.product.id, phase):
        rules = tuple(one for one in changes if one.phase is Phase.STRICT)
        order = LAST_FIRST if phase is Phase.WIDEN else ("", "")
        return together(order, of_changes(rules) if rules else ("", ""), PROXIES_AGAIN)
    if phase is Phase.WIDEN:
        if not changes:
            return CLUSTERS_AS_BEFORE if by_cluster else AS_BEFORE
        first = (*made[Phase.PERMISSIVE], *made[Phase.STRICT])
        once = any(one.acts and not one.everywhere for one in first)
        return together(LAST_FIRST, back, SERVICES_AS_BEFORE if once else ("", ""))
    if phase is Phase.DEFAULT:
        old = OLD_CONTROL_PLANE if old_control_plane(case, best.setting.product.id) else ("", "")
        undone = back if back != NOTHING else ("", "")
        return together(old, undone, NEW_CLUSTERS if by_cluster else TEMPLATE)
    return NOTHING_HERE if phase is not Phase.INSTALL and back in {NOTHING, ("", "")} else back


def of_measure(sheet: AddOnSheet) -> Back:
    """How a small measure is taken back: as its sheet says, else as what it touches suggests."""
    if sheet.rollback:
        return sheet.rollback, sheet.rollback_time
    return OF_SERVICES if sheet.touches == "services" else OF_THE_REST


def together(*parts: Back) -> Back:
    """Ways back one after the other: what takes longest says how long."""
    said = [one for one in parts if one[0]]
    longest = max((takes for _, takes in said), key=lambda one: BACK_TAKES.index(one) if one in BACK_TAKES else -1)
    return " ".join(text for text, _ in said), longest


def of_changes(changes: Iterable[Change]) -> Back:
    """How the changes of a stage are taken back together, last first: rules, then marks, then values of charts.

    Where a sheet has a sentence of its own for a change, it stands first: that one is not undone like the others.
    """
    made = tuple(changes)
    own = [one for one in made if one.back]
    rest = [one for one in made if not one.back]
    found = [(one.back, one.back_takes) for one in reversed(own)]
    last = INSTALLED if any(one.charts for one in made) else _values(rest)
    found += [part for part in (_rules(rest), _marks(rest), last) if part]
    if not found:
        return NOTHING
    return " ".join(said for said, _ in found), max((takes for _, takes in found), key=BACK_TAKES.index)


def _rules(changes: Iterable[Change]) -> Back | None:
    kinds = dict.fromkeys(kind for one in changes for kind in _kinds(one.manifests) if kind != "Namespace")
    if not kinds:
        return None
    named = " and ".join(filter(None, (", ".join([*kinds][:-1]), [*kinds][-1])))
    return f"Delete the {named} of this stage, or apply again what stood there before: no pod restarts.", SECONDS


def _marks(changes: Iterable[Change]) -> Back | None:
    marked = [one for one in changes if one.restarts or "Namespace" in _kinds(one.manifests)]
    if not marked:
        return None
    if any(one.restarts for one in marked):
        said = "Set labels and annotations back to what they were before the stage and restart the pods concerned."
        return said, RESTARTED
    return "Set labels and annotations back to what they were before the stage; no pod restarts.", SECONDS


def _values(changes: Iterable[Change]) -> Back | None:
    charts = dict.fromkeys(values.chart for one in changes for values in one.values)
    if not charts:
        return None
    named = " and ".join(charts)
    if any("daemonset" in line for one in changes for line in one.undo):
        said = f"Set the values of {named} back to those before the stage and restart the agents; workload pods stay."
        return said, MINUTES
    return f"Set the values of {named} back to those before the stage.", MINUTES


@cache
def _kinds(manifests: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(yaml.safe_load(text)["kind"]) for text in manifests)
