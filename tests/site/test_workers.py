"""Several processes behind one port: limits that hold for all together, none missed when one dies, none left behind."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kg.errors import UsageError
from kg.web.endpoint import Endpoint
from kg.web.sparql.clients import Clients, Entered
from kg.web.sparql.limits import Limits
from kg.web.team import Member, Team
from kg.web.workers import listening
from tests.site.running import client
from tests.site.test_serve_command import served


@pytest.fixture
def team() -> Iterator[Team]:
    found = Team(2)
    yield found
    found.close()


def test_what_a_client_asks_of_one_worker_counts_for_all(team: Team) -> None:
    one, two = Member(team, 0), Member(team, 1)

    waits = [member.take("a", now=100.0, rate=2, burst=3) for member in (one, two, one, two)]
    assert waits == [0, 0, 0, 0.5]
    assert two.take("b", now=100.0, rate=2, burst=3) == 0
    assert two.take("a", now=101.0, rate=2, burst=3) == 0
    assert one.enter("a", most=2)
    assert two.enter("a", most=2)
    assert not one.enter("a", most=2)
    one.leave("a")
    assert two.enter("a", most=2)


def test_a_client_that_waits_in_one_worker_is_not_starved_by_another(team: Team) -> None:
    one, two = Member(team, 0), Member(team, 1)
    for _ in range(4):
        assert one.enter("a", most=4)
    assert not one.is_asked_back("a", most=4)
    two.wait("a", 1)

    assert one.is_asked_back("a", most=4)
    one.leave("a")
    one.leave("a")
    assert not one.is_asked_back("a", most=4)
    assert two.enter("a", most=4)


async def entered(clients: Clients, client: str) -> bool:
    """Take a place, waiting for it if need be; False if it did not come in time."""
    if clients.enter(client):
        return True
    told: asyncio.Future[Entered | None] = asyncio.get_running_loop().create_future()
    return clients.wait_in_line(client, told.set_result) is not None and await told is not None


@pytest.mark.parametrize("places", [1, 2, 3])
def test_queries_of_one_client_take_turns_in_all_workers(team: Team, places: int) -> None:
    async def run() -> list[int]:
        both = [Clients(Limits(client_engines=places), member=Member(team, number)) for number in range(2)]
        done = [0, 0]
        end = time.monotonic() + 0.5

        async def work(number: int) -> None:
            while time.monotonic() < end:
                assert await entered(both[number], "a")
                await asyncio.sleep(0.001)
                both[number].end("a")
                done[number] += 1

        await asyncio.gather(*(work(number) for number in (0, 0, 0, 0, 1, 1)))
        return done

    done = asyncio.run(run())
    assert min(done) > 0.1 * max(done), done
    assert team.enter("a", 0, most=1), "every place was given back"


def test_no_place_is_lost_when_many_give_up_and_come_again(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.web.sparql.clients._LOOK_SECONDS", 0.001)

    async def run() -> int:
        limits = Limits(client_engines=2, wait_seconds=0.004)
        both = [Clients(limits, member=Member(team, number)) for number in range(2)]
        refused = 0

        async def work(number: int) -> None:
            nonlocal refused
            for turn in range(40):
                if await entered(both[number % 2], "a"):
                    await asyncio.sleep(0.001 * (turn % 3))
                    both[number % 2].end("a")
                else:
                    refused += 1

        await asyncio.gather(*map(work, range(16)))
        return refused

    assert asyncio.run(run()) > 0
    assert team.enter("a", 0, most=1)
    assert not team.is_asked_back("a", 0, most=1)


def test_what_a_dead_worker_was_doing_is_over(team: Team) -> None:
    for number in range(2):
        team.tell(number, ready=True)
    assert team.ready
    assert Member(team, 0).enter("a", most=2)
    assert Member(team, 1).enter("a", most=2)
    team.tell(0, ready=False)

    assert not team.ready
    assert Member(team, 1).enter("a", most=2)
    assert not Member(team, 1).enter("a", most=2)


def _take_many(team: Team, allowed: list[int]) -> None:
    taken = sum(team.take("a", now=1.0, rate=1, burst=500) == 0 for _ in range(2000))
    allowed.append(taken)


def test_requests_counted_at_the_same_time_are_all_counted(team: Team) -> None:
    # Forked, as workers are: the memory and the secret of the hashes are shared.
    context = multiprocessing.get_context("fork")
    with context.Manager() as manager:
        allowed = manager.list()
        processes = [context.Process(target=_take_many, args=(team, allowed)) for _ in range(2)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()

        assert sum(allowed) == 500


def test_limits_of_the_site_are_divided_between_workers(team: Team, built: Path) -> None:
    limits = Limits(engines=5)
    parts = [Endpoint(built, base="https://e.example/", limits=limits, member=Member(team, at)).own for at in range(2)]

    assert [part.engines for part in parts] == [3, 2]
    assert sum(part.cache_bytes for part in parts) == limits.cache_bytes
    with pytest.raises(UsageError, match="--workers"):
        Endpoint(built, base="https://e.example/", limits=Limits(engines=1), member=Member(team, 1))


@pytest.mark.parametrize("number", [1, 2])
def test_a_port_that_somebody_has_is_not_shared_with_him(number: int) -> None:
    sockets = listening("127.0.0.1", 0, number)
    port = sockets[0].getsockname()[1]

    assert len({each.getsockname() for each in sockets}) == 1
    with pytest.raises(OSError, match="in use"):
        listening("127.0.0.1", port, 2)
    for each in sockets:
        each.close()


def _children(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def _until(told: str, holds: object) -> None:
    assert callable(holds)
    end = time.monotonic() + 15
    while not holds():
        assert time.monotonic() < end, told
        time.sleep(0.02)


def _is_ready(address: str) -> bool:
    with client(address) as site:
        try:
            return site.get("/ready").status_code == 200
        except httpx.TransportError:
            return False


def test_a_worker_that_dies_is_replaced_and_the_others_go_on(built: Path) -> None:
    with served(str(built), "--no-check", "--workers", "2") as (process, address):
        first = _children(process.pid)
        assert len(first) == 2
        os.kill(first[0], signal.SIGKILL)
        _until("no new worker", lambda: len(_children(process.pid)) == 2 and first[0] not in _children(process.pid))
        _until("not ready", lambda: _is_ready(address))

        assert first[1] in _children(process.pid)
        for _ in range(8):  # each on a connection of its own, so that both workers are met
            with client(address) as site:
                assert site.get("/sv/").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0
        assert process.stderr
        assert "worker 1 ended (SIGKILL) and is replaced" in process.stderr.read()
    _until("workers are left", lambda: not any(Path(f"/proc/{number}").exists() for number in first))


def test_no_worker_outlives_a_parent_that_is_killed(built: Path) -> None:
    with served(str(built), "--no-check", "--workers", "2") as (process, _):
        workers = _children(process.pid)
        process.kill()
        process.wait(10)
    _until("workers are left", lambda: not any(Path(f"/proc/{number}").exists() for number in workers))


def test_the_rate_of_a_client_holds_whichever_worker_it_meets(built: Path) -> None:
    options = ("--workers", "2", "--limit", "client-rate=0.01", "--limit", "client-burst=7")
    with served(str(built), "--no-check", *options) as (_, address):
        statuses = []
        for number in range(20):
            with client(address) as site:
                statuses.append(site.get("/sparql", params={"query": f"ASK {{}} # {number}"}).status_code)

    assert sorted(statuses) == [200] * 7 + [429] * 13


def test_every_worker_takes_up_a_new_build_and_no_request_is_lost(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "build"
    shutil.copytree(built, folder)
    with served(str(folder), "--no-check", "--workers", "2") as (_, address):
        generations = folder / "generations"
        name = (folder / "CURRENT").read_text().strip()
        fresh = f"{int(name) + 1:06d}"
        shutil.copytree(generations / name, generations / fresh)
        (folder / "CURRENT.new").write_text(f"{fresh}\n")
        (folder / "CURRENT.new").replace(folder / "CURRENT")
        in_a_row = 0
        end = time.monotonic() + 15
        while in_a_row < 12 and time.monotonic() < end:
            with client(address) as site:
                answer = site.get("/ready")
            assert answer.status_code == 200
            in_a_row = in_a_row + 1 if answer.json()["generation"] == fresh else 0

        assert in_a_row == 12


def test_a_worker_that_cannot_start_says_why(built: Path, tmp_path: Path) -> None:
    folder = tmp_path / "build"
    shutil.copytree(built, folder)
    shutil.rmtree(folder / "generations" / (folder / "CURRENT").read_text().strip() / "store")
    with pytest.raises(AssertionError, match="holds no readable store"), served(str(folder), "--workers", "2"):
        pass


def test_a_single_worker_takes_an_ordinary_port() -> None:
    [alone] = listening("127.0.0.1", 0, 1)
    with alone:
        assert not alone.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT)
