"""Whether what follows a seal in a PDF is time stamps and what checks them, and nothing else.

Each update may hold the catalogue, one page, one invisible field with its stamp, and the store of certificates and
revocation lists (the DSS of ISO 32000-2), each changed in one way only. pyHanko has rules for this too; they let title
and metadata change, and take a minute on a tagged file.
"""

import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

FIELD = {"/FT", "/T", "/Type", "/Subtype", "/F", "/Rect", "/P", "/TU", "/V"}
STAMP = {"/Contents", "/ByteRange", "/Type", "/Filter", "/SubFilter"}
STORED = {"/Certs": x509.load_der_x509_certificate, "/CRLs": x509.load_der_x509_crl}
"""What the store may hold, and what reads each piece of it."""


class AdditionError(ValueError):
    """Something else was added after the seal; the text says what."""


OBJECT = re.compile(rb"\d+\s+\d+\s+obj\b")
END = re.compile(rb"endobj\s+startxref\s+\d+\s+%%EOF\s*\Z")


def check(reader: PdfFileReader, data: bytes, sealed: int, ends: Sequence[int]) -> None:
    """AdditionError unless the updates after revision `sealed` are time stamps.

    `ends` are where the sealed file and each stamped one end in the data.
    """
    updates = range(sealed + 1, reader.xrefs.total_revisions)
    if len(updates) != len(ends) - 1:
        message = f"{len(updates)} updates follow the seal, and {len(ends) - 1} time stamps"
        raise AdditionError(message)
    for revision, start, end in zip(updates, ends, ends[1:], strict=False):
        _only_what_is_listed(reader, revision, data[:end], start)
        _Update(reader.get_historical_resolver(revision - 1), reader.get_historical_resolver(revision)).check()


def _only_what_is_listed(reader: PdfFileReader, revision: int, data: bytes, start: int) -> None:
    """AdditionError unless every byte of an update belongs to an object that its table lists."""
    table = reader.xrefs._xref_sections[revision].xref_data
    places = sorted(place for _, place in table.standard_xrefs.values())
    objects = [data[place:until] for place, until in zip(places, [*places[1:], len(data)], strict=True)]
    listed = all(OBJECT.match(one) and len(OBJECT.findall(one)) == 1 for one in objects)
    closed = all(one.rstrip().endswith(b"endobj") for one in objects[:-1]) and END.search(objects[-1])
    if table.hybrid or table.xrefs_in_objstm or data[start : places[0]].strip() or not (listed and closed):
        message = "something that its table does not list was added after the seal"
        raise AdditionError(message)


