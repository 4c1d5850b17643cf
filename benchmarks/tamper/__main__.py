"""Writes docs/tamper.md: random byte changes and deliberate attacks, what refuses each, and what pdfsig says.

python -m benchmarks.tamper --changes 10000 --seed 7
"""

import argparse
import io
import json
import random
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from decisions.advisor.record import canonical, digest, document
from decisions.rendering import markdown, pdf
from decisions.signing import envelope
from decisions.signing.keystore import Seal, ensure_seal
from decisions.signing.seal import KeySigner, seal_pdf
from decisions.signing.verify import Verdict, check
from tests.sample_record import sample

PAGE = Path(__file__).parent.parent.parent / "docs" / "tamper.md"
NOW = datetime.now(UTC)
Refuses = Callable[[bytes], str]


def approvals(record: bytes) -> list[dict[str, str]]:
    """Two signatures by the word of the issuer."""
    given = {"method": "password", "digest": digest(record), "signed_at": "2026-11-20T10:00:00+00:00"}
    return [
        {**given, "signer": "Nadia Okafor", "account": "nadia", "meaning": "author", "statement": "I propose it."},
        {**given, "signer": "Tomas Lind", "account": "tomas", "meaning": "approval", "statement": "I approve it."},
    ]


def made(seal: Seal, *, given: list[dict[str, str]] | None = None) -> bytes:
    """A sealed PDF with approvals."""
    data = document(sample())
    page = pdf.render(data, sealed=True, approvals=approvals(canonical(data)) if given is None else given)
    return seal_pdf(page, seal, "Decision record DR-0042", NOW)


def changed(data: bytes, chance: random.Random) -> bytes:
    """The data with one byte replaced by another."""
    place = chance.randrange(len(data))
    other = chance.randrange(255)
    return data[:place] + bytes([other + (other >= data[place])]) + data[place + 1 :]


def who_refuses(seal: Seal) -> Refuses:
    """The first layer of ours that refuses a PDF; empty when none does."""

    def refuses(data: bytes) -> str:
        report = check(data, seal.trusted, moment=NOW)
        if report.verdict is Verdict.UNREADABLE:
            return "form"
        return next((layer.name for layer in report.layers if layer.failed), "")

    return refuses


def said_by_pdfsig(data: bytes, folder: Path) -> str:
    """What pdfsig says of a PDF, in one word or two."""
    if shutil.which("pdfsig") is None:
        return "not here"
    (folder / "file.pdf").write_bytes(data)
    said = subprocess.run(["pdfsig", folder / "file.pdf"], capture_output=True, check=False).stdout
    if b"Signature is Valid" not in said:
        return "refused"
    return "valid, total document" if b"Total document signed" in said else "valid, but not the total document"


