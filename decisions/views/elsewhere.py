"""Files that seem to be of another cluster than the answers of a draft are."""

from collections.abc import Mapping, Sequence
from typing import Any

from decisions.advisor.clouds import service
from decisions.advisor.questions import FIELDS
from decisions.drafting import plain
from decisions.forms import in_words
from decisions.intake import Kind
from decisions.views.offers import is_part

FAR = 3
"""Planning value: a cluster scales within a day or two, rarely to three times its size."""
SIZES = ("baseline.nodes", "baseline.pods")
PLATFORM = ("baseline.kubernetes_version", "baseline.distribution", "baseline.cni")
Difference = tuple[str, str, str]
"""What it is about, what is answered and what was read, in words."""


def other_clusters(document: Mapping[str, Any], kept: Sequence[Mapping[str, Any]]) -> dict[str, tuple[Difference, ...]]:
    """How far readings of clusters are from the answers, by their keys, where they can hardly be of one cluster."""
    lists = {
        str(number): {path: value for path, (value, _source) in one["answers"].items()}
        for number, one in enumerate(kept)
        if one["kind"] == Kind.CLUSTER and not is_part(kept, one)
    }
    return {
        key: found for key, said in lists.items() if (found := (*_provider(document, said), *_sizes(document, said)))
    }


def _provider(document: Mapping[str, Any], said: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Whose Kubernetes it is, where both sides say so: GKE is never EKS."""
    answered, read = (service(*(str(value or "") for value in side)) for side in _platforms(document, said))
    if not answered or not read or answered == read:
        return ()
    ours, theirs = (name.upper() if name.islower() else name for name in (answered, read))
    return ((FIELDS["baseline.distribution"].label, ours, theirs),)


def _platforms(document: Mapping[str, Any], said: Mapping[str, Any]) -> tuple[list[Any], list[Any]]:
    return [plain(document, path) for path in PLATFORM], [said.get(path) for path in PLATFORM]


def _sizes(document: Mapping[str, Any], said: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Counts far apart; not where the answers are totals over several clusters and the file lists one of them."""
    clusters = plain(document, "baseline.clusters")
    if isinstance(clusters, int) and clusters > 1:
        return ()
    found = []
    for path in SIZES:
        answered, read = plain(document, path), said.get(path)
        if isinstance(answered, int) and isinstance(read, int) and max(answered, read) > FAR * min(answered, read):
            found.append((FIELDS[path].label, in_words(path, answered), in_words(path, read)))
    return tuple(found)
