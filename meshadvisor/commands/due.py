"""List accepted decisions whose review is overdue, the oldest first.

With --exit-code the answer is 1 when there is one, so that a pipeline can remind a team.
"""

import argparse
import json
import os

from meshadvisor.commands import Refusal, write_out

EXAMPLES = """  meshadvisor due                                  what is overdue today
  meshadvisor due --within 30 --organisation nordlicht
  meshadvisor due --exit-code --json               for a pipeline
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--within", type=int, default=0, metavar="DAYS", help="reviews due in so many days too")
    parser.add_argument("--organisation", metavar="SLUG", help="only decisions of this organisation")
    parser.add_argument("--json", action="store_true", help="print a JSON list")
    parser.add_argument("--exit-code", action="store_true", help="answer 1 when a review is due")


def run(options: argparse.Namespace) -> int:
    """Print one line a decision."""
    if not 0 <= options.within <= 36500:
        message = f"--within must be a number of days from 0 to 36500, not {options.within}"
        raise Refusal(message)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    try:
        found = due(options.organisation, options.within)
    except DatabaseError as error:
        message = f"no decisions are kept in {settings.DATA_DIR}; set DATA_DIR (or DATABASE_URL) to the instance's own"
        raise Refusal(message) from error
    if options.json:
        write_out(json.dumps(found, ensure_ascii=False))
    else:
        lines = (
            f"{one['review_on']}  {one['organisation']}/{one['number']}  {one['title']} ({one['team']})"
            for one in found
        )
        write_out("\n".join(lines) or "No review is due.")
    return int(options.exit_code and bool(found))


def due(slug: str | None, within: int) -> list[dict[str, str]]:
    """The decisions as plain values. Raises Refusal for an unknown slug."""
    from django.utils import timezone  # noqa: PLC0415

    from decisions.due import overdue  # noqa: PLC0415
    from decisions.models import Decision, Organisation  # noqa: PLC0415

    reached = Decision.objects.all()
    if slug:
        if not Organisation.objects.filter(slug=slug).exists():
            message = f'no organisation is called "{slug}" here'
            raise Refusal(message)
        reached = reached.filter(organisation__slug=slug)
    found = overdue(reached, timezone.localdate(), within).with_names().defer("case", "words")
    return [
        {
            "organisation": one.organisation.slug,
            "number": one.number,
            "title": one.title,
            "team": one.team.name,
            "author": one.author.name,
            "review_on": str(one.review_on),
        }
        for one in found
    ]
