"""The sentences at the head of an answer: what is recommended, why it is the least that suffices, what to do first."""

from collections import Counter

from decisions.advisor.case import Case, EvidenceKind, Outcome
from decisions.advisor.catalog import Product
from decisions.advisor.change_over import named_today, removal
from decisions.advisor.clusters import fitting, is_alone
from decisions.advisor.composition import Composition
from decisions.advisor.draws import DRAWS
from decisions.advisor.enforcement import SEGMENTATION, first_enforced
from decisions.advisor.fit import Grade
from decisions.advisor.in_support import cni_behind, mesh_behind
from decisions.advisor.in_transit import is_on, name_of_today
from decisions.advisor.kubernetes_support import unsupported
from decisions.advisor.managed_cni import set_by_provider, still_missing
from decisions.advisor.measures import distinct, said
from decisions.advisor.pack.names import first_namespace
from decisions.advisor.present import present_mesh, same_mesh
from decisions.advisor.quantities import as_shown, number, span
from decisions.advisor.recommendation import Approach, NextStep, Rival, Status, Trial, Verdict, WayOn
from decisions.advisor.robustness import Steadiness
from decisions.advisor.rules.limits import NAMES, beyond
from decisions.advisor.rules.platform import cni_would_change
from decisions.advisor.setting import in_how_many, joined, nouns
from decisions.advisor.to_measure import measure_first, timed
from decisions.advisor.unknowns import unknowns
from decisions.advisor.untried import tried_before


def named(product: Product) -> str:
    """Approach and product as one name: "CNI-level encryption (Cilium with WireGuard)"."""
    if product.approach is Approach.NO_MESH:
        return product.approach.title
    return f"{product.approach.title} ({product.title})"


def headline(case: Case, ranking: tuple[Composition, ...], steady: Steadiness, ways: tuple[WayOn, ...] = ()) -> str:
    """Why the recommended composition is the least that suffices; its name stands beside it wherever it is shown."""
    best = ranking[0]
    musts = best.setting.needs.musts
    if best.setting.unmet:
        where = next((f" No product here gives it {one.where}." for one in ways if one.where), "")
        return (
            f"No option meets every must-have. This is the nearest, and it leaves {nouns(best.setting.unmet)} open."
            f"{where}"
        )
    if best.ruled_out:
        return f"No option fits here. The nearest is ruled out: {_blocks(best)[0]}"
    if not any(answer.need for answer in case.requirements.values()):
        return "Nothing has been asked for yet. Sort the requirements first; until then there is nothing to solve."
    if not musts:
        return _without_musts(best)
    cost = span(best.hours, "hours a month")
    waits = "It waits for an upgrade" if not best.strains else "It is strained"
    strained = f" {waits}: {_main_strain(best)}" if best.status is Status.STRAINED else ""
    return (
        f"Meets {_all(len(musts))} at {cost}{_against(best, foil(ranking), ranking)}.{_shaky(best, steady)}{strained}"
    )


def _without_musts(best: Composition) -> str:
    """Why there is nothing to solve: nobody is sure yet, nobody has shown evidence, or nobody needs it."""
    if unsure := best.setting.needs.unsure:
        verb = "it is" if len(unsure) == 1 else "they are"
        return f"Nobody is sure about {nouns(unsure)}: find out whether {verb} needed. No must-have has evidence yet."
    demoted = tuple(one.requirement for one in best.setting.needs.demoted)
    if len(demoted) == 1:
        return (
            f"The must-have {nouns(demoted)} has no accepted evidence, so it counts as nice to have: "
            "until there is some, there is nothing here for a mesh to solve."
        )
    if demoted:
        return (
            f"The must-haves {nouns(demoted)} have no accepted evidence, so they count as nice to have: "
            "until there is some, there is nothing here for a mesh to solve."
        )
    return "No must-have with accepted evidence is left, so there is nothing here for a mesh to solve."


