"""A page like ours, as a WSGI application: Django, one SQLite read, one template of 40 rows, a response of about 8 KB."""

import os
import sqlite3
import tempfile
import time
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

FOLDER = Path(os.environ.setdefault("BENCHMARK_FOLDER", tempfile.mkdtemp()))
FILE = FOLDER / "benchmark.sqlite3"
ROWS = (
    "{% for number, words in rows %}<li class='row'><a href='/task/{{ number }}/'>{{ words }}</a>"
    "<time datetime='2026-11-23T14:00:00Z'>today 14:00</time><span>Overdue since this morning</span></li>{% endfor %}"
)

if not FILE.exists():
    with sqlite3.connect(FILE) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE IF NOT EXISTS task (id INTEGER PRIMARY KEY, words TEXT)")
        made.executemany("INSERT INTO task (words) VALUES (?)", [(f"Call <{number}> back",) for number in range(40)])

settings.configure(
    SECRET_KEY="benchmark",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": FILE}},
    MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
)
django.setup()
template = Engine().from_string(f"<!doctype html><title>Tasks</title><ul>{ROWS}</ul>")


def page(request: HttpRequest) -> HttpResponse:
    """Read and render."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, words FROM task")
        return HttpResponse(template.render(Context({"rows": cursor.fetchall()})))


def hang(request: HttpRequest) -> HttpResponse:
    """Answer too late, for measuring how a server ends."""
    time.sleep(30)
    return HttpResponse("late")


urlpatterns = [path("", page), path("hang/", hang)]
application = get_wsgi_application()
