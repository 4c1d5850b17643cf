"""estimate(): what one product adds to one estate."""

from functools import cache

from decisions.advisor.case import Case
from decisions.advisor.overhead import estate as estates
from decisions.advisor.overhead import path
from decisions.advisor.overhead.coefficients import Part, Table, load
from decisions.advisor.overhead.composition import warnings
from decisions.advisor.overhead.estate import Estate
from decisions.advisor.overhead.spread import exactly, product
from decisions.advisor.quantities import ZERO, Range, total
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


def added_to(estate: Estate, product_id: str) -> Overhead:
    """What a product adds to an estate; see `estimate`."""
    table = load()
    parts = table.parts(product_id, estate.wanted)
    if not parts:
        nothing = "nothing is put into the path; what libraries cost is part of the application"
        return Overhead(cpu_vcpu=ZERO, memory_gib=ZERO, p99_ms=ZERO, p50_ms=ZERO, basis=f"{estate.basis}: {nothing}")
    p50, p99, band = _latency(parts, estate, table)
    return Overhead(
        cpu_vcpu=cpu_added(estate, product_id),
        memory_gib=memory_added(estate, product_id),
        p50_ms=p50,
        p99_ms=p99,
        path=band,
        basis=estate.basis,
        assumed=estate.assumed + _caveats(parts, estate),
        sources=_sources(parts, table),
    )


def cpu_added(estate: Estate, product_id: str) -> Range:
    """vCPU at the peak rate."""
    table = load()
    return total(_cpu(part, estate, table) for part in table.parts(product_id, estate.wanted))


def memory_added(estate: Estate, product_id: str) -> Range:
    """GiB."""
    return total(_memory(part, estate) for part in load().parts(product_id, estate.wanted))


def p99_added(estate: Estate, product_id: str) -> Range:
    """Milliseconds added to the 99th percentile of the critical path."""
    table = load()
    return _latency(table.parts(product_id, estate.wanted), estate, table)[1]


def _copies(part: Part, estate: Estate) -> Range:
    match part.per:
        case "pod":
            return estate.pods
        case "node":
            return estate.nodes
        case "waypoint":
            return estate.waypoints
        case _:
            return exactly(estate.clusters)


def _between_nodes(estate: Estate) -> float:
    """Share of the calls that leave their node when pods are spread evenly over a cluster."""
    return 1.0 - 1.0 / max(1.0, estate.nodes.likely / estate.clusters)


def _carried(part: Part, estate: Estate, table: Table) -> Range:
    """Calls a second whose cost falls on this part, as equivalents of calls it handles in full."""
    if part.layer == 3:
        return estate.all_rps.times(_between_nodes(estate))
    if part.layer == 4:
        return estate.peak_rps.times(estate.parsed + estate.unparsed)
    if part.only_layer_7_rules and not estate.wants_layer_7:
        return Range(low=0.0, likely=0.0, high=0.1 * estate.peak_rps.high)
    cheap = table.shape["unparsed_share"].value
    shares = total((exactly(estate.parsed), cheap.times(estate.unparsed)))
    return product(estate.peak_rps, shares)


def _cpu(part: Part, estate: Estate, table: Table) -> Range:
    copies = _copies(part, estate)
    idle = product(part.figure("idle_vcpu"), copies)
    if not part.crossings:
        return idle
    calls = _carried(part, estate, table)
    thousand_calls = calls.times(1.0 / 1000.0)
    kib = estate.payload_bytes.times(1.0 / 1024.0)
    if part.layer == 3:
        gbit = product(calls, estate.payload_bytes.times(8.0e-9))
        return total(
            (product(part.figure("cpu_per_1000"), thousand_calls), product(part.figure("vcpu_per_gbit"), gbit))
        )
    further = Range(**{end: max(0.0, getattr(kib, end) - _MEASURED_KIB) for end in ("low", "likely", "high")})
    by_call = product(part.figure("cpu_per_1000"), _quietness(part, copies, calls, table), thousand_calls)
    by_size = product(table.shape["cpu_per_1000_and_kib"].value, further, thousand_calls)
    return total((idle, by_call, by_size))


def _quietness(part: Part, copies: Range, calls: Range, table: Table) -> Range:
    """How much dearer a call is in a proxy that is mostly idle, as a factor >= 1."""
    if not copies.likely or not calls.likely:
        return exactly(1.0)
    rate = min(max(calls.likely * part.crossings / copies.likely, _QUIET_RPS), _BUSY_RPS)
    exponent = table.shape["rate_exponent"].value
    quiet = _BUSY_RPS / rate
    return Range(low=quiet**exponent.low, likely=quiet**exponent.likely, high=quiet**exponent.high)


def _memory(part: Part, estate: Estate) -> Range:
    by_service = product(part.figure("memory_kib_per_service"), estate.services)
    by_pod = product(part.figure("memory_kib_per_pod"), estate.pods)
    known_mib = total((by_service, by_pod)).times(1.0 / estate.clusters / 1024.0)
    return product(total((part.figure("memory_mib"), known_mib)), _copies(part, estate)).times(1.0 / 1024.0)


def _latency(parts: tuple[Part, ...], estate: Estate, table: Table) -> tuple[Range, Range, CallPath | None]:
    """(p50, p99) that are added to the critical path, and the band they come from."""
    crossed = [part for part in parts if part.crossings and _on_path(part, estate)]
    few, calls, many = (round(end) for end in (estate.calls.low, estate.calls.likely, estate.calls.high))
    if not crossed or many <= 0:
        return ZERO, ZERO, None
    size, before = _further_ms(estate, table), path.measured(estate.path_p50_ms, estate.path_p99_ms)
    low, likely, high = (_taxes(crossed, end, getattr(size, end)) for end in ("low", "likely", "high"))
    found = path.added(likely, calls, before)
    by_calls = (path.added(likely, few, before), path.added(likely, many, before))
    p50, p99 = path.ranges(path.added(low, calls, before), found, path.added(high, calls, before), by_calls)
    return p50, p99, _band(found, calls, estate, taxes=likely, before=before)


def _further_ms(estate: Estate, table: Table) -> Range:
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
    estate: Estate,
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


def _on_path(part: Part, estate: Estate) -> bool:
    if part.layer == 3:
        return _between_nodes(estate) > 0.0
    return not part.only_layer_7_rules or estate.wants_layer_7


def _caveats(parts: tuple[Part, ...], estate: Estate) -> tuple[str, ...]:
    caveats = [part.says for part in parts if "no study" in part.says]
    if any(part.only_layer_7_rules for part in parts) and not estate.wants_layer_7:
        caveats.append("no requirement asks for layer 7, so no call crosses the proxy of the node")
    return tuple(caveats)


def _sources(parts: tuple[Part, ...], table: Table) -> tuple[Source, ...]:
    ids = dict.fromkeys(source for part in parts for figure in part.figures.values() for source in figure.sources)
    return tuple(table.sources[one] for one in ids)
