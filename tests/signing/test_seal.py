"""The seal: made once, kept locked, and put on a PDF so that programs which are not ours call it valid."""

import os
import re
import shutil
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

from decisions.signing.keystore import PASSPHRASE_VARIABLE
from decisions.signing.seal import Seal, SealError, ensure_seal, seal_pdf, self_test
from tests.signing.conftest import SEALED_AT


def run(*command: object, fails: bool = False) -> str:
    """What a program prints."""
    done = subprocess.run([str(one) for one in command], capture_output=True, check=False)
    assert (done.returncode != 0) is fails, done.stdout + done.stderr
    return (done.stdout + done.stderr).decode(errors="replace")


def test_pdfsig_calls_it_valid_and_whole(file: Path) -> None:
    said = run("pdfsig", file)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert said.count("Signature #") == 1


def test_pdfsig_notices_one_changed_byte(file: Path, sealed: bytes) -> None:
    changed = bytearray(sealed)
    changed[5000] ^= 1
    file.write_bytes(changed)
    done = subprocess.run(["pdfsig", file], capture_output=True, check=False)
    assert b"Signature is Valid" not in done.stdout


def test_pdfsig_trusts_it_once_the_authority_is_known(file: Path, seal: Seal, tmp_path: Path) -> None:
    database, pem = tmp_path / "nss", tmp_path / "authority.pem"
    database.mkdir()
    pem.write_bytes(seal.trust_pem)
    if shutil.which("certutil") is None:
        return  # the trust store of pdfsig takes a program of its own to fill
    run("certutil", "-N", "-d", database, "--empty-password")
    run("certutil", "-A", "-d", database, "-n", "authority", "-t", "C,C,C", "-i", pem)
    assert "Certificate is Trusted" in run("pdfsig", "-nssdir", database, file)


def test_openssl_verifies_it_without_any_program_of_ours(sealed: bytes, seal: Seal, tmp_path: Path) -> None:
    found = re.search(rb"/Contents <([0-9A-F]{500,})>", sealed)
    assert found
    (tmp_path / "seal.der").write_bytes(bytes.fromhex(found[1].decode()))
    (tmp_path / "content").write_bytes(sealed[: found.start(1) - 1] + sealed[found.end(1) + 1 :])
    (tmp_path / "authority.pem").write_bytes(seal.trust_pem)
    said = run(
        *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", tmp_path / "seal.der"),
        *("-content", tmp_path / "content", "-CAfile", tmp_path / "authority.pem"),
        *("-purpose", "any", "-out", os.devnull),
    )
    assert "successful" in said.lower()


def test_qpdf_finds_no_fault(file: Path) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", file)


def test_the_sealed_file_is_as_accessible_as_before(file: Path) -> None:
    assert "0 error" in run(Path(sys.executable).parent / "outloud", file)


def test_the_file_stays_pdf_1_7_with_the_dates_of_the_record(file: Path, unsealed: bytes, tmp_path: Path) -> None:
    before = tmp_path / "before.pdf"
    before.write_bytes(unsealed)

    def facts(path: Path) -> list[str]:
        return [line for line in run("pdfinfo", path).splitlines() if not line.startswith(("File size", "Form"))]

    assert facts(file) == facts(before)
    assert "PDF version:     1.7" in facts(file)
    assert run("pdfinfo", "-meta", file) == run("pdfinfo", "-meta", before)


def test_the_pages_and_attachments_are_untouched(sealed: bytes, unsealed: bytes) -> None:
    assert sealed.startswith(unsealed)


def test_the_time_is_the_one_given_in_any_zone(unsealed: bytes, seal: Seal, tmp_path: Path) -> None:
    zone = datetime.fromisoformat("2026-11-23T17:30:00.123456+05:30")
    path = tmp_path / "zone.pdf"
    path.write_bytes(seal_pdf(unsealed, seal, "Sealed", zone))
    said = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=True, env={**os.environ, "TZ": "UTC"})
    assert "Signing Time: Nov 23 2026 12:00:00" in said.stdout


def test_a_sealed_file_is_not_sealed_again(sealed: bytes, seal: Seal) -> None:
    with pytest.raises(SealError, match="carries a signature already"):
        seal_pdf(sealed, seal, "Sealed", SEALED_AT)


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_refused(data: bytes, seal: Seal) -> None:
    with pytest.raises(SealError, match="cannot be sealed"):
        seal_pdf(data, seal, "Sealed", SEALED_AT)


def test_the_seal_is_made_once_and_opened_afterwards(tmp_path: Path) -> None:
    first, second = ensure_seal(tmp_path), ensure_seal(tmp_path)
    assert first.certificate == second.certificate
    assert first.authority == second.authority
    assert sorted(path.name for path in (tmp_path / "seal").iterdir()) == [
        "authority.p12",
        "authority.pem",
        "passphrase",
        "seal.p12",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["seal"]


def test_only_the_owner_can_read_the_keys(tmp_path: Path) -> None:
    ensure_seal(tmp_path)
    folder = tmp_path / "seal"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("seal.p12", "authority.p12", "passphrase"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_processes_that_start_together_use_one_seal(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        seals = list(pool.map(lambda _: ensure_seal(tmp_path), range(8)))
    assert len({seal.fingerprint for seal in seals}) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["seal"]


def test_a_passphrase_from_the_environment_is_not_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "correct horse")
    seal = ensure_seal(tmp_path)
    assert not (tmp_path / "seal" / "passphrase").exists()
    assert ensure_seal(tmp_path).certificate == seal.certificate
    assert pkcs12.load_key_and_certificates((tmp_path / "seal" / "authority.p12").read_bytes(), b"correct horse")[0]
    monkeypatch.setenv(PASSPHRASE_VARIABLE, "another")
    with pytest.raises(SealError, match="passphrase does not open"):
        ensure_seal(tmp_path)
    monkeypatch.delenv(PASSPHRASE_VARIABLE)
    with pytest.raises(SealError, match=PASSPHRASE_VARIABLE):
        ensure_seal(tmp_path)


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SealError, match="cannot be kept in"):
        ensure_seal(tmp_path / "file" / "data")


def test_a_damaged_key_file_is_named(tmp_path: Path) -> None:
    ensure_seal(tmp_path)
    (tmp_path / "seal" / "seal.p12").write_bytes(b"damaged")
    with pytest.raises(SealError, match=r"seal\.p12"):
        ensure_seal(tmp_path)


def test_the_certificates_are_made_for_this(seal: Seal) -> None:
    usage = seal.certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert usage.content_commitment
    assert not usage.key_cert_sign
    assert not seal.certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert seal.authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert seal.certificate.not_valid_after_utc - datetime.now(UTC) > timedelta(days=3640)
    assert seal.certificate.not_valid_after_utc <= seal.authority.not_valid_after_utc
    seal.certificate.verify_directly_issued_by(seal.authority)
    assert seal.trust_pem == seal.authority.public_bytes(Encoding.PEM)


def test_the_self_test_passes_for_a_good_seal_and_fails_for_a_mixed_one(seal: Seal, stranger: Seal) -> None:
    self_test(seal)
    mixed = Seal(key=stranger.key, certificate=seal.certificate, authority=seal.authority)
    with pytest.raises(SealError, match="does not pass its own check"):
        self_test(mixed)


def test_the_self_test_fails_for_an_expired_seal(tmp_path: Path) -> None:
    old = ensure_seal(tmp_path, now=datetime(2001, 1, 1, tzinfo=UTC))
    with pytest.raises(SealError, match="valid from 2000-12-31 to 2010-12-31 only"):
        self_test(old)
