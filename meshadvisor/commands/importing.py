"""Take in the decision records of a folder, a zip file or a git repository on this machine, or say what it holds.

Reads MADR, Nygard, Log4brains, Y-statements and Backstage files in Markdown, reStructuredText and AsciiDoc. What a file
does not state stays empty; nothing is made up. Records are kept byte for byte, as claimed by their source and never as
approved here. The same bytes are taken in once, however often the command runs. With --dry-run nothing is kept.
"""

import argparse
import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from decisions.intake import adr
from meshadvisor.commands import Refusal, write_out

if TYPE_CHECKING:
    from decisions.models import Team, User

EXAMPLES = """  meshadvisor import docs/adr --dry-run
  meshadvisor import records.zip --dry-run --format json
  meshadvisor import docs/adr --organisation nordlicht --team Ticketing
  meshadvisor import ../architecture.git --organisation nordlicht --team Ticketing --by mara
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("place", metavar="DIR|ZIP|GIT", help="a folder, a zip file or a bare git repository")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--dry-run", action="store_true", help="say what is there and keep nothing")
    what.add_argument("--organisation", metavar="SLUG", help="the organisation that takes the records in")
    parser.add_argument("--team", metavar="NAME", help="the team they are for; may be left out where there is one")
    parser.add_argument(
        "--by", metavar="ACCOUNT", help="who takes them in; may be left out where there is one administrator"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="what to print (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Print one entry a file; keep the records among them unless only asked to look."""
    try:
        files = adr.files_at(options.place)
    except adr.OriginError as error:
        raise Refusal(str(error)) from error
    entries = adr.read(files)
    kept = None if options.dry_run else keep(options, files, entries)
    if options.format == "json":
        found: object = [entry.document() for entry in entries]
        document = found if kept is None else {"new": kept[0], "already_here": kept[1], "files": found}
        write_out(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        write_out("\n".join(lines(entries)))
        if kept is not None:
            write_out(f"{kept[0]} taken in, {kept[1]} were here already.")
    return 0


def lines(entries: Sequence[adr.Entry]) -> Iterator[str]:
    """A line a file, the problems under it, and what there was in all."""
    for entry in entries:
        one = entry.decision
        number = "" if one.number is None else f"{one.number} "
        title = f"{number}{one.title or '(no title)'}"
        yield f"{one.kind.value:8} {one.status or '-':12} {one.date or '-':10} {one.file}: {title}"
        yield from (f"         ! {problem}" for problem in entry.problems)
    kinds = Counter(entry.decision.kind.value for entry in entries)
    yield (
        ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        or "No Markdown, reStructuredText or AsciiDoc there."
    )


def keep(options: argparse.Namespace, files: Sequence[adr.File], entries: Sequence[adr.Entry]) -> tuple[int, int]:
    """Keep the records; (how many are new, how many were here already). Raises Refusal."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from decisions import importing  # noqa: PLC0415

    try:
        team = _team(options.organisation, options.team)
        name = Path(options.place).expanduser().resolve().name[-200:]
        source = importing.Source(team=team, name=name, user=_account(team, options.by))
        return importing.bring(source, files, entries, timezone.now())
    except DatabaseError as error:
        message = f"no instance lives in {settings.DATA_DIR}; set DATA_DIR (or DATABASE_URL) to the instance's own"
        raise Refusal(message) from error


def _team(slug: str, name: str | None) -> "Team":
    from decisions.models import Organisation, Team  # noqa: PLC0415

    teams = {team.name: team for team in Team.objects.filter(organisation__slug=slug).order_by("name")}
    if name in teams:
        return teams[name]
    if name is None and len(teams) == 1:
        return next(iter(teams.values()))
    if teams:
        message = f"say which team with --team: {', '.join(teams)}"
    else:
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)[:20])
        message = f"there is no organisation {slug!r} with a team; there is {known or 'none yet'}"
    raise Refusal(message)


def _account(team: "Team", name: str | None) -> "User":
    """Who takes the records in: the named account, which has to be an author there, or the only administrator."""
    from decisions.models import Membership, Role, User  # noqa: PLC0415
    from decisions.models.people import AUTHORS  # noqa: PLC0415

    if name is None:
        ruling = Membership.objects.filter(organisation=team.organisation_id, team=None, role=Role.ADMINISTRATOR)
        found = [one.user for one in ruling.select_related("user")[:2]]
        if len(found) == 1:
            return found[0]
        message = "say who takes the records in with --by: an author, approver or administrator of that team"
        raise Refusal(message)
    user = User.objects.filter(username=name).first()
    allows = Membership.objects.allows
    if user is None or not allows(user, AUTHORS, organisation=team.organisation_id, team=team.pk):
        message = f"{name} is no author, approver or administrator of {team.name}"
        raise Refusal(message)
    return user
