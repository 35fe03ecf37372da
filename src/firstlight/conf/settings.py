"""All settings in one file. No environment at all gives the embedded mode: loopback, one SQLite file, own keys."""

import os
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from firstlight.conf.home import flag, home, private_json

HOME = home()
PRODUCTION = flag("FIRSTLIGHT_PRODUCTION")
DEMO = (HOME / "demo.json").exists()
DEBUG = False

if PRODUCTION and DEMO:
    raise ImproperlyConfigured(f"FIRSTLIGHT_HOME={HOME} holds the demo clinic. Production needs a home of its own.")
if PRODUCTION:
    missing = [name for name in ("DATABASE_URL", "FIRSTLIGHT_HOSTS", "FIRSTLIGHT_KEYS") if not os.environ.get(name)]
    if missing:
        raise ImproperlyConfigured(f"FIRSTLIGHT_PRODUCTION=1 needs {', '.join(missing)}.")

KEYS_FILE = Path(os.environ.get("FIRSTLIGHT_KEYS") or HOME / "keys.json")
_keys = private_json(
    KEYS_FILE,
    {"session": secrets.token_hex(48), "ring": {"1": secrets.token_hex(32)}, "signing": secrets.token_hex(32)},
)
SECRET_KEY = _keys["session"]
VAULT_KEYS: dict[str, str] = _keys["ring"]
HEAD_SIGNING_KEY: str = _keys["signing"]
HEADS_FOLDER = Path(os.environ.get("FIRSTLIGHT_HEADS") or HOME / "heads")

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
HOSTS = [host.strip() for host in os.environ.get("FIRSTLIGHT_HOSTS", "").split(",") if host.strip()]
if PRODUCTION and (not HOSTS or "*" in HOSTS):
    raise ImproperlyConfigured("FIRSTLIGHT_HOSTS names each host that the clinic is reached by. * would admit any.")
ALLOWED_HOSTS = HOSTS if PRODUCTION else LOOPBACK
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []

SQLITE: dict[str, Any] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": HOME / "firstlight.sqlite3",
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 10,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    },
}
DATABASES: dict[str, Any] = {"default": SQLITE}
if url := os.environ.get("DATABASE_URL"):
    DATABASES["default"] = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "axes",
    "django_otp",
    "firstlight.ground.design",
    "firstlight.ground.vault",
    "firstlight.ground.audit",
    "firstlight.ground.people",
    "firstlight.ground.documents",
    "firstlight.ground.worklist",
    "firstlight.ground.safety",
    "firstlight.ground.visits",
    "firstlight.ground.ledger",
    "firstlight.journey.learn",
    "firstlight.journey.screening",
    "firstlight.journey.eligibility",
    "firstlight.journey.consent",
    "firstlight.journey.therapists",
    "firstlight.journey.planning",
    "firstlight.journey.dosing",
    "firstlight.journey.response",
    "firstlight.journey.integration",
    "firstlight.journey.timeline",
    "firstlight.doors.fhir",
    "firstlight.doors.portal",
    "firstlight.doors.desk",
    "firstlight.doors.demo",
    "firstlight.conf",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "firstlight.conf.compression.CompressPages",
    "firstlight.conf.compression.CompressedFiles",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "firstlight.ground.people.middleware.RealmSessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "firstlight.ground.people.middleware.ActorMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "firstlight.conf.urls"
WSGI_APPLICATION = "firstlight.conf.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": ["django.template.context_processors.request", "firstlight.conf.context.shell"],
            "builtins": ["firstlight.ground.design.templatetags.firstlight", "django.templatetags.i18n"],
        },
    }
]

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesBackend",
    "firstlight.ground.people.backends.EmailBackend",
    "firstlight.ground.people.backends.CodeBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_USERNAME_FORM_FIELD = "username"  # the credential that carries the address's digest
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "password", "email", "code"]
AXES_CLIENT_IP_CALLABLE = "firstlight.ground.people.lockout.client_address"
AXES_LOCKOUT_CALLABLE = "firstlight.ground.people.lockout.locked_out"
OTP_TOTP_ISSUER = "Firstlight"

