"""Write the kept files of signed records into a directory, byte for byte as they were signed.

A file is named after organisation, decision and revision: nordlicht-DR-0042-r1.pdf. Nothing is rendered anew. Exit code
1 when a kept file does not have the hash it was kept under; that file is not written.

With --tree the decisions of an organisation are written as a tree of documents for Log4brains, adr-tools, MkDocs and
Backstage; with --branch they go to a branch of a local git repository, a commit for each decision that changed.
"""

import argparse
import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from meshadvisor.commands import Refusal, write_out

if TYPE_CHECKING:
    from decisions.models import Rendering

EXAMPLES = """  meshadvisor export --all --format pdf -o records/       every record, for the archive
  meshadvisor export DR-0042 --format json -o .           one decision, all its revisions
  meshadvisor export DR-0042 --organisation nordlicht --format md -o docs/decisions/
  meshadvisor export --tree --organisation nordlicht --flavour log4brains -o site/
  meshadvisor export --branch decisions --organisation nordlicht -o decisions.git
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    from decisions.rendering import FORMATS  # noqa: PLC0415

    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("numbers", nargs="*", default=[], metavar="DR-0042", help="decisions by their number")
    which.add_argument("--all", action="store_true", help="every decision with a record")
    which.add_argument("--tree", action="store_true", help="the decisions as documents for other tools")
    which.add_argument("--branch", metavar="NAME", help="the same, as commits on a branch of the git repository DIR")
    parser.add_argument("--organisation", metavar="SLUG", help="only decisions of this organisation")
    parser.add_argument("--flavour", default="madr", help="madr, madr-minimal, nygard or log4brains (%(default)s)")
    parser.add_argument("--format", choices=[one.name for one in FORMATS], default="pdf", help="(%(default)s)")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="DIR", help="directory; made when missing")


def run(options: argparse.Namespace) -> int:
    """Write the files and name each on standard output."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    import django  # noqa: PLC0415

    django.setup()
    if options.tree or options.branch:
        from meshadvisor.commands import export_tree  # noqa: PLC0415

        return export_tree.run(options)
    found = _kept(options)
    try:
        options.output.mkdir(parents=True, exist_ok=True)
        damaged = [one for one in found if not write(one, options.output)]
    except OSError as error:
        message = f"cannot write to {options.output}: {error.strerror}"
        raise Refusal(message) from error
    return 1 if damaged else 0


def _kept(options: argparse.Namespace) -> "list[Rendering]":
    """What is asked for, or a Refusal that names the place when no instance lives there."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    try:
        return wanted(options)
    except DatabaseError as error:
        message = f"no records are kept in {settings.DATA_DIR}; set DATA_DIR (or DATABASE_URL) to the instance's own"
        raise Refusal(message) from error


def wanted(options: argparse.Namespace) -> "list[Rendering]":
    """The newest edition of each record asked for. Raises Refusal when there is none, or none of a number."""
    from django.db.models import OuterRef, Subquery  # noqa: PLC0415

    from decisions.models import Rendering  # noqa: PLC0415

    newest = Rendering.objects.filter(record=OuterRef("record"), kind=options.format).order_by("-created_at", "-pk")
    found = Rendering.objects.filter(pk=Subquery(newest.values("pk")[:1]))
    if options.organisation:
        found = found.filter(record__decision__organisation__slug=options.organisation)
    if not options.all:
        found = found.filter(record__decision__number__in=options.numbers)
    renderings = list(
        found.select_related("record__decision__organisation").order_by(
            "record__decision__organisation__slug", "record__decision__number", "record__revision"
        )
    )
    missing = sorted(set(options.numbers) - {one.record.decision.number for one in renderings})
    if missing or not renderings:
        message = f"no {options.format} record of {', '.join(missing) or 'any decision'} is kept here"
        raise Refusal(message)
    return renderings


def write(rendering: "Rendering", directory: Path) -> bool:
    """Write one file; False, and a line on standard error, when its bytes are not the ones that were kept."""
    from decisions.rendering import FORMATS  # noqa: PLC0415

    extension = next(one.extension for one in FORMATS if one.name == rendering.kind)
    organisation, number = rendering.record.decision.key
    path = directory / f"{organisation}-{number}-r{rendering.record.revision}{extension}"
    content = bytes(rendering.content)
    if hashlib.sha256(content).hexdigest() != rendering.sha256:
        print(f"{path.name}: the kept bytes were altered in the database; not written", file=sys.stderr)  # noqa: T201
        return False
    path.write_bytes(content)
    write_out(str(path))
    return True
