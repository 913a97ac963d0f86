"""What a query must not do to the machine, to other queries and to the network, tried on the running endpoint."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event

import httpx
import pytest

from kg.errors import BuildError
from kg.web.endpoint import Endpoint
from kg.web.refusal import Refusal
from kg.web.sparql import answerer
from kg.web.sparql.asking import Asking, Means
from kg.web.sparql.clients import Clients
from kg.web.sparql.engine import Engine, Setting
from kg.web.sparql.engines import Engines
from kg.web.sparql.exchange import Failed, Reply, form_of, request_of
from kg.web.sparql.guard import network_filter
from kg.web.sparql.limits import Limits
from kg.web.sparql.outcomes import Found, Question
from kg.web.sparql.protocol import Asked
from kg.web.sparql.result_formats import wanted
from tests.sparql.serving import (
    BASE,
    SMALL,
    UNLIMITED,
    Served,
    add_generation,
    listening,
    project_lines,
    served,
    used_by_ended_engines,
)

SECONDS = 1.0
TIGHT = replace(UNLIMITED, query_seconds=SECONDS, engine_bytes=300_000_000, result_bytes=2_000_000)
ALL_PAIRS = "?a ?b ?c . ?d ?e ?f"
DOUBLING = " ".join(f"BIND(CONCAT(?a{n}, ?a{n}) AS ?a{n + 1})" for n in range(32))
THOUSAND = " ".join(str(number) for number in range(1000))


@pytest.fixture(scope="module")
def tight(build: Path) -> Iterator[Served]:
    with served(build, TIGHT) as site:
        yield site


@pytest.fixture(scope="module")
def roomy(build: Path) -> Iterator[Served]:
    """As tight in all but time, so that a query meets the other limits first, also on a busy machine."""
    with served(build, replace(TIGHT, query_seconds=60)) as site:
        yield site


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        (f"SELECT (COUNT(*) AS ?n) {{ {ALL_PAIRS} . ?g ?h ?i }}", 503, ""),
        (f"SELECT (SUM(STRLEN(STR(?c))) AS ?n) {{ {ALL_PAIRS} FILTER(STRLEN(STR(?f)) > 0) }}", 503, "seconds"),
        (f"SELECT * {{ {ALL_PAIRS} . ?g ?h ?i }} ORDER BY ?c ?f ?i", 503, ""),
        (f"SELECT DISTINCT * {{ {ALL_PAIRS} . ?g ?h ?i }}", 503, ""),
        (f"SELECT * {{ {ALL_PAIRS} }}", 503, "larger than 2 MB"),
        (f"SELECT (STRLEN(?a32) AS ?n) {{ BIND('0123456789abcdef' AS ?a0) {DOUBLING} }}", 503, ""),
        (f"SELECT (GROUP_CONCAT(STR(?c)) AS ?n) {{ {ALL_PAIRS} . ?g ?h ?i }}", 503, ""),
        (
            f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'VALUES ?v{n} {{ {THOUSAND} }}' for n in range(6))} }}",
            503,
            "seconds",
        ),
        ("SELECT (COUNT(*) AS ?n) { ?a (!<x:y>|!^<x:z>)* ?b }", 503, ""),
        ("SELECT * " + "{" * 20_000 + "}" * 20_000, 400, "too many parts"),
        ("SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}", 400, "too many parts"),
        ("SELECT (1" + "+1" * 30_000 + " AS ?x) {}", 400, "too many parts"),
        ("SELECT (" + "!" * 60_000 + "true AS ?x) {}", 400, "too many parts"),
        ("ASK { FILTER(true" + "||?x" * 15_000 + ") }", 400, "too many parts"),
        ("ASK { " + "[<p> " * 9_000 + "1" + "]" * 9_000 + " }", 400, "too many parts"),
        ("ASK { ?a <p>" + "/<p>" * 15_000 + " ?b }", 400, "too many parts"),
        ("SELECT (REPLACE('" + "a" * 30_000 + "', 'a', '" + "b" * 30_000 + "') AS ?x) {}", 503, "300 MB of memory"),
    ],
    ids=(
        "cross-join cross-product sort distinct rows doubling concatenation values paths groups brackets chain negation "
        "alternatives blank-nodes sequence replacement"
    ).split(),
)
def test_a_query_that_is_too_much_gets_its_error_in_time(
    tight: Served, roomy: Served, query: str, status: int, word: str
) -> None:
    site = tight if word in ("", "seconds") else roomy
    # Processor time, not that of a clock: however busy the machine, an engine that is not stopped uses more and more.
    before = used_by_ended_engines()
    answer = site.post(query)
    while site.get(SMALL).status_code == 200 and site.endpoint.state and site.endpoint.state.busy:
        time.sleep(0.01)
    used = used_by_ended_engines() - before

    assert answer.status_code == status, answer.text[:200]
    assert word in answer.json()["detail"]
    assert ("retry-after" in answer.headers) == (status == 503)
    assert used < SECONDS + 4


def test_small_queries_are_answered_while_one_takes_long(build: Path) -> None:
    heavy = f"SELECT (SUM(STRLEN(STR(?c))) AS ?n) {{ {ALL_PAIRS} FILTER(STRLEN(STR(?f)) > 0) }}"
    with served(build, replace(UNLIMITED, query_seconds=60)) as site, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(httpx.get, site.address, params={"query": heavy}, timeout=60)
        _until(lambda: site.endpoint.state is not None and site.endpoint.state.busy == 1)
        statuses = [site.get(f"{SMALL} # {number}").status_code for number in range(20)]
        assert not answer.done()
        for process in _engine_processes(site):
            os.kill(process, signal.SIGTERM)
        site.run(site.endpoint.stop(0))
        answer.result()

    assert statuses == [200] * 20


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_queries_that_are_too_much_together_leave_room_for_others(build: Path) -> None:
    limits = replace(TIGHT, client_engines=2, engines=4)
    heavy = f"SELECT (SUM(STRLEN(STR(?c))) AS ?n) {{ {ALL_PAIRS} FILTER(STRLEN(STR(?f)) > 0) }}"
    with served(build, limits) as site, ThreadPoolExecutor(12) as pool:
        answers = [pool.submit(site.post, f"{heavy} # {number}") for number in range(12)]
        busy = 0
        while not all(answer.done() for answer in answers):
            state = site.endpoint.state
            busy = max(busy, state.busy if state else 0)
            time.sleep(0.01)
        statuses = {answer.result().status_code for answer in answers}
        _until(lambda: site.get(SMALL).status_code == 200)

    assert busy == 2
    assert statuses <= {429, 503}


def _engine_processes(site: Served) -> list[int]:
    children = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    found = [int(number) for listed in children for number in listed.read_text().split()]
    return [number for number in found if "answerer.py" in Path(f"/proc/{number}/cmdline").read_text()]


def test_an_engine_that_was_killed_is_replaced(build: Path) -> None:
    with served(build) as site:
        for _ in range(3):
            assert site.get(SMALL).status_code == 200
            for process in _engine_processes(site):
                os.kill(process, signal.SIGKILL)
            assert site.get(SMALL).json()["results"]["bindings"]


def test_a_query_whose_engine_is_killed_from_outside_is_asked_again(build: Path) -> None:
    pairs = f"?a kg:region <{BASE}id/region/SE1> . ?b a kg:Project"
    slow = f"SELECT (COUNT(*) AS ?n) {{ {pairs} FILTER(STRLEN(STR(?a)) > STRLEN(STR(?b))) }}"
    with served(build) as site, ThreadPoolExecutor(1) as pool:
        before = {*_engine_processes(site)}
        answer = pool.submit(site.get, slow)
        while site.endpoint.state is None or not site.endpoint.state.busy:
            assert not answer.done()
        for process in before:
            os.kill(process, signal.SIGKILL)
        found = answer.result()

    assert found.status_code == 200, found.text
    assert found.json()["results"]["bindings"][0]["n"]["value"] != "0"


def test_a_client_that_goes_away_frees_its_engine(build: Path) -> None:
    heavy = f"SELECT (SUM(STRLEN(STR(?c))) AS ?n) {{ {ALL_PAIRS} FILTER(STRLEN(STR(?f)) > 0) }}"
    before = used_by_ended_engines()
    with served(build) as site:
        with pytest.raises(httpx.TimeoutException):
            httpx.get(site.address, params={"query": heavy}, timeout=0.5)
        _until(lambda: site.endpoint.state is not None and not site.endpoint.state.busy)

    # Of a processor's time, as above; were it not freed, it would have its 20 seconds.
    assert used_by_ended_engines() - before < UNLIMITED.query_seconds / 4


def test_a_new_generation_is_taken_up_without_a_lost_request(tmp_path: Path) -> None:
    add_generation(tmp_path, project_lines(50, title="Old"))
    stop, statuses, titles = Event(), [], []

    def ask(site: Served) -> None:
        with httpx.Client() as client:
            while not stop.is_set():
                answer = client.get(site.address, params={"query": SMALL})
                statuses.append(answer.status_code)
                titles.append(answer.json()["results"]["bindings"][0]["title"]["value"])

    with served(tmp_path) as site, ThreadPoolExecutor(4) as pool:
        workers = [pool.submit(ask, site) for _ in range(4)]
        for title in ("New", "Newest"):
            time.sleep(0.2)
            site.run(site.endpoint.switch(add_generation(tmp_path, project_lines(50, title=title))))
        time.sleep(0.2)
        stop.set()
        for worker in workers:
            worker.result()
        last = site.get(SMALL).json()["results"]["bindings"][0]["title"]["value"]
        end = time.monotonic() + 30
        while len(_engine_processes(site)) > 4:
            assert time.monotonic() < end, "the engines of old generations go on"
            time.sleep(0.05)

    assert set(statuses) == {200}
    assert len(statuses) > 50
    assert {"Old 1", "New 1", "Newest 1"} == set(titles)
    assert titles[0] == "Old 1"
    assert last == "Newest 1"


def test_a_generation_that_cannot_be_opened_leaves_the_old_one(build: Path) -> None:
    with served(build) as site:
        with pytest.raises(BuildError):
            site.run(site.endpoint.switch("999999"))

        assert site.get(SMALL).status_code == 200
        assert site.endpoint.generation == "000001"


def test_no_process_outlives_the_end_of_the_site(build: Path) -> None:
    with served(build) as site:
        site.get(SMALL)
        processes = _engine_processes(site)

    assert processes
    assert not [process for process in processes if Path(f"/proc/{process}").exists()]


_PARENT = """
import asyncio, sys
from pathlib import Path
from kg.web.endpoint import Endpoint

