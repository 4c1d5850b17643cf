"""Check the database, the kept files and the log against each other, and against checkpoints kept elsewhere.

Prints what was changed, removed, moved or put in. Exit code 0 when everything holds, 1 when something does not, 2 when
it cannot be checked. A checkpoint that was kept outside this machine (from a sealed PDF, a mail, a Git repository)
shows even what somebody with all keys of this instance did.
"""

import argparse
import json
import os
from dataclasses import asdict

from meshadvisor.commands import Refusal, read_text, write_out

EXAMPLES = """  meshadvisor audit
  meshadvisor audit --checkpoint kept-in-march.txt --checkpoint kept-in-june.txt
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "--checkpoint", action="append", default=[], metavar="FILE", help="a signed checkpoint kept elsewhere"
    )
    parser.add_argument("--format", choices=["text", "json"], default="text", help="(%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Check and print."""
    outside = [read_text(name) for name in options.checkpoint]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    from decisions.audit import audit  # noqa: PLC0415
    from decisions.signing.keystore import SealError  # noqa: PLC0415

    try:
        result = audit(outside)
    except DatabaseError as error:
        message = f"there is no instance to check in {settings.DATA_DIR}: {error}"
        raise Refusal(message) from error
    except SealError as error:
        raise Refusal(str(error)) from error
    if options.format == "json":
        write_out(json.dumps({**asdict(result), "holds": result.holds}, indent=2))
    else:
        looked = f"{result.entries} log entries, {result.checkpoints} checkpoints, {result.records} records"
        write_out(f"Looked at {looked}, {result.files} files.")
        for one in result.findings:
            write_out(f"  {one.layer}: {one.what}")
        write_out("Everything holds." if result.holds else f"{len(result.findings)} things do not hold.")
    return 0 if result.holds else 1
