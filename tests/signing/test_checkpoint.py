"""Checkpoints as others read them, and what is refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from decisions.signing.checkpoint import Checkpoint, CheckpointError, key_text, read, sign, verify_note

# The example of the signed-note package of Go (golang.org/x/mod/sumdb/note).
KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNATURE = (
    "\N{EM DASH} PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

MINE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NAME = "example.org/log"
POINT = Checkpoint(origin=NAME, size=20852163, root=bytes(range(32)))


def test_a_published_note_holds() -> None:
    verify_note(TEXT, SIGNATURE, KEY)
    with pytest.raises(CheckpointError, match="not signed by PeterNeumann"):
        verify_note(TEXT.replace("answer", "question"), SIGNATURE, KEY)


def test_a_checkpoint_has_the_published_form_and_comes_back() -> None:
    note = sign(POINT, MINE)
    lines = note.split("\n")
    assert lines[:4] == [NAME, "20852163", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", ""]
    assert lines[4].startswith("\N{EM DASH} example.org/log ")
    assert lines[5:] == [""]
    assert read(note, key_text(NAME, MINE.public_key())) == POINT


def test_signatures_of_witnesses_do_not_disturb() -> None:
    note = sign(POINT, MINE) + "\N{EM DASH} witness.example/w AAAAAAAA\n"
    assert read(note, key_text(NAME, MINE.public_key())) == POINT


@pytest.mark.parametrize(
    ("old", "new"),
    [("20852163", "20852164"), ("AAEC", "AAED"), ("example.org/log\n", "example.org/lag\n"), ("\n\n", "\n")],
)
def test_a_changed_checkpoint_is_refused(old: str, new: str) -> None:
    note = sign(POINT, MINE).replace(old, new, 1)
    with pytest.raises(CheckpointError):
        read(note, key_text(NAME, MINE.public_key()))


def test_another_key_is_refused() -> None:
    other = Ed25519PrivateKey.generate().public_key()
    with pytest.raises(CheckpointError, match=r"not signed by example\.org/log"):
        read(sign(POINT, MINE), key_text(NAME, other))


@pytest.mark.parametrize("text", ["", "name", "name+00000000+AAAA", KEY.replace("c74f", "c74e"), "n+x+!!"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(CheckpointError):
        read(sign(POINT, MINE), text)
