"""Checks a sealed PDF layer by layer, from its bytes to the record inside. Nothing is fetched from anywhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from decisions.advisor.record import SCHEMA, digest
from decisions.signing import approval
from decisions.signing.bare import RecordFaultError, consistent, facts, parse
from decisions.signing.container import belong_together
from decisions.signing.inclusion import ProofError, check_proof
from decisions.signing.opening import DamagedError, Opened, UnreadableError, open_sealed
from decisions.signing.report import (
    APPROVALS,
    APPROVALS_OF_THEIR_OWN,
    CERTIFICATE,
    CERTIFICATE_OF_OURS,
    COVERAGE,
    FILED,
    LOG,
    RECORD,
    RENDERER,
    REPLAY,
    SEAL,
    STRUCTURE,
    TIMESTAMP,
    Kind,
    Layer,
    Lookup,
    Markdown,
    Replays,
    Report,
    conclude,
    unreadable,
)
from decisions.signing.timing import judge
from decisions.signing.trust import Trust
from decisions.signing.waiting import outside_any_loop

BROKEN = (
    "The file begins or ends like a PDF, but cannot be read as one: {error}. So nothing in it can be checked, and it "
    "is not the file that was sealed. Download it again."
)
NOT_JUDGED = "Not judged, because the file is not what was sealed."
ALONE = (
    "Not judged, because the file is not what was sealed. The record.json in it can be checked as a file of its own."
)
LATER = (SEAL, COVERAGE, CERTIFICATE, TIMESTAMP, RECORD, APPROVALS, LOG, RENDERER)


def examine(
    data: bytes,
    trust: Trust,
    moment: datetime,
    *,
    markdown: Markdown | None = None,
    replays: Replays | None = None,
    filed: Lookup | None = None,
) -> Report:
    """The report of a PDF. `markdown` renders a record, to compare the attached Markdown with; None to leave it.

    Without a log key to trust the file's own is taken, and the report says so. `replays` draws the record anew from its
    inputs; `filed` looks for the file in the issuer's log.
    """
    try:
        opened = open_sealed(data)
    except UnreadableError as error:
        return unreadable(BROKEN.format(error=error))
    except DamagedError as error:
        broken = _failed(STRUCTURE, f"The file is not as the seal left it: {error}.")
        return conclude([broken, *(_open(kind, "Because the structure does not hold.") for kind in LATER)], ())
    layers = [_passed(STRUCTURE, _said_structure(opened))]
    timing = judge(opened, trust.stamp_roots, moment)
    status = _status(opened, timing.proven)
    layers += [_seal(status), _coverage(opened, status), _certificate(opened, status, trust, timing.proven)]
    layers.append(Layer(kind=TIMESTAMP, state=timing.state, said=timing.said))
    record, about = _record(opened)
    approvals, signers = _approvals(opened, trust)
    layers += [record, approvals, _log(opened, trust.log_key), _renderer(opened, markdown)]
    if replays is not None:
        layers.append(_replay(opened, replays))
    if filed is not None:
        layers.append(_filed(data, filed))
    level = ("Level", f"PAdES {timing.level}")
    if any(one.kind is SEAL and one.failed for one in layers):
        layers = [_withheld(one) for one in layers]
    return conclude(layers, [*_signer(opened), level, *about, *signers], _remark(trust))


def _said_structure(opened: Opened) -> str:
    if not opened.stamps:
        return "A PDF with one signature, in the one form that the seal has."
    count = "a time stamp" if len(opened.stamps) == 1 else f"{len(opened.stamps)} time stamps"
    return f"A PDF with one signature, in the one form that the seal has, and {count} behind it; nothing else."


def _withheld(layer: Layer) -> Layer:
    """The layer where the seal is broken: what rests on the content of the file proves nothing about what was sealed.

    What speaks against the file still does, and its structure is judged on the bytes as they are.
    """
    if layer.state != "passed" or layer.kind is STRUCTURE:
        return layer
    return _open(layer.kind, ALONE if layer.kind is RECORD else NOT_JUDGED)


def _passed(kind: Kind, said: str) -> Layer:
    return Layer(kind=kind, state="passed", said=said)


def _failed(kind: Kind, said: str) -> Layer:
    return Layer(kind=kind, state="failed", said=said)


def _open(kind: Kind, said: str) -> Layer:
    return Layer(kind=kind, state="open", said=said)


def _status(opened: Opened, moment: datetime) -> PdfSignatureStatus | None:
    try:
        return outside_any_loop(lambda: _validated(opened, moment))
    except Exception:
        # As with reading: a signature that cannot be evaluated, for whatever reason, does not hold.
        return None


def _validated(opened: Opened, moment: datetime) -> PdfSignatureStatus:
    issuer = asn1_x509.Certificate.load(opened.container.issuer.public_bytes(Encoding.DER))
    context = ValidationContext(trust_roots=[issuer], allow_fetching=False, revocation_mode="soft-fail", moment=moment)
    return validate_pdf_signature(opened.signature, signer_validation_context=context, skip_diff=True)


def _seal(status: PdfSignatureStatus | None) -> Layer:
    if status is None or not (status.intact and status.valid):
        return _failed(SEAL, "The file was changed after it was sealed, or the seal was not made for it.")
    return _passed(SEAL, f"ECDSA with SHA-256 over the whole file, {_said_time(status)}.")


def _said_time(status: PdfSignatureStatus) -> str:
    when = status.signer_reported_dt
    return f"by its own word on {when:%Y-%m-%d at %H:%M %Z}" if when else "without a time"


def _coverage(opened: Opened, status: PdfSignatureStatus | None) -> Layer:
    if status is None:
        return _open(COVERAGE, "Because the seal does not hold.")
    # Behind the seal the structure lets nothing stand but time stamps, the last of which covers the whole file.
    whole = SignatureCoverageLevel.ENTIRE_REVISION if opened.stamps else SignatureCoverageLevel.ENTIRE_FILE
    if status.coverage is None or status.coverage < whole:
        return _failed(COVERAGE, "Something was added to the file after it was sealed.")
    if opened.signature.docmdp_level is not MDPPerm.NO_CHANGES:
        return _failed(COVERAGE, "The signature would allow later changes; a seal does not.")
    stamped = " but the time stamps behind the seal, which are the issuer's to add" if opened.stamps else ""
    return _passed(COVERAGE, f"Every byte is covered, and no change is allowed{stamped}.")


def _certificate(opened: Opened, status: PdfSignatureStatus | None, trust: Trust, moment: datetime) -> Layer:
    signer, issuer = opened.container.signer, opened.container.issuer
    kind = CERTIFICATE_OF_OURS if trust.own else CERTIFICATE
    if not belong_together(signer, issuer):
        return _failed(kind, "The certificates that came with the seal do not belong together.")
    if status is None or not (status.intact and status.valid):
        return _open(kind, "Because the seal does not hold, it says nothing about this file.")
    name = f"{_name(signer)}, issued by {_name(issuer)} (SHA-256 fingerprint {fingerprint(issuer)})"
    trusted = {fingerprint(one) for one in trust.authorities}
    if trusted and not trusted & {fingerprint(signer), fingerprint(issuer)}:
        return _failed(kind, _stranger(name, own=trust.own))
    misused = "" if status.trusted else f"The certificate {_name(signer)} may not be used to seal documents."
    if fault := _ended((signer, issuer), moment) or misused:
        return _failed(kind, fault)
    if trust.authorities:
        return _passed(kind, f"Sealed by {name}.")
    return _open(kind, f"No certificate to trust was given. Sealed by {name}: compare the fingerprint.")


def _stranger(name: str, *, own: bool) -> str:
    if own:
        return f"Sealed by {name}, which is not among the certificates of this instance."
    return f"Sealed by {name}, which is not among the certificates you trust."


def _ended(certificates: Sequence[x509.Certificate], moment: datetime) -> str:
    """Which of them is not valid at that moment, in words; empty when all are."""
    for certificate in certificates:
        first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if not first <= moment <= last:
            return (
                f"The certificate {_name(certificate)} is valid from {first.date()} to {last.date()} only; without a "
                "time stamp nobody can prove that the file was sealed in that time."
            )
    return ""


def _record(opened: Opened) -> tuple[Layer, list[tuple[str, str]]]:
    data = opened.attachments.get("record.json")
    if data is None:
        return _failed(RECORD, "The file carries no record.json."), []
    if digest(data) != opened.record_digest:
        return _failed(RECORD, "The attached record.json is not the one whose digest the file names."), []
    try:
        document = parse(data)
        schema = str(document.get("schema"))
        if schema != SCHEMA and schema.startswith("meshadvisor-record/"):
            said = f"The attached record has the digest that the file names; this version cannot read {schema}."
            return _passed(RECORD, said), [("Record, SHA-256", digest(data))]
        record = consistent(document)
    except RecordFaultError as fault:
        return _failed(RECORD, str(fault)), []
    said = f"record.json has the SHA-256 that the file names ({digest(data)}), and agrees with its own inputs digest."
    return _passed(RECORD, said), facts(record, data)


def _approvals(opened: Opened, trust: Trust) -> tuple[Layer, list[tuple[str, str]]]:
    """Who stands for the record, and their names as one of the facts when what they signed holds."""
    data, record = opened.attachments.get("approvals.json"), opened.attachments.get("record.json", b"")
    if data is None:
        return _open(APPROVALS, "The file carries none: it was sealed when the record was proposed."), []
    try:
        document = parse(data)
        given = [dict(one) for one in _list(document["approvals"])]
        said = [approval.check(one, record, trust.people) for one in given]
    except approval.ApprovalError as error:
        return _failed(APPROVALS, str(error)), []
    except (RecordFaultError, KeyError, TypeError, ValueError) as error:
        return _failed(APPROVALS, f"The attached approvals.json cannot be read ({type(error).__name__})."), []
    if document.get("record_sha256") != opened.record_digest:
        return _failed(APPROVALS, "The approvals in the file are for another record."), []
    own = any(one.get("method") in approval.OWN_KEY for one in given)
    names = ", ".join(f"{one.get('signer')} ({one.get('meaning')})" for one in given)
    layer = _passed(APPROVALS_OF_THEIR_OWN if own else APPROVALS, f"Stood for by {'; '.join(said)}.")
    return layer, [("Signed by", names)]


def _log(opened: Opened, key: str | None) -> Layer:
    data = opened.attachments.get("log.json")
    if data is None:
        return _open(LOG, "The file carries no proof of the log.")
    try:
        shown = check_proof(data, key)
    except ProofError as error:
        return _failed(LOG, f"The proof of the log does not hold: {error}.")
    if shown.entry.get("record_sha256") != opened.record_digest:
        return _failed(LOG, "The proof of the log is for another record.")
    origin, size = shown.checkpoint.origin, shown.checkpoint.size
    vouched = "" if key else ", whose key the file itself names"
    said = f"Entry {shown.index} ({shown.entry.get('act')}) of the log {origin}{vouched}, which had {size} entries."
    return _passed(LOG, said)


def _replay(opened: Opened, replays: Replays) -> Layer:
    try:
        same, said = replays(parse(opened.attachments.get("record.json", b"")))
    except ValueError as error:
        return _open(REPLAY, f"The record cannot be drawn anew: {error}.")
    if same is None:
        return _open(REPLAY, said)
    return _passed(REPLAY, said) if same else _failed(REPLAY, said)


def _filed(data: bytes, filed: Lookup) -> Layer:
    found, said = filed(digest(data))
    return _passed(FILED, said) if found else _failed(FILED, said)


def _list(value: object) -> list[Mapping[str, object]]:
    return value if isinstance(value, list) else []


def _renderer(opened: Opened, markdown: Markdown | None) -> Layer:
    name = opened.renderer or "a program that it does not name"
    attached, data = opened.attachments.get("record.md"), opened.attachments.get("record.json")
    if markdown is None or attached is None or data is None:
        return _open(RENDERER, f"The pages were made by {name}.")
    try:
        same = markdown(parse(data)).encode() == attached
    except ValueError:
        same = False
    if same:
        return _passed(
            RENDERER, f"The pages were made by {name}; the attached Markdown is what the record gives here too."
        )
    return _open(RENDERER, f"The pages were made by {name}; this version would lay out the record differently.")


def _signer(opened: Opened) -> list[tuple[str, str]]:
    return [
        ("Sealed by", _name(opened.container.signer)),
        ("Authority", _name(opened.container.issuer)),
        ("Authority, SHA-256 fingerprint", fingerprint(opened.container.issuer)),
    ]


def _remark(trust: Trust) -> str:
    if trust.own:
        return (
            "The file is unchanged since this instance sealed it. Whether this is the issuer you mean, its fingerprint "
            "tells: compare it with the one your organisation publishes."
        )
    if trust.authorities:
        return "The file is unchanged since it was sealed, by an issuer you trust."
    return "The file is unchanged since it was sealed. Nobody was named as trusted: check who sealed it."


def _name(certificate: x509.Certificate) -> str:
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[0].value) if names else certificate.subject.rfc4514_string()


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of a certificate in hex."""
    return certificate.fingerprint(hashes.SHA256()).hex()
