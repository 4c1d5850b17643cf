"""The instance's secret key: made once, readable by its owner alone."""

import os
import secrets
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def read_or_make(path: Path) -> str:
    """The key kept in `path`, made with mode 0600 at the first start; processes that start together agree on one.

    Raises ImproperlyConfigured when the directory cannot be written or the file is empty.
    """
    try:
        return _kept(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        message = f"cannot read the secret key: {error}"
        raise ImproperlyConfigured(message) from error
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path)
    except OSError as error:
        message = f"cannot keep a secret key in {path.parent} ({error.strerror}); set DATA_DIR or SECRET_KEY"
        raise ImproperlyConfigured(message) from error
    return _kept(path)


def _kept(path: Path) -> str:
    key = path.read_text(encoding="ascii").strip()
    if not key:
        message = f"{path} is empty; delete it and a new key is made (everybody has to log in again)"
        raise ImproperlyConfigured(message)
    return key


def _write_once(path: Path) -> None:
    """Write beside and link into place: nobody ever reads half a key, and the first of two writers wins."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    draft = Path(name)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64) + "\n")
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()
