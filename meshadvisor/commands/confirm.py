"""Check a stage of a roll-out against its baseline, for a terminal or a pipeline.

DECISION is the number of a decision kept in DATA_DIR, or the file of a record (record.json). FILES are what was
measured in the stage: one load test, and beside it what tells CPU and memory. The measurement before comes from the
decision's baseline, or from --baseline. Without FILES the newest kept check answers. Nothing is kept.

Exit code 0: go on. 1: hold, or go back. 2: the files cannot be read, or the two measurements cannot be compared.
"""

import argparse
import json
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from meshadvisor.commands import Refusal, read_text, write_out
from meshadvisor.commands.inspect import open_file

if TYPE_CHECKING:
    from decisions.models import Decision

EXAMPLES = """  meshadvisor confirm DR-0042 after.txt --stage 2
  meshadvisor confirm DR-0042 k6.json top.txt --stage 3 --pods 40 --format json
  meshadvisor confirm record.json after.txt --baseline before.txt      without database
  meshadvisor confirm DR-0042                                          what the newest kept check says
"""
CODES = {"go on": 0, "hold": 1, "go back": 1, "not comparable": 2}


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("decision", metavar="DECISION", help="DR-0042, or the path of a record.json")
    parser.add_argument("files", nargs="*", metavar="FILE", help='measured in the stage; "-" reads standard input')
    parser.add_argument("--stage", type=int, metavar="N", help="the stage of the plan (the first without it)")
    parser.add_argument("--baseline", metavar="FILE", action="append", default=[], help="measured before")
    parser.add_argument("--pods", type=int, metavar="N", help="pods the stage covers; needed to judge CPU and memory")
    parser.add_argument("--organisation", metavar="SLUG", help="of the decision, where several have its number")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="what to print (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Print the verdict with its reasons; the exit code is the verdict."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    import django  # noqa: PLC0415

    django.setup()
    found = by_file(options) if options.decision.endswith(".json") else by_number(options)
    write_out(json.dumps(found, indent=2, ensure_ascii=False) if options.format == "json" else text(found))
    return CODES[found["judgement"]["verdict"]]


def by_number(options: argparse.Namespace) -> dict[str, Any]:
    """The outcome for a decision of this instance: of the files, or the newest that was kept."""
    from decisions import confirmation  # noqa: PLC0415

    decision = kept_decision(options)
    record = decision.newest_record()
    if record is None:
        message = f"{decision.number} has no record yet"
        raise Refusal(message)
    if not options.files:
        kept = record.outcomes.order_by("-number")
        newest = (kept.filter(stage=options.stage) if options.stage is not None else kept).first()
        if newest is None:
            message = f"no check of {decision.number} was kept; name the files that were measured in the stage"
            raise Refusal(message)
        found: dict[str, Any] = json.loads(bytes(newest.canonical))
        return found
    try:
        before = packed(options.baseline) if options.baseline else confirmation.before_of(decision, "")
        stage = chosen(confirmation.document_of(record), options.stage)
        return confirmation.checked(record, stage, before, packed(options.files), options.pods)
    except confirmation.NothingToCheckError as error:
        raise Refusal(str(error)) from error


def by_file(options: argparse.Namespace) -> dict[str, Any]:
    """The outcome for a record in a file; no database is asked."""
    from decisions import confirmation  # noqa: PLC0415
    from decisions.advisor.pilot.outcome import About  # noqa: PLC0415
    from decisions.advisor.record import digest  # noqa: PLC0415
    from decisions.signing.bare import RecordFaultError, consistent, parse  # noqa: PLC0415

    if not options.files or not options.baseline:
        message = "a record in a file needs both what was measured before (--baseline FILE) and in the stage"
        raise Refusal(message)
    data = read_text(options.decision).encode()
    try:
        document = parse(data)
        about = consistent(document).about
        filed = About(
            organisation=about.organisation,
            number=about.number,
            title=about.title,
            revision=about.revision,
            record_sha256=digest(data),
        )
        stage = chosen(document, options.stage)
        before, after = packed(options.baseline), packed(options.files)
        return confirmation.compared(document, filed, stage, before, after, covered=options.pods)
    except (RecordFaultError, confirmation.NothingToCheckError) as error:
        raise Refusal(str(error)) from error


def kept_decision(options: argparse.Namespace) -> "Decision":
    """The decision of that number. Raises Refusal when there is none, or more than one."""
    from django.conf import settings  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    from decisions.models import Decision  # noqa: PLC0415

    found = Decision.objects.filter(number=options.decision).select_related("organisation", "baseline")
    if options.organisation:
        found = found.filter(organisation__slug=options.organisation)
    try:
        decisions = list(found)
    except DatabaseError as error:
        message = f"no records are kept in {settings.DATA_DIR}; set DATA_DIR (or DATABASE_URL) to the instance's own"
        raise Refusal(message) from error
    if len(decisions) != 1:
        where = ", ".join(sorted(one.organisation.slug for one in decisions))
        message = (
            f"{options.decision} is the number of decisions in {where}: name one with --organisation"
            if decisions
            else f"no decision {options.decision} is kept here"
        )
        raise Refusal(message)
    return decisions[0]


def chosen(document: dict[str, Any], number: int | None) -> Any:
    """The stage of that number in the plan of a record, the first without a number. Raises Refusal."""
    from decisions.confirmation import stages  # noqa: PLC0415

    plan = stages(document)
    found = next((one for one in plan if number is None or one.number == number), None)
    if found is None:
        known = ", ".join(f"{one.number} ({one.title})" for one in plan)
        message = f"the plan has no stage {number}; it has {known or 'none'}"
        raise Refusal(message)
    return found


def packed(names: list[str]) -> list[Any]:
    """The measurements in files. Raises Refusal for one that cannot be read."""
    from decisions import intake, measuring  # noqa: PLC0415

    with ExitStack() as opened:
        readings = intake.read_together([(name, open_file(name, opened)) for name in names])
    refused = next((one for one in readings if one.kind is intake.Kind.REFUSED), None)
    if refused:
        message = f"{refused.file}: {refused.advice}"
        raise Refusal(message)
    spoken_for = {part for one in readings for part in one.parts}
    return [measuring.packed(one) for one in readings if one.sha256 not in spoken_for]


def text(found: dict[str, Any]) -> str:
    """The outcome for a terminal."""
    from decisions.views.judgement import laid_out  # noqa: PLC0415

    shown = laid_out(found)
    lines = [shown.verdict.upper(), *(f"  {one}" for one in shown.reasons), ""]
    for row in shown.rows:
        expected = f", projected {row.projected}" if row.projected else ""
        lines.append(f"{row.title}: {row.before} before{expected}, {row.after} now; {row.added or 'not compared'}")
    lines += ["", *(f"Projection of {one.title}: {one.standing}" for one in shown.marks)] if shown.marks else []
    return "\n".join(lines)
