"""The judgement: one case and one catalogue in, a recommendation with its reasons out. Pure and deterministic."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from decisions.advisor.advisories import Chosen, advise
from decisions.advisor.assumptions import assume
from decisions.advisor.case import Case, Outcome
from decisions.advisor.catalog import Catalog
from decisions.advisor.change_over import kept, passed_over
from decisions.advisor.composition import Composition
from decisions.advisor.compositions import Memory, Workbench
from decisions.advisor.confidence import explain
from decisions.advisor.contest import Contest
from decisions.advisor.contest.arena import Arena, arena_of
from decisions.advisor.flips import find_flips
from decisions.advisor.front import front
from decisions.advisor.gates import below_projection
from decisions.advisor.in_support import mesh_behind
from decisions.advisor.measures import Measure, at_odds, distinct, said
from decisions.advisor.next_step import next_step
from decisions.advisor.nice import NiceToHaves
from decisions.advisor.order import best_of
from decisions.advisor.plan import stages
from decisions.advisor.policy import under
from decisions.advisor.questionnaire import answered, applying
from decisions.advisor.questions.consistency import stop_rules
from decisions.advisor.recommendation import (
    AddOn,
    Advisory,
    Approach,
    Flip,
    NextStep,
    Recommendation,
    Standing,
    Status,
    Trial,
    WayOn,
)
from decisions.advisor.requirements import BY_ID
from decisions.advisor.robustness import steadiness
from decisions.advisor.schedule import against_deadline
from decisions.advisor.to_measure import timed
from decisions.advisor.ways import ways_on
from decisions.advisor.wording import headline, named, summary


def rank(case: Case, catalog: Catalog, memory: Memory | None = None) -> tuple[Composition, ...]:
    """The best composition of each approach, best first. `memory` may be shared by runs under one catalogue."""
    return _ranked(Workbench(case=case, catalog=catalog, memory=memory or Memory()).compose())


def standing(case: Case, catalog: Catalog) -> tuple[Composition, ...]:
    """What `rank` finds, found without pricing what does not come first, and quicker with every further case.

    For judging many cases under one catalogue; sentences, draws and what would change the answer are not made.
    """
    contest = Contest(case, catalog)
    bench = Workbench(case=case, catalog=catalog, memory=Memory())
    needs = (*bench.needs.musts, *bench.needs.nice)
    return tuple(
        bench.composed(one.product, {need: bench.fit(one.product, need) for need in needs}, one.entry.add_ons)
        for one in contest.standing()
    )


def _ranked(compositions: Iterable[Composition]) -> tuple[Composition, ...]:
    candidates: dict[Approach, list[Composition]] = defaultdict(list)
    for composition in compositions:
        candidates[composition.setting.approach].append(composition)
    return tuple(sorted(map(best_of, candidates.values()), key=lambda one: one.key))


def recommend(case: Case, catalog: Catalog) -> Recommendation:
    """The whole answer for one case: ranking, trials, assumptions, what would change it, and the plan.

    What the case's policy settles for the organisation is laid over the catalogue first.
    """
    return replace(answer(case, catalog), flips=changes(case, catalog))


def changes(case: Case, catalog: Catalog) -> tuple[Flip, ...]:
    """What would change the answer: the longest part of the work, so that a page can ask for it afterwards."""
    return _changes(_judge(case, catalog))


def answer(case: Case, catalog: Catalog) -> Recommendation:
    """What `recommend` answers, but for what would change it, which is left empty."""
    return planned(glance(case, catalog), case, catalog)


def planned(seen: Recommendation, case: Case, catalog: Catalog) -> Recommendation:
    """What a `glance` left out of an answer: the plan, what has to be said of it, and what nothing else beats."""
    judged = _judge(case, catalog)
    best = judged.ranking[0]
    plan = stages(case, best)
    of_deadline = filter(None, [against_deadline(case, best, plan)])
    return replace(
        seen,
        advisories=(*of_deadline, *_advisories(case, best, judged.compositions)),
        plan=plan,
        front=front(judged.compositions),
    )


def glance(case: Case, catalog: Catalog) -> Recommendation:
    """What is shown of an answer while somebody types; advisories, plan, front and flips are left empty."""
    return _glance(_judge(case, catalog))


@dataclass(frozen=True, kw_only=True)
class _Judged:
    """A case with every product judged for it, and the contest in which changes of the case are held."""

    case: Case
    contest: Contest
    compositions: tuple[Composition, ...]
    ranking: tuple[Composition, ...]


def _judge(case: Case, catalog: Catalog) -> _Judged:
    """The case judged; the latest is kept, since a page asks for its answer first and for its changes afterwards."""
    arena = arena_of(under(case.policy, catalog))
    if not isinstance(arena.latest, _Judged) or arena.latest.case is not case:
        arena.latest = _judged(case, arena)
    return arena.latest


def _judged(case: Case, arena: Arena) -> _Judged:
    contest = Contest(case, arena.catalog, arena)
    bench = Workbench(case=case, catalog=contest.catalog, memory=contest.memory)
    compositions = tuple(bench.compose())
    return _Judged(case=case, contest=contest, compositions=compositions, ranking=_ranked(compositions))


JUDGED = ("requirements", "context", "baseline", "operations", "budget", "policy", "not_sure")
"""What of a case is judged; plan, comments and origins are not."""


def _changes(judged: _Judged) -> tuple[Flip, ...]:
    """What would change the answer; the latest is kept, since a plan is answered without anything judged changing."""
    arena, case = judged.contest.arena, judged.case
    if arena.changes is None or not all(getattr(arena.changes[0], one) == getattr(case, one) for one in JUDGED):
        arena.changes = case, find_flips(case, judged.ranking, judged.contest)
    return arena.changes[1]


def _glance(judged: _Judged) -> Recommendation:
    case, ranking = judged.case, judged.ranking
    best = ranking[0]
    nice = NiceToHaves(case=case, catalog=judged.contest.catalog, needs=best.setting.needs)
    steady = steadiness(judged.contest, judged.compositions, best.setting.approach)
    ways = _ways(judged)
    trials = _trials(judged)
    kind = _next_kind(case, best)
    confidence, because = explain(case, ranking, steady)
    return Recommendation(
        approach=best.setting.approach,
        product=best.setting.product.id,
        product_title=best.setting.product.title,
        add_ons=_add_ons(best),
        headline=headline(case, ranking, steady, ways),
        confidence=confidence,
        confidence_because=because,
        next_kind=kind,
        next_step=_aged(next_step(case, best, kind, trials, ways) + _otherwise(judged) + _wished(best, nice), best),
        ranking=tuple(_standing(one, judged, nice) for one in ranking),
        demoted=best.setting.needs.demoted,
        trials=trials,
        advisories=(),
        assumptions=assume(case, best),
        flips=(),
        plan=(),
        answered=answered(case),
        asked=applying(case),
        catalogue_version=judged.contest.catalog.version,
        front=(),
        ways_on=ways,
        robustness=steady.share,
        rivals=steady.rivals,
    )


def _advisories(case: Case, best: Composition, compositions: tuple[Composition, ...]) -> tuple[Advisory, ...]:
    """What has to be said of the plan, of the mesh that runs, and of the composition."""
    of_plan = (Advisory(topic="Stop rule", text=f"{one.text}.") for one in stop_rules(case))
    add_ons = tuple(one.sheet for one in best.setting.add_ons)
    chosen = Chosen(hours=best.hours, overhead=best.setting.added)
    staying = kept(case, best, compositions)
    odd = at_odds(case) if best.setting.approach is Approach.CNI_ENCRYPTION else ""
    of_today = tuple(
        Advisory(topic=topic, text=text) for topic, text in (("Two answers", odd), ("What runs today", staying)) if text
    )
    old = mesh_behind(case, best.setting.catalog)
    of_version = (Advisory(topic="What runs today", text=old[0], sources=(old[1],)),) if old else ()
    tight = below_projection(case, best)
    of_gate = (Advisory(topic="Gate", text=tight),) if tight else ()
    return (*of_plan, *of_gate, *of_today, *of_version, *advise(case, best.setting.product, add_ons, chosen))


def _standing(one: Composition, judged: _Judged, nice: NiceToHaves) -> Standing:
    setting = one.setting
    missed = set(setting.unmet)
    nice_met = nice.given(setting)
    return Standing(
        approach=setting.approach,
        product=setting.product.id,
        product_title=setting.product.title,
        add_ons=_add_ons(one),
        status=one.status,
        summary=summary(one, judged.ranking),
        musts_met=tuple(must for must in setting.needs.musts if must not in missed),
        musts_missed=setting.unmet,
        nice_met=nice_met,
        nice_missed=tuple(nice for nice in setting.needs.nice if nice not in nice_met),
        nice_offered=nice.offered(setting, nice_met),
        reasons=(*passed_over(one, judged.compositions), *one.reasons),
        overhead=setting.added,
        costs=one.costs,
        hours_per_month=one.hours,
        money_per_month=one.money,
    )


def _add_ons(one: Composition) -> tuple[AddOn, ...]:
    return tuple(
        AddOn(id=m.sheet.id, title=m.sheet.title, requirement=m.requirement, tried=m.outcome)
        for m in distinct(one.setting.add_ons)
    )


def _next_kind(case: Case, best: Composition) -> NextStep:
    """What has to come first: a baseline, an open must settled, an untried fix tried, an upgrade; nothing otherwise."""
    if not measured(case):
        return NextStep.MEASURE_FIRST
    needs = best.setting.needs
    if best.status is Status.RULED_OUT or (needs.unsure and not needs.musts):
        return NextStep.SETTLE_FIRST
    if any(is_untried(one) for one in best.setting.add_ons):
        return NextStep.TRY_FIRST
    return NextStep.UPGRADE_FIRST if best.upgrades else NextStep.ADOPT


def _otherwise(judged: _Judged) -> str:
    """What is recommended should the upgrade that comes first turn out to be impossible; empty where none does."""
    case, best = judged.case, judged.ranking[0]
    if best.ruled_out or not best.upgrades:
        return ""
    changed = replace(case, operations=replace(case.operations, platform_upgrade="no"))
    after = judged.contest.first(changed, ("operations.platform_upgrade",))
    if after.ruled_out:
        return " Without that upgrade no option meets every must-have."
    return f" Should that upgrade be impossible, {named(after.product)} is next."


def _aged(step: str, best: Composition) -> str:
    """A next step, and that the mesh of today needs an upgrade whatever becomes of it."""
    behind = mesh_behind(best.setting.case, best.setting.catalog)
    return f"{step} {behind[0]}" if behind and behind[0] not in step else step


def _wished(best: Composition, nice: NiceToHaves) -> str:
    """Where no must-have is left, the small measures that give what is nice to have, for whoever wants it without a
    mesh; empty where there are none.
    """
    setting = best.setting
    if setting.needs.musts or setting.approach is not Approach.NO_MESH or best.ruled_out:
        return ""
    offered = nice.offered(setting, nice.given(setting))
    wished = "; ".join(f"{BY_ID[one.requirement].noun}: {one.title}" for one in offered)
    return f" What is nice to have can be had without a mesh by a small measure ({wished})." if offered else ""


def _ways(judged: _Judged) -> tuple[WayOn, ...]:
    best = judged.ranking[0]
    return ways_on(judged.case, best, judged.contest.first) if best.ruled_out else ()


def measured(case: Case) -> bool:
    """Whether there is a baseline worth the name: a latency, and a size."""
    sizes = (case.baseline.pods, case.baseline.services, case.baseline.nodes)
    return timed(case) and any(count is not None for count in sizes)


def is_untried(measure: Measure) -> bool:
    """Whether a small measure still has to prove itself.

    A proof for the auditor is a task, and what runs beside a product is part of it: neither is a trial.
    """
    task = measure.requirement == "audit_proof" or measure.sheet.exclusive_to
    return measure.outcome != Outcome.WORKS and not task


def _trials(judged: _Judged) -> tuple[Trial, ...]:
    return tuple(
        Trial(
            requirement=measure.requirement,
            add_on=measure.sheet.id,
            what=said(judged.case, measure),
            test=measure.sheet.test,
            if_it_fails=_follow_up(judged, measure),
        )
        for measure in distinct(judged.ranking[0].setting.add_ons)
        if is_untried(measure)
    )


def _follow_up(judged: _Judged, measure: Measure) -> str:
    """What would be recommended if the trial failed, found by judging that case."""
    case = judged.case
    answer = case.answer(measure.requirement)
    fix = replace(answer.simplest_fix, outcome=Outcome.NOT_ENOUGH)
    failed = replace(answer, simplest_fix=fix)
    changed = replace(case, requirements={**case.requirements, measure.requirement: failed})
    after = judged.contest.first(changed, (f"requirements.{measure.requirement}.simplest_fix.outcome",))
    noun = BY_ID[measure.requirement].noun
    if after.ruled_out:
        return f"No option here meets {noun} then: look at the requirement again. {measure.sheet.if_it_fails}"
    return f"Then {named(after.product)} is next for {noun}. {measure.sheet.if_it_fails}"
