"""The incremental roll-out: stages that change one thing each, with a gate, a stop rule and a way back."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from decisions.advisor.case import STAGE_TEXTS, Case
from decisions.advisor.case.stages import limits
from decisions.advisor.change_over import (
    FILED,
    NOTED,
    WATCHED,
    Removal,
    in_first_namespace,
    old_control_plane,
    removal,
    served_already,
    settled_first,
    shed_first,
    still_to_do,
)
from decisions.advisor.clusters import fitting, is_alone
from decisions.advisor.cni_change import CNI_CHANGE, told
from decisions.advisor.composition import Composition
from decisions.advisor.conditions import holds
from decisions.advisor.effects import NOWHERE, Reach, everywhere, reach_of
from decisions.advisor.enforcement import SEGMENTATION, first_enforced
from decisions.advisor.gates import decider, gate_sentence, gates, stop_sentence
from decisions.advisor.in_transit import is_on, name_of_today, stands_already
from decisions.advisor.managed_cni import sheet_for
from decisions.advisor.measures import Measure, distinct, said
from decisions.advisor.pack.names import first_namespace
from decisions.advisor.present import CONTROL_PLANE, present_of
from decisions.advisor.questions import FIELDS
from decisions.advisor.recommendation import Approach, Feature, Stage
from decisions.advisor.rollout import PHASES, Change, Phase, RolloutSheet, load
from decisions.advisor.scope import reached
from decisions.advisor.scope import told as scope_told
from decisions.advisor.setting import nouns
from decisions.advisor.untried import tried_before
from decisions.advisor.way_back import NOTHING, of_measure, of_stage

OWN_SIGNALS = ["app-success", "app-p99"]
"""What is watched where no sheet names a signal."""


def stages(case: Case, best: Composition) -> tuple[Stage, ...]:
    """The stages for the recommended composition: small measures first, then the product step by step."""
    measures = distinct(best.setting.add_ons)
    found = [_trial(case, best, measure) for measure in measures if measure.requirement != "audit_proof"]
    # Small measures do not lean on each other, so that the team may choose their order; a product's phases do.
    found.sort(key=lambda one: int(case.stages.get(one.id, {}).get("place", 99)))
    if best.setting.approach is not Approach.NO_MESH and not best.ruled_out:
        found += _product(case, best)
    # A control has to be on before its daily check can show that it is.
    found += [_trial(case, best, measure) for measure in measures if measure.requirement == "audit_proof"]
    if leaving := removal(case, best):
        found.append(_removal(case, best, leaving))
    if not found:
        found.append(_nothing(case, best))
    return tuple(replace(_rewritten(stage, case), number=number) for number, stage in enumerate(found))


def _rewritten(stage: Stage, case: Case) -> Stage:
    """The stage with what the team wrote and set itself, and the names of it."""
    words = case.stages.get(stage.id, {})
    changed: dict[str, Any] = {
        name: words[name] for name in STAGE_TEXTS if name in words and words[name] != getattr(stage, name)
    }
    own = limits(words)
    gates = tuple(replace(one, threshold=own.get(one.id, one.threshold)) for one in stage.gates)
    names = (*changed, *(["limits"] if gates != stage.gates else []), *(["place"] if "place" in words else []))
    return replace(stage, **changed, gates=gates, changed=names)


def _stage(
    case: Case,
    best: Composition,
    changes: tuple[Change, ...],
    watched: tuple[Change, ...] = (),
    *,
    reach: Reach = NOWHERE,
    **words: Any,
) -> Stage:
    """A stage with what all of them share: the gate, the stop rule, who decides, and the signals of its changes.

    `watched` are changes that are not made here and whose signals count all the same; `reach` is what the stages up to
    this one have brought, which a gate may ask for.
    """
    signals = [one for change in (*changes, *watched) for one in change.signals] or OWN_SIGNALS
    sources = {change.source.text: change.source for change in changes}
    shared: dict[str, Any] = {
        "number": 0,
        "gate": gate_sentence(case, best, reach),
        "stop": stop_sentence(case, reach),
        "decides": decider(case),
        "gates": gates(case, best, signals, load()),
        "sources": tuple(sources.values()),
    }
    return Stage(**(shared | words))


def _trial(case: Case, best: Composition, measure: Measure) -> Stage:
    sheet, audit = measure.sheet, measure.requirement == "audit_proof"
    rollout = load().sheets.get(sheet.id) or RolloutSheet(id=sheet.id, checked=sheet.checked)
    meets = tuple(one.requirement for one in best.setting.add_ons if one.sheet.id == sheet.id)
    back, takes = of_measure(sheet)
    enforced = first_enforced(case, best.setting.catalog) if SEGMENTATION in sheet.meets else ""
    shown = _all(best) if audit else everywhere(sheet.meets)
    return _stage(
        case,
        best,
        rollout.changes,
        reach=shown,
        id=f"{'check' if audit else 'fix'}-{sheet.id}",
        title=sheet.title if measure.outcome == "works" or audit else f"{sheet.title}, as a trial",
        what=f"{said(case, measure)} {_beginning(case, measure)}".strip(),
        only_because=f"It meets {nouns((measure.requirement,))} without a mesh.",
        gate=sheet.test if audit else f"{sheet.test} {gate_sentence(case, best, shown)}",
        rollback=back,
        rollback_takes=takes,
        proof=_proof(case) if audit else "",
        prerequisites=(*filter(None, [enforced]), *_prerequisites(case, best, rollout)),
        features=tuple(_feature(rollout, change, meets) for change in rollout.changes),
    )


def _beginning(case: Case, measure: Measure) -> str:
    first = first_namespace(case)
    if not first or measure.sheet.touches != "namespaces" or measure.outcome == "works":
        return ""
    return f"Start with the namespace {first}."


def enabled(sheet: RolloutSheet, best: Composition) -> tuple[Change, ...]:
    """The changes that are made: the base, and what a carried must asks for, where the platform is theirs."""
    musts, case, product = set(best.setting.carried), best.setting.case, best.setting.product
    wanted = (one for one in sheet.changes if (one.base or musts & set(one.meets)) and holds(one.when, case, product))
    return tuple(one for one in wanted if musts >= set(one.needs) and not musts & set(one.unless))


def _feature(sheet: RolloutSheet, change: Change, carried: tuple[str, ...]) -> Feature:
    asked = tuple(one for one in carried if one in change.meets)
    # What the product cannot do without is asked for by all that the product carries.
    return Feature(sheet=sheet.id, id=change.id, what=change.what, asked_by=asked or carried)


def _prerequisites(case: Case, best: Composition, sheet: RolloutSheet) -> tuple[str, ...]:
    product = best.setting.product
    return tuple(f"{one.topic}: {one.text}" for one in sheet.prerequisites if holds(one.when, case, product))


def _product(case: Case, best: Composition) -> list[Stage]:
    """Installed without effect, first namespace permissive, first strict, further namespaces, default."""
    product = best.setting.product
    sheet = sheet_for(best.setting)
    changes = still_to_do(case, product.id, enabled(sheet, best)) if sheet else ()
    changes = tuple(one for one in changes if not stands_already(best.setting, one))
    here = [one for one in changes if in_first_namespace(case, product.id, one)]
    by_phase = {phase: tuple(one for one in here if one.phase is phase) for phase in Phase}
    by_phase[Phase.WIDEN] = tuple(one for one in changes if one.everywhere)
    # What stands is not made again, but it is watched: who still calls in plain text has to be known before STRICT.
    stands = tuple(one for one in enabled(sheet, best) if one not in here) if sheet else ()
    titles = _titles(case, best, changes)
    found = []
    for phase in PHASES[1:]:
        sentence = getattr(product.rollout, phase)
        if not sentence or (sheet and phase in {Phase.PERMISSIVE, Phase.STRICT} and not by_phase[phase]):
            continue
        if phase is Phase.WIDEN and (_is_all_there_is(case, best) or _namespaces(best) == 1):
            continue
        found.append(_step(case, best, by_phase, phase=phase, title=titles[phase], what=sentence, stands=stands))
    if found:
        upgrades = tuple(f"Upgrade first: {one}" for one in best.upgrades)
        # What it takes to switch encryption on is there where it is on.
        known = _prerequisites(case, best, sheet) if sheet and not is_on(best.setting) else ()
        present = settled_first(case, product.id) if best.setting.is_mesh else ()
        untried = filter(None, [tried_before(best)])
        found[0] = replace(found[0], prerequisites=(*untried, *upgrades, *present, *known))
    if best.setting.has_own_cni is False:
        found.insert(0, _stage(case, best, (), id=CNI_CHANGE, **told(case, best.setting)))
    return found


def _is_all_there_is(case: Case, best: Composition) -> bool:
    """Whether the first cluster is the only one, where what is switched on is switched on for a cluster."""
    return best.setting.approach is Approach.CNI_ENCRYPTION and is_alone(case)


def _namespaces(best: Composition) -> int | None:
    """To how many namespaces the musts that a mesh carries bring it; None where to all."""
    setting = best.setting
    return reached(setting.case, setting.carried) if setting.is_mesh else None


def _titles(case: Case, best: Composition, made: tuple[Change, ...]) -> Mapping[Phase, str]:
    if best.setting.approach is Approach.CNI_ENCRYPTION:
        # The switch of a CNI is per cluster; namespaces play no part. Few have a strict mode to switch on.
        refuses = any(one.phase is Phase.STRICT and (one.values or one.manifests) for one in made)
        return {
            Phase.INSTALL: _switched_on(case, best),
            Phase.PERMISSIVE: "Watched there",
            Phase.STRICT: "No plain-text fallback there" if refuses else "What passes is proven there",
            Phase.WIDEN: "Further clusters, in the order of risk",
            Phase.DEFAULT: "Default for new clusters",
        }
    first = first_namespace(case) or case.plan.first_namespace or "the namespace with the lowest risk"
    runs = present_of(case).runs(best.setting.product.id)
    everywhere = "Default for the cluster" if is_alone(case) else "Default for the clusters"
    scoped = _namespaces(best) is not None
    return {
        Phase.INSTALL: "It runs already: the state of today is written down" if runs else _installed(best, made),
        Phase.PERMISSIVE: f"First namespace, permissive: {first}",
        Phase.STRICT: f"First namespace, strict: {first}",
        Phase.WIDEN: f"Further namespaces{' in scope' if scoped else ''}, in the order of risk",
        Phase.DEFAULT: "Default for what is in scope" if scoped else everywhere,
    }


def _switched_on(case: Case, best: Composition) -> str:
    if is_on(best.setting):
        return "It is on already: the state of today is written down"
    return "On in the cluster" if _is_all_there_is(case, best) else "On in the least critical cluster"


ENCRYPTED = "Write down which nodes have it and since which version, and see that each lists all others as its peers."
"""What is done first where the encryption that is the answer runs."""


def _installed(best: Composition, made: tuple[Change, ...]) -> str:
    """What the first stage of a mesh comes to: in the CNI it may encrypt at once, and answers for all traffic."""
    if any(one.at_once for one in made):
        return "Installed and encrypting, nothing denied yet"
    return (
        "Installed, nothing denied yet" if best.setting.approach is Approach.EBPF_MESH else "Installed, without effect"
    )


def _step(
    case: Case,
    best: Composition,
    made: Mapping[Phase, tuple[Change, ...]],
    *,
    phase: Phase,
    title: str,
    what: str,
    stands: tuple[Change, ...],
) -> Stage:
    product, carried, changes = best.setting.product, best.setting.carried, made[phase]
    watched = stands if phase is Phase.INSTALL else ()
    sheet = sheet_for(best.setting) or RolloutSheet(id=product.id, checked=product.checked)
    runs = present_of(case).runs(product.id)
    here = phase is Phase.INSTALL and (runs or is_on(best.setting))
    back, takes = NOTHING if here and not changes else of_stage(case, best, phase, made, sheet)
    if here:
        said = _of_today(case, changes, runs=runs, watched=bool(watched))
    else:
        said = _what(
            case, best, changes, "" if runs and phase in TRIED else what, phase=phase, own=sheet.id == product.id
        )
    return _stage(
        case,
        best,
        changes,
        watched,
        reach=reach_of(case, best.setting.approach, phase, made, stands),
        id=phase.value,
        phase=PHASES.index(phase),
        title=title,
        what=said,
        only_because=f"Only what {nouns(carried)} asks for is switched on.",
        rollback=back,
        rollback_takes=takes,
        proof=FILED if here and runs else _shown((*changes, *watched), phase, product.rollout.proof),
        # Where a small measure meets all there is, the product is there for what the musts ask together.
        features=tuple(_feature(sheet, one, carried or best.setting.needs.musts) for one in changes),
    )


def _what(case: Case, best: Composition, changes: tuple[Change, ...], what: str, *, phase: Phase, own: bool) -> str:
    """What is done in a stage; `own` says that the product's sheet is no provider's."""
    product, served = best.setting.product, served_already(case, best.setting.product.id)
    done = " ".join(served if served and CONTROL_PLANE in one.charts else one.what for one in changes)
    # The sentence of the catalogue speaks of all the product can do; the changes say what is done here.
    parts = [what] if phase is Phase.WIDEN else [done or what]
    scope = scope_told(case, best.setting.carried) if _namespaces(best) is not None else ""
    if phase is Phase.WIDEN and scope:
        parts += [f"It ends with what is in scope: {scope}."]
    if phase is Phase.DEFAULT:
        ended = f"Nothing joins beyond the scope ({scope}) before a must-have asks for it: new namespaces stay outside."
        # What the provider lets be set is said by the provider's sheet alone.
        parts = [*filter(None, [done, ended])] if scope else [*parts, what] if done and own else parts
        parts += [old_control_plane(case, product.id)]
    return fitting(case, " ".join(filter(None, (shed_first(case, product.id, phase), *parts))))


TRIED = frozenset({Phase.PERMISSIVE, Phase.STRICT})
"""Stages of the first namespace: of a mesh that runs only what changes is said of them."""


def _of_today(case: Case, changes: tuple[Change, ...], *, runs: bool, watched: bool) -> str:
    """What the first stage says of what runs already: a mesh, or the encryption that the CNI does."""
    done = fitting(case, " ".join(one.what for one in changes))
    if not runs:
        kind = name_of_today(case)
        on = f"{kind} is on today by what is said of the system, so nothing is switched on again."
        return " ".join(filter(None, (on, ENCRYPTED, done)))
    return " ".join(filter(None, (NOTED, done, WATCHED if watched and not changes else "")))


def _shown(changes: tuple[Change, ...], phase: Phase, daily: str) -> str:
    """What an auditor is shown of this very stage; what is shown every day belongs to the last one."""
    of_phase = [one for one in changes if phase is not Phase.WIDEN or one.phase is Phase.STRICT]
    shown = " ".join(dict.fromkeys(one.proof for one in of_phase if one.proof))
    if phase is Phase.DEFAULT:
        return f"Every day, over all that is in scope: {daily} {shown}".strip()
    if phase is Phase.WIDEN:
        return f"Filed for each of them with its day. {shown or daily}"
    return (
        shown
        or f"What the stage changed, as it was applied, with the day. {daily if phase is Phase.STRICT else ''}".strip()
    )


def _all(best: Composition) -> Reach:
    """What the stages have brought in the end."""
    return everywhere((*best.setting.carried, *(one.requirement for one in best.setting.add_ons)))


def _removal(case: Case, best: Composition, leaving: Removal) -> Stage:
    return _stage(
        case,
        best,
        (),
        reach=_all(best),
        id="removal",
        title="The mesh that runs is taken out, namespace by namespace",
        what=leaving.what,
        only_because=leaving.because,
        rollback=leaving.rollback,
        rollback_takes=leaving.rollback_takes,
        proof=leaving.proof,
        prerequisites=leaving.prerequisites,
    )


def _nothing(case: Case, best: Composition) -> Stage:
    when = case.plan.review_date
    title, what, because = _why_nothing(best)
    return _stage(
        case,
        best,
        (),
        id="nothing",
        title=title,
        what=what,
        only_because=because,
        stop="A must-have with evidence appears, or one of the limits is broken.",
        rollback="Nothing to take back.",
        proof=f"Review on {when.isoformat()}." if when else "",
    )


def _why_nothing(best: Composition) -> tuple[str, str, str]:
    """(title, what to do, why) of a plan without a stage: nothing fits, nobody knows, or nothing is needed."""
    keep = "Keep what runs. Go on measuring, so that the next discussion starts from numbers."
    unmet, unsure = best.setting.unmet, best.setting.needs.unsure
    if best.ruled_out:
        what = "Introduce nothing that does not meet what is asked. Decide which change of scope or must-have holds."
        because = (
            f"No option meets {nouns(unmet)} as it is asked." if unmet else "No option can be used here as things are."
        )
        return "Nothing until this is settled", f"{what} Then judge again.", because
    if unsure and not best.setting.needs.musts:
        what = f"Find out who needs {nouns(unsure)}, and by which rule, incident or measurement. {keep}"
        return "Nothing until that is known", what, "No must-have has accepted evidence yet."
    return "Nothing to introduce", keep, "No must-have with accepted evidence is left."


def _proof(case: Case) -> str:
    labels = dict(FIELDS["plan.proof_check"].choices)
    check = labels.get(case.plan.proof_check or "", "")
    note = case.plan.proof_note or ""
    return ". ".join(part for part in (check, note) if part)
