"""The sentences at the head of an answer: what is recommended, and why it is the least that suffices."""

from collections import Counter

from decisions.advisor.case import Case
from decisions.advisor.catalog import Product
from decisions.advisor.composition import Composition
from decisions.advisor.draws import DRAWS
from decisions.advisor.fit import Grade
from decisions.advisor.quantities import as_shown, number, span
from decisions.advisor.recommendation import Approach, Rival, Status, Verdict, WayOn
from decisions.advisor.robustness import Steadiness
from decisions.advisor.rules.limits import NAMES
from decisions.advisor.rules.platform import cni_would_change
from decisions.advisor.setting import nouns
from decisions.advisor.to_measure import timed
from decisions.advisor.unknowns import unknowns


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
        return f"No option fits here. The nearest is ruled out: {blocked_by(best)[0]}"
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
    if blocks := blocked_by(one):
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


def blocked_by(one: Composition) -> list[str]:
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