class _Update:
    """One update: the file before it and after it."""

    def __init__(self, before: HistoricalResolver, after: HistoricalResolver) -> None:
        self.before, self.after = before, after
        self.fresh_from = int(before.trailer_view["/Size"])
        self.written = {reference.idnum for reference in after.explicit_refs_in_revision()}  # type: ignore[no-untyped-call]

    def check(self) -> None:
        """AdditionError unless it is one time stamp."""
        old, new = self.before.trailer_view, self.after.trailer_view
        for key in ("/Root", "/Info", "/Encrypt"):
            _same(_raw(old, key), _raw(new, key), f"the trailer's {key}")
        explained = {self.after.root_ref.idnum, *self._the_table()}
        explained |= set(self._catalogue())
        freed = self.after.refs_freed_in_revision()  # type: ignore[no-untyped-call]
        if freed or self.written - explained:
            message = "an object that belongs to no time stamp was added or changed after the seal"
            raise AdditionError(message)

    def _the_table(self) -> Iterator[int]:
        """The stream that is the table of this update itself."""
        for number in (one for one in self.written if one >= self.fresh_from):
            found = self._fresh(number)
            if isinstance(found, generic.StreamObject) and found.get("/Type") == "/XRef":
                yield number

    def _catalogue(self) -> Iterator[int]:
        old, new = self.before.root, self.after.root
        _same_but(old, new, {"/AcroForm", "/DSS"}, "the catalogue")
        forms = old["/AcroForm"], new["/AcroForm"]
        _same_but(*forms, {"/Fields"}, "the form")
        yield from self._place(old, new, "/AcroForm")
        yield from self._place(*forms, "/Fields")
        field = self._one_more(forms[0]["/Fields"], forms[1]["/Fields"])
        yield from self._field(field)
        if "/DSS" in new:
            yield from self._place(old, new, "/DSS")
            yield from self._store(old["/DSS"] if "/DSS" in old else _dictionary(), new["/DSS"])

    def _one_more(self, old: generic.ArrayObject, new: generic.ArrayObject) -> generic.IndirectObject:
        """The one reference that the list got, at its end."""
        if len(new) != len(old) + 1 or any(
            _bytes(old.raw_get(at)) != _bytes(new.raw_get(at)) for at in range(len(old))
        ):
            message = "more than a field of one time stamp was added after the seal"
            raise AdditionError(message)
        last = new.raw_get(len(old))
        if not isinstance(last, generic.IndirectObject) or last.idnum < self.fresh_from:
            message = "what was added after the seal is no field of its own"
            raise AdditionError(message)
        return last

    def _field(self, field: generic.IndirectObject) -> Iterator[int]:
        """The field and its stamp, shown nowhere, and the page that lists it."""
        found = self._fresh(field.idnum)
        stamp = found.raw_get("/V")
        if set(found) - FIELD or found["/FT"] != "/Sig" or len(set(map(float, found["/Rect"]))) != 1:
            message = "the field that was added after the seal is not an invisible one"
            raise AdditionError(message)
        if set(self._fresh(stamp.idnum)) - STAMP:
            message = "the time stamp behind the seal says more than a time stamp does"
            raise AdditionError(message)
        page = found.raw_get("/P")
        old, new = self.before(page.reference), self.after(page.reference)
        _same_but(old, new, {"/Annots"}, "a page")
        listed = old["/Annots"] if "/Annots" in old else generic.ArrayObject()
        if old["/Type"] != "/Page" or self._one_more(listed, new["/Annots"]).idnum != field.idnum:
            message = "a page shows something that was added after the seal"
            raise AdditionError(message)
        yield from (field.idnum, stamp.idnum, page.idnum, *self._place(old, new, "/Annots"))

    def _store(self, old: generic.DictionaryObject, new: generic.DictionaryObject) -> Iterator[int]:
        """The store, which only grows, and holds nothing but certificates and revocation lists."""
        if set(new) - {*STORED, "/Type"}:
            message = "something else than certificates and revocation lists was stored after the seal"
            raise AdditionError(message)
        for key, read in STORED.items():
            yield from self._place(old, new, key)
            before, now = ([_bytes(one) for one in _raws(store, key)] for store in (old, new))
            if not set(before) <= set(now):
                message = "a certificate or a revocation list was taken away after the seal"
                raise AdditionError(message)
            for one in _raws(new, key):
                read(self.after(one.reference).data)
                if _bytes(one) not in before:
                    self._fresh(one.idnum)
                    yield one.idnum

    def _place(self, old: generic.DictionaryObject, new: generic.DictionaryObject, key: str) -> Iterator[int]:
        """The number of the object behind a key, where it stands by itself: the one it had, or one of its own."""
        found, had = (one.raw_get(key) if key in one else None for one in (new, old))
        if isinstance(found, generic.IndirectObject):
            if found.idnum < self.fresh_from and _bytes(found) != (b"" if had is None else _bytes(had)):
                message = "an object of the sealed file was replaced"
                raise AdditionError(message)
            yield found.idnum

    def _fresh(self, number: int) -> Any:
        """An object of this update that the file did not have before."""
        if number < self.fresh_from and number in self.written:
            message = "an object of the sealed file was replaced"
            raise AdditionError(message)
        return self.after(generic.Reference(number, 0, self.after))


def _dictionary() -> generic.DictionaryObject:
    return generic.DictionaryObject()  # type: ignore[no-untyped-call]


def _raw(held: generic.DictionaryObject, key: str) -> bytes:
    return _bytes(held.raw_get(key)) if key in held else b""


def _raws(store: generic.DictionaryObject, key: str) -> list[generic.IndirectObject]:
    listed = store[key] if key in store else generic.ArrayObject()
    return [listed.raw_get(at) for at in range(len(listed))]


def _bytes(held: generic.PdfObject) -> bytes:
    out = io.BytesIO()
    held.write_to_stream(out, None)
    return out.getvalue()


def _same(old: bytes, new: bytes, what: str) -> None:
    if old != new:
        message = f"{what} was changed after the seal"
        raise AdditionError(message)


def _same_but(old: generic.DictionaryObject, new: generic.DictionaryObject, free: set[str], what: str) -> None:
    for key in {*old, *new} - free:
        _same(_raw(old, key), _raw(new, key), f"{what}'s {key}")
