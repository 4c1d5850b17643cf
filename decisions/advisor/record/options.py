"""The middle of a record: the options, the one chosen, what follows from it, and the points for and against each."""

from decisions.advisor.pilot.limits import limits_of
from decisions.advisor.pilot.scores import Projection
from decisions.advisor.recommendation import Recommendation, Standing, Status, Verdict
from decisions.advisor.record.aging import old_facts
from decisions.advisor.record.consequences import against, consequences
from decisions.advisor.record.material import Material, requirement_noun
from decisions.advisor.record.value import Block, Bullets, Callout, Paragraph, Section, Table, Text
from decisions.advisor.record.words import composition, exact, listed, measure, sentence, stages_named

STATUS_WORDS = {Status.FITS: "Fits", Status.STRAINED: "Strained", Status.RULED_OUT: "Ruled out"}
STATUS_MARKS = {Status.FITS: "good", Status.STRAINED: "warn", Status.RULED_OUT: "out"}


def title_of(standing: Standing) -> str:
    """The composition of an option: approach, product and add-ons."""
    return composition(standing.approach, standing.product_title, standing.add_ons)


def considered(material: Material) -> Section:
    """The five options, best first."""
    rows = tuple(
        (
            Text(text=f"{rank}. {title_of(standing)}", mark="good" if rank == 1 else ""),
            Text(text=STATUS_WORDS[standing.status], mark=STATUS_MARKS[standing.status]),
            Text(text=f"{len(standing.musts_met)} of {len(standing.musts_met) + len(standing.musts_missed)}"),
            Text(text=sentence(standing.summary)),
        )
        for rank, standing in enumerate(material.recommendation.ranking, start=1)
    )
    opening = (
        "Each approach stands here with its best composition, best first: must-haves count before the effort to run "
        "it. Strained means possible, against the reasons given below."
    )
    table = Table(
        caption="The five approaches",
        head=("Option", "Standing", "Must-haves met", "Why it stands there"),
        rows=rows,
        widths=(40, 12, 14, 34),
    )
    return Section(id="options", title="Considered Options", blocks=(Paragraph(text=Text(text=opening)), table))


def outcome(material: Material) -> Section:
    """What is chosen, how sure we are, what to try first, and the traps and duties that come with it."""
    answer = material.recommendation
    chosen = composition(answer.approach, answer.product_title, answer.add_ons)
    lead = Text(term=f'Chosen option: "{chosen}".', text=sentence(answer.headline))
    blocks: list[Block] = [Paragraph(text=lead, tone="lead")]
    if not any(trial.what in answer.next_step for trial in answer.trials):
        blocks.append(Paragraph(text=Text(term="Next step:", text=sentence(answer.next_step))))
    if answer.ways_on:
        blocks.append(Callout(title="No option fits as it is asked: ways on", tone="try", items=_ways(answer)))
    if answer.trials:
        blocks.append(Callout(title="Try this first", tone="try", items=_trials(answer)))
    if duties := _duties(material):
        blocks.append(Callout(title="Known traps and duties of this choice", tone="warn", items=duties))
    blocks.append(Paragraph(text=Text(text=f"Confidence in this answer is {answer.confidence.value}.")))
    if answer.confidence_because:
        blocks.append(Bullets(items=tuple(Text(text=sentence(one)) for one in answer.confidence_because)))
    return Section(
        id="outcome",
        title="Decision Outcome",
        blocks=tuple(blocks),
        sections=(consequences(material), _confirmation(material)),
    )


def _duties(material: Material) -> tuple[Text, ...]:
    """The engine's advisories, and what follows from the age of the facts behind them."""
    said = (
        material.noted(sentence(one.text), one.sources, f"{one.topic}:") for one in material.recommendation.advisories
    )
    return (*said, *old_facts(material))


def _ways(answer: Recommendation) -> tuple[Text, ...]:
    """Every change that leaves an option, each found by judging the case with it."""
    return tuple(
        Text(term=f"{one.change}:", text=sentence(f"then {one.becomes} is the answer")) for one in answer.ways_on
    )


def _trials(answer: Recommendation) -> tuple[Text, ...]:
    items: list[Text] = []
    for trial in answer.trials:
        items.append(Text(term=f"For {requirement_noun(trial.requirement)}:", text=sentence(trial.what)))
        items.append(Text(term="The test that decides:", text=sentence(trial.test)))
        items.append(Text(term="If it fails:", text=sentence(trial.if_it_fails)))
    return tuple(items)