# Two realms: each cookie reaches only its own half of the site.
REALMS = {"/me/": "fl_me", "/clinic/": "fl_clinic"}
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "firstlight.ground.people.session_store"
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "firstlight.conf.errors.form_expired"
INVITATION_DAYS = 14

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "font-src": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
        "worker-src": [SELF],
    }
}

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_TZ = True
TIME_ZONE = "UTC"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
FILE_UPLOAD_HANDLERS = ["firstlight.conf.uploads.NoFiles"]

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(HOME / "outbox")
DEFAULT_FROM_EMAIL = os.environ.get("FIRSTLIGHT_SENDER", "messages@firstlight.invalid")
if smtp := os.environ.get("FIRSTLIGHT_SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = smtp
    EMAIL_PORT = int(os.environ.get("FIRSTLIGHT_SMTP_PORT", "587"))
    EMAIL_HOST_USER = os.environ.get("FIRSTLIGHT_SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("FIRSTLIGHT_SMTP_PASSWORD", "")
    EMAIL_USE_TLS = True

PUBLIC_ADDRESS = os.environ.get(
    "FIRSTLIGHT_ADDRESS", f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION else "http://localhost:8000"
)
QUICK_EXIT_ADDRESS = os.environ.get("FIRSTLIGHT_QUICK_EXIT", "https://www.bbc.com/weather")

EMAIL_TIMEOUT = 10  # seconds; ten messages a beat then stay inside the worker's lease

FIRSTLIGHT_REACTIONS = "firstlight.conf.reactions.REACTIONS"
FIRSTLIGHT_PERIODIC = "firstlight.conf.reactions.PERIODIC"
# Who answers in a clinic at a moment, `(clinic_id, at) -> [Membership]`: the worklist asks, safety keeps the roster.
FIRSTLIGHT_ROSTER = "firstlight.ground.safety.selectors.who_answers"
# The clock with which a task begins anew, `(task, at) -> (taken by, page minutes) | None`: safety knows its levels.
FIRSTLIGHT_TASK_CLOCK = "firstlight.ground.safety.timing.clock_of"
# What else is known where a task stands, `(actor, task) -> [Fact]`: the worklist asks, safety tells of the plan.
FIRSTLIGHT_TASK_FACTS = "firstlight.ground.safety.facts.facts_of"
# What a list says beside some tasks, `(actor, tasks) -> {id: Fact}`: as above, for many at once.
FIRSTLIGHT_TASK_NOTES = "firstlight.ground.safety.facts.notes_of"
# Whether the clinic holds a clinical fact to be true, `(parent_id, name, at) -> bool`: safety asks, eligibility merges the facts.
FIRSTLIGHT_FACT_HOLDS = "firstlight.journey.eligibility.selectors.holds_now"
# What parents read about therapists, `(clinic_id, now) -> [Therapist]`: the front door asks, therapists keeps it.
FIRSTLIGHT_PROFILES = "firstlight.journey.therapists.selectors.profiles"
# When a parent's last dose ended, `(parent_id) -> datetime | None`: screening asks, dosing charts it.
FIRSTLIGHT_LAST_DOSE = "firstlight.journey.dosing.selectors.last_dose_at"
# When a parent's dose within a time began and ended, `(parent_id, begin, end) -> (datetime, datetime | None) | None`: likewise.
FIRSTLIGHT_DOSE_BETWEEN = "firstlight.journey.dosing.selectors.dose_between"
# The lines that a letter names, `() -> [Helpline]`: documents ask, safety keeps them.
FIRSTLIGHT_HELPLINES = "firstlight.ground.safety.helplines.helplines"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS = [
    "security.W004",  # HSTS is set in production; the embedded mode is plain HTTP on loopback
    "security.W008",  # likewise the redirect to HTTPS
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "discreet": {
            "()": "firstlight.conf.logs.Discreet",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"axes": {"level": "ERROR"}},
}
