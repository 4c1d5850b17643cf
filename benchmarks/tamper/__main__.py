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
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pikepdf
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper

from benchmarks.tamper import database
from decisions.advisor.record import canonical, digest, document
from decisions.rendering import markdown, pdf
from decisions.signing import envelope
from decisions.signing.keystore import Seal, ensure_seal
from decisions.signing.seal import KeySigner, seal_pdf
from decisions.signing.stamping import Service, Stamper, Writer, stamped
from decisions.signing.trust import certificates
from decisions.signing.verify import Trust, Verdict, check
from tests.sample_record import sample
from tests.timestamping import TimeStampService

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


def made(seal: Seal, *, given: list[dict[str, str]] | None = None, data: dict[str, Any] | None = None) -> bytes:
    """A sealed PDF with approvals."""
    data = data or document(sample())
    page = pdf.render(data, sealed=True, approvals=approvals(canonical(data)) if given is None else given)
    return seal_pdf(page, seal, "Decision record DR-0042", NOW)


def changed(data: bytes, chance: random.Random) -> bytes:
    """The data with one byte replaced by another."""
    place = chance.randrange(len(data))
    other = chance.randrange(255)
    return data[:place] + bytes([other + (other >= data[place])]) + data[place + 1 :]


def stamped_file(seal: Seal, tsa: TimeStampService) -> bytes:
    """The same at level B-LTA."""
    data = document(sample())
    page = pdf.render(data, sealed=True, approvals=approvals(canonical(data)))
    return stamped(seal_pdf(page, seal, "Decision record DR-0042", NOW, asked(tsa)), asked(tsa), (), NOW)


def asked(tsa: TimeStampService) -> Service:
    """The service, asked without a network."""
    return Service(ask=tsa.answer, roots=(tsa.root,), fetch=lambda _: tsa.list)


def who_refuses(trust: Trust) -> Refuses:
    """The first layer of ours that refuses a PDF; empty when none does."""

    def refuses(data: bytes) -> str:
        report = check(data, trust, moment=datetime.now(UTC))
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
    if b"Signature is Valid" not in said or b"Signature is Invalid" in said or b"Digest Mismatch" in said:
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
    flipped = document(sample())
    flipped["about"] = {**flipped["about"], "status": "accepted"}
    yield "status flipped, digest recomputed everywhere, sealed anew by a stranger", made(stranger, data=flipped)
    wrong = [{**one, "digest": "0" * 64} for one in approvals(record)]
    yield "approvals for another record, under our own seal", made(seal, given=wrong)


def stamp_attacks(
    tsa: TimeStampService, other: TimeStampService, files: tuple[bytes, bytes]
) -> Iterator[tuple[str, bytes]]:
    """Changes of a file that has, or is given, genuine time stamps; `files` at level B-B and B-LTA."""
    plain, whole = files
    yield "the Info title changed under a genuine time stamp", _under_a_stamp(plain, tsa, _title)
    yield "an annotation under one more genuine time stamp", _under_a_stamp(whole, tsa, _annotate)
    yield "a time stamp of a service that is not trusted", _under_a_stamp(plain, other, lambda _: None)
    yield "the time stamp behind the seal cut out, bytes put behind", whole[: whole.rindex(b"startxref")] + b"%%EOF\n"


