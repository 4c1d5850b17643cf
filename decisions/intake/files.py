"""From files to readings: tries the formats in order, and joins cluster files that belong together."""

import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from decisions.intake import (
    ab,
    archive,
    autocannon,
    clusterfile,
    clusters,
    fortio,
    gatling,
    ghz,
    h2load,
    helm,
    hey,
    istioctl,
    jmeter,
    jmeter_xml,
    k6,
    k6_console,
    k6_points,
    kubectl,
    kubectl_text,
    linkerd,
    loadtest_npm,
    locust,
    nighthawk,
    oha,
    prometheus,
    refusals,
    siege,
    vegeta,
    vegeta_records,
    wrk,
)
from decisions.intake.inventory import joined
from decisions.intake.reading import Kind, Reading, Unreadable
from decisions.intake.source import Content, Source, Watch, fingerprint

Parser = Callable[[Source], Reading | None]

# In the order of detection: a parser answers None when the content is not its own.
PARSERS: tuple[Parser, ...] = (
    # Raw bytes, XML, lists that are read as a stream, and JSON lines: the beginning tells them apart.
    vegeta_records.read_binary,
    jmeter_xml.read,
    kubectl.read,
    prometheus.read,
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
    h2load.read_json,
    kubectl_text.read_version,
    helm.read,
    istioctl.read_json,
    linkerd.read,
    # Tables with a header or a known first line.
    locust.read,
    jmeter.read,
    k6_points.read_csv,
    hey.read_csv,
    oha.read_csv,
    ab.read_percentiles,
    ab.read_times,
    vegeta_records.read_csv,
    h2load.read_log,
    gatling.read_log,
    gatling.read_script,
    # Console text.
    wrk.read,
    oha.read_text,
    ghz.read_text,
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
    kubectl_text.read_top,
    kubectl_text.read_yaml,
    helm.read_text,
    istioctl.read,
    linkerd.read_text,
    # What is known and cannot be used comes last, so that a report with a log around it is still read.
    refusals.read,
)
_EXPECTED = (
    "Expected the report of a load-test tool (k6, fortio, vegeta, oha, ghz, Locust, JMeter, autocannon, hey, wrk, "
    "wrk2, ab, h2load, siege, Gatling, nighthawk), the output of kubectl get ... -o json, or an answer of the "
    "Prometheus API."
)


def read(content: Content, name: str, watch: Watch | None = None) -> tuple[Reading, ...]:
    """What the file gave; never empty and never an exception: what cannot be read is a refused reading with advice.

    `content` is the bytes or a seekable binary file, which is only read; `name` is kept for people and decides nothing;
    `watch` is told the share that is read, and may end the reading by raising.
    An archive gives one reading of all its cluster files and one for each load test in it.
    """
    try:
        source = Source(content, name, watch)
    except Unreadable as error:
        size, sha256 = fingerprint(io.BytesIO(content) if isinstance(content, bytes) else content)
        return (_refused(name, str(error), sha256, size),)
    try:
        return _unpacked(source) if archive.holds_members(source) else (_parsed(source),)
    except Unreadable as error:
        return (_refused(name, str(error), source.sha256, source.size),)


def _parsed(source: Source) -> Reading:
    for parser in PARSERS:
        found = parser(source)
        if found is not None:
            return found
    raise Unreadable(f"The content was not recognised. {_EXPECTED}")


def _unpacked(source: Source) -> tuple[Reading, ...]:
    """What an archive's files gave; those that are no measurement are counted and passed over."""
    found: list[Reading] = []
    passed_over = 0
    for path, content in archive.members(source):
        try:
            found.append(_parsed(Source(content, f"{source.name}: {path}")))
        except Unreadable:
            passed_over += 1
    if not found:
        raise Unreadable(f"The archive holds no measurement. {_EXPECTED}")
    parts = [one for one in found if one.kind is Kind.CLUSTER]
    others = tuple(one for one in found if one.kind is not Kind.CLUSTER)
    if not parts:
        return others
    inventory = joined(part.inventory for part in parts if part.inventory is not None)
    return (clusterfile.bundle(source, parts, inventory, passed_over), *others)


def _refused(name: str, advice: str, sha256: str, size: int) -> Reading:
    return Reading(file=name, kind=Kind.REFUSED, sha256=sha256, size=size, recognised="Not read.", advice=advice)


def read_together(
    files: Sequence[tuple[str, Content]], watch: Callable[[int, float], None] | None = None
) -> tuple[Reading, ...]:
    """A reading a file, in order; before them, one of all the files of a cluster where it has two or more.

    `watch` is told which file is being read, by its place, and the share of it that is read; it may end the reading.
    """
    readings: list[Reading] = []
    for place, (name, content) in enumerate(files):
        readings += read(content, name, partial(watch, place) if watch else None)
    return join(readings)


def join(readings: Sequence[Reading]) -> tuple[Reading, ...]:
    """The readings, and before them one for each cluster that two or more are of: its objects count once.

    Files of several clusters are warned of, and so is a file of which nobody can say which cluster it is of.
    """
    parts = [(one, one.inventory) for one in readings if one.kind is Kind.CLUSTER and one.inventory is not None]
    groups = clusters.apart([inventory for _, inventory in parts])
    listed = sum(any(parts[place][1].nodes for place in group) for group in groups)
    joint: list[Reading] = []
    alone: dict[int, Reading] = {}
    for group in groups:
        members = [parts[place] for place in group]
        one = members[0][0]
        if len(members) > 1:
            one = clusterfile.together([part for part, _ in members], joined(held for _, held in members))
        if listed > 1:
            is_known = any(held.nodes for _, held in members)
            one = replace(one, warnings=(clusters.caution(listed) if is_known else clusters.UNCLEAR, *one.warnings))
        if len(members) > 1:
            joint.append(one)
        else:
            alone[id(members[0][0])] = one
    return (*joint, *(alone.get(id(one), one) for one in readings))
