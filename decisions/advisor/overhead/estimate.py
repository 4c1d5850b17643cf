"""estimate(): what one product adds to one estate."""

from functools import cache

from decisions.advisor.case import Case
from decisions.advisor.overhead import estate as estates
from decisions.advisor.overhead import path
from decisions.advisor.overhead.coefficients import Part, Table, load
from decisions.advisor.overhead.composition import warnings
from decisions.advisor.overhead.estate import Estate
from decisions.advisor.quantities import ZERO, Range
from decisions.advisor.reckoning import LIKELY, RANGES, A, Reckoning
from decisions.advisor.recommendation import CallPath, Overhead, Source

# The rates a proxy was measured at; outside of them the power law is not continued.
_QUIET_RPS, _BUSY_RPS = 100.0, 1000.0
_MEASURED_KIB = 1.0


def estimate(
    product_id: str, case: Case, *, namespaces_in_scope: int | None = None, waypoints: int | None = None
) -> Overhead:
    """What a product adds on top of an empty network, as totals over all clusters.

    CPU at the peak rate in vCPU, memory in GiB, and the milliseconds added to the median and the 99th percentile of
    the critical path (baseline.sequential_calls calls one after the other). An unknown product raises OverheadError.
    """
    estate = estates.read(case, load().assume, namespaces_in_scope=namespaces_in_scope, waypoints=waypoints)
    return added_to(estate, product_id)


def depends_on(case: Case) -> tuple[object, ...]:
    """Everything of a case that an estimate depends on, as a key, the namespaces in scope aside."""
    switched = estates.wanted_of(case)
    return (*estates.inputs(case), switched & switching(), estates.reads_requests(switched))


@cache
def switching() -> frozenset[str]:
    """The requirements for which a product puts further parts into the path."""
    return frozenset(one for wanted in load().added_for.values() for one in wanted)


def added_to(estate: Estate[Range], product_id: str) -> Overhead:
    """What a product adds to an estate; see `estimate`."""
    table = load()
    parts = _parts(product_id, estate)
    if not parts:
        nothing = "nothing is put into the path; what libraries cost is part of the application"
        return Overhead(
            cpu_vcpu=ZERO,
            memory_gib=ZERO,
            p99_ms=ZERO,
            p50_ms=ZERO,
            basis=f"{estate.basis}: {nothing}",
            assumed=estate.assumed_sizes,
        )
    p50, p99, band = _latency(parts, estate, table)
    return Overhead(
        cpu_vcpu=cpu_added(estate, product_id, RANGES),
        memory_gib=memory_added(estate, product_id, RANGES),
        p50_ms=p50,
        p99_ms=p99,
        path=band,
        basis=estate.basis,
        assumed=estate.assumed + _caveats(parts, estate),
        sources=_sources(parts, table),
    )


def cpu_added(estate: Estate[A], product_id: str, reckoning: Reckoning[A]) -> A:
    """vCPU at the peak rate."""
    table = load()
    return reckoning.total(_cpu(part, estate, table, reckoning) for part in _parts(product_id, estate))


def memory_added(estate: Estate[A], product_id: str, reckoning: Reckoning[A]) -> A:
    """GiB."""
    return reckoning.total(_memory(part, estate, reckoning) for part in _parts(product_id, estate))


def p99_likely(estate: Estate[float], product_id: str) -> float:
    """The milliseconds likely added to the 99th percentile of the critical path: the middle of `added_to`'s range."""
    table, calls = load(), round(estate.calls)
    crossed = _crossed(_parts(product_id, estate), estate, LIKELY)
    if not crossed or calls <= 0:
        return 0.0
    size = table.shape["ms_per_kib"].value.likely * max(0.0, estate.payload_bytes / 1024.0 - _MEASURED_KIB)
    before = path.measured(estate.path_p50_ms, estate.path_p99_ms)
    return path.added(_taxes(crossed, "likely", size), calls, before).independent_p99


def _parts(product_id: str, estate: Estate[A]) -> tuple[Part, ...]:
    """The parts of a product; the requirements are looked at only where they switch one on."""
    table = load()
    return table.parts(product_id, estate.wanted if product_id in table.added_for else ())


def _copies(part: Part, estate: Estate[A], reckoning: Reckoning[A]) -> A:
    match part.per:
        case "pod":
            return estate.pods
        case "node":
            return estate.nodes
        case "waypoint":
            return estate.waypoints
        case _:
            return reckoning.exactly(estate.clusters)


def _between_nodes(nodes: float, clusters: float) -> float:
    """Share of the calls that leave their node when pods are spread evenly over a cluster."""
    return 1.0 - 1.0 / max(1.0, nodes / clusters)


def _carried(part: Part, estate: Estate[A], table: Table, reckoning: Reckoning[A]) -> A:
    """Calls a second whose cost falls on this part, as equivalents of calls it handles in full."""
    if part.layer == 3:
        return reckoning.times(estate.all_rps, _between_nodes(reckoning.likely(estate.nodes), estate.clusters))
    if part.layer == 4:
        return reckoning.times(estate.peak_rps, estate.parsed + estate.unparsed)
    if part.only_layer_7_rules and not estate.wants_layer_7:
        return reckoning.unlikely(estate.peak_rps, 0.1)
    cheap = reckoning.of(table.shape["unparsed_share"].value)
    shares = reckoning.total((reckoning.exactly(estate.parsed), reckoning.times(cheap, estate.unparsed)))
    return reckoning.product(estate.peak_rps, shares)


