"""What tests of the advisor may ask for."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def overlay(tmp_path: Path) -> Callable[..., Path]:
    """Writes files into a new directory: `overlay(our_terms='kind = "patch" ...')` makes our-terms.toml."""
    folder = tmp_path / "overlay"

    def write(**files: str) -> Path:
        folder.mkdir(exist_ok=True)
        for name, text in files.items():
            (folder / f"{name.replace('_', '-')}.toml").write_text(text)
        return folder

    return write
