"""A sealed addendum: checked like a record, by our command and by openssl."""

import datetime as dt
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.x509 import Certificate

from decisions.advisor.record import canonical
from decisions.signing import verify
from decisions.signing.addendum import seal_addendum
from decisions.signing.keystore import Seal, ensure_seal

DOCUMENT = {
    "schema": "meshadvisor-outcome/1",
    "about": {"number": "DR-0042", "check": 2, "record_sha256": "61bf"},
    "judgement": {"verdict": "hold"},
}


@pytest.fixture(scope="module")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    return ensure_seal(tmp_path_factory.mktemp("own"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return ensure_seal(tmp_path_factory.mktemp("other")).authority


def test_a_sealed_outcome_is_valid_for_whoever_trusts_its_issuer(seal: Seal, stranger: Certificate) -> None:
    sealed = seal_addendum(canonical(DOCUMENT), seal)
    report = verify.check(sealed, [seal.authority])
    assert report.exit_code == 0
    assert ("Verdict", "hold") in report.facts
    assert verify.check(sealed, [stranger]).exit_code == 1
    alone = verify.check(sealed)
    assert alone.exit_code == 0
    assert "Nobody was named as trusted" in alone.reasons[0]


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_every_changed_byte_of_the_container_breaks_the_seal(seal: Seal) -> None:
    """Also of what nobody signs: versions, names of algorithms, the certificates that came along."""
    sealed = seal_addendum(canonical(DOCUMENT), seal)
    for at in range(0, len(sealed), 5):
        changed = bytearray(sealed)
        changed[at] ^= 1 << at % 8
        assert verify.check(bytes(changed), [seal.authority]).verdict is not verify.Verdict.VALID, at
        assert verify.check(bytes(changed)).verdict is not verify.Verdict.VALID, at


def test_a_certificate_written_in_another_way_is_noticed(seal: Seal) -> None:
    """The last bits of its signature left out, as a bit string allows: the same certificate in other bytes."""
    sealed = seal_addendum(canonical(DOCUMENT), seal)
    for certificate in (seal.certificate, seal.authority):
        signature = certificate.signature
        place = sealed.index(signature) - 1
        assert sealed[place] == 0
        other = sealed[:place] + b"\x01" + signature[:-1] + bytes([signature[-1] & 0xFE])
        assert verify.check(other + sealed[len(other) :]).verdict is not verify.Verdict.VALID


def test_another_document_under_the_seal_is_no_outcome(seal: Seal) -> None:
    for data in (canonical({"schema": "other/1"}), b"{ }", b"no json"):
        assert verify.check(seal_addendum(data, seal), [seal.authority]).exit_code == 1


def test_a_cut_container_is_refused_without_a_traceback(seal: Seal) -> None:
    sealed = seal_addendum(canonical(DOCUMENT), seal)
    for length in range(40, len(sealed), 97):
        assert verify.check(sealed[:length], [seal.authority]).exit_code == 2


def test_an_outcome_sealed_after_its_certificate_ended_does_not_hold(seal: Seal) -> None:
    later = dt.datetime.now(dt.UTC) + dt.timedelta(days=4000)
    assert verify.check(seal_addendum(canonical(DOCUMENT), seal), [seal.authority], moment=later).exit_code == 1


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_opens_it_and_prints_the_json(seal: Seal, tmp_path: Path) -> None:
    (tmp_path / "outcome.p7m").write_bytes(seal_addendum(canonical(DOCUMENT), seal))
    (tmp_path / "authority.pem").write_bytes(seal.trust_pem)
    words = ["openssl", "cms", "-verify", "-inform", "DER", "-in", "outcome.p7m", "-CAfile", "authority.pem"]
    done = subprocess.run([*words, "-purpose", "any"], cwd=tmp_path, capture_output=True, check=True, timeout=30)
    assert done.stdout == canonical(DOCUMENT)
