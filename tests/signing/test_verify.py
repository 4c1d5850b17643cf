"""Checking: what is whole is valid, what was touched is not, and nothing a file holds makes the check fall over."""

import asyncio
import io
import json
import random
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from decisions.advisor.record import canonical, digest, document
from decisions.rendering import markdown, pdf
from decisions.signing import seal as sealing
from decisions.signing.seal import Seal, seal_pdf
from decisions.signing.trust import certificates
from decisions.signing.verify import MOST_BYTES, TrustError, Verdict, check
from tests.sample_record import ABOUT, sample
from tests.signing.conftest import SEALED_AT

NAMES = ["structure", "seal", "coverage", "certificate", "timestamp", "record", "approvals", "log", "renderer"]


def states(data: bytes, seal: Seal) -> dict[str, str]:
    """The state of every layer."""
    return {layer.name: layer.state for layer in check(data, (seal.authority,)).layers}


def test_a_sealed_record_is_valid_in_every_layer(sealed: bytes, seal: Seal) -> None:
    report = check(sealed, (seal.authority,), markdown=markdown.render)
    assert report.verdict is Verdict.VALID
    assert report.exit_code == 0
    assert [layer.name for layer in report.layers] == NAMES
    assert [layer.name for layer in report.layers if layer.state != "passed"] == ["timestamp", "approvals", "log"]
    assert report.fact("Number") == "DR-0042"
    assert report.fact("Title") == ABOUT.title
    assert report.fact("Record, SHA-256") == digest(canonical(document(sample())))
    assert report.fact("Authority, SHA-256 fingerprint") == seal.fingerprint
    assert "2026-11-23 at 12:00 UTC" in report.text()
    assert "does not prove" in report.text()
    assert json.loads(json.dumps(report.document()))["verdict"] == "valid"


def test_trusting_the_seal_itself_is_enough(sealed: bytes, seal: Seal) -> None:
    assert check(sealed, (seal.certificate,)).verdict is Verdict.VALID


def test_without_a_certificate_to_trust_it_says_that_nobody_vouches(sealed: bytes, seal: Seal) -> None:
    report = check(sealed)
    assert report.verdict is Verdict.VALID
    certificate = next(layer for layer in report.layers if layer.name == "certificate")
    assert certificate.state == "open"
    assert seal.fingerprint in certificate.said
    assert "Nobody was named as trusted" in report.reasons[0]


def test_a_seal_by_somebody_else_is_not_valid(unsealed: bytes, seal: Seal, stranger: Seal) -> None:
    forged = seal_pdf(unsealed, stranger, "Sealed by MeshAdvisor", SEALED_AT)
    report = check(forged, (seal.authority,))
    assert report.verdict is Verdict.NOT_VALID
    assert report.exit_code == 1
    assert "not among the certificates you trust" in report.reasons[0]
    assert stranger.fingerprint in report.reasons[0]


def test_an_authority_of_the_same_name_is_not_the_same(unsealed: bytes, seal: Seal, tmp_path: Path) -> None:
    """A certificate chain that only looks like the trusted one."""
    mixed = Seal(key=seal.key, certificate=seal.certificate, authority=sealing.ensure_seal(tmp_path).authority)
    report = check(seal_pdf(unsealed, mixed, "Sealed", SEALED_AT), (seal.authority,))
    assert report.verdict is Verdict.NOT_VALID


def test_after_the_certificate_has_ended_nothing_is_proven(sealed: bytes, seal: Seal) -> None:
    report = check(sealed, (seal.authority,), moment=datetime(2099, 1, 1, tzinfo=UTC))
    assert report.verdict is Verdict.NOT_VALID
    assert "without a time stamp" in report.reasons[0]


def test_two_hundred_random_flips_are_all_noticed(sealed: bytes, seal: Seal) -> None:
    chance = random.Random(20261123)
    for _ in range(200):
        place, bit = chance.randrange(len(sealed)), chance.randrange(8)
        changed = bytearray(sealed)
        changed[place] ^= 1 << bit
        assert check(bytes(changed), (seal.authority,)).verdict is not Verdict.VALID, (place, bit)