def update(data: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """The file with an incremental update behind it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _annotate(writer: IncrementalPdfFileWriter) -> None:
    from pyhanko.pdf_utils import generic

    page = writer.find_page_for_modification(0)[0].get_object()
    box = generic.ArrayObject([generic.NumberObject(one) for one in (50, 500, 500, 700)])
    note = {"/Type": "/Annot", "/Subtype": "/Square"}
    made = generic.DictionaryObject({pdf_name(key): pdf_name(value) for key, value in note.items()})
    made[pdf_name("/Rect")] = box
    page[pdf_name("/Annots")] = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(made)])
    writer.update_container(page)


def _title(writer: IncrementalPdfFileWriter) -> None:
    from pyhanko.pdf_utils import generic

    info = writer.trailer["/Info"]
    info[pdf_name("/Title")] = generic.TextStringObject("Rejected")
    writer.update_container(info)


def _page(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as file:
        file.add_blank_page()
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


def _attachment(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as file:
        old = file.attachments[name].get_file().read_bytes()
        del file.attachments[name]
        file.attachments[name] = pikepdf.AttachedFileSpec(file, change(old), filename=name)
        out = io.BytesIO()
        file.save(out)
    return out.getvalue()


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


def _padding(data: bytes) -> bytes:
    place = data.index(b"0" * 200, data.index(b"/Contents <")) + 150
    return data[:place] + b"4d" + data[place + 2 :]


def attacks(seal: Seal, stranger: Seal, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Deliberate changes of a PDF, by name."""
    record = canonical(document(sample()))
    yield "a page appended", _page(data)
    yield "an annotation appended", update(data, _annotate)
    yield "the Info title changed by an update", update(data, _title)
    yield "bytes behind the end", data + b"\n%%EOF\n"
    yield "record.json swapped", _attachment(data, "record.json", lambda old: old.replace(b"proposed", b"accepted", 1))
    yield "an approval swapped", _attachment(data, "approvals.json", lambda old: old.replace(b"Tomas", b"Jonas"))
    yield "a stranger's signature added", _signed_again(data, stranger)
    yield "bytes in the container's padding", _padding(data)
    yield "the file sealed anew by a stranger", made(stranger)
    wrong = [{**one, "digest": "0" * 64} for one in approvals(record)]
    yield "approvals for another record, under our own seal", made(seal, given=wrong)


def bare_attacks() -> Iterator[tuple[str, bytes]]:
    """A record.json whose status was flipped, without and with its digest computed anew."""
    record = canonical(document(sample()))
    flipped = json.loads(record)
    flipped["about"]["status"] = "accepted"
    yield "status flipped in record.json, digest recomputed", canonical(flipped)
    yield "status flipped, the case too", canonical(flipped | {"title": "x"})


def refused(data: bytes, seal: Seal) -> str:
    """Whether an envelope is refused."""
    try:
        envelope.check(data, seal.certificate)
    except envelope.EnvelopeError:
        return "envelope"
    return ""


def of_bare(genuine: str) -> Refuses:
    """Refuses a record.json, knowing the digest of the genuine one."""
    return lambda one: "" if check(one, known={genuine}).verdict is Verdict.VALID else "digest"


def of_words(genuine: str) -> Refuses:
    """Refuses Markdown whose digest is not the one that the envelope names."""
    return lambda one: "" if digest(one) == genuine else "digest in the envelope"


def rows(changes: int, seed: int, folder: Path) -> Iterator[str]:
    """The page, line by line."""
    seal, stranger = ensure_seal(folder / "ours"), ensure_seal(folder / "theirs")
    data, record = made(seal), canonical(document(sample()))
    words = markdown.render(document(sample())).encode()
    sealed = envelope.make({"record.json": digest(record), "record.md": digest(words)}, {}, seal)
    of_pdf = who_refuses(seal)
    kinds = {
        "PDF": (data, of_pdf),
        "record.json": (record, of_bare(digest(record))),
        "record.md": (words, of_words(digest(words))),
        "envelope": (sealed, lambda one: refused(one, seal)),
    }
    chance = random.Random(seed)
    yield "## One byte changed at random\n\n| file | bytes | changes | unnoticed | refused by |\n|---|---|---|---|---|"
    for name, (original, refuses) in kinds.items():
        found = Counter(refuses(changed(original, chance)) for _ in range(changes // len(kinds)))
        by = ", ".join(f"{layer} {count:,}" for layer, count in found.most_common() if layer)
        yield f"| {name} | {len(original):,} | {found.total():,} | {found['']:,} | {by} |"
    yield "\n## Deliberate changes\n\n| change | refused here by | pdfsig says |\n|---|---|---|"
    yield f"| none | {of_pdf(data) or 'nothing: valid'} | {said_by_pdfsig(data, folder)} |"
    for name, attacked in attacks(seal, stranger, data):
        yield f"| {name} | {of_pdf(attacked) or '**nothing**'} | {said_by_pdfsig(attacked, folder)} |"
    for name, attacked in bare_attacks():
        yield f"| {name} | {of_bare(digest(record))(attacked) or '**nothing**'} | not a PDF |"


HEAD = """# Tampering, and who notices

Written by `python -m benchmarks.tamper --changes {changes} --seed {seed}` on a sealed sample record. A layer is
named as `meshadvisor verify` names it (docs/verify.md); `pdfsig` is poppler's. Where it says "valid, but not the total
document", a reader has to look for the missing line "Total document signed".

"""
TAIL = """
## In the database

A row that was edited, an entry of the log that was removed or moved, a file that was replaced and an older revision
that was put in the place of a newer one leave the single file as it was: `meshadvisor audit` finds them, by holding
rows, kept files, the log and its checkpoints against each other. The tests of the audit do each of these.
"""


def main() -> None:
    """Run and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--output", type=Path, default=PAGE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = list(rows(options.changes, options.seed, Path(folder)))
    head = HEAD.format(changes=options.changes, seed=options.seed)
    options.output.write_text(head + "\n".join(lines) + "\n" + TAIL, encoding="utf-8")


if __name__ == "__main__":
    main()