BROKEN = tuple(f"{figure} goes over:" for figure, _ in NAMES.values())
"""How the sentence of a broken limit begins."""

SHAKY = 0.6
"""Planning value: share of draws below which the answer is too close to call, whatever else is known."""


def _shaky(best: Composition, steady: Steadiness) -> str:
    """That the answer seldom stays in the draws, and what that means; a sentence of its own, empty where it stays."""
    if steady.share >= SHAKY:
        return ""
    if not timed(best.setting.case):
        return _untimed(steady)
    if not ahead(steady):
        return f" It is too close to call: {draws(steady)}."
    if unknowns(best.setting.case, best.setting.catalog):
        return f" It rests on what is answered today: with the open answers drawn too, {draws(steady)}."
    return f" It rests on the likely value of each range: drawn from whole ranges, {draws(steady)}."


def _untimed(steady: Steadiness) -> str:
    """The same where nothing is measured; what comes first in the other draws is told by the confidence."""
    times = f"{round(steady.share * DRAWS):,}" if steady.share else "none"
    if not (first := ahead(steady)):
        return f" Nothing has been measured yet: from planning values it stays the answer in {times} of 1,000 draws."
    return (
        f" Nothing has been measured yet: from planning values it stays the answer in {times} of 1,000 draws, "
        f"and {first.title} is first in more."
    )


def ahead(steady: Steadiness) -> Approach | None:
    """The approach that comes first in more draws than the answer; None where none does."""
    won: Counter[Approach] = Counter()
    for rival in steady.rivals:
        won[rival.approach] += rival.draws
    most = max(won, key=lambda one: (won[one], one), default=None)
    return most if most and won[most] > round(steady.share * DRAWS) else None


def draws(steady: Steadiness) -> str:
    """How often the answer stays, in words."""
    if not steady.share:
        return f"it stays the answer in none of 1,000 draws{elsewhere(steady)}"
    return f"it stays the answer in {round(steady.share * DRAWS):,} of 1,000 draws{elsewhere(steady)}"


MOST_RIVALS = 3
"""Named among what comes first in the other draws; the rest is counted together."""


def elsewhere(steady: Steadiness) -> str:
    """What comes first in the other draws, as the rest of a sentence; empty where there are none."""
    if not steady.rivals:
        return ""
    named_ = [f"{_rival(one)} in {one.draws:,}" for one in steady.rivals[:MOST_RIVALS]]
    if rest := sum(one.draws for one in steady.rivals[MOST_RIVALS:]):
        named_.append(f"something else in {rest:,}")
    words = named_[0] if len(named_) == 1 else f"{', '.join(named_[:-1])} and {named_[-1]}"
    return f"; in the others {words}" if len(named_) > 1 else f"; otherwise it is {words}"


def _rival(one: Rival) -> str:
    return one.approach.title if one.approach is Approach.NO_MESH else f"{one.approach.title} ({one.title})"


def foil(ranking: tuple[Composition, ...]) -> Composition | None:
    """The option to hold against the answer: the next one that is an answer of its own; None where there is none."""
    best = ranking[0]
    return next((one for one in ranking[1:] if not one.ruled_out and not padded(one, best)), None)


def padded(one: Composition, best: Composition) -> bool:
    """Whether an option is the answer's own small measures with a product beside them that carries no must-have.

    It costs more and gives nothing that is asked for, so it says nothing about how good the answer is.
    """
    musts = one.setting.needs.musts
    own = {measure.sheet.id for measure in best.setting.add_ons}
    product = one.setting.approach is not Approach.NO_MESH
    return (
        bool(product and musts and own) and not one.setting.carried and own <= {m.sheet.id for m in one.setting.add_ons}
    )


def _against(best: Composition, second: Composition | None, ranking: tuple[Composition, ...]) -> str:
    if second is None:
        return ""
    title = second.setting.approach.title
    if number(best.hours.likely) == number(second.hours.likely):
        return f", as many as {title}"
    skipped = "" if second is ranking[1] else ", the next without the same small measures"
    return f", against {number(second.hours.likely)} for {title}{skipped}{_in_spite(best, second)}"


