"""Large files: spooled, read by a worker, followed, called off, and gone from the disk whatever happens."""

import datetime as dt
import gzip
import html
import io
import json
import os
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from decisions import receiving, spool
from decisions.models import Decision, Measurement, Progress, Role, Upload
from decisions.models.uploads import UploadQuerySet
from decisions.receiving import AT_ONCE, ATTEMPTS, KEPT_FOR, forget_uploads, read_upload, takes_long
from tests import factories
from tests.web.test_wizard_files import SECRET, k6, pods
from tests.work import work

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def line(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks wait in the database, as in production, and the spool is empty."""
    settings.TASKS = {"default": settings.TASKS["line"]}
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)


def large() -> bytes:
    """A list of 20 pods with as many blanks as make it large."""
    content = pods(20)
    return content[:-2] + b" " * AT_ONCE + content[-2:]


def send(client: Client, draft: Decision, *files: tuple[str, bytes]):
    uploads = [SimpleUploadedFile(name, data) for name, data in files]
    return client.post(draft.address("baseline"), {"act": "read", "files": uploads})


def waiting() -> list[os.PathLike[str]]:
    return sorted(spool.folder().iterdir())


def shown(response: Any) -> str:
    return html.unescape(response.content.decode())


def test_a_large_file_is_read_by_a_worker_followed_and_kept(author: Client, draft: Decision) -> None:
    content = large()
    assert len(content) > AT_ONCE
    response = send(author, draft, ("cluster.json", content), ("summary.json", k6()))
    upload = Upload.objects.get()
    assert response.url == draft.address("baseline") + f"?upload={upload.pk}#reading"
    assert [path.stat().st_mode & 0o777 for path in waiting()] == [0o600, 0o600]

    page = author.get(response.url)
    assert "Waiting for its turn" in shown(page)
    assert "Look again" in shown(page)
    part = author.get(response.url.partition("#")[0] + "&follow=1", headers={"HX-Request": "true"})
    assert "<html" not in shown(part)
    assert "hx-get" in shown(part)

    work()
    assert waiting() == []
    part = author.get(response.url.partition("#")[0] + "&follow=1", headers={"HX-Request": "true"})
    assert (part.headers["HX-Refresh"], part.content) == ("true", b"")
    page = author.get(response.url)
    assert "20 pods" in shown(page)
    assert "38 ms" in shown(page)
    assert SECRET not in shown(page) + json.dumps(Upload.objects.values_list("packed", flat=True)[0])

    first = {f"use:{one.path}": one.found[0][0] for one in page.context["offers"]}
    given = {"act": "keep", "token": page.context["token"], "upload": upload.pk}
    assert author.post(draft.address("baseline"), given | first).url == draft.address("step", 2)
    assert set(Measurement.objects.values_list("file_name", "size")) == {
        ("cluster.json", len(content)),
        ("summary.json", len(k6())),
    }
    assert not Upload.objects.exists()


def test_a_small_file_is_answered_at_once(author: Client, draft: Decision) -> None:
    assert send(author, draft, ("summary.json", k6())).status_code == 200
    held = Upload.objects.get()
    assert (held.status, held.keys) == ("done", [])  # what was read is held, no byte of the file was spooled
    assert waiting() == []


def test_a_small_packed_file_counts_as_what_it_may_hold() -> None:
    packed = gzip.compress(pods(12_000), 1)
    assert len(packed) < AT_ONCE
    assert takes_long([("a.gz", io.BytesIO(packed))])
    assert not takes_long([("a.gz", io.BytesIO(gzip.compress(k6())))])


def test_progress_is_told_in_bytes_and_a_call_off_ends_the_reading(
    author: Client, draft: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, str]] = []
    monkeypatch.setattr("decisions.intake.source.WATCHED", 100_000)
    content = large()
    send(author, draft, ("small.json", k6()), ("cluster.json", content))
    upload = Upload.objects.get()
    move = UploadQuerySet.move

    def watched(self: Any, key: int, before: Any, **changes: Any) -> bool:
        if changes.get("now"):
            seen.append((changes["done"], changes["now"]))
            if len(seen) == 5:
                author.post(draft.address("baseline"), {"act": "cancel", "upload": upload.pk})
        return move(self, key, before, **changes)

    monkeypatch.setattr("decisions.models.uploads.UploadQuerySet.move", watched)
    work()
    assert [name for _, name in seen] == ["small.json"] + ["cluster.json"] * 4
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    upload.refresh_from_db()
    assert (upload.status, upload.packed) == (Progress.CANCELLED, None)
    assert waiting() == []
    assert "Called off" in shown(author.get(draft.address("baseline") + f"?upload={upload.pk}"))


def test_an_upload_called_off_before_its_turn_is_never_read(author: Client, draft: Decision) -> None:
    send(author, draft, ("cluster.json", large()))
    upload = Upload.objects.get()
    author.post(draft.address("baseline"), {"act": "cancel", "upload": upload.pk})
    assert waiting() == []
    work()
    upload.refresh_from_db()
    assert (upload.status, upload.packed) == (Progress.CANCELLED, None)


def test_one_large_upload_at_a_time(author: Client, draft: Decision) -> None:
    send(author, draft, ("cluster.json", large()))
    response = send(author, draft, ("more.json", large()))
    assert response.status_code == 422
    assert "Files of yours are being read" in shown(response)
    assert len(waiting()) == 1


def test_what_cannot_be_read_is_refused_with_advice_and_deleted(author: Client, draft: Decision) -> None:
    response = send(author, draft, ("cut.json", large()[:-10]))
    work()
    page = shown(author.get(response.url))
    assert "cut off" in page
    assert "kubectl get" in page
    assert waiting() == []


def test_a_fault_of_ours_ends_the_upload_and_deletes_its_file(
    author: Client, draft: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        message = "a fault"
        raise RuntimeError(message)

    monkeypatch.setattr(receiving, "read_together", broken)
    response = send(author, draft, ("cluster.json", large()))
    work()
    assert waiting() == []
    assert receiving.FAILED in shown(author.get(response.url))


def test_a_reading_that_was_interrupted_begins_anew_once(author: Client, draft: Decision) -> None:
    send(author, draft, ("cluster.json", large()))
    upload = Upload.objects.get()
    Upload.objects.update(status=Progress.RUNNING, attempts=ATTEMPTS - 1, done=77)
    read_upload.func(upload.pk)
    upload.refresh_from_db()
    assert upload.status == Progress.DONE

    send(author, draft, ("cluster.json", large()))
    upload = Upload.objects.latest("pk")
    Upload.objects.filter(pk=upload.pk).update(status=Progress.RUNNING, attempts=ATTEMPTS)
    read_upload.func(upload.pk)
    upload.refresh_from_db()
    assert (upload.status, upload.problem) == (Progress.FAILED, receiving.INTERRUPTED)
    assert waiting() == []


def test_a_worker_that_does_not_find_the_file_says_so(author: Client, draft: Decision) -> None:
    response = send(author, draft, ("cluster.json", large()))
    spool.drop(Upload.objects.get().keys)
    work()
    assert "share DATA_DIR" in shown(author.get(response.url))


def test_uploads_are_forgotten_after_a_day_and_what_a_crash_left_after_an_hour(author: Client, draft: Decision) -> None:
    send(author, draft, ("cluster.json", large()))
    for name, age in (("left", 2), ("young", 0)):
        path = spool.folder() / name
        path.write_bytes(b"x")
        moment = (timezone.now() - dt.timedelta(hours=age)).timestamp()
        os.utime(path, (moment, moment))
    old = (timezone.now() - dt.timedelta(hours=3)).timestamp()
    (key,) = Upload.objects.get().keys
    os.utime(spool.folder() / key, (old, old))
    assert forget_uploads.func() == 1
    assert {path.name for path in waiting()} == {"young", key}
    Upload.objects.update(sent_at=timezone.now() - KEPT_FOR - dt.timedelta(minutes=1))
    forget_uploads.func()
    assert not Upload.objects.exists()
    assert {path.name for path in waiting()} == {"young"}


def test_a_full_disk_is_said_and_leaves_nothing(
    author: Client, draft: Decision, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = spool.put

    def full(content: Any) -> spool.Spooled:
        if waiting():
            raise OSError(28, "No space left on device")
        return put(content)

    monkeypatch.setattr(spool, "put", full)
    response = send(author, draft, ("a.json", large()), ("b.json", large()))
    assert response.status_code == 422
    assert "no room" in shown(response)
    assert waiting() == []
    assert not Upload.objects.exists()


def test_an_upload_is_its_sender_s_alone_until_it_is_kept(author: Client, draft: Decision) -> None:
    response = send(author, draft, ("cluster.json", large()))
    work()
    upload = Upload.objects.get()
    for user in (factories.member(draft.team, Role.AUTHOR), factories.decision().author):
        author.force_login(user)
        assert author.get(response.url).status_code == 404
        assert author.post(draft.address("baseline"), {"act": "cancel", "upload": upload.pk}).status_code == 404
    assert Upload.objects.of(draft.author).count() == 1
    assert not Upload.objects.of(factories.stranger()).exists()


def test_what_was_read_waits_on_the_page_and_can_be_forgotten(author: Client, draft: Decision) -> None:
    send(author, draft, ("cluster.json", large()))
    work()
    page = shown(author.get(draft.address("baseline")))
    assert "read, not kept yet" in page
    author.post(draft.address("baseline"), {"act": "cancel", "upload": Upload.objects.get().pk})
    assert not Upload.objects.exists()
