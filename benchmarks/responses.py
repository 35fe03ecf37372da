"""A parent's timeline and the clinic's lists over 10,000, 100,000 and 1,000,000 stored answers, and how they grow.

`python -m benchmarks.responses [--sizes 10000,100000,1000000] [--requests 40] [--json FILE]`

Makes the demo clinic in a home of its own (SQLite with synchronous=FULL), or in the empty database that DATABASE_URL names,
adds parents with answers until each size is reached, and asks for each page in this process: the whole stack from the
middleware to the last byte, its audit event and its commit included, without the network. Each request of a timeline is
another parent's. Goals on two cores that have nothing else to do: timeline 150 ms, lists 300 ms.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SIZES = (10_000, 100_000, 1_000_000)
TIMELINE_MS, LIST_MS = 150, 300
WARM_UP = 4
Addresses = Callable[[int], str]


@dataclass(frozen=True)
class Line:
    """What one page took at one size, in milliseconds, and how many queries it asked."""

    page: str
    answers: int
    parents: int
    p50_ms: float
    p95_ms: float
    goal_ms: int
    queries: int


def pages(parents: Sequence[tuple[Any, int]]) -> Iterator[tuple[str, int, Addresses]]:
    """Yield each page with its goal, and its address by the number of the request."""
    by_answers = [parent_id for parent_id, _count in sorted(parents, key=lambda pair: pair[1])]
    longest, usual = by_answers[-40:], by_answers[len(by_answers) // 2 - 20 :][:40]

    def of(people: Sequence[Any], path: str) -> Addresses:
        return lambda number: f"/clinic/people/{people[number % len(people)]}/{path}"

    yield "timeline, a usual parent", TIMELINE_MS, of(usual, "timeline/")
    yield "timeline, longest answering", TIMELINE_MS, of(longest, "timeline/")
    yield "timeline, longest, all lanes", TIMELINE_MS, of(longest, "timeline/?lanes=all")
    yield "timeline, longest, a week", TIMELINE_MS, of(longest, "timeline/?view=week")
    yield "timeline, hours of a dose", TIMELINE_MS, of(longest, "timeline/?view=hours&dose=2")
    yield "answers of one parent", LIST_MS, of(usual, "answers/")
    yield "answers, longest answering", LIST_MS, of(longest, "answers/")
    yield "answers, longest, in the middle", LIST_MS, of(longest, "answers/?page=7")
    yield "answers, longest, all to print", LIST_MS, of(longest, "answers/?page=all")
    yield "tasks", LIST_MS, lambda _number: "/clinic/tasks/"
    yield "today, who has not answered", LIST_MS, lambda _number: "/clinic/"
    yield "people", LIST_MS, lambda _number: "/clinic/people/"
    if (address := _response_list()) is not None:
        yield "response lists", LIST_MS, lambda _number: address


def _response_list() -> str | None:
    from django.urls import NoReverseMatch, reverse

    try:
        return reverse("response:lists")
    except NoReverseMatch:
        return None


def measure(browser: Any, parents: Sequence[tuple[Any, int]], answers: int, requests: int) -> Iterator[Line]:
    """Yield one line for each page."""
    for page, goal, address in pages(parents):
        for number in range(WARM_UP):
            _timed(browser, address(number))
        took = sorted(_timed(browser, address(number)) for number in range(requests))
        p95 = took[max(0, -(-len(took) * 95 // 100) - 1)]
        queries = _queries(browser, address(0))
        yield Line(page, answers, len(parents), round(statistics.median(took), 1), round(p95, 1), goal, queries)


def _timed(browser: Any, address: str) -> float:
    began = time.perf_counter()
    answer = browser.get(address)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:
        raise SystemExit(f"{address}: {answer.status_code}")
    return took


def _queries(browser: Any, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        browser.get(address)
    return sum(one["sql"].startswith("SELECT") for one in asked.captured_queries)


def founded() -> tuple[Any, Any]:
    """Make the demo clinic in an empty database; return what the filler needs, and a browser of the prescriber."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone
    from django_scopes import scopes_disabled

    from benchmarks.filling import Filler, Place
    from firstlight.doors.demo.building import build
    from firstlight.ground.people.models import Clinic
    from firstlight.journey.planning.models import Order
    from tests.support.signed_in import client_of

    call_command("migrate", verbosity=0)
    if Clinic.objects.exists():
        raise SystemExit("This database has a clinic already. A benchmark fills an empty one.")
    now = timezone.now()
    house = build(now)
    with scopes_disabled():
        order = Order.objects.order_by("at")[0]
    browser = client_of(house.staff["prescriber"])
    browser.defaults["SERVER_NAME"] = "localhost"
    return Filler(Place(house.clinic, house.staff["nurse"], order, now)), browser


def run(sizes: Sequence[int], requests: int) -> Iterator[Line]:
    """Fill and measure, size after size."""
    from django_scopes import scope

    from firstlight.conf.web import settle

    filler, browser = founded()
    for size in sizes:
        began = time.perf_counter()
        with scope(clinic=filler.place.clinic.id):
            filler.up_to(size)
        print(f"\n{filler.answers:,} answers of {len(filler.made):,} parents, filled in "
              f"{time.perf_counter() - began:.0f} s; load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
        analysed()
        settle()  # as the server does before its first request
        yield from measure(browser, filler.made, filler.answers, requests)


def analysed() -> None:
    """Let PostgreSQL count its rows, as it does by itself after a while. SQLite never does unless somebody asks it to."""
    from django.db import connection

    if os.environ.get("DATABASE_URL"):
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def main() -> None:
    """Measure, print a table with the growth from the smallest size, and write JSON where it was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--sizes", default=",".join(map(str, SIZES)), help="numbers of stored answers, from small to large"
    )
    parser.add_argument("--requests", type=int, default=40, help="requests a page, after a warm-up (40)")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    options = parser.parse_args()
    before = os.getloadavg()[0]
    os.environ["DJANGO_SETTINGS_MODULE"] = "firstlight.conf.settings"
    with tempfile.TemporaryDirectory(prefix="firstlight-responses-") as home:
        os.environ["FIRSTLIGHT_HOME"] = home
        lines = _printed(run([int(size) for size in options.sizes.split(",")], options.requests))
    engine = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    print(f"\n{engine}, {os.cpu_count()} cores, load {before:.1f} before the run")
    if options.json:
        figures = {"engine": engine, "cores": os.cpu_count(), "load_before": before, "requests": options.requests}
        options.json.write_text(json.dumps(figures | {"pages": [asdict(line) for line in lines]}, indent=1))


def _printed(lines: Iterator[Line]) -> list[Line]:
    kept: list[Line] = []
    for line in lines:
        kept.append(line)
        first = next(one for one in kept if one.page == line.page)
        growth = f"x{line.p50_ms / first.p50_ms:.1f}" if line is not first else ""
        mark = "  above the goal" if line.p95_ms > line.goal_ms else ""
        print(f"{line.page:<32}{line.answers:>10,}{line.p50_ms:>9}{line.p95_ms:>9}{line.queries:>5}{growth:>7}{mark}",
              flush=True)  # fmt: skip
    return kept


if __name__ == "__main__":
    main()