@pytest.mark.parametrize("trusting", [True, False])
def test_every_byte_of_the_space_around_the_signature_counts(sealed: bytes, seal: Seal, trusting: bool) -> None:
    found = re.search(rb"/Contents (<[0-9A-F]{500,}>)", sealed)
    assert found
    chance = random.Random(7)
    first, last = found.span(1)
    places = {first, first + 1, last - 1, last - 2, last - 200, *(chance.randrange(first, last) for _ in range(60))}
    trust = (seal.authority,) if trusting else ()
    for place in places:
        changed = bytearray(sealed)
        changed[place] ^= 1 << chance.randrange(8)
        assert check(bytes(changed), trust).verdict is not Verdict.VALID, place - first


def test_lower_case_digits_in_the_signature_are_noticed(sealed: bytes, seal: Seal) -> None:
    found = re.search(rb"/Contents (<[0-9A-F]{500,}>)", sealed)
    assert found
    lowered = sealed[: found.start(1)] + found[1].lower() + sealed[found.end(1) :]
    assert states(lowered, seal)["structure"] == "failed"


@pytest.mark.parametrize(("change", "verdict"), [
    (lambda data: data[:-1], Verdict.NOT_VALID),
    (lambda data: data + b"\n", Verdict.NOT_VALID),
    (lambda data: b" " + data, Verdict.NOT_VALID),
    (lambda data: data[: len(data) // 2], Verdict.UNREADABLE),
    (lambda data: data[5000:], Verdict.UNREADABLE),
])  # fmt: skip
def test_files_cut_or_lengthened_are_not_valid_or_cannot_be_read_at_all(
    sealed: bytes, seal: Seal, change: Callable[[bytes], bytes], verdict: Verdict
) -> None:
    assert check(change(sealed), (seal.authority,)).verdict is verdict


Writer = IncrementalPdfFileWriter
Name, Dictionary, Array, Number = pdf_name, generic.DictionaryObject, generic.ArrayObject, generic.NumberObject


def append_page(writer: Writer) -> None:
    """A page of the attacker's at the end."""
    pages = writer.root["/Pages"]
    page = Dictionary(
        {
            Name("/Type"): Name("/Page"),
            Name("/MediaBox"): Array([Number(0), Number(0), Number(595), Number(842)]),
            Name("/Resources"): Dictionary(),
            Name("/Parent"): writer.root.raw_get("/Pages"),
        }
    )
    pages["/Kids"].append(writer.add_object(page))
    pages["/Count"] = Number(int(pages["/Count"]) + 1)
    writer.mark_update(writer.root.raw_get("/Pages").reference)


def paint_over_the_cover(writer: Writer) -> None:
    """A white box over the first page, as an annotation."""
    reference, _ = writer.find_page_for_modification(0)
    form = generic.StreamObject(
        Dictionary(
            {
                Name("/Type"): Name("/XObject"),
                Name("/Subtype"): Name("/Form"),
                Name("/BBox"): Array([Number(n) for n in (0, 0, 200, 50)]),
            }
        ),
        stream_data=b"1 1 1 rg 0 0 200 50 re f",
    )
    note = Dictionary(
        {
            Name("/Type"): Name("/Annot"),
            Name("/Subtype"): Name("/Stamp"),
            Name("/Rect"): Array([Number(n) for n in (100, 600, 300, 650)]),
            Name("/AP"): Dictionary({Name("/N"): writer.add_object(form)}),
        }
    )
    page = reference.get_object()
    page[Name("/Annots")] = Array([writer.add_object(note)])
    writer.mark_update(reference)


def swap_the_record(writer: Writer) -> None:
    """Another record.json in the place of the sealed one."""
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    reference = names[1]["/EF"].raw_get("/F")
    stream = reference.get_object()
    stream._data = stream.data.replace(b"cni-encryption", b"sidecar-mesh!!")
    stream._encoded_data = None
    writer.mark_update(reference)


def change_the_title(writer: Writer) -> None:
    """Another title in the document information."""
    writer.set_info(writer.add_object(Dictionary({Name("/Title"): pdf_string("DR-0042: Adopt a sidecar mesh")})))


ATTACKS = (append_page, paint_over_the_cover, swap_the_record, change_the_title)


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_is_added_after_the_seal_is_refused(sealed: bytes, seal: Seal, attack: Callable[[Writer], None]) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(sealed))
    attack(writer)
    output = io.BytesIO()
    writer.write(output)
    report = check(output.getvalue(), (seal.authority,))
    assert report.verdict is Verdict.NOT_VALID
    assert "does not cover the whole file" in report.reasons[0]


def test_a_second_signature_is_refused(sealed: bytes, seal: Seal, stranger: Seal) -> None:
    output = io.BytesIO()
    signer = sealing._Signer(
        signers.PdfSignatureMetadata(
            field_name="Extra", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
        ),
        sealing.KeySigner(stranger),
    )
    signer.signed_at = SEALED_AT
    # A signer that minds the seal refuses to add a signature; this one is told of a file without a seal.
    signer._enforce_certification_constraints = lambda *_: None
    signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(sealed)), output=output)
    report = check(output.getvalue(), (seal.authority, stranger.authority))
    assert report.verdict is Verdict.NOT_VALID
    assert "2 signatures" in report.reasons[0]


