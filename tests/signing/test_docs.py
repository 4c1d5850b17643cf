"""What docs/verify.md tells a stranger to type works as it stands there."""

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from decisions.advisor.record import canonical, digest, document
from decisions.rendering import markdown, pdf
from decisions.signing import envelope, trust
from decisions.signing.seal import Seal, seal_pdf
from decisions.signing.stamping import Service, stamped
from decisions.signing.trust import Trust
from tests.sample_record import sample
from tests.signing.approvers import by_passkey, by_ssh, confirmed
from tests.signing.conftest import SEALED_AT
from tests.timestamping import TimeStampService

PAGE = Path(__file__).parent.parent.parent / "docs" / "verify.md"
COMMANDS = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def files(seal: Seal, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a stranger gets: an approved record with time stamps, what lies beside it, and what to trust."""
    tsa = TimeStampService(tmp_path_factory.mktemp("tsa"))
    tsa.open_for("http://tsa.example")
    people = tmp_path_factory.mktemp("people")
    record = canonical(document(sample()))
    given = [confirmed(record), by_ssh(record, people), by_passkey(record)]
    service = Service(ask=tsa.answer, roots=(tsa.root,), fetch=lambda _: tsa.list)
    page = pdf.render(document(sample()), sealed=True, approvals=given)
    made = stamped(seal_pdf(page, seal, "DR-0042", SEALED_AT), service, (), datetime.now(UTC))
    words = markdown.render(document(sample())).encode()
    named = {"record.json": digest(record), "md/proposed": digest(words), "pdf/accepted": digest(made)}
    trusted = Trust(authorities=seal.trusted, seals=(seal.certificate,), stamp_roots=(tsa.root,))
    return {
        "DR-0042.pdf": made,
        "authority.pem": seal.trust_pem,
        "trust.json": json.dumps(trust.document(trusted, "", SEALED_AT)).encode(),
        "tsa-roots.pem": (tsa.folder / "root.pem").read_bytes(),
        "allowed_signers": (people / "allowed_signers").read_bytes(),
        "DR-0042.dsse.json": envelope.make(named, {"number": "DR-0042"}, seal),
        "seal.pem": seal.certificate_pem,
        "instance_signers": envelope.ssh_signers(seal).encode(),
        "record.json.sig": envelope.ssh_signature(record, seal).encode(),
    }


@pytest.fixture
def folder(tmp_path: Path, files: dict[str, bytes]) -> Path:
    """Where a stranger put the files."""
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def typed(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command as a shell runs it there."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "DATA_DIR": str(folder / "data")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_command_of_the_page_does_what_it_says(folder: Path) -> None:
    for program in ("pdfsig", "pdfdetach", "openssl", "ssh-keygen", "qpdf"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not on this machine")
    assert len(COMMANDS) == 13
    done = [typed(command, folder) for command in COMMANDS]
    failed = [(command, one.stdout + one.stderr) for command, one in zip(COMMANDS, done, strict=True) if one.returncode]
    assert not failed
    said = "".join(one.stdout + one.stderr for one in done)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert f"{digest(canonical(document(sample())))}  record.json" in said
    assert "cms verification successful" in said.lower()
    assert "Verification: OK" in said, "of the time stamp"
    assert said.count("Verified OK") == 2, "the envelope and the passkey"
    assert 'Good "meshadvisor" signature for tomas' in said
    assert 'Good "meshadvisor" signature for meshadvisor' in said
    assert said.count("VALID\n") == 5, "meshadvisor itself says so each time"


@pytest.mark.parametrize(
    ("file", "place", "words"),
    [
        (
            "DR-0042.pdf",
            5000,
            ("meshadvisor verify DR-0042.pdf", "pdfsig", "openssl cms", "openssl dgst -sha256 -verify seal"),
        ),
        ("record.json", 700, ("ssh-keygen -Y verify -f allowed", "ssh-keygen -Y verify -f instance", "passkey.pem")),
        ("DR-0042.dsse.json", 90, ("openssl dgst -sha256 -verify seal", "meshadvisor verify DR-0042.dsse.json")),
        ("tsa-roots.pem", 300, ("openssl ts",)),
    ],
)
def test_after_a_change_the_same_commands_refuse(folder: Path, file: str, place: int, words: tuple[str, ...]) -> None:
    for command in COMMANDS:
        if command.startswith("pdfdetach"):
            typed(command, folder)
    changed = bytearray((folder / file).read_bytes())
    changed[place] ^= 1
    (folder / file).write_bytes(changed)
    for wanted in words:
        command = next(one for one in COMMANDS if wanted in one)
        done = typed(command, folder)
        assert done.returncode != 0 or "Signature is Valid" not in done.stdout, command


def test_the_page_names_every_layer_of_the_report(sealed: bytes, seal: Seal) -> None:
    from decisions.signing.verify import check

    for layer in check(sealed, (seal.authority,)).layers:
        assert f"\n| {layer.name} |" in PAGE.read_text()


def test_record_page_and_readme_name_the_same_file_to_trust() -> None:
    root = Path(__file__).resolve().parents[2]
    for place in ("templates/record/page.html", "templates/verify/verify.html", "README.md"):
        named = re.findall(r"meshadvisor verify \S+\.pdf --trust (\S+?)(?:<|\s)", (root / place).read_text())
        assert set(named) == {"meshadvisor-trust.json"}, place
