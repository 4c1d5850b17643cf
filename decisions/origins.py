"""Where the answers of a draft come from: the file that gave one, and what files say of those given otherwise."""

from collections.abc import Collection, Mapping
from typing import Any

from decisions.advisor.case import Case, at, read, write

Origin = Mapping[str, Any]
"""Source and date of an answer that was taken from a file; with the value where somebody answered otherwise."""


def with_origins(
    case: Case, before: Mapping[str, Any], kept: Collection[str], origins: Mapping[str, Origin]
) -> dict[str, Any]:
    """The document of a case whose answers at `kept` are new, `before` being the document as it was.

    An answer taken from a file names it. One that was typed over loses the name, and what the file says is kept beside
    it, as an open point, for as long as both differ.
    """
    document = write(case)
    provenance, found = dict(document.get("provenance", {})), dict(document.get("found", {}))
    for path in kept:
        origin, said, now = provenance.pop(path, None), at(before, path), at(document, path)
        if path in origins:
            provenance[path] = dict(origins[path])
            found.pop(path, None)
        elif origin and said is not None:
            found[path] = {"value": said, **origin}
        if path in found and now in (None, found[path]["value"]):
            del found[path]
        elif path in found:
            # It was another answer that somebody kept.
            found[path] = {key: value for key, value in found[path].items() if key != "kept"}
    return _document(document, provenance, found)


def set_aside(document: dict[str, Any], said: Mapping[str, Origin]) -> dict[str, Any]:
    """The document with what files say of answers that a person kept instead."""
    found = document.get("found", {}) | {
        path: dict(one) for path, one in said.items() if at(document, path) not in (None, one["value"])
    }
    return _document(document, document.get("provenance", {}), found)


def _document(
    document: dict[str, Any], provenance: Mapping[str, Origin], found: Mapping[str, Origin]
) -> dict[str, Any]:
    if provenance == document.get("provenance", {}) and found == document.get("found", {}):
        return document
    return write(read(document | {"provenance": provenance, "found": found}))
