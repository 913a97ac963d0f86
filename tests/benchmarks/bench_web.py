"""Pages of every kind, search, load and attack on the site of a generated build, as its visitors meet it.

    python -m tests.benchmarks.bench_web [--projects N | --build FOLDER] [--pages N] [--seconds S] [--workers N]
        [--no-browser]

The site runs as `kg serve` in processes of its own. Every page is asked for once, so none is served from memory, and
its time runs from the request to the last byte. `wrk` (Debian's package of that name) makes the load of 16 clients: a
random walk over thousands of pages of all kinds. Under attack, four clients send /sparql queries that never end or
take all memory, while pages are asked for one by one. Chromium tells when it first paints.
"""

from __future__ import annotations

import argparse
import random
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx

from kg.build import build as make
from tests.benchmarks.figures import Figure, write
from tests.benchmarks.generator import write_pages
from tests.benchmarks.processes import memory, processor
from tests.servers import free_port

CLIENTS = 16
_PYTHON = Path(sys.executable).resolve()
_QUIET_MS = 20
_PAINTS = 5
_LARGE = 50_000
"""With more projects than this only the search has a limit, another one."""
KINDS = {"project": 4, "owner": 2, "method": 2, "region": 1, "fund": 1, "programme": 1, "specific-objective": 1}
"""Kinds of things, with how often each is asked for under load."""
_WORDS = "arbete deltagare metod jobbcoachning utbildning kalmar samverkan unga språk validering kommun hälsa".split()
_BOMBS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c LIMIT 1",
    "SELECT DISTINCT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT (GROUP_CONCAT(?c) AS ?n) { ?a ?b ?c . ?d ?e ?f }",
)


@dataclass(frozen=True)
class Running:
    """A site that runs: its process, its address, and what it took to start in seconds, on the clock and processor."""

    process: int
    address: str
    started: float
    spent: float


@contextmanager
def served(build: Path, workers: int | None) -> Iterator[Running]:
    """Serve a build until the block ends; measure how long it takes to answer."""
    port = free_port()
    options = ["--port", str(port), "--no-check", "--no-access-log", "--limit", "client-rate=0"]
    if workers:
        options += ["--workers", str(workers)]
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "kg", "serve", str(build), *options], stderr=subprocess.DEVNULL
    ) as site:
        try:
            while not _is_ready(port):
                assert site.poll() is None, "the site ended at once"
                time.sleep(0.005)
            started, spent = time.perf_counter() - begun, processor(site.pid, _PYTHON) / 1000
            _let_settle(site.pid)
            yield Running(site.pid, f"http://127.0.0.1:{port}", started, spent)
        finally:
            site.terminate()


