"""The sealing key in a PKCS#11 token (SoftHSM2), behind a command, and replaced: what is sealed holds all the same."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from decisions.signing import envelope
from decisions.signing.keys import PIN_VARIABLE, SealError, open_key
from decisions.signing.keystore import KEY_VARIABLE, Seal, ensure_seal, rotate
from decisions.signing.seal import seal_pdf, self_test
from decisions.signing.verify import Verdict, check
from tests.signing.conftest import SEALED_AT

MODULE = Path("/usr/lib/softhsm/libsofthsm2.so")
SEALER = """#!{python}
import sys
from pathlib import Path
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
key = serialization.load_pem_private_key(Path({key!r}).read_bytes(), None)
if sys.argv[1] == "public-key":
    kind = serialization.PublicFormat.SubjectPublicKeyInfo
    sys.stdout.buffer.write(key.public_key().public_bytes(serialization.Encoding.PEM, kind))
else:
    digest = sys.stdin.buffer.read()
    sys.stdout.buffer.write(key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256()))))
"""


def private_key(path: Path) -> Path:
    """A P-256 key in a file."""
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    key = ec.generate_private_key(ec.SECP256R1())
    path.write_bytes(key.private_bytes(pem, pkcs8, serialization.NoEncryption()))
    return path


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a key in a SoftHSM2 token."""
    if not MODULE.exists():
        pytest.skip("SoftHSM2 is not installed")
    (tmp_path / "tokens").mkdir()
    configuration = tmp_path / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {tmp_path}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(configuration))
    monkeypatch.setenv(PIN_VARIABLE, "5678")
    key = private_key(tmp_path / "key.pem")
    for arguments in (
        ["--init-token", "--free", "--label", "mesh", "--so-pin", "1234", "--pin", "5678"],
        ["--import", str(key), "--token", "mesh", "--label", "seal", "--id", "01", "--pin", "5678"],
    ):
        subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True)
    return f"pkcs11:token=mesh;object=seal?module-path={MODULE}"


@pytest.fixture
def command(tmp_path: Path) -> str:
    """The address of a program that signs."""
    program = tmp_path / "sealer"
    program.write_text(SEALER.format(python=sys.executable, key=str(private_key(tmp_path / "key.pem"))))
    program.chmod(0o700)
    return f"command:{program}"


def sealed_by(where: str, unsealed: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Seal, bytes]:
    """The seal of an instance whose key is there, and a file under it."""
    monkeypatch.setenv(KEY_VARIABLE, where)
    seal = ensure_seal(folder)
    self_test(seal)
    return seal, seal_pdf(unsealed, seal, "Sealed", SEALED_AT)


@pytest.mark.parametrize("place", ["token", "command"])
def test_a_key_that_is_elsewhere_seals_files_envelopes_and_ssh_signatures(
    place: str, unsealed: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    where: str = request.getfixturevalue(place)
    seal, file = sealed_by(where, unsealed, tmp_path / "data", monkeypatch)
    assert check(file, seal.trusted, moment=SEALED_AT.replace(year=2027)).verdict is Verdict.VALID
    assert ensure_seal(tmp_path / "data").certificate == seal.certificate
    (tmp_path / "sealed.pdf").write_bytes(file)
    said = subprocess.run(["pdfsig", tmp_path / "sealed.pdf"], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid" in said
    assert envelope.check(envelope.make({"record.json": "0" * 64}, {}, seal), seal.certificate)
    (tmp_path / "record.json.sig").write_text(envelope.ssh_signature(b"{}", seal))
    (tmp_path / "allowed_signers").write_text(envelope.ssh_signers(seal))
    verify = "ssh-keygen -Y verify -f allowed_signers -I meshadvisor -n meshadvisor -s record.json.sig"
    subprocess.run(verify.split(), cwd=tmp_path, input=b"{}", check=True, capture_output=True)


def test_a_wrong_pin_is_said_with_what_to_look_at(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PIN_VARIABLE, "0000")
    with pytest.raises(SealError, match=f"cannot be used .*{PIN_VARIABLE}"):
        open_key(token).sign(b"data")


@pytest.mark.parametrize("where", ["", "vault:x", "command:", "pkcs11:token=a", "pkcs11:object=a?module-path=/x"])
def test_an_address_that_names_no_key_is_refused(where: str) -> None:
    with pytest.raises(SealError, match="names no sealing key"):
        open_key(where)


def test_a_command_that_signs_with_another_key_is_found_out(command: str, tmp_path: Path) -> None:
    key = open_key(command)
    assert key.public_key
    private_key(tmp_path / "key.pem")
    with pytest.raises(SealError, match="not a signature by its key"):
        key.sign(b"data")


def test_after_a_rotation_old_and_new_files_hold(unsealed: bytes, tmp_path: Path) -> None:
    first = ensure_seal(tmp_path)
    files = [seal_pdf(unsealed, first, "Sealed", SEALED_AT)]
    second = rotate(tmp_path)
    assert (second.authority, second.certificate == first.certificate) == (first.authority, False)
    files.append(seal_pdf(unsealed, second, "Sealed", SEALED_AT))
    third = rotate(tmp_path, authority=True)
    assert third.authority != first.authority
    files.append(seal_pdf(unsealed, third, "Sealed", SEALED_AT))
    self_test(third)
    moment = SEALED_AT.replace(year=2027)
    assert [check(one, third.trusted, moment=moment).verdict for one in files] == [Verdict.VALID] * 3
    assert check(files[2], first.trusted, moment=moment).verdict is Verdict.NOT_VALID
    assert third.trust_pem == (tmp_path / "seal" / "authority.pem").read_bytes()
    assert len(list((tmp_path / "seal" / "retired").iterdir())) == 2
