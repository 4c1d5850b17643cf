"""Settings of the web application, read from the environment and from nowhere else.

| variable | meaning | when absent |
|---|---|---|
| DATA_DIR | directory of everything the instance keeps | ./data |
| DATABASE_URL | postgres://user:password@host:port/name | SQLite under DATA_DIR |
| SECRET_KEY | key of sessions and tokens | made once, kept in DATA_DIR/secret_key |
| MESHADVISOR_ORIGIN | address people type, e.g. https://decisions.example.org | http, loopback only |
| ALLOWED_HOSTS | comma-separated host names, on top of the origin's | loopback names |
| MESHADVISOR_OVERLAY | directory of our own sheets and patches of the catalogue | the shipped catalogue |
| MESHADVISOR_OUTBOUND_ALLOWED | networks of this machine or link that requests may go to, e.g. 127.0.0.0/8 | none |
| MESHADVISOR_VAULT_KEY | key of kept credentials, long and random; former keys after commas | DATA_DIR/vault_key |
| DEBUG | 1 shows tracebacks in the browser; never in production | 0 |
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject

from meshadvisor.secret import read_or_make


def text(name: str, default: str = "") -> str:
    """The variable's value; `default` when it is absent or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """A yes-or-no variable. Raises ImproperlyConfigured for anything that is neither."""
    value = text(name, "1" if default else "0").lower()
    if value not in {"1", "0", "true", "false", "yes", "no", "on", "off"}:
        message = f"{name} must be 1 or 0, not {value!r}"
        raise ImproperlyConfigured(message)
    return value in {"1", "true", "yes", "on"}


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    """A comma-separated variable."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def networks(name: str) -> list[IPv4Network | IPv6Network]:
    """A comma-separated variable of networks. Raises ImproperlyConfigured for what is none."""
    try:
        return [ip_network(word) for word in words(name)]
    except ValueError as error:
        message = f"{name} must hold networks such as 127.0.0.0/8 or fd00::/8: {error}"
        raise ImproperlyConfigured(message) from error


BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(text("DATA_DIR", "data")).expanduser().resolve()

DEBUG = flag("DEBUG")
SECRET_KEY = text("SECRET_KEY") or read_or_make(DATA_DIR / "secret_key")

# Requests to addresses that users typed (Prometheus, web hooks) never go to this machine unless a network says so.
OUTBOUND_ALLOWED = networks("MESHADVISOR_OUTBOUND_ALLOWED")
# Credentials of other systems are kept encrypted; the first key encrypts, every key decrypts. Made when first needed.
VAULT_KEYS = SimpleLazyObject(lambda: words("MESHADVISOR_VAULT_KEY") or [read_or_make(DATA_DIR / "vault_key")])

ORIGIN = text("MESHADVISOR_ORIGIN").rstrip("/")
HTTPS = ORIGIN.startswith("https://")
ORIGIN_HOST = urlsplit(ORIGIN).hostname if ORIGIN else None
if ORIGIN and (ORIGIN_HOST is None or urlsplit(ORIGIN).scheme not in {"http", "https"}):
    message = f"MESHADVISOR_ORIGIN must look like https://decisions.example.org, not {ORIGIN!r}"
    raise ImproperlyConfigured(message)
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", LOOPBACK) + ([ORIGIN_HOST] if ORIGIN_HOST else [])
CSRF_TRUSTED_ORIGINS = [ORIGIN] if ORIGIN else []

OVERLAY = Path(text("MESHADVISOR_OVERLAY")).expanduser().resolve() if text("MESHADVISOR_OVERLAY") else None

INSTALLED_APPS = [
    "decisions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "meshadvisor.headers.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "decisions.access.OneTimePassword",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "meshadvisor.urls"
WSGI_APPLICATION = "meshadvisor.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

if text("DATABASE_URL"):
    DATABASES = {"default": dj_database_url.parse(text("DATABASE_URL"), conn_max_age=60, conn_health_checks=True)}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(DATA_DIR / "meshadvisor.sqlite3"),
            # Write locks are taken when a transaction starts: two writers then wait for each other instead of
            # failing half-way.
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
            # A file, not memory: the tests then meet the locks that production meets.
            "TEST": {"NAME": str(DATA_DIR / "test.sqlite3")},
        }
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "decisions.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

# Work beside the pages waits in the database until `meshadvisor worker` does it; `decisions/tasks.py` says how.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# A cluster inventory of some thousand pods is tens of megabytes. Views refuse files above UPLOAD_MAX_BYTES with a
# sentence; Django refuses pasted text above DATA_UPLOAD_MAX_MEMORY_SIZE by itself.
UPLOAD_MAX_BYTES = 128 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20

CONTENT_SECURITY_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
# Preloading is a promise of a whole domain, made by whoever owns the domain and not by one application on it.
SILENCED_SYSTEM_CHECKS = ["security.W021"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
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
