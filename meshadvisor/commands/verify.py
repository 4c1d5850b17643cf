"""Check the signature and the content of a record.

Works offline, without database and account. Exit code 0: valid. 1: not valid, because it was changed since it was
sealed, or sealed by nobody you trust. 2: not a file that can be checked. What was found is said layer by layer on
standard output, with what each layer proves and what it does not.
"""

import argparse
from collections.abc import Mapping

from meshadvisor.commands import Refusal, read_input, write_out

EXAMPLES = """  meshadvisor verify DR-0042.pdf                          intact since it was sealed?
  meshadvisor verify DR-0042.pdf --trust authority.pem    and sealed by the instance you trust?
  meshadvisor verify record.json --known 61bf020e56c2...  a bare record, against the digest printed on its cover
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("file", help='the record (PDF or JSON); "-" reads standard input')
    parser.add_argument("--trust", metavar="CERT", help="PEM file with the certificates whose seals are trusted")
    parser.add_argument("--log-key", metavar="KEY", help="verification key of the issuer's log (name+id+key)")
    parser.add_argument(
        "--known", metavar="SHA256", action="append", default=[], help="digest of a record you know to be genuine"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="what to print (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Print what was found; the exit code is the verdict."""
    import json  # noqa: PLC0415

    from decisions.rendering import markdown  # noqa: PLC0415
    from decisions.signing import verify  # noqa: PLC0415

    try:
        trust = verify.load_trust(read_input(options.trust)) if options.trust else ()
    except verify.TrustError as error:
        message = f"{options.trust}: {error}"
        raise Refusal(message) from error
    known = frozenset(digest.lower() for digest in options.known)
    report = verify.check(
        read_input(options.file),
        trust,
        known=known,
        markdown=markdown.render,
        log_key=options.log_key,
        replays=replays,
    )
    write_out(report.text() if options.format == "text" else json.dumps(report.document(), indent=2))
    return report.exit_code


def replays(document: Mapping[str, object]) -> tuple[bool | None, str]:
    """Whether engine and catalogue give the record again; None where they are of another version."""
    from decisions.advisor import catalog  # noqa: PLC0415
    from decisions.advisor.record.replay import Verdict, replay  # noqa: PLC0415
    from meshadvisor.commands import named_overlay  # noqa: PLC0415

    outcome = replay(document, catalog.load(named_overlay()))
    return {Verdict.SAME: True, Verdict.DIFFERENT: False}.get(outcome.verdict), outcome.because
