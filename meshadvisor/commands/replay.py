"""Make a record again from the inputs it carries, and say whether the same bytes come out.

Reads record.json, or the PDF that carries it. Exit code 0: the same bytes. 1: other bytes, so the record was changed or
was not made by this engine from this catalogue. 2: the engine or the catalogue it names is not here, or the file is no
record.
"""

import argparse
import json

from meshadvisor.commands import Refusal, named_overlay, read_input, write_out

EXAMPLES = """  meshadvisor replay DR-0042.pdf
  meshadvisor replay record.json --format json
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options of the command."""
    parser.add_argument("file", help='the record (PDF or JSON); "-" reads standard input')
    parser.add_argument("--format", choices=("text", "json"), default="text", help="what to print (%(default)s)")


def run(options: argparse.Namespace) -> int:
    """Print the outcome; the exit code is the verdict."""
    from decisions.advisor import catalog  # noqa: PLC0415
    from decisions.advisor.record import RecordError  # noqa: PLC0415
    from decisions.advisor.record.replay import Verdict, replay  # noqa: PLC0415

    try:
        outcome = replay(record_of(read_input(options.file), options.file), catalog.load(named_overlay()))
    except (RecordError, catalog.CatalogError) as error:
        message = f"{options.file}: {error}"
        raise Refusal(message) from error
    if options.format == "json":
        answer = {
            "verdict": outcome.verdict.value,
            "because": outcome.because,
            "record_sha256": outcome.given_sha256,
            "replayed_sha256": outcome.replayed_sha256,
            "differences": list(outcome.differences),
        }
        write_out(json.dumps(answer, indent=2, ensure_ascii=False))
    else:
        write_out(
            "\n".join([f"{outcome.verdict.value}: {outcome.because}", *(f"  {one}" for one in outcome.differences)])
        )
    return {Verdict.SAME: 0, Verdict.DIFFERENT: 1, Verdict.OTHER_VERSION: 2}[outcome.verdict]


def record_of(data: bytes, name: str) -> dict[str, object]:
    """The record document in a JSON file or in a PDF that carries it. Raises Refusal."""
    if data.lstrip()[:5] == b"%PDF-":
        data = attached(data, name)
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        message = f"{name} is neither a record in JSON nor a PDF that carries one"
        raise Refusal(message) from error
    if not isinstance(document, dict):
        message = f"{name} holds no record: expected a JSON object"
        raise Refusal(message)
    return document


def attached(data: bytes, name: str) -> bytes:
    """The file record.json in a PDF, whether it is sealed or not; whether the seal holds is `verify`'s to say."""
    import io  # noqa: PLC0415

    import pikepdf  # noqa: PLC0415

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return bytes(pdf.attachments["record.json"].get_file().read_bytes())
    except (pikepdf.PdfError, KeyError, ValueError, RuntimeError) as error:
        message = f"{name} is no PDF that carries a record.json"
        raise Refusal(message) from error
