"""siege: the JSON of version 4 and the text block of older ones.

Times are seconds with two decimals, so 0.00 means "below 5 ms" and not zero; where the text says ms, or where only
milliseconds fit the concurrency (which is rate times time, Little's law), they are milliseconds. `failed_transactions`
are 5xx and socket errors; 4xx answers are transactions, but not successful ones.
"""

import re

from decisions.intake.document import at
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Latency, LoadTest, Omission, Population, Reading
from decisions.intake.source import Source
from decisions.intake.units import count, number, ratio, scaled

_STEP_MS = 10.0
_LINE = re.compile(r"^[ \t]*([A-Z][A-Za-z ]+):[ \t]+(\d{1,15}(?:[.,]\d{1,15})?)\b[ \t]*(ms\b)?", re.MULTILINE)
_TIMES = ("response_time", "longest_transaction", "shortest_transaction")
# So many times more than the concurrency are rate times time when the time is in milliseconds.
_FAR = 30.0
_HOW = "siege has no percentiles: measure with oha, k6 or fortio."


def read(source: Source) -> Reading | None:
    """The JSON report, or None when there is none of siege."""
    document = source.document
    if at(document, "availability") is None or at(document, "transactions") is None or not isinstance(document, dict):
        return None
    values = {str(key): number(value) for key, value in document.items()}
    rate, time, concurrency = (values.get(key) for key in ("transaction_rate", "response_time", "concurrency"))
    if rate and time and concurrency and rate * time > _FAR * concurrency:
        values |= {key: scaled(values.get(key), 1e-3) for key in _TIMES}
    return _reading(source, values, "JSON")


def read_text(source: Source) -> Reading | None:
    """The text block, or None when it is not one of siege."""
    if "Availability:" not in source.text or "Transaction rate:" not in source.text:
        return None
    lines = {
        name.lower().replace(" ", "_"): scaled(value.replace(",", "."), 1e-3 if milliseconds else 1.0)
        for name, value, milliseconds in _LINE.findall(source.text)
    }
    return _reading(source, lines, "text")


def _reading(source: Source, values: dict[str, float | None], format_: str) -> Reading:
    transactions, failed = count(values.get("transactions")), count(values.get("failed_transactions"))
    good = count(values.get("successful_transactions"))
    # 4xx answers: in the transactions, not among the successful ones.
    client = None if good is None or transactions is None else max(0, transactions - good)
    attempts = None if transactions is None else transactions + (failed or 0)
    figures = LoadTest(
        requests=attempts,
        duration_s=values.get("elapsed_time"),
        achieved_rps=values.get("transaction_rate"),
        errors=Errors(client=client, other=failed),
        error_ratio=ratio((client or 0) + failed, attempts) if failed is not None else None,
        latency=Latency(
            min=_known(values.get("shortest_transaction")),
            mean=_known(values.get("response_time")),
            max=_known(values.get("longest_transaction")),
        ),
        population=Population.ALL,
        coordinated_omission=Omission.UNCORRECTED,
    )
    warnings = [f"siege rounds times to {_STEP_MS:g} ms."]
    if figures.latency.mean is None:
        warnings.append("The mean is below what siege can show; it is unknown, not zero.")
    return reading(
        source, figures, tool="siege", format_=format_, resolution_ms=_STEP_MS, warnings=warnings, how_to_get=_HOW
    )


def _known(seconds: float | None) -> float | None:
    return scaled(seconds, 1e3) if seconds else None