def test_a_signature_that_allows_changes_is_no_seal(unsealed: bytes, seal: Seal) -> None:
    metadata = signers.PdfSignatureMetadata(
        field_name="Seal",
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.FILL_FORMS,
    )
    made = io.BytesIO()
    signer = sealing._Signer(metadata, sealing.KeySigner(seal))
    signer.signed_at = SEALED_AT
    signer.sign_pdf(sealing.Writer(io.BytesIO(unsealed)), output=made)
    assert states(made.getvalue(), seal)["coverage"] == "failed"


APPROVALS = [
    {
        "signer": signer,
        "meaning": meaning,
        "method": "confirmation",
        "digest": digest(canonical(document(sample()))),
        "statement": f"I stand for DR-0042 as its {meaning}.",
        "signed_at": "2026-11-24T09:30:00+00:00",
    }
    for signer, meaning in (("Nadia Okafor", "author"), ("Ada <b>Byron</b>", "approval"))
]


def test_approvals_are_printed_attached_and_checked(seal: Seal, tmp_path: Path) -> None:
    made = seal_pdf(pdf.render(document(sample()), sealed=True, approvals=APPROVALS), seal, "Sealed", SEALED_AT)
    report = check(made, (seal.authority,), markdown=markdown.render)
    assert {layer.name for layer in report.layers if layer.state != "passed"} == {"timestamp", "log"}
    said = report.layers[NAMES.index("approvals")].said
    assert "Nadia Okafor (author) by the word of the issuer; Ada <b>Byron</b> (approval) by the word" in said
    path = tmp_path / "approved.pdf"
    path.write_bytes(made)
    printed = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    assert "Approved by Ada <b>Byron</b>" in printed
    assert "I stand for DR-0042 as its approval." in printed
    assert "Accepted" in printed.split("\f")[0]
    subprocess.run([Path(sys.executable).parent / "outloud", "-q", path], check=True, capture_output=True)


def test_an_approval_of_another_record_is_refused(seal: Seal) -> None:
    wrong = [APPROVALS[0], APPROVALS[1] | {"digest": "0" * 64}]
    made = seal_pdf(pdf.render(document(sample()), sealed=True, approvals=wrong), seal, "Sealed", SEALED_AT)
    assert states(made, seal)["approvals"] == "failed"
    assert check(made, (seal.authority,)).verdict is Verdict.NOT_VALID


