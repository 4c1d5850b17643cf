"""The sentence that says what to do first: measure, settle, upgrade, try, or begin."""

from decisions.advisor.case import Case, EvidenceKind, Outcome
from decisions.advisor.catalog import Product
from decisions.advisor.change_over import named_today, removal
from decisions.advisor.clusters import fitting, is_alone
from decisions.advisor.composition import Composition
from decisions.advisor.enforcement import SEGMENTATION, first_enforced
from decisions.advisor.in_support import cni_behind, mesh_behind
from decisions.advisor.in_transit import is_on, name_of_today
from decisions.advisor.kubernetes_support import unsupported
from decisions.advisor.managed_cni import set_by_provider, still_missing
from decisions.advisor.measures import distinct, said
from decisions.advisor.pack.names import first_namespace
from decisions.advisor.present import present_mesh, same_mesh
from decisions.advisor.recommendation import Approach, NextStep, Trial, WayOn
from decisions.advisor.rules.limits import beyond
from decisions.advisor.setting import in_how_many, joined, nouns
from decisions.advisor.to_measure import measure_first
from decisions.advisor.untried import tried_before
from decisions.advisor.wording import blocked_by, named


def next_step(
    case: Case, best: Composition, kind: NextStep, trials: tuple[Trial, ...], ways: tuple[WayOn, ...] = ()
) -> str:
    """The one thing to do first."""
    return _asked_first(case, best) + _first(case, best, kind, trials, ways)


def _asked_first(case: Case, best: Composition) -> str:
    """Where all that is asked for rests on a rule that nobody has read back to the assessor, that is asked before
    anything is measured, tried or built: another reading takes the whole answer away.
    """
    musts = best.setting.needs.musts
    by_rule = bool(musts) and all(case.answer(one).evidence.kind is EvidenceKind.RULE for one in musts)
    unread = case.context.assessor_confirmed in {"no", "not_asked"}
    if not (by_rule and unread) or best.setting.approach is Approach.NO_MESH:
        return ""
    return f"Ask the assessor first, in writing, whether the rule asks for {nouns(musts)}: the answer hangs on that. "


def _first(case: Case, best: Composition, kind: NextStep, trials: tuple[Trial, ...], ways: tuple[WayOn, ...]) -> str:
    """What to do first where it is clear what is asked for."""
    if kind is NextStep.MEASURE_FIRST:
        return measure_first(case)
    if best.ruled_out:
        return _settle(best, ways)
    if trials:
        first = trials[0]
        enforced = first_enforced(case, best.setting.catalog) if first.requirement == SEGMENTATION else ""
        return " ".join(filter(None, (enforced, first.what, first.test)))
    unsure = best.setting.needs.unsure
    if best.setting.approach is Approach.NO_MESH and unsure and not best.setting.needs.musts:
        return f"Find out who needs {nouns(unsure)}, and by which rule, incident or measurement, before anything else."
    leaving = removal(case, best) is not None
    if best.setting.approach is Approach.NO_MESH:
        return _without_mesh(case, best, leaving=leaving)
    return f"{_begin(case, best)} {AFTERWARDS}" if leaving else _begin(case, best)


AFTERWARDS = "The mesh that runs today is taken out in the last stage, when those before have met their gates."


def _without_mesh(case: Case, best: Composition, *, leaving: bool) -> str:
    """What to do first where no mesh comes in: what is still to be built, then what is to be taken out, or nothing."""
    tasks = [one for one in distinct(best.setting.add_ons) if one.outcome != Outcome.WORKS]
    todo = [said(case, one) for one in tasks]
    if leaving:
        todo.append(AFTERWARDS if tasks else f"Take the mesh of today out ({named_today(case, best)}): {SLOWLY}")
    if todo:
        return " ".join(todo)
    if not best.setting.needs.musts:
        return "Keep what you have, and review this decision when a must-have with evidence appears."
    return f"Keep what meets {nouns(best.setting.needs.musts)} today, and review this decision when that changes."


SLOWLY = "one namespace at a time, the least critical first. No must-have needs it."


def _begin(case: Case, best: Composition) -> str:
    """What to do first with a product, after the trial of a smaller fix where only that is missing."""
    begun = _first_stage(case, best)
    untried = tried_before(best)
    return f"{untried} Where it does not work: {begun}" if untried else begun


