"""Opens a sealed PDF as strictly as it was written: one seal, time stamps behind it, attachments with one name each.

Behind the seal may stand time stamps over the whole file, with the certificates and revocation lists that check them.
Nothing else may: no page, note, title, attachment, signature.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature

from decisions.signing import additions, container
from decisions.signing.token import Token

RENDERER_NAME = re.compile(r"<mesh:renderer>([^<]{1,200})</mesh:renderer>")
RECORD_DIGEST = re.compile(r"<mesh:recordDigest>([0-9a-f]{64})</mesh:recordDigest>")


class UnreadableError(ValueError):
    """The file cannot be read as a PDF at all; the text says how far it was read."""


class DamagedError(ValueError):
    """The file is not a PDF as the seal leaves it; the text says what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A time stamp over the file as far as it reached then."""

    signature: EmbeddedPdfSignature
    token: Token


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A sealed PDF with what the layers look at."""

    signature: EmbeddedPdfSignature
    container: container.Container
    record_digest: str
    renderer: str
    attachments: dict[str, bytes]
    stamps: tuple[Stamp, ...] = ()
    """In the order in which they were put on."""
    lists: tuple[bytes, ...] = ()
    """Revocation lists that came with the file, as DER."""


def open_sealed(data: bytes) -> Opened:
    """The parts of a sealed PDF. UnreadableError for what is no PDF, DamagedError for one that is not as sealed."""
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=True)
    except Exception as error:
        # A damaged file can trip the parser anywhere, with any exception: whatever it is, this is not how it was left.
        message = "its table of contents is damaged or cut off"
        raise (DamagedError if _is_signed(data) else UnreadableError)(message) from error
    try:
        return _opened(reader, data)
    except (DamagedError, container.ContainerError, additions.AdditionError) as error:
        raise DamagedError(str(error)) from error
    except Exception as error:
        # As above: whatever it is, a part of the file is damaged.
        message = "a part of it is damaged"
        raise DamagedError(message) from error


def _is_signed(data: bytes) -> bool:
    """Whether a reader that mends what it can still finds a signature field in a file whose form is wrong."""
    try:
        with pikepdf.open(io.BytesIO(data)) as mended:
            return len(mended.Root.AcroForm.Fields) > 0
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError, RuntimeError):
        return False


def _opened(reader: PdfFileReader, data: bytes) -> Opened:
    seal, *stamps = _signatures(reader)
    ranges = [[int(number) for number in one.sig_object["/ByteRange"]] for one in (seal, *stamps)]
    ends = [second + rest for _, _, second, rest in ranges]
    if ends[-1] != len(data) or ends != sorted(set(ends)):
        message = "the signature does not cover the whole file: something was added after it"
        raise DamagedError(message)
    opened = container.read(data, ranges[0])
    tokens = [container.read_stamp(data, one) for one in ranges[1:]]
    if stamps:
        additions.check(reader, data, seal.signed_revision, ends)
    metadata = _metadata(reader)
    digests, names = RECORD_DIGEST.findall(metadata), RENDERER_NAME.findall(metadata)
    return Opened(
        signature=seal,
        container=opened,
        record_digest=digests[0] if len(digests) == 1 else "",
        renderer=names[0] if len(names) == 1 else "",
        attachments=_attachments(reader),
        stamps=tuple(Stamp(signature=one, token=each) for one, each in zip(stamps, tokens, strict=True)),
        lists=tuple(_lists(reader)),
    )


def _signatures(reader: PdfFileReader) -> list[EmbeddedPdfSignature]:
    """The seal, and the time stamps behind it."""
    found = list(reader.embedded_signatures)
    signatures = [one for one in found if one.sig_object_type != "/DocTimeStamp"]
    if len(signatures) != 1:
        message = "it carries no signature" if not signatures else f"it carries {len(signatures)} signatures, not one"
        raise DamagedError(message)
    if found[0] is not signatures[0]:
        message = "it was stamped before it was sealed"
        raise DamagedError(message)
    if len(reader.root["/AcroForm"]["/Fields"]) != len(found):
        message = "it has form fields beside the seal"
        raise DamagedError(message)
    return found


def _lists(reader: PdfFileReader) -> Iterator[bytes]:
    """The revocation lists that came with the file."""
    listed = reader.root["/DSS"].get("/CRLs", ()) if "/DSS" in reader.root else ()
    yield from (listed[position].data for position in range(len(listed)))


def _metadata(reader: PdfFileReader) -> str:
    if "/Metadata" not in reader.root:
        return ""
    data: bytes = reader.root["/Metadata"].data
    return data.decode()


def _attachments(reader: PdfFileReader) -> dict[str, bytes]:
    if "/Names" not in reader.root or "/EmbeddedFiles" not in reader.root["/Names"]:
        return {}
    listed = reader.root["/Names"]["/EmbeddedFiles"]["/Names"]
    found: dict[str, bytes] = {}
    for position in range(0, len(listed), 2):
        name, file = listed[position], listed[position + 1]  # by index: a slice would give references, not objects
        if str(name) in found or str(file["/UF"]) != str(name):
            message = f"its attachment {name} is listed twice or under two names"
            raise DamagedError(message)
        found[str(name)] = file["/EF"]["/F"].data
    return found
