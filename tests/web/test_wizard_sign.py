"""Check and sign, and what issuing does: freeze, render, seal, sign, keep."""

import datetime as dt
import hashlib
import io
import json

import pikepdf
import pytest
from django.test import Client
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from decisions import issue
from decisions.advisor.record import canonical, digest
from decisions.advisor.requirements import BY_ID
from decisions.drafting import Sheet, save
from decisions.models import ConflictError, Decision, Edition, Event, Meaning, Record, Rendering, Role, Status, User
from decisions.signing.seal import ensure_seal
from tests import factories
from tests.factories import NOW
from tests.web import dossier

pytestmark = pytest.mark.django_db
SORTED = {f"requirements.{one}.need": "not_needed" for one in BY_ID} | {
    "requirements.workload_identity.need": "must",
    "requirements.workload_identity.evidence.kind": "rule",
    "requirements.workload_identity.evidence.who": "Compliance, J. Falk",
}


@pytest.fixture
def draft() -> Decision:
    decision = factories.decision(author=factories.member(factories.team(), name="Nadia Okafor"))
    save(decision, Sheet(user=decision.author, seen=1, now=NOW), SORTED)
    return decision


@pytest.fixture
def approver(draft: Decision) -> User:
    return factories.member(draft.team, Role.APPROVER, "Tomas Lind")


