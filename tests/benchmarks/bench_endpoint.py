"""Small queries a second: `kg serve` beside a bare Oxigraph server and, if its Python is named, rdflib-endpoint.

    python -m tests.benchmarks.bench_endpoint [--projects N] [--seconds S] [--rounds R] [--rival PYTHON]

`wrk` (of the Debian package of that name) makes the load: 16 connections, one thread, from this machine. PYTHON is the
interpreter of an environment with rdflib-endpoint and uvicorn. The servers take turns, so that what else the machine
does hits all alike, once each has done what it does after its start; the figures are medians, with their ratio to the
bare server, and the processor time of a query in all processes of the server, which tells even on a busy machine. Each
run is told as it ends, on standard error, and a benchmark that is ended early says so. Rates are limited for none. No answer is given again
from memory where the name says so, and thousands of queries take turns, so that none is remembered as read.
"""

from __future__ import annotations

import argparse
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import inf
from pathlib import Path
from statistics import median
from typing import NoReturn
from urllib.parse import quote

import httpx

from kg import search
from tests.benchmarks.figures import Figure, write
from tests.benchmarks.processes import processor
from tests.servers import free_port
from tests.sparql.serving import BASE, add_generation, project_lines

_CONNECTIONS = 16
_LEAST, _TIMES_RIVAL = 0.4, 10
_SETTLE_SECONDS, _IDLE_MILLISECONDS = 60, 30
_KG, _TITLE = f"{BASE}ontology#", "http://purl.org/dc/terms/title"
QUERIES = {
    "look up": f"SELECT ?t ?r {{ <{BASE}id/project/%d> <{_TITLE}> ?t ; <{_KG}region> ?r }}",
    "list ten": f"SELECT ?p ?t {{ ?p <{_KG}region> <{BASE}id/region/SE%d> ; <{_TITLE}> ?t }} LIMIT 10",
    "ask": f"ASK {{ <{BASE}id/project/%d> <{_KG}method> <{BASE}id/method/m3> }}",
}
"""Each with a place for a number, so that no two queries in a row are the same; so many numbers take turns:"""
_NUMBERS = {"look up": 10_000, "list ten": 8, "ask": 10_000}
_SCRIPT = """
local n = 0
local parts = {{}}
for part in string.gmatch("{query}", "[^~]+") do parts[#parts + 1] = part end
request = function()
  n = n + 1
  return wrk.format("GET", "{path}?query=" .. parts[1] .. ((n * 7919) % {numbers}) .. parts[2])
end
"""
_RIVAL = """
import sys
import rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint

data = rdflib.Dataset(default_union=True)
data.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=data, path="/sparql"), port=int(sys.argv[2]), log_level="error", access_log=False)
"""
BARE, OURS, RIVAL = "oxigraph, bare", "kg serve", "rdflib-endpoint"
ALONE, KEPT = f"{OURS}, one worker", f"{OURS}, answers kept"


@dataclass(frozen=True)
class Server:
    """A server to measure."""

    name: str
    command: tuple[str, ...]
    port: int
    path: str


def servers(build: Path, rival: str | None) -> Iterator[Server]:
    """Yield the servers to measure, the bare one first."""
    generation = build / "generations" / "000001"
    port = free_port()
    program = str(Path(sys.executable).with_name("oxigraph"))
    bind = ("--location", str(generation / "store"), "--bind", f"127.0.0.1:{port}")
    yield Server(BARE, (program, "serve-read-only", *bind), port, "/query")
    for name, *more in (
        (OURS, "--limit", "cache-bytes=0"),
        (ALONE, "--limit", "cache-bytes=0", "--workers", "1"),
        (KEPT,),
    ):
        port = free_port()
        options = ("--port", str(port), "--no-check", "--no-access-log", "--limit", "client-rate=0")
        serve = (sys.executable, "-m", "kg", "serve", str(build), *options, "--limit", "client-engines=4", *more)
        yield Server(name, serve, port, "/sparql")
    if rival:
        port = free_port()
        yield Server(RIVAL, (rival, "-c", _RIVAL, str(generation / "data.nq"), str(port)), port, "/sparql")


@dataclass(frozen=True)
class Run:
    """Queries a second, and processor time a query in microseconds."""

    rate: float
    cost: float


