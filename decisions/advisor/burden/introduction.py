"""The hours it takes to bring an option in, spread over the months of comparison."""

from decisions.advisor.burden.books import Books
from decisions.advisor.present import SIDECARS, present_mesh, same_mesh
from decisions.advisor.quantities import Range
from decisions.advisor.reckoning import A
from decisions.advisor.recommendation import Approach, Source
from decisions.advisor.setting import in_how_many, joined, kernel_suffices
from decisions.advisor.versions import older

DAY_HOURS = 8.0


def introduction(books: Books[A]) -> A:
    """Installation, enrolment and training over the months of comparison; a CNI migration where one is needed.

    Without a mesh nothing comes in, and one that runs is taken out all the same.
    """
    if books.setting.approach is Approach.NO_MESH:
        return books.spread(leaving(books))
    if runs_here(books):
        return books.spread(building(books) + _training_of_teams(books))
    if another_mode_runs(books):
        # Control plane and enrolment stand; what is new has to be learned.
        return books.spread(_training(books))
    once = building(books)
    if books.setting.is_mesh:
        once = once + _training(books)
    return books.spread(once + leaving(books))


def building(books: Books[A]) -> A:
    """One-off hours until it stands: installation, enrolment, and a CNI or kernels that have to come first."""
    setting, product = books.setting, books.reckoning.product
    if runs_here(books):
        return _enrolment(books)
    if another_mode_runs(books):
        return books.reckoning.zero
    kernel = books.operations.proxies == "kernel"
    extra = books.reckoning.exactly(max(0.0, books.reckoning.likely(books.sizes.clusters) - 1))
    once = books.value("install_hours_kernel" if kernel else "install_hours")
    once = once + product(extra, books.value("install_hours_per_cluster"))
    once = once + _enrolment(books)
    if "vm_workloads" in setting.carried:
        machines = float(setting.case.baseline.virtual_machines or 0)
        once = once + product(books.reckoning.exactly(machines), books.value("vm_hours_per_machine"))
    return once + migration(books) + _node_upgrade(books)


def _enrolment(books: Books[A]) -> A:
    """One-off hours until all that is in scope has joined, of which a part may have already."""
    once, product = books.reckoning.zero, books.reckoning.product
    if books.setting.is_mesh:
        once = once + product(_joining(books, books.sizes.namespaces), books.value("enrol_hours_per_namespace"))
    if books.operations.proxies == "pod":
        once = once + product(_joining(books, books.sizes.services), books.value("enrol_hours_per_service_pod"))
    return once


def introduced(books: Books[Range]) -> tuple[str, tuple[Source, ...]]:
    """What the introduction consists of."""
    return _steps(books), ()


def _steps(books: Books[Range]) -> str:
    if runs_here(books):
        where = in_how_many(books.setting.case)
        still = f", in {where}: enrolment and training for the others, over three years"
        return f"It runs here already{still if joined(books.setting.case) < 1.0 else ''}."
    if another_mode_runs(books):
        return "Its control plane runs here already; training for what is added, spread over three years."
    change, left = migration(books), leaving(books)
    out = f"taking out the mesh that runs (likely {left.likely:,.0f} hours)"
    if books.setting.approach is Approach.NO_MESH:
        return f"Nothing comes in; {out}, spread over three years."
    if change.high > 0:
        work = f"installation, training and {out}" if left.high > 0 else "installation and training"
        return f"Replacing the CNI (likely {change.likely:,.0f} hours), {work}, over three years."
    if left.high > 0:
        return f"Installation, enrolment, training and {out}, spread over three years."
    return "Installation, enrolment and training, spread over three years."


def runs_here(books: Books[A]) -> bool:
    """Whether the product is the mesh that runs today."""
    return present_mesh(books.setting.case.context.current) == books.setting.product.id


def another_mode_runs(books: Books[A]) -> bool:
    """Whether the mesh that runs is another mode of the product, so that its control plane is there."""
    product, present = books.setting.product.id, present_mesh(books.setting.case.context.current)
    return product != present and same_mesh(product, present)


def leaving(books: Books[A]) -> A:
    """One-off hours of taking out another mesh that runs today: none where none is named or the product is it.

    A namespace leaves with the work with which it joined: callers, policies and, where proxies are in the pods, each
    service is looked at once more. So the planning values of enrolment stand for both. What never joined has nothing
    to leave.
    """
    present = present_mesh(books.setting.case.context.current)
    if not present or same_mesh(books.setting.product.id, present):
        return books.reckoning.zero
    product, size = books.reckoning.product, books.sizes
    once = product(size.namespaces, books.value("enrol_hours_per_namespace"))
    if present in SIDECARS:
        once = once + product(size.services, books.value("enrol_hours_per_service_pod"))
    return books.reckoning.times(once, joined(books.setting.case))


def migration(books: Books[A]) -> A:
    """One-off hours of a change of CNI: none when it runs already, possible when the CNI is not known."""
    setting = books.setting
    says, own = setting.case.context.cni_can_encrypt, setting.has_own_cni
    encrypting = setting.approach is Approach.CNI_ENCRYPTION
    if not setting.product.constraints.cni or (own and not (encrypting and says == "no")):
        return books.reckoning.zero
    if encrypting and says == "yes" and own is None:
        return books.reckoning.zero
    nodes = books.reckoning.product(books.sizes.nodes, books.value("cni_migration_hours_per_node"))
    full = books.value("cni_migration_hours_base") + nodes
    return books.reckoning.perhaps(full) if own is None and says != "no" else full


def _joining(books: Books[A], count: A) -> A:
    """Of a count, what is in scope and has still to join."""
    still = 1.0 - joined(books.setting.case) if runs_here(books) else 1.0
    return books.reckoning.times(count, books.meshed * still)


def _node_upgrade(books: Books[A]) -> A:
    """One-off hours of a newer kernel on every node; a Kubernetes upgrade is due whatever is decided."""
    case, product = books.setting.case, books.setting.product
    if not older(case.baseline.kernel_version, product.constraints.min_kernel) or kernel_suffices(case, product):
        return books.reckoning.zero
    nodes = books.reckoning.product(books.sizes.nodes, books.value("node_upgrade_hours_per_node"))
    return books.value("node_upgrade_hours_base") + nodes


def _training(books: Books[A]) -> A:
    days, reckoning = books.setting.case.operations.training_days, books.reckoning
    if days is not None:
        people = reckoning.exactly(float(days) * DAY_HOURS)
    else:
        default = reckoning.product(books.value("training_days_default"), books.value("people_on_call"))
        people = reckoning.times(default, DAY_HOURS)
    return people + _training_of_teams(books)


def _training_of_teams(books: Books[A]) -> A:
    """One-off hours in which the teams whose services join learn what changes for them."""
    if books.operations.proxies not in {"pod", "node_and_namespace"}:
        return books.reckoning.zero
    return books.reckoning.product(_joining(books, books.sizes.teams), books.value("training_hours_per_team"))
