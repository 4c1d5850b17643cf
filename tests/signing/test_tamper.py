"""The tamper table, small: every random change and every deliberate one is refused, each by a layer with a name."""

import random
from pathlib import Path

from benchmarks.tamper import beside, chance, pages, updates
from benchmarks.tamper.files import made, stamped_file
from decisions.signing.keystore import Seal
from decisions.signing.verify import Trust, Verdict, check
from tests.timestamping import TimeStampService


def test_every_deliberate_change_of_a_pdf_is_refused_by_a_named_layer(
    seal: Seal, stranger: Seal, tmp_path: Path
) -> None:
    tsa, other = (TimeStampService(tmp_path / name, name) for name in ("genuine", "other"))
    for one in (tsa, other):
        one.open_for("http://tsa.example")
    data, whole = made(seal), stamped_file(seal, tsa)
    refuses = chance.who_refuses(Trust(authorities=seal.trusted, stamp_roots=(tsa.root,)))
    assert (refuses(data), refuses(whole)) == ("", "")
    every = [*pages.attacks(seal, stranger, data), *updates.attacks(tsa, other, (data, whole))]
    by = {name: refuses(attacked) for name, attacked in every}
    assert len(by) == len(every) == 37
    assert all(by.values()), by
    assert by["approvals for another record, under our own seal"] == "approvals"
    assert by["another record.json than the cover names, under our own seal"] == "record"
    assert by["our own key, but later changes allowed"] == "coverage"
    assert by["the file sealed anew by a stranger"] == "certificate"
    assert by["a time stamp of a service that is not trusted"] == "timestamp"
    assert {layer for name, layer in by.items() if name.endswith("under a genuine time stamp")} == {"structure"}


def test_every_deliberate_change_beside_a_pdf_is_refused_and_what_is_genuine_is_not(seal: Seal, stranger: Seal) -> None:
    by = dict(beside.reports(seal, stranger, beside.genuine(seal)))
    assert len(by) == 34
    valid = {name for name, report in by.items() if report.verdict is Verdict.VALID}
    assert valid == {name for name in by if name.startswith("none")}
    assert len(valid) == 5


def test_random_changes_of_an_envelope_are_refused(seal: Seal) -> None:
    data, trust = beside.genuine(seal).envelope, Trust(seals=(seal.certificate,))
    assert check(data, trust).verdict is Verdict.VALID
    some = random.Random(3)
    assert all(chance.refused_by(check(chance.changed(data, some), trust)) for _ in range(300))


def test_pieces_that_another_version_of_the_check_made_do_not_count(tmp_path: Path) -> None:
    kept = chance.Kept(tmp_path / "changes.jsonl")
    kept.keep("7/envelope/0", 3, chance.Counter(envelope=3))
    assert chance.Kept(kept.path).pieces == {("7/envelope/0", 3): {"envelope": 3}}
    kept.path.write_text(kept.path.read_text().replace(kept.code, "0" * 16))
    assert chance.Kept(kept.path).pieces == {}


def test_the_page_was_written_by_a_run_of_ten_thousand_that_missed_nothing() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "tamper.md").read_text()
    lines = [line.split("|") for line in page.splitlines()]
    counted = [cells for cells in lines if len(cells) == 7 and cells[3].strip().replace(",", "").isdecimal()]
    assert sum(int(cells[3].replace(",", "")) for cells in counted) == 10_000
    assert {cells[4].strip() for cells in counted} == {"0"}
    assert "**nothing**" not in page
    told = [
        cells for cells in lines if len(cells) == 5 and cells[3].strip().startswith(("checkpoint:", "record:", "log:"))
    ]
    assert len(told) >= 5, "each attack on the database, with what finds it"