@contextmanager
def running(server: Server) -> Iterator[int]:
    """Run a server until the block ends; give the number of its process when it answers a query."""
    with subprocess.Popen(server.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            with httpx.Client(trust_env=False, base_url=f"http://127.0.0.1:{server.port}", timeout=60) as client:
                while not _answers(client, server.path):
                    if process.poll() is not None:
                        raise RuntimeError(f"{server.name} ended at once, with {process.returncode}")
                    time.sleep(0.05)
            yield process.pid
        finally:
            process.terminate()


def _answers(client: httpx.Client, path: str) -> bool:
    try:
        return client.get(path, params={"query": "ASK {}"}).is_success
    except httpx.TransportError:
        return False


def settled(process: int) -> None:
    """Wait until a server does nothing of its own any more, such as making its first pages."""
    end, before = time.monotonic() + _SETTLE_SECONDS, -inf
    while (now := processor(process)) - before > _IDLE_MILLISECONDS and time.monotonic() < end:
        before = now
        time.sleep(1)


def measured(server: Server, process: int, kind: str, *, seconds: int, folder: Path) -> Run:
    """Load a server with queries of a kind; a rate of 0 if it answers any with an error."""
    query = quote(QUERIES[kind].replace("%d", "~"), safe="~")
    script = folder / "load.lua"
    script.write_text(_SCRIPT.format(query=query, path=server.path, numbers=_NUMBERS[kind]))
    load = ["wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{server.port}"]
    before = processor(process)
    done = subprocess.run(load, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"wrk ended with {done.returncode} on {server.name}: {done.stderr or done.stdout}")
    said = done.stdout
    spent = processor(process) - before
    found, total = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    if found is None or total is None or "Non-2xx" in said:
        return Run(0.0, 0.0)
    return Run(float(found[1]), spent / max(1, int(total[1])) * 1e3)


def medians(kind: str, started: Mapping[Server, int], options: argparse.Namespace, folder: Path) -> Mapping[str, Run]:
    """Return the median of each server for queries of a kind; the first run of each does not count."""
    runs: dict[str, list[Run]] = {server.name: [] for server in started}
    for round_ in range(options.rounds + 1):
        for server, process in started.items():
            run = measured(server, process, kind, seconds=options.seconds if round_ else 1, folder=folder)
            told = f"{run.rate:,.0f} queries a second, {run.cost:,.0f} µs each" if run.rate else "answered with errors"
            print(f"{kind}, round {round_} of {options.rounds}: {server.name}: {told}", file=sys.stderr, flush=True)
            if round_:
                runs[server.name].append(run)
    return {
        name: Run(median(run.rate for run in found), median(run.cost for run in found)) for name, found in runs.items()
    }


def figures(kind: str, found: Mapping[str, Run]) -> Iterator[Figure]:
    """Yield what is to be told of queries of a kind."""
    for name, run in found.items():
        yield Figure(f"{kind}: {name}", run.rate, "/s")
        yield Figure(f"{kind}: {name}, processor time", run.cost, "µs")
    for name in (OURS, ALONE, KEPT):
        least = _LEAST if name == OURS else None
        yield Figure(f"{kind}: {name} / bare", found[name].rate / found[BARE].rate, "×", at_least=least)
    # On a busy machine rates tell little: what a query costs does.
    if found[OURS].cost:
        yield Figure(f"{kind}: {OURS} / bare, by processor time", found[BARE].cost / found[OURS].cost, "×")
    if RIVAL in found and found[RIVAL].rate:
        times = found[OURS].rate / found[RIVAL].rate
        yield Figure(f"{kind}: {OURS} / {RIVAL}", times, "×", at_least=_TIMES_RIVAL)


def _end(number: int, _: object) -> NoReturn:
    raise SystemExit(f"ended by {signal.Signals(number).name}: nothing is written")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table and write the figures."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _end)
    parser = argparse.ArgumentParser()
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rival")
    options = parser.parse_args(arguments)
    if shutil.which("wrk") is None:
        parser.error("wrk is not installed")
    told: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        build = Path(folder) / "build"
        build.mkdir()
        name = add_generation(build, project_lines(options.projects))
        lines = (f"{line}\n".encode() for line in project_lines(options.projects))
        search.create(lines, BASE, build / "generations" / name / search.FILE)
        started = {server: stack.enter_context(running(server)) for server in servers(build, options.rival)}
        for process in started.values():
            settled(process)
        for kind in QUERIES:
            told += figures(kind, medians(kind, started, options, Path(folder)))
    write("endpoint", told)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
