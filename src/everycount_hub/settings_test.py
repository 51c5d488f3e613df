"""Settings of the tests: a home that goes away, quick password hashes, mail kept in memory."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

TEST_HOME = Path(tempfile.mkdtemp(prefix="everycount-test-"))
atexit.register(shutil.rmtree, TEST_HOME, ignore_errors=True)
os.environ["EVERYCOUNT_HOME"] = str(TEST_HOME)
for name in (
    *("EVERYCOUNT_HOSTS", "EVERYCOUNT_EMAIL_URL", "EVERYCOUNT_DEBUG", "EVERYCOUNT_URL"),
    *("EVERYCOUNT_FETCH_HOSTS", "EVERYCOUNT_APPRAISAL_SCHEME"),
):
    os.environ.pop(name, None)

from everycount_hub.settings import *  # noqa: E402, F403 - the home must be known before
from everycount_hub.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SENDS_MAIL = True
AUDIT_GUARD = False
"""Tests empty tables between them; the guard has tests of its own."""
if "sqlite3" in DATABASES["default"]["ENGINE"]:
    # A file, as in earnest: threads and second connections see one database with its locks.
    DATABASES["default"]["TEST"] = {"NAME": TEST_HOME / "test.sqlite3"}
