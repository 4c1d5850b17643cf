"""What WeasyPrint leaves to do for a file that is PDF/A-3a and PDF/UA-1 at once and names the record it carries."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

import pydyf

from decisions.rendering.template import fill

Element = Any  # a pydyf.Dictionary or pydyf.Stream; pydyf has no types


def finisher(record_sha256: str, renderer: str) -> Callable[[Any, Any], None]:
    """The last hand on a document before it is written."""

    def finish(_document: object, pdf: Any) -> None:
        _claim(pdf, record_sha256, renderer)
        _list_files_once(pdf)
        _give_headings_scope(pdf)
        _set_furniture_apart(pdf)
        _make_room_for_a_seal(pdf)

    return finish


def _claim(pdf: Any, record_sha256: str, renderer: str) -> None:
    # WeasyPrint claims one standard. The second claim, and the record's digest with the description PDF/A asks for
    # properties of our own, go into the same rdf:RDF: a second one would be ignored by readers.
    words = fill("record/claims.xml", {"digest": record_sha256, "renderer": renderer})
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and stream.extra.get("Type") == "/Metadata":
            stream.stream = [stream.stream[0].replace(b"</rdf:RDF>", words.encode() + b"</rdf:RDF>", 1)]


def _list_files_once(pdf: Any) -> None:
    files = [_bytes(reference) for reference in pdf.catalog.get("AF", ())]
    if files:
        pdf.catalog["AF"] = pydyf.Array(dict.fromkeys(files))


def _give_headings_scope(pdf: Any) -> None:
    for element in _elements(pdf):
        if element["S"] == "/TH":
            group = _at(pdf, _at(pdf, element["P"])["P"])
            element["A"]["Scope"] = "/Column" if group["S"] == "/THead" else "/Row"


def _set_furniture_apart(pdf: Any) -> None:
    """Running heads and feet become artifacts: nobody wants them read aloud on every page.

    WeasyPrint tags them under elements that hang on the document without being its kids.
    """
    root = next(element for element in _elements(pdf) if element["S"] == "/Document")
    kids = {_number(kid) for kid in root["K"]}
    loose = [
        element
        for element in _elements(pdf)
        if element is not root and _number(element["P"]) == root.number and element.number not in kids
    ]
    dropped, marks = _everything_under(pdf, loose)
    for page, identifiers in marks.items():
        _mark_as_artifact(_at(pdf, pdf.objects[page]["Contents"]), identifiers)
    tree = _at(pdf, _at(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    for parents in tree[1::2]:
        if isinstance(parents, list):
            parents[:] = ["null" if _number(parent) in dropped else parent for parent in parents]


def _everything_under(pdf: Any, elements: list[Element]) -> tuple[set[int], dict[int, set[int]]]:
    dropped: set[int] = set()
    marks: dict[int, set[int]] = defaultdict(set)
    while elements:
        element = elements.pop()
        dropped.add(element.number)
        for kid in element["K"]:
            if isinstance(kid, int):
                marks[_number(element["Pg"])].add(kid)
            else:
                elements.append(_at(pdf, kid))
    return dropped, marks


def _mark_as_artifact(content: Element, identifiers: set[int]) -> None:
    # A mark is three items of the content: the tag, the dictionary with its number, and the operator.
    for position, operator in enumerate(content.stream):
        if operator == b"BDC" and content.stream[position - 1].get("MCID") in identifiers:
            artifact = pydyf.Dictionary({"Type": "/Pagination"})
            content.stream[position - 2 : position] = ["/Artifact", artifact]


def _make_room_for_a_seal(pdf: Any) -> None:
    """The checkbox of the page becomes an empty signature field without extent.

    WeasyPrint knows no signature fields, but it tags a checkbox as a form element: a field that is added when the
    seal is put on would stand outside the tags.
    """
    for field in pdf.objects:
        if isinstance(field, pydyf.Dictionary) and field.get("Subtype") == "/Widget":
            _at(pdf, field["AP"]["N"]["on"]).stream = []
            for key in ("AP", "AS", "V", "MK", "Border"):
                del field[key]
            left, bottom = field["Rect"][0], field["Rect"][1]
            field.update({"FT": "/Sig", "Rect": pydyf.Array([left, bottom, left, bottom])})
            form = pdf.catalog["AcroForm"]
            for key in ("NeedAppearances", "DR"):
                form.pop(key, None)
            form["SigFlags"] = 1
    for element in _elements(pdf):
        if element["S"] == "/Form":  # the bare reference is the only shape that survives a check of later changes
            element["K"] = element["K"][0]


def _elements(pdf: Any) -> Iterator[Element]:
    for element in pdf.objects:
        if isinstance(element, pydyf.Dictionary) and element.get("Type") == "/StructElem":
            yield element


def _at(pdf: Any, reference: object) -> Element:
    return pdf.objects[_number(reference)]


def _number(reference: object) -> int:
    return int(_bytes(reference).split()[0])


def _bytes(reference: object) -> bytes:
    return reference if isinstance(reference, bytes) else str(reference).encode()
