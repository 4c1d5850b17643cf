"""The tamper table, small: every random change and every deliberate one is refused, each by a layer with a name."""

import random
from pathlib import Path

from benchmarks.tamper.__main__ import (
    attacks,
    bare_attacks,
    changed,
    made,
    of_bare,
    refused,
    stamp_attacks,
    stamped_file,
    who_refuses,
)
from decisions.advisor.record import canonical, digest, document
from decisions.signing import envelope
from decisions.signing.keystore import Seal
from decisions.signing.verify import Trust
from tests.sample_record import sample
from tests.timestamping import TimeStampService


def test_every_deliberate_change_is_refused_by_a_named_layer(seal: Seal, stranger: Seal, tmp_path: Path) -> None:
    tsa, other = (TimeStampService(tmp_path / name, name) for name in ("genuine", "other"))
    for one in (tsa, other):
        one.open_for("http://tsa.example")
    data, whole = made(seal), stamped_file(seal, tsa)
    refuses = who_refuses(Trust(authorities=seal.trusted, stamp_roots=(tsa.root,)))
    assert (refuses(data), refuses(whole)) == ("", "")
    every = [*attacks(seal, stranger, data), *stamp_attacks(tsa, other, (data, whole))]
    by = {name: refuses(attacked) for name, attacked in every}
    assert len(by) == 15
    assert all(by.values()), by
    assert by["approvals for another record, under our own seal"] == "approvals"
    assert by["the file sealed anew by a stranger"] == "certificate"
    assert by["a time stamp of a service that is not trusted"] == "timestamp"
    assert by["the Info title changed under a genuine time stamp"] == "structure"
    genuine = digest(canonical(document(sample())))
    assert all(of_bare(genuine)(attacked) for _, attacked in bare_attacks())


def test_random_changes_of_an_envelope_are_refused(seal: Seal) -> None:
    data = envelope.make({"record.json": "0" * 64}, {"number": "DR-0042"}, seal)
    assert refused(data, seal) == ""
    chance = random.Random(3)
    assert all(refused(changed(data, chance), seal) for _ in range(300))


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
