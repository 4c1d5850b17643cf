"""What differs between two catalogues, in words: sheets, facts, terms of operation, planning values, figures."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from decisions.advisor.catalog.sheets import AddOnSheet, AdvisoryNote, Catalog, Fact, Planning, Product
from decisions.advisor.quantities import Range
from decisions.advisor.recommendation import Source

PLANNING = "planning"
OVERHEADS = "overheads"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference. `sheet` is the id of a sheet, "planning" or "overheads"; `text` a clause without a full stop."""

    sheet: str
    text: str


def diff(before: Catalog, after: Catalog) -> tuple[Change, ...]:
    """Every difference in what the sheets say, by sheet: products, add-ons, planning values."""
    return (
        *_sheets("product", before.products, after.products),
        *_sheets("add-on", before.add_ons, after.add_ons),
        *_planning(before.planning, after.planning),
    )


def diff_overheads(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every difference between two tables of overhead figures, as read from TOML."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    return tuple(
        Change(sheet=OVERHEADS, text=f"{path}: {_moved(old.get(path), new.get(path))}")
        for path in sorted({*old, *new})
        if old.get(path) != new.get(path)
    )


def _leaves(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        here = f"{path}.{key}" if path else key
        if isinstance(value, Mapping):
            yield from _leaves(value, here)
        else:
            yield here, value


def _sheets(
    kind: str, before: Mapping[str, Product | AddOnSheet], after: Mapping[str, Product | AddOnSheet]
) -> Iterator[Change]:
    for one in sorted({*before, *after}):
        if one not in after:
            yield Change(sheet=one, text=f"the {kind} {before[one].title} was removed")
        elif one not in before:
            yield Change(sheet=one, text=f"the {kind} {after[one].title} was added")
        else:
            yield from (Change(sheet=one, text=text) for text in _parts(before[one], after[one]))


def _parts(before: Any, after: Any, where: str = "") -> Iterator[str]:
    """The differences between two values of one dataclass."""
    for field in fields(before):
        old, new = getattr(before, field.name), getattr(after, field.name)
        here = f"{where}, {field.name}" if where else field.name
        if old == new:
            continue
        if field.name == "facts":
            for name in (one for one in new if old.get(one) != new[one]):
                yield f"{name}: {_fact(old[name], new[name])}"
        elif field.name == "advisories":
            yield from _notes(old, new)
        elif field.name == "not_allowed":
            yield f"is not allowed: {new}" if new else f"is allowed again (was not: {old})"
        elif is_dataclass(old) and is_dataclass(new) and not isinstance(old, Range | Source):
            yield from _parts(old, new, here)
        else:
            yield f"{here}: {_moved(old, new)}"


def _fact(before: Fact, after: Fact) -> str:
    """A changed cell: the value first, then what else differs."""
    was, now = _value(before), _value(after)
    text = f"from {was} to {now}" if was != now else f"still {now}"
    if before.says != after.says:
        text += f"; says {_said(after.says)} instead of {_said(before.says)}"
    if before.source != after.source:
        text += f"; source {_said(after.source)} instead of {_said(before.source)}"
    return text


def _value(fact: Fact) -> str:
    extra = f" ({fact.extra})" if fact.extra else ""
    maturity = f", {fact.maturity}" if fact.maturity != "stable" else ""
    return f"{fact.value.value}{extra}{maturity}"


def _notes(before: tuple[AdvisoryNote, ...], after: tuple[AdvisoryNote, ...]) -> Iterator[str]:
    old, new = Counter(before), Counter(after)
    for note in (old - new).elements():
        yield f"the note “{note.topic}” (when {note.when}) no longer says {_said(note.text)}"
    for note in (new - old).elements():
        yield f"the note “{note.topic}” (when {note.when}) now says {_said(note.text)}"


def _planning(before: Mapping[str, Planning], after: Mapping[str, Planning]) -> Iterator[Change]:
    for name in sorted({*before, *after}):
        old, new = before.get(name), after.get(name)
        if old == new:
            continue
        if old is None or new is None:
            added = "added" if old is None else "removed"
            text = f"was {added}"
        elif (old.value, old.unit) != (new.value, new.unit):
            text = f"from {_said(old.value)} {old.unit} to {_said(new.value)} {new.unit}"
            text += f"; reasoning: {new.says}" if old.says != new.says else ""
        else:
            text = f"the value is the same; reasoning: {new.says}"
        yield Change(sheet=PLANNING, text=f"{name}: {text}")


def _moved(old: Any, new: Any) -> str:
    return f"from {_said(old)} to {_said(new)}"


def _said(value: Any) -> str:
    """A value of a sheet in words."""
    if value is None or value in ("", (), {}):
        return "nothing"
    if isinstance(value, Source):
        return "“" + ", ".join(part for part in (value.text, value.version, value.date) if part) + "”"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} = {one}" for key, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Range):
        return f"{value.likely:g} ({value.low:g} to {value.high:g})"
    if isinstance(value, float):
        return f"{value:g}"
    return f"“{value}”" if " " in str(value) else str(value)
