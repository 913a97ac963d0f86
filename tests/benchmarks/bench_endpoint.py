"""Small queries a second: our endpoint beside a bare Oxigraph server and, if its Python is named, rdflib-endpoint.

    python -m tests.benchmarks.bench_endpoint [--projects N] [--seconds S] [--rounds R] [--rival PYTHON] [--json FILE]

`wrk` (of the Debian package of that name) makes the load: 16 connections, one thread, from this machine. PYTHON is the
interpreter of an environment with rdflib-endpoint and uvicorn. The servers take turns, so that what else the machine
does hits all alike; the table gives medians, their ratio to the bare server, and the processor time of a query in all
processes of the server, which tells even on a busy machine. Rates are limited for none.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from urllib.parse import quote

from tests.sparql.serving import BASE, add_generation, project_lines

_CONNECTIONS = 16
_KG, _TITLE = f"{BASE}ontology#", "http://purl.org/dc/terms/title"
QUERIES = {
    "look up": f"SELECT ?t ?r {{ <{BASE}id/project/%d> <{_TITLE}> ?t ; <{_KG}region> ?r }}",
    "list ten": f"SELECT ?p ?t {{ ?p <{_KG}region> <{BASE}id/region/SE%d> ; <{_TITLE}> ?t }} LIMIT 10",
    "ask": f"ASK {{ <{BASE}id/project/%d> <{_KG}method> <{BASE}id/method/m3> }}",
}
"""Each with a place for a number, so that no two queries in a row are the same; so many numbers take turns:"""
_NUMBERS = {"look up": 1000, "list ten": 8, "ask": 1000}
_SCRIPT = """
local n = 0
local parts = {{}}
for part in string.gmatch("{query}", "[^~]+") do parts[#parts + 1] = part end
request = function()
  n = n + 1
  return wrk.format("GET", "{path}?query=" .. parts[1] .. ((n * 7919) % {numbers}) .. parts[2])
end
"""
_OURS = """
import sys
from contextlib import asynccontextmanager
from pathlib import Path
import uvicorn
from starlette.applications import Starlette
from kg.web.endpoint import Endpoint
from kg.web.sparql.limits import Limits

build, base, port, way, *settings = sys.argv[1:]
endpoint = Endpoint(Path(build), base=base, limits=Limits().changed(settings))

@asynccontextmanager
async def lifespan(application):
    await endpoint.start()
    yield
    await endpoint.stop()

application = Starlette(routes=endpoint.routes(), lifespan=lifespan)
chosen = endpoint.in_front_of(application) if way == "front" else application
uvicorn.run(chosen, port=int(port), log_level="warning", access_log=False)
"""
_RIVAL = """
import sys
import rdflib, uvicorn
from rdflib_endpoint import SparqlEndpoint

data = rdflib.Dataset(default_union=True)
data.parse(sys.argv[1], format="nquads")
uvicorn.run(SparqlEndpoint(graph=data, path="/sparql"), port=int(sys.argv[2]), log_level="error", access_log=False)
"""


@dataclass(frozen=True)
class Server:
    """A server to measure."""

    name: str
    command: tuple[str, ...]
    port: int
    path: str


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def servers(build: Path, rival: str | None) -> Iterator[Server]:
    """Yield the servers to measure, the bare one first."""
    generation = build / "generations" / "000001"
    port = _free_port()
    program = str(Path(sys.executable).with_name("oxigraph"))
    bind = ("--location", str(generation / "store"), "--bind", f"127.0.0.1:{port}")
    yield Server("oxigraph, bare", (program, "serve-read-only", *bind), port, "/query")
    for name, way, *settings in (
        ("ours, answers kept", "front"),
        ("ours, none kept", "front", "cache-bytes=0"),
        ("ours, none kept, behind Starlette", "routes", "cache-bytes=0"),
    ):
        port = _free_port()
        arguments = (str(build), BASE, str(port), way, "client-rate=0", "client-engines=4", *settings)
        yield Server(name, (sys.executable, "-c", _OURS, *arguments), port, "/sparql")
    if rival:
        port = _free_port()
        yield Server("rdflib-endpoint", (rival, "-c", _RIVAL, str(generation / "data.nq"), str(port)), port, "/sparql")


@dataclass(frozen=True)
class Run:
    """Queries a second, and processor time a query in microseconds."""

    rate: float
    cost: float


def _processor_seconds(process: int) -> float:
    """Return the processor time that a process and its children have used so far."""
    family = [process]
    for listed in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(FileNotFoundError):  # the thread has ended meanwhile
            family += [int(number) for number in listed.read_text().split()]
    ticks = 0
    for member in family:
        fields = Path(f"/proc/{member}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(server: Server) -> Iterator[int]:
    """Run a server until the block ends; give the number of its process."""
    with subprocess.Popen(server.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            while True:
                assert process.poll() is None, f"{server.name} ended at once"
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", server.port)) == 0:
                        break
                time.sleep(0.05)
            yield process.pid
        finally:
            process.terminate()


def measured(server: Server, process: int, kind: str, *, seconds: int, folder: Path) -> Run:
    """Load a server with queries of a kind; a rate of 0 if it answers any with an error."""
    query = quote(QUERIES[kind].replace("%d", "~"), safe="~")
    script = folder / "load.lua"
    script.write_text(_SCRIPT.format(query=query, path=server.path, numbers=_NUMBERS[kind]))
    load = ["wrk", "-t1", f"-c{_CONNECTIONS}", f"-d{seconds}s", "-s", str(script), f"http://127.0.0.1:{server.port}"]
    before = _processor_seconds(process)
    said = subprocess.run(load, capture_output=True, text=True, check=True).stdout
    spent = _processor_seconds(process) - before
    found, total = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"(\d+) requests in", said)
    if found is None or total is None or "Non-2xx" in said:
        return Run(0.0, 0.0)
    return Run(float(found[1]), spent / max(1, int(total[1])) * 1e6)


def main() -> int:
    """Measure, print the table and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--projects", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rival")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        parser.error("wrk is not installed")
    figures: dict[str, dict[str, Run]] = {}
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        build = Path(folder) / "build"
        build.mkdir()
        add_generation(build, project_lines(options.projects))
        started = tuple(servers(build, options.rival))
        processes = {server.name: stack.enter_context(running(server)) for server in started}
        for kind in QUERIES:
            runs: dict[str, list[Run]] = {server.name: [] for server in started}
            for server in started:
                measured(server, processes[server.name], kind, seconds=1, folder=Path(folder))
            for _ in range(options.rounds):
                for server in started:
                    process = processes[server.name]
                    run = measured(server, process, kind, seconds=options.seconds, folder=Path(folder))
                    runs[server.name].append(run)
            figures[kind] = {
                name: Run(median(run.rate for run in found), median(run.cost for run in found))
                for name, found in runs.items()
            }
    bare = started[0].name
    print(f"{'queries a second (ratio), µs a query':36}" + "".join(f"{kind:>26}" for kind in QUERIES))
    for server in started:
        cells = (
            f"{found[server.name].rate:,.0f} ({found[server.name].rate / found[bare].rate:.2f}) {found[server.name].cost:,.0f} µs"
            for found in figures.values()
        )
        print(f"{server.name:36}" + "".join(f"{cell:>26}" for cell in cells))
    if options.json:
        machine = {"cores": os.cpu_count(), "connections": _CONNECTIONS, "projects": options.projects}
        plain = {kind: {name: asdict(run) for name, run in found.items()} for kind, found in figures.items()}
        options.json.write_text(json.dumps({"machine": machine, "figures": plain}, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
