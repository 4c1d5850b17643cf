"""Print what others need to check records of this instance without it: a trust bundle in JSON.

It holds the certificates of the authority and of the seals, also of replaced ones, the authorities of the time-stamp
service, the key and the newest checkpoint of the log and, for organisations that are named, the public keys that people
approve with. Nothing in it is secret; account names are in it only with --organisation.
"""

import argparse
import json
import os

from meshadvisor.commands import Refusal, write_out

EXAMPLES = """  meshadvisor trust > trust.json                           for everybody
  meshadvisor trust --organisation acme > trust.json       with the keys of acme's approvers
  meshadvisor verify DR-0042.pdf --trust trust.json        later, anywhere
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument(
        "--organisation", metavar="SLUG", action="append", default=[], help="put the keys of its people in as well"
    )


def run(options: argparse.Namespace) -> int:
    """Print the bundle."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    import django  # noqa: PLC0415

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from decisions.bundle import bundle  # noqa: PLC0415
    from decisions.models import Organisation  # noqa: PLC0415
    from decisions.signing.keystore import SealError  # noqa: PLC0415

    named = list(Organisation.objects.filter(slug__in=options.organisation))
    if missing := sorted(set(options.organisation) - {one.slug for one in named}):
        message = f"there is no organisation {', '.join(missing)}"
        raise Refusal(message)
    try:
        write_out(json.dumps(bundle(timezone.now(), *named), indent=1))
    except SealError as error:
        raise Refusal(str(error)) from error
    return 0