def _under_a_stamp(data: bytes, tsa: TimeStampService, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    writer, out = Writer(io.BytesIO(data)), io.BytesIO()
    change(writer)
    PdfTimeStamper(Stamper(asked(tsa))).timestamp_pdf(writer, "sha256", output=out)
    return out.getvalue()


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


def rows(changes: int, seed: int, folder: Path, workers: int) -> Iterator[str]:
    """The page, line by line."""
    seal, stranger = ensure_seal(folder / "ours"), ensure_seal(folder / "theirs")
    tsa, other = (TimeStampService(folder / name, f"{name} time stamps") for name in ("Genuine", "Other"))
    for one in (tsa, other):
        one.open_for("http://tsa.example")
    data, whole, record = made(seal), stamped_file(seal, tsa), canonical(document(sample()))
    yield from random_changes(changes, seed, folder, (data, whole), workers)
    of_pdf = who_refuses(Trust(authorities=seal.trusted, stamp_roots=(tsa.root,)))
    yield "\n## Deliberate changes of a file\n\n| change | refused here by | pdfsig says |\n|---|---|---|"
    for name, genuine in (("none, level B-B", data), ("none, level B-LTA", whole)):
        yield f"| {name} | {of_pdf(genuine) or 'nothing: valid'} | {said_by_pdfsig(genuine, folder)} |"
    every = [*attacks(seal, stranger, data), *stamp_attacks(tsa, other, (data, whole))]
    for name, attacked in every:
        yield f"| {name} | {of_pdf(attacked) or '**nothing**'} | {said_by_pdfsig(attacked, folder)} |"
    for name, attacked in bare_attacks():
        yield f"| {name} | {of_bare(digest(record))(attacked) or '**nothing**'} | not a PDF |"


def random_changes(changes: int, seed: int, folder: Path, files: tuple[bytes, bytes], workers: int) -> Iterator[str]:
    """One byte of each kind of file changed at random, again and again, in processes beside each other."""
    record, words = canonical(document(sample())), markdown.render(document(sample())).encode()
    sealed = envelope.make(
        {"record.json": digest(record), "record.md": digest(words)}, {}, ensure_seal(folder / "ours")
    )
    kinds = {"PDF, level B-B": 10, "PDF, level B-LTA": 3, "record.json": 29, "record.md": 29, "envelope": 29}
    originals = dict(zip(kinds, (*files, record, words, sealed), strict=True))
    yield "## One byte changed at random\n\n| file | bytes | changes | unnoticed | refused by |\n|---|---|---|---|---|"
    with ProcessPoolExecutor(workers, get_context("fork")) as pool:
        for name, percent in kinds.items():
            share, rest = divmod(changes * percent // 100, PARTS)
            counts = [share + (part < rest) for part in range(PARTS)]
            seeds = [f"{seed}/{name}/{part}" for part in range(PARTS)]
            parts = pool.map(_refusals, [name] * PARTS, [originals[name]] * PARTS, [folder] * PARTS, seeds, counts)
            found = sum(parts, Counter[str]())
            by = ", ".join(f"{layer} {count:,}" for layer, count in found.most_common() if layer)
            yield f"| {name} | {len(originals[name]):,} | {found.total():,} | {found['']:,} | {by} |"


PARTS = 25
"""Pieces of the work on one kind of file, each with a seed of its own, however many processes there are."""


def _refusals(name: str, original: bytes, folder: Path, seed: str, count: int) -> Counter[str]:
    """Which layer refused how many changes of a file; an empty name counts those that nobody noticed."""
    seal, root = ensure_seal(folder / "ours"), certificates((folder / "Genuine" / "root.pem").read_bytes())
    refuses: dict[str, Refuses] = {
        "record.json": of_bare(digest(original)),
        "record.md": of_words(digest(original)),
        "envelope": lambda one: refused(one, seal),
    }
    check_it = refuses.get(name) or who_refuses(Trust(authorities=seal.trusted, stamp_roots=root))
    chance = random.Random(seed)
    return Counter(check_it(changed(original, chance)) for _ in range(count))


HEAD = """# Tampering, and who notices

Written by `python -m benchmarks.tamper --changes {changes} --seed {seed}` on a sealed sample record and on
two decisions in a database of its own. A layer is named as `meshadvisor verify` names it ([verify.md](verify.md));
`pdfsig` is poppler's.

`pdfsig` checks each signature for what it covers. Where it says "valid, but not the total document", a reader has to
miss the line "Total document signed"; where it says "valid, total document", it calls a file valid that we refuse: it
knows neither whose signatures there may be, nor whom you trust, nor what the attachments mean. It cannot check time
stamps, so of a file at level B-LTA it says as much as of one at level B-B.

The page *Check a record* of the issuer refuses every changed file by one layer more: its log does not name the SHA-256.

"""


def main() -> None:
    """Run and write the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--output", type=Path, default=PAGE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        lines = list(rows(options.changes, options.seed, Path(folder), options.workers))
        lines += database.rows(Path(folder))
    head = HEAD.format(changes=options.changes, seed=options.seed)
    options.output.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
