"""The PDF, judged by programs that are not ours: poppler, qpdf, an accessibility checker."""

import hashlib
import io
import json
import logging
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from decisions.advisor.record import canonical, digest, document
from decisions.rendering import fonts, markdown, pdf
from tests.sample_record import ABOUT, CASE, RANKING, RECOMMENDATION, reason, sample

OUTLOUD = Path(sys.executable).parent / "outloud"


@pytest.fixture(scope="module")
def rendered() -> bytes:
    """The sample's PDF as it is before it is sealed."""
    return pdf.render(document(sample()), sealed=True)


@pytest.fixture
def file(rendered: bytes, tmp_path: Path) -> Path:
    """The same in a file, for programs."""
    path = tmp_path / "record.pdf"
    path.write_bytes(rendered)
    return path


def run(*command: object) -> str:
    """What a program prints; its failure is the test's."""
    done = subprocess.run([str(one) for one in command], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.decode(errors="replace")


def words(path: Path) -> str:
    """The text of all pages, in reading order, white space made one."""
    return " ".join(run("pdftotext", "-layout", path, "-").split())


def test_the_same_record_gives_the_same_bytes(rendered: bytes) -> None:
    assert pdf.render(document(sample()), sealed=True) == rendered


def test_another_process_in_another_zone_gives_the_same_bytes(rendered: bytes) -> None:
    code = (
        "import hashlib; from decisions.advisor.record import document; from decisions.rendering import pdf; "
        "from tests.sample_record import sample; "
        "print(hashlib.sha256(pdf.render(document(sample()), sealed=True)).hexdigest())"
    )
    environment = {**os.environ, "TZ": "Asia/Kolkata", "PYTHONHASHSEED": "7", "LC_ALL": "C"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == hashlib.sha256(rendered).hexdigest()


def test_qpdf_finds_no_fault(file: Path) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", file)


def test_the_accessibility_checker_finds_no_error(file: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    run(OUTLOUD, "--json", report, file)
    result = json.loads(report.read_text())["results"][0]
    assert [finding["message"] for finding in result["findings"] if finding["severity"] == "error"] == []


def test_both_standards_are_claimed_once_in_one_description(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        metadata = opened.Root.Metadata.read_bytes().decode()
    assert metadata.count("<rdf:RDF") == 1
    assert re.search(r'pdfaid:part="3"', metadata)
    assert re.search(r'pdfaid:conformance="A"', metadata)
    assert metadata.count("<pdfuaid:part>1</pdfuaid:part>") == 1
    assert f"<mesh:recordDigest>{digest(canonical(document(sample())))}</mesh:recordDigest>" in metadata


def test_record_markdown_and_evidence_are_attached_once(rendered: bytes, file: Path, tmp_path: Path) -> None:
    run("pdfdetach", "-saveall", "-o", tmp_path, file)
    plain = document(sample())
    assert (tmp_path / "record.json").read_bytes() == canonical(plain)
    assert (tmp_path / "record.md").read_text() == markdown.render(plain)
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        relations = sorted(str(one.AFRelationship) for one in opened.Root.AF)
        assert relations == ["/Alternative", "/Data", "/Source"]
        assert len(opened.attachments) == 3
    evidence = json.loads((tmp_path / "evidence.json").read_bytes())
    assert evidence["record_sha256"] == digest(canonical(plain))
    assert (
        evidence["requirements"]["network_segmentation"]["evidence"]["reference"] == "Network standard NS-7, section 3"
    )
    assert [one["sha256"][:8] for one in evidence["measurements"]] == ["9f86d081", "60303ae2"]


def test_the_cover_names_the_digest_and_the_answer(file: Path) -> None:
    first = run("pdftotext", "-layout", "-l", "1", file, "-")
    assert digest(canonical(document(sample()))) in first
    flat = " ".join(first.split())
    for said in ("DR-0042", ABOUT.title, "Revision 2", "Proposed", "CNI-level encryption: Cilium with WireGuard"):
        assert said in flat
    assert "4 to 9 hours a month, likely 6" in flat
    assert "cannot draw" not in flat


def test_every_reason_is_printed(file: Path) -> None:
    printed = words(file)
    for one in (one for standing in RANKING for one in standing.reasons):
        assert one.because in printed


def test_the_contents_name_the_page_of_every_section(file: Path) -> None:
    contents = run("pdftotext", "-layout", "-f", "2", "-l", "2", file, "-")
    pages = run("pdftotext", "-layout", file, "-").split("\f")
    for section in sample().sections:
        found = re.search(rf"{re.escape(section.title)}[ .]+(\d+)$", contents, re.MULTILINE)
        assert found, section.title
        assert section.title in pages[int(found[1]) - 1]
    assert f"Page 2 of {len(pages) - 1}" in pages[1]


def test_a_bookmark_leads_to_every_section(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened, opened.open_outline() as outline:
        top = outline.root[0].children if len(outline.root) == 1 else outline.root
        titles = [entry.title for entry in top]
    for section in sample().sections:
        assert any(section.title in title for title in titles)


def test_the_chart_is_printed_in_colour_and_has_words(rendered: bytes) -> None:
    with pikepdf.open(io.BytesIO(rendered)) as opened:
        alternatives = [
            str(one.Alt)
            for one in opened.objects
            if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure" and "/Alt" in one
        ]
        painted = b"".join(page.Contents.read_bytes() for page in opened.pages)
    assert any(text.startswith("CPU added by each option") for text in alternatives)
    for colour in ("#4f909b", "#c07a35", "#7e8f97"):
        channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        numbers = [re.escape(f"{channel:.4f}".rstrip("0")) for channel in channels]
        assert re.search(rb"\s+".join(rf"{number[:5]}\d*".encode() for number in numbers) + rb"\s+rg", painted)


def test_all_typefaces_are_embedded_and_ours(file: Path) -> None:
    table = run("pdffonts", file).splitlines()[2:]
    assert len(table) >= 4
    for line in table:  # embedded, as a subset, with the way back to Unicode
        assert re.match(r"^[A-Z]{6}\+Record-.*\byes\s+yes\s+yes\b", line), line


def test_without_a_seal_it_calls_itself_a_preview(tmp_path: Path) -> None:
    path = tmp_path / "preview.pdf"
    path.write_bytes(pdf.render(document(sample())))
    assert "This is a preview. It carries no seal" in words(path)
    assert "one electronic seal" not in words(path)


def test_local_files_cannot_get_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    address = secret.as_uri()
    hostile = f'<link rel="attachment" href="{address}"><img src="{address}"><a rel="attachment" href="{address}">x</a>'
    # Even when the text were not escaped: the page is handed over with the tags in it.
    monkeypatch.setattr(pdf, "fill", lambda *_: f"<html lang=en><title>t</title><body>{hostile}</body></html>")
    made = pdf.render(document(sample()))
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert sorted(opened.attachments) == ["evidence.json", "record.json", "record.md"]
    assert b"the secret" not in made


def test_hostile_text_is_printed_as_text(tmp_path: Path) -> None:
    hostile = '<script>alert(1)</script><img src="file:///etc/passwd">'
    case = {**CASE, "context": {**CASE["context"], "current": hostile}}
    path = tmp_path / "hostile.pdf"
    path.write_bytes(pdf.render(document(sample(document=case))))
    assert "<script>alert(1)</script>" in words(path)


def test_characters_without_a_glyph_are_printed_as_code_points(tmp_path: Path) -> None:
    path = tmp_path / "signs.pdf"
    about = replace(ABOUT, title="Zażółć привет Ωμέγα ≤ 漢 ✅ ⚡ 😀")
    path.write_bytes(pdf.render(document(sample(about=about))))
    printed = words(path)
    assert "Zażółć привет Ωμέγα ≤" in printed
    for code in ("[U+6F22]", "[U+2705]", "[U+26A1]", "[U+1F600]"):
        assert code in printed
    assert "Signs that the typefaces here cannot draw are printed as their code points, such as [U+" in printed
    report = tmp_path / "report.json"
    run(OUTLOUD, "--json", report, path)


def test_a_missing_typeface_is_named_with_the_command_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", ())
    monkeypatch.delenv(fonts.FOLDER_VARIABLE, raising=False)
    with pytest.raises(fonts.FontError, match="apt-get install fonts-inter") as raised:
        fonts.style_sheet()
    assert "Inter-Regular.otf is missing" in str(raised.value)


def test_typefaces_can_come_from_a_directory_of_ones_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fonts.FOLDER_VARIABLE, str(tmp_path))
    (tmp_path / "Inter-Regular.ttf").write_bytes(b"")
    assert fonts.path_of(fonts.FACES[0]) == tmp_path / "Inter-Regular.ttf"


def test_threads_print_one_after_the_other(rendered: bytes) -> None:
    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(lambda _: pdf.render(document(sample()), sealed=True), range(3)))
    assert {hashlib.sha256(one).hexdigest() for one in made} == {hashlib.sha256(rendered).hexdigest()}


def test_a_long_record_repeats_table_heads_and_keeps_headings_with_their_text(tmp_path: Path) -> None:
    reasons = tuple(reason("against", f"Reason number {number} of a long list that goes on.") for number in range(120))
    ranking = (replace(RANKING[0], reasons=reasons, costs=RANKING[0].costs * 25), *RANKING[1:])
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf.render(document(sample(ranking=ranking, advisories=RECOMMENDATION.advisories * 12))))
    pages = run("pdftotext", "-layout", path, "-").split("\f")[:-1]
    assert len(pages) > 14
    assert sum("Hours a month" in page and "Upgrades" in page for page in pages) >= 3
    # A number, at most a few spaces and words: a row of a numbered table has a column's width behind its number.
    heading = re.compile(r"^\d+(\.\d+)? {1,4}[A-Z]\S*( \S+)*$")
    seen = 0
    for page in pages[2:]:
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        last = next(line for line in reversed(lines) if not line.startswith("SHA-256"))
        assert not heading.match(last), f"a heading at the foot of a page: {last}"
        seen += sum(1 for line in lines if heading.match(line))
    assert seen > 14, "the headings are known by this pattern"


def test_style_sheets_are_understood(caplog: pytest.LogCaptureFixture) -> None:
    pdf.prepared.cache_clear()
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        pdf.render(document(sample()))
    browser_only = ("overflow-x", "@media")
    assert [one for one in caplog.messages if not any(word in one for word in browser_only)] == []
