"""Says whether a file is a record as it was sealed. Works without network, database and account."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509

from decisions.signing import bare, words
from decisions.signing.report import (
    REPLAY,
    Layer,
    Lookup,
    Markdown,
    Replays,
    Report,
    Verdict,
    unreadable,
    with_layers,
)
from decisions.signing.trust import Trust, TrustError

__all__ = ["MOST_BYTES", "Beside", "Markdown", "Report", "Trust", "TrustError", "Verdict", "check"]

MOST_BYTES = 50_000_000
NOTHING = (
    "The file is neither a PDF, a record.json or the Markdown of a record, nor an envelope or a sealed addendum, so "
    "there is nothing to check."
)


@dataclass(frozen=True, kw_only=True)
class Beside:
    """Proofs that lie beside a file: an envelope that names it, an SSH signature over it; empty where there is none."""

    envelope: bytes = b""
    signature: bytes = b""


def check(  # noqa: PLR0911 - one for each kind of file
    data: bytes,
    trust: Trust | Sequence[x509.Certificate] = (),
    *,
    known: Container[str] = frozenset(),
    markdown: Markdown | None = None,
    moment: datetime | None = None,
    replays: Replays | None = None,
    filed: Lookup | None = None,
    beside: Beside | None = None,
) -> Report:
    """What there is to say about a PDF, a record.json or a sealed addendum; never raises for what is in the file.

    `trust` says whose seals, time stamps, logs and keys are trusted; certificates alone are those of issuers (or of
    their seals). Without any a PDF can still be valid, but the report says that nobody vouches for who sealed it.
    `known` are digests of records that the caller vouches for: a bare record.json is valid only when its digest is
    among them. `markdown` renders a record, to compare with the attached one. `moment` is the time to judge
    certificates at: now, when absent. `replays` draws a record anew from its inputs; `filed` looks for a file in the
    issuer's log, and only the issuer has one; `beside` are proofs that lie beside the file.
    """
    trusted = trust if isinstance(trust, Trust) else Trust(authorities=tuple(trust))
    if not data:
        return unreadable("The file is empty.")
    if len(data) > MOST_BYTES:
        return unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB; no record is.")
    if _looks_like_pdf(data):
        from decisions.signing import sealed  # noqa: PLC0415 - pyHanko takes a second to load

        at = moment or datetime.now(UTC)
        found = sealed.examine(data, trusted, at, markdown=markdown, replays=replays, filed=filed)
        return with_layers(found, _proofs(data, trusted, beside))
    if _looks_like_container(data):
        from decisions.signing import addendum  # noqa: PLC0415 - as above

        return addendum.examine(data, trusted, moment or datetime.now(UTC))
    if _looks_like_envelope(data):
        from decisions.signing import detached  # noqa: PLC0415 - as above

        return detached.examine(data, trusted)
    if _looks_like_record(data):
        found = bare.examine(data, known, _proofs(data, trusted, beside), at_issuer=filed is not None)
        return with_layers(found, _replayed(data, replays))
    if _looks_like_words(data):
        return words.examine(data, known, _proofs(data, trusted, beside), filed)
    return unreadable(NOTHING)


def _proofs(data: bytes, trust: Trust, beside: Beside | None) -> list[Layer]:
    if beside is None or not (beside.envelope or beside.signature):
        return []
    from decisions.signing import detached  # noqa: PLC0415 - loads with its first use

    layers = list(detached.envelope_layers(beside.envelope, data, trust)) if beside.envelope else []
    return [*layers, *([detached.ssh_layer(beside.signature, data, trust)] if beside.signature else [])]


def _replayed(data: bytes, replays: Replays | None) -> list[Layer]:
    """Whether a bare record comes out again; nothing where it cannot be read, as the other layers say."""
    if replays is None:
        return []
    try:
        same, said = replays(bare.parse(data))
    except ValueError:
        return []
    return [Layer(kind=REPLAY, state={True: "passed", False: "failed", None: "open"}[same], said=said)]


def _looks_like_pdf(data: bytes) -> bool:
    # One damaged byte in its first line does not make a PDF something else.
    return b"%PDF-" in data[:1024] or b"/ByteRange" in data or b"%%EOF" in data[-1024:]


def _looks_like_container(data: bytes) -> bool:
    # The object identifier of CMS signed data (1.2.840.113549.1.7.2) stands near the beginning of the container.
    return data[:1] == b"\x30" and bytes.fromhex("06092a864886f70d010702") in data[:32]


def _looks_like_envelope(data: bytes) -> bool:
    return data[:1] == b"{" and b'"payloadType"' in data and b'"signatures"' in data


def _looks_like_words(data: bytes) -> bool:
    return data.startswith(b"---") and words.DIGEST.search(data) is not None


def _looks_like_record(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{" or b'"meshadvisor-record/' in data
