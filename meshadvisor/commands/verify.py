"""Check the signature and the content of a record.

Works offline, without database and account. Exit code 0: valid. 1: not valid, because it was changed since it was
sealed, or sealed by nobody you trust. 2: it cannot be told: nothing proves who wrote it, as a record.json or Markdown
by itself carries no seal; or nothing could be checked: there is no such file, it is larger than 50 MB, it is damaged so
that it cannot be read at all (a PDF that was cut off), it is of another kind, or what to trust cannot be read. What was
found is said layer by layer on standard output, with what each layer proves and what it does not.
"""

import argparse
from collections.abc import Mapping
from dataclasses import replace

from meshadvisor.commands import Refusal, read_input, write_out

EXAMPLES = """  meshadvisor verify DR-0042.pdf                          intact since it was sealed?
  meshadvisor verify DR-0042.pdf --trust authority.pem    and sealed by the instance you trust?
  meshadvisor verify DR-0042.pdf --trust trust.json       with all that `meshadvisor trust` printed
  meshadvisor verify record.json --known SHA256           a bare record, against the digest printed on its cover
  meshadvisor verify record.md --trust trust.json --envelope DR-0042.dsse.json
  meshadvisor verify record.json --trust trust.json --signature record.json.sig
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("file", help='PDF, record.json, Markdown, envelope or addendum; "-" reads standard input')
    parser.add_argument("--trust", metavar="FILE", help="trust bundle, or PEM file of certificates, to be trusted")
    parser.add_argument("--log-key", metavar="KEY", help="verification key of the issuer's log (name+id+key)")
    parser.add_argument(
        "--known", metavar="SHA256", action="append", default=[], help="digest of a record you know to be genuine"
    )
    parser.add_argument("--envelope", metavar="FILE", help="DSSE envelope that names the file")
    parser.add_argument("--signature", metavar="FILE", help="SSH signature over the file")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="what to print (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Print what was found; the exit code is the verdict."""
    import json  # noqa: PLC0415

    from decisions.rendering import markdown  # noqa: PLC0415
    from decisions.signing import trust, verify  # noqa: PLC0415

    most = verify.MOST_BYTES
    try:
        trusted = trust.read(read_input(options.trust, most)) if options.trust else trust.Trust()
    except trust.TrustError as error:
        message = f"{options.trust}: {error}"
        raise Refusal(message) from error
    if options.log_key:
        trusted = replace(trusted, log_key=options.log_key)
    report = verify.check(
        read_input(options.file, most),
        trusted,
        known=frozenset(map(known_digest, options.known)),
        markdown=markdown.render,
        replays=replays,
        beside=verify.Beside(
            envelope=read_input(options.envelope, most) if options.envelope else b"",
            signature=read_input(options.signature, most) if options.signature else b"",
        ),
    )
    write_out(report.text() if options.format == "text" else json.dumps(report.document(), indent=2))
    return report.exit_code


def known_digest(text: str) -> str:
    """A digest as it was typed. Raises Refusal for anything but 64 hexadecimal digits."""
    import re  # noqa: PLC0415

    if not re.fullmatch(r"[0-9a-f]{64}", text.lower()):
        message = f"--known {text}: a SHA-256 has 64 hexadecimal digits; copy it whole from the cover of the sealed PDF"
        raise Refusal(message)
    return text.lower()


def replays(document: Mapping[str, object]) -> tuple[bool | None, str]:
    """Whether engine and catalogue give the record again; None where they are of another version."""
    from decisions.advisor import catalog  # noqa: PLC0415
    from decisions.advisor.record.replay import Verdict, replay  # noqa: PLC0415
    from meshadvisor.commands import named_overlay  # noqa: PLC0415

    outcome = replay(document, catalog.load(named_overlay()))
    return {Verdict.SAME: True, Verdict.DIFFERENT: False}.get(outcome.verdict), outcome.because
