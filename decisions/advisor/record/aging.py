"""What a record says of the age of the facts it cites, on the day it is filed under."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from decisions.advisor.catalog.age import Aged, Stale, last_day, stale
from decisions.advisor.recommendation import Recommendation, Source
from decisions.advisor.record.material import Material
from decisions.advisor.record.value import Text
from decisions.advisor.record.words import exact, listed


def old_facts(material: Material) -> tuple[Text, ...]:
    """Duties that follow from old sources and ended support; none for a record without a date."""
    try:
        on = date.fromisoformat(material.about.date[:10])
    except ValueError:
        return ()
    sheets = _sheets(material.recommendation)
    cited = set(_sources(material.recommendation))
    found = [one for one in stale(material.catalog, on) if one.sheet in sheets]
    ended = [one for one in found if one.kind is Aged.SUPPORT]
    old = [one for one in found if one.kind is Aged.FACT and one.source in cited]
    return (
        *(material.noted(one.text, (one.source,), "End of support:") for one in ended),
        *([_reading_list(material, old, on)] if old else []),
    )


def _reading_list(material: Material, old: list[Stale], on: date) -> Text:
    sources = tuple(dict.fromkeys(one.source for one in old))
    many = "a source" if len(sources) == 1 else f"{exact(len(sources))} sources"
    first = min(sources, key=lambda one: last_day(one.date)).date
    oldest = f", of {first}" if len(sources) == 1 else f", the oldest of {first}"
    about = listed(dict.fromkeys(one.title for one in old))
    text = (
        f"For what it says of {about} this record leans on {many} more than a year old on {on}{oldest}. Read the "
        "present edition before you rely on it. Measurements have their dates among the sources."
    )
    return material.noted(text, sources, "Old facts:")


def _sheets(answer: Recommendation) -> frozenset[str]:
    """The products and add-ons that the record speaks of."""
    ranked = (one.product for one in answer.ranking)
    return frozenset((*ranked, *(add_on.id for one in answer.ranking for add_on in one.add_ons)))


def _sources(value: Any) -> Iterator[Source]:
    """Every source anywhere in an answer."""
    if isinstance(value, Source):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from _sources(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from _sources(one)
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _sources(one)
