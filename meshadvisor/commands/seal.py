"""Show the sealing key of this instance, test it, or replace it.

What was sealed before a rotation keeps verifying: others trust the certificate of the authority, and after
`--authority` the file authority.pem names the earlier ones too. A running server takes the new key at the next seal.
"""

import argparse
import os

from meshadvisor.commands import Refusal, write_out

EXAMPLES = """  meshadvisor seal                          which key and authority, until when; tries them on a page
  meshadvisor seal --rotate                 a new key under the same authority
  meshadvisor seal --rotate --authority     a new authority too: publish its fingerprint
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("--rotate", action="store_true", help="make a new key; the old certificate is kept")
    parser.add_argument("--authority", action="store_true", help="with --rotate: make a new authority too")


def run(options: argparse.Namespace) -> int:
    """Say what the seal is; exit code 0 when it passes its own check."""
    if options.authority and not options.rotate:
        message = "--authority goes with --rotate"
        raise Refusal(message)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "meshadvisor.settings")
    from django.conf import settings  # noqa: PLC0415

    from decisions.signing.keystore import SealError, ensure_seal, rotate  # noqa: PLC0415
    from decisions.signing.seal import self_test  # noqa: PLC0415

    try:
        data = settings.DATA_DIR
        seal = rotate(data, authority=options.authority) if options.rotate else ensure_seal(data)
        self_test(seal)
    except SealError as error:
        raise Refusal(str(error)) from error
    own, issuer = seal.certificate, seal.authority
    lines = [
        f"Key:        {own.subject.rfc4514_string()}, until {own.not_valid_after_utc:%Y-%m-%d}",
        f"Authority:  {issuer.subject.rfc4514_string()}, until {issuer.not_valid_after_utc:%Y-%m-%d}",
        f"SHA-256:    {seal.fingerprint}",
        f"Earlier:    {len(seal.earlier)} authorities are trusted beside it" if seal.earlier else "",
        f"Time stamps: {stamps()}" if settings.TSA else "",
        "An empty page was sealed and checked: the seal holds.",
    ]
    write_out("\n".join(line for line in lines if line))
    return 0


def stamps() -> str:
    """What the time-stamp service gave for an empty page, in words."""
    import django  # noqa: PLC0415

    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from decisions.sealing import seal  # noqa: PLC0415
    from decisions.signing.seal import blank_page  # noqa: PLC0415

    made = seal(blank_page(), "Self-test", timezone.now())
    return made.problem or f"level {made.level}, to be renewed before {made.ends:%Y-%m-%d}"
