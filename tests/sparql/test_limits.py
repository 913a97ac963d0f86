"""The limits as data, and what a client meets at each."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.web.sparql.clients import Clients, Entered
from kg.web.sparql.kept_answers import KeptAnswers
from kg.web.sparql.limits import Limits
from kg.web.sparql.line import Line
from kg.web.sparql.outcomes import Found
from tests.sparql.serving import BASE, CLIENT, SMALL, Served, served

DIRECT = {"content-type": "application/sparql-query"}


@pytest.fixture(scope="module")
def strict(build: Path) -> Iterator[Served]:
    limits = Limits(query_bytes=2000, result_bytes=20_000, body_seconds=0.5, client_rate=0)
    with served(build, limits) as site:
        yield site


def test_every_limit_has_a_row_with_its_value_in_the_sentence() -> None:
    rows = Limits().rows()

    assert len(rows) == len(fields(Limits)) > 10
    assert all(f"{row.value:,}".replace(",", " ").removesuffix(".0") in row.sentence for row in rows)
    assert all(row.sentence.endswith(".") for row in rows)


@pytest.mark.parametrize(
    "setting", ["speed=1", "engines", "engines=many", "engines=0", "query-seconds=-1", "engines=1.5"]
)
def test_a_setting_that_means_nothing_is_refused_by_name(setting: str) -> None:
    with pytest.raises(UsageError, match=setting.partition("=")[0]):
        Limits().changed([setting])


def test_a_request_that_is_too_large_is_refused(strict: Served) -> None:
    long = f"ASK {{ }} # {'x' * 3000}"
    posted = strict.post(long)
    in_address = strict.get(long)

    assert (posted.status_code, in_address.status_code) == (413, 414)
    assert posted.headers["connection"] == "close"
    assert strict.post(SMALL).status_code == 200


def test_a_body_of_unknown_length_is_cut_off_at_the_limit(strict: Served) -> None:
    answer = CLIENT.post(strict.address, content=(b"x" * 1000 for _ in range(1000)), headers=DIRECT)

    assert answer.status_code == 413


def test_an_answer_that_is_too_large_is_refused_whole(strict: Served) -> None:
    answer = strict.get("SELECT * { ?s ?p ?o }")

    assert answer.status_code == 503
    assert "0.02 MB" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 0


def test_a_body_that_does_not_arrive_is_not_waited_for(strict: Served) -> None:
    port = int(strict.address.rpartition(":")[2].partition("/")[0])
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK"
        )
        slow.settimeout(Limits().body_seconds)  # longer than the limit in force, also on a busy machine
        answer = slow.recv(1000)

    assert answer.startswith(b"HTTP/1.1 408 ")


def test_a_client_that_asks_too_often_is_told_when_to_come_again(build: Path) -> None:
    with served(build, Limits(client_rate=0.5, client_burst=3)) as site:
        answers = [site.get(SMALL) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) in (1, 2)
    assert "0.5 requests a second" in answers[-1].json()["detail"]


def test_a_client_that_runs_too_many_queries_waits_and_then_is_refused(build: Path) -> None:
    limits = Limits(query_seconds=1.5, wait_seconds=0.3, client_engines=1, client_waiting=1, client_rate=0)
    heavy = "SELECT (SUM(STRLEN(STR(?c))) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?f)) > 0) }"
    with served(build, limits) as site, ThreadPoolExecutor(4) as pool:
        first = pool.submit(site.get, heavy)
        time.sleep(0.3)
        others = [pool.submit(site.get, f"{SMALL} # {number}") for number in range(3)]
        refused = [other.result() for other in others]
        slow = first.result()
        after = site.get(SMALL)

    assert [answer.status_code for answer in refused] == [429] * 3
    assert all(answer.headers["retry-after"] == "1" for answer in refused)
    assert (slow.status_code, after.status_code) == (503, 200)


def test_when_all_engines_are_busy_a_query_is_refused_after_its_wait(build: Path) -> None:
    limits = Limits(query_seconds=1.5, wait_seconds=0.3, engines=1, client_engines=3, client_rate=0)
    heavy = "SELECT (SUM(STRLEN(STR(?c))) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?f)) > 0) }"
    with served(build, limits) as site, ThreadPoolExecutor(2) as pool:
        first = pool.submit(site.get, heavy)
        time.sleep(0.3)
        busy = site.get(SMALL)
        first.result()

    assert busy.status_code == 503
    assert busy.headers["retry-after"] == "2"


def test_an_answer_is_given_again_until_the_next_generation(build: Path) -> None:
    with served(build, Limits(client_rate=0)) as site:
        first = site.get(SMALL)
        site.run(site.endpoint.stop())
        again = site.get(SMALL)
        other = site.get(f"{SMALL} # other")
        volatile = site.get("SELECT (NOW() AS ?now) {}")
        site.run(site.endpoint.start())
        fresh = site.get(f"SELECT * {{ <{BASE}id/project/2> ?p ?o }}")

    assert first.content == again.content
    assert (again.status_code, other.status_code, volatile.status_code, fresh.status_code) == (200, 503, 503, 200)


class _Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_client_regains_its_requests_with_time() -> None:
    clock = _Clock()
    clients = Clients(Limits(client_rate=2, client_burst=3), clock)

    assert [clients.wait("a") for _ in range(4)] == [0, 0, 0, 0.5]
    assert clients.wait("b") == 0
    clock.now += 1
    assert [clients.wait("a") for _ in range(3)] == [0, 0, 0.5]
    clock.now += 1000
    assert [clients.wait("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_many_clients_take_a_bounded_room() -> None:
    clients = Clients(Limits(client_burst=1))
    for number in range(25_000):
        clients.wait(str(number))

    assert clients.wait("24999") > 0
    assert clients.wait("1") == 0
    assert clients.known <= 10_000


def test_places_of_a_client_go_to_those_who_wait_in_their_order() -> None:
    async def run() -> list[str]:
        clients = Clients(Limits(client_engines=1, client_waiting=2, wait_seconds=0.01))
        order: list[str] = []

        def told(name: str) -> Callable[[Entered | None], None]:
            return lambda entered: order.append(f"{name} refused" if entered is None else name)

        assert clients.enter("a")
        assert not clients.enter("a")
        assert clients.wait_in_line("a", told("two"))
        assert clients.wait_in_line("a", told("three"))
        assert clients.wait_in_line("a", told("four")) is None
        assert clients.wait_in_line("a", told("one that had a place"), again=True)
        assert clients.enter("b")
        clients.end("a")
        assert clients.share("a", "the place of two")
        await asyncio.sleep(0.05)
        clients.end("a")
        assert clients.enter("a")
        return order

    assert asyncio.run(run()) == ["two", "three", "one that had a place refused"]


def test_whoever_has_left_the_line_is_not_handed_anything() -> None:
    async def run() -> list[str | None]:
        told: list[str | None] = []
        line: Line[str] = Line()
        first, _ = line.wait(told.append, 5), line.wait(told.append, 5)
        first.tell(None)
        assert line.hand("thing")
        assert not line.hand("another")
        assert not line
        return told

    assert asyncio.run(run()) == [None, "thing"]


def test_kept_answers_fill_their_room_and_no_more() -> None:
    kept = KeptAnswers(3200)
    for number in range(100):
        kept.put(f"{number:02}", Found(b"x" * 98, graph=False))
    kept.put("large", Found(b"x" * 300, graph=False))

    assert kept.get("99") == Found(b"x" * 98, graph=False)
    assert kept.get("67") is None
    assert kept.get("large") is None
    assert sum(kept.get(f"{number:02}") is not None for number in range(100)) == 32


def test_limits_are_values(build: Path) -> None:
    assert replace(Limits(), engines=2) == Limits().changed(["engines=2"])
