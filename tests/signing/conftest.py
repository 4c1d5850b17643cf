"""A sealed record to check and to tamper with, made once."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from decisions.advisor.record import document
from decisions.rendering import pdf
from decisions.signing.seal import Seal, ensure_seal, seal_pdf
from tests.sample_record import sample

SEALED_AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def seal(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    """The seal of an instance."""
    return ensure_seal(tmp_path_factory.mktemp("instance"))


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Seal:
    """The seal of somebody else."""
    return ensure_seal(tmp_path_factory.mktemp("stranger"))


@pytest.fixture(scope="session")
def unsealed() -> bytes:
    """The sample's PDF before it is sealed."""
    return pdf.render(document(sample()), sealed=True)


@pytest.fixture(scope="session")
def sealed(seal: Seal, unsealed: bytes) -> bytes:
    """The sample's PDF as it is kept."""
    return seal_pdf(unsealed, seal, "Sealed by MeshAdvisor", SEALED_AT)


@pytest.fixture
def file(sealed: bytes, tmp_path: Path) -> Path:
    """The same in a file, for programs."""
    path = tmp_path / "DR-0042.pdf"
    path.write_bytes(sealed)
    return path
