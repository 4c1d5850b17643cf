"""Nice-to-haves: which of them an option gives as it is planned, and which a small measure would give beside it."""

from collections.abc import Iterator
from dataclasses import dataclass

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog
from decisions.advisor.enforcement import SEGMENTATION, first_enforced
from decisions.advisor.fit import Grade
from decisions.advisor.measures import Measure, measures_for
from decisions.advisor.needs import Needs
from decisions.advisor.once import once
from decisions.advisor.recommendation import AddOn, Approach
from decisions.advisor.requirements import BY_ID
from decisions.advisor.setting import Setting


@dataclass(frozen=True, kw_only=True)
class NiceToHaves:
    """The nice-to-haves of one case, with the measures that would do here: every option is asked about the same."""

    case: Case
    catalog: Catalog
    needs: Needs

    def given(self, setting: Setting) -> tuple[str, ...]:
        """Those that come with the option: by its product, its small measures, or the proof of its plan."""
        return tuple(
            one
            for one in self.needs.nice
            if (setting.fits[one].grade is not Grade.MISSED and not setting.keeps_back(one))
            or _is_proven(setting, one)
            or self._comes_along(setting, one)
        )

    def offered(self, setting: Setting, given: tuple[str, ...]) -> tuple[AddOn, ...]:
        """The first small measure that could be added for each nice-to-have that the option does not give.

        Nobody has to have it, so it is neither planned nor counted; what is too much work here is not offered.
        """
        found = ((nice, next(self._beside(setting, nice), None)) for nice in self.needs.nice if nice not in given)
        return tuple(
            AddOn(id=one.sheet.id, title=one.sheet.title, requirement=nice, tried=one.outcome)
            for nice, one in found
            if one
        )

    def _comes_along(self, setting: Setting, nice: str) -> bool:
        """Whether a small measure that is planned for a must-have gives it too."""
        planned = {one.sheet.id for one in setting.add_ons if nice in one.sheet.meets}
        return bool(planned) and any(one.sheet.id in planned for one in self._beside(setting, nice))

    def _beside(self, setting: Setting, nice: str) -> Iterator[Measure]:
        """The measures that would do beside the option, smallest first."""
        for one in self._usable[nice]:
            if not one.sheet.exclusive_to or setting.product.id in one.sheet.exclusive_to:
                yield one

    @once
    def _usable(self) -> dict[str, tuple[Measure, ...]]:
        """For each, the measures that would do here: where policies are not enforced, writing them is not enough."""
        unenforced = first_enforced(self.case, self.catalog)
        return {
            nice: tuple(one for one in measures_for(self.case, self.catalog, BY_ID[nice]) if one.usable)
            if nice != SEGMENTATION or not unenforced
            else ()
            for nice in self.needs.nice
        }


def _is_proven(setting: Setting, nice: str) -> bool:
    """Whether the last stage of the plan proves the control every day, which is what an auditor asks to see."""
    introduced = setting.approach is not Approach.NO_MESH and bool(setting.carried)
    return nice == "audit_proof" and introduced and bool(setting.product.rollout.proof)
