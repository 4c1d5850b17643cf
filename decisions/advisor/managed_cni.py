"""How a CNI is set where it runs: by its chart, by its provider's commands, or by a documentation that is not ours.

A Cilium that the provider runs is not set by its chart: the provider has commands of its own for the little that may be
chosen, and what is not among them cannot be set at all. K3s carries its own Flannel. A CNI without a sheet is switched
on by its own documentation.
"""

from decisions.advisor.case import Case
from decisions.advisor.clouds import provider_of_cni
from decisions.advisor.conditions import holds, missing
from decisions.advisor.rollout import RolloutSheet, load
from decisions.advisor.setting import Setting

K3S = "k3s"
OWN_CNI = "own-cni"
"""The sheet of a CNI that can encrypt and has none of its own."""


def set_by_provider(setting: Setting) -> RolloutSheet | None:
    """The sheet that says how the provider or the distribution lets this product be set; None where the team does."""
    case, product = setting.case, setting.product
    theirs = "cilium" in product.constraints.cni and not setting.withheld(setting.carried)
    place = provider_of_cni(case) if theirs else ""
    if "flannel" in product.constraints.cni and _on_k3s(case):
        place = K3S
    return load().sheets.get(f"{product.id}-{place}") if place else None


def still_missing(setting: Setting, *, upgraded: bool) -> tuple[str, ...]:
    """What has to be there before the first stage: what the provider asks for where it sets the product, else its own.

    `upgraded`: an upgrade of the platform comes first and settles what it can.
    """
    case, product, sheet = setting.case, setting.product, set_by_provider(setting)
    asked = (one for one in sheet.prerequisites if one.short) if sheet else ()
    theirs = tuple(one.short for one in asked if holds(one.when, case, product))
    return theirs or missing(case, product, upgraded=upgraded)


def _on_k3s(case: Case) -> bool:
    baseline = case.baseline
    written = (baseline.cni, baseline.distribution, baseline.kubernetes_version)
    return any(K3S in (one or "").lower() for one in written)


def sheet_for(setting: Setting) -> RolloutSheet | None:
    """How the product of a composition comes in here; None where that is not written down."""
    if setting.stands_in:
        return load().sheets[OWN_CNI]
    return set_by_provider(setting) or load().sheets.get(setting.product.id)
