"""Deliberate changes of what lies beside a PDF: record.json, Markdown, envelope, SSH signature, sealed addendum."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.tamper.pages import read_twice
from decisions.advisor.pilot.outcome import SCHEMA as OUTCOME
from decisions.advisor.record import canonical, digest, document
from decisions.rendering import markdown
from decisions.signing import envelope, sshsig
from decisions.signing.addendum import seal_addendum
from decisions.signing.keystore import Seal
from decisions.signing.verify import Beside, Report, Trust, check
from tests.sample_record import sample


@dataclass(frozen=True, kw_only=True)
class Files:
    """What is genuine: the record, its words, and what the instance signed about them."""

    record: bytes
    words: bytes
    envelope: bytes
    signature: bytes
    addendum: bytes


def genuine(seal: Seal) -> Files:
    """The files beside a sealed sample."""
    given = document(sample())
    record, words = canonical(given), markdown.render(given).encode()
    outcome = {"schema": OUTCOME, "about": {"number": "DR-0042", "record_sha256": digest(record)}, "judgement": {}}
    return Files(
        record=record,
        words=words,
        envelope=envelope.make({"record.json": digest(record), "record.md": digest(words)}, {}, seal),
        signature=envelope.ssh_signature(record, seal).encode(),
        addendum=seal_addendum(canonical(outcome), seal),
    )


def reports(seal: Seal, stranger: Seal, files: Files) -> Iterator[tuple[str, Report]]:
    """The report of each, checked as a stranger would, with a trust bundle."""
    trust = Trust(authorities=seal.trusted, seals=(seal.certificate,))
    yield "none: record.json by its digest", check(files.record, trust, known={digest(files.record)})
    for name, data in _records(files.record):
        yield f"record.json: {name}", check(data, trust, known={digest(files.record)})
    for name, data in _same_words(files.record):
        yield f"record.json: {name}, even when its digest is vouched for", check(data, trust, known={digest(data)})
    yield "none: Markdown by the envelope", check(files.words, trust, beside=Beside(envelope=files.envelope))
    for name, data in _words(files.words):
        yield f"Markdown: {name}", check(data, trust, beside=Beside(envelope=files.envelope))
    yield "none: the envelope", check(files.envelope, trust)
    for name, data in _envelopes(files.envelope, seal, stranger):
        yield f"envelope: {name}", check(data, trust)
    yield "none: record.json by the SSH signature", check(files.record, trust, beside=Beside(signature=files.signature))
    for name, data in _signatures(files, seal, stranger):
        yield f"SSH signature: {name}", check(files.record, trust, beside=Beside(signature=data))
    yield "none: the addendum", check(files.addendum, trust)
    for name, data in _addenda(files.addendum, stranger):
        yield f"addendum: {name}", check(data, trust)


def _records(record: bytes) -> Iterator[tuple[str, bytes]]:
    flipped = json.loads(record)
    flipped["about"]["status"] = "accepted"
    yield "status flipped, digest recomputed", canonical(flipped)
    yield "status flipped, a key more", canonical(flipped | {"title": "x"})


def _same_words(record: bytes) -> Iterator[tuple[str, bytes]]:
    yield "a key twice", read_twice()
    yield "a letter written as \\u0061", record.replace(b'"about"', b'"\\u0061bout"', 1)
    yield "a byte order mark before it", b"\xef\xbb\xbf" + record
    yield "an empty line behind it", record + b"\n"
    yield "a number as 1.0", record.replace(b'"pods":412', b'"pods":412.0', 1)


def _words(words: bytes) -> Iterator[tuple[str, bytes]]:
    yield "lines ending in CR LF", words.replace(b"\n", b"\r\n")
    yield "a byte order mark before it", b"\xef\xbb\xbf" + words
    yield "status in the front matter flipped", words.replace(b"proposed", b"accepted", 1)
    yield "a second line that names a record", words.replace(b"\n", b'\nrecord-sha256: "' + b"0" * 64 + b'"\n', 1)
    yield "a blank at the end of a line", words.replace(b"\n\n", b" \n\n", 1)


def _envelopes(sealed: bytes, seal: Seal, stranger: Seal) -> Iterator[tuple[str, bytes]]:
    def other(change: Callable[[dict[str, Any]], object]) -> bytes:
        document = json.loads(sealed)
        change(document)
        return canonical(document)

    theirs = json.loads(envelope.make({"record.json": "0" * 64}, {}, stranger))
    ours: Mapping[str, Any] = json.loads(sealed)
    kind, payload = ours["payloadType"], base64.b64decode(ours["payload"])
    yield "a second signature, by a stranger", other(lambda one: one["signatures"].extend(theirs["signatures"]))
    yield "the same signature twice", other(lambda one: one["signatures"].extend(one["signatures"][:]))
    yield "no signature", other(lambda one: one.update(signatures=[]))
    yield "another payload type", other(lambda one: one.update(payloadType="application/json"))
    # The signed bytes are "DSSEv1 LENGTH TYPE LENGTH PAYLOAD": the boundary between the two is moved.
    longer, rest = f"{kind} {len(payload)} {payload[:20].decode()}", base64.b64encode(payload[20:]).decode()
    yield "the boundary of type and payload moved", other(lambda one: one.update(payloadType=longer, payload=rest))
    yield (
        "a stranger's, under our key's name",
        canonical({**theirs, "signatures": [{**theirs["signatures"][0], "keyid": ours["signatures"][0]["keyid"]}]}),
    )
    yield (
        "base64 for addresses, as RFC 4648 has it too",
        other(lambda one: one.update(payload=base64.urlsafe_b64encode(payload).decode().rstrip("="))),
    )
    yield "a member more", other(lambda one: one.update(note="x"))
    yield (
        "the signature of the PDF's own kind, by our key over another text",
        canonical(
            {
                **ours,
                "signatures": [{**ours["signatures"][0], "sig": base64.b64encode(seal.key.sign(payload)).decode()}],
            }
        ),
    )


def _signatures(files: Files, seal: Seal, stranger: Seal) -> Iterator[tuple[str, bytes]]:
    def made(message: bytes, namespace: str) -> bytes:
        kept, sshsig.NAMESPACE = sshsig.NAMESPACE, namespace
        try:
            return sshsig.make(message, seal.key.public_key, seal.key.sign).encode()
        finally:
            sshsig.NAMESPACE = kept

    yield "for another purpose (namespace)", made(files.record, "git")
    yield "over another file", made(files.words, sshsig.NAMESPACE)
    yield "by a stranger", envelope.ssh_signature(files.record, stranger).encode()
    yield "two of them", files.signature + files.signature
    flipped = bytearray(base64.b64decode("".join(files.signature.decode().splitlines()[1:-1])))
    flipped[-1] ^= 1
    lines = base64.b64encode(bytes(flipped)).decode()
    yield "its last bit changed", f"{sshsig.BEGIN}\n{lines}\n{sshsig.END}\n".encode()


def _addenda(addendum: bytes, stranger: Seal) -> Iterator[tuple[str, bytes]]:
    yield "the number of the decision changed", addendum.replace(b"DR-0042", b"DR-0043")
    yield "by a stranger", seal_addendum(canonical({"schema": OUTCOME, "about": {}, "judgement": {}}), stranger)
    yield "a byte behind it", addendum + b"\0"
