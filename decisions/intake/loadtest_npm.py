"""loadtest (the npm package): console text."""

import re

from decisions.intake.console import Console
from decisions.intake.loadtest import reading
from decisions.intake.reading import Errors, Latency, LoadTest, Method, Omission, Population, Reading
from decisions.intake.source import Source
from decisions.intake.units import count, host, milliseconds, number, ratio

_PERCENT = re.compile(r"^[ \t]*(\d{1,3})%[ \t]+(\d{1,15}(?:\.\d{1,15})?) ms", re.MULTILINE)
_CODE = re.compile(r"^[ \t]*(-?\d{1,15}):[ \t]+(\d{1,15}) errors?[ \t]*$", re.MULTILINE)


def read(source: Source) -> Reading | None:
    """The report, or None when it is not one of loadtest."""
    text = source.text
    if "Effective rps:" not in text or "Completed requests:" not in text:
        return None
    console = Console(text)
    requests, failed = count(console.value("Completed requests")), count(console.value("Total errors"))
    codes = [(int(code), int(number_of)) for code, number_of in _CODE.findall(text)]
    found = {float(percent): float(value) for percent, value in _PERCENT.findall(text)}
    highest = found.pop(100.0, None)
    duration = milliseconds(console.value("Total time"))
    client = sum(number_of for code, number_of in codes if 400 <= code < 500)
    server = sum(number_of for code, number_of in codes if 500 <= code < 600)
    figures = LoadTest(
        requests=requests,
        duration_s=None if duration is None else duration / 1e3,
        achieved_rps=number(console.value("Effective rps")),
        requested_rps=number(console.value("Target rps")),
        errors=Errors(client=client, server=server, other=max(0, failed - client - server))
        if failed
        else Errors(other=failed),
        error_ratio=ratio(failed, requests),
        latency=Latency.of(found, mean=milliseconds(console.value("Mean latency")), highest=highest),
        population=Population.ALL,
        percentile_method=Method.ROUNDED if found else None,
        coordinated_omission=Omission.UNCORRECTED,
        connections=count(console.value("Concurrent clients")),
        target_host=host(console.value("Target URL")),
        distribution=tuple(sorted(found.items())),
    )
    return reading(source, figures, tool="loadtest (npm)", format_="console text", resolution_ms=1.0)
