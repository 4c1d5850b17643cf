"""Finds what the catalogue and the plans of roll-out say in words of ours: a message for each sentence.

What is quoted stays as it is: names of sources, commands, settings, manifests. Versions and dates are no words.
"""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from decisions.advisor.clusters import of_the_only_one

SAID = frozenset(
    (
        "back",
        "back_takes",
        "default",
        "end_of_support_says",
        "if_it_fails",
        "install",
        "permissive",
        "proof",
        "rollback",
        "rollback_time",
        "says",
        "short",
        "strict",
        "test",
        "text",
        "title",
        "topic",
        "unit",
        "weak",
        "what",
        "widen",
    )
)
"""Keys of a sheet whose text is ours and shown to people."""
QUOTED = frozenset(("source", "sources", "charts", "values", "manifests"))
"""Keys under which everything stays as it is."""
ENDS = re.compile(
    r"(?<=[.!?]) (?=[A-Z“(]|(?:all-authenticated|eBPF|hubble|istioctl|istiod|kubectl|linkerd|p99) )"
    r"(?!(?:Jan|Feb|März|Apr|Mai|Juni|Juli|Aug|Sept|Okt|Nov|Dez)\b)"
)
"""Between two sentences; "2. Okt. 2026" is a day."""
WORDS = re.compile(r"[A-Za-z]{3}")
SHORT = {"cni": "CNI", "cpu": "CPU", "l7": "L7", "vm": "VM"}
"""Words of names that are written in capitals."""


def sentences_of(file: Path) -> Iterator[str]:
    """The sentences of a sheet, each as often as it stands there; also as they read where there is one cluster."""
    sheet = tomllib.loads(file.read_text(encoding="utf-8"))
    if sheet.get("kind") == "planning":
        yield from (one["title"] for one in sheet.values() if isinstance(one, dict) and "title" in one)
    for one in _said("", sheet):
        yield one
        if (alone := of_the_only_one(one)) != one:
            yield alone


def in_words(name: str) -> str:
    """What a planning value is called: hours_per_patch is "Hours per patch"."""
    words = " ".join(SHORT.get(word, word) for word in name.split("_"))
    return words[:1].upper() + words[1:]


def _said(key: str, value: object) -> Iterator[str]:
    if isinstance(value, str):
        if key in SAID:
            yield from (one for one in ENDS.split(value.strip()) if WORDS.search(one))
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in QUOTED:
                yield from _said(name, one)
    elif isinstance(value, list):
        for one in value:
            yield from _said(key, one)
