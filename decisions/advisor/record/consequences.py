"""What follows from the decision for the team: what it gains, has to do, pays and lives with, each said once.

What speaks for the option as such stands among its pros and cons. Good, bad and neutral are Nygard's (Documenting
Architecture Decisions, 2011): all consequences, not just the good ones.
"""

from collections.abc import Iterator

from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Approach, Standing, Verdict
from decisions.advisor.record.material import Material, requirement_noun
from decisions.advisor.record.value import Bullets, Section, Text
from decisions.advisor.record.words import between, exact, likely, listed, measure

ID = "consequences"
FIGURES = (
    ("cpu_vcpu", "vCPU", "free_cpu_vcpu", "cpu_over_budget"),
    ("memory_gib", "GiB of memory", "free_memory_gib", "memory_over_budget"),
)
"""A figure, its unit, what of it is free today, and the rule that speaks of it where it may go over."""


def consequences(material: Material) -> Section:
    """The consequences, the good ones first, then what is to be done, then what it costs and leaves."""
    items = (*_gained(material), *_to_do(material), *_paid(material), *_lived_with(material))
    if not items:
        items = (Text(text="Nothing changes, and nothing more has to be run.", mark="neutral"),)
    return Section(id=ID, title="Consequences", blocks=(Bullets(items=items),))


def against(standing: Standing) -> int:
    """How many points speak against an option."""
    return sum(one.verdict is not Verdict.FOR for one in standing.reasons)


def _gained(material: Material) -> Iterator[Text]:
    best = material.recommendation.best
    fixed = {one.requirement: measure(one) for one in best.add_ons}
    carrier = "what runs already" if best.approach is Approach.NO_MESH else best.product_title
    by: dict[str, list[str]] = {}
    for one in best.musts_met:
        by.setdefault(fixed.get(one, carrier), []).append(requirement_noun(one))
    if by:
        settled = "; ".join(f"{listed(nouns)} by {who}" for who, nouns in by.items())
        yield Text(text=f"It gives what has to be there: {settled}.", mark="good")
    if best.nice_met:
        nouns = listed(requirement_noun(one) for one in best.nice_met)
        yield Text(text=f"It {'also gives' if by else 'gives'} what was nice to have: {nouns}.", mark="good")
    if not best.hours_per_month.high and not _adds(best):
        yield Text(text="Nothing is added to CPU, memory and latency, and nothing more has to be run.", mark="good")


def _adds(best: Standing) -> bool:
    overhead = best.overhead
    return any(one.high for one in (overhead.cpu_vcpu, overhead.memory_gib, overhead.p99_ms))


def _to_do(material: Material) -> Iterator[Text]:
    """The work, by the plan and the answers about it."""
    answer = material.recommendation
    stages = [one for one in answer.plan if one.id != "nothing"]
    if stages:
        owner, decides = material.text("plan.owner"), material.text("plan.stop_decides")
        named = "; ".join(
            part
            for part in (f"{owner} owns it" if owner else "", f"{decides} decides to go back" if decides else "")
            if part
        )
        first = f"“{stages[0].title}”"
        work = (
            f"It is carried out in {len(stages)} stages, of which {first} is the first"
            if len(stages) > 1
            else (f"It is carried out in one stage, {first}")
        )
        yield Text(text=f"{work}{f': {named}' if named else ''}.", mark="neutral")
    if any(one.id == "removal" for one in stages):
        yield Text(text="The mesh that runs today is taken out in the last stage.", mark="neutral")
    if answer.advisories:
        yield Text(text="It brings the traps and duties named above.", mark="neutral")


def _paid(material: Material) -> Iterator[Text]:
    """Hours, money, CPU, memory and milliseconds, against what the team has or allows."""
    best = material.recommendation.best
    spoken = {one.rule for one in best.reasons if one.verdict is not Verdict.FOR}
    if best.hours_per_month.high > 0:
        most = max(best.costs, key=lambda one: one.hours.likely, default=None)
        part = (
            f"; the largest part is {_term(most.name)} (likely {likely(most.hours)})"
            if most and len(best.costs) > 1
            else ""
        )
        yield Text(text=f"It takes {between(best.hours_per_month, 'hours a month')}, to run{part}.", mark="bad")
    priced = material.number("operations.hourly_cost") is not None
    if priced and best.money_per_month.high > 0 and "money_over_budget" not in spoken:
        limit = material.number("budget.money_per_month")
        allowed = f"; your limit is {exact(limit)}" if limit is not None else ""
        said = f"At your prices that is {between(best.money_per_month, 'a month')}, CPU and memory included{allowed}."
        yield Text(text=said, mark="bad")
    verb = "uses" if best.overhead.in_path else "adds"
    taken = [
        f"{between(amount, unit)}{_room(material, name, free)}"
        for name, unit, free, rule in FIGURES
        if rule not in spoken and (amount := _figure(best, name)).high > 0
    ]
    if taken:
        yield Text(text=f"It {verb} {' and '.join(taken)}.", mark="bad")
    if best.overhead.p99_ms.high > 0 and "latency_over_budget" not in spoken:
        yield Text(text=f"The critical path {_slower(material, best.overhead.p99_ms)}.", mark="bad")


def _term(name: str) -> str:
    """The name of a term of the costs inside a sentence."""
    return name[:1].lower() + name[1:] if name.split(" ", 1)[0].istitle() else name


def _figure(best: Standing, name: str) -> Range:
    found: Range = getattr(best.overhead, name)
    return found


def _room(material: Material, name: str, free: str) -> str:
    """What there is for it: the team's limit, else what is free."""
    limit, room = material.number(f"budget.{name}"), material.number(f"baseline.{free}")
    if limit is not None:
        return f" (your limit is {exact(limit)})"
    return f" (free today are {exact(room)})" if room is not None else ""


def _slower(material: Material, added: Range) -> str:
    today, objective = material.number("baseline.p99_ms"), material.number("baseline.slo_p99_ms")
    said = f"gets slower by {between(added, 'ms')}, at p99"
    if not added.likely:
        said = f"may get slower, by up to {between(added, 'ms').split(' to ')[-1].partition(',')[0]} at p99"
    if today is None:
        return said
    goal = f"; the objective is {exact(objective)}" if objective is not None else ""
    return f"{said}, which is {exact(today)} ms today{goal}"


def _lived_with(material: Material) -> Iterator[Text]:
    """What it does not give, and what speaks against it."""
    best = material.recommendation.best
    if best.musts_missed:
        nouns = listed(requirement_noun(one) for one in best.musts_missed)
        yield Text(text=f"It leaves open {nouns}, asked for as a must-have.", mark="bad")
    added = {one.requirement: f"{requirement_noun(one.requirement)} by {measure(one)}" for one in best.nice_offered}
    if missed := [requirement_noun(one) for one in best.nice_missed if one not in added]:
        yield Text(text=f"It does not give what was nice to have: {listed(missed)}.", mark="bad")
    if added:
        nouns = listed(added.values())
        text = f"What was nice to have and does not come with it can be added beside the plan, without a mesh: {nouns}."
        yield Text(text=text, mark="neutral")
    yield from (material.reason(one) for one in best.reasons if one.verdict is not Verdict.FOR)
