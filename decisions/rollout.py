"""The roll-out pack of a decision, and giving it to a Git repository: a commit on a branch, never forced."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from dulwich.errors import NotGitRepository
from dulwich.objects import ObjectID
from dulwich.refs import Ref
from dulwich.repo import Repo

from decisions.advice import advise
from decisions.advisor.pack import build
from decisions.advisor.recommendation import Recommendation, Stage
from decisions.advisor.schedule import IN_TIME, LATE
from decisions.commits import RepositoryError, committed, reference_of
from decisions.models import Decision, User

ATTEMPTS = 3


@dataclass(frozen=True, kw_only=True)
class Packed:
    """A pack with the plan it was made from."""

    recommendation: Recommendation
    files: dict[str, bytes]
    generated: tuple[Stage, ...]
    """The stages as they would be without what the team wrote."""
    places: Mapping[str, str]
    """The places that the team gave to small measures."""

    @property
    def late(self) -> str:
        """That the plan likely ends after the deadline; empty where it does not."""
        return self._said(LATE)

    @property
    def in_time(self) -> str:
        """That it likely ends before; empty where it does not, or where nobody can tell."""
        return self._said(IN_TIME)

    def _said(self, topic: str) -> str:
        return next((one.text for one in self.recommendation.advisories if one.topic == topic), "")


def pack_of(decision: Decision) -> Packed:
    """The pack for the answers of a decision, by today's catalogue. Raises PackError for a name nobody can use."""
    advice = advise(decision.judged)
    plain = {key: one for key, one in decision.case.items() if key != "stages"}
    generated = (
        advise(decision.under_policy(plain)).recommendation.plan
        if "stages" in decision.case
        else advice.recommendation.plan
    )
    given = advice.recommendation
    return Packed(
        recommendation=given,
        files=build(advice.case, given.plan, given.product_title),
        generated=generated,
        places={name: words["place"] for name, words in advice.case.stages.items() if "place" in words},
    )


def repositories(decision: Decision) -> list[str]:
    """Names of the repositories that the administrator put into the organisation's directory; none without one."""
    if not settings.REPOSITORIES:
        return []
    folder = Path(settings.REPOSITORIES) / decision.organisation.slug
    if not folder.is_dir():
        return []
    return sorted(one.name for one in folder.iterdir() if (one / "HEAD").is_file() or (one / ".git").is_dir())


def commit(decision: Decision, user: User, name: str, branch: str) -> str:
    """Commit the pack under rollout/<number>/ of a branch, and give the commit's id; the same files make none.

    Only repositories in the organisation's directory are reached. The branch is moved forward if nobody else moved it
    meanwhile, and never rewritten. Raises RepositoryError, PackError.
    """
    if name not in repositories(decision):
        message = f"There is no repository {name[:80]!r} in the directory of {decision.organisation}."
        raise RepositoryError(message)
    reference = reference_of(branch)
    files = pack_of(decision).files
    try:
        with Repo(str(Path(settings.REPOSITORIES) / decision.organisation.slug / name)) as repository:
            _refuse_checked_out(repository, reference, branch)
            for _ in range(ATTEMPTS):
                made = _advance(repository, reference, decision, user, files)
                if made:
                    return made.decode()
    except (NotGitRepository, OSError) as error:
        message = f"The repository {name} could not be written: {error}"
        raise RepositoryError(message) from error
    message = f"The branch {branch} moved while the pack was written. Try again."
    raise RepositoryError(message)


def _refuse_checked_out(repository: Repo, reference: Ref, branch: str) -> None:
    """A branch that somebody has checked out would no longer fit their files."""
    if not repository.bare and repository.refs.get_symrefs().get(Ref(b"HEAD")) == reference:
        message = f"The branch {branch} is checked out there. Name another one, and merge it."
        raise RepositoryError(message)


def _advance(repository: Repo, reference: Ref, decision: Decision, user: User, files: dict[str, bytes]) -> bytes:
    """One try: the new commit's id, or nothing when somebody else moved the branch first."""
    refs = repository.refs
    tip = _at(repository, reference)
    made = committed(repository, tip or _at(repository, Ref(b"HEAD")), decision.number, user, files)
    if made is None and tip:
        return tip
    new = made.id if made else refs[Ref(b"HEAD")]
    moved = refs.set_if_equals(reference, tip, new) if tip else refs.add_if_new(reference, new)
    return new if moved else b""


def _at(repository: Repo, reference: Ref) -> ObjectID | None:
    """The commit a reference points to; None when there is no such reference, or nothing in the repository yet."""
    try:
        return repository.refs[reference]
    except KeyError:
        return None
