"""Server time of the demo's pages: p50 and p95 of each kind of page, for each person who comes to it.

`python -m benchmarks.pages [--requests 50] [--json FILE] [--only WORD]`

Makes a demo clinic in a home of its own, serves it as `firstlight demo` does (gunicorn, two workers of four threads, one
SQLite file with synchronous=FULL), and asks for one page after the other over loopback. A time is what the client waits
until the last byte: the whole server, its audit event and its commit included. One request at a time, so it is the time
of a page and not of a crowd. The forecast is also asked for as a typed dose asks for it, another one each time. The goal
is a p95 under 100 ms on two cores that have nothing else to do.
"""

import argparse
import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

PORT = 8798
GOAL_MS = 100
WARM_UP = 5
READY_WITHIN_SECONDS = 240
STAFF = ("prescriber", "nurse", "therapist", "administrator")
PARENTS = ("maya", "elena", "tom", "hannah")
FORECAST = "/plan/forecast/"
INFANT_KG = "5.2"
LINK = re.compile(r'<a\b[^>]*?\shref="([^"#]+)')
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)\d+(?=/)")
NOT_WALKED = re.compile(r"^(https?:|tel:|sms:|mailto:)|^/(static|demo)/|/(leave|sign-out|everywhere)/|\?")


@dataclass(frozen=True)
class Line:
    """What one kind of page took, in milliseconds."""

    who: str
    page: str
    p50_ms: float
    p95_ms: float
    most_ms: float


class Visitor:
    """One person with one connection that stays open, as a browser's does."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        self.cookie = ""
        if who != "nobody":
            realm = "clinic" if who in STAFF else "me"
            answer = self._ask("POST", f"/{realm}/demo/{who}/")
            self.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        self.home = "/" if who == "nobody" else "/clinic/" if who in STAFF else "/me/"

    def _ask(
        self, method: str, address: str, more: Mapping[str, str] = MappingProxyType({})
    ) -> http.client.HTTPResponse:
        headers = {"Host": f"localhost:{PORT}", "Cookie": self.cookie, "Accept": "text/html"}
        self.connection.request(method, address, headers=headers | dict(more))
        answer = self.connection.getresponse()
        answer.body = answer.read()  # type: ignore[attr-defined]  # read to the last byte, and kept for the walk
        return answer

    def page(self, address: str) -> str:
        """Return what a page says."""
        answer = self._ask("GET", address)
        said: bytes = answer.body  # type: ignore[attr-defined]  # see above
        return said.decode()

    def timed(self, address: str, more: Mapping[str, str] = MappingProxyType({})) -> float:
        """Return how many milliseconds one request took, with more headers where some are given."""
        began = time.perf_counter()
        answer = self._ask("GET", address, more)
        took = (time.perf_counter() - began) * 1000
        if answer.status != 200:
            raise SystemExit(f"{self.who} {address}: {answer.status}")
        return took

    def kinds(self) -> dict[str, str]:
        """Walk from home, and return one address of each kind of page."""
        waiting, found = deque([self.home]), dict[str, str]()
        seen = {self.home}
        while waiting:
            address = waiting.popleft()
            if IDENTIFIER.sub("…", address) in found:
                continue
            answer = self._ask("GET", address)
            if answer.status == 200 and (answer.getheader("Content-Type") or "").startswith("text/html"):
                found[IDENTIFIER.sub("…", address)] = address
                links = LINK.findall(answer.body.decode())  # type: ignore[attr-defined]  # see above
                fresh = [link for link in links if link.startswith("/") and not NOT_WALKED.search(link)]
                waiting += [link for link in fresh if link not in seen]
                seen.update(fresh)
        return found


@contextmanager
def served() -> Iterator[None]:
    """Make a demo clinic in a home of its own and serve it."""
    with tempfile.TemporaryDirectory(prefix="firstlight-pages-") as home:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("FIRSTLIGHT_")}
        command = [sys.executable, "-m", "firstlight", "demo", "--port", str(PORT)]
        with subprocess.Popen(
            command, env=environment | {"FIRSTLIGHT_HOME": home}, stdout=subprocess.DEVNULL
        ) as server:
            try:
                _wait(server)
                yield
            finally:
                server.terminate()


def _wait(server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            probe = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            probe.request("GET", "/", headers={"Host": f"localhost:{PORT}"})
            if probe.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.5)
    raise SystemExit(f"The demo clinic was not served within {READY_WITHIN_SECONDS} s.")


def measure(requests: int, only: str) -> Iterator[Line]:
    """Yield one line for each kind of page of each person."""
    for who in ("nobody", *STAFF, *PARENTS):
        visitor = Visitor(who)
        for page, address in visitor.kinds().items():
            if only not in page:
                continue
            for _ in range(WARM_UP):
                visitor.timed(address)
            took = sorted(visitor.timed(address) for _ in range(requests))
            yield _line(who, page, took)
            if page.endswith(FORECAST):
                yield _line(who, f"{page} another dose each time", sorted(forecasts(visitor, address, requests)))


def forecasts(visitor: Visitor, address: str, requests: int) -> Iterator[float]:
    """Yield how long the answer to a typed dose took, as htmx asks for it: the whole form, feeds and a baby's weight included.

    No two doses are the same, so none is remembered.
    """
    page = visitor.page(address)
    form = page[page.index('id="ask"') : page.index('id="forecast"')]
    given = dict(re.findall(r'<input[^>]*?\sname="([^"]+)"[^>]*?\svalue="([^"]*)"', form))
    if 'name="infant_kg"' in form:
        given["infant_kg"] = INFANT_KG
    for number in range(requests):
        typed = given | {"dose_mg": f"{round(float(given['dose_mg']) - (number + 1) / 10, 1):g}"}
        yield visitor.timed(f"{address}?{urlencode(typed)}", {"HX-Request": "true"})


def _line(who: str, page: str, took: Sequence[float]) -> Line:
    p50, p95 = statistics.median(took), took[max(0, -(-len(took) * 95 // 100) - 1)]
    return Line(who, page, round(p50, 1), round(p95, 1), round(took[-1], 1))


def main() -> None:
    """Measure, print a table, and write JSON where it was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=50, help="requests a page, after a warm-up (50)")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--only", default="", help="only pages whose address holds this")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    lines = []
    print(f"{'who':<14}{'page':<60}{'p50 ms':>8}{'p95 ms':>8}{'most':>8}")
    with served():
        for line in measure(options.requests, options.only):
            lines.append(line)
            mark = "  above the goal" if line.p95_ms > GOAL_MS else ""
            print(f"{line.who:<14}{line.page:<60}{line.p50_ms:>8}{line.p95_ms:>8}{line.most_ms:>8}{mark}", flush=True)
    above = sum(line.p95_ms > GOAL_MS for line in lines)
    print(f"\n{len(lines)} pages, {above} above {GOAL_MS} ms; {os.cpu_count()} cores, load {before:.1f} before the run")
    if options.json:
        figures = {"cores": os.cpu_count(), "load_before": before, "requests": options.requests, "goal_ms": GOAL_MS}
        options.json.write_text(json.dumps(figures | {"pages": [asdict(line) for line in lines]}, indent=1))


if __name__ == "__main__":
    main()
