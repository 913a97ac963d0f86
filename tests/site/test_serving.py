from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp

from kg.build import build
from kg.errors import BuildError
from kg.resources import folder
from kg.store import RemoteStore, open_build
from kg.store.push import push
from kg.web import background
from kg.web.serving import serve_build, serve_server
from kg.web.sparql.direct import Head, Told
from tests.servers import oxigraph_server
from tests.site.running import client, running

SEEDS = sorted(folder("seeds").glob("*.txt"))


def test_a_new_build_is_taken_up_without_losing_a_request(tmp_path: Path) -> None:
    build(SEEDS[:3], tmp_path, workers=1)
    answers: Counter[tuple[int, int]] = Counter()
    ended = threading.Event()

    def ask(address: str) -> None:
        with client(address) as site:
            while not ended.is_set():
                answer = site.get("/search.json")
                answers[answer.status_code, answer.json().get("total", -1)] += 1

    with running(serve_build(tmp_path)) as address:
        askers = [threading.Thread(target=ask, args=(address,)) for _ in range(3)]
        for asker in askers:
            asker.start()
        for number in (4, 5, 5):
            build(SEEDS[:number], tmp_path, workers=1)
            _wait_for_generation(address, (tmp_path / "CURRENT").read_text(encoding="utf-8").strip())
        ended.set()
        for asker in askers:
            asker.join(20)
    assert {status for status, _ in answers} == {200}
    assert {total for _, total in answers} == {3, 4, 5}


def _wait_for_generation(address: str, name: str) -> None:
    for _ in range(200):
        if httpx.get(f"{address}/ready", trust_env=False).json()["generation"] == name:
            return
        time.sleep(0.05)
    raise AssertionError(f"the generation {name} is not taken up")


def test_a_damaged_new_build_leaves_the_old_one_in_place(tmp_path: Path) -> None:
    build(SEEDS[:2], tmp_path, workers=1)
    serving = serve_build(tmp_path)
    (tmp_path / "generations" / "000099").mkdir()
    (tmp_path / "CURRENT").write_text("000099\n", encoding="utf-8")
    assert serving.take_up() is False
    with serving.lend() as site:
        assert site.index.meta["projects"] == 2
    serving.close()


class _Unsteady:
    """A SPARQL service that cannot open the next generation at first."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def in_front_of(self, application: ASGIApp) -> ASGIApp:
        return application

    def begin(self, query_string: bytes, head: Head, client: str, told: Told) -> None:
        return None

    async def start(self) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def switch(self, generation: str) -> None:
        self.asked.append(generation)
        if len(self.asked) < 3:
            raise BuildError("the store does not open")


def test_a_sparql_service_that_fails_to_switch_is_logged_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(background, "LOOK_SECONDS", 0.05)
    build(SEEDS[:1], tmp_path, workers=1)
    service = _Unsteady()
    with running(serve_build(tmp_path), sparql=lambda page: service) as address:
        build(SEEDS[:2], tmp_path, workers=1)
        _wait_for_generation(address, "000002")
        for _ in range(200):
            if len(service.asked) == 3:
                break
            time.sleep(0.05)
        time.sleep(0.2)
        assert httpx.get(f"{address}/sv/", trust_env=False).status_code == 200
    assert service.asked == ["000002"] * 3
    said = [record.getMessage() for record in caplog.records if record.name == "kg.web"]
    assert said == ["/sparql keeps answering from the build before: the store does not open"]


def test_a_missing_build_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="holds no build"):
        serve_build(tmp_path / "none")


def test_a_site_that_was_replaced_is_closed_when_its_last_request_ends(tmp_path: Path) -> None:
    build(SEEDS[:2], tmp_path, workers=1)
    serving = serve_build(tmp_path)
    with serving.lend() as old:
        build(SEEDS[:3], tmp_path, workers=1)
        assert serving.take_up() is True
        assert old.index.meta["projects"] == 2
        assert len(old.index.things("project")) == 2
        with serving.lend() as new:
            assert new.index.meta["projects"] == 3
    serving.close()


def test_the_site_works_over_a_sparql_server(built: Path, tmp_path: Path) -> None:
    build(SEEDS, tmp_path, workers=1)
    with oxigraph_server() as server:
        with open_build(tmp_path) as store:
            base = store.base
            push(store.nquads, RemoteStore(f"{server}/query", base=base, update_endpoint=f"{server}/update"))
        with running(serve_server(f"{server}/query", base)) as address, client(address) as site:
            assert site.get("/search.json?q=supported employment").json()["total"] >= 1
            for path in (
                "/sv/",
                "/en/project/22-014-S05",
                "/sv/owner/2220002162",
                "/sv/method/bip",
                "/project/22-014-S05.ttl",
            ):
                assert site.get(path).status_code == 200, path


def test_a_server_that_goes_away_is_answered_503_and_not_with_its_address(tmp_path: Path) -> None:
    build(SEEDS[:1], tmp_path, workers=1)
    with oxigraph_server() as server, open_build(tmp_path) as store:
        remote = RemoteStore(f"{server}/query", base=store.base, update_endpoint=f"{server}/update")
        push(store.nquads, remote)
        serving = serve_server(f"{server}/query", store.base)
    with running(serving) as address, client(address) as site:
        answer = site.get("/sv/project/22-045-S01", headers={"Accept": "application/json"})
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
        assert server not in answer.text


def test_the_log_says_nothing_about_people(address: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="kg.access")
    headers = {"User-Agent": "a browser", "X-Forwarded-For": "192.0.2.7", "Referer": "https://a.example/"}
    httpx.get(f"{address}/sv/search?q=secret", headers=headers, trust_env=False)
    httpx.get(f"{address}/sv/x%0aforged", headers=headers, trust_env=False)
    lines = [record.getMessage() for record in caplog.records if record.name == "kg.access"]
    assert any(line.startswith("GET /sv/search 200 ") for line in lines)
    for line in lines:
        assert "\n" not in line
        for personal in ("secret", "127.0.0.1", "192.0.2.7", "browser", "a.example"):
            assert personal not in line


def test_health_and_readiness_are_answered(site: httpx.Client) -> None:
    assert site.get("/health").json() == {"status": "ok"}
    assert site.get("/ready").json()["status"] == "ready"
