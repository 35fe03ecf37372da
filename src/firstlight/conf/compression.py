"""What leaves the server compressed: texts, to a browser that takes them so and was not sent here by another site."""

import gzip
from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers
from whitenoise.middleware import WhiteNoiseMiddleware

TEXTS = {
    "application/json",
    "application/manifest+json",
    "image/svg+xml",
    "text/css",
    "text/html",
    "text/javascript",
}
ANSWERS_WITHOUT_A_WHOLE_BODY = {204, 206, 304}
FROM_ANOTHER_SITE = {"cross-site", "same-site"}


class CompressPages(GZipMiddleware):
    """Compress pages, and add a random length to each (docs/adr/0013-compressed-on-the-wire.md).

    What another site's page makes a browser ask for leaves uncompressed: its author could choose a word that our page
    repeats, and learn from the length what else stands there. Streams and other files are never compressed.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a text that is here as a whole."""
        if response.streaming or response.status_code in ANSWERS_WITHOUT_A_WHOLE_BODY or not _is_text(response):
            return response
        if request.headers.get("Sec-Fetch-Site") in FROM_ANOTHER_SITE:
            patch_vary_headers(response, ("Accept-Encoding",))
            return response
        return super().process_response(request, response)


class CompressedFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise has no types
    """Styles, scripts and drawings: each is compressed when it is first asked for, and kept in memory.

    They hold nothing about anybody. Their ETag stays as it is: a browser asks with it whether a file has changed.
    """

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        """Return a file, or that it has not changed."""
        response: Any = WhiteNoiseMiddleware.serve(static_file, request)
        if response.status_code != 200 or request.method != "GET" or not _is_text(response):
            return response  # type: ignore[no-any-return]  # whitenoise has no types
        patch_vary_headers(response, ("Accept-Encoding",))
        if not re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
            return response  # type: ignore[no-any-return]  # as above
        with response.file_to_stream as file:
            content = _compressed(Path(file.name), response["ETag"])
        headers = {**response.headers, "Content-Encoding": "gzip", "Content-Length": str(len(content))}
        return HttpResponse(content, headers=headers)


def _is_text(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").partition(";")[0] in TEXTS


@cache
def _compressed(path: Path, etag: str) -> bytes:
    """Return a file compressed; `etag` tells one state of it from the next."""
    return gzip.compress(path.read_bytes(), mtime=0)
