"""Whether what runs, a CNI or a mesh, is of a version that its project repairs, by what the catalogue knows of it."""

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog, Product
from decisions.advisor.clouds import provider_of_cni
from decisions.advisor.present import minor_of, present_mesh
from decisions.advisor.recommendation import Source
from decisions.advisor.setting import Setting, runs_on
from decisions.advisor.versions import version


def cni_behind(setting: Setting) -> tuple[str, Source] | None:
    """The sentence about a CNI that is out of support, and its source; None where it is not, or where nobody knows.

    A Cilium that its provider runs is repaired by the provider, whatever its number says.
    """
    case = setting.case
    runs = version(case.baseline.cni_version or case.baseline.cni)[:2]
    if len(runs) < 2 or provider_of_cni(case):
        return None
    for product in setting.catalog.products.values():
        if not product.operations.supported_minors or not runs_on(product, case):
            continue
        if runs >= (oldest := _oldest(product)):
            return None
        name, have, need = product.constraints.cni[0].capitalize(), _dotted(runs), _dotted(oldest)
        because = f"{name} {have} gets no fixes any more: its project repairs {need} and newer, by the catalogue."
        return f"{because} {FIRST}", product.operations.source
    return None


FIRST = "Upgrade it before anything new goes into the path of calls, unless your distribution still repairs it."


def mesh_behind(case: Case, catalog: Catalog) -> tuple[str, Source] | None:
    """The sentence about a mesh that runs and is out of support, and its source; None as for a CNI.

    A project that repairs so many minors repairs no older ones, whichever came out since the day of the catalogue.
    """
    product = catalog.products.get(present_mesh(case.context.current))
    runs = minor_of(case.context.current)
    if product is None or not product.operations.supported_minors or not runs or runs >= (oldest := _oldest(product)):
        return None
    name, have, need = product.title.partition(" ")[0], _dotted(runs), _dotted(oldest)
    because = f"{name} {have}, which runs here, gets no fixes any more: its project repairs nothing older than {need}."
    return f"{because} {FROM_VENDOR}", product.operations.source


FROM_VENDOR = "Bring it to a version in support for as long as it runs, unless your vendor still repairs it."


def _oldest(product: Product) -> tuple[int, int]:
    """The oldest minor that the project of a product repairs."""
    newest = version(product.version)
    return newest[0], max(0, newest[1] - product.operations.supported_minors + 1)


def _dotted(one: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in one)
