"""`linkerd check`: as JSON or text; how many checks passed, warned and failed."""

import re
from collections import Counter

from decisions.intake.clusterfile import reading
from decisions.intake.document import at, mappings
from decisions.intake.inventory import Inventory
from decisions.intake.reading import Reading
from decisions.intake.source import Source

# Check mark, double exclamation mark and multiplication sign, as linkerd prints them.
_SIGNS = {"\u221a": "success", "\u2714": "success", "\u203c": "warning", "\u00d7": "error", "\u2718": "error"}
_LINE = re.compile(rf"^[ ]*([{''.join(_SIGNS)}]) \S", re.MULTILINE)


def read(source: Source) -> Reading | None:
    """The checks in JSON, or None when they are not."""
    document = source.document
    categories = mappings(at(document, "categories"))
    if not categories or at(document, "success") is None:
        return None
    results = Counter(str(check.get("result")) for one in categories for check in mappings(one.get("checks")))
    return _reading(source, results, "linkerd check JSON")


def read_text(source: Source) -> Reading | None:
    """The checks as text, or None when they are not: a category, a line of dashes, and marks."""
    signs = _LINE.findall(source.text)
    if not signs or not re.search(r"^\S[^\n]{0,100}\n-{4,}\n", source.text, re.MULTILINE):
        return None
    return _reading(source, Counter(_SIGNS[sign] for sign in signs), "linkerd check")


def _reading(source: Source, results: Counter[str], format_: str) -> Reading:
    words = f"{results['success']} passed, {results['warning']} warnings, {results['error']} failed"
    return reading(
        source,
        Inventory(mesh_check=f"linkerd check: {words}"),
        format_=format_,
        tool="linkerd",
        warnings=[f"{results['error']} checks failed."] if results["error"] else [],
    )
