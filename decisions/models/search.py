"""Full-text search: words of a decision, and the condition that finds them in SQLite (FTS5) or PostgreSQL (tsvector).

Both databases see the same words: split, folded and stripped of accents here, so that they find the same. Each word of
a search must begin some word of the decision.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection
from django.db.models import BooleanField, Expression, F, Func, Q
from django.db.models.expressions import RawSQL

from decisions.advisor.questions import FIELDS
from decisions.advisor.questions.asking import Kind
from decisions.advisor.recommendation import APPROACH_TITLES

if TYPE_CHECKING:
    from decisions.models.decision import Decision

LONGEST = 8000
"""Characters of words that are kept of one decision."""
MOST = 8
"""Words of a search that are looked for."""
TITLES = {approach.value: title for approach, title in APPROACH_TITLES.items()}
WRITTEN = tuple(path for path, field in FIELDS.items() if field.kind in {Kind.TEXT, Kind.LONG_TEXT})
"""Paths of answers that people write in their own words."""


def split(text: str) -> list[str]:
    """The words of a text as both databases see them: letters and digits, without case and accents."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return re.findall(r"[^\W_]+", plain.casefold())


def words_of(decision: "Decision") -> str:
    """What a decision is found by: what lists show of it, and what was written into its answers."""
    parts = [
        decision.number,
        decision.title,
        decision.system.name,
        decision.team.name,
        decision.author.name,
        decision.author.username,
        TITLES.get(decision.approach, ""),
        decision.product,
        *written(decision.case),
    ]
    return " ".join(dict.fromkeys(split(" ".join(parts))))[:LONGEST]


def written(case: Mapping[str, Any]) -> Iterator[str]:
    """The answers of a case document that are people's own words, and their comments."""
    for path in WRITTEN:
        value: Any = case
        for part in path.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            yield value
    comments = case.get("comments", {})
    yield from (text for text in comments.values() if isinstance(text, str))


class Matches(Func):
    """Whether the vector beside the words of a decision holds words that begin like those of a `to_tsquery`.

    PostgreSQL keeps the vector in a column that is no field (see `guards`); SQLite knows neither.
    """

    output_field = BooleanField()
    arity = 1

    def __init__(self, *expressions: Any, query: str) -> None:
        super().__init__(*expressions)
        self.query = query

    def as_sql(self, compiler: Any, connection: Any, **_extra: Any) -> tuple[str, tuple[str, ...]]:  # type: ignore[override]
        """The condition, in the table that the words are in."""
        (words,) = self.get_source_expressions()
        column = f"{compiler.quote_name_unless_alias(words.alias)}.{connection.ops.quote_name('searched')}"
        return f"{column} @@ to_tsquery('simple', %s)", (self.query,)


def matching(text: str) -> Q | Expression | None:
    """The condition that finds a text among decisions; None where it names no word."""
    words = split(text)[:MOST]
    if not words:
        return None
    if connection.vendor == "postgresql":
        return Matches(F("words"), query=" & ".join(f"'{word}':*" for word in words))
    return Q(pk__in=RawSQL("SELECT rowid FROM decisions_search WHERE decisions_search MATCH %s", [fts5(text)]))


def fts5(text: str) -> str:
    """The search for a text as SQLite's index takes it."""
    return " ".join(f'"{word}"*' for word in split(text)[:MOST])


def first_found(text: str, most: int) -> list[int]:
    """The keys of decisions that hold the words of a text, at most so many, in any order; none for a text without one.

    SQLite reads them from the index of words as they come: as a condition on decisions it would gather all of them.
    """
    found = matching(text)
    if found is None:
        return []
    decisions = apps.get_model("decisions", "Decision").objects
    if connection.vendor == "postgresql":
        return list(decisions.filter(found).order_by().values_list("pk", flat=True)[:most])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid FROM decisions_search WHERE decisions_search MATCH %s LIMIT %s", [fts5(text), most]
        )
        return [key for (key,) in cursor.fetchall()]
