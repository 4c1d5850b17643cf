"""Fill DATA_DIR with a demo organisation: two teams, six finished decisions and one that is half-way.

People, cases and dates are the same every time; the records are real ones, frozen and sealed by this instance. Starts
no server. Where the demo is already, its people get a new password, which signing asks for, and all else is left alone;
a DATA_DIR with an organisation of its own is refused.
"""

import argparse
import os

from meshadvisor.commands import Refusal, write_out
from meshadvisor.libraries import how_to_install

EXAMPLES = """  DATA_DIR=data/demo meshadvisor demo
  make demo                                fill it and serve it
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options: DATA_DIR says where."""


def run(options: argparse.Namespace) -> int:
    """Prepare the instance, fill it, print who can sign in."""
    if advice := how_to_install():
        raise Refusal(advice)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    import django  # noqa: PLC0415

    django.setup()
    from decisions.management import demo  # noqa: PLC0415
    from meshadvisor.prepare import PrepareError, one_time_password, prepare_storage  # noqa: PLC0415

    try:
        prepare_storage(write_out, demo.BEGINS)
        password = one_time_password()
        if demo.is_here():
            write_out("The demo organisation is here already; nothing of it was changed but the password.")
            demo.renew(password)
        else:
            write_out("Answering, proposing and signing (a minute) ...")
            demo.fill(password, write_out)
    except (PrepareError, demo.DemoError) as error:
        raise Refusal(str(error)) from error
    write_out(who_can_sign_in(password))
    return 0


def who_can_sign_in(password: str) -> str:
    """The people of the demo and their password, which is shown this once."""
    from decisions.management.demo.people import PEOPLE  # noqa: PLC0415

    lines = [
        f"  {one.username:8} {one.first_name} {one.last_name}, {one.role.value}, {one.team or 'all teams'}"
        for one in PEOPLE
    ]
    return "\n".join(
        [
            "",
            "Nordlicht Transit is ready. Sign in as one of",
            *lines,
            f"with the password  {password}   (the same for all, made at random; the next start makes another)",
            "",
        ]
    )
