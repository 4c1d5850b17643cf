"""The system libraries and typefaces of PDF pages: are they here, and what to type when they are not."""

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
    if missing:
        return f"libraries for PDF files are missing; type: sudo apt-get install --yes {' '.join(missing)}"
    from decisions.rendering.fonts import FACES, FontError, path_of  # noqa: PLC0415

    try:
        for face in FACES:
            path_of(face)
    except FontError as error:
        return str(error)
    return ""


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
