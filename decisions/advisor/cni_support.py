"""Whether the version of the CNI that runs is one that its project repairs, by what the catalogue knows of it."""

from decisions.advisor.clouds import provider_of_cni
from decisions.advisor.recommendation import Source
from decisions.advisor.setting import Setting, runs_on
from decisions.advisor.versions import version


def cni_behind(setting: Setting) -> tuple[str, Source] | None:
    """The sentence about a CNI that is out of support, and its source; None where it is not, or where nobody knows.

    A Cilium that its provider runs is repaired by the provider, whatever its number says.
    """
    case = setting.case
    have = version(case.baseline.cni_version or case.baseline.cni)[:2]
    if len(have) < 2 or provider_of_cni(case):
        return None
    for product in setting.catalog.products.values():
        operations, newest = product.operations, version(product.version)[:2]
        if not operations.supported_minors or not runs_on(product, case):
            continue
        oldest = (newest[0], max(0, newest[1] - operations.supported_minors + 1))
        if have >= oldest:
            return None
        name = product.constraints.cni[0].capitalize()
        runs, first = (".".join(str(part) for part in one) for one in (have, oldest))
        because = f"{name} {runs} gets no fixes any more: its project repairs {first} and newer, by the catalogue."
        return f"{because} {FIRST}", operations.source
    return None


FIRST = "Upgrade it before anything new goes into the path of calls, unless your distribution still repairs it."
