"""Time stamps on sealed files: what they prove and for how long, and what must not stand beside them."""

import io
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper

from decisions.signing import stamping
from decisions.signing.keystore import Seal, ensure_seal, revocations
from decisions.signing.report import Report
from decisions.signing.seal import seal_pdf
from decisions.signing.stamping import Service, Stamper, StampError, stamped
from decisions.signing.verify import Trust, Verdict, check
from tests.timestamping import LASTS, TimeStampService

YEARS_LATER = timedelta(days=365 * 12)
"""Past the ten years of the seal's own certificates."""


@pytest.fixture(scope="module")
def tsa(tmp_path_factory: pytest.TempPathFactory) -> TimeStampService:
    service = TimeStampService(tmp_path_factory.mktemp("tsa"))
    service.open_for("http://tsa.example")
    return service


def asked(tsa: TimeStampService) -> Service:
    return Service(ask=tsa.answer, roots=(tsa.root,), fetch=lambda _: tsa.list)


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("issuer")


@pytest.fixture(scope="module")
def own(issuer: Path) -> Seal:
    return ensure_seal(issuer)


@pytest.fixture(scope="module")
def files(tsa: TimeStampService, own: Seal, issuer: Path, unsealed: bytes) -> dict[str, bytes]:
    """The same file at each level, and with a second stamp behind it."""
    now = datetime.now(UTC)
    lists = [one for one in [revocations(issuer, now)] if one]
    plain, inside = (seal_pdf(unsealed, own, "Sealed", now, one) for one in (None, asked(tsa)))
    whole = stamped(inside, asked(tsa), lists, now)
    late = stamped(plain, asked(tsa), lists, now)
    return {"B-B": plain, "B-T": inside, "B-LTA": whole, "late": late, "twice": stamped(whole, asked(tsa), lists, now)}


def report(data: bytes, own: Seal, tsa: TimeStampService | None, moment: datetime | None = None) -> Report:
    roots = (tsa.root,) if tsa else ()
    return check(data, Trust(authorities=own.trusted, stamp_roots=roots), moment=moment)


def layer(found: Report, name: str) -> tuple[str, str]:
    return next((one.state, one.said) for one in found.layers if one.name == name)


@pytest.mark.parametrize("name", ["B-T", "B-LTA", "late", "twice"])
def test_a_stamped_file_is_valid_and_says_before_when_it_was_sealed(
    files: dict[str, bytes], own: Seal, tsa: TimeStampService, name: str
) -> None:
    found = report(files[name], own, tsa)
    assert found.verdict is Verdict.VALID, found.text()
    state, said = layer(found, "timestamp")
    assert state == "passed"
    assert f"sealed before {datetime.now(UTC):%Y-%m-%d}" in said
    assert found.fact("Level") == f"PAdES {'B-T' if name == 'B-T' else 'B-LTA'}"


def test_every_level_keeps_the_one_before_it_byte_for_byte(files: dict[str, bytes]) -> None:
    assert files["late"].startswith(files["B-B"])
    assert files["B-LTA"].startswith(files["B-T"])
    assert files["twice"].startswith(files["B-LTA"])


def test_without_an_authority_of_time_stamps_nothing_is_claimed(
    files: dict[str, bytes], own: Seal, tsa: TimeStampService
) -> None:
    found = report(files["B-LTA"], own, None)
    assert found.verdict is Verdict.VALID
    assert layer(found, "timestamp")[0] == "open"
    assert tsa.name in layer(found, "timestamp")[1]


def test_a_file_that_was_stamped_in_time_outlives_the_certificates_of_its_seal(
    files: dict[str, bytes], own: Seal, tsa: TimeStampService, issuer: Path, tmp_path: Path
) -> None:
    """Renewed each time before the certificate of the service ended, as the task does it."""
    moment = datetime.now(UTC) + YEARS_LATER
    assert report(files["B-B"], own, tsa, moment).verdict is Verdict.NOT_VALID
    assert layer(report(files["B-LTA"], own, tsa, moment), "certificate")[0] == "failed", "nobody renewed it"

    later = datetime.now(UTC) + LASTS / 2
    renewed = report(files["twice"], own, tsa, later)
    assert renewed.verdict is Verdict.VALID
    assert "3 time stamps" in layer(renewed, "timestamp")[1]


def test_an_ended_certificate_of_the_service_proves_nothing_any_more_and_is_said(
    files: dict[str, bytes], own: Seal, tsa: TimeStampService
) -> None:
    found = report(files["B-LTA"], own, tsa, datetime.now(UTC) + LASTS * 2)
    state, said = layer(found, "timestamp")
    assert (state, found.verdict) == ("open", Verdict.VALID), "the seal's own certificates still hold"
    assert "has ended, and no newer stamp" in said


def test_stamps_of_a_service_that_is_not_trusted_are_refused(
    files: dict[str, bytes], own: Seal, tmp_path: Path
) -> None:
    other = TimeStampService(tmp_path / "other", "Somebody else")
    found = report(files["B-LTA"], own, other)
    assert found.verdict is Verdict.NOT_VALID
    assert "no service that you trust" in layer(found, "timestamp")[1]


def test_a_service_whose_certificate_was_called_back_stamps_nothing(
    files: dict[str, bytes], own: Seal, issuer: Path, tmp_path: Path
) -> None:
    tsa = TimeStampService(tmp_path / "revoked")
    tsa.open_for("http://tsa.example")
    tsa.revoke(tsa.certificate.serial_number)
    with pytest.raises(StampError, match="does not lead to one that is trusted"):
        stamped(files["B-B"], asked(tsa), (), datetime.now(UTC))