def _is_ready(port: int) -> bool:
    """Ask whether the site answers, with as little work as can be: it is done while the site starts."""
    with socket.socket() as probe:
        probe.settimeout(30)
        if probe.connect_ex(("127.0.0.1", port)):
            return False
        probe.sendall(b"GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return probe.recv(1000).startswith(b"HTTP/1.1 200 ")


def _let_settle(process: int) -> None:
    """Wait until the first pages have been made, at most a minute: what is measured before shares the processor."""
    for _ in range(60):
        before = processor(process, _PYTHON)
        time.sleep(1)
        if processor(process, _PYTHON) - before < _QUIET_MS:
            return


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which a share of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Visitor:
    """Asks for pages and keeps how long each took, on the clock and on the processor, and how large it came."""

    def __init__(self, site: Running) -> None:
        self._process = site.process
        self._client = httpx.Client(
            base_url=site.address, trust_env=False, timeout=60, headers={"Accept-Encoding": "gzip"}
        )
        self._chance = random.Random(7)
        self.largest = 0
        self.projects = int(self._client.get("/search.json").json()["total"])
        self.keys = {kind: self._keys(kind) for kind in KINDS}

    def _keys(self, kind: str) -> list[str]:
        listed = {"project": "projects", "owner": "owners", "method": "methods"}.get(kind, f"{kind}s")
        things = self._client.get(f"/{listed}.json").json()["things"]
        return [thing["key"] for thing in things if thing["projects"] or kind in ("project", "method")]

    def of_kind(self, kind: str, number: int) -> list[str]:
        """Return addresses of a kind: those with most projects, which are the slowest, and others at random."""
        keys = self.keys[kind]
        chosen = [*keys[: number // 3], *self._chance.sample(keys, min(len(keys), number))]
        return [f"/{language}/{kind}/{key}" for key in dict.fromkeys(chosen) for language in ("sv", "en")][:number]

    def anything(self, number: int) -> list[str]:
        """Return addresses of all kinds, mostly of projects and owners."""
        kinds = self._chance.choices(list(KINDS), list(KINDS.values()), k=number)
        return [f"/sv/{kind}/{self._chance.choice(self.keys[kind])}" for kind in kinds]

    def searches(self, number: int) -> list[str]:
        """Return addresses of searches by words and facets, no two alike."""
        pairs = [(one, two) for one in _WORDS for two in _WORDS if one != two]
        chosen = self._chance.sample(pairs, min(number, len(pairs)))
        return [f"/sv/search?q={one}+{two}&region=SE{11 + at % 2}" if at % 3 else f"/sv/search?q={one}+{two}"
                for at, (one, two) in enumerate(chosen)]  # fmt: skip

    def times(self, paths: Sequence[str], spent: list[float] | None = None) -> list[float]:
        """Return how long each page took in milliseconds; `spent` is given what each took of the processor."""
        taken = []
        for path in paths:
            before, begun = processor(self._process, _PYTHON), time.perf_counter()
            with self._client.stream("GET", path) as answer:
                size = sum(map(len, answer.iter_raw()))
            taken.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, (path, answer.status_code)
            if spent is not None:
                spent.append(processor(self._process, _PYTHON) - before)
            self.largest = max(self.largest, size)
        return taken


def pages(site: Running, number: int) -> Iterator[Figure]:
    """Measure pages of every kind, each made anew."""
    visitor = Visitor(site)
    groups = {kind: visitor.of_kind(kind, number) for kind in KINDS}
    groups["explorer"] = [
        f"/sv/explore/{kind}/{key}" for kind in ("method", "owner") for key in visitor.keys[kind][:20]
    ]
    groups["lists"] = [f"/en/{name}?page={at}" for name in ("projects", "owners", "sources") for at in range(2, 9)]
    methods = visitor.keys["method"][:10]
    groups["map"] = [f"/en/map?method={key}&count={count}" for key in methods for count in ("owners", "participants")]
    groups["search"] = visitor.searches(number)
    for name, paths in groups.items():
        spent: list[float] = []
        taken = visitor.times(paths, spent)
        most = (80 if name == "search" else None) if visitor.projects > _LARGE else 60
        yield Figure(f"{name}: median", percentile(taken, 0.5), "ms")
        yield Figure(f"{name}: 95th percentile", percentile(taken, 0.95), "ms", at_most=most)
        yield Figure(f"{name}: median of processor time", percentile(spent, 0.5), "ms")
        yield Figure(f"{name}: 95th percentile of processor time", percentile(spent, 0.95), "ms", at_most=most)
    yield Figure("largest page, compressed", visitor.largest / 1000, "kB", at_most=60)


def load(site: Running, seconds: int, folder: Path) -> Iterator[Figure]:
    """Measure pages a second with many clients: of all kinds at random, then all from memory."""
    paths = Visitor(site).anything(8_000)
    for name, chosen, target in (("at random", paths, 300.0), ("from memory", paths[:200], None)):
        script = folder / "load.lua"
        listed = ",".join(f'"{path}"' for path in chosen)
        script.write_text(
            f"local paths = {{{listed}}}\nlocal n = 0\nrequest = function() n = n + 1\n"
            'return wrk.format("GET", paths[n % #paths + 1], {["Accept-Encoding"] = "gzip"}) end\n'
        )
        command = ["wrk", "-t1", f"-c{CLIENTS}", f"-d{seconds}s", "-s", str(script), "--latency", site.address]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "Non-2xx" not in said, said
        found = re.search(r"Requests/sec:\s+([\d.]+)", said)
        assert found
        yield Figure(f"pages a second, {CLIENTS} clients, {name}", float(found[1]), "/s", at_least=target)


def attack(site: Running, seconds: int) -> Iterator[Figure]:
    """Measure pages while queries that never end or take all memory are sent to /sparql."""
    ended = threading.Event()

    def bomb(query: str) -> None:
        with httpx.Client(base_url=site.address, trust_env=False, timeout=60) as client:
            while not ended.is_set():
                client.post("/sparql", data={"query": query})

    bombers = [threading.Thread(target=bomb, args=(query,)) for query in _BOMBS]
    for bomber in bombers:
        bomber.start()
    visitor, taken = Visitor(site), []
    end = time.perf_counter() + seconds
    paths = iter(visitor.anything(100_000))
    while time.perf_counter() < end:
        taken += visitor.times([next(paths)])
    ended.set()
    for bomber in bombers:
        bomber.join()
    yield Figure("pages under attack: median", percentile(taken, 0.5), "ms")
    yield Figure("pages under attack: 99th percentile", percentile(taken, 0.99), "ms")


_FIRST_PAINT = """() => new Promise(tell => new PerformanceObserver((seen, observer) => {
    const paint = seen.getEntriesByName('first-contentful-paint')[0];
    if (paint) { observer.disconnect(); tell(paint.startTime); }
}).observe({type: 'paint', buffered: true}))"""
"""Waits for the paint in the page itself: the tool's own way of waiting evaluates text, which the site forbids."""


def painted(site: Running) -> Iterator[Figure]:
    """Measure when Chromium first paints, the median of some visits to each page, and what scripts it loads."""
    from playwright.sync_api import sync_playwright

    visitor = Visitor(site)
    paths = ["/sv/", "/sv/search?q=arbete", *(f"/sv/{kind}/{visitor.keys[kind][1]}" for kind in ("project", "owner"))]
    moments: dict[str, list[float]] = {path: [] for path in ("/robots.txt", *paths)}
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        browser.new_page().goto(f"{site.address}/sv/about")  # the browser's own first page takes longer
        for path in (path for _ in range(_PAINTS) for path in moments):
            context = browser.new_context()  # with nothing kept from before
            page = context.new_page()
            page.goto(f"{site.address}{path}")
            moments[path].append(float(page.evaluate(_FIRST_PAINT)))
            context.close()
        browser.close()
    medians = {path: median(found) for path, found in moments.items()}
    yield Figure("first paint of a few words, which is the browser's", medians.pop("/robots.txt"), "ms")
    scripts = re.findall(r'src="([^"]+\.js)"', httpx.get(f"{site.address}/sv/", trust_env=False).text)
    size = sum(len(httpx.get(f"{site.address}{path}", trust_env=False).content) for path in scripts)
    for path, found in medians.items():
        yield Figure(f"first paint of {path.partition('?')[0]}", found, "ms", at_most=500)
    yield Figure("scripts, not compressed", size / 1000, "kB", at_most=15)


def measured(build: Path, options: argparse.Namespace, folder: Path) -> Iterator[Figure]:
    """Measure everything in turn."""
    with served(build, options.workers) as site:
        yield Figure("start", site.started, "s", at_most=2)
        yield Figure("start, processor time of all processes", site.spent, "s")
        yield from pages(site, options.pages)
        yield from load(site, options.seconds, folder)
        if options.browser:
            yield from painted(site)
        yield from attack(site, options.seconds)
        yield Figure("memory of the site", memory(site.process, _PYTHON), "MB", at_most=500)
        yield Figure("memory with the engines of the endpoint", memory(site.process), "MB")


def main() -> int:
    """Measure, print the table and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--build", type=Path)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--no-browser", dest="browser", action="store_false")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build = options.build
        if build is None:
            write_pages(Path(folder) / "pages", options.projects)
            build = Path(folder) / "build"
            make([Path(folder) / "pages"], build)
        write("web", list(measured(build, options, Path(folder))))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
