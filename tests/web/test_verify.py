"""The public page that checks a file: every outcome, no account, nothing kept, limits with a reason."""

import json
import tempfile
from pathlib import Path

import pytest
from cryptography import x509
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from decisions import bundle, issue, sealing
from decisions.models import Decision, Record
from decisions.rendering import pdf
from decisions.signing import envelope as detached
from decisions.signing.keystore import ensure_seal
from decisions.signing.seal import seal_pdf
from decisions.views import verify
from meshadvisor import cli
from tests.web import dossier

pytestmark = pytest.mark.django_db
PAGE = "/verify/"


@pytest.fixture(autouse=True)
def nobody_has_asked_yet() -> None:
    cache.clear()


@pytest.fixture
def sealed() -> Record:
    record = dossier.proposed().newest_record()
    assert record is not None
    return record


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Decision:
    dossier.without_pages(monkeypatch)
    return dossier.proposed()


def upload(client: Client, content: bytes, name: str = "DR-0001.pdf"):
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def states(response) -> dict[str, str]:
    return {layer.name: layer.state for layer in response.context["report"].layers}


def test_a_sealed_pdf_is_valid_and_every_layer_says_what_it_proves(client: Client, sealed: Record) -> None:
    pdf = bytes(sealed.rendering("pdf").content)
    response = upload(client, pdf)
    page = response.content.decode()
    assert response.status_code == 200
    assert "Valid: issued here and unchanged" in page
    found = states(response)
    assert found.pop("approvals") == "open", "nobody approved it yet"
    assert found.pop("log") == "open", "the proof of the log comes with the approvals"
    assert found.pop("timestamp") == "open", "no time-stamp service was named"
    assert set(found) == {"structure", "seal", "coverage", "certificate", "record", "renderer", "replay", "file"}
    assert set(found.values()) == {"passed"}
    for name in found:
        assert f"{name.capitalize()}: holds" in page
    assert page.count("<dt>Proves</dt>") == 8
    assert page.count("<dt>Does not prove</dt>") == 11
    assert sealed.digest in page
    assert "since this instance sealed it" in page
    assert "you trust" not in page, "whoever asks here named nobody"
    assert "claims of itself" not in page
    assert "Here and now DR-0001 is proposed." in page, "a file only says what was so when it was sealed"
    added = upload(client, pdf + b"\n%%EOF\n")
    assert "Not valid" in added.content.decode()


