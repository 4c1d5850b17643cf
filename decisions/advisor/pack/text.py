"""How files are written: YAML by PyYAML's safe writer, JSON, and words of people inside Markdown."""

import json
import re
from typing import Any

import yaml

UNSAFE = re.compile(r"([\\`*_\[\]<>#|])")


_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The same writer in C where PyYAML has it: five times as fast."""


class _Writer(_Base):  # type: ignore[misc]
    """Block style without aliases, and texts of several lines as blocks."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(writer: _Writer, value: str) -> yaml.ScalarNode:
    style = "|" if "\n" in value else None
    node: yaml.ScalarNode = writer.represent_scalar("tag:yaml.org,2002:str", value, style=style)
    return node


_Writer.add_representer(str, _text)


def yaml_bytes(value: Any, *remarks: str) -> bytes:
    """A YAML document, with remarks of ours (never words of users) on top."""
    head = "".join(f"# {line}\n" for line in remarks)
    return (head + yaml.dump(value, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=110)).encode()


def json_bytes(value: Any) -> bytes:
    """A JSON document."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def quoted(words: str) -> str:
    """Words that people typed, as one line of Markdown in which nothing is markup."""
    return UNSAFE.sub(r"\\\1", " ".join(words.split()))
