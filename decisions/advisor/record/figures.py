"""The numbers of a record: what was measured, what each option would add, what it would cost to run."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

from decisions.advisor.quantities import Range, as_shown
from decisions.advisor.recommendation import CallPath, Standing
from decisions.advisor.record.bars import burden_bars, path_bars
from decisions.advisor.record.labels import FIGURES, flattened, label, value
from decisions.advisor.record.material import Material
from decisions.advisor.record.options import title_of
from decisions.advisor.record.value import (
    Block,
    Callout,
    Chart,
    ChartRow,
    Facts,
    Measured,
    Paragraph,
    Section,
    Table,
    Text,
)
from decisions.advisor.record.words import between, composition, count, ends, exact, likely, listed, sentence

OLD_AFTER_DAYS = 30
MEASURING = ("baseline.measured_at", "baseline.measured_by", "baseline.measured_window")


def baseline(material: Material) -> Section:
    """The measured figures, where they come from and how old they are."""
    found = dict(flattened(material.section("baseline"), "baseline"))
    incidents = {path: given for path, given in found.items() if path.startswith("baseline.incidents_90_days.")}
    order = [path for path in FIGURES if path in found and path not in incidents]
    order += [path for path in found if path not in FIGURES and path not in incidents]
    rows = tuple(_figure(material, path, found[path]) for path in order if path not in MEASURING)
    blocks: list[Block] = [Paragraph(text=Text(text=_age(material)))]
    if rows:
        blocks.append(Facts(caption="The system as it is", rows=rows))
    if incidents:
        causes = tuple(Text(term=label(path), text=exact(given)) for path, given in incidents.items())
        blocks.append(Facts(caption="Incidents of the last 90 days, by cause", rows=causes))
    if weak := tuple(_weak(material.measurements)):
        blocks.append(Callout(title="What makes these figures weaker than they look", tone="warn", items=weak))
    sections = (_sources(material.measurements),) if material.measurements else ()
    return Section(id="baseline", title="Baseline", blocks=tuple(blocks), sections=sections)


def _weak(measurements: tuple[Measured, ...]) -> Iterator[Text]:
    """What was said of a file when it was read, so that whoever signs knows it too."""
    for one in measurements:
        yield from (Text(term=f"{one.name}:", text=sentence(warning)) for warning in one.warnings)


def _figure(material: Material, path: str, given: object) -> Text:
    return Text(term=label(path), text=f"{value(path, given)}{material.origin(path)}")


def _age(material: Material) -> str:
    measured, by = material.text("baseline.measured_at"), material.text("baseline.measured_by")
    window = material.text("baseline.measured_window")
    if not material.section("baseline"):
        return "No baseline was given. The projections below rest on planning values, and the ranges are wide."
    if not measured:
        return _undated(material)
    text = f"Measured on {measured}{f' by {by}' if by else ''}{f', over {window}' if window else ''}."
    if material.about.date:
        days = (date.fromisoformat(material.about.date[:10]) - date.fromisoformat(measured[:10])).days
        if days > OLD_AFTER_DAYS:
            text += f" That was {days} days before this record was written, so the figures are old."
    return text


def _undated(material: Material) -> str:
    """What to say where no day stands for all figures: those that were read from files carry their own."""
    given = {path for path, _ in flattened(material.section("baseline"), "baseline")}
    origins = material.section("provenance")
    dated = {path for path in given if isinstance(one := origins.get(path), Mapping) and one.get("date")}
    if not dated:
        return "Nobody said when these figures were measured."
    if dated == given:
        return "Each of these figures names where it was read and the day of it."
    return "Figures that were read name the day of it; nobody said when the others were measured."


def _minute(moment: str) -> str:
    """A moment as a person reads it: "2026-09-28 14:30 UTC"; empty for none."""
    return f"{datetime.fromisoformat(moment).astimezone(UTC):%Y-%m-%d %H:%M} UTC" if moment else ""


def _sources(measurements: tuple[Measured, ...]) -> Section:
    sections = []
    for number, one in enumerate(measurements, start=1):
        taken = ", ".join(part for part in (one.taken_by, _minute(one.taken_at)) if part)
        rows = [
            Text(term=term, text=text)
            for term, text in (("Tool", one.tool), ("Window", one.window), ("Taken by", taken))
            if text
        ]
        rows += [Text(term=name, text=figure) for name, figure in one.figures]
        blocks: list[Block] = [Facts(rows=tuple(rows))]
        if one.sha256:
            size = f"{exact(one.size)} bytes"
            exact_rows = (Text(term="SHA-256", text=one.sha256), Text(term="Size", text=size))
            blocks.append(Facts(rows=exact_rows, exact=True))
        sections.append(Section(id=f"measurement-{number}", title=one.name, blocks=tuple(blocks)))
    opening = (
        "These files were read. A figure of the baseline that comes from one names it; the others were typed. Whoever "
        "holds a file can check it against its digest."
    )
    return Section(
        id="measurements",
        title="Sources of the Baseline",
        blocks=(Paragraph(text=Text(text=opening)),),
        sections=tuple(sections),
    )


def overhead(material: Material) -> Section:
    """What each option adds to the system: chart, numbers, and what the projection rests on."""
    ranking = material.recommendation.ranking
    best = ranking[0].overhead
    limits = {key: material.number(f"budget.{key}") for key in ("cpu_vcpu", "memory_gib", "p99_ms")}
    chart = Chart(
        title="Projected overhead of the five options",
        rows=tuple(
            ChartRow(
                title=one.approach.title,
                cpu_vcpu=one.overhead.cpu_vcpu,
                memory_gib=one.overhead.memory_gib,
                p99_ms=one.overhead.p99_ms,
            )
            for one in ranking
        ),
        cpu_vcpu=limits["cpu_vcpu"],
        memory_gib=limits["memory_gib"],
        p99_ms=limits["p99_ms"],
    )
    blocks: list[Block] = [
        Paragraph(text=Text(text=_limits(limits, best.in_path))),
        chart,
        _overhead_table(ranking),
        *[Paragraph(text=Text(text=one), tone="small") for one in filter(None, [hidden_tail(ranking)])],
        Paragraph(text=material.noted(sentence(best.basis), best.sources, "Basis, recommended option:"), tone="small"),
        *_path(best.path),
    ]
    if waterfall := path_bars(ranking[0], material.number("baseline.slo_p99_ms")):
        blocks.append(waterfall)
    if best.assumed:
        text = f"{listed(label(path) for path in best.assumed)}."
        blocks.append(Paragraph(text=Text(term="Taken from planning values, not measured:", text=text), tone="small"))
    return Section(id="overhead", title="Projected Overhead", blocks=tuple(blocks))


def _path(path: CallPath | None) -> list[Block]:
    """The band of the critical path, its check without a simulation, and the warning where neither holds."""
    if path is None:
        return []

    def ms(value: float) -> str:
        return f"{exact(float(f'{value:.3g}'))} ms"

    calls = count(path.calls, "call")
    band = (
        f"{calls} in sequence likely add {ms(path.independent_p99_ms)} at p99 when hops are slow at different moments "
        f"({ms(path.independent_p50_ms)} at p50), and {ms(path.together_p99_ms)} when all are slow at the same moment. "
        "Real tails lie between the two."
    )
    check = (
        f"p99(n) = n mean + sqrt(n) (p99 - mean), beside the path's own tail, gives {ms(path.check_p99_ms)} for "
        "the first. On measured chains this line errs by 4 to 14 %."
    )
    lines = (Text(term="Call path, recommended option:", text=band), Text(term="Cross-check:", text=check))
    found: list[Block] = [Paragraph(text=line, tone="small") for line in lines]
    if path.warnings:
        items = tuple(Text(term="The busiest node:", text=sentence(warning)) for warning in path.warnings)
        found.append(Callout(title="No projection of latency holds here", tone="warn", items=items))
    return found


def _limits(limits: dict[str, float | None], in_path: str) -> str:
    opening = (
        "What each option adds on top of the system as it is: totals over all clusters for CPU and memory, and "
        "milliseconds on the critical path at p99. Bars span the 90 % range, the mark is the likely value."
    )
    if in_path:
        opening = (
            f"What each option uses, {in_path}, which runs today, included: totals over all clusters for CPU and "
            "memory, and the milliseconds that come on top of the critical path at p99, which was measured with "
            "what it has in it today. Bars span the 90 % range, the mark is the likely value."
        )
    units = {"cpu_vcpu": "vCPU", "memory_gib": "GiB", "p99_ms": "ms at p99"}
    given = [f"{exact(limit)} {units[key]}" for key, limit in limits.items() if limit is not None]
    return f"{opening} The limits asked for are {listed(given)}." if given else f"{opening} No limits were given."


def _overhead_table(ranking: tuple[Standing, ...]) -> Table:
    def cell(quantity: Range) -> Text:
        return Text(text=ends(quantity) if quantity.high == 0 else f"{ends(quantity)} ({likely(quantity)})")

    rows = tuple(
        (
            Text(text=one.approach.title),
            cell(one.overhead.cpu_vcpu),
            cell(one.overhead.memory_gib),
            cell(one.overhead.p50_ms),
            cell(one.overhead.p99_ms),
        )
        for one in ranking
    )
    head = ("Option", "CPU, vCPU", "Memory, GiB", "p50, ms", "p99, ms")
    return Table(
        caption="Projected overhead: low to high (likely)",
        head=head,
        rows=rows,
        numeric=(1, 2, 3, 4),
        widths=(22, 19, 20, 19, 20),
    )


def hidden_tail(ranking: Iterable[Standing]) -> str:
    """Why an option may add less at p99 than at p50, where one does; empty where none does."""
    pairs = [(one.overhead.p50_ms, one.overhead.p99_ms) for one in ranking]
    ends_of = [
        pair for p50, p99 in pairs for pair in ((p50.low, p99.low), (p50.likely, p99.likely), (p50.high, p99.high))
    ]
    if not any(as_shown(p50) > as_shown(p99) for p50, p99 in ends_of):
        return ""
    return "Less can be added at p99 than at p50: a path with a long tail of its own hides part of what comes on top."


def cost(material: Material) -> Section:
    """Hours a month by term for the recommended option, and totals for all five."""
    best = material.recommendation.best
    blocks: list[Block] = []
    if best.costs:
        rows = tuple(
            (
                Text(text=one.name),
                Text(text=between(one.hours)),
                material.noted(sentence(one.because), one.sources),
            )
            for one in best.costs
        )
        head = ("What", "Hours a month", "Why")
        caption = f"Effort to run {title_of(best)}"
        blocks.append(Table(caption=caption, head=head, rows=rows, widths=(18, 20, 62)))
    blocks += [burden_bars(material.recommendation.ranking), _totals(material)]
    return Section(id="cost", title="Operational Cost", blocks=tuple(blocks))


def _totals(material: Material) -> Table:
    settled = material.section("policy").get("planning")
    own_price = isinstance(settled, Mapping) and "hourly_cost" in settled
    priced = own_price or material.number("operations.hourly_cost") is not None
    rows = []
    for one in material.recommendation.ranking:
        row = [Text(text=composition(one.approach, one.product_title)), Text(text=between(one.hours_per_month))]
        if priced:
            row.append(Text(text=between(one.money_per_month)))
        rows.append(tuple(row))
    head = ("Option", "Hours a month", "Money a month") if priced else ("Option", "Hours a month")
    caption = "Effort of the five options" + (", with money in the organisation's currency" if priced else "")
    widths = (44, 26, 30) if priced else (60, 40)
    return Table(caption=caption, head=head, rows=tuple(rows), numeric=tuple(range(1, len(head))), widths=widths)
