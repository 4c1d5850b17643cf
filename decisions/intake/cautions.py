"""What makes a load-test figure weaker than it looks, in sentences for the reader."""

from itertools import pairwise

from decisions.advisor.quantities import percent
from decisions.intake.reading import LoadTest
from decisions.intake.units import counted

SHORT_S = 30.0
FEW = 1_000
NOTABLE_ERRORS = 0.01
TOO_MANY_ERRORS = 0.05
# Above this share of failures the run measured failures: neither its times nor its share are how the system behaves.
USELESS = 0.5
REACHED = 0.95


def says_nothing(figures: LoadTest) -> bool:
    """Whether so many requests failed that nothing of the run is a baseline."""
    return (figures.error_ratio or 0.0) > USELESS


def cautions(figures: LoadTest, resolution_ms: float) -> tuple[str, ...]:
    """The general warnings; `resolution_ms` is the tool's own step of latency, 0 when it is fine enough."""
    return tuple(
        sentence
        for sentence in (
            _short(figures),
            _few(figures),
            _errors(figures),
            _rate(figures),
            _order(figures),
            _resolution(figures, resolution_ms),
        )
        if sentence
    )


def _short(figures: LoadTest) -> str | None:
    if figures.duration_s is None or figures.duration_s >= SHORT_S:
        return None
    return (
        f"The run lasted {figures.duration_s:.1f} s. Below {SHORT_S:.0f} s start-up and single pauses weigh too much: "
        "measure for a few minutes. Its rate is not offered as your peak."
    )


def _few(figures: LoadTest) -> str | None:
    if figures.requests is None or figures.requests >= FEW:
        return None
    return f"Only {counted(figures.requests, 'request')}: below {FEW:,} the p99 rests on fewer than ten of them."


def _errors(figures: LoadTest) -> str | None:
    share = figures.error_ratio
    if share is None or share <= NOTABLE_ERRORS:
        return None
    if share <= TOO_MANY_ERRORS:
        return f"{percent(share, 1)} of the requests failed; failures are often fast and pull the percentiles down."
    if share >= 1.0:
        return (
            "Every request failed, so the run did not measure the system, and nothing of it is offered as your "
            "baseline. Look at its address, certificate and sign-in, then run it again."
        )
    if says_nothing(figures):
        return (
            f"{percent(share, 1)} of the requests failed, so the run measured failures, and nothing of it is offered "
            "as your baseline. Repeat it at a rate the system can serve."
        )
    return (
        f"{percent(share, 1)} of the requests failed: the latency is not usable as a baseline without saying so, "
        "because fast failures pull the percentiles down. Repeat the run at a rate the system can serve."
    )


def _rate(figures: LoadTest) -> str | None:
    asked, reached = figures.requested_rps, figures.achieved_rps
    if not asked or reached is None or reached >= REACHED * asked:
        return None
    return (
        f"{reached:.0f} of the {asked:.0f} requested requests per second were reached: the system or the generator was "
        "saturated. Measure below 70 % of what it can do."
    )


def _order(figures: LoadTest) -> str | None:
    ladder = [value for _, value in figures.latency.percentiles()]
    lowest, highest = figures.latency.min, figures.latency.max
    ladder = ([lowest] if lowest is not None else []) + ladder + ([highest] if highest is not None else [])
    # Tools round each figure on its own, so a step down by less than 1 % is not a contradiction.
    if all(second >= first * 0.99 for first, second in pairwise(ladder)):
        return None
    return "The percentiles do not rise from minimum to maximum: the file contradicts itself."


def _resolution(figures: LoadTest, resolution_ms: float) -> str | None:
    p50 = figures.latency.p50
    if not resolution_ms or p50 is None or p50 >= 5 * resolution_ms:
        return None
    return f"The tool counts in steps of {resolution_ms:g} ms, too coarse for a median of {p50:g} ms."
