"""What an instance needs before it serves its first page: a database, static files, a sealing key, an administrator."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings

Say = Callable[[str], None]

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
"""What a one-time password is made of: nothing that is mistaken for something else when typed from a screen."""


class PrepareError(Exception):
    """The instance cannot be made ready. The text says why, for the person who started it."""


def prepare(say: Say) -> None:
    """Make what is missing; everything that is there is left alone. Raises PrepareError."""
    django.setup()
    prepare_storage(say)
    collect_static_files(say)
    make_first_administrator(say)
    test_the_seal()


def test_the_seal() -> None:
    """Seal an empty page and check it, so that a seal that would not hold is met now. Raises PrepareError."""
    from decisions.sealing import instance_seal  # noqa: PLC0415
    from decisions.signing.keystore import SealError  # noqa: PLC0415
    from decisions.signing.seal import self_test  # noqa: PLC0415
    from decisions.stamps import roots  # noqa: PLC0415

    try:
        self_test(instance_seal())
        roots()  # of the time-stamp service: a file that cannot be read is met now
    except SealError as error:
        message = f"the sealing key cannot be used: {error}"
        raise PrepareError(message) from error


def prepare_storage(say: Say, since: dt.datetime | None = None) -> None:
    """Make what records are kept in and sealed with: the database and the key. Raises PrepareError.

    `since` is when the certificate of a new key begins; now when it is not given.
    """
    from django.db import OperationalError  # noqa: PLC0415

    from decisions.signing.keystore import SealError  # noqa: PLC0415

    try:
        migrate(say)
        make_sealing_key(say, since)
    except OperationalError as error:
        message = f"the database cannot be used: {error}"
        raise PrepareError(message) from error
    except SealError as error:
        raise PrepareError(str(error)) from error


def migrate(say: Say) -> None:
    """Bring the database to this version's schema."""
    from django.core.management import call_command  # noqa: PLC0415  (needs django.setup)
    from django.db import connection  # noqa: PLC0415
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        say(f"Preparing the database ({connection.vendor}) ...")
        call_command("migrate", interactive=False, verbosity=0)
    connection.close()


def collect_static_files(say: Say) -> None:
    """Collect and compress the static files when one of them has changed since the last time."""
    from django.core.management import call_command  # noqa: PLC0415

    stamp, state = Path(settings.STATIC_ROOT) / ".collected", static_state()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == state:
        return
    say("Collecting the static files ...")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(state, encoding="ascii")


def static_state() -> str:
    """A digest of the names, sizes and times of all static files there are."""
    from django.contrib.staticfiles.finders import get_finders  # noqa: PLC0415

    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(None):
            status = Path(storage.path(name)).stat()
            digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def make_sealing_key(say: Say, since: dt.datetime | None) -> None:
    """Make the key that seals the records of this instance, unless there is one."""
    from decisions.signing.keystore import ensure_seal  # noqa: PLC0415

    fresh = not (Path(settings.DATA_DIR) / "seal").exists()
    seal = ensure_seal(Path(settings.DATA_DIR), now=since)
    if fresh:
        say(f"Made the sealing key in {settings.DATA_DIR}/seal. SHA-256 of its authority, to be published:")
        say(f"  {seal.fingerprint}")


def make_first_administrator(say: Say) -> None:
    """Make an administrator with a team to decide for when the database has nobody; print the password this once."""
    from decisions.models import Membership, Organisation, Team, User  # noqa: PLC0415
    from decisions.models.people import Role  # noqa: PLC0415

    if User.objects.exists():
        return
    password = one_time_password()
    admin = User.objects.create_superuser("admin", password=password, must_change_password=True)
    organisation = Organisation.objects.create(name="My organisation", slug="my-organisation")
    Team.objects.create(organisation=organisation, name="Platform team")
    Membership.objects.create(user=admin, organisation=organisation, role=Role.ADMINISTRATOR)
    say("")
    say("First administrator:  admin")
    say(f"One-time password:    {password}   (shown this once; a new one is chosen at the first log-in)")
    say("")


def one_time_password() -> str:
    """Four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
