"""One byte changed at random, again and again, in each kind of file; what is found is kept piece by piece."""

import hashlib
import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

from benchmarks.tamper.beside import genuine
from benchmarks.tamper.files import PAGE
from decisions.advisor.record import digest
from decisions.signing.keystore import ensure_seal
from decisions.signing.trust import certificates
from decisions.signing.verify import Beside, Report, Trust, Verdict, check

KINDS = {
    "PDF, level B-B": 30,
    "PDF, level B-LTA": 20,
    "record.json": 15,
    "record.md": 10,
    "envelope": 15,
    "addendum": 10,
}
"""The kinds of files, and the share of the changes that each gets, in percent."""
PARTS = 25
"""Pieces of the work on one kind of file, each with a seed of its own, however many processes there are."""
UNREAD = "cannot be read"


def changed(data: bytes, chance: random.Random) -> bytes:
    """The data with one byte replaced by another."""
    place = chance.randrange(len(data))
    other = chance.randrange(255)
    return data[:place] + bytes([other + (other >= data[place])]) + data[place + 1 :]


def refused_by(report: Report) -> str:
    """The first layer that refuses a file; empty when none does."""
    if report.verdict is Verdict.UNREADABLE:
        return UNREAD
    return next((layer.name for layer in report.layers if layer.failed), "")


def who_refuses(trust: Trust) -> Callable[[bytes], str]:
    """The first layer of ours that refuses a PDF; empty when none does."""
    return lambda data: refused_by(check(data, trust, moment=datetime.now(UTC)))


def rows(changes: int, seed: int, folder: Path, files: tuple[bytes, bytes], workers: int) -> Iterator[str]:
    """The table, line by line; the results are kept in the folder, so that a run that was cut off goes on."""
    found = genuine(ensure_seal(folder / "ours"))
    originals = dict(zip(KINDS, (*files, found.record, found.words, found.envelope, found.addendum), strict=True))
    kept = Kept(folder / "changes.jsonl")
    yield "## One byte changed at random\n\n| file | bytes | changes | unnoticed | refused by |\n|---|---|---|---|---|"
    with ProcessPoolExecutor(workers, get_context("fork")) as pool:
        for name, percent in KINDS.items():
            share, rest = divmod(changes * percent // 100, PARTS)
            parts = {f"{seed}/{name}/{part}": share + (part < rest) for part in range(PARTS)}
            due = {one: count for one, count in parts.items() if (one, count) not in kept.pieces}
            many = len(due)
            made = pool.map(_refusals, [name] * many, [originals[name]] * many, [folder] * many, due, due.values())
            for (one, count), refusals in zip(due.items(), made, strict=True):
                kept.keep(one, count, refusals)
            total = sum((kept.pieces[piece] for piece in parts.items()), Counter[str]())
            by = ", ".join(f"{layer} {count:,}" for layer, count in total.most_common() if layer)
            yield f"| {name} | {len(originals[name]):,} | {total.total():,} | {total['']:,} | {by} |"


class Kept:
    """Results of pieces, one a line; those made by another version of the modules that check do not count."""

    def __init__(self, path: Path) -> None:
        self.path, self.code = path, _code()
        lines = path.read_text().splitlines() if path.exists() else []
        read = map(json.loads, lines)
        self.pieces = {(seed, count): Counter[str](found) for seed, count, code, found in read if code == self.code}

    def keep(self, seed: str, count: int, found: Counter[str]) -> None:
        """Write down what a piece has come to."""
        self.pieces[seed, count] = found
        with self.path.open("a") as file:
            file.write(json.dumps([seed, count, self.code, found]) + "\n")


def _code() -> str:
    """A digest of the modules that check a file."""
    modules = sorted((PAGE.parent.parent / "decisions" / "signing").glob("*.py"))
    return hashlib.sha256(b"".join(one.read_bytes() for one in modules)).hexdigest()[:16]


def _refusals(name: str, original: bytes, folder: Path, seed: str, count: int) -> Counter[str]:
    """Which layer refused how many changes of a file; an empty name counts those that nobody noticed."""
    seal, root = ensure_seal(folder / "ours"), certificates((folder / "Genuine" / "root.pem").read_bytes())
    trust = Trust(authorities=seal.trusted, seals=(seal.certificate,), stamp_roots=root)
    beside = Beside(envelope=genuine(seal).envelope) if name == "record.md" else None
    known, moment = {digest(original)}, datetime.now(UTC)
    chance = random.Random(seed)
    return Counter(
        refused_by(check(changed(original, chance), trust, known=known, moment=moment, beside=beside))
        for _ in range(count)
    )
