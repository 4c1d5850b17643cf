"""What the page of a record shows of the discussion about it: comments by section, and the way to write one."""

import uuid
from dataclasses import dataclass
from typing import Any

from decisions.models import Comment, Record
from decisions.remarks import WHOLE, sections_of


@dataclass(frozen=True, kw_only=True)
class Remark:
    """A comment with the title of the section it is about, and that section's id for the link."""

    comment: Comment
    about: str
    anchor: str


def discussion(record: Record) -> dict[str, Any]:
    """The comments on a record, the sections to choose from, and a token for the form. One query."""
    titles = sections_of(record)
    comments = record.comments.select_related("author")
    return {
        "remarks": [
            Remark(comment=one, about=titles.get(one.section, WHOLE), anchor=one.section * (one.section in titles))
            for one in comments
        ],
        "remark_sections": list(titles.items()),
        "remark_token": uuid.uuid4(),
    }
