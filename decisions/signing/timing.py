"""Since when a sealed file has existed, by its time stamps: each vouches for the one before it, the first for the seal.

The newest is judged now, the one before it at the time that the newest proves, and so on. So a certificate that has
ended meanwhile does no harm as long as a newer stamp was put on before it did.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko_certvalidator import ValidationContext

from decisions.signing.opening import Opened
from decisions.signing.token import Token
from decisions.signing.waiting import outside_any_loop

BB, BT, BLTA = "B-B", "B-T", "B-LTA"
"""PAdES levels (ETSI EN 319 142-1)."""


@dataclass(frozen=True, kw_only=True)
class Timing:
    """What the time stamps come to."""

    level: str
    state: str
    """passed, failed or open, as a layer of a report has it."""
    said: str
    proven: datetime
    """When the seal's certificate has to have been valid: the earliest time proven, else the moment of the check."""
    ends: datetime | None = None
    """Until when the newest stamp can be checked, and has to be renewed."""


def judge(opened: Opened, roots: Sequence[x509.Certificate], moment: datetime) -> Timing:
    """The time stamps of a file, held against the authorities of services that are trusted."""
    tokens = list(_newest_first(opened))
    level = BLTA if opened.stamps else BT if tokens else BB
    if not tokens:
        said = "The file carries none: the time in the seal is the issuer's word."
        return Timing(level=level, state="open", said=said, proven=moment)
    proven, ends = moment, tokens[0][0].ends
    for token, digest in tokens:
        state, said = _judged(token, digest, roots, opened.lists, proven)
        if state != "passed":
            return Timing(level=level, state=state, said=said, proven=proven, ends=ends)
        proven = token.time
    count = "One time stamp" if len(tokens) == 1 else f"{len(tokens)} time stamps"
    said = (
        f"{level}: sealed before {proven:%Y-%m-%d %H:%M:%S} UTC. {count}, by {tokens[-1][0].by}; the newest can be "
        f"checked until {ends:%Y-%m-%d}."
    )
    return Timing(level=level, state="passed", said=said, proven=proven, ends=ends)


def _newest_first(opened: Opened) -> Iterator[tuple[Token, Callable[[str], bytes]]]:
    """Each token, and what computes the digest of what it has to be over."""
    for one in reversed(opened.stamps):
        yield one.token, one.signature.compute_digest
    if opened.container.stamp:
        signature = opened.container.signature
        yield opened.container.stamp, lambda name: hashlib.new(name, signature).digest()


def _judged(
    token: Token,
    digest: Callable[[str], bytes],
    roots: Sequence[x509.Certificate],
    lists: Sequence[bytes],
    moment: datetime,
) -> tuple[str, str]:
    """State and sentence for one token as of a moment."""
    now, then = (_checked(token, digest, roots, lists, at) for at in (moment, token.time))
    if not (now.get("intact") and now.get("valid")):
        return "failed", "A time stamp was changed, or is not for this file."
    named = f"the time stamp of {token.by} from {token.time:%Y-%m-%d %H:%M:%S} UTC"
    if not roots:
        return "open", f"No authority of time stamps was named as trusted. The file carries {named}."
    if token.time > moment:
        return "failed", f"It cannot be: {named} is younger than what proves it."
    if now.get("trusted"):
        return "passed", ""
    if then.get("trusted"):
        return "open", f"The certificate behind {named} has ended, and no newer stamp was put on before."
    return "failed", f"The file carries {named}, which is no service that you trust."


def _checked(
    token: Token,
    digest: Callable[[str], bytes],
    roots: Sequence[x509.Certificate],
    lists: Sequence[bytes],
    moment: datetime,
) -> dict[str, Any]:
    context = ValidationContext(
        trust_roots=[asn1_x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in roots],
        other_certs=list(token.certificates),
        crls=[asn1_crl.CertificateList.load(one) for one in lists],
        allow_fetching=False,
        revocation_mode="soft-fail",
        moment=moment,
    )
    try:
        found: dict[str, Any] = outside_any_loop(
            lambda: asyncio.run(validate_tst_signed_data(token.signed, context, digest))
        )
    except Exception:
        # As with the seal: what cannot be evaluated, for whatever reason, does not hold.
        return {}
    return {**found, "trusted": found.get("trust_problem_indic") is None and found.get("validation_path") is not None}