def _first_stage(case: Case, best: Composition) -> str:
    """How to begin with a product: what comes before, and its first stage, or what to do where it runs already."""
    product = best.setting.product
    upgrade = f"Upgrade first: {' and '.join(best.upgrades)}. Then {named(product)}. " if best.upgrades else ""
    upgrade = _over_limits(best) + upgrade + _first_of_all(case, best)
    needed = ", ".join(still_missing(best.setting, upgraded=bool(best.upgrades)))
    if present_mesh(case.context.current) == product.id:
        undone = f" What it needs, to be gone through first: {needed}." if needed else ""
        return f"{upgrade}{_where_it_runs(case, best)}{undone}"
    where = first_namespace(case) or case.plan.first_namespace
    by_namespace = best.setting.approach is not Approach.CNI_ENCRYPTION
    start = f" Start with the namespace {where}." if where and by_namespace else ""
    if same_mesh(product.id, present_mesh(case.context.current)):
        return (
            f"{upgrade}Its control plane runs here today ({case.context.current}), so nothing is installed again. "
            f"First stage of {product.title}: {product.rollout.permissive}{start}"
        )
    if is_on(best.setting):
        kind = name_of_today(case)
        return f"{upgrade}Nothing is switched on: {kind} is on here today. {SEEN}"
    if best.setting.stands_in:
        return upgrade + _by_its_own_documentation(case, product)
    before = f"Before it starts: {needed}. " if needed else ""
    if provided := set_by_provider(best.setting):
        return f"{upgrade}{before}First stage of {product.title}: {provided.changes[0].what}"
    install = fitting(case, product.rollout.install)
    return f"{upgrade}{before}First stage of {product.title}: {install}{start}"


def _where_it_runs(case: Case, best: Composition) -> str:
    """What to do with the mesh that runs already: it is kept in support, and what is not in it yet joins."""
    keep = behind[0] if (behind := mesh_behind(case, best.setting.catalog)) else KEEP
    runs = f"it runs here today ({case.context.current})"
    if joined(case) == 1.0:
        return f"Nothing is introduced: {runs}. {keep}"
    return f"Nothing is installed: {runs}, in {in_how_many(case)}, and the others join stage by stage. {keep}"


SEEN = (
    "See that every node takes part, and prove by a packet capture between two nodes that nothing passes in clear text."
)
"""What is left to do where the encryption that is the answer runs."""


def _by_its_own_documentation(case: Case, product: Product) -> str:
    cni = case.baseline.cni
    stands_for = (
        f"{cni} has no sheet here, so that {product.title} only stands for it: for its figures and stages, not for its "
        "commands."
    )
    if is_alone(case):
        return f"First stage: switch on the encryption of {cni} in the cluster, by its own documentation. {stands_for}"
    return (
        f"First stage: switch on the encryption of {cni} in the least critical cluster, by its own documentation. "
        f"{stands_for}"
    )


def _over_limits(best: Composition) -> str:
    """What has to be settled before anything is brought in that no measurement could bring within the limits."""
    over = "; ".join(beyond(best.setting))
    return f"Settle the limits first: even the low end of what it adds is over ({over}). " if over else ""


KEEP = "Bring it to a version in support and hold it there."
"""What to do about a mesh that runs and is the answer."""


def _first_of_all(case: Case, best: Composition) -> str:
    """What has to be known or repaired before a first stage: the CNI that runs, and a Kubernetes that gets fixes."""
    said = ""
    cnis = best.setting.product.constraints.cni
    if cnis and not case.baseline.cni and case.context.cni_can_encrypt != "yes":
        said = f"Find out first which CNI runs here: with {cnis[0].capitalize()} this is a setting, else a migration. "
    ended = unsupported(case, best.setting.catalog.version[:10])
    if ended and ended.first:
        said += f"{ended.first} "
    if behind := cni_behind(best.setting):
        said += f"{behind[0]} "
    return said


def _settle(best: Composition, ways: tuple[WayOn, ...]) -> str:
    """What to do where nothing fits: the ways on that were found, else what to ask."""
    if ways:
        told = [f"{one.change}: then {one.becomes} is the answer." for one in ways[:SHOWN_WAYS]]
        opening = "Decide first which of these holds" if len(told) > 1 else "One change makes an option fit"
        return f"{opening}. {' '.join(told)}"
    if not best.setting.unmet:
        return f"Settle first what rules the nearest option out: {blocked_by(best)[0]}"
    return (
        f"Look at {nouns(best.setting.unmet)} again: who reads the rule that way, and for which part of the system? No "
        "single change makes an option fit; split the decision by parts of the system that ask for less."
    )


SHOWN_WAYS = 3
"""So many ways on stand in the next step; the record lists all."""
