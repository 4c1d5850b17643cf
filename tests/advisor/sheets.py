"""Sheets and patches as texts, for the tests of the catalogue."""

from decisions.advisor.catalog.loader import SHEETS

OURS = 'source = { text = "Our platform handbook, chapter 4", date = "2026-10-01" }'
"""The source of what an organisation says itself."""


def patch(of: str, *lines: str) -> str:
    """A patch of a sheet."""
    return "\n".join(['kind = "patch"', f'of = "{of}"', *lines])


def sheet(name: str) -> str:
    """The text of a shipped sheet."""
    return (SHEETS / f"{name}.toml").read_text()