def edited(unsealed: bytes, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """The file with a change made before it is sealed: by an issuer that seals the wrong thing."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(unsealed)) as opened:
        change(opened)
        opened.save(output)
    return output.getvalue()


def test_a_record_that_is_not_the_one_named_is_refused(unsealed: bytes, seal: Seal) -> None:
    def swap(opened: pikepdf.Pdf) -> None:
        other = canonical(document(sample(about=replace(ABOUT, status="rejected"))))
        opened.Root.Names.EmbeddedFiles.Names[1].EF.F.write(other)

    made = seal_pdf(edited(unsealed, swap), seal, "Sealed", SEALED_AT)
    assert states(made, seal)["record"] == "failed"
    assert check(made, (seal.authority,)).verdict is Verdict.NOT_VALID


def test_a_file_without_a_record_is_refused(unsealed: bytes, seal: Seal) -> None:
    def drop(opened: pikepdf.Pdf) -> None:
        del opened.Root.Names.EmbeddedFiles

    made = seal_pdf(edited(unsealed, drop), seal, "Sealed", SEALED_AT)
    assert states(made, seal)["record"] == "failed"


def test_an_unsealed_file_is_not_valid(unsealed: bytes, seal: Seal) -> None:
    report = check(unsealed, (seal.authority,))
    assert report.verdict is Verdict.NOT_VALID
    assert "it carries no signature" in report.reasons[0]


def test_a_renderer_that_differs_is_said_and_does_not_count_against_the_file(sealed: bytes, seal: Seal) -> None:
    report = check(sealed, (seal.authority,), markdown=lambda _: "other")
    assert report.verdict is Verdict.VALID
    assert report.layers[-1].state == "open"


@pytest.mark.parametrize("data", [b"", b"plain text", b"\x00" * 100, b"PK\x03\x04", b"---\nstatus: x\n---\n# Title\n"])
def test_what_is_neither_pdf_nor_record_is_unreadable(data: bytes) -> None:
    report = check(data)
    assert report.verdict is Verdict.UNREADABLE
    assert report.exit_code == 2


def test_what_is_too_large_is_unreadable() -> None:
    assert check(b"%PDF-1.7" + b" " * MOST_BYTES).verdict is Verdict.UNREADABLE


@pytest.mark.parametrize(
    "data", [b"%PDF-1.7", b"%PDF-1.7\n%%EOF", b"%PDF-" + b"[" * 20000, b"%PDF-1.4\nxref\n0 1\ntrailer"]
)
def test_broken_pdfs_cannot_be_read_and_the_report_says_so(data: bytes) -> None:
    report = check(data)
    assert (report.verdict, report.exit_code, report.layers) == (Verdict.UNREADABLE, 2, ())
    assert "cannot be read as one" in report.reasons[0]
    assert "Download it again" in report.reasons[0]


def test_random_bytes_never_break_the_check() -> None:
    chance = random.Random(3)
    for start in (b"", b"%PDF-1.7\n", b"{"):
        for _ in range(40):
            check(start + chance.randbytes(chance.randrange(300)))


def record_bytes(**changes: Any) -> bytes:
    """The sample's canonical bytes."""
    return canonical(document(sample(**changes)))


def test_a_bare_record_without_a_voucher_is_not_proven_and_says_why() -> None:
    report = check(record_bytes())
    assert (report.verdict, report.exit_code) == (Verdict.NOT_PROVEN, 2)
    assert [layer.state for layer in report.layers] == ["passed", "passed", "unproven"]
    assert report.text().startswith("NOT PROVEN\n")
    states = [layer["state"] for layer in report.document()["layers"]]  # type: ignore[attr-defined]
    assert states == ["passed", "passed", "not proven"]
    assert "carries no seal" in report.reasons[0]
    assert digest(record_bytes()) in report.reasons[0]


def test_the_issuer_says_of_a_record_it_never_issued_that_it_is_not_valid() -> None:
    report = check(record_bytes(), filed=lambda _: (False, "unknown"))
    assert (report.verdict, report.exit_code) == (Verdict.NOT_VALID, 1)
    assert "issued no record with exactly these bytes" in report.reasons[0]


def test_markdown_by_itself_is_not_proven() -> None:
    words = f'---\nrecord-sha256: "{"a" * 64}"\n---\n# Words\n'.encode()
    report = check(words)
    assert (report.verdict, report.exit_code) == (Verdict.NOT_PROVEN, 2)
    assert "carries no seal" in report.reasons[0]


def test_a_bare_record_whose_digest_is_known_is_valid() -> None:
    report = check(record_bytes(), known={digest(record_bytes())})
    assert report.verdict is Verdict.VALID
    assert report.fact("Number") == "DR-0042"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text + b"\n", "canonical form"),
        (lambda text: json.dumps(json.loads(text), indent=1).encode(), "canonical form"),
        (lambda text: text.replace(b'"pods":412', b'"pods":413'), "not the one whose digest"),
        (lambda text: text.replace(b'_version":"2026-11-20', b'_version":"2026-11-21'), "inputs digest"),
        (lambda text: text.replace(b"meshadvisor-record/1", b"meshadvisor-record/7"), "meshadvisor-record/7"),
        (lambda text: b"\xef\xbb\xbf" + text, "canonical form"),
        (lambda text: b'{"schema":"meshadvisor-record/1",' + text[1:], "canonical form"),
        (lambda text: text.replace(b'"about"', b'"\\u0061bout"', 1), "canonical form"),
    ],
)  # fmt: skip
def test_a_changed_record_is_not_valid_even_when_vouched_for(change: Callable[[bytes], bytes], said: str) -> None:
    data = change(record_bytes())
    report = check(data, known={digest(data)})
    assert report.verdict is Verdict.NOT_VALID
    assert said in report.reasons[0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (record_bytes()[:-1], "not readable as JSON"),
        (b'{"a":' * 5000, "not readable as JSON"),
        (b'{"a":NaN}', "not readable as JSON"),
        (b'{"a":1}', "JSON that names no schema"),
        (b'{ "schema": "meshadvisor-approvals/1" }', "'meshadvisor-approvals/1'"),
        (b'{"payloadType":"x","signatures":[', "not readable as JSON"),
        (b"\x30\x82\x01\x00\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\x00", "damaged or cut off"),
    ],
)  # fmt: skip
def test_what_is_damaged_beyond_reading_or_something_else_is_unreadable(data: bytes, said: str) -> None:
    report = check(data, known={digest(data)})
    assert report.verdict is Verdict.UNREADABLE
    assert said in report.reasons[0]


