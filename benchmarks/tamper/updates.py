"""What somebody adds to a sealed PDF: changes by incremental update, and some of them under a genuine time stamp."""

import io
import re
from collections.abc import Callable, Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper

from benchmarks.tamper.files import asked
from decisions.signing.stamping import Stamper, Writer
from tests.timestamping import TimeStampService

Change = Callable[[IncrementalPdfFileWriter], object]


def update(data: bytes, change: Change) -> bytes:
    """The file with an incremental update behind it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def under_a_stamp(data: bytes, tsa: TimeStampService, change: Change, field: str | None = None) -> bytes:
    """The same, with a genuine time stamp of the service over the update."""
    writer, out = Writer(io.BytesIO(data)), io.BytesIO()
    change(writer)
    PdfTimeStamper(Stamper(asked(tsa)), field_name=field).timestamp_pdf(writer, "sha256", output=out)
    return out.getvalue()


def _dictionary(**values: generic.PdfObject) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{key}"): value for key, value in values.items()})


def annotation(writer: IncrementalPdfFileWriter) -> None:
    """A box on the first page."""
    page = writer.find_page_for_modification(0)[0].get_object()
    box = generic.ArrayObject([generic.NumberObject(one) for one in (50, 500, 500, 700)])
    note = _dictionary(Type=pdf_name("/Annot"), Subtype=pdf_name("/Square"), Rect=box)
    page[pdf_name("/Annots")] = generic.ArrayObject([*page.get("/Annots", ()), writer.add_object(note)])
    writer.update_container(page)


def title(writer: IncrementalPdfFileWriter) -> None:
    """Another title."""
    info = writer.trailer["/Info"]
    info[pdf_name("/Title")] = generic.TextStringObject("Rejected")
    writer.update_container(info)


def script(writer: IncrementalPdfFileWriter) -> None:
    """A script that runs when the file is opened."""
    action = _dictionary(S=pdf_name("/JavaScript"), JS=pdf_string("app.alert('rejected')"))
    writer.root[pdf_name("/OpenAction")] = action
    writer.update_root()


def catalogue(writer: IncrementalPdfFileWriter) -> None:
    """Another catalogue, in an object of its own, that shows one page only."""
    other = generic.DictionaryObject({key: writer.root.raw_get(key) for key in writer.root})
    pages = writer.root["/Pages"]
    kids = generic.ArrayObject([pages["/Kids"].raw_get(0)])
    one = _dictionary(Type=pdf_name("/Pages"), Kids=kids, Count=generic.NumberObject(1))
    other[pdf_name("/Pages")] = writer.add_object(one)
    reference = writer.add_object(other)
    writer._root = reference
    writer.trailer[pdf_name("/Root")] = reference


def permissions(writer: IncrementalPdfFileWriter) -> None:
    """The entry taken out that says what the seal forbids."""
    del writer.root["/Perms"]
    writer.update_root()


def second_record(writer: IncrementalPdfFileWriter) -> None:
    """One more attachment that is called record.json."""
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    content = generic.StreamObject(_dictionary(Type=pdf_name("/EmbeddedFile")), stream_data=b"{}")
    name = pdf_string("record.json")
    file = _dictionary(Type=pdf_name("/Filespec"), F=name, UF=name, EF=_dictionary(F=writer.add_object(content)))
    names.extend([name, writer.add_object(file)])
    writer.update_container(names)


def relationship(writer: IncrementalPdfFileWriter) -> None:
    """The record called an unspecified attachment instead of the source of the pages."""
    file = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]
    file[pdf_name("/AFRelationship")] = pdf_name("/Unspecified")
    writer.update_container(file)


def object_stream(writer: IncrementalPdfFileWriter) -> None:
    """The information dictionary replaced from inside a stream of objects."""
    number = writer.trailer.raw_get("/Info").idnum
    stream = writer.prepare_object_stream()
    stream.add_object(number, _dictionary(Title=pdf_string("Rejected")))


def stored(writer: IncrementalPdfFileWriter) -> None:
    """A page of HTML among the certificates that check the stamps."""
    blob = writer.add_object(generic.StreamObject(stream_data=b"<html>rejected</html>"))
    writer.root[pdf_name("/DSS")] = writer.add_object(_dictionary(Certs=generic.ArrayObject([blob])))
    writer.update_root()


def shown_field(writer: IncrementalPdfFileWriter) -> None:
    """A field for the stamp that covers the first page."""
    fields.append_signature_field(writer, fields.SigFieldSpec("Shown", box=(50, 300, 550, 800), on_page=0))


def metadata(writer: IncrementalPdfFileWriter) -> None:
    """Another digest in the metadata."""
    stream = writer.root["/Metadata"]
    stream._data = re.sub(rb"[0-9a-f]{64}", b"0" * 64, stream.data)
    stream._encoded_data = None
    writer.mark_update(writer.root.raw_get("/Metadata").reference)


def hybrid(data: bytes) -> bytes:
    """An update with a table and, hidden behind it, a stream that is a table too."""
    previous = int(data[data.rindex(b"startxref") :].split()[1])
    trailer = re.search(rb"/Root (\d+ \d+ R)", data)
    size = max(int(one) for one in re.findall(rb"/Size (\d+)", data))
    assert trailer
    note = b"%d 0 obj\n<</Title (Rejected)>>\nendobj\n" % size
    table = bytes([1]) + (len(data)).to_bytes(4, "big") + b"\0\0"
    head = b"%d 0 obj\n<</Type /XRef /Size %d /W [1 4 2] /Index [%d 1] /Length %d /Root %b>>\nstream\n"
    stream = head % (size + 1, size + 2, size, len(table), trailer[1]) + table + b"\nendstream\nendobj\n"
    at = len(data) + len(note)
    words = b"xref\n0 0\ntrailer\n<</Size %d /Prev %d /XRefStm %d /Root %b /Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return data + note + stream + words % (size + 2, previous, at, trailer[1], size, at + len(stream))


class _Hiding(Writer):
    """Writes an object that its table does not list."""

    def _write_objects(self, stream, object_positions):  # type: ignore[no-untyped-def]
        super()._write_objects(stream, object_positions)  # type: ignore[no-untyped-call]
        stream.write(b"7777 0 obj\n<</Title (Rejected)>>\nendobj\n")


def hidden(data: bytes, tsa: TimeStampService) -> bytes:
    """An object in the update of a genuine time stamp that no table lists."""
    out = io.BytesIO()
    PdfTimeStamper(Stamper(asked(tsa))).timestamp_pdf(_Hiding(io.BytesIO(data)), "sha256", output=out)
    return out.getvalue()


def attacks(tsa: TimeStampService, other: TimeStampService, files: tuple[bytes, bytes]) -> Iterator[tuple[str, bytes]]:
    """Changes of a file that has, or is given, genuine time stamps; `files` at level B-B and B-LTA."""
    plain, whole = files
    for name, change in CHANGES.items():
        yield f"{name}, under a genuine time stamp", under_a_stamp(plain, tsa, change)
    yield "an annotation under one more genuine time stamp", under_a_stamp(whole, tsa, annotation)
    yield "a stamp in a field that covers the page", under_a_stamp(plain, tsa, shown_field, "Shown")
    yield "an object that no table lists, under a genuine time stamp", hidden(plain, tsa)
    yield (
        "a table behind the table (hybrid), a genuine time stamp over it",
        under_a_stamp(hybrid(plain), tsa, lambda _: None),
    )
    yield "a time stamp of a service that is not trusted", under_a_stamp(plain, other, lambda _: None)
    yield "the time stamp behind the seal cut out, bytes put behind", whole[: whole.rindex(b"startxref")] + b"%%EOF\n"


CHANGES: dict[str, Change] = {
    "the Info title changed": title,
    "another catalogue, with one page": catalogue,
    "a script that runs on opening": script,
    "/Perms taken out": permissions,
    "a second record.json attached": second_record,
    "another AFRelationship": relationship,
    "the title changed in an object stream": object_stream,
    "the digest in the metadata changed": metadata,
    "HTML among the stored certificates": stored,
}