@pytest.fixture
def blank(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier.without_pages(monkeypatch)


def pdf_of(record: Record, edition: Edition) -> bytes:
    return bytes(record.renderings.get(kind="pdf", edition=edition).content)


def attachments(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {name: one.get_file().read_bytes() for name, one in opened.attachments.items()}


def test_all_answers_are_shown_once_more_with_a_way_back_to_each(author: Client, draft: Decision) -> None:
    page = author.get(draft.address("sign")).content.decode()
    assert "Compliance, J. Falk" in page
    assert f'href="{draft.address("step", 1)}#requirements-workload_identity"' in page
    assert f'href="{draft.address("step", 4)}#operations-data_path_debuggers"' in page
    assert " without an answer" in page, "what was not answered is counted, and leads to each question"


def test_a_must_have_that_counts_as_nice_to_have_is_called_so_beside_its_answer(
    author: Client, draft: Decision
) -> None:
    answers = {"need": "must", "evidence.kind": "person", "evidence.who": "The boss"}
    dossier.answer(draft, {f"requirements.audit_proof.{name}": value for name, value in answers.items()})
    page = author.get(draft.address("sign"))
    (line,) = [one for _, told in page.context["summary"] for one in told["said"] if one.demoted]
    assert line.question.id == "requirements.audit_proof"
    assert "1 must-have counts as nice to have" in page.content.decode()


def test_a_decision_whose_requirements_are_not_sorted_cannot_be_signed(client: Client) -> None:
    draft = factories.decision()
    client.force_login(draft.author)
    page = client.get(draft.address("sign")).content.decode()
    assert "16 requirements of step 1 are not sorted yet" in page
    response = client.post(draft.address("sign"), {"version": draft.version, "agreed": "yes"})
    assert response.status_code == 422
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    ("posted", "said"),
    [({"agreed": "yes", "version": "1"}, "changed since you opened"), ({"version": "2"}, "Tick the statement")],
)
def test_nobody_signs_what_they_have_not_seen_or_said(
    author: Client, draft: Decision, posted: dict[str, str], said: str
) -> None:
    response = author.post(draft.address("sign"), posted)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Record.objects.exists()


@pytest.mark.usefixtures("blank")
def test_signing_freezes_the_decision(author: Client, draft: Decision) -> None:
    response = author.post(draft.address("sign"), {"version": draft.version, "agreed": "yes"})
    draft.refresh_from_db()
    assert response.status_code == 302
    assert response.url == draft.get_absolute_url()
    assert (draft.status, draft.revision) == (Status.PROPOSED, 1)
    assert author.get(draft.address("sign")).status_code == 302
    assert author.post(draft.address("step", 4), {}).status_code == 302


@pytest.mark.one_database
def test_the_record_keeps_what_was_signed_in_every_format(draft: Decision) -> None:
    record = issue.propose(draft, draft.author, NOW)
    document = json.loads(bytes(record.canonical))
    assert canonical(document) == bytes(record.canonical)
    assert digest(bytes(record.canonical)) == record.digest
    assert document["about"]["number"] == draft.number
    assert document["about"]["status"] == "proposed"
    assert set(record.renderings.values_list("kind", flat=True)) == {"md", "html", "json", "txt", "pdf"}
    for one in record.renderings.all():
        assert hashlib.sha256(bytes(one.content)).hexdigest() == one.sha256
    signature = record.signatures.get()
    assert (signature.signer, signature.meaning, signature.digest) == (draft.author, Meaning.AUTHOR, record.digest)
    assert record.digest in Event.objects.get(act="proposed").detail.values()


def test_the_same_answers_give_the_same_record(draft: Decision) -> None:
    first = canonical(issue.document_of(draft, NOW, Status.PROPOSED))
    assert canonical(issue.document_of(draft, NOW + dt.timedelta(hours=3), Status.PROPOSED)) == first


@pytest.mark.one_database
def test_the_approved_pdf_is_sealed_names_who_approved_and_keeps_the_digest(
    draft: Decision, approver: User, settings
) -> None:
    record = issue.propose(draft, draft.author, NOW)
    proposed = record.digest
    issue.approve(draft, approver, NOW)
    record.refresh_from_db()
    assert draft.status == Status.ACCEPTED
    assert record.digest == proposed
    pdf = pdf_of(record, Edition.ACCEPTED)
    inside = attachments(pdf)
    assert digest(inside["record.json"]) == record.digest
    approvals = json.loads(inside["approvals.json"])
    assert approvals["record_sha256"] == record.digest
    assert [(one["signer"], one["meaning"]) for one in approvals["approvals"]] == [
        ("Nadia Okafor", "author"),
        ("Tomas Lind", "approval"),
    ]
    assert "approvals.json" not in attachments(pdf_of(record, Edition.PROPOSED))
    assert is_sealed(pdf, settings.DATA_DIR)
    middle = len(pdf) // 2
    assert not is_sealed(pdf[:middle] + bytes([pdf[middle] ^ 1]) + pdf[middle + 1 :], settings.DATA_DIR)


def is_sealed(pdf: bytes, data_dir) -> bool:
    from asn1crypto import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    authority = x509.Certificate.load(ensure_seal(data_dir).authority.public_bytes(Encoding.DER))
    try:
        signature = PdfFileReader(io.BytesIO(pdf)).embedded_signatures[0]
        status = validate_pdf_signature(signature, ValidationContext(trust_roots=[authority]))
    except Exception:
        return False
    return status.intact and status.valid and status.trusted


@pytest.mark.usefixtures("blank")
def test_an_author_is_never_the_only_one_who_approves_whatever_the_organisation_says(
    draft: Decision, approver: User
) -> None:
    issue.propose(draft, draft.author, NOW)
    with pytest.raises(ConflictError, match="somebody else"):
        issue.approve(draft, draft.author, NOW)
    draft.organisation.author_may_approve = True
    issue.approve(draft, draft.author, NOW)
    assert draft.status == Status.PROPOSED, "even where one approval is enough"
    issue.approve(draft, approver, NOW)
    assert draft.status == Status.ACCEPTED


@pytest.mark.usefixtures("blank")
def test_of_two_who_act_at_once_one_is_told_and_nothing_is_done_twice(draft: Decision, approver: User) -> None:
    twin = Decision.objects.get(pk=draft.pk)
    issue.propose(draft, draft.author, NOW)
    with pytest.raises(ConflictError, match="is proposed now"):
        issue.propose(twin, draft.author, NOW)
    late = Decision.objects.get(pk=draft.pk)
    issue.approve(draft, approver, NOW)
    with pytest.raises(ConflictError, match="is accepted now"):
        issue.reject(late, approver, "Too dear", NOW)
    assert Record.objects.count() == 1
    assert Rendering.objects.filter(edition=Edition.ACCEPTED).count() == 1


@pytest.mark.usefixtures("blank")
def test_an_approved_successor_retires_its_predecessor(draft: Decision, approver: User) -> None:
    issue.propose(draft, draft.author, NOW)
    issue.approve(draft, approver, NOW)
    successor = issue.succeed(draft, draft.author, NOW)
    assert successor.case["requirements"] == draft.case["requirements"]
    assert (successor.number, successor.case["id"]) == ("DR-0002", "DR-0002")
    assert list(successor.predecessors.all()) == [draft]
    record = issue.propose(successor, draft.author, NOW)
    assert json.loads(bytes(record.canonical))["about"]["supersedes"] == [draft.number]
    draft.refresh_from_db()
    assert draft.status == Status.ACCEPTED, "it stands until the successor is approved"
    issue.approve(successor, approver, NOW)
    draft.refresh_from_db()
    assert draft.status == Status.SUPERSEDED
    assert Event.objects.get(act="superseded").detail == {"by": "DR-0002"}


@pytest.mark.usefixtures("blank")
def test_a_rejected_decision_keeps_its_record_and_the_reason(draft: Decision, approver: User) -> None:
    issue.propose(draft, draft.author, NOW)
    issue.reject(draft, approver, "No evidence for the must-have", NOW)
    assert (draft.status, draft.outcome_reason) == (Status.REJECTED, "No evidence for the must-have")
    assert draft.records.exists()
    with pytest.raises(ConflictError):
        issue.deprecate(draft, approver, "x", NOW)


@pytest.mark.usefixtures("blank")
def test_a_decision_taken_back_and_proposed_again_has_two_revisions(draft: Decision) -> None:
    first = issue.propose(draft, draft.author, NOW)
    issue.withdraw(draft, draft.author, NOW)
    assert draft.is_draft
    second = issue.propose(draft, draft.author, NOW)
    assert (first.revision, second.revision) == (1, 2)
    assert first.digest != second.digest
    assert draft.newest_record() == second


def test_a_draft_has_no_successor(draft: Decision) -> None:
    with pytest.raises(ConflictError, match="only finished decisions"):
        issue.succeed(draft, draft.author, NOW)
