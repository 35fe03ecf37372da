"""The whole site over HTTP, in this process: a travelled clock and a changed setting reach it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.test.testcases import QuietWSGIRequestHandler


@dataclass(frozen=True)
class Live:
    """A running site."""

    url: str


@pytest.fixture
def live(own_database: None) -> Iterator[Live]:
    """Serve the site on a free port of 127.0.0.1, over a database that only this test has."""
    with serving() as made:
        yield made


@contextmanager
def serving() -> Iterator[Live]:
    """Serve the site on a free port of 127.0.0.1, over the database that stands."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler, allow_reuse_address=False)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield Live(f"http://127.0.0.1:{server.server_address[1]}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