def _cpu(part: Part, estate: Estate[A], table: Table, reckoning: Reckoning[A]) -> A:
    of, product, times = reckoning.of, reckoning.product, reckoning.times
    copies = _copies(part, estate, reckoning)
    idle = product(of(part.figure("idle_vcpu")), copies)
    if not part.crossings:
        return idle
    calls = _carried(part, estate, table, reckoning)
    thousand_calls = times(calls, 1.0 / 1000.0)
    by_call = of(part.figure("cpu_per_1000"))
    if part.layer == 3:
        gbit = product(calls, times(estate.payload_bytes, 8.0e-9))
        return reckoning.total((product(by_call, thousand_calls), product(of(part.figure("vcpu_per_gbit")), gbit)))
    further = reckoning.less(times(estate.payload_bytes, 1.0 / 1024.0), _MEASURED_KIB)
    quietness = _quietness(part, copies, calls, table, reckoning)
    by_size = product(of(table.shape["cpu_per_1000_and_kib"].value), further, thousand_calls)
    return reckoning.total((idle, product(by_call, quietness, thousand_calls), by_size))


def _quietness(part: Part, copies: A, calls: A, table: Table, reckoning: Reckoning[A]) -> A:
    """How much dearer a call is in a proxy that is mostly idle, as a factor >= 1."""
    there, called = reckoning.likely(copies), reckoning.likely(calls)
    if not there or not called:
        return reckoning.exactly(1.0)
    rate = min(max(called * part.crossings / there, _QUIET_RPS), _BUSY_RPS)
    return reckoning.power(_BUSY_RPS / rate, reckoning.of(table.shape["rate_exponent"].value))


def _memory(part: Part, estate: Estate[A], reckoning: Reckoning[A]) -> A:
    of, product, times, total = reckoning.of, reckoning.product, reckoning.times, reckoning.total
    by_service = product(of(part.figure("memory_kib_per_service")), estate.services)
    by_pod = product(of(part.figure("memory_kib_per_pod")), estate.pods)
    known_mib = times(total((by_service, by_pod)), 1.0 / estate.clusters / 1024.0)
    each = total((of(part.figure("memory_mib")), known_mib))
    return times(product(each, _copies(part, estate, reckoning)), 1.0 / 1024.0)


def _latency(parts: tuple[Part, ...], estate: Estate[Range], table: Table) -> tuple[Range, Range, CallPath | None]:
    """(p50, p99) that are added to the critical path, and the band they come from."""
    crossed = _crossed(parts, estate, RANGES)
    few, calls, many = (round(end) for end in (estate.calls.low, estate.calls.likely, estate.calls.high))
    if not crossed or many <= 0:
        return ZERO, ZERO, None
    size, before = _further_ms(estate, table), path.measured(estate.path_p50_ms, estate.path_p99_ms)
    low, likely, high = (_taxes(crossed, end, getattr(size, end)) for end in ("low", "likely", "high"))
    found = path.added(likely, calls, before)
    by_calls = (path.added(likely, few, before), path.added(likely, many, before))
    p50, p99 = path.ranges(path.added(low, calls, before), found, path.added(high, calls, before), by_calls)
    return p50, p99, _band(found, calls, estate, taxes=likely, before=before)


def _further_ms(estate: Estate[Range], table: Table) -> Range:
    """Milliseconds a call takes longer for what it carries beyond the measured size."""
    per_kib, size = table.shape["ms_per_kib"].value, estate.payload_bytes
    low, likely, high = (max(0.0, end / 1024.0 - _MEASURED_KIB) for end in (size.low, size.likely, size.high))
    return Range(low=per_kib.low * low, likely=per_kib.likely * likely, high=per_kib.high * high)


def _taxes(parts: list[Part], end: str, size: float) -> tuple[path.Quantiles, ...]:
    """Median and p99 of the tax of each part that a call crosses, at one end of its range."""
    return tuple(
        (getattr(part.figure("p50_ms"), end) + size, getattr(part.figure("p99_ms"), end) + size) for part in parts
    )


def _band(
    found: path.Added,
    calls: int,
    estate: Estate[Range],
    *,
    taxes: tuple[path.Quantiles, ...],
    before: path.Quantiles | None,
) -> CallPath:
    return CallPath(
        calls=calls,
        independent_p50_ms=found.independent_p50,
        independent_p99_ms=found.independent_p99,
        together_p50_ms=found.together_p50,
        together_p99_ms=found.together_p99,
        check_p99_ms=found.check_p99,
        warnings=warnings(estate.utilisation),
        taxes=taxes,
        before=before,
    )


def _crossed(parts: tuple[Part, ...], estate: Estate[A], reckoning: Reckoning[A]) -> list[Part]:
    """The parts that a call of the critical path crosses."""

    def leaves_its_node() -> bool:
        return _between_nodes(reckoning.likely(estate.nodes), estate.clusters) > 0.0

    return [
        part
        for part in parts
        if part.crossings
        and (leaves_its_node() if part.layer == 3 else not part.only_layer_7_rules or estate.wants_layer_7)
    ]


def _caveats(parts: tuple[Part, ...], estate: Estate[Range]) -> tuple[str, ...]:
    caveats = [part.says for part in parts if "no study" in part.says]
    if any(part.only_layer_7_rules for part in parts) and not estate.wants_layer_7:
        caveats.append("no requirement asks for layer 7, so no call crosses the proxy of the node")
    return tuple(caveats)


def _sources(parts: tuple[Part, ...], table: Table) -> tuple[Source, ...]:
    ids = dict.fromkeys(source for part in parts for figure in part.figures.values() for source in figure.sources)
    return tuple(table.sources[one] for one in ids)
