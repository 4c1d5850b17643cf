"""The dialects of other tools, read back by a YAML reader and by our own importer."""

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml

from decisions.advisor.record import document
from decisions.intake.adr import Entry, File, read
from decisions.rendering.flavours import FLAVOURS, Flavour, Standing, file_name
from tests.sample_record import sample

NAMES = [one.name for one in FLAVOURS]


def filed(**about: Any) -> dict[str, object]:
    record = sample()
    return document(replace(record, about=replace(record.about, **about)))


def imported(flavour: Flavour, given: dict[str, object], standing: Standing | None = None) -> Entry:
    about: Any = given["about"]
    others = [
        File(path=file_name(number), data=b"# X\n\n## Context\n\n## Decision\n") for number in ("DR-0008", "DR-0050")
    ]
    mine = File(path=file_name(about["number"]), data=flavour.write(given, standing).encode())
    return next(entry for entry in read([mine, *others]) if entry.decision.file == mine.path)


@pytest.mark.parametrize("flavour", FLAVOURS, ids=NAMES)
def test_our_importer_reads_back_what_was_written(flavour: Flavour) -> None:
    given = filed(
        number="DR-0042", status="accepted", date="2026-11-26", supersedes=("DR-0008",), title="Use `x` & 0x10 #1"
    )
    entry = imported(flavour, given)
    one = entry.decision
    assert (one.kind, one.number, one.status, one.date) == ("adr", 42, "accepted", "2026-11-26")
    assert one.title.replace("\\", "") == "Use `x` & 0x10 #1"
    if flavour.name != "madr-minimal":
        # The words of the sample name the decision it was drafted to replace, too.
        assert set(entry.supersedes) - {"0017-dr-0017.md", "DR-0017"} == {"0008-dr-0008.md"}
    assert not [problem for problem in entry.problems if "0017" not in problem]


@pytest.mark.parametrize("flavour", FLAVOURS, ids=NAMES)
def test_a_superseded_decision_leads_to_its_successor(flavour: Flavour) -> None:
    given = filed(number="DR-0042", status="proposed", date="2026-11-26")
    entry = imported(flavour, given, Standing(status="superseded", superseded_by="DR-0050"))
    assert entry.decision.status == "superseded"
    assert entry.superseded_by == ("0050-dr-0050.md",)


@pytest.mark.parametrize("flavour", FLAVOURS, ids=NAMES)
def test_every_note_has_its_source_and_no_source_is_idle(flavour: Flavour) -> None:
    text = flavour.write(filed(number="DR-0042"), None)
    body, _, sources = text.partition("## Sources")
    assert set(re.findall(r"\[\^(\d+)\]", body)) == set(re.findall(r"^\[\^(\d+)\]:", sources, re.MULTILINE))


@pytest.mark.parametrize("name", ["madr", "madr-minimal"])
@pytest.mark.parametrize("title", ["0012", "no", "2026-01-01", "1e3", "~", "a: b # c", "'\"\\"])
def test_no_value_of_the_front_matter_changes_its_type(name: str, title: str) -> None:
    flavour = next(one for one in FLAVOURS if one.name == name)
    text = flavour.write(filed(number="DR-0042", status=title, date="2026-11-26", title=title), None)
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["status"] == title
    assert front["date"] == "2026-11-26"
    assert all(isinstance(value, str | list) for value in front.values())


def test_a_renamed_decision_keeps_its_file() -> None:
    assert file_name("DR-0042") == "0042-dr-0042.md"
    assert file_name("DR-12345") == "12345-dr-12345.md"
