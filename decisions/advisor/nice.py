"""Nice-to-haves: which of them an option gives as it is planned, and which a small measure would give beside it."""

from collections.abc import Iterator

from decisions.advisor.enforcement import SEGMENTATION, first_enforced
from decisions.advisor.fit import Grade
from decisions.advisor.measures import Measure, measures_for
from decisions.advisor.recommendation import AddOn, Approach
from decisions.advisor.requirements import BY_ID
from decisions.advisor.setting import Setting


def given(setting: Setting) -> tuple[str, ...]:
    """The nice-to-haves that come with the option: by its product, its small measures, or the proof of its plan."""
    return tuple(
        one
        for one in setting.needs.nice
        if setting.fits[one].grade is not Grade.MISSED or _is_proven(setting, one) or _comes_along(setting, one)
    )


def _is_proven(setting: Setting, nice: str) -> bool:
    """Whether the last stage of the plan proves the control every day, which is what an auditor asks to see."""
    introduced = setting.approach is not Approach.NO_MESH and bool(setting.carried)
    return nice == "audit_proof" and introduced and bool(setting.product.rollout.proof)


def _comes_along(setting: Setting, nice: str) -> bool:
    """Whether a small measure that is planned for a must-have gives it too."""
    planned = {one.sheet.id for one in setting.add_ons if nice in one.sheet.meets}
    return bool(planned) and any(one.sheet.id in planned for one in _usable(setting, nice))


def offered(setting: Setting) -> tuple[AddOn, ...]:
    """The first small measure that could be added for each nice-to-have that the option does not give.

    Nobody has to have it, so it is neither planned nor counted; what is too much work here is not offered.
    """
    given_ = given(setting)
    found = ((nice, next(_usable(setting, nice), None)) for nice in setting.needs.nice if nice not in given_)
    return tuple(
        AddOn(id=one.sheet.id, title=one.sheet.title, requirement=nice, tried=one.outcome) for nice, one in found if one
    )


def _usable(setting: Setting, nice: str) -> Iterator[Measure]:
    """The measures that would do here, smallest first: where policies are not enforced, writing them is not enough."""
    if nice == SEGMENTATION and first_enforced(setting.case, setting.catalog):
        return
    for one in measures_for(setting.case, setting.catalog, BY_ID[nice]):
        if one.usable and (not one.sheet.exclusive_to or setting.product.id in one.sheet.exclusive_to):
            yield one
