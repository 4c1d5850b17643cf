"""Names change: decisions are found by the new name of their system, team or author soon after."""

from collections.abc import Iterable

from django.db.models import Model
from django_tasks import task

from decisions.models import Decision, System, Team, User
from decisions.models.search import words_of

AT_ONCE = 500
"""Decisions of one task: a rename puts the next ones in line, so that other work comes in between."""
HELD_BY = {System: "system", Team: "team", User: "author"}
"""What is named in the words of a decision -> the column that leads to it."""
NAMED = frozenset({"name", "username", "first_name", "last_name"})
"""Fields of a form whose change is a change of name."""


def renamed(row: Model, changed: Iterable[str]) -> None:
    """Have the decisions of a system, team or person found by its new name, when `changed` names such a field."""
    # Not type(): whoever is signed in comes as an object that stands for the row.
    column = HELD_BY.get(row.__class__)
    if column and NAMED & set(changed):
        refresh_words.enqueue(column, row.pk)


@task
def refresh_words(column: str, key: int, behind: int = 0) -> None:
    """Write the words of the next decisions anew; one that is changed meanwhile writes its own."""
    found = Decision.objects.filter(**{column: key}, pk__gt=behind).select_related("system", "team", "author")
    rows = list(found.order_by("pk")[:AT_ONCE])
    for one in rows:
        words = words_of(one)
        if words != one.words:
            Decision.objects.filter(pk=one.pk, version=one.version).update(words=words)
    if len(rows) == AT_ONCE:
        refresh_words.enqueue(column, key, rows[-1].pk)