def test_sealing_and_checking_work_inside_an_event_loop(unsealed: bytes, seal: Seal) -> None:
    async def both() -> Verdict:
        return check(seal_pdf(unsealed, seal, "Sealed", SEALED_AT), (seal.authority,)).verdict

    assert asyncio.run(both()) is Verdict.VALID


def test_certificates_to_trust_are_read_from_pem(seal: Seal, stranger: Seal) -> None:
    assert certificates(seal.trust_pem + stranger.trust_pem) == (seal.authority, stranger.authority)
    for wrong in (b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        with pytest.raises(TrustError, match="no certificate"):
            certificates(wrong)


def test_nothing_is_printed_while_checking(sealed: bytes, file: Path, tmp_path: Path, seal: Seal) -> None:
    """Standard error stays clean: the check reports, it does not log."""
    (tmp_path / "authority.pem").write_bytes(seal.trust_pem)
    code = (
        "import sys; from pathlib import Path; from decisions.signing.verify import check; "
        "from decisions.signing.trust import read; "
        "data = Path(sys.argv[1]).read_bytes(); trust = read(Path(sys.argv[2]).read_bytes()); "
        "print(check(data, trust).verdict, check(data[:-9], trust).verdict, check(data.replace(b'9', b'8', 1)).verdict)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, file, tmp_path / "authority.pem"], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["valid", "not", "valid", "not", "valid"], run.stdout
    assert run.stderr == ""


def test_random_flips_of_a_bare_record_never_break_the_check_or_pass() -> None:
    data = record_bytes()
    chance = random.Random(11)
    for _ in range(300):
        changed = bytearray(data)
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        assert check(bytes(changed), known={digest(data)}).verdict is not Verdict.VALID