def test_nothing_that_rests_on_a_changed_file_holds(client: Client, sealed: Record) -> None:
    whole = bytes(sealed.rendering("pdf").content)
    middle = len(whole) // 2
    response = upload(client, whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    page = response.content.decode()
    assert "Not valid" in page
    assert "Seal: does not hold" in page
    found = states(response)
    assert found.pop("structure") == "passed", "the bytes are a PDF as a sealed one is built"
    assert {name for name, state in found.items() if state == "passed"} == set()
    assert {name for name, state in found.items() if state == "failed"} == {"seal", "file"}
    assert "Record: not checked" in page
    assert "can be checked as a file of its own" in page
    verdict = page.partition('id="result"')[2].partition("</section>")[0]
    assert verdict.index("What the file claims of itself, which is not borne out:") < verdict.index("Sealed by")


def test_a_file_that_the_log_does_not_name_was_not_issued_here(client: Client, sealed: Record) -> None:
    """It is whole and under our seal; only the log tells that it is not what was kept."""
    page = pdf.render(json.loads(bytes(sealed.canonical)), sealed=True)
    again = seal_pdf(page, issue.instance_seal(), "Decision record DR-0001", timezone.now())
    response = upload(client, again)
    found = states(response)
    assert (found["seal"], found["certificate"], found["file"]) == ("passed", "passed", "failed")
    assert "Not valid" in response.content.decode()


def test_the_markdown_and_the_envelope_of_a_record_are_checked_too(client: Client, bare: Decision) -> None:
    record = bare.newest_record()
    words = bytes(record.rendering("md").content)
    assert states(upload(client, words, "DR-0001.md")) == {"structure": "passed", "file": "passed"}
    assert "Not valid" in upload(client, words.replace(b"mesh", b"mash", 1), "DR-0001.md").content.decode()
    envelope = sealing.envelope_of(record)
    response = upload(client, envelope, "DR-0001.dsse.json")
    assert states(response) == {"envelope": "passed"}
    assert record.digest in response.content.decode()
    assert "Not valid" in upload(client, envelope.replace(b'"sig":"ME', b'"sig":"MF'), "e.json").content.decode()


def test_the_trust_bundle_checks_a_file_without_the_instance(
    client: Client, bare: Decision, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = bare.newest_record()
    for name, content in {
        "trust.json": client.get("/verify/trust.json").content,
        "record.json": bytes(record.canonical),
        "record.md": bytes(record.rendering("md").content),
        "envelope": sealing.envelope_of(record),
        "signature": detached.ssh_signature(bytes(record.canonical), sealing.instance_seal()).encode(),
    }.items():
        (tmp_path / name).write_bytes(content)
    given = ["--trust", str(tmp_path / "trust.json")]
    by = {"envelope": ["--envelope", str(tmp_path / "envelope")], "ssh": ["--signature", str(tmp_path / "signature")]}
    assert cli.main(["verify", str(tmp_path / "record.json"), *given]) == 2
    assert "unsigned bytes cannot show who wrote them" in capsys.readouterr().out
    assert cli.main(["verify", str(tmp_path / "record.json"), *given, *by["envelope"]]) == 0
    assert cli.main(["verify", str(tmp_path / "record.json"), *given, *by["ssh"]]) == 0
    assert "SSH signature: holds" in capsys.readouterr().out
    assert cli.main(["verify", str(tmp_path / "record.md"), *given, *by["envelope"]]) == 0
    assert cli.main(["verify", str(tmp_path / "envelope"), *given]) == 0
    assert cli.main(["verify", str(tmp_path / "record.md"), *given, *by["ssh"]]) == 1
    assert cli.main(["verify", str(tmp_path / "envelope")]) == 2, "nobody was named whose envelope it could be"


def test_a_pdf_of_another_instance_is_not_issued_here(
    client: Client, sealed: Record, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stranger = ensure_seal(tmp_path)
    monkeypatch.setattr(bundle, "instance_seal", lambda: stranger)
    response = upload(client, bytes(sealed.rendering("pdf").content))
    assert "Not valid" in response.content.decode()
    assert states(response)["certificate"] == "failed"
    assert "not among the certificates of this instance" in response.content.decode()
    assert states(response)["seal"] == "passed"


def test_a_bare_record_is_valid_when_it_was_issued_here(client: Client, bare: Decision) -> None:
    record = bare.newest_record()
    response = upload(client, bytes(record.canonical), "record.json")
    assert "Valid: issued here" in response.content.decode()
    changed = bytes(record.canonical).replace(b"East-west", b"West-east")
    assert "Not valid" in upload(client, changed, "record.json").content.decode()


@pytest.mark.parametrize("content", [b"hello", b"\x00" * 100, b"{}", b"%PDF-1.7 but no more", b"[" * 5000])
def test_what_is_no_record_gets_an_answer_not_a_fault(client: Client, content: bytes) -> None:
    response = upload(client, content, "<b>odd</b>.pdf")
    assert response.status_code == 200
    page = response.content.decode()
    assert "This file cannot be checked" in page or "Not valid" in page
    assert "<b>odd</b>" not in page


@pytest.mark.parametrize("posted", [{}, {"file": ""}])
def test_no_file_is_asked_for_again(client: Client, posted: dict[str, object]) -> None:
    response = client.post(PAGE, posted)
    assert response.status_code == 422
    assert "Choose the PDF, the record.json" in response.content.decode()


def test_an_empty_file_is_called_empty(client: Client) -> None:
    response = client.post(PAGE, {"file": SimpleUploadedFile("DR-0001.pdf", b"")})
    assert response.status_code == 422
    page = response.content.decode()
    assert "DR-0001.pdf is empty." in page
    assert "Choose the PDF" not in page


def test_what_is_too_large_is_refused_with_the_limit(client: Client) -> None:
    response = upload(client, b"%PDF-1.7" + b"0" * verify.MOST)
    assert response.status_code == 413
    assert "The file is larger than 20 MiB" in response.content.decode()
    far_too_large = client.post(
        PAGE, b"short", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**12)
    )
    assert far_too_large.status_code == 413


def test_more_than_the_limit_in_a_minute_is_refused_until_later(client: Client) -> None:
    codes = [upload(client, b"hello").status_code for _ in range(verify.A_MINUTE + 1)]
    assert codes == [200] * verify.A_MINUTE + [429]
    refused = upload(client, b"hello")
    assert refused.headers["Retry-After"] == "60"
    assert "More than 30 files in a minute" in refused.content.decode()
    assert client.post(PAGE, {"file": SimpleUploadedFile("a", b"b")}, REMOTE_ADDR="10.0.0.9").status_code == 200
    assert client.get(PAGE).status_code == 200


def test_the_form_needs_its_token_and_gives_it_to_anybody() -> None:
    strict = Client(enforce_csrf_checks=True)
    assert upload(strict, b"hello").status_code == 403
    page = strict.get(PAGE)
    token = page.context["csrf_token"]
    response = strict.post(PAGE, {"file": SimpleUploadedFile("a.pdf", b"hello"), "csrfmiddlewaretoken": str(token)})
    assert response.status_code == 200


def test_nothing_of_the_file_is_kept(client: Client, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    before = sorted(settings.DATA_DIR.rglob("*"))
    upload(client, b"%PDF-1.7" + b"x" * 5000)
    assert not list(tmp_path.rglob("*"))
    assert sorted(settings.DATA_DIR.rglob("*")) == before


def test_the_certificate_is_the_one_records_are_checked_against(client: Client) -> None:
    response = client.get("/verify/certificate.pem")
    authority = issue.instance_seal().authority
    assert x509.load_pem_x509_certificate(response.content) == authority
    assert b"PRIVATE" not in response.content
    assert "meshadvisor-authority.pem" in response.headers["Content-Disposition"]
    page = client.get(PAGE).content.decode()
    assert issue.instance_seal().fingerprint.upper() in page.replace(":<wbr>", "")
    for command in ("pdfsig DR-0042.pdf", "meshadvisor verify DR-0042.pdf --trust meshadvisor-trust.json"):
        assert command in page
