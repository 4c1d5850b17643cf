"""JMeter's results file as XML. The file of a run that still goes on has no end; it is read as far as it goes."""

from dataclasses import replace
from typing import IO, cast
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import errors

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser, iterparse

from decisions.intake.jmeter import HOW, add, finished, is_transaction
from decisions.intake.reading import Reading, Unreadable
from decisions.intake.samples import Samples
from decisions.intake.source import Source
from decisions.intake.units import host

_NO_END = {errors.codes[errors.XML_ERROR_NO_ELEMENTS], errors.codes[errors.XML_ERROR_UNCLOSED_TOKEN]}
MAX_DEPTH = 30
MAX_ELEMENTS = 3_000_000
_SAMPLES = frozenset({"sample", "httpSample"})


class _Walk:
    """Where in the document we are, and what was counted so far."""

    def __init__(self) -> None:
        self.samples = Samples()
        self.transactions = 0
        self.broken = 0
        self.target: str | None = None
        self._seen = 0
        self._open: list[Element] = []

    def enter(self, element: Element) -> None:
        self._open.append(element)
        self._seen += 1
        if self._seen > MAX_ELEMENTS:
            raise Unreadable(f"The XML has more than {MAX_ELEMENTS:,} elements: split the file. {HOW}")
        if len(self._open) > MAX_DEPTH:
            raise Unreadable(f"The XML is nested deeper than {MAX_DEPTH} levels: that is no JMeter result. {HOW}")

    def leave(self, element: Element) -> None:
        self._open.pop()
        if element.tag in _SAMPLES and self._counts():
            self._take(element)
        elif element.tag == "java.net.URL" and self.target is None:
            self.target = host(element.text)
        if self._open:
            # What is done is let go, so that the document never is in memory as a whole.
            del self._open[-1][:]

    def _counts(self) -> bool:
        """A request at the top, or directly inside a transaction; what a page loads besides is nested deeper."""
        outer = self._open[1:]
        return all(one.tag in _SAMPLES and is_transaction(one.get("rm")) for one in outer)

    def _take(self, element: Element) -> None:
        if is_transaction(element.get("rm")):
            self.transactions += 1
            return
        row: dict[str, object] = {
            "elapsed": element.get("t"),
            "timeStamp": element.get("ts"),
            "success": element.get("s", "true"),
            "responseCode": element.get("rc", ""),
        }
        self.broken += not add(self.samples, row)


def read(source: Source) -> Reading | None:
    """The JTL as XML, or None when it is not one. Raises Unreadable for XML with entities; JMeter writes none."""
    if "<testResults" not in source.head[:2048]:
        return None
    walk, damage = _Walk(), None
    try:
        # What was UTF-16 is UTF-8 by now, whatever the declaration says.
        parser = XMLParser(forbid_dtd=True, encoding="utf-8" if source.reencoded else None)
        for event, element in iterparse(cast("IO[bytes]", source.stream()), events=("start", "end"), parser=parser):
            (walk.enter if event == "start" else walk.leave)(element)
    except ParseError as error:
        damage = _damage(error)
    except LookupError as error:
        raise Unreadable(f"The XML declares an encoding that is not known. {HOW}") from error
    except DefusedXmlException as error:
        raise Unreadable(f"The XML declares entities, which JMeter never does: it was not read. {HOW}") from error
    one = finished(
        source,
        walk.samples,
        transactions=walk.transactions,
        broken=walk.broken,
        target=walk.target,
        format_="JTL, XML",
    )
    return one if damage is None else replace(one, warnings=(damage, *one.warnings))


def _damage(error: ParseError) -> str:
    """What is wrong with the XML: JMeter also writes characters that XML does not allow."""
    if error.code in _NO_END:
        return "The file has no end: the run was still going on, or it is cut off."
    return f"The XML is damaged in line {error.position[0]}; what follows was not read."
