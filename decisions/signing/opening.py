"""Opens a sealed PDF as strictly as it was written: one signature, one form field, attachments with one name each."""

import io
import logging
import re
from dataclasses import dataclass

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature

from decisions.signing import container

RENDERER_NAME = re.compile(r"<mesh:renderer>([^<]{1,200})</mesh:renderer>")
RECORD_DIGEST = re.compile(r"<mesh:recordDigest>([0-9a-f]{64})</mesh:recordDigest>")

for library in ("pyhanko", "pyhanko_certvalidator"):
    # What they log about a damaged file stands in the report; a stack of it on standard error helps nobody.
    logging.getLogger(library).addHandler(logging.NullHandler())
    logging.getLogger(library).propagate = False


class DamagedError(ValueError):
    """The file is not a PDF as the seal leaves it; the text says what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A sealed PDF with what the layers look at."""

    signature: EmbeddedPdfSignature
    container: container.Container
    record_digest: str
    renderer: str
    attachments: dict[str, bytes]


def open_sealed(data: bytes) -> Opened:
    """The parts of a sealed PDF. DamagedError for any other file."""
    try:
        return _opened(PdfFileReader(io.BytesIO(data), strict=True), data)
    except (DamagedError, container.ContainerError) as error:
        raise DamagedError(str(error)) from error
    except Exception as error:
        # A damaged file can trip the parser anywhere, with any exception: whatever it is, the file is damaged.
        message = f"it cannot be read as a PDF ({type(error).__name__})"
        raise DamagedError(message) from error


def _opened(reader: PdfFileReader, data: bytes) -> Opened:
    signatures = reader.embedded_signatures
    if len(signatures) != 1:
        message = "it carries no signature" if not signatures else f"it carries {len(signatures)} signatures, not one"
        raise DamagedError(message)
    if len(reader.root["/AcroForm"]["/Fields"]) != 1:
        message = "it has form fields beside the seal"
        raise DamagedError(message)
    signature = signatures[0]
    byte_range = [int(number) for number in signature.sig_object["/ByteRange"]]
    metadata = _metadata(reader)
    digests, names = RECORD_DIGEST.findall(metadata), RENDERER_NAME.findall(metadata)
    return Opened(
        signature=signature,
        container=container.read(data, byte_range),
        record_digest=digests[0] if len(digests) == 1 else "",
        renderer=names[0] if len(names) == 1 else "",
        attachments=_attachments(reader),
    )


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
