"""The system libraries that PDF pages are laid out with: are they here, and what to type when they are not."""

import ctypes

PACKAGES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
"""Shared library -> Debian package."""


def how_to_install() -> str:
    """The command that installs what is missing; empty when nothing is."""
    missing = [package for library, package in PACKAGES.items() if not _loads(library)]
    if not missing:
        return ""
    return f"libraries for PDF files are missing; type: sudo apt-get install --yes {' '.join(missing)}"


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
