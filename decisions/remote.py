"""Giving a roll-out pack to a Git repository elsewhere over https: one commit on a branch, pushed and never forced.

The token is used for the requests of one push and kept nowhere. The requests go through decisions.outbound: to the one
host that was named, never to this machine or a metadata service, bounded in time and size. Over ssh the user's own git
does it, with the user's own keys, on the user's own machine.
"""

import io
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from dulwich.client import AbstractHttpGitClient, SendPackResult
from dulwich.errors import GitProtocolError, NotGitRepository, SendPackError
from dulwich.objects import ObjectID
from dulwich.pack import pack_objects_to_data
from dulwich.refs import HEADREF, Ref
from dulwich.repo import MemoryRepo

from decisions.commits import RepositoryError, committed, reference_of
from decisions.models import Decision, User
from decisions.outbound import BadAddress, Credentials, Forbidden, Place, Response, Unreachable, ask
from decisions.rollout import pack_of

SECONDS = 25.0
"""For all requests of one push together: a page waits for it."""
MOST_BYTES = 32 * 1024 * 1024
"""Of one answer: the newest commit's folders without its files, where the server can leave them out."""


@dataclass(frozen=True, kw_only=True)
class Remote:
    """A repository elsewhere with what is needed to write to it once."""

    address: str
    branch: str
    username: str = ""
    token: str = field(default="", repr=False)
    authority: str = ""
    """The authority of the server's certificate as PEM; empty for those of the system."""


def push(decision: Decision, user: User, remote: Remote) -> str:
    """Push the pack under rollout/<number>/ of a branch, and give the commit's id; the same files make no new one.

    Raises RepositoryError, PackError.
    """
    place = _place(remote)
    reference, files = reference_of(remote.branch), pack_of(decision).files
    try:
        return _pushed(_Client(place, remote), reference, decision, user, files)
    except (Forbidden, Unreachable) as error:
        raise RepositoryError(str(error)) from error
    except NotGitRepository as error:
        message = f"{place.host} has no such repository, or not for this token: check the path and the token's rights."
        raise RepositoryError(message) from error
    except (GitProtocolError, SendPackError, AssertionError, KeyError, ValueError) as error:
        message = f"{place.host} did not take the commit: {_short(error)}"
        raise RepositoryError(message) from error


def _place(remote: Remote) -> Place:
    """The server the repository is on. Raises RepositoryError."""
    typed = remote.address.strip()
    try:
        place = Place.of(typed)
    except BadAddress as error:
        hint = " Over ssh use your own git, as described below." if typed.startswith(("ssh:", "git@")) else ""
        raise RepositoryError(f"{error}{hint}") from error
    if remote.token and place.scheme != "https":
        message = "A token is sent over https:// only, where nobody on the way can read it."
        raise RepositoryError(message)
    return place


def _pushed(client: "_Client", reference: Ref, decision: Decision, user: User, files: dict[str, bytes]) -> str:
    repository = MemoryRepo()
    fetched = client.fetch(
        client.path,
        repository,
        determine_wants=lambda refs, depth=None: [one for one in (_parent(refs, reference),) if one],
        depth=1,
        filter_spec=b"blob:none",
    )
    tip = fetched.refs.get(reference)
    parent = _parent(fetched.refs, reference)
    known = set(repository.object_store)
    made = committed(repository, parent, decision.number, user, files)
    if made is None and tip:
        return tip.decode()
    new = made.id if made else parent
    assert new is not None  # noqa: S101 - without a parent there is a new commit
    objects = [(repository[one], None) for one in set(repository.object_store) - known]

    def moved(refs: Mapping[Ref, ObjectID]) -> dict[Ref, ObjectID]:
        if refs.get(reference) != tip:
            message = "The branch moved while the pack was written. Try again."
            raise RepositoryError(message)
        return {reference: new}

    def packed(*_: Any, **__: Any) -> tuple[int, Iterator[Any]]:
        return pack_objects_to_data(objects)

    _looked_at(client.send_pack(client.path, moved, packed), reference)
    return new.decode()


def _parent(refs: Mapping[Ref, ObjectID | None], reference: Ref) -> ObjectID | None:
    """What the commit stands on: the branch, else what the repository is at; None where it is empty."""
    return refs.get(reference) or refs.get(HEADREF)


def _looked_at(result: SendPackResult, reference: Ref) -> None:
    """Raises RepositoryError where the server refused the branch, with what it says."""
    if refused := (result.ref_status or {}).get(reference):
        message = (
            f"The server refused the branch: {refused[:200]}. It may be protected: name another one, and merge it."
        )
        raise RepositoryError(message)


class _Client(AbstractHttpGitClient):
    """Git's smart protocol over requests that look where they go."""

    def __init__(self, place: Place, remote: Remote) -> None:
        super().__init__(f"{place.scheme}://{place.netloc}/", quiet=True)
        self._origin = f"{place.scheme}://{place.netloc}/"
        # The path as it was typed: a place leaves out what looks like a page of Prometheus.
        self.path = urlsplit(remote.address.strip()).path
        # A token alone goes as the password of any user name, which GitHub, GitLab, Gitea and Bitbucket all take.
        name = remote.username or ("git" if remote.token else "")
        self._credentials = Credentials(username=name, password=remote.token, authority=remote.authority)
        self._until = time.monotonic() + SECONDS

    def _http_request(
        self,
        url: str,
        headers: dict[str, str] | None = None,
        data: bytes | Iterator[bytes] | None = None,
        raise_for_status: bool = True,  # noqa: FBT001, FBT002 - theirs
    ) -> tuple[Any, Callable[[int], bytes]]:
        """One request and its whole answer. Raises NotGitRepository, RepositoryError, Forbidden, Unreachable."""
        del raise_for_status
        if not url.startswith(self._origin):
            message = "The server sends git to another host, which is not followed."
            raise RepositoryError(message)
        body = data if isinstance(data, bytes) or data is None else b"".join(data)
        answer = ask(
            "GET" if data is None else "POST",
            url,
            credentials=self._credentials,
            headers={"Pragma": "no-cache", **(headers or {})},
            data=body,
            seconds=max(self._until - time.monotonic(), 0.1),
            most_bytes=MOST_BYTES,
        )
        _checked(answer)
        return _Answer(answer), io.BytesIO(answer.body).read


@dataclass(frozen=True)
class _Answer:
    """An answer as dulwich looks at it."""

    _response: Response
    redirect_location: str = ""

    @property
    def content_type(self) -> str:
        """What the body is."""
        return self._response.content_type

    def close(self) -> None:
        """Nothing: it was read to its end."""


def _checked(answer: Response) -> None:
    """Raises NotGitRepository or RepositoryError for an answer that is not one of a Git server."""
    if answer.status == 404:
        raise NotGitRepository
    if answer.status in {401, 403}:
        message = (
            "The server does not let this user name and token in: check them, whether the token has run out, and "
            "whether it may write to the repository."
        )
        raise RepositoryError(message)
    if answer.status != 200:
        message = f"The server answers with status {answer.status} instead of git's protocol."
        raise RepositoryError(message)
    if not answer.content_type.startswith("application/x-git-"):
        message = "The address answers, but is no Git repository over http: often it is the page of one, or a login."
        raise RepositoryError(message)


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
