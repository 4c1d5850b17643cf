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
| MESHADVISOR_OIDC_ISSUER | address of the OpenID provider people sign in with, e.g. https://login.example.org | none |
| MESHADVISOR_OIDC_CLIENT_ID | what the provider knows this instance as | none |
| MESHADVISOR_OIDC_CLIENT_SECRET | the secret the provider gave; or a file with it in ..._SECRET_FILE | none |
| MESHADVISOR_OIDC_NAME | what the button says | Single sign-on |
| MESHADVISOR_OIDC_GROUPS_CLAIM | claim that lists a person's groups | groups |
| MESHADVISOR_OIDC_SCOPES | scopes asked for, comma-separated | openid,profile,email |
| MESHADVISOR_MAIL | smtp://user:password@host:port, smtps:// for TLS from the start, ?starttls=1 | no mail is sent |
| MESHADVISOR_MAIL_FROM | sender of mail | meshadvisor@ the origin's host |
| MESHADVISOR_PROXIES | how many proxies of ours stand before it and append to X-Forwarded-For | 0 |
| MESHADVISOR_EXPORT_BRANCHES | git branches that follow the decisions: organisation=/path/to.git#branch | none |
| MESHADVISOR_WITNESSES | who gets a checkpoint of the log each day: dir:/path, git:/path, mail:address | nobody |
| MESHADVISOR_TIME_ZONE | time zone of pages for whoever has chosen none, e.g. Europe/Berlin | UTC |
| MESHADVISOR_REPOSITORIES | directory of Git repositories, in a folder for each organisation, that packs go to | none |
| MESHADVISOR_SEAL_KEY | where the sealing key lives: a pkcs11: address (RFC 7512) or command:/program | DATA_DIR/seal |
| MESHADVISOR_SEAL_PIN | PIN of that token | pin-source of the address |
| MESHADVISOR_SEAL_PASSPHRASE | passphrase of the keys under DATA_DIR/seal | made once, in a file beside them |
| MESHADVISOR_TSA | time-stamp service (RFC 3161) for seals: https://user:password@host/path; or ..._FILE | none |
| MESHADVISOR_TSA_ROOTS | PEM file with the authorities of that service; needed with it | none |
| MESHADVISOR_DEMO | who one may be by one click when signing in, from this machine alone; see make demo | nobody |
| DEBUG | 1 shows tracebacks in the browser; never in production | 0 |
"""

import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import available_timezones

import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import SimpleLazyObject

from meshadvisor import logs
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


def number(name: str, default: int = 0) -> int:
    """A variable that counts something. Raises ImproperlyConfigured for anything but digits."""
    value = text(name, str(default))
    if not value.isdecimal():
        message = f"{name} must be a whole number, not {value!r}"
        raise ImproperlyConfigured(message)
    return int(value)


def secret_text(name: str) -> str:
    """A variable that must not be seen: its value, or the content of the file that NAME_FILE names."""
    file = text(f"{name}_FILE")
    if not file:
        return text(name)
    try:
        return Path(file).expanduser().read_text(encoding="utf-8").strip()
    except OSError as error:
        message = f"{name}_FILE cannot be read: {error}"
        raise ImproperlyConfigured(message) from error


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
# Where links in mails and invitations lead; `meshadvisor serve` says which port it listens on.
ADDRESS = ORIGIN or f"http://127.0.0.1:{number('MESHADVISOR_PORT', 8000)}"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", LOOPBACK) + ([ORIGIN_HOST] if ORIGIN_HOST else [])
CSRF_TRUSTED_ORIGINS = [ORIGIN] if ORIGIN else []

OVERLAY = Path(text("MESHADVISOR_OVERLAY")).expanduser().resolve() if text("MESHADVISOR_OVERLAY") else None

EXPORT_BRANCHES = words("MESHADVISOR_EXPORT_BRANCHES")
WITNESSES = words("MESHADVISOR_WITNESSES")
REPOSITORIES = text("MESHADVISOR_REPOSITORIES")
TSA = secret_text("MESHADVISOR_TSA")
TSA_ROOTS = Path(text("MESHADVISOR_TSA_ROOTS")).expanduser().resolve() if text("MESHADVISOR_TSA_ROOTS") else None
if TSA and (urlsplit(TSA).scheme not in {"http", "https"} or not urlsplit(TSA).hostname or TSA_ROOTS is None):
    message = "MESHADVISOR_TSA must be an http address, and MESHADVISOR_TSA_ROOTS name the authorities of that service"
    raise ImproperlyConfigured(message)

INSTALLED_APPS = [
    "decisions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "meshadvisor.headers.ContentSecurityPolicy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "meshadvisor.headers.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "decisions.languages.person.OwnLanguage",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "decisions.access.OneTimePassword",
    "decisions.entrance.SecondFactorFirst",
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
            "builtins": ["django.templatetags.i18n", "decisions.templatetags.reading"],
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
            # Opening the file takes longer than most of what is asked of it.
            "CONN_MAX_AGE": 60,
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

# Whoever gives the instance an address of its own gives it to others: then nobody comes in without a password.
DEMO_PEOPLE = [] if ORIGIN else words("MESHADVISOR_DEMO")
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

# What limits attempts to sign in is counted in the database: every process and machine of an instance counts together.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
ALLAUTH_TRUSTED_PROXY_COUNT = number("MESHADVISOR_PROXIES")

# Accounts are made by invitation, by an administrator or by the OpenID provider; nobody signs up alone.
ACCOUNT_ADAPTER = "decisions.entrance.LocalAccounts"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_FORMS = {
    "login": "decisions.entrance.SignInForm",
    "reauthenticate": "decisions.proofs.PasswordForm",
    "reset_password_from_key": "decisions.entrance.NewPasswordForm",
}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "MeshAdvisor: "
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
# Five failed attempts lock an account for ten minutes, ten a minute from one address all of them from there.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/10m/key",
    "reauthenticate": "10/m/user",
    "reset_password": "10/m/ip,3/10m/key",
    "reset_password_from_key": "20/m/ip",
}
# A link to a new password is mailed to known addresses alone, and the page says the same about every address.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
PASSWORD_RESET_TIMEOUT = 3600
MFA_ADAPTER = "decisions.entrance.SecondFactors"
MFA_FORMS = {
    "authenticate": "decisions.proofs.CodeForm",
    "reauthenticate": "decisions.proofs.CodeAgainForm",
    "activate_totp": "decisions.proofs.AppForm",
    "add_webauthn": "decisions.proofs.AddKeyForm",
    "edit_webauthn": "decisions.proofs.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "MeshAdvisor"
MFA_TOTP_TOLERANCE = 1
# Browsers make passkeys for a secure origin or for localhost only; the second is what a trial runs on.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_ALLOW_UNVERIFIED_EMAIL = True

OIDC_ISSUER = text("MESHADVISOR_OIDC_ISSUER").rstrip("/")
if OIDC_ISSUER and not text("MESHADVISOR_OIDC_CLIENT_ID"):
    message = "MESHADVISOR_OIDC_ISSUER needs MESHADVISOR_OIDC_CLIENT_ID, the name the provider knows this instance by"
    raise ImproperlyConfigured(message)
OIDC_ISSUER_ORIGIN = "{0.scheme}://{0.netloc}".format(urlsplit(OIDC_ISSUER)) if OIDC_ISSUER else ""
OIDC_GROUPS_CLAIM = text("MESHADVISOR_OIDC_GROUPS_CLAIM", "groups")
SOCIALACCOUNT_ADAPTER = "decisions.entrance.ProviderAccounts"
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": words("MESHADVISOR_OIDC_SCOPES", ("openid", "profile", "email")),
        "APPS": [
            {
                "provider_id": "sso",
                "name": text("MESHADVISOR_OIDC_NAME", "Single sign-on"),
                "client_id": text("MESHADVISOR_OIDC_CLIENT_ID"),
                "secret": secret_text("MESHADVISOR_OIDC_CLIENT_SECRET"),
                "settings": {"server_url": OIDC_ISSUER},
            }
        ]
        if OIDC_ISSUER
        else [],
    }
}

MAIL = urlsplit(text("MESHADVISOR_MAIL"))
if MAIL.scheme not in {"", "smtp", "smtps"}:
    message = f"MESHADVISOR_MAIL must look like smtp://user:password@host:port, not {MAIL.scheme}://..."
    raise ImproperlyConfigured(message)
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL.hostname else 'dummy'}.EmailBackend"
EMAIL_HOST = MAIL.hostname or ""
EMAIL_PORT = MAIL.port or (465 if MAIL.scheme == "smtps" else 25)
EMAIL_HOST_USER = unquote(MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(MAIL.password or "")
EMAIL_USE_SSL = MAIL.scheme == "smtps"
EMAIL_USE_TLS = parse_qs(MAIL.query).get("starttls") == ["1"]
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = text("MESHADVISOR_MAIL_FROM", f"meshadvisor@{ORIGIN_HOST or 'localhost'}")

# Work beside the pages waits in the database until `meshadvisor worker` does it; `decisions/tasks.py` says how.
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# Records, mails and logs are written in UTC; a page shows its reader's own time.
TIME_ZONE = "UTC"
READERS_TIME_ZONE = text("MESHADVISOR_TIME_ZONE", "UTC")
if READERS_TIME_ZONE not in available_timezones():
    message = f"MESHADVISOR_TIME_ZONE must be a name such as Europe/Berlin, not {READERS_TIME_ZONE!r}"
    raise ImproperlyConfigured(message)
USE_TZ = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# What people write is in the checkout, what is compiled from it under DATA_DIR: see `decisions.languages.compiling`.
MESSAGES_DIR = BASE_DIR / "locale"
LOCALE_PATHS = [DATA_DIR / "locale"]
FORMAT_MODULE_PATH = ["decisions.languages.formats"]

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
    # Signing in with a provider is a form of ours that leads there.
    "form-action": " ".join(["'self'", *([OIDC_ISSUER_ORIGIN] if OIDC_ISSUER_ORIGIN else [])]),
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

LOGGING = logs.CONFIGURATION
