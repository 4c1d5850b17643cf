"""The text of a case document, YAML or JSON, as plain values: bounded, and without YAML's surprises."""

import json
import re
from typing import Any, Never

import yaml

from decisions.advisor.questions.answers import Written, refuse, show

LARGEST = 256 * 1024
"""Characters; a case with every answer at its limit is far smaller."""
DEEPEST = 16


class _Loader(yaml.SafeLoader):
    """Plain values only: no tags, aliases or repeated keys; yes, no and dates stay words; 0100 is not octal."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            self.refuse("aliases (*name) are not allowed; write the value out")
        if getattr(event, "tag", None) is not None:
            self.refuse(f"tags ({event.tag}) are not allowed; write plain values")
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"the document is nested deeper than {DEEPEST} levels")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def refuse(self, text: str) -> Never:
        line = self.peek_event().start_mark.line + 1  # type: ignore[no-untyped-call]
        raise refuse("", f"line {line}: {text}")


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[str, object]:
    found: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        line = key_node.start_mark.line + 1
        if key is None:
            raise refuse("", f"line {line}: a key is a word")
        if key in found:
            raise refuse(str(key), f"line {line}: the key is there twice; keep one")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _integer(_loader: _Loader, node: yaml.ScalarNode) -> int | float:
    return _whole(node.value)


def _float(_loader: _Loader, node: yaml.ScalarNode) -> float:
    return Written(node.value)


def _whole(text: str) -> int | float:
    # More digits than any count has: the limits of every field refuse it, and no slow conversion is made.
    return int(text) if len(text) <= 18 else Written(text)


NUMBER = r"[-+]?(?:0|[1-9][0-9]*)"
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""])
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|false|False)$"), list("tTfF"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(rf"^{NUMBER}$"), list("-+0123456789"))
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(rf"^(?:{NUMBER}(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|[-+]?\.[0-9]+|[-+]?\.(?:inf|Inf)|\.(?:nan|NaN))$"),
    list("-+.0123456789"),
)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor("tag:yaml.org,2002:float", _float)


def parse(text: str) -> object:
    """The plain values a text stands for: mappings, lists, texts, numbers, booleans, None. Raises CaseError."""
    if len(text) > LARGEST:
        raise refuse("", f"the document has {len(text):,} characters; at most {LARGEST:,} are read")
    text = text.removeprefix("\ufeff")
    return _json(text) if text.lstrip().startswith("{") else _yaml(text)


def _yaml(text: str) -> object:
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader with less in it
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise refuse("", f"not YAML: {line}{error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise refuse("", f"not YAML: {' '.join(str(error).split())}") from error


def _json(text: str) -> object:
    try:
        return json.loads(
            text, object_pairs_hook=_pairs, parse_float=Written, parse_int=_whole, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        raise refuse("", f"not JSON: line {error.lineno}: {error.msg}") from error
    except RecursionError:
        raise refuse("", f"the document is nested deeper than {DEEPEST} levels") from None


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise refuse(key, "the key is there twice; keep one")
        found[key] = value
    return found


def _constant(word: str) -> Never:
    raise refuse("", f"{show(word)} is not a number that can be measured")
