"""What a file carries to prove that the log knows it: log.json, checked without the log."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from decisions.signing.checkpoint import Checkpoint, CheckpointError, read
from decisions.signing.merkle import leaf_hash, verify_inclusion

SCHEMA = "meshadvisor-log-proof/1"


class ProofError(ValueError):
    """The proof does not hold, or is none; the text says why."""


@dataclass(frozen=True, kw_only=True)
class Included:
    """What a proof has shown: this entry is number `index` of the log that `checkpoint` speaks of."""

    entry: Mapping[str, Any]
    index: int
    checkpoint: Checkpoint
    key: str


def proof_document(entry: bytes, index: int, proof: Sequence[bytes], note: str, key: str) -> dict[str, object]:
    """The content of log.json. `entry` are the bytes of the log entry, `note` a signed checkpoint behind it."""
    return {
        "schema": SCHEMA,
        "entry": entry.decode(),
        "index": index,
        "proof": [base64.b64encode(one).decode() for one in proof],
        "checkpoint": note,
        "key": key,
    }


def check_proof(data: bytes, trusted_key: str | None = None) -> Included:
    """What log.json shows. Raises ProofError when it shows nothing.

    Without `trusted_key` the key in the document is used: then whoever vouches for the file (its seal) vouches for it.
    """
    try:
        document = json.loads(data)
        if document["schema"] != SCHEMA:
            message = f"the proof has the schema {document['schema']!r}, which this version cannot read"
            raise ProofError(message)
        entry, index, key = document["entry"].encode(), document["index"], trusted_key or document["key"]
        proof = [base64.b64decode(one, validate=True) for one in document["proof"]]
        checkpoint = read(document["checkpoint"], key)
        content = json.loads(entry)
    except ProofError:
        raise
    except CheckpointError as error:
        raise ProofError(str(error)) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = "the proof of the log cannot be read"
        raise ProofError(message) from error
    if not isinstance(index, int) or not isinstance(content, dict):
        message = "the proof of the log cannot be read"
        raise ProofError(message)
    if not verify_inclusion(leaf_hash(entry), index, checkpoint.size, proof, checkpoint.root):
        message = f"the proof does not lead from entry {index} to the root of the checkpoint"
        raise ProofError(message)
    return Included(entry=content, index=index, checkpoint=checkpoint, key=key)
