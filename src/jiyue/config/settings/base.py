"""Settings of the console and of everything that works behind it. The portal's server needs none."""

from pathlib import Path

from jiyue.config import environment as env

PACKAGE = Path(__file__).resolve().parents[2]
JIYUE_HOME = env.home_folder()

DEBUG = False
SECRET_KEY = env.secret(JIYUE_HOME / "keys" / "console.secret")
CONSOLE_HOST = env.text("JIYUE_CONSOLE_HOST", "console.localhost")
CONSOLE_PORT = env.number("JIYUE_CONSOLE_PORT", 8000)
PORTAL_PORT = env.number("JIYUE_PORTAL_PORT", 8080)
# How a reader's browser reaches the portal; without a port behind nginx.
PORTAL_ADDRESS = env.text("JIYUE_PORTAL_ADDRESS", "http://{host}:" + str(PORTAL_PORT))
# Publishing bakes with whatever renders pages; the portal stands above it, so it is named here and not imported there.
JIYUE_RENDERER = "jiyue.portal.environment.portal_renderer"
ALLOWED_HOSTS = [CONSOLE_HOST, *env.words("JIYUE_CONSOLE_ALIASES")]
CSRF_TRUSTED_ORIGINS = env.words("JIYUE_TRUSTED_ORIGINS")

ROOT_URLCONF = "jiyue.config.urls"
WSGI_APPLICATION = "jiyue.config.wsgi.application"
AUTH_USER_MODEL = "identity.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Ours stand before Wagtail's, so that a template of the same name is ours.
INSTALLED_APPS = [
    "jiyue.console",
    "jiyue.search",
    "jiyue.publishing",
    "jiyue.interaction",
    "jiyue.disclosure",
    "jiyue.review",
    "jiyue.concerns",
    "jiyue.content",
    "jiyue.obligations",
    "jiyue.estate",
    "jiyue.checks",
    "jiyue.rules",
    "jiyue.identity",
    "jiyue.foundation",
    "wagtail.contrib.table_block",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.snippets",
    "wagtail.users",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
]
# The widgets are ours first (an empty choice is said in Chinese), then Django's.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "jiyue.console.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "jiyue.console.gate.GateMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jiyue.console.context.console",
            ]
        },
    }
]

SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": str(JIYUE_HOME / "db.sqlite3"),
    "OPTIONS": {
        # IMMEDIATE: a writer takes the only lock at once instead of failing half way. FULL: a commit survives power loss.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_size=-32000;",
    },
}
POSTGRESQL = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": env.text("JIYUE_PG_NAME", "jiyue"),
    "USER": env.text("JIYUE_PG_USER", "jiyue"),
    "PASSWORD": env.text("JIYUE_PG_PASSWORD"),
    "HOST": env.text("JIYUE_PG_HOST"),
    "PORT": env.text("JIYUE_PG_PORT"),
    "CONN_MAX_AGE": 60,
}
# The audit trail and the ledger are kept; only test runs may empty a database (foundation.append_only).
FLUSH_ALLOWED = False
DATABASES = {"default": POSTGRESQL if env.text("JIYUE_DATABASE", "sqlite") == "postgresql" else SQLITE}

# When to remind of a duty: a share of the time given before its end, within bounds. No text says it (docs/howto).
JIYUE_REMIND_SHARE = max(1, env.number("JIYUE_REMIND_SHARE", 3))
JIYUE_REMIND_LEAST_HOURS = env.number("JIYUE_REMIND_LEAST_HOURS", 2)
JIYUE_REMIND_MOST_DAYS = env.number("JIYUE_REMIND_MOST_DAYS", 7)
# Which superior hears of what is late: the territorial one (属地) or the vertical one (垂直管理) where a unit has it.
JIYUE_ESCALATION_CHAIN = env.one_of("JIYUE_ESCALATION_CHAIN", "territorial", ("territorial", "vertical"))

# How often one account may look at who wrote within an hour; the platform's own number, no regulation has one.
JIYUE_CONTACTS_AN_HOUR = max(1, env.number("JIYUE_CONTACTS_AN_HOUR", 60))

# Inner networks (10.20.0.0/16, …) that the platform may fetch from, such as the government extranet with its portals.
JIYUE_FETCH_NETWORKS = env.networks("JIYUE_FETCH_NETWORKS")

# Where mail is handed over; without a host none is sent.
EMAIL_HOST = env.text("JIYUE_SMTP_HOST")
EMAIL_PORT = env.number("JIYUE_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("JIYUE_SMTP_USER")
EMAIL_HOST_PASSWORD = env.text("JIYUE_SMTP_PASSWORD")
_SMTP_SECURITY = env.one_of("JIYUE_SMTP_SECURITY", "none", ("none", "starttls", "tls"))
EMAIL_USE_TLS, EMAIL_USE_SSL = _SMTP_SECURITY == "starttls", _SMTP_SECURITY == "tls"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.text("JIYUE_MAIL_FROM", f"jiyue@{CONSOLE_HOST}")

AUTHENTICATION_BACKENDS = ["jiyue.identity.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = JIYUE_HOME / "static"
STATICFILES_DIRS = [PACKAGE / "console" / "assets"]
# Uploads are private: no URL serves this folder; the console hands files out after asking a policy (C5).
MEDIA_ROOT = JIYUE_HOME / "uploads"
MEDIA_URL = "/private/"
STORAGES = {
    "default": {"BACKEND": "jiyue.content.storing.OwnFolders"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False

# A submission may hold a hundred blocks; each has several fields.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 << 20

SESSION_COOKIE_NAME = "jiyue_console"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 3600
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
HTTPS_ONLY = env.flag("JIYUE_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 365 * 86400 if HTTPS_ONLY else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS_ONLY else None

LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"

WAGTAIL_SITE_NAME = "集约"
WAGTAILADMIN_BASE_URL = f"http://{CONSOLE_HOST}:{CONSOLE_PORT}"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAILADMIN_USER_LOGIN_FORM = "jiyue.console.account.SignInForm"
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = False
WAGTAILIMAGES_IMAGE_MODEL = "content.Picture"
WAGTAILDOCS_DOCUMENT_MODEL = "content.Attachment"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 20 << 20
WAGTAILDOCS_EXTENSIONS = [
    "doc", "docx", "mp3", "mp4", "ofd", "ogg", "pdf", "ppt", "pptx", "txt", "webm", "wps", "xls", "xlsx", "csv", "zip", "wav",
]  # fmt: skip
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {
        "WIDGET": "jiyue.console.writing.widgets.RichText",
        "OPTIONS": {"features": ["bold", "italic", "superscript", "subscript", "link"]},
    }
}
# Wagtail's database search cannot find Chinese and rewrites whole tables (docs/adr). Substring matching needs no index.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database.fallback", "AUTO_UPDATE": False}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.text("JIYUE_LOG_LEVEL", "WARNING")},
}
