"""Writes docs/tamper.md: random byte changes and deliberate attacks, what refuses each, and what pdfsig says.

python -m benchmarks.tamper --changes 10000 --seed 7 [--folder FOLDER]

A run that was cut off goes on where it was when it is given the same folder; what another version of the checking
modules found does not count.
"""

import argparse
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.tamper import beside, chance, database, pages, updates
from benchmarks.tamper.files import PAGE, made, stamped_file
from decisions.signing.keystore import ensure_seal
from decisions.signing.verify import Trust
from tests.timestamping import TimeStampService

NOTHING = "**nothing**"


def said_by_pdfsig(data: bytes, folder: Path) -> str:
    """What pdfsig says of a PDF, in one word or two."""
    if shutil.which("pdfsig") is None:
        return "not here"
    (folder / "file.pdf").write_bytes(data)
    said = subprocess.run(["pdfsig", folder / "file.pdf"], capture_output=True, check=False).stdout
    if b"Signature is Valid" not in said or b"Signature is Invalid" in said or b"Digest Mismatch" in said:
        return "refused"
    return "valid, total document" if b"Total document signed" in said else "valid, but not the total document"


def rows(changes: int, seed: int, folder: Path, workers: int) -> Iterator[str]:
    """The page, line by line."""
    seal, stranger = ensure_seal(folder / "ours"), ensure_seal(folder / "theirs")
    tsa, other = (TimeStampService(folder / name, f"{name} time stamps") for name in ("Genuine", "Other"))
    for one in (tsa, other):
        one.open_for("http://tsa.example")
    data, whole = made(seal), stamped_file(seal, tsa)
    yield from chance.rows(changes, seed, folder, (data, whole), workers)
    of_pdf = chance.who_refuses(Trust(authorities=seal.trusted, stamp_roots=(tsa.root,)))
    yield "\n## Deliberate changes of a PDF\n\n| change | refused here by | pdfsig says |\n|---|---|---|"
    for name, genuine in (("none, level B-B", data), ("none, level B-LTA", whole)):
        yield f"| {name} | {of_pdf(genuine) or 'nothing: valid'} | {said_by_pdfsig(genuine, folder)} |"
    for name, attacked in (*pages.attacks(seal, stranger, data), *updates.attacks(tsa, other, (data, whole))):
        yield f"| {name} | {of_pdf(attacked) or NOTHING} | {said_by_pdfsig(attacked, folder)} |"
    yield "\n## Deliberate changes of what lies beside it\n\n| change | refused here by |\n|---|---|"
    for name, report in beside.reports(seal, stranger, beside.genuine(seal)):
        allowed = "nothing: valid" if name.startswith("none") else NOTHING
        yield f"| {name} | {chance.refused_by(report) or allowed} |"


HEAD = """# Tampering, and who notices

Written by `python -m benchmarks.tamper --changes {changes} --seed {seed}` on a sealed sample record and on
two decisions in a database of its own. A layer is named as `meshadvisor verify` names it ([verify.md](verify.md));
"cannot be read" is its exit code 2. `pdfsig` is poppler's.

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
    parser.add_argument("--folder", type=Path, help="where the results of the random changes are kept")
    parser.add_argument("--output", type=Path, default=PAGE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        folder.mkdir(exist_ok=True)
        lines = list(rows(options.changes, options.seed, folder, options.workers))
        lines += database.rows(Path(name))
    head = HEAD.format(changes=options.changes, seed=options.seed)
    options.output.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
