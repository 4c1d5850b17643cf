"""Which statements of the catalogue are out of date on a day: old sources, and versions past the end of support."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from decisions.advisor.catalog.sheets import AddOnSheet, Catalog, Product
from decisions.advisor.recommendation import Source

NEAR = timedelta(days=90)
"""How far ahead the end of a product's support is called near: a quarter is what a team needs to plan an upgrade."""


class Aged(StrEnum):
    """What is out of date."""

    FACT = "fact"
    SUPPORT = "support"


@dataclass(frozen=True, kw_only=True)
class Stale:
    """One statement that is out of date.

    `sheet` is the id of a product or add-on and `title` its name. `part` is a capability, operations, constraints,
    rollout, source, or "advisory: topic". `since` is the date of the source, or the end of support, as the sheet gives
    it. `text` says it in one sentence.
    """

    kind: Aged
    sheet: str
    title: str
    part: str
    since: str
    source: Source
    text: str


def stale(catalog: Catalog, on: date) -> tuple[Stale, ...]:
    """Every fact older than a year on that day and every product past its end of support, by sheet.

    A coarse date counts to its last day: a source of "2025" is of 31 December 2025 at the latest, and nothing is called
    old that may not be.
    """
    found: list[Stale] = []
    for product in catalog.products.values():
        found += _unsupported(product, on)
        found += _old(product, _sources(product), on)
    for add_on in catalog.add_ons.values():
        notes = [(f"advisory: {note.topic}", note.source) for note in add_on.advisories]
        found += _old(add_on, iter([("source", add_on.source), *notes]), on)
    return tuple(found)


def last_day(text: str) -> date:
    """The last day of a date, a month or a year in ISO 8601 ("2026-11-23", "2026-11", "2026"). Raises ValueError."""
    year, month, day = (*map(int, text.split("-")), 0, 0)[:3]
    month = month or 12
    return date(year, month, day or calendar.monthrange(year, month)[1])


def support_has_ended(product: Product, on: date) -> bool:
    """Whether the version that the catalogue describes is out of support on that day; False where nobody says when."""
    ends = product.operations.end_of_support
    return bool(ends) and last_day(ends) < on


def support_ends_near(product: Product, on: date) -> bool:
    """Whether that version is out of support on that day or will be soon after."""
    ends = product.operations.end_of_support
    return bool(ends) and last_day(ends) <= on + NEAR


def is_old(source: Source, on: date) -> bool:
    """Whether a source is more than a year old on that day; one without a date is not known to be.

    A year is what a catalogue of products that release two to four times a year can leave unread.
    """
    if not source.date:
        return False
    day = last_day(source.date)
    return (day.year + 1, day.month, day.day) < (on.year, on.month, on.day)


def _sources(product: Product) -> Iterator[tuple[str, Source]]:
    for name, fact in product.facts.items():
        yield name, fact.source
    yield "operations", product.operations.source
    if product.constraints.source:
        yield "constraints", product.constraints.source
    yield "rollout", product.rollout.source
    for note in product.advisories:
        yield f"advisory: {note.topic}", note.source


def _old(sheet: Product | AddOnSheet, sources: Iterator[tuple[str, Source]], on: date) -> Iterator[Stale]:
    for part, source in sources:
        if is_old(source, on):
            yield Stale(
                kind=Aged.FACT,
                sheet=sheet.id,
                title=sheet.title,
                part=part,
                since=source.date,
                source=source,
                text=f"{sheet.title}, {part}: the source is of {source.date}, more than a year before {on}.",
            )


def _unsupported(product: Product, on: date) -> Iterator[Stale]:
    operations = product.operations
    if support_has_ended(product, on):
        yield Stale(
            kind=Aged.SUPPORT,
            sheet=product.id,
            title=product.title,
            part="operations",
            since=operations.end_of_support,
            source=operations.source,
            text=(
                f"{product.title}: version {product.version}, which the catalogue describes, is past its end of "
                f"support on {on}. {operations.end_of_support_says}"
            ),
        )
