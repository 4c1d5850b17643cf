"""A Merkle tree over an append-only list, as RFC 9162 (section 2.1) has it: roots, proofs, and their verification.

Only the hashes of perfect subtrees are kept, named by level (0: leaves) and index. `Nodes` fetches some of them;
nothing here knows where they are kept. Proofs are lists of hashes, in the order of the RFC.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence

Place = tuple[int, int]
"""Level and index of a perfect subtree: (0, 5) is leaf 5, (2, 1) the tree over the leaves 4 to 7."""
Nodes = Callable[[Iterable[Place]], Mapping[Place, bytes]]
Span = tuple[int, int]
"""First leaf, and the one behind the last."""

EMPTY = hashlib.sha256().digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def appended(nodes: Nodes, size: int, leaf: bytes) -> dict[Place, bytes]:
    """The nodes that come into being when `leaf` (a leaf hash) is put behind `size` leaves."""
    lefts = []
    level, index = 0, size
    while index % 2:
        lefts.append((level, index - 1))
        level, index = level + 1, index // 2
    known = nodes(lefts) if lefts else {}
    made = {(0, size): leaf}
    tip = leaf
    for level, index in lefts:
        tip = node_hash(known[level, index], tip)
        made[level + 1, index // 2] = tip
    return made


def root(nodes: Nodes, size: int) -> bytes:
    """The root over the first `size` leaves."""
    return _hashes(nodes, [(0, size)])[0]


def inclusion(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """The proof that leaf `index` is among the first `size`. Raises ValueError when it is not."""
    if not 0 <= index < size:
        message = f"leaf {index} is not among the first {size}"
        raise ValueError(message)
    return _hashes(nodes, _path(index, 0, size))


def consistency(nodes: Nodes, old: int, new: int) -> list[bytes]:
    """The proof that the tree over `new` leaves begins with the tree over `old`. Raises ValueError when it cannot."""
    if not 0 <= old <= new:
        message = f"a tree of {new} leaves does not begin with one of {old}"
        raise ValueError(message)
    if old in {0, new}:
        return []
    return _hashes(nodes, _subproof(old, 0, new, whole=True))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that `leaf` is number `index` in the tree of `size` leaves with this root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    first, last, result = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            result = node_hash(step, result)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            result = node_hash(result, step)
        first, last = first >> 1, last >> 1
    return last == 0 and result == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `new` leaves begins with the one of `old` (2.1.4.2)."""
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY
    if not 0 < old < new or not proof:
        return False
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    first, last = old - 1, new - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old_side = new_side = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old_side, new_side = node_hash(step, old_side), node_hash(step, new_side)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            new_side = node_hash(new_side, step)
        first, last = first >> 1, last >> 1
    return last == 0 and old_side == old_root and new_side == new_root


def _path(index: int, low: int, high: int) -> list[Span]:
    if high - low == 1:
        return []
    middle = low + _left(high - low)
    if index < middle:
        return [*_path(index, low, middle), (middle, high)]
    return [*_path(index, middle, high), (low, middle)]


def _subproof(old: int, low: int, high: int, *, whole: bool) -> list[Span]:
    if old == high - low:
        return [] if whole else [(low, high)]
    middle = low + _left(high - low)
    if old <= middle - low:
        return [*_subproof(old, low, middle, whole=whole), (middle, high)]
    return [*_subproof(old - (middle - low), middle, high, whole=False), (low, middle)]


def _left(size: int) -> int:
    """The number of leaves left of the root: the largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _hashes(nodes: Nodes, spans: Sequence[Span]) -> list[bytes]:
    parts = [_parts(*span) for span in spans]
    known = nodes({place for one in parts for place in one})
    return [_fold([known[place] for place in one]) for one in parts]


def _parts(low: int, high: int) -> list[Place]:
    """The perfect subtrees over a span, the largest (leftmost) first."""
    parts = []
    while low < high:
        size = 1 << (high - low).bit_length() - 1
        parts.append((size.bit_length() - 1, low // size))
        low += size
    return parts


def _fold(hashes: list[bytes]) -> bytes:
    if not hashes:
        return EMPTY
    result = hashes[-1]
    for left in reversed(hashes[:-1]):
        result = node_hash(left, result)
    return result
