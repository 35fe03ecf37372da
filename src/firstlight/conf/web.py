"""The web server: gunicorn with threads, on a socket that the supervisor opened. `python -m firstlight.conf.web FD`."""

import gc
import os
import sys
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from firstlight.conf.lifelines import die_with


def settle(_arbiter: object = None) -> None:
    """Leave what was loaded out of every later search for garbage: each took a tenth of a second out of some request."""
    gc.collect()
    gc.freeze()


OPTIONS: dict[str, Any] = {
    "worker_class": "gthread",
    "workers": 2,
    "threads": 4,
    "graceful_timeout": 1,  # seconds; the supervisor ends what still hangs after that
    "timeout": 30,
    "keepalive": 15,
    "loglevel": "warning",
    "control_socket_disable": True,
    "preload_app": True,  # imported once, shared by both processes
    "when_ready": settle,  # before the processes part
    "max_requests": 20_000,
    "max_requests_jitter": 2_000,
    "post_fork": lambda arbiter, worker: die_with(arbiter.pid),
}


class Web(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn, told by values instead of a command line."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        super().__init__()

    def load_config(self) -> None:
        for name, value in {**OPTIONS, "bind": f"fd://{self.descriptor}"}.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        from django.urls import get_resolver

        from firstlight.conf.wsgi import application

        get_resolver().url_patterns  # noqa: B018 - imports every view before the first request does
        return application


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firstlight.conf.settings")
    Web(int(sys.argv[1])).run()
