"""Print the newest signed checkpoint of the log, or hand it to the witnesses that MESHADVISOR_WITNESSES names.

Whoever keeps a checkpoint outside this instance can show later whether its past was rewritten (`meshadvisor audit
--checkpoint`). The worker hands it over each day by itself. Exit code 1 when a witness could not be reached.
"""

import argparse
import os
import sys

from meshadvisor.commands import Refusal, write_out

EXAMPLES = """  meshadvisor checkpoint > kept-in-march.txt
  MESHADVISOR_WITNESSES=dir:/srv/witness,git:/srv/log,mail:auditor@example.org meshadvisor checkpoint --send
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--send", action="store_true", help="hand it to the witnesses instead of printing it")


def run(options: argparse.Namespace) -> int:
    """Print or hand over."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.conf import settings  # noqa: PLC0415
    from django.db import DatabaseError  # noqa: PLC0415

    from decisions.journal import checkpoint  # noqa: PLC0415
    from decisions.witness import WitnessError, send_checkpoint  # noqa: PLC0415

    try:
        newest = checkpoint()
        if newest is None:
            message = "the log is empty: the first record that is proposed makes the first entry"
            raise Refusal(message)
        if not options.send:
            write_out(newest.note)
            return 0
        failures = send_checkpoint.call()
    except DatabaseError as error:
        message = f"there is no instance in {settings.DATA_DIR}: {error}"
        raise Refusal(message) from error
    except WitnessError as error:
        raise Refusal(str(error)) from error
    for one in failures:
        print(one, file=sys.stderr)  # noqa: T201
    return 1 if failures else 0
