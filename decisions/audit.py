"""Holds database, kept files and log against each other and names what was changed, removed, moved or put in.

Three things are compared: the rows of records, files and signatures; the entries and nodes of the log; and the signed
checkpoints, ours and those that somebody else kept. Whoever can write to the database can make the first two agree. The
third cannot be made to agree without the key of the log, and a checkpoint kept elsewhere not even with it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from decisions.journal import log_key, signature_digest
from decisions.models import Decision, LogCheckpoint, LogEntry, LogHead, LogNode, Record, Rendering, Signature, Status
from decisions.signing.checkpoint import CheckpointError, read
from decisions.signing.merkle import Place, appended, leaf_hash, root

MOST_FINDINGS = 200
"""More say nothing new."""

STATUS_AFTER = {
    "proposed": {Status.PROPOSED},
    "approved": {Status.ACCEPTED, Status.PROPOSED},
    "rejected": {Status.REJECTED},
    "deprecated": {Status.DEPRECATED},
    "superseded": {Status.SUPERSEDED},
    "withdrawn": {Status.DRAFT},
}
"""What a decision can be after the last of these acts; an approval may be one of several that are needed."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is not as it was written: where, what, and what it means."""

    layer: str
    """log, checkpoint, record, file, signature or status."""
    what: str


@dataclass(frozen=True, kw_only=True)
class Audit:
    """What was looked at, and what does not hold."""

    entries: int
    checkpoints: int
    records: int
    files: int
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass(kw_only=True)
class _Tree:
    """The tree rebuilt from the entries, in memory: only the nodes on the right edge and the roots asked for."""

    nodes: dict[Place, bytes] = field(default_factory=dict)
    roots: dict[int, bytes] = field(default_factory=dict)
    size: int = 0

    def put(self, leaf: bytes) -> dict[Place, bytes]:
        made = appended(lambda places: {place: self.nodes[place] for place in places}, self.size, leaf)
        *joined, tip = made
        for level, index in joined:
            del self.nodes[level, index - 1]  # both are under the tip now and are never needed again
        self.nodes[tip] = made[tip]
        self.size += 1
        return made

    def root(self) -> bytes:
        return root(lambda places: {place: self.nodes[place] for place in places}, self.size)


def audit(outside: Sequence[str] = ()) -> Audit:
    """Check everything. `outside` are checkpoints (signed notes) that somebody kept elsewhere."""
    findings: list[Finding] = []
    noted = dict(LogCheckpoint.objects.values_list("size", "note"))
    wanted, faults = _sizes(noted, outside)
    findings += faults
    tree, faults = _replayed(wanted)
    findings += faults
    findings += _checkpoints(tree, noted, outside)
    findings += _rows(tree.size)
    return Audit(
        entries=tree.size,
        checkpoints=len(noted),
        records=Record.objects.count(),
        files=Rendering.objects.count(),
        findings=tuple(findings[:MOST_FINDINGS]),
    )


def _sizes(noted: Mapping[int, str], outside: Sequence[str]) -> tuple[set[int], list[Finding]]:
    sizes, findings = set(noted), []
    for note in outside:
        try:
            sizes.add(read(note, log_key().public).size)
        except CheckpointError as error:
            findings.append(Finding(layer="checkpoint", what=f"A checkpoint that was kept elsewhere: {error}."))
    return sizes, findings


def _replayed(wanted: set[int]) -> tuple[_Tree, list[Finding]]:
    """The tree from the entries as they are now, with its roots at the sizes asked for."""
    tree, findings = _Tree(), []
    kept = _Kept()
    for index, act, content in LogEntry.objects.values_list("index", "act", "content").iterator(chunk_size=2000):
        if index != tree.size:
            missing = f"{tree.size}" if index == tree.size + 1 else f"{tree.size} to {index - 1}"
            findings.append(Finding(layer="log", what=f"Entry {missing} of the log has been removed."))
            return tree, findings
        leaf = leaf_hash(bytes(content))
        for place, value in tree.put(leaf).items():
            if kept.differs(place, value):
                findings.append(_changed(place, value, index, act))
        if tree.size in wanted:
            tree.roots[tree.size] = tree.root()
    head = LogHead.objects.filter(pk=1).first()
    if (head.size if head else 0) != tree.size:
        said = f"The log has {tree.size} entries and counts {head.size if head else 0}: some were removed or put in."
        findings.append(Finding(layer="log", what=said))
    return tree, findings


class _Kept:
    """The nodes as the database has them, fetched in the order in which they came into being."""

    def __init__(self) -> None:
        self.known: dict[Place, bytes] = {}
        self.source = LogNode.objects.order_by("pk").values_list("level", "index", "hash").iterator(chunk_size=2000)

    def differs(self, place: Place, value: bytes) -> bool:
        while place not in self.known:
            found = next(self.source, None)
            if found is None:
                return True
            level, index, kept = found
            self.known[level, index] = bytes(kept)
        return self.known.pop(place) != value