def _in_spite(best: Composition, second: Composition) -> str:
    """Why an option that takes fewer hours comes behind, as a clause; empty where it takes more."""
    if as_shown(second.hours.likely) >= as_shown(best.hours.likely):
        return ""
    if second.feasibility > best.feasibility:
        return ", which is strained more" if best.status is Status.STRAINED else ", which is strained"
    return f", {DEARER}"


DEARER = "whose CPU and memory cost more than that saves"
"""Hours, CPU and memory are counted together, so that fewer hours alone do not come first."""


def _all(count: int) -> str:
    return {1: "the one must-have", 2: "both must-haves"}.get(count, f"all {count} must-haves")


def summary(one: Composition, ranking: tuple[Composition, ...]) -> str:
    """One line for the ranking: why the option stands where it stands."""
    setting, best = one.setting, ranking[0]
    if setting.unmet:
        return _left_open(one)
    if blocks := _blocks(one):
        return blocks[0]
    if one.status is Status.STRAINED:
        return _main_strain(one)
    if not setting.needs.musts:
        return "Nothing with accepted evidence is left to solve." if one is best else "Nothing here asks for it."
    if one is best:
        lighter = any(not other.ruled_out and other.burden < one.burden for other in ranking)
        return f"Meets every must-have {'without strain' if lighter else 'with the least to run'}."
    return _of_another(one, best)


def _of_another(one: Composition, best: Composition) -> str:
    """What an option that fits takes more than the answer, or what it takes more where it takes fewer hours."""
    extra = number(abs(more := as_shown(one.hours.likely) - as_shown(best.hours.likely)))
    if more < 0.0:
        hours = "hour" if extra == "1" else "hours"
        return f"Meets every must-have, for {extra} {hours} a month less, but its CPU and memory cost more."
    return (
        f"The same small measures with a product beside them that no must-have asks for: {extra} "
        f"{'hour' if extra == '1' else 'hours'} a month more."
        if padded(one, best)
        else f"Meets every must-have, for {extra} {'hour' if extra == '1' else 'hours'} a month more."
    )


def _left_open(one: Composition) -> str:
    unmet = one.setting.unmet
    waiting = [one.waiting(must) for must in unmet]
    if all(waiting) and not one.blocks:
        titles = ", ".join(dict.fromkeys(measure.sheet.title for found in waiting for measure in found))
        return f"Leaves {nouns(unmet)} open, and stays out until a small measure is known to close that ({titles})."
    return f"Leaves {nouns(unmet)} open."


def _blocks(one: Composition) -> list[str]:
    """What rules an option out beside open musts."""
    return [one.because for one in one.reasons if one.verdict is Verdict.RULES_OUT and not one.requirement]


def _main_strain(one: Composition) -> str:
    """The first strain in words: a must under strain, a broken limit, then what team or platform cannot carry."""
    setting = one.setting
    pressed = [must for must in setting.carried if setting.fits[must].grade is Grade.STRAINED]
    if pressed:
        return f"Meets {nouns((pressed[0],))} only with care: {setting.fits[pressed[0]].because}."
    if (found := cni_would_change(setting)) and setting.withheld(setting.carried):
        return found.because
    sentences = one.weight.straining
    limits = [sentence for sentence in sentences if sentence.startswith(BROKEN)]
    return (limits or sentences)[0]


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
        return f"Settle first what rules the nearest option out: {_blocks(best)[0]}"
    return (
        f"Look at {nouns(best.setting.unmet)} again: who reads the rule that way, and for which part of the system? No "
        "single change makes an option fit; split the decision by parts of the system that ask for less."
    )


SHOWN_WAYS = 3
"""So many ways on stand in the next step; the record lists all."""
