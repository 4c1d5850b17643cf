"""Pushing a roll-out pack to a repository elsewhere: a real git server behind TLS, a token, and what may go wrong."""

import base64
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest
from django.test import Client

from decisions.models import Decision
from tests import factories
from tests.outbound.certificates import Authority
from tests.outbound.servers import Handler, serving
from tests.web import dossier

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not Path("/usr/lib/git-core/git-http-backend").exists(), reason="git is not installed"),
]
TOKEN = "glpat-0123456789"
BACKEND = "/usr/lib/git-core/git-http-backend"


def git(folder: Path, *words: str) -> str:
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    done = subprocess.run(("git", *identity, *words), cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A repository on a server, with one commit on main."""
    work, bare = tmp_path / "work", tmp_path / "served" / "platform.git"
    work.mkdir()
    git(work, "init", "-q", "-b", "main")
    (work / "README.md").write_text("platform\n")
    (work / "rollout").mkdir()
    (work / "rollout" / "keep.txt").write_text("keep\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "Begin")
    git(tmp_path, "clone", "-q", "--bare", str(work), str(bare))
    git(bare, "config", "http.receivepack", "true")
    git(bare, "config", "uploadpack.allowFilter", "true")
    return bare


def answered(folder: Path, seen: list[str], token: str = TOKEN):
    """Git's own http backend as a CGI program, behind basic authentication."""

    def answer(handler: Handler) -> None:
        given = handler.headers.get("Authorization", "")
        seen.append(given)
        if token and base64.b64decode(given.partition(" ")[2]).decode().partition(":")[2] != token:
            handler.say(401, b"", WWW_Authenticate='Basic realm="git"')
            return
        path, _, query = handler.path.partition("?")
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_PROJECT_ROOT": str(folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REMOTE_USER": "ada",
            "REQUEST_METHOD": handler.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": handler.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(handler.body)),
            "GIT_PROTOCOL": handler.headers.get("Git-Protocol", ""),
        }
        done = subprocess.run([BACKEND], input=handler.body, env=environment, capture_output=True, check=False)
        head, _, body = done.stdout.partition(b"\r\n\r\n")
        fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if ": " in line)
        handler.say(int(fields.get("Status", "200").split()[0]), body, fields.get("Content-Type", "text/plain"))

    return answer


@contextmanager
def served(bare: Path, settings, tmp_path: Path, seen: list[str] | None = None) -> Iterator[dict[str, str]]:
    """The form for the repository on its server."""
    settings.OUTBOUND_ALLOWED = [ip_network("127.0.0.0/8")]
    authority = Authority()
    with serving(answered(bare.parent, [] if seen is None else seen), authority.server(tmp_path)) as address:
        yield {
            "act": "push",
            "address": f"{address}/platform.git",
            "branch": "rollout/mesh",
            "token": TOKEN,
            "authority": authority.pem,
        }


@pytest.fixture
def draft(client: Client) -> Decision:
    found = dossier.draft()
    client.force_login(found.author)
    return found


def test_one_commit_is_pushed_and_the_same_files_make_no_other(
    client: Client, draft: Decision, bare: Path, settings, tmp_path: Path
) -> None:
    seen: list[str] = []
    with served(bare, settings, tmp_path, seen) as form:
        first = client.post(draft.address("plan"), form, follow=True)
        assert "pushed. The token was not kept." in first.content.decode()
        again = client.post(draft.address("plan"), form)
        assert again.status_code == 302
    assert all(seen)
    assert git(bare, "rev-list", "--count", "rollout/mesh") == "2"
    assert git(bare, "log", "-1", "--format=%an", "rollout/mesh") == draft.author.name
    files = git(bare, "ls-tree", "-r", "--name-only", "rollout/mesh").split("\n")
    assert {"README.md", "rollout/keep.txt", f"rollout/{draft.number}/README.md"} <= set(files)
    assert git(bare, "rev-list", "--count", "main") == "1"


