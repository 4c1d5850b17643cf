"""The product's own settings in a directory of their own: tests never touch the data of the instance beside them."""

import atexit
import os
import shutil
import tempfile

for name in (
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "DEBUG",
    "MESHADVISOR_ORIGIN",
    "MESHADVISOR_OVERLAY",
    "MESHADVISOR_WITNESSES",
):
    os.environ.pop(name, None)
os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="meshadvisor-test-")
atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)

from meshadvisor.settings import *  # noqa: E402, F403

# Names that change with the content as in production, without packing each file twice for every process of tests.
STORAGES = STORAGES | {  # noqa: F405
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
}

# What makes a password slow to guess makes it slow to try in tests; the product has Django's own.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Work beside the pages is done at once; tests of the worker itself say otherwise.
TASKS = {
    "default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend", "QUEUES": []},
    "line": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []},
}