def _confirmation(material: Material) -> Section:
    plan = material.recommendation.plan
    # The gate of a trial's stage begins with its test.
    gates = " ".join(stage.gate for stage in plan)
    trials = [one for one in material.recommendation.trials if one.test not in gates]
    items = [Text(term="Trial:", text=sentence(trial.test)) for trial in trials]
    items += _by_stage("Gate", [(stage.number, stage.gate) for stage in plan])
    items += _by_stage("Proof", [(stage.number, stage.proof) for stage in plan])
    if not items:
        text = "No test has been agreed yet that would confirm this decision."
        return Section(id="confirmation", title="Confirmation", blocks=(Paragraph(text=Text(text=text)),))
    if plan:
        items.append(_check(material))
    opening = "The decision holds as long as these can be shown. A stage counts as done when its gate is met."
    blocks = (Paragraph(text=Text(text=opening)), Bullets(items=tuple(items)))
    return Section(id="confirmation", title="Confirmation", blocks=blocks)


def _check(material: Material) -> Text:
    """The check that proves a stage by measurement, and up to where it says go on."""
    overhead = material.recommendation.best.overhead
    projection = Projection(
        p50_ms=overhead.p50_ms, p99_ms=overhead.p99_ms, cpu_vcpu=overhead.cpu_vcpu, memory_gib=overhead.memory_gib
    )
    p99 = material.number("baseline.p99_ms")
    number = material.about.number or "DECISION"
    if p99 is None:
        limit = "what may be added at p99 follows from the load test in the baseline"
    else:
        limits = limits_of(material.case, projection, p99)
        limit = f"at most {exact(float(f'{limits.p99_ms:.3g}'))} ms may be added at p99 ({limits.because})"
    own = material.section("plan").get("measure_metric") == "error_ratio"
    gate = material.number("plan.measure_threshold") if own else None
    errors = f"at most {exact(float(f'{gate * 100:.6g}'))} % of the requests may fail" if gate is not None else NO_MORE
    return Text(
        term="Check, every stage:",
        text="Measure the stage the way the baseline was measured, then run “meshadvisor confirm "
        f"{number} FILES --stage N”, or upload the files beside the decision: {limit}, and {errors}. Exit code 0 means "
        "go on. What a gate asks for beside latency, failed requests, CPU and memory is shown beside it. Its outcome "
        "is kept as a sealed addendum to this record.",
    )


NO_MORE = "failed requests may not rise"


def _by_stage(name: str, texts: list[tuple[int, str]]) -> list[Text]:
    # Stages that share a text are named together: one sentence to check instead of five.
    stages: dict[str, list[int]] = {}
    for number, text in texts:
        if text:
            stages.setdefault(text, []).append(number)
    return [Text(term=f"{name}, {stages_named(numbers)}:", text=sentence(text)) for text, numbers in stages.items()]


def pros_and_cons(material: Material) -> Section:
    """Every reason the rules gave, option by option."""
    best, *others = material.recommendation.ranking
    sections = (_points(material, best, chosen=True), *(_points(material, standing) for standing in others))
    return Section(id="pros-and-cons", title="Pros and Cons of the Options", sections=sections)


def _points(material: Material, standing: Standing, *, chosen: bool = False) -> Section:
    """The points of an option; what speaks against the chosen one is said once, among the consequences."""
    extras = f" Together with {listed(measure(one) for one in standing.add_ons)}." if standing.add_ons else ""
    opening = Text(term=f"{STATUS_WORDS[standing.status]}.", text=f"{sentence(standing.summary)}{extras}")
    blocks: list[Block] = [Paragraph(text=opening)]
    order = (Verdict.FOR, Verdict.AGAINST, Verdict.RULES_OUT)
    reasons = sorted(standing.reasons, key=lambda one: order.index(one.verdict))
    items = [material.reason(reason) for reason in reasons if not chosen or reason.verdict is Verdict.FOR]
    said = {reason.requirement for reason in reasons}
    open_musts = [requirement_noun(one) for one in standing.musts_missed if one not in said]
    if open_musts and not chosen:
        items.append(Text(text=f"It leaves open {listed(open_musts)}, asked for as a must-have.", mark="out"))
    if items:
        blocks.append(Bullets(items=tuple(items)))
    if chosen and against(standing):
        there = "What speaks against it stands among the consequences."
        blocks.append(Paragraph(text=Text(text=there), tone="small"))
    title = composition(standing.approach, standing.product_title)
    return Section(id=f"option-{standing.approach.value}", title=title, blocks=tuple(blocks))