async def main():
    endpoint = Endpoint(Path(sys.argv[1]), base=sys.argv[2])
    await endpoint.start()
    await asyncio.sleep(0.5)
    print("ready", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def test_no_process_outlives_a_site_that_was_killed(build: Path) -> None:
    command = [sys.executable, "-c", _PARENT, str(build), BASE]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        listed = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
        parent.kill()
    end = time.monotonic() + 30
    while any(Path(f"/proc/{number}/cmdline").exists() for number in listed):
        assert time.monotonic() < end, "an engine lives on"
        time.sleep(0.02)

    assert len(listed) == 2


_SETTING = Setting(memory=300_000_000, most=20_000, base=BASE, prefixes={})
_FORM = form_of("text/csv", "text/turtle", (), ())


def _replied(build: Path, query: str) -> Reply | Failed:
    async def run() -> Reply | Failed:
        engine = await Engine.started(build / "generations" / "000001" / "store", _SETTING)
        told: asyncio.Future[Reply | Failed] = asyncio.get_running_loop().create_future()
        engine.ask([request_of(_FORM, query)], [told.set_result])
        try:
            return await told
        finally:
            await engine.end()

    return asyncio.run(run())


def _together(build: Path, *queries: str) -> list[bytes | Refusal]:
    """Put queries to one engine together, those that read "long" without end, and return what came of the others."""

    async def run() -> list[bytes | Refusal]:
        engines = Engines(build / "generations" / "000001" / "store", UNLIMITED, _SETTING)
        await engines.start()
        means = Means(engines, Clients(replace(UNLIMITED, client_engines=2)), UNLIMITED)
        told: list[asyncio.Future[Found | Refusal]] = []
        askings: list[Asking] = []
        assert means.clients.enter("a")
        assert means.clients.enter("a")
        for query in queries:
            told.append(asyncio.get_running_loop().create_future())
            question = Question.of(Asked(query), query, wanted("text/csv, text/turtle", "", pages=False))
            askings.append(Asking(question, "a", means, told[-1].set_result))
            askings[-1].begin()
        means.clients.end("a")  # the first in line takes the others along
        means.clients.end("a")
        found = [await one for one, query in zip(told, queries, strict=True) if query != LONG]
        for asking, query in zip(askings, queries, strict=True):
            if query == LONG:
                asking.leave()
        for one in told:
            await one
        assert means.clients.enter("a")
        assert means.clients.enter("a")
        await engines.close(5)
        return [one.body if isinstance(one, Found) else one for one in found]

    return asyncio.run(run())


LONG = f"SELECT (SUM(STRLEN(STR(?c))) AS ?n) {{ {ALL_PAIRS} . ?g ?h ?i FILTER(STRLEN(STR(?f)) > 0) }}"


def test_questions_put_together_are_answered_each(build: Path) -> None:
    found = _together(build, "SELECT (1 AS ?n) {}", "SELECT {", "SELECT (2 AS ?n) {}", "CONSTRUCT {} {}")

    assert found[0] == b"n\r\n1\r\n"
    assert isinstance(found[1], Refusal)
    assert found[2:] == [b"n\r\n2\r\n", b""]


def test_questions_put_together_part_when_one_takes_long(build: Path) -> None:
    found = _together(build, "SELECT (1 AS ?n) {}", LONG, "SELECT (2 AS ?n) {}", "SELECT (3 AS ?n) {}")

    assert found == [b"n\r\n1\r\n", b"n\r\n2\r\n", b"n\r\n3\r\n"]


def test_of_questions_put_together_the_one_that_ends_the_engine_is_blamed(build: Path) -> None:
    deep = "SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}"
    found = _together(build, "SELECT (1 AS ?n) {}", deep, "SELECT (2 AS ?n) {}")

    assert found[::2] == [b"n\r\n1\r\n", b"n\r\n2\r\n"]
    assert isinstance(found[1], Refusal)
    assert "too many parts" in found[1].detail


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_an_engine_cannot_go_out_even_if_it_is_told_to(build: Path, host: str) -> None:
    with listening() as listener:
        query = f"SELECT * {{ SERVICE <http://{host}:{listener.port}/> {{ ?s ?p ?o }} }}"
        answer = _replied(build, query)
        hits = listener.hits

    assert isinstance(answer, Reply)
    assert answer.verdict == answerer.BROKEN
    assert b"Permission denied" in answer.body or b"lookup" in answer.body
    assert hits == 0


def test_an_answer_that_breaks_off_is_not_passed_on(build: Path) -> None:
    (found,) = _together(build, "SELECT * { ?s ?p ?o . SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }")

    assert isinstance(found, Refusal)
    assert (found.status, "broke off" in found.detail) == (503, True)


def test_an_engine_cannot_be_made_to_write(build: Path) -> None:
    answer = _replied(build, "INSERT DATA { <http://e/a> <http://e/b> 1 }")

    assert isinstance(answer, Reply)
    assert answer.verdict == answerer.ILLEGAL


def test_nothing_goes_out_through_the_endpoint(site: Served) -> None:
    with listening() as listener:
        there = f"http://127.0.0.1:{listener.port}/"
        for query in (
            f"SELECT * {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
            f"SELECT * FROM <{there}> {{ ?s ?p ?o }}",
            f"SELECT * FROM NAMED <{there}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
            f"SELECT * {{ GRAPH <{there}> {{ ?s ?p ?o }} }}",
            f"DESCRIBE <{there}>",
            f"LOAD <{there}>",
            f"CONSTRUCT {{ <{there}> ?p ?o }} {{ <{there}> ?p ?o }}",
        ):
            for parameters in ({}, {"default-graph-uri": there}, {"named-graph-uri": there}):
                assert site.get(query, **parameters).status_code in (200, 403)
        hits = listener.hits

    assert hits == 0


def test_the_filter_is_written_for_the_machines_it_names() -> None:
    for machine in ("x86_64", "aarch64"):
        code = network_filter(machine)
        assert code is not None
        assert len(code) % 8 == 0
        assert code.endswith(b"\x06\x00\x00\x00\x00\x00\xff\x7f")
    assert network_filter("pdp11") is None


def test_a_build_without_store_is_named(tmp_path: Path) -> None:
    endpoint = Endpoint(tmp_path, base=BASE, limits=Limits())
    with pytest.raises(BuildError, match="kg build"):
        asyncio.run(endpoint.start())

    add_generation(tmp_path, project_lines(1))
    for path in (tmp_path / "generations" / "000001" / "store").iterdir():
        path.unlink()
    with pytest.raises(BuildError, match="does not open"):
        asyncio.run(endpoint.start())
