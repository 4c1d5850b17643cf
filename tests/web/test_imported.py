"""Records from elsewhere: looked at before they are kept, never shown as approved, harmless whatever they hold."""

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from decisions.models import Event, ImportDraft, ImportedRecord, Role, Team, User
from tests import factories

pytestmark = pytest.mark.django_db
RECORD = b"# Use X\n\n* Status: accepted\n* Date: 2020-05-06\n\n## Context\n\nc\n\n## Decision\n\nd\n"
HOSTILE = b"""---
status: accepted
---
# <img src=x onerror=alert(1)>Use X

<script>alert(1)</script>

[a](javascript:alert(1)) [b](data:text/html,x) [c](https://example.org/) [d](/sign-out/) [e](//evil.example/)

![pixel](https://evil.example/pixel.png)

<a href="https://evil.example" onclick="alert(1)" style="position:fixed">f</a>

## Context

## Decision
"""


@pytest.fixture
def team() -> Team:
    return factories.team()


@pytest.fixture
def author(client: Client, team: Team) -> User:
    user = factories.member(team, Role.AUTHOR)
    client.force_login(user)
    return user


def packed(**members: bytes) -> SimpleUploadedFile:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return SimpleUploadedFile("records.zip", data.getvalue())


def upload(client: Client, team: Team, *files: SimpleUploadedFile) -> Any:
    return client.post("/imported/new/", {"team": team.pk, "files": list(files)})


def brought(client: Client, team: Team, content: bytes) -> ImportedRecord:
    response = upload(client, team, SimpleUploadedFile("0001-x.md", content))
    client.post(response.url, {"act": "keep"})
    return ImportedRecord.objects.get()


def test_an_upload_is_shown_before_anything_is_kept(client: Client, author: User, team: Team) -> None:
    response = upload(client, team, packed(adr__0001_x=b"", **{"adr/0001-x.md": RECORD, "adr/template.md": RECORD}))
    page = client.get(response.url).content.decode()
    assert "1 record in records.zip" in page
    assert "template.md" in page
    assert not ImportedRecord.objects.exists()
    client.post(response.url, {"act": "keep"})
    record = ImportedRecord.objects.get()
    assert bytes(record.content) == RECORD
    assert (record.title, record.claimed_status, record.claimed_date) == ("Use X", "accepted", "2020-05-06")
    assert not ImportDraft.objects.exists()
    assert Event.objects.get(act="imported").detail["records"] == 1


def test_what_is_thrown_away_leaves_nothing(client: Client, author: User, team: Team) -> None:
    response = upload(client, team, packed(**{"0001-x.md": RECORD}))
    client.post(response.url, {"act": "discard"})
    assert not ImportedRecord.objects.exists()
    assert not ImportDraft.objects.exists()


def test_the_same_bytes_again_are_kept_once(client: Client, author: User, team: Team) -> None:
    for _ in range(2):
        response = upload(client, team, packed(**{"0001-x.md": RECORD}))
        response = client.post(response.url, {"act": "keep"}, follow=True)
    assert ImportedRecord.objects.count() == 1
    assert "1 were here already" in response.content.decode()


def test_a_record_is_shown_as_claimed_and_never_as_approved_here(client: Client, author: User, team: Team) -> None:
    record = brought(client, team, RECORD)
    for address in ("/imported/", f"/imported/{record.pk}/"):
        page = client.get(address).content.decode().lower()
        assert "claimed by" in page
        assert 'class="tag status' not in page  # the mark of a decision's own status
    assert "not approved here" in page


def test_hostile_text_is_inert(client: Client, author: User, team: Team) -> None:
    record = brought(client, team, HOSTILE)
    page = client.get(f"/imported/{record.pk}/").content.decode()
    body = page[page.index("<article") : page.index("</article>")]
    assert "<script" not in body
    assert "<img" not in body
    assert 'href="https://example.org/"' in body
    for address in ("javascript:", "data:", "/sign-out/", "//evil.example/"):
        assert f'href="{address}' not in body
    assert '<a href="https://evil.example" onclick' not in body


def test_a_hostile_file_name_is_shown_as_text(client: Client, author: User, team: Team) -> None:
    name = "0001-<img src=x onerror=alert(1)>.md"
    found = upload(client, team, packed(**{name: RECORD})).url
    assert "<img" not in client.get(found).content.decode()
    client.post(found, {"act": "keep"})
    record = ImportedRecord.objects.get()
    assert record.path == name
    for address in ("/imported/", f"/imported/{record.pk}/"):
        page = client.get(address).content.decode()
        assert "<img" not in page
        assert "&lt;img src=x" in page
    header = client.get(f"/imported/{record.pk}/source/").headers["Content-Disposition"]
    assert "\n" not in header
    assert header.startswith("attachment")


def test_the_source_comes_back_byte_for_byte_and_runs_nothing(client: Client, author: User, team: Team) -> None:
    record = brought(client, team, HOSTILE)
    response = client.get(f"/imported/{record.pk}/source/")
    assert response.content == HOSTILE
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("x.zip", b"PK\x03\x04damaged"), "no zip file"),
        (SimpleUploadedFile("notes.md", b"# Notes\n\nBuy milk.\n"), "no decision record"),
    ],
)
def test_what_cannot_be_read_is_said(
    client: Client, author: User, team: Team, file: SimpleUploadedFile, words: str
) -> None:
    file.seek(0)
    response = upload(client, team, file)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_a_zip_that_climbs_out_is_refused(client: Client, author: User, team: Team) -> None:
    response = upload(client, team, packed(**{"../../etc/0001-x.md": RECORD}))
    assert "lies outside it" in response.content.decode()


def test_strangers_see_nothing_and_readers_bring_nothing_in(client: Client, author: User, team: Team) -> None:
    record = brought(client, team, RECORD)
    draft = upload(client, team, packed(**{"0002-x.md": RECORD})).url
    client.force_login(factories.member(factories.team()))
    assert client.get(f"/imported/{record.pk}/").status_code == 404
    assert client.get(f"/imported/{record.pk}/source/").status_code == 404
    assert client.get(draft).status_code == 404
    assert b"Use X" not in client.get("/imported/").content
    assert upload(client, team, packed(**{"0002-x.md": RECORD})).status_code == 200  # not a team of theirs: asked again
    client.force_login(factories.member(team, Role.VIEWER))
    assert client.get(f"/imported/{record.pk}/").status_code == 200
    assert client.get("/imported/new/").status_code == 403


def test_the_list_says_who_brought_what_in_and_strangers_do_not_learn_it(
    client: Client, author: User, team: Team
) -> None:
    members = {f"000{n}-x.md": RECORD for n in range(1, 4)}
    client.post(upload(client, team, packed(**members)).url, {"act": "keep"})
    page = " ".join(client.get("/imported/").content.decode().split())
    assert f"{author.name}: 3 records from records.zip for {team}" in page
    other = factories.member(factories.team(team.organisation), Role.AUTHOR)
    client.force_login(other)
    assert "records.zip" not in client.get("/imported/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_the_same_queries_for_any_number(
    client: Client, author: User, team: Team, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    members = {f"000{n}-x.md": RECORD for n in range(1, count + 1)}
    client.post(upload(client, team, packed(**members)).url, {"act": "keep"})
    client.get("/imported/")
    with django_assert_num_queries(6):
        assert len(client.get("/imported/").context["rows"]) == count
