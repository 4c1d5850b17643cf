"""Where a mesh is the answer only because nobody has tried the smallest fix: what is tried before it."""

from decisions.advisor.composition import Composition
from decisions.advisor.measures import Measure, goes_with
from decisions.advisor.present import runs_a_mesh
from decisions.advisor.requirements import BY_ID
from decisions.advisor.setting import nouns


def tried_before(best: Composition) -> str:
    """What is tried before a mesh is installed, in a sentence; empty where the mesh is there for another reason.

    The small measures are held to be too much by planning values alone. Should they work, the mesh would carry
    nothing, so that a week in one service is worth more than the plan that follows.
    """
    setting = best.setting
    if not setting.is_mesh or best.ruled_out or not setting.carried or runs_a_mesh(setting.case):
        return ""
    untried = [_untried(best, must) for must in setting.carried]
    if not all(untried):
        return ""
    listed = "; ".join(dict.fromkeys(f"{one.sheet.title}: {one.because}" for found in untried for one in found))
    return (
        f"Nobody has tried the smallest fix for {nouns(setting.carried)} yet. By planning values it is too much here "
        f"({listed}). Try it in one service, and say how many days that takes: where it works, no mesh is needed."
    )


def _untried(best: Composition, must: str) -> tuple[Measure, ...]:
    simplest = (one for one in best.measures[must] if one.sheet.id in BY_ID[must].tried)
    return tuple(one for one in simplest if one.untried and not one.usable and goes_with(one.sheet, best.product))
