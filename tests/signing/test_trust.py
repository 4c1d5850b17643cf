"""The trust bundle: what it carries, what is refused, and that a key which is not its person's proves nothing."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from decisions.advisor.record import canonical, document
from decisions.signing import approval, trust
from decisions.signing.keystore import Seal, ensure_seal, rotate, seals
from decisions.signing.passkey import decode, encode
from decisions.signing.trust import Person, Trust, TrustError
from tests.sample_record import sample
from tests.signing.approvers import by_passkey, by_ssh
from tests.signing.conftest import SEALED_AT

RECORD = canonical(document(sample()))


def test_a_bundle_reads_as_it_was_written(seal: Seal) -> None:
    given = Trust(
        authorities=seal.trusted,
        seals=(seal.certificate,),
        stamp_roots=(seal.authority,),
        people=(Person(account="ada", kind="ssh", public_key="ssh-ed25519 AAAA"),),
    )
    assert trust.read(json.dumps(trust.document(given, "https://a.example", SEALED_AT)).encode()) == given
    assert trust.read(seal.trust_pem) == Trust(authorities=seal.trusted)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no certificate"),
        (b"{", "cannot be read"),
        (b'{"schema": "meshadvisor-trust/9"}', "cannot read"),
        (b'{"schema": "meshadvisor-trust/1", "authorities": ["no"]}', "cannot be read"),
        (b'{"schema": "meshadvisor-trust/1", "people": [{"account": "ada"}]}', "cannot be read"),
        (b'{"schema": "meshadvisor-trust/1", "log_key": "a+b+c"}', "no verification key"),
        (b"[" * 100_000, "no certificate"),
        (b"{" + b'"a":[' * 100_000, "cannot be read"),
    ],
)
def test_what_is_no_bundle_is_refused_with_a_reason(data: bytes, said: str) -> None:
    with pytest.raises(TrustError, match=said):
        trust.read(data)


def test_former_seals_are_in_it_after_a_rotation(tmp_path: Path) -> None:
    first = ensure_seal(tmp_path)
    second = rotate(tmp_path, authority=True)
    assert seals(tmp_path, second) == (second.certificate, first.certificate)


def test_a_key_that_the_bundle_gives_to_somebody_else_proves_nothing(tmp_path: Path) -> None:
    for entry in (by_passkey(RECORD), by_ssh(RECORD, tmp_path)):
        account, public = entry["account"], entry["proof"]["public_key"]
        known = Person(account=account, kind=entry["method"], public_key=public)
        assert "is known as theirs" in approval.check(entry, RECORD, (known,))
        assert "is known as theirs" not in approval.check(entry, RECORD), "nobody's keys are known"
        for other in (
            Person(account="eve", kind=entry["method"], public_key=public),
            Person(account=account, kind=entry["method"], public_key="another"),
        ):
            with pytest.raises(approval.ApprovalError, match="none of those that the trust bundle gives to"):
                approval.check(entry, RECORD, (other,))


@pytest.mark.parametrize("name", ["authenticator_data", "client_data", "signature"])
def test_each_part_of_a_passkeys_answer_counts(name: str) -> None:
    entry = by_passkey(RECORD, ec.generate_private_key(ec.SECP256R1()))
    assert "by passkey, which holds" in approval.check(entry, RECORD)
    whole = entry["proof"][name]
    middle = len(whole) // 2
    for letter in "AZ":
        if whole[middle] != letter:
            entry["proof"][name] = whole[:middle] + letter + whole[middle + 1 :]
            with pytest.raises(approval.ApprovalError):
                approval.check(entry, RECORD)


def test_a_passkey_that_did_not_check_its_holder_does_not_approve() -> None:
    entry = by_passkey(RECORD)
    raw = entry["proof"]["authenticator_data"]
    data = bytearray(decode(raw))
    data[32] = 1
    entry["proof"]["authenticator_data"] = encode(bytes(data))
    with pytest.raises(approval.ApprovalError, match="did not check who holds it"):
        approval.check(entry, RECORD)
