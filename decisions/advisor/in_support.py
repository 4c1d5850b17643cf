"""Whether what runs, a CNI or a mesh, is of a version that its project repairs, by what the catalogue knows of it."""

from math import ceil

from decisions.advisor.case import Case
from decisions.advisor.catalog import Catalog, Product
from decisions.advisor.clouds import provider_of_cni
from decisions.advisor.present import minor_of, present_mesh, same_control_plane
from decisions.advisor.quantities import counted
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
    if product is None or not runs or not (many := upgrades_behind(case, product)):
        return None
    name, have, need = product.title.partition(" ")[0], _dotted(runs), _dotted(_oldest(product))
    because = f"{name} {have}, which runs here, gets no fixes any more: its project repairs nothing older than {need}."
    if many > 1:
        because += f" It takes {in_steps(many, product)}, to get there."
    return f"{because} {FROM_VENDOR}", product.operations.source


def upgrades_behind(case: Case, product: Product) -> int:
    """How many upgrades bring the control plane that runs to the oldest minor that the project of a product repairs.

    0 where it is in support, where nobody knows, and where another control plane runs.
    """
    runs, operations = minor_of(case.context.current), product.operations
    here = same_control_plane(product.id, present_mesh(case.context.current))
    if not here or not runs or not operations.supported_minors or runs >= (oldest := _oldest(product)):
        return 0
    return ceil((oldest[1] - runs[1]) / operations.minors_per_upgrade) if runs[0] == oldest[0] else 1


def in_steps(many: int, product: Product) -> str:
    """So many upgrades in words: "5 upgrades, each over at most 2 minors"."""
    if many == 1:
        return counted(many, "upgrade")
    if (at_most := product.operations.minors_per_upgrade) == 1:
        return f"{many} upgrades, one minor at a time"
    return f"{many} upgrades, each over at most {at_most} minors"


FROM_VENDOR = "Bring it to a version in support for as long as it runs, unless your vendor still repairs it."


def _oldest(product: Product) -> tuple[int, int]:
    """The oldest minor that the project of a product repairs."""
    newest = version(product.version)
    return newest[0], max(0, newest[1] - product.operations.supported_minors + 1)


def _dotted(one: tuple[int, ...]) -> str:
    return ".".join(str(part) for part in one)
