"""Approving with a key of one's own or by a confirmation; what each leaves behind, and the PDF that follows."""

import base64
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from decisions import issue, sealing
from decisions.advisor.record import canonical
from decisions.models import Decision, Meaning, Sealing, SealState, Signature, SigningKey, Status, User
from decisions.signing import approval, envelope, sshsig
from decisions.signing.keystore import SealError
from tests import factories
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def blank_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    dossier.without_pages(monkeypatch)


@pytest.fixture
def proposed() -> Decision:
    return dossier.proposed()


@pytest.fixture
def tomas(proposed: Decision) -> User:
    return dossier.approver(proposed)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """An SSH key made by the real program."""
    path = tmp_path / "id_ed25519"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "tomas@laptop", "-f", path], check=True)
    return path


def signed_by(key: Path, data: bytes, namespace: str = "meshadvisor") -> str:
    """What `ssh-keygen -Y sign` writes over the data."""
    file = key.with_name("record.json")
    file.write_bytes(data)
    file.with_name("record.json.sig").unlink(missing_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", key, file], check=True)
    return file.with_name("record.json.sig").read_text()


def form(decision: Decision, **fields: str) -> dict[str, str]:
    """The approval form as the page sends it."""
    return {"digest": decision.newest_record().digest, "agreed": "on", **fields}


def approval_of(decision: Decision) -> Signature:
    return decision.newest_record().signatures.get(meaning=Meaning.APPROVAL)


def test_an_ssh_signature_by_the_real_program_approves_and_can_be_checked_without_us(
    client: Client, proposed: Decision, tomas: User, key: Path, tmp_path: Path
) -> None:
    client.force_login(tomas)
    line = key.with_suffix(".pub").read_text()
    assert (
        "is added"
        in client.post("/account/signing-keys/", {"kind": "ssh", "public_key": line}, follow=True).content.decode()
    )
    record = proposed.newest_record()
    text = signed_by(key, bytes(record.canonical))
    assert "ssh-keygen -Y sign -n meshadvisor" in client.get(proposed.get_absolute_url()).content.decode()
    client.post(proposed.address("approve"), form(proposed, way="ssh", signature=text))
    given = approval_of(proposed)
    assert given.method == "ssh"
    proposed.refresh_from_db()
    assert proposed.status == Status.ACCEPTED

    allowed = client.get(f"/account/allowed-signers/{proposed.organisation.slug}/").content
    (tmp_path / "allowed").write_bytes(allowed)
    (tmp_path / "given.sig").write_text(given.proof["signature"])
    verify = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        "allowed",
        "-I",
        tomas.username,
        "-n",
        "meshadvisor",
        "-s",
        "given.sig",
    ]
    done = subprocess.run(verify, cwd=tmp_path, input=bytes(record.canonical), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_ssh_signature_over_another_file_for_another_purpose_or_by_another_key_is_refused(
    client: Client, proposed: Decision, tomas: User, key: Path
) -> None:
    client.force_login(tomas)
    data = bytes(proposed.newest_record().canonical)
    texts = {
        "not among yours": signed_by(key, data),
        "not over this file": signed_by(key, data + b" "),
        "sign with -n meshadvisor": signed_by(key, data, "git"),
        "no SSH signature": "-----BEGIN SSH SIGNATURE-----",
        "Paste the signature": " ",
    }
    for said, text in texts.items():
        response = client.post(proposed.address("approve"), form(proposed, way="ssh", signature=text))
        assert response.status_code == 422
        assert said in response.content.decode(), said
    assert not proposed.newest_record().signatures.filter(meaning=Meaning.APPROVAL).exists()


def test_a_retired_key_signs_no_more_and_belongs_to_nobody_else(
    client: Client, proposed: Decision, tomas: User, key: Path
) -> None:
    client.force_login(tomas)
    line = key.with_suffix(".pub").read_text()
    client.post("/account/signing-keys/", {"kind": "ssh", "public_key": line})
    kept = SigningKey.objects.get()
    other = Client()
    other.force_login(proposed.author)
    assert other.post(f"/account/signing-keys/{kept.pk}/retire/").status_code == 404
    assert other.post("/account/signing-keys/", {"kind": "ssh", "public_key": line}).status_code == 422
    client.post(f"/account/signing-keys/{kept.pk}/retire/")
    text = signed_by(key, bytes(proposed.newest_record().canonical))
    assert client.post(proposed.address("approve"), form(proposed, way="ssh", signature=text)).status_code == 422


@pytest.mark.parametrize(
    "line", ["", "ssh-dss AAAA", "ssh-ed25519 !!!", "ssh-ed25519 AAAA", "-----BEGIN OPENSSH PRIVATE KEY-----"]
)
def test_what_is_no_public_key_is_refused_and_stays_in_the_form(client: Client, tomas: User, line: str) -> None:
    client.force_login(tomas)
    response = client.post("/account/signing-keys/", {"kind": "ssh", "public_key": line})
    assert response.status_code == 422
    assert not SigningKey.objects.exists()


def test_a_confirmation_asks_for_the_password_once_more_and_says_so_in_the_record(
    client: Client, proposed: Decision, tomas: User
) -> None:
    tomas.set_password("correct horse")
    tomas.save()
    client.force_login(tomas)
    wrong = client.post(proposed.address("approve"), form(proposed, way="confirmation", password="guess"))
    assert wrong.status_code == 422
    client.post(proposed.address("approve"), form(proposed, way="confirmation", password="correct horse"))
    given = approval_of(proposed)
    assert given.method == "password"
    assert given.proof["statement"]["record_sha256"] == given.digest
    assert "signature" not in given.proof


def test_after_five_wrong_passwords_the_right_one_has_to_wait(client: Client, proposed: Decision, tomas: User) -> None:
    tomas.set_password("correct horse")
    tomas.save()
    client.force_login(tomas)
    for _ in range(5):
        client.post(proposed.address("approve"), form(proposed, way="confirmation", password="guess"))
    late = client.post(proposed.address("approve"), form(proposed, way="confirmation", password="correct horse"))
    assert "Too many wrong answers" in late.content.decode()


def test_with_a_second_factor_its_code_confirms_and_the_password_does_not(
    client: Client, proposed: Decision, tomas: User
) -> None:
    secret = base64.b32encode(b"0123456789abcdefghij").decode()
    TOTP.activate(tomas, secret)
    client.force_login(tomas)
    assert (
        client.post(proposed.address("approve"), form(proposed, way="confirmation", code="000000")).status_code == 422
    )
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post(proposed.address("approve"), form(proposed, way="confirmation", code=code))
    assert approval_of(proposed).method == "second-factor"


def test_what_does_not_verify_is_never_kept(proposed: Decision, tomas: User) -> None:
    statement = issue.statement(proposed, proposed.newest_record(), tomas, NOW)
    forged = approval.Given(method="passkey", proof={"statement": statement, "signature": "AAAA"})
    with pytest.raises(approval.ApprovalError, match="does not hold"):
        issue.approve(proposed, tomas, NOW, forged)
    assert Decision.objects.get(pk=proposed.pk).status == Status.PROPOSED
    assert Signature.objects.count() == 1


def test_a_seal_that_fails_is_visible_and_can_be_made_by_hand(
    client: Client, proposed: Decision, tomas: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> bytes:
        message = "the token is not there"
        raise SealError(message)

    with monkeypatch.context() as patched:
        patched.setattr(sealing, "make", broken)
        issue.approve(proposed, tomas, NOW)
    row = Sealing.objects.get(edition="accepted")
    assert (row.state, row.problem, row.attempts) == (SealState.FAILED, "the token is not there", 1)
    client.force_login(tomas)
    page = client.get(proposed.get_absolute_url()).content.decode()
    assert "the token is not there" in page
    assert "Make the PDF now" in page
    client.post(proposed.address("seal", 1))
    row.refresh_from_db()
    assert (row.state, row.problem, row.level) == (SealState.DONE, "", "B-B")
    assert proposed.newest_record().renderings.filter(kind="pdf", edition="accepted").count() == 1
    client.post(proposed.address("seal", 1))  # twice does no harm
    assert proposed.newest_record().renderings.filter(kind="pdf", edition="accepted").count() == 1


def test_while_a_pdf_waits_the_files_ask_again(client: Client, proposed: Decision, tomas: User) -> None:
    Sealing.objects.filter(edition="proposed").update(state=SealState.WAITING, asked_at=timezone.now())
    client.force_login(tomas)
    files = client.get(proposed.address("files", 1)).content.decode()
    assert 'hx-trigger="every 2s"' in files
    assert "being made" in files
    assert "Make the PDF now" not in files


def test_the_envelope_and_the_ssh_signature_of_the_instance_hold(
    client: Client, proposed: Decision, tomas: User
) -> None:
    client.force_login(tomas)
    record = proposed.newest_record()
    data = client.get(proposed.address("dsse", 1)).content
    statement = envelope.check(data, sealing.instance_seal().certificate)
    subjects = {one["name"]: one["digest"]["sha256"] for one in statement["subject"]}
    assert subjects["record.json"] == record.digest
    assert subjects["pdf/proposed"] == hashlib.sha256(dossier.BLANK).hexdigest()
    text = client.get(proposed.address("instance_ssh", 1)).content.decode()
    key = sshsig.check(text, bytes(record.canonical))
    line = client.get(proposed.address("instance_signers", 1)).content.decode().split()
    assert base64.b64decode(line[3]) == key
    stranger = Client()
    stranger.force_login(factories.stranger())
    for name in ("dsse", "instance_ssh", "instance_signers", "seal_certificate", "files"):
        assert stranger.get(proposed.address(name, 1)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_passkey_is_made_and_approves_in_a_real_browser(
    open_page: Any, live_server: LiveServer, proposed: Decision, tomas: User
) -> None:
    localhost = live_server.url.replace("127.0.0.1", "localhost")
    page: Page = open_page()
    client = Client()
    client.force_login(tomas)
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": localhost}])
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]
    page.goto(f"{localhost}/account/signing-keys/")
    page.fill("#passkey-name", "Laptop")
    page.click("text=Make a passkey")
    page.wait_for_selector("text=Laptop is added")

    page.goto(localhost + proposed.get_absolute_url())
    page.check("input[name=agreed]")
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.click("text=Approve with your passkey")
    page.wait_for_selector("text=did not recognise you")
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": True})
    page.click("text=Approve with your passkey")
    page.wait_for_selector("text=You approved DR-0001")

    given = approval_of(proposed)
    assert given.method == "passkey"
    entry, record = sealing.entry(given), bytes(given.record.canonical)
    assert "by passkey, which holds" in approval.check(entry, record)
    for change in ({"nonce": "other"}, {"meaning": "author"}, {"record_sha256": "0" * 64}):
        statement = entry["proof"]["statement"] | change
        forged = json.loads(json.dumps(entry)) | {"proof": entry["proof"] | {"statement": statement}}
        with pytest.raises(approval.ApprovalError):
            approval.check(forged, record)
    assert canonical(entry["proof"]["statement"])
