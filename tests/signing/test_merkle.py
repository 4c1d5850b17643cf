"""The tree of the log, held against published values and against the definition in RFC 9162, written out plainly."""

import hashlib
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.signing import merkle
from decisions.signing.merkle import Place

# Leaves and roots of the reference implementation of Certificate Transparency (merkle_tree_test.cc).
LEAVES = [bytes.fromhex(one) for one in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


class Tree:
    """A tree in memory."""

    def __init__(self, entries: Iterable[bytes]) -> None:
        self.kept: dict[Place, bytes] = {}
        self.size = 0
        for entry in entries:
            self.kept |= merkle.appended(self.nodes, self.size, merkle.leaf_hash(entry))
            self.size += 1

    def nodes(self, places: Iterable[Place]) -> Mapping[Place, bytes]:
        return {place: self.kept[place] for place in places}


def defined_root(entries: list[bytes]) -> bytes:
    """MTH of RFC 9162, section 2.1.1, word by word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = max(2**n for n in range(len(entries)) if 2**n < len(entries))
    return hashlib.sha256(b"\x01" + defined_root(entries[:k]) + defined_root(entries[k:])).digest()


@pytest.mark.parametrize("size", range(1, 9))
def test_roots_are_the_published_ones(size: int) -> None:
    assert merkle.root(Tree(LEAVES[:size]).nodes, size).hex() == ROOTS[size - 1]
    assert merkle.root(Tree(LEAVES).nodes, size).hex() == ROOTS[size - 1]


def test_a_proof_is_the_published_one() -> None:
    proof = merkle.inclusion(Tree(LEAVES).nodes, 5, 8)
    assert [one.hex() for one in proof] == [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@given(st.integers(0, 70), st.data())
def test_every_proof_holds_and_no_other_does(size: int, data: st.DataObject) -> None:
    entries = [f"entry {n}".encode() for n in range(size)]
    tree = Tree(entries)
    root = merkle.root(tree.nodes, size)
    assert root == defined_root(entries)
    old = data.draw(st.integers(0, size))
    old_root = defined_root(entries[:old])
    proof = merkle.consistency(tree.nodes, old, size)
    assert merkle.verify_consistency(old, size, old_root, root, proof)
    if old:
        assert not merkle.verify_consistency(old, size, hashlib.sha256(b"other").digest(), root, proof)
        index = data.draw(st.integers(0, old - 1))
        way = merkle.inclusion(tree.nodes, index, old)
        leaf = merkle.leaf_hash(entries[index])
        assert merkle.verify_inclusion(leaf, index, old, way, old_root)
        assert not merkle.verify_inclusion(merkle.leaf_hash(b"other"), index, old, way, old_root)
        assert not merkle.verify_inclusion(leaf, index, old, [*way, leaf], old_root)
        assert not merkle.verify_inclusion(leaf, old, old, way, old_root)
        if way:
            assert not merkle.verify_inclusion(leaf, index, old, way[:-1], old_root)
            assert not merkle.verify_inclusion(leaf, (index + 1) % old, old, way, old_root)


def test_nobody_proves_what_is_not_there() -> None:
    tree = Tree(LEAVES)
    with pytest.raises(ValueError, match="leaf 8 is not among the first 8"):
        merkle.inclusion(tree.nodes, 8, 8)
    with pytest.raises(ValueError, match="a tree of 3 leaves does not begin with one of 4"):
        merkle.consistency(tree.nodes, 4, 3)