@pytest.mark.parametrize(
    ("answer", "said"), [(b"", "no time stamp"), (b"<html>", "no time stamp"), (b"\x30\x03\x02\x01\x00", "time stamp")]
)
def test_an_answer_that_is_no_time_stamp_is_a_reason_and_no_fault(
    files: dict[str, bytes], tsa: TimeStampService, answer: bytes, said: str
) -> None:
    service = Service(ask=lambda _: answer, roots=(tsa.root,), fetch=lambda _: b"")
    with pytest.raises(StampError, match=said):
        stamped(files["B-B"], service, (), datetime.now(UTC))


@pytest.mark.parametrize("name", ["B-T", "B-LTA"])
def test_random_changes_of_a_stamped_file_are_all_noticed(
    files: dict[str, bytes], own: Seal, tsa: TimeStampService, name: str
) -> None:
    """Half of them in what came with the stamps, where no seal covers."""
    data, chance = files[name], random.Random(11)
    unsealed = data.index(b"/Contents <") + 12
    for turn in range(30):
        place = chance.randrange(unsealed, len(data)) if turn % 2 else chance.randrange(len(data))
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        for trusted in (tsa, None):
            assert report(bytes(changed), own, trusted).verdict is not Verdict.VALID, (place, trusted)


def test_another_issuer_written_into_the_root_beside_a_stamp_is_noticed(
    files: dict[str, bytes], own: Seal, tsa: TimeStampService
) -> None:
    """The root came along with the stamp, nothing signs it there, and its own signature is asked of roots alone."""
    data = files["B-LTA"]
    issuer = tsa.root.issuer.public_bytes().hex().encode()
    written = data.lower()  # in hexadecimal digits
    places = [one for one in range(len(files["B-T"]), len(data)) if written.startswith(issuer, one)]
    assert places
    for start in places:
        for digit in range(start + 22, start + len(issuer), 6):
            changed = bytearray(data)
            changed[digit] = ord("2") if changed[digit] != ord("2") else ord("3")
            for trusted in (tsa, None):
                assert report(bytes(changed), own, trusted).verdict is not Verdict.VALID, digit


@pytest.mark.parametrize("name", ["B-LTA", "twice"])
def test_a_stamp_cut_out_of_the_middle_is_noticed(
    files: dict[str, bytes], own: Seal, tsa: TimeStampService, name: str
) -> None:
    end = len(files["B-T"])
    assert report(files["B-B"] + files[name][end:], own, tsa).verdict is Verdict.UNREADABLE


Change = Callable[[IncrementalPdfFileWriter], None]
Name, Dictionary, Array, Number = pdf_name, generic.DictionaryObject, generic.ArrayObject, generic.NumberObject


def a_title(writer: IncrementalPdfFileWriter) -> None:
    writer.set_info(writer.add_object(Dictionary({Name("/Title"): pdf_string("Rejected")})))


def a_note(writer: IncrementalPdfFileWriter) -> None:
    reference, _ = writer.find_page_for_modification(1)
    page = reference.get_object()
    box = Array([Number(one) for one in (50, 500, 500, 700)])
    note = Dictionary({Name("/Type"): Name("/Annot"), Name("/Subtype"): Name("/Square"), Name("/Rect"): box})
    page[Name("/Annots")] = Array([writer.add_object(note)])
    writer.mark_update(reference)


def an_object_nobody_uses(writer: IncrementalPdfFileWriter) -> None:
    writer.add_object(Dictionary({Name("/Type"): Name("/Strange")}))


def another_record(writer: IncrementalPdfFileWriter) -> None:
    stream = writer.root["/Names"]["/EmbeddedFiles"]["/Names"][1]["/EF"].raw_get("/F")
    held = stream.get_object()
    held._data, held._encoded_data = held.data.replace(b"cni-encryption", b"sidecar-mesh!!"), None
    writer.mark_update(stream)


def an_open_action(writer: IncrementalPdfFileWriter) -> None:
    writer.root[Name("/OpenAction")] = Dictionary({Name("/S"): Name("/Named"), Name("/N"): Name("/Print")})
    writer.update_root()


@pytest.mark.parametrize("change", [a_title, a_note, an_object_nobody_uses, another_record, an_open_action])
@pytest.mark.parametrize("name", ["B-B", "B-LTA"])
def test_what_a_stranger_adds_under_a_genuine_time_stamp_is_refused(
    files: dict[str, bytes], own: Seal, tsa: TimeStampService, change: Change, name: str
) -> None:
    """The service stamps whatever anybody sends, so its stamp over the whole file must make no addition pass."""
    writer = stamping.Writer(io.BytesIO(files[name]))
    change(writer)
    output = io.BytesIO()
    PdfTimeStamper(Stamper(asked(tsa))).timestamp_pdf(writer, "sha256", output=output)
    found = report(output.getvalue(), own, tsa)
    assert layer(found, "structure")[0] == "failed", found.text()


def test_a_stamp_alone_is_what_a_stranger_may_add(files: dict[str, bytes], own: Seal, tsa: TimeStampService) -> None:
    """It shows nothing and only proves that the file is older. That it was not the issuer's, the log tells."""
    output = io.BytesIO()
    PdfTimeStamper(Stamper(asked(tsa))).timestamp_pdf(
        stamping.Writer(io.BytesIO(files["B-B"])), "sha256", output=output
    )
    assert report(output.getvalue(), own, tsa).verdict is Verdict.VALID