def _changed(place: Place, value: bytes, index: int, act: str) -> Finding:
    level, at = place
    if level == 0:
        other = LogNode.objects.filter(level=0, hash=value).exclude(index=at).values_list("index", flat=True).first()
        if other is not None:
            what = f"Entry {index} of the log ({act}) was entry {other} when it was written: the order was changed."
            return Finding(layer="log", what=what)
        return Finding(layer="log", what=f"Entry {index} of the log ({act}) is not the one that was written.")
    first, last = at << level, ((at + 1) << level) - 1
    return Finding(layer="log", what=f"The hash over the entries {first} to {last} is not that of the entries.")


def _checkpoints(tree: _Tree, noted: Mapping[int, str], outside: Sequence[str]) -> Iterator[Finding]:
    key = log_key().public
    for size in range(1, tree.size + 1):
        if size not in noted:
            yield Finding(layer="checkpoint", what=f"The checkpoint at {size} entries has been removed.")
    for whose, note in [*(("Ours", note) for note in noted.values()), *(("One kept elsewhere", n) for n in outside)]:
        try:
            point = read(note, key)
        except CheckpointError as error:
            if whose == "Ours":
                yield Finding(layer="checkpoint", what=f"A checkpoint in the database: {error}.")
            continue
        if point.size > tree.size:
            said = f"{whose} was signed over {point.size} entries, and there are {tree.size}: entries were removed."
            yield Finding(layer="checkpoint", what=said)
        elif tree.roots.get(point.size) != point.root:
            said = f"{whose}, over {point.size} entries, has another root: one of them was rewritten, moved or put in."
            yield Finding(layer="checkpoint", what=said)


def _rows(entries: int) -> Iterator[Finding]:
    said = _Said()
    for content in LogEntry.objects.filter(index__lt=entries).values_list("content", flat=True).iterator():
        said.hear(bytes(content))
    yield from _records(said)
    yield from _files(said)
    yield from _signatures(said)
    yield from _statuses(said)


class _Said:
    """What the entries speak of."""

    def __init__(self) -> None:
        self.records: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.signatures: dict[str, str] = {}
        self.last: dict[str, str] = {}

    def hear(self, content: bytes) -> None:
        try:
            entry = json.loads(content)
            decision, act = str(entry["decision"]), str(entry["act"])
        except (ValueError, KeyError, TypeError):
            return  # found already: its hash is not that of an entry we wrote
        name = f"{decision} revision {entry.get('revision')}"
        self.records.setdefault(str(entry.get("record_sha256")), name)
        for key, value in entry.items():
            if key == "signature_sha256":
                self.signatures[value] = name
            elif key.endswith("_sha256") and key != "record_sha256":
                self.files[value] = f"{key.removesuffix('_sha256')} file of {name}"
        if act in STATUS_AFTER:
            self.last[decision] = act


def _records(said: _Said) -> Iterator[Finding]:
    missing = dict(said.records)
    for row in Record.objects.select_related("decision__organisation").iterator(chunk_size=100):
        if hashlib.sha256(bytes(row.canonical)).hexdigest() != row.digest:
            yield Finding(layer="record", what=f"{row}: its content does not have the digest it is named by.")
        if missing.pop(row.digest, None) is None:
            yield Finding(layer="record", what=f"{row}: the log knows no record with this digest.")
    for name in missing.values():
        yield Finding(layer="record", what=f"{name}: the record that the log speaks of is not here any more.")


def _files(said: _Said) -> Iterator[Finding]:
    missing = dict(said.files)
    rows = Rendering.objects.select_related("record__decision").order_by("pk")
    for row in rows.iterator(chunk_size=20):
        if hashlib.sha256(bytes(row.content)).hexdigest() != row.sha256:
            yield Finding(layer="file", what=f"{row}: the kept file is not the one that was kept.")
        if missing.pop(row.sha256, None) is None and row.sha256 not in said.files:
            yield Finding(layer="file", what=f"{row}: the log knows no file with this hash.")
    for name in missing.values():
        yield Finding(layer="file", what=f"The {name} that the log speaks of is not here any more.")


def _signatures(said: _Said) -> Iterator[Finding]:
    missing = dict(said.signatures)
    for row in Signature.objects.select_related("record__decision", "signer").iterator(chunk_size=500):
        if missing.pop(signature_digest(row), None) is None:
            where = f"{row.signer.name}, {row.meaning} of {row.record}"
            yield Finding(layer="signature", what=f"{where}: this is not a signature that was given.")
    for name in missing.values():
        yield Finding(layer="signature", what=f"{name}: a signature that was given is not here any more.")


def _statuses(said: _Said) -> Iterator[Finding]:
    rows = Decision.objects.filter(records__isnull=False).distinct().select_related("organisation")
    for row in rows.only("number", "status", "organisation__slug").iterator(chunk_size=2000):
        last = said.last.get(f"{row.organisation.slug}/{row.number}")
        if last is not None and row.status not in STATUS_AFTER[last]:
            what = f"{row.organisation.slug}/{row.number} is {row.status}; the last act in the log is “{last}”."
            yield Finding(layer="status", what=what)
