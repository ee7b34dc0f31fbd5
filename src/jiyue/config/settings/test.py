"""Settings of the test runs: cheap password hash, no compression of static files, a home of their own."""

import os
import tempfile

# Never the home of a running installation, whatever the shell says.
os.environ["JIYUE_HOME"] = tempfile.mkdtemp(prefix="jiyue-test-")

from jiyue.config.settings.base import *  # noqa: F403
from jiyue.config.settings.base import JIYUE_HOME, MIDDLEWARE

# Tests serve no collected static files.
MIDDLEWARE = [layer for layer in MIDDLEWARE if "whitenoise" not in layer]

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ALLOWED_HOSTS = ["*"]
STORAGES = {
    "default": {"BACKEND": "jiyue.content.storing.OwnFolders"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = JIYUE_HOME / "uploads"
FLUSH_ALLOWED = True
