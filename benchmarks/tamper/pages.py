"""Deliberate changes of a sealed PDF by somebody without a time-stamp service, and by somebody with a key."""

import io
import json
import re
from collections.abc import Callable, Iterator

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from benchmarks.tamper.files import NOW, REASON, approvals, edited, made, unsealed
from benchmarks.tamper.updates import annotation, catalogue, title, update
from decisions.advisor.record import canonical, document
from decisions.signing.keystore import Seal
from decisions.signing.seal import KeySigner, Writer, _Signer, seal_pdf
from tests.sample_record import sample


def _attachment(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    def swap(file: pikepdf.Pdf) -> None:
        old = file.attachments[name].get_file().read_bytes()
        del file.attachments[name]
        file.attachments[name] = pikepdf.AttachedFileSpec(file, change(old), filename=name)

    return edited(data, swap)


class _Stubborn(signers.PdfSigner):
    """Signs where the seal forbids it: the library would not."""

    def _enforce_certification_constraints(self, reader: object) -> None:
        pass


def _signed_again(data: bytes, stranger: Seal) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    metadata = signers.PdfSignatureMetadata(field_name="Other", md_algorithm="sha256")
    out = io.BytesIO()
    _Stubborn(metadata, KeySigner(stranger)).sign_pdf(writer, output=out)
    return out.getvalue()


def _allowing_changes(seal: Seal) -> bytes:
    metadata = signers.PdfSignatureMetadata(
        field_name="Seal",
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=fields.MDPPerm.ANNOTATE,
    )
    signer, out = _Signer(metadata, KeySigner(seal)), io.BytesIO()
    signer.signed_at = NOW
    signer.sign_pdf(Writer(io.BytesIO(unsealed())), output=out)
    return out.getvalue()


def _padding(data: bytes) -> bytes:
    place = data.index(b"0" * 200, data.index(b"/Contents <")) + 150
    return data[:place] + b"4d" + data[place + 2 :]


def _contents(data: bytes, filling: bytes) -> bytes:
    """The signature itself taken out (universal signature forgery)."""
    found = re.search(rb"/Contents <([0-9A-F]{500,})>", data)
    assert found
    return data[: found.start(1)] + filling * len(found[1]) + data[found.end(1) :]


def _wrapped(data: bytes) -> bytes:
    """The signed second part moved behind one of the attacker's (signature wrapping)."""
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]", data)
    assert found
    _, second, rest = (int(one) for one in found.groups())
    page = data[second:] + b"\n9999 0 obj\n<</Type /Page>>\nendobj\n"
    new = b"/ByteRange [0 %b %d %d]" % (found[1], second + len(page), rest)
    head = data[: found.start()] + new.ljust(len(found[0])) + data[found.end() : second]
    return head + page + data[second:]


def _encrypted(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as file:
        file.save(out, encryption=pikepdf.Encryption(owner="owner", user=""))
    return out.getvalue()


def _twice(file: pikepdf.Pdf) -> None:
    names = file.Root.Names.EmbeddedFiles.Names
    other = pikepdf.AttachedFileSpec(file, b"{}", filename="record.json")
    names.extend([pikepdf.String("record.json"), other.obj])


def _other_record(file: pikepdf.Pdf) -> None:
    names = file.Root.Names.EmbeddedFiles.Names
    at = next(place for place in range(0, len(names), 2) if str(names[place]) == "record.json") + 1
    record = document(sample())
    names[at].EF.F.write(canonical({**record, "about": {**record["about"], "status": "rejected"}}))


def attacks(seal: Seal, stranger: Seal, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Deliberate changes of a PDF, by name."""
    record = document(sample())
    yield "a page appended", edited(data, lambda file: file.add_blank_page())
    yield "written anew by another program, nothing else", edited(data, lambda _: None)
    yield "encrypted, with an empty password", _encrypted(data)
    yield "an annotation appended", update(data, annotation)
    yield "the Info title changed by an update", update(data, title)
    yield "another catalogue, with one page, by an update", update(data, catalogue)
    yield "bytes behind the end", data + b"\n%%EOF\n"
    yield "one empty line behind the end", data + b"\n"
    yield "an object behind the end, without a table", data + b"9999 0 obj\n<</Type /Catalog>>\nendobj\n%%EOF\n"
    yield "a page of HTML before the beginning", b"<html>rejected</html>\n" + data
    yield "record.json swapped", _attachment(data, "record.json", lambda old: old.replace(b"proposed", b"accepted", 1))
    yield "an approval swapped", _attachment(data, "approvals.json", lambda old: old.replace(b"Tomas", b"Jonas"))
    yield "the signature emptied", _contents(data, b"0")
    yield "the signed part moved, another page in its place", _wrapped(data)
    yield "a stranger's signature added", _signed_again(data, stranger)
    yield "bytes in the container's padding", _padding(data)
    yield "the file sealed anew by a stranger", made(stranger)
    flipped = {**record, "about": {**record["about"], "status": "accepted"}}
    yield "status flipped, digest recomputed everywhere, sealed anew by a stranger", made(stranger, data=flipped)
    yield "our own key, but later changes allowed", _allowing_changes(seal)
    yield "two attachments called record.json, under our own seal", _ours(seal, _twice)
    yield "another record.json than the cover names, under our own seal", _ours(seal, _other_record)
    wrong = [{**one, "digest": "0" * 64} for one in approvals(canonical(record))]
    yield "approvals for another record, under our own seal", made(seal, given=wrong)


def _ours(seal: Seal, change: Callable[[pikepdf.Pdf], None]) -> bytes:
    """What an issuer would make that seals the wrong thing."""
    return seal_pdf(edited(unsealed(), change), seal, REASON, NOW)


def read_twice() -> bytes:
    """A record.json with a key twice, of which readers take the last."""
    record = canonical(document(sample()))
    assert json.loads(record)["about"]["status"] == "proposed"
    return record.replace(b'"status":"proposed"', b'"status":"accepted","status":"proposed"', 1)
