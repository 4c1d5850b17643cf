"""What a server writes of itself: warnings and errors, a line each, but for those that are nobody's news."""

import logging
from typing import Any


def _without_trace(record: logging.LogRecord) -> bool:
    """A person who was refused is one line; where in the code they were refused is no news."""
    if getattr(record, "status_code", None) == 403:
        record.exc_info = None
    return True


CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"refused": {"()": "django.utils.log.CallbackFilter", "callback": _without_trace}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["refused"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # One style sheet serves screen and paper; what only a screen knows is no news each time a page is printed.
        "weasyprint": {"level": "ERROR"},
        # Somebody else's host name in a request is refused with 400; it is no fault of ours to be traced.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        # A worker that is told to stop says so each time.
        "django_tasks_db": {"level": "ERROR"},
        # Django answers HEAD with the body of GET and leaves it to the server to drop it; no warning needed each time.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
