"""Finds what there is to translate: the marks of templates and modules, and the sentences made below the pages.

Below the pages nothing is marked: there every text that reads like words is a msgid, an f-string the mould of one.
"""

import ast
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract
from django.utils.translation.template import templatize

from decisions.languages.sheets import sentences_of

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
BELOW = ("advisor", "intake", "signing", "rendering", "outbound", "prometheus", "models", "views", "admin", "")
"""Folders of decisions/ whose texts are shown on pages; the empty one stands for its own modules."""
LEFT_OUT = (
    "advisor/overhead/rows.py",  # complaints about the catalogue's own tables
    "advisor/overhead/coefficients.py",
    "advisor/overhead/observation.py",
    "advisor/overhead/composition.py",
    "advisor/overhead/loads.py",
    "advisor/dates.py",  # words of dates, to be recognised
    "advisor/deadline.py",
    "intake/queries.py",  # PromQL
    "intake/recipes.py",  # commands
    "intake/gob.py",
    "intake/kubernetes",
    "intake/yaml_events.py",
    "intake/adr/languages.py",
    "intake/adr/status.py",
    "advisor/pack",  # files of the roll-out are English
    "advisor/record",  # records are English
    "advisor/catalog",  # sheets are checked by those who write them
    "advisor/rollout",
    "advisor/case/text.py",
    "rendering/finish.py",
    "rendering/fonts.py",
    "rendering/flavours.py",
    "rendering/markdown.py",
    "rendering/pdf.py",
    "rendering/text.py",
    "rendering/advice.py",
    "rendering/approvals.py",
    "views/styleguide.py",
    "views/exports.py",
    "models/guards.py",  # SQL
    "signing/keys.py",  # said to whoever runs the instance, on the command line
    "signing/keystore.py",
    "signing/logkey.py",
    "signing/merkle.py",
    "audit.py",  # what `meshadvisor audit` prints
    "branch.py",
    "tree.py",
    "witness.py",
)
SHOWN = (
    "answers.py",
    "capacity.py",
    "cautions.py",
    "cluster.py",
    "cluster_answers.py",
    "clusterfile.py",
    "coverage.py",
    "loadtest.py",
    "prometheus.py",
    "prometheus_series.py",
    "sources.py",
)
"""Modules of intake/ whose names of figures are shown; in the others a name is a field of a tool's own file."""
RECORD_WORDS = ("advisor/record/labels.py", "advisor/record/bars.py", "advisor/record/replay.py")
"""What pages and records share."""
MARKED = frozenset({"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "pgettext_lazy"})
LETTERS = re.compile(r"[A-Za-z]{2}")
CODE = re.compile(
    r"^[a-z0-9_.:/*%$+|-]+$|^https?://|^\W*$|^[A-Z0-9_]+$|[<>\\^$~]{2}|\(\?|^[\w-]+/[\w.+-]+|^-----|;base64|=\{?$"
    r"|\\|[\[\]|]|\{\}|^[-^#<]|^\{\W|sum\(|count\(|^Run: |^kubectl |^ab |--"
    r"|^ ?(SELECT|CREATE|DELETE|DROP|UNION) |to_ts|no-cache|no-store|noopener|default-src|filename=|%s|[.]{3}$"
)
"""What looks like words and is an address, a pattern, a header or a query."""
NAMES = frozenset(
    ("Any", "Case", "Cc", "Cs", "Connection", "Lax", "Location", "PRIVATE KEY", "Pragma", "Succession", "Title")
)
"""Names for programs that look like a label."""
LABEL = re.compile(r"^[A-Z][a-z]+(?: ?[a-z0-9-]+)*$")


@dataclass(frozen=True, kw_only=True)
class Found:
    """A text to translate and the file it comes from; `plural` of a text with a count, `context` where it has one."""

    text: str
    place: str
    plural: str = ""
    context: str = ""
    mould: bool = False


def found_in(base: Path) -> Iterator[Found]:
    """All texts of the product whose checkout is at `base`."""
    for file in sorted((base / "templates").rglob("*.*")):
        if file.suffix in {".html", ".txt"} and "record" not in file.relative_to(base / "templates").parts:
            made = templatize(file.read_text(encoding="utf-8"), origin=str(file))
            # What is left of the page's layout would be read as a program's indentation.
            lines = "\n".join(line.lstrip() for line in made.splitlines())
            yield from marked(lines, file.relative_to(base).as_posix())
    for file in sorted((base / "decisions").rglob("*.py")):
        if "migrations" not in file.parts:
            yield from marked(file.read_text(encoding="utf-8"), file.relative_to(base).as_posix())
    for folder in ("catalog", "rollout"):
        for file in sorted((base / "decisions/advisor" / folder).glob("*.toml")):
            for text in sentences_of(file):
                yield Found(text=text, place=file.relative_to(base).as_posix(), mould="{" in text)
    for file in sorted((base / "decisions/advisor/rules").glob("*.py")):
        yield from what_rules_say(file.read_text(encoding="utf-8"), file.relative_to(base).as_posix())
    for file in below(base / "decisions"):
        yield from sentences(file.read_text(encoding="utf-8"), file.relative_to(base).as_posix())


def what_rules_say(source: str, place: str) -> Iterator[Found]:
    """The first line of each rule's docstring, which the page of the method shows. A rule is public."""
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef) or node.name.startswith("_") or not node.returns:
            continue
        if ast.unparse(node.returns) == "Finding | None" and (said := ast.get_docstring(node)):
            yield Found(text=said.splitlines()[0], place=place)


def marked(source: str, place: str) -> Iterator[Found]:
    """The texts in calls of gettext."""
    for _, message, _, context in extract("python", io.BytesIO(source.encode()), KEYWORDS, (), {"encoding": "utf-8"}):
        text, plural = (message[0], message[1]) if isinstance(message, tuple) else (message, "")
        mould = place.endswith("languages/vocabulary.py") and "{" in str(text)
        yield Found(text=str(text), plural=str(plural), context=str(context or ""), place=place, mould=mould)


def below(folder: Path) -> list[Path]:
    """The modules whose unmarked texts are shown."""
    chosen: list[Path] = []
    for name in BELOW:
        chosen += (folder / name).rglob("*.py") if name else folder.glob("*.py")
    paths = {path for path in chosen if not path.relative_to(folder).as_posix().startswith(LEFT_OUT)}
    return sorted(paths | {folder / name for name in RECORD_WORDS})


def sentences(source: str, place: str) -> Iterator[Found]:
    """Texts of a module that read like words: its strings, and its f-strings as moulds."""
    tree = ast.parse(source)
    skipped = set(_not_shown(tree))
    fields = place.startswith("decisions/intake/") and not place.endswith(SHOWN)
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        text = _text(node)
        if text is not None and _reads(text) and (not fields or text.endswith((".", "?")) or "{" in text):
            yield Found(text=text, place=place, mould="{" in text)


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    names: dict[str, int] = {}
    parts = []
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value))
        elif isinstance(part, ast.FormattedValue):
            name = _name(part.value)
            names[name] = names.get(name, 0) + 1
            parts.append(f"{{{name if names[name] == 1 else f'{name}{names[name]}'}}}")
    return "".join(parts)


