"""Holds database, kept files and log against each other and names what was changed, removed, moved or put in.

Three things are compared: the rows of records, files and signatures; the entries and nodes of the log; and the signed
checkpoints, ours and those that somebody else kept. Whoever can write to the database can make the first two agree. The
third cannot be made to agree without the key of the log, and a checkpoint kept elsewhere not even with it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from decisions.journal import log_key, nodes, reassessment_digest, signature_digest
from decisions.models import (
    Decision,
    LogCheckpoint,
    LogEntry,
    LogHead,
    LogNode,
    Outcome,
    Reassessment,
    Record,
    Rendering,
    Signature,
    Status,
)
from decisions.models.log import LEVEL
from decisions.signing.checkpoint import CheckpointError, read
from decisions.signing.merkle import Place, appended, leaf_hash, root

MOST_FINDINGS = 200
"""More say nothing new."""

AT_ONCE = 500
"""Nodes compared with one query."""

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
    """log, checkpoint, record, file, signature, outcome, reassessment or status."""
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


def audit(outside: Sequence[str] = ()) -> Audit:
    """Check everything. `outside` are checkpoints (signed notes) that somebody kept elsewhere."""
    kept, findings = _kept_elsewhere(outside)
    replay = _Replay(kept)
    findings += replay.run()
    findings += _rows(replay.size)
    return Audit(
        entries=replay.size,
        checkpoints=replay.points.seen,
        records=Record.objects.count(),
        files=Rendering.objects.count(),
        findings=tuple(findings[:MOST_FINDINGS]),
    )


def _kept_elsewhere(notes: Sequence[str]) -> tuple[dict[int, list[bytes]], list[Finding]]:
    """The roots by size, and what is wrong with the notes themselves."""
    roots: dict[int, list[bytes]] = {}
    findings = []
    for note in notes:
        try:
            point = read(note, log_key().public)
            roots.setdefault(point.size, []).append(point.root)
        except CheckpointError as error:
            findings.append(Finding(layer="checkpoint", what=f"A checkpoint that was kept elsewhere: {error}."))
    return roots, findings


class _Points:
    """Our checkpoints, in the order of their sizes."""

    def __init__(self) -> None:
        self.rows = LogCheckpoint.objects.order_by("size").values_list("size", "note").iterator(chunk_size=2000)
        self.next = next(self.rows, None)
        self.seen = 0

    def at(self, size: int) -> str | None:
        """The note at a size; sizes are asked for in ascending order."""
        while self.next is not None and self.next[0] <= size:
            found, self.next = self.next, next(self.rows, None)
            self.seen += 1
            if found[0] == size:
                return str(found[1])
        return None

    def rest(self) -> Iterator[int]:
        """The sizes that are left."""
        while self.next is not None:
            yield self.next[0]
            self.seen += 1
            self.next = next(self.rows, None)


class _Replay:
    """The tree built again from the entries, held against the kept nodes and checkpoints on the way."""

    def __init__(self, elsewhere: Mapping[int, list[bytes]]) -> None:
        self.elsewhere = elsewhere
        self.points = _Points()
        self.key = log_key().public
        self.edge: dict[Place, bytes] = {}
        """The subtrees that are not under a larger one yet."""
        self.fresh: dict[Place, tuple[bytes, int, str]] = {}
        """Nodes that have not been compared yet, with the entry they came with."""
        self.size = 0

    def run(self) -> Iterator[Finding]:
        """Everything that is wrong with entries, nodes and checkpoints."""
        for index, act, content in LogEntry.objects.values_list("index", "act", "content").iterator(chunk_size=2000):
            if index != self.size:
                missing = f"{self.size}" if index == self.size + 1 else f"{self.size} to {index - 1}"
                yield Finding(layer="log", what=f"Entry {missing} of the log has been removed.")
                break
            self._put(_bytes(content), act)
            yield from self._compare_points()
            if len(self.fresh) >= AT_ONCE:
                yield from self._compare_nodes()
        yield from self._compare_nodes()
        yield from self._compare_ends()

    def _put(self, content: bytes, act: str) -> None:
        made = appended(self._edge, self.size, leaf_hash(content))
        *joined, tip = made
        for level, index in joined:
            del self.edge[level, index - 1]  # under the tip now, and never needed again
        self.edge[tip] = made[tip]
        self.fresh |= {place: (value, self.size, act) for place, value in made.items()}
        self.size += 1

    def _edge(self, places: Iterable[Place]) -> Mapping[Place, bytes]:
        return {place: self.edge[place] for place in places}

    def _compare_points(self) -> Iterator[Finding]:
        own, others = self.points.at(self.size), self.elsewhere.get(self.size, ())
        now = root(self._edge, self.size)
        if own is None:
            yield Finding(layer="checkpoint", what=f"The checkpoint at {self.size} entries has been removed.")
        else:
            try:
                if read(own, self.key).root != now:
                    yield self._other_root("Ours")
            except CheckpointError as error:
                yield Finding(layer="checkpoint", what=f"Our checkpoint at {self.size} entries: {error}.")
        if any(one != now for one in others):
            yield self._other_root("One kept elsewhere")

    def _other_root(self, whose: str) -> Finding:
        said = f"{whose}, over {self.size} entries, has another root: one of them was rewritten, moved or put in."
        return Finding(layer="checkpoint", what=said)

    def _compare_nodes(self) -> Iterator[Finding]:
        kept = nodes(self.fresh)
        for place, (value, index, act) in self.fresh.items():
            if kept.get(place) != value:
                yield _changed(place, value, index, act)
        self.fresh = {}

    def _compare_ends(self) -> Iterator[Finding]:
        head = LogHead.objects.filter(pk=1).first()
        counted = head.size if head else 0
        if counted != self.size:
            said = f"The log has {self.size} entries and counts {counted}: some were removed or put in."
            yield Finding(layer="log", what=said)
        later = [("Ours", size) for size in self.points.rest()]
        later += [("One kept elsewhere", size) for size in self.elsewhere if size > self.size]
        for whose, size in later:
            said = f"{whose} was signed over {size} entries, and there are {self.size}: entries were removed."
            yield Finding(layer="checkpoint", what=said)


def _changed(place: Place, value: bytes, index: int, act: str) -> Finding:
    level, at = place
    if level == 0:
        same = LogNode.objects.filter(place__lt=LEVEL, hash=value).exclude(place=at)
        other = same.values_list("place", flat=True).first()
        if other is not None:
            what = f"Entry {index} of the log ({act}) was entry {other} when it was written: the order was changed."
            return Finding(layer="log", what=what)
        return Finding(layer="log", what=f"Entry {index} of the log ({act}) is not the one that was written.")
    first, last = at << level, ((at + 1) << level) - 1
    return Finding(layer="log", what=f"The hash over the entries {first} to {last} is not that of the entries.")


def _bytes(held: bytes | memoryview | str) -> bytes:
    """What stands in a column of bytes: SQLite keeps a text there too, when somebody put one in."""
    return held.encode() if isinstance(held, str) else bytes(held)


def _rows(entries: int) -> Iterator[Finding]:
    said = _Said()
    for content in LogEntry.objects.filter(index__lt=entries).values_list("content", flat=True).iterator():
        said.hear(_bytes(content))
    yield from _records(said)
    yield from _files(said)
    yield from _signatures(said)
    yield from _outcomes(said)
    yield from _judgements(said)
    yield from _statuses(said)


class _Said:
    """What the entries speak of."""

    def __init__(self) -> None:
        self.records: dict[str, str] = {}
        self.files: dict[str, str] = {}
        self.signatures: dict[str, str] = {}
        self.outcomes: dict[str, str] = {}
        self.judgements: dict[str, str] = {}
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
            elif key == "outcome_sha256":
                self.outcomes[value] = name
            elif key == "reassessment_sha256":
                self.judgements[value] = name
            elif key.endswith("_sha256") and key != "record_sha256":
                self.files[value] = f"{key.removesuffix('_sha256')} file of {name}"
        if act in STATUS_AFTER:
            self.last[decision] = act


def _records(said: _Said) -> Iterator[Finding]:
    missing = dict(said.records)
    for row in Record.objects.select_related("decision__organisation").iterator(chunk_size=100):
        if hashlib.sha256(_bytes(row.canonical)).hexdigest() != row.digest:
            yield Finding(layer="record", what=f"{row}: its content does not have the digest it is named by.")
        if missing.pop(row.digest, None) is None:
            yield Finding(layer="record", what=f"{row}: the log knows no record with this digest.")
    for name in missing.values():
        yield Finding(layer="record", what=f"{name}: the record that the log speaks of is not here any more.")


def _files(said: _Said) -> Iterator[Finding]:
    missing = dict(said.files)
    rows = Rendering.objects.select_related("record__decision").order_by("pk")
    for row in rows.iterator(chunk_size=20):
        if hashlib.sha256(_bytes(row.content)).hexdigest() != row.sha256:
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


def _outcomes(said: _Said) -> Iterator[Finding]:
    missing = dict(said.outcomes)
    for row in Outcome.objects.select_related("record__decision").defer("sealed").iterator(chunk_size=200):
        where = f"Check {row.number} of {row.record}"
        if hashlib.sha256(_bytes(row.canonical)).hexdigest() != row.digest:
            yield Finding(layer="outcome", what=f"{where}: its content does not have the digest it is named by.")
        if missing.pop(row.digest, None) is None:
            yield Finding(layer="outcome", what=f"{where}: the log knows no check with this digest.")
    for name in missing.values():
        yield Finding(layer="outcome", what=f"{name}: a check of a roll-out that was kept is not here any more.")


def _judgements(said: _Said) -> Iterator[Finding]:
    missing = dict(said.judgements)
    for row in Reassessment.objects.select_related("record__decision").iterator(chunk_size=500):
        if missing.pop(reassessment_digest(row), None) is None:
            said_here = f"{row.record} under {row.catalogue_version}: this is not a re-assessment that was made."
            yield Finding(layer="reassessment", what=said_here)
    for name in missing.values():
        yield Finding(layer="reassessment", what=f"{name}: a re-assessment that was made is not here any more.")


def _statuses(said: _Said) -> Iterator[Finding]:
    rows = Decision.objects.filter(records__isnull=False).distinct().select_related("organisation")
    for row in rows.only("number", "status", "organisation__slug").iterator(chunk_size=2000):
        last = said.last.get(f"{row.organisation.slug}/{row.number}")
        if last is not None and row.status not in STATUS_AFTER[last]:
            what = f"{row.organisation.slug}/{row.number} is {row.status}; the last act in the log is “{last}”."
            yield Finding(layer="status", what=what)
