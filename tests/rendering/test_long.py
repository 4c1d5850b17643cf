"""A long record (20 systems, 100 requirements) on paper: nothing is torn apart, and the judges find no fault."""

import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from decisions.advisor.record import Record, document
from decisions.advisor.record.value import Section, Table, Text
from decisions.rendering import pdf
from tests.sample_record import sample

HEAD = ("Requirement", "Where it holds", "On what grounds")
WIDTHS = (30, 20, 50)
REQUIREMENT = re.compile(r"Requirement (\d+):")


def long_record() -> Record:
    """The sample with a chapter for each of twenty systems, and a table of a hundred requirements."""
    grounds = "Because the rule of the regulator asks for it, and the incident of last year showed why it does. " * 2
    words = ((f"Requirement {n}: traffic is encrypted", f"System {n % 20 + 1}", grounds) for n in range(1, 101))
    rows = tuple(tuple(Text(text=one) for one in row) for row in words)
    wide = Section(
        id="all-requirements",
        title="All requirements",
        blocks=(Table(caption="A hundred requirements", head=HEAD, rows=rows, widths=WIDTHS),),
    )
    systems = tuple(
        Section(
            id=f"system-{n}",
            title=f"System {n}",
            blocks=(Table(caption=f"What system {n} needs", head=HEAD, rows=rows[n - 1 :: 20], widths=WIDTHS),),
        )
        for n in range(1, 21)
    )
    record = sample()
    return replace(record, sections=(*record.sections, wide, Section(id="systems", title="Systems", sections=systems)))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The long record as a PDF."""
    path = tmp_path_factory.mktemp("long") / "long.pdf"
    path.write_bytes(pdf.render(document(long_record()), sealed=True))
    return path


@pytest.fixture(scope="module")
def pages(file: Path) -> list[list[str]]:
    """The lines of each page, without empty ones and without the running foot."""
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
    return [[line for line in page.splitlines() if line.strip()] for page in done.stdout.split("\f")[:-1]]


def test_every_requirement_is_printed_once_in_each_table(pages: list[list[str]]) -> None:
    found = [int(number) for page in pages for line in page for number in REQUIREMENT.findall(line)]
    assert len(pages) > 20
    assert sorted(found) == sorted([*range(1, 101)] * 2)


def test_a_table_that_goes_on_repeats_its_head(pages: list[list[str]]) -> None:
    going_on = 0
    for page in pages:
        first = next((at for at, line in enumerate(page) if REQUIREMENT.search(line)), None)
        if first is None:
            continue
        above = " ".join(" ".join(page[:first]).split())
        assert all(name in above for name in HEAD), page[: first + 1]
        going_on += "A hundred requirements" not in above and "What system" not in above
    assert going_on >= 5, "the table of a hundred has to go on over several pages"


def test_no_row_is_torn_apart(pages: list[list[str]]) -> None:
    """The grounds of a row end on the page on which it begins."""
    for page in pages:
        words = " ".join(" ".join(page).split())
        assert words.count("showed why it does") == 2 * len(REQUIREMENT.findall(words)), page[-3:]


def test_no_heading_stands_at_the_foot_of_a_page(file: Path, pages: list[list[str]]) -> None:
    """Under each heading of the outline something else follows on the same page."""
    with pikepdf.open(io.BytesIO(file.read_bytes())) as opened, opened.open_outline() as outline:
        entries = list(outline.root)
        titles = []
        while entries:
            entry = entries.pop()
            titles.append(entry.title)
            entries += entry.children
    assert len(titles) > 30
    bodies = pages[2:]  # behind the cover and the contents
    for page in bodies:
        heads = {at for at, line in enumerate(page) if any(line.strip() == title for title in titles)}
        last = len(page) - 1 - 1  # the last line is the running foot
        assert last not in heads, page[-3:]


def test_the_judges_find_no_fault(file: Path) -> None:
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True, check=True)
    assert "No syntax or stream encoding errors found" in checked.stdout
    subprocess.run([Path(sys.executable).parent / "outloud", "-q", file], capture_output=True, check=True)
