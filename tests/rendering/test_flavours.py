"""The dialects of other tools, read back by a YAML reader and by our own importer."""

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from decisions.advisor.record import document
from decisions.intake.adr import Entry, File, read
from decisions.intake.adr.frontmatter import split
from decisions.rendering.flavours import FLAVOURS, Flavour, Standing, file_name
from decisions.rendering.markdown import quoted
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


TROUBLE = (
    st.one_of(
        st.sampled_from(
            ["0012", "0o17", "0x1F", "1_000", "12:30:45", "no", "On", "null", "~", "2026-01-01", "1e3", ".inf"]
        ),
        st.sampled_from(
            ["- a", "? b", "a: b # c", "'\"\\", "{a}", "[b]", "&c", "*d", "!e", "%f", "@g", "`h`", "|", ">"]
        ),
        st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=60),
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw builds a table of all characters
@given(title=TROUBLE, people=st.lists(TROUBLE, max_size=3))
def test_front_matter_comes_back_from_two_readers_as_it_was_written(title: str, people: list[str]) -> None:
    front = "\n".join(["---", f"title: {quoted(title)}", f"decision-makers: {quoted(people)}", "---", "", "# X", ""])
    assert yaml.safe_load(front.split("---\n")[1]) == {"title": title, "decision-makers": people}
    ours, _, problems = split(front)
    assert ours == {"title": (title,), "decision-makers": tuple(people)}
    assert problems == ()


def test_a_renamed_decision_keeps_its_file() -> None:
    assert file_name("DR-0042") == "0042-dr-0042.md"
    assert file_name("DR-12345") == "12345-dr-12345.md"
