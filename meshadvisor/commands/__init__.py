"""The product's commands: one module each, imported only when it is called, so that each starts fast.

A command module has EXAMPLES (text), `arguments(parser)` and `run(options) -> int`, the exit code. `--help` starts with
its docstring.
"""

import os
from pathlib import Path

SUMMARIES = {
    "serve": "serve the web application; prepares the database and the keys first",
    "seal": "show, test or replace the sealing key",
    "worker": "do the work beside the pages; serve runs one by itself",
    "demo": "fill DATA_DIR with a demo organisation",
    "messages": "find what there is to translate and bring the translations up to date",
    "advise": "recommend an approach for a case document",
    "inspect": "say what a load-test file or a cluster inventory holds",
    "catalogue": "check, describe and compare what MeshAdvisor knows",
    "project": "project what an option adds to a measured value",
    "plan": "write the roll-out pack of a case: files to apply, stage by stage",
    "export": "write the signed records to files",
    "checkpoint": "print the log's newest checkpoint, or hand it to witnesses",
    "audit": "hold database, files and log against each other",
    "replay": "make a record again from its inputs and compare, byte for byte",
    "import": "take in other people's decision records, or say what is there",
    "confirm": "check a stage of a roll-out against its baseline",
    "reassess": "judge accepted decisions again under today's catalogue",
    "due": "list accepted decisions whose review is due",
    "trust": "print what others need to check records without this instance",
    "verify": "check the signature and the content of a record",
}

MODULES = {"import": "importing"}
"""The module of a command whose name is a word of the language; the others have the command's name."""

OVERLAY = "MESHADVISOR_OVERLAY"
"""The environment variable that names an organisation's overlay of the catalogue."""


class Refusal(Exception):  # noqa: N818 - it is an answer to the user, not a fault
    """Why a command did not do what was asked, in words for the person who typed it."""


def named_overlay() -> Path | None:
    """The overlay directory that the environment names; None when it names none."""
    name = os.environ.get(OVERLAY, "").strip()
    return Path(name).expanduser() if name else None


def read_input(name: str, most: int = -1) -> bytes:
    """The bytes of a file, or of standard input for "-". Raises Refusal when it cannot be read.

    No more than `most` of them and one, so that the reader sees that it is too much without holding it; -1: all.
    """
    import sys  # noqa: PLC0415

    upto = most if most < 0 else most + 1
    if name == "-":
        return sys.stdin.buffer.read(upto)
    try:
        with Path(name).open("rb") as file:
            return file.read(upto)
    except OSError as error:
        message = f"cannot read {name}: {error.strerror}"
        raise Refusal(message) from error


def read_text(name: str) -> str:
    """The text of a file, or of standard input for "-". Raises Refusal when it cannot be read or is not UTF-8."""
    try:
        return read_input(name).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{name} is not a text in UTF-8"
        raise Refusal(message) from error


def write_out(text: str) -> None:
    """Print to standard output in UTF-8, whatever the terminal's locale says, ending in one newline."""
    import sys  # noqa: PLC0415

    sys.stdout.flush()
    sys.stdout.buffer.write((text.rstrip("\n") + "\n").encode())
    sys.stdout.buffer.flush()