def _name(node: ast.AST) -> str:
    # The last word of the expression is what the value is called: one.title gives "title".
    if isinstance(node, ast.Call):
        return _name(node.args[0] if node.args else node.func)
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    return "value"


def _reads(text: str) -> bool:
    """Whether it is words for people rather than a name for programs."""
    own = re.sub(r"\{\w+\}", "", text)
    if not LETTERS.search(own) or CODE.search(text) or text in NAMES:
        return False
    return " " in own.strip() or bool(LABEL.match(own.strip()))


def _not_shown(tree: ast.AST) -> Iterator[int]:
    # Docstrings, parts of f-strings, keys, arguments of gettext and of compile().
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield id(node.value)
        elif isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield from (id(part) for part in ast.walk(node.annotation))
        elif isinstance(node, ast.Assign) and any(_called(one) == "__all__" for one in node.targets):
            yield from (id(part) for part in ast.walk(node.value))
        elif isinstance(node, ast.FunctionDef) and node.returns:
            yield from (id(part) for part in ast.walk(node.returns))
        elif isinstance(node, ast.JoinedStr):
            yield from (id(part) for part in node.values if isinstance(part, ast.Constant))
            yield from (id(part.format_spec) for part in node.values if isinstance(part, ast.FormattedValue))
        elif isinstance(node, ast.Call) and _called(node.func) in MARKED | {
            "compile",
            "getLogger",
            "TypeVar",
            "NewType",
        }:
            yield from (id(one) for one in node.args)
        elif isinstance(node, ast.Subscript):
            yield id(node.slice)


def _called(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
