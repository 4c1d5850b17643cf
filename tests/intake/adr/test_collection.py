"""Files among their neighbours, and where files come from."""

import io
import stat
import zipfile
from pathlib import Path

import pytest
from dulwich import porcelain

from decisions.intake.adr import File, Kind, OriginError, files_at, files_in_zip, origin, read


def decision(title: str, status: str, more: str = "") -> bytes:
    return f"# {title}\n\n* Status: {status}\n\n{more}\n\n## Context\n\nc\n\n## Decision\n\nd\n".encode()


def test_links_lead_to_the_files_they_mean_and_dangling_ones_are_reported() -> None:
    files = [
        File(path="adr/0001-old.md", data=decision("Old", "superseded by [ADR 2](0002-new.md#why)")),
        File(path="adr/0002-new.md", data=decision("New", "accepted", "Supersedes ADR-0001. See [x](0009-gone.md).")),
        File(path="adr/0003-also.md", data=decision("Also", "superseded by ADR-2")),
    ]
    old, new, also = read(files)
    assert old.superseded_by == ("0002-new.md",)
    assert new.supersedes == ("adr/0001-old.md",)
    assert also.superseded_by == ("adr/0002-new.md",)
    assert new.problems == ("Leads to 0009-gone.md, which is not among these files.",)
    assert old.problems == also.problems == ()


def dated(number: int, when: str) -> File:
    return File(path=f"000{number}-x.md", data=decision("X", "accepted", f"Date: {when}"))


def test_a_date_with_two_readings_is_read_as_the_dates_around_it_are_written() -> None:
    assert [entry.decision.date for entry in read([dated(1, "05/01/2022"), dated(2, "22/11/2023")])] == [
        "2022-01-05",
        "2023-11-22",
    ]
    assert [entry.decision.date for entry in read([dated(1, "05/01/2022"), dated(2, "11/22/2023")])] == [
        "2022-05-01",
        "2023-11-22",
    ]


def test_a_date_that_nothing_around_settles_stays_empty_with_both_readings_named() -> None:
    (alone,) = read([dated(1, "05/01/2022")])
    assert alone.decision.date is None
    assert alone.problems == ("The date is 2022-01-05 or 2022-05-01: the other dates do not show which. Left empty.",)
    mixed = read([dated(1, "05/01/2022"), dated(2, "22/11/2023"), dated(3, "11/22/2023")])
    assert mixed[0].decision.date is None
    assert mixed[0].problems == ("The date is 2022-01-05 or 2022-05-01: the other dates show both orders. Left empty.",)


def test_two_files_with_one_number_are_reported() -> None:
    first, second = read(
        [File(path="0001-a.md", data=decision("A", "accepted")), File(path="0001-b.md", data=decision("B", "accepted"))]
    )
    assert first.problems == ("Has the number 1, as 0001-b.md has.",)
    assert second.problems == ("Has the number 1, as 0001-a.md has.",)


def test_a_thin_file_named_like_the_decisions_around_it_is_one() -> None:
    files = [File(path=f"000{n}-x.md", data=decision("X", "accepted")) for n in (1, 2)]
    thin = File(path="0003-thin.md", data=b"# Thin\n\nMore to come.\n")
    assert [entry.decision.kind for entry in read([*files, thin])] == [Kind.ADR] * 3
    assert read([thin])[0].decision.kind is Kind.OTHER


def test_what_lies_beside_a_decisions_own_text_is_no_decision() -> None:
    files = [
        File(path="0001-api/README.md", data=decision("API", "accepted")),
        File(path="0001-api/costs.md", data=b"# Costs\n\n## Context\n\n## Decision\n"),
    ]
    assert [entry.decision.kind for entry in read(files)] == [Kind.ADR, Kind.OTHER]


def packed(members: dict[str, bytes], mode: int = 0o644) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            member = zipfile.ZipInfo(name)
            member.external_attr = mode << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return data.getvalue()


@pytest.mark.parametrize(
    "name", ["../0001-x.md", "/etc/0001-x.md", "a/../../x.md", "C:\\x.md", "a\\..\\..\\x.md", "a\nb.md"]
)
def test_a_zip_that_climbs_out_of_itself_is_refused(name: str) -> None:
    with pytest.raises(OriginError, match="lies outside it"):
        files_in_zip(packed({name: b"# X"}))


def test_links_in_a_zip_are_passed_over() -> None:
    assert files_in_zip(packed({"0001-x.md": b"/etc/passwd"}, stat.S_IFLNK | 0o777)) == ()


def test_a_bomb_is_refused_by_what_comes_out_of_it() -> None:
    with pytest.raises(OriginError, match="More than"):
        files_in_zip(packed({f"{n:04}-x.md": b"x" * 4_000_000 for n in range(40)}))


def test_a_damaged_zip_is_refused_in_words() -> None:
    with pytest.raises(OriginError, match="no zip file"):
        files_in_zip(packed({"0001-x.md": b"# X" * 1000})[:-40])


def test_more_members_than_any_folder_of_decisions_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origin, "MAX_FILES", 3)
    assert len(files_in_zip(packed({f"{n}-x.md": b"# X" for n in range(3)}))) == 3
    with pytest.raises(OriginError, match="More than 3 files"):
        files_in_zip(packed({f"{n}-x.txt": b"" for n in range(4)}))


def test_a_zip_that_asks_for_a_password_is_refused_in_words() -> None:
    data = bytearray(packed({"0001-x.md": b"# X"}))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flags] |= 1
    with pytest.raises(OriginError, match="encrypted"):
        files_in_zip(bytes(data))


def test_a_zip_in_a_zip_stays_packed() -> None:
    inner = packed({"0001-x.md": b"# X"})
    assert files_in_zip(packed({"inner.zip": inner, "0002-y.md": b"# Y"})) == (File(path="0002-y.md", data=b"# Y"),)


def test_links_in_a_repository_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "0001-x.md").write_bytes(b"# X")
    (tmp_path / "0002-link.md").symlink_to("/etc/passwd")
    porcelain.init(str(tmp_path)).close()
    porcelain.add(str(tmp_path), [str(tmp_path / "0001-x.md"), str(tmp_path / "0002-link.md")])
    porcelain.commit(str(tmp_path), message=b"x", author=b"A <a@example.org>", committer=b"A <a@example.org>")
    assert [file.path for file in files_at(str(tmp_path / ".git"))] == ["0001-x.md"]


def test_a_folder_is_read_without_its_links(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret")
    folder = tmp_path / "adr"
    folder.mkdir()
    (folder / "0001-x.md").write_bytes(decision("X", "accepted"))
    (folder / "0002-link.md").symlink_to(tmp_path / "secret.md")
    (folder / "up").symlink_to(tmp_path, target_is_directory=True)
    assert [file.path for file in files_at(str(folder))] == ["0001-x.md"]


def test_a_bare_repository_is_read_at_its_last_commit(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    repository = porcelain.init(str(work))
    (work / "0001-x.md").write_bytes(decision("X", "accepted"))
    porcelain.add(str(work), [str(work / "0001-x.md")])
    porcelain.commit(str(work), message=b"x", author=b"A <a@example.org>", committer=b"A <a@example.org>")
    repository.close()
    (file,) = files_at(str(work / ".git"))
    assert (file.path, read([file])[0].decision.status) == ("0001-x.md", "accepted")


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(OriginError, match="no such file or folder"):
        files_at(str(tmp_path / "nothing"))
