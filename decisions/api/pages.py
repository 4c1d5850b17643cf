"""Lists in pages: what is asked for, and a page of rows in the order of their keys."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from django.db.models import Model, QuerySet
from ninja import Field, Schema

from decisions.api.problems import Problem

LONGEST = 200
Row = TypeVar("Row", bound=Model)
Words = Annotated[str, Field(pattern="^[^\\x00]*$")]
"""A text; the one sign no database keeps is refused."""


class Asked(Schema):
    """Where a page begins and how long it is."""

    cursor: str = Field("", max_length=20, description="What the page before gave as `next`.")
    limit: int = Field(50, ge=1, le=LONGEST)


class Listed(Schema):
    """A page of rows."""

    items: list[Any]
    next: str | None = Field(description="The cursor of the next page; null on the last one.")


def paged(rows: "QuerySet[Row]", asked: Asked, shape: Callable[[Row], Any], *, newest: bool = False) -> dict[str, Any]:
    """The rows behind the cursor, by their keys: the oldest first, or the newest. Raises Problem."""
    if asked.cursor:
        if not asked.cursor.isdecimal() or not asked.cursor.isascii() or len(asked.cursor) > 18:
            raise Problem(400, "This cursor was not given by the list. Begin without one.")
        rows = rows.filter(**{"pk__lt" if newest else "pk__gt": int(asked.cursor)})
    found = list(rows.order_by("-pk" if newest else "pk")[: asked.limit + 1])
    more = len(found) > asked.limit
    found = found[: asked.limit]
    return {"items": [shape(one) for one in found], "next": str(found[-1].pk) if more else None}
