"""Django's settings, from the environment: docs/how-to/run-the-hub.md names every variable."""

import os
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

import everycount
from everycount_hub import environment
from everycount_hub.home import prepare_home, secret_key

# ---------------------------------------------------------------- where this hub lives

HOME = prepare_home(Path(os.environ.get("EVERYCOUNT_HOME") or "everycount-data").absolute())
STORE_FOLDER = HOME / "store"
PORTAL_FOLDER = HOME / "portal"
"""Editions of the portal and what is drawn for them: made from the store, and again if lost."""
SECRET_KEY = secret_key(HOME)
DEBUG = environment.is_on(os.environ, "EVERYCOUNT_DEBUG")
ALLOWED_HOSTS = environment.hosts(os.environ)
IS_LOCAL = set(ALLOWED_HOSTS) <= set(environment.LOCAL_HOSTS)
"""Reached from this computer alone, without TLS; any other hub demands TLS."""
CSRF_TRUSTED_ORIGINS = [] if IS_LOCAL else [f"https://{host}" for host in ALLOWED_HOSTS]

DATABASES = {"default": environment.database(os.environ, home=HOME)}
_MAIL = environment.mail(os.environ, home=HOME)
globals().update(_MAIL)
SENDS_MAIL = "EMAIL_HOST" in _MAIL
PUBLIC_URL = environment.public_url(os.environ, ALLOWED_HOSTS)
"""How links in mails begin; never taken from a request, whose host a stranger writes."""

FETCH_FOLDER = HOME / "fetching"
"""Answers of services while they are fetched, so that a fetch goes on where it stopped."""
FETCH_HOSTS = environment.fetch_hosts(os.environ)
"""Hosts that may be asked for figures beside those of the known services."""
APPRAISAL_SCHEME = environment.file(os.environ, "EVERYCOUNT_APPRAISAL_SCHEME")

# ---------------------------------------------------------------- parts

INSTALLED_APPS = [
    "everycount_hub.apps.EverycountHub",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "everycount_hub.middleware.own_language",
    "everycount_hub.middleware.second_factor",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "everycount_hub.urls"
WSGI_APPLICATION = "everycount_hub.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "everycount_hub.context.frame",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FORM_RENDERER = "everycount_hub.form_renderer.FieldRenderer"

# ---------------------------------------------------------------- accounts

AUTH_USER_MODEL = "everycount_hub.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workbench"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "everycount_hub.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http" if IS_LOCAL else "https"
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Everycount: "
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip"}
"""Beside it axes counts failures of one account from one address, in the database."""
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Everycount"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_LOCAL

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "everycount_hub.sign_in.name_of"
AXES_USERNAME_FORM_FIELD = "login"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# ---------------------------------------------------------------- protection

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = not IS_LOCAL
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = not IS_LOCAL
SECURE_HSTS_SECONDS = 0 if IS_LOCAL else 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = not IS_LOCAL
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = ["auth.W004", "security.W021"]
"""W004 overlooks that addresses are unique in lower case. W021 asks to join the browsers' list of
domains with TLS only, which the owner of the domain decides."""
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # The picture that hands a new secret to an authenticator app is a data address.
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
LARGEST_FILE = 2**31
"""Bytes a file of figures may have, uploaded, sent or fetched: some 20 million observations."""

# ---------------------------------------------------------------- languages, files

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("vi", _("Vietnamese")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATICFILES_DIRS = [Path(everycount.__file__).parent / "assets"]
WHITENOISE_USE_FINDERS = True
"""Files are served from the packages they come with, so there is no step to forget."""
WHITENOISE_MAX_AGE = 3600

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"everycount_hub": {"level": "INFO"}},
}
