"""From files to readings: tries the formats in order, and joins cluster files that belong together."""

import io
from collections.abc import Callable, Sequence

from decisions.intake import (
    ab,
    autocannon,
    clusterfile,
    fortio,
    gatling,
    ghz,
    h2load,
    hey,
    jmeter,
    jmeter_xml,
    k6,
    k6_console,
    k6_points,
    kubectl,
    loadtest_npm,
    locust,
    nighthawk,
    oha,
    siege,
    vegeta,
    vegeta_records,
    wrk,
)
from decisions.intake.inventory import joined
from decisions.intake.reading import Kind, Reading, Unreadable
from decisions.intake.source import Content, Source, fingerprint

Parser = Callable[[Source], Reading | None]

# In the order of detection: a parser answers None when the content is not its own.
PARSERS: tuple[Parser, ...] = (
    # Raw bytes, then XML and JSON lines: telling them apart needs the first line only.
    vegeta_records.read_binary,
    jmeter_xml.read,
    kubectl.read,
    k6_points.read_lines,
    vegeta_records.read_lines,
    # One JSON document.
    fortio.read,
    k6.read,
    vegeta.read,
    oha.read,
    ghz.read,
    autocannon.read,
    nighthawk.read,
    gatling.read,
    jmeter.read_statistics,
    locust.read_json,
    siege.read,
    # Tables with a header or a known first line.
    locust.read,
    jmeter.read,
    k6_points.read_csv,
    hey.read_csv,
    ab.read_percentiles,
    ab.read_times,
    vegeta_records.read_csv,
    gatling.read_log,
    gatling.read_script,
    # Console text.
    wrk.read,
    oha.read_text,
    hey.read,
    ab.read,
    h2load.read,
    vegeta.read_text,
    vegeta.read_histogram,
    vegeta.read_plot,
    fortio.read_log,
    nighthawk.read_text,
    nighthawk.read_yaml,
    siege.read_text,
    loadtest_npm.read,
    k6_console.read,
)
_EXPECTED = (
    "Expected the report of a load-test tool (k6, fortio, vegeta, oha, ghz, Locust, JMeter, autocannon, hey, wrk, "
    "wrk2, ab, h2load, siege, Gatling, nighthawk), the output of kubectl get ... -o json, or an answer of the "
    "Prometheus API."
)


def read(content: Content, name: str) -> tuple[Reading, ...]:
    """What the file gave; never empty and never an exception: what cannot be read is a refused reading with advice.

    `content` is the bytes or a seekable binary file, which is only read; `name` is kept for people and decides nothing.
    """
    return (_one(content, name),)


def _one(content: Content, name: str) -> Reading:
    try:
        source = Source(content, name)
    except Unreadable as error:
        size, sha256 = fingerprint(io.BytesIO(content) if isinstance(content, bytes) else content)
        return _refused(name, str(error), sha256, size)
    try:
        for parser in PARSERS:
            found = parser(source)
            if found is not None:
                return found
    except Unreadable as error:
        return _refused(name, str(error), source.sha256, source.size)
    return _refused(name, f"The content was not recognised. {_EXPECTED}", source.sha256, source.size)


def _refused(name: str, advice: str, sha256: str, size: int) -> Reading:
    return Reading(file=name, kind=Kind.REFUSED, sha256=sha256, size=size, recognised="Not read.", advice=advice)


def read_together(files: Sequence[tuple[str, Content]]) -> tuple[Reading, ...]:
    """A reading a file, in order; before them, when two or more are of a cluster, one of all these together."""
    readings = tuple(reading for name, content in files for reading in read(content, name))
    together = join(readings)
    return readings if together is None else (together, *readings)


def join(readings: Sequence[Reading]) -> Reading | None:
    """One reading of all cluster files among `readings`, or None when fewer than two are: objects count once."""
    parts = [reading for reading in readings if reading.kind is Kind.CLUSTER and reading.inventory is not None]
    if len(parts) < 2:
        return None
    return clusterfile.together(parts, joined(part.inventory for part in parts if part.inventory is not None))
