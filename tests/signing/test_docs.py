"""What docs/verify.md tells a stranger to type works as it stands there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from decisions.advisor.record import canonical, digest, document
from decisions.signing.seal import Seal
from tests.sample_record import sample

PAGE = Path(__file__).parent.parent.parent / "docs" / "verify.md"
COMMANDS = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path, sealed: bytes, seal: Seal) -> Path:
    """Where a stranger put the file and the certificate."""
    (tmp_path / "DR-0042.pdf").write_bytes(sealed)
    (tmp_path / "authority.pem").write_bytes(seal.trust_pem)
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
    assert len(COMMANDS) == 7
    done = [typed(command, folder) for command in COMMANDS]
    assert [one.returncode for one in done] == [0] * len(COMMANDS), [one.stdout + one.stderr for one in done]
    said = "".join(one.stdout + one.stderr for one in done)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert f"{digest(canonical(document(sample())))}  record.json" in said
    assert "verification successful" in said.lower()


@pytest.mark.parametrize("program", ["meshadvisor", "pdfsig", "openssl"])
def test_after_a_change_the_same_commands_refuse_the_file(folder: Path, sealed: bytes, program: str) -> None:
    changed = bytearray(sealed)
    changed[5000] ^= 1
    (folder / "DR-0042.pdf").write_bytes(changed)
    command = next(one for one in COMMANDS if one.startswith((program, "python3" if program == "openssl" else program))
                   and "x509" not in one)  # fmt: skip
    done = typed(command, folder)
    assert done.returncode != 0 or "Signature is Valid" not in done.stdout


def test_the_page_names_every_layer_of_the_report(sealed: bytes, seal: Seal) -> None:
    from decisions.signing.verify import check

    for layer in check(sealed, (seal.authority,)).layers:
        assert f"\n| {layer.name} |" in PAGE.read_text()
