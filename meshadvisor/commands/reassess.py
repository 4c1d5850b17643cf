"""Judge all accepted decisions again under today's catalogue and engine.

The outcome is kept beside each record, which stays as it was signed: the same, the same choice with other numbers, or
another choice, with what differs. What was judged already is not judged again; a run that was interrupted goes on where
it was.
"""

import argparse
import json
import os
import sys
from typing import TYPE_CHECKING

from meshadvisor.commands import Refusal, write_out

if TYPE_CHECKING:
    from decisions.models import ReassessmentRound

EXAMPLES = """  meshadvisor reassess                             every organisation, with progress
  meshadvisor reassess --organisation nordlicht --json
  meshadvisor reassess --exit-code                 1 when a decision would come out differently
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--organisation", metavar="SLUG", help="only decisions of this organisation")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    parser.add_argument("--exit-code", action="store_true", help="answer 1 when a decision would come out differently")


def run(options: argparse.Namespace) -> int:
    """Judge, and print how many came out how."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    try:
        counts = reassess(options.organisation)
    except DatabaseError as error:
        message = f"the database of {settings.DATA_DIR} cannot be used: {error}"
        raise Refusal(message) from error
    if options.json:
        write_out(json.dumps(counts))
    else:
        write_out("\n".join(f"{count:>7} {name}" for name, count in counts.items()))
    return int(options.exit_code and counts["different"] > 0)


def reassess(slug: str | None) -> dict[str, int]:
    """Judge all there is to judge; outlook -> number of accepted decisions. Raises Refusal for an unknown slug."""
    from django.db.models import Count  # noqa: PLC0415

    from decisions.models import Decision, Organisation, Outlook, Status  # noqa: PLC0415

    organisations = Organisation.objects.filter(slug=slug) if slug else Organisation.objects.all()
    if slug and not organisations.exists():
        message = f'no organisation is called "{slug}" here'
        raise Refusal(message)
    for one in organisations.filter(decisions__status=Status.ACCEPTED).distinct():
        go_through(one)
    accepted = Decision.objects.filter(organisation__in=organisations, status=Status.ACCEPTED)
    found = dict(accepted.order_by().values_list("outlook").annotate(Count("pk")))
    return {outlook.value: found.get(outlook.value, 0) for outlook in Outlook}


def go_through(organisation: object) -> None:
    """One round to its end, in this process; a line of progress a slice on a terminal."""
    from django.utils import timezone  # noqa: PLC0415

    from decisions.models import Organisation  # noqa: PLC0415
    from decisions.reassessment import advance, open_round  # noqa: PLC0415

    assert isinstance(organisation, Organisation)  # noqa: S101
    one = open_round(organisation, None, timezone.now())
    while advance(one):
        show(one)
    if sys.stderr.isatty():
        print(file=sys.stderr)  # noqa: T201


def show(one: "ReassessmentRound") -> None:
    """Where the round is."""
    if sys.stderr.isatty():
        print(f"\r{one}", end="", file=sys.stderr, flush=True)  # noqa: T201
