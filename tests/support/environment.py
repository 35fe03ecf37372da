"""A home of its own for every test run. Imported first of all, before Django reads its settings."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

HOME = Path(tempfile.mkdtemp(prefix="firstlight-tests-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

for name in [name for name in os.environ if name.startswith("FIRSTLIGHT_")]:
    del os.environ[name]
os.environ["FIRSTLIGHT_HOME"] = str(HOME)
os.environ["DJANGO_SETTINGS_MODULE"] = "firstlight.conf.settings"