def test_a_branch_is_moved_forward_over_what_others_committed(
    client: Client, draft: Decision, bare: Path, settings, tmp_path: Path
) -> None:
    git(bare, "branch", "rollout/mesh", "main")
    other = tmp_path / "other"
    git(tmp_path, "clone", "-q", "-b", "rollout/mesh", str(bare), str(other))
    (other / "more.txt").write_text("more\n")
    git(other, "add", ".")
    git(other, "commit", "-qm", "More")
    git(other, "push", "-q")
    with served(bare, settings, tmp_path) as form:
        assert client.post(draft.address("plan"), form).status_code == 302
    assert git(bare, "log", "--format=%s", "rollout/mesh").split("\n")[1:] == ["More", "Begin"]


def test_an_empty_repository_gets_its_first_commit(client: Client, draft: Decision, tmp_path: Path, settings) -> None:
    bare = tmp_path / "served" / "platform.git"
    bare.mkdir(parents=True)
    git(bare, "init", "-q", "--bare", "-b", "main")
    git(bare, "config", "http.receivepack", "true")
    with served(bare, settings, tmp_path) as form:
        page = client.post(draft.address("plan"), form | {"branch": "main"})
        assert page.status_code == 302, page.content.decode()
    assert git(bare, "rev-list", "--count", "main") == "1"


def test_a_branch_the_server_protects_is_said_to_be_refused(
    client: Client, draft: Decision, bare: Path, settings, tmp_path: Path
) -> None:
    hook = bare / "hooks" / "update"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    with served(bare, settings, tmp_path) as form:
        page = client.post(draft.address("plan"), form)
    assert page.status_code == 422
    assert "It may be protected" in page.content.decode()
    assert git(bare, "branch", "--format=%(refname:short)") == "main"


def test_a_wrong_token_is_said_and_neither_kept_nor_shown(
    client: Client, draft: Decision, bare: Path, settings, tmp_path: Path
) -> None:
    with served(bare, settings, tmp_path) as form:
        page = client.post(draft.address("plan"), form | {"token": "wrong-token-42"}).content.decode()
    assert "does not let this user name and token in" in page
    assert form["address"] in page, "what was typed stays"
    assert "wrong-token-42" not in page


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"address": "git@example.org:a/b.git"}, "Over ssh use your own git"),
        ({"address": "https://ada:pw@example.org/a.git"}, "Leave user name and password out"),
        ({"address": "http://example.org/a.git"}, "A token is sent over https"),
        ({"branch": "a..b"}, "is no name of a branch"),
        ({"address": "{base}/none.git"}, "has no such repository"),
    ],
)
def test_what_cannot_be_pushed_says_why(
    client: Client, draft: Decision, bare: Path, settings, tmp_path: Path, change: dict[str, str], why: str
) -> None:
    with served(bare, settings, tmp_path) as form:
        base = form["address"].removesuffix("/platform.git")
        page = client.post(draft.address("plan"), form | {key: one.format(base=base) for key, one in change.items()})
    assert page.status_code == 422
    assert why in page.content.decode().replace("&#x27;", "'")


def test_this_machine_is_no_place_to_push_to_unless_it_is_allowed(
    client: Client, draft: Decision, bare: Path, settings, tmp_path: Path
) -> None:
    with served(bare, settings, tmp_path) as form:
        settings.OUTBOUND_ALLOWED = []
        page = client.post(draft.address("plan"), form)
    assert page.status_code == 422
    assert "MeshAdvisor does not connect there" in page.content.decode()


def test_a_page_instead_of_a_repository_is_told(client: Client, draft: Decision, settings) -> None:
    settings.OUTBOUND_ALLOWED = [ip_network("127.0.0.0/8")]
    with serving(lambda handler: handler.say(200, b"<html>", "text/html")) as address:
        page = client.post(draft.address("plan"), {"act": "push", "address": f"{address}/a", "branch": "x"})
    assert "is no Git repository over http" in page.content.decode()


def test_a_reader_cannot_push(client: Client, draft: Decision) -> None:
    client.force_login(factories.member(draft.team, "viewer"))
    assert client.post(draft.address("plan"), {"act": "push"}).status_code == 403
    assert 'name="token"' not in client.get(draft.address("plan")).content.decode()
