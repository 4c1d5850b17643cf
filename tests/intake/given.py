"""Readings of content that a test writes itself."""

import json

from decisions.intake import Cluster, LoadTest, Reading, read

Content = bytes | str | dict[str, object] | list[object]


def reading(content: Content, name: str = "file") -> Reading:
    """The one reading of a text, of bytes, or of a document written as JSON."""
    if isinstance(content, str):
        content = content.encode()
    elif not isinstance(content, bytes):
        content = json.dumps(content).encode()
    (one,) = read(content, name)
    return one


def figures(content: Content) -> LoadTest:
    """The load-test figures of a reading that has some."""
    found = reading(content)
    assert found.loadtest is not None, found.advice
    return found.loadtest


def cluster(content: Content) -> Cluster:
    """The cluster figures of a reading that has some."""
    found = reading(content)
    assert found.cluster is not None, found.advice
    return found.cluster


def refusal(content: Content) -> str:
    """The advice of a content that is refused."""
    found = reading(content)
    assert found.kind == "refused", found.recognised
    assert found.advice
    return found.advice
