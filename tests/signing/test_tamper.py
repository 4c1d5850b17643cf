"""The tamper table, small: every random change and every deliberate one is refused, each by a layer with a name."""

import random

from benchmarks.tamper.__main__ import attacks, bare_attacks, changed, made, of_bare, refused, who_refuses
from decisions.advisor.record import canonical, digest, document
from decisions.signing import envelope
from decisions.signing.keystore import Seal
from tests.sample_record import sample


def test_every_deliberate_change_is_refused_by_a_named_layer(seal: Seal, stranger: Seal) -> None:
    data, refuses = made(seal), who_refuses(seal)
    assert refuses(data) == ""
    by = {name: refuses(attacked) for name, attacked in attacks(seal, stranger, data)}
    assert len(by) == 10
    assert all(by.values()), by
    assert by["approvals for another record, under our own seal"] == "approvals"
    assert by["the file sealed anew by a stranger"] == "certificate"
    genuine = digest(canonical(document(sample())))
    assert all(of_bare(genuine)(attacked) for _, attacked in bare_attacks())


def test_random_changes_of_an_envelope_are_refused(seal: Seal) -> None:
    data = envelope.make({"record.json": "0" * 64}, {"number": "DR-0042"}, seal)
    assert refused(data, seal) == ""
    chance = random.Random(3)
    assert all(refused(changed(data, chance), seal) for _ in range(300))
