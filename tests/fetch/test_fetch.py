"""Fetching keeps to the rules, survives what servers and networks do, and stores what `kg build` reads."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from kg.build import build
from kg.errors import InputError, UsageError
from kg.fetch import Options, Summary, fetch, targets
from kg.fetch.fetching import agent
from kg.fetch.keeping import Folder, Page
from kg.fetch.network import is_public
from kg.fetch.robots import read_robots
from kg.store import open_build
from tests.fetch.site import PAGE, Reply, Site, running_site


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as found:
        yield found


class Naps:
    """Notes how long it should have slept."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def _fetch(site: Site, folder: Path, *paths: str, naps: Naps | None = None, **limits: float) -> Summary:
    options = replace(Options(interval=0.0, allow_private=True, sleep=naps or Naps()), **limits)  # type: ignore[arg-type]
    return fetch(targets([f"{site.address}{path}" for path in paths]), folder, options)


def _record(path: Path) -> dict[str, object]:
    found = json.loads(path.with_name(f"{path.name}.meta.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


def test_a_page_is_stored_with_its_record_and_built_with_its_address(site: Site, tmp_path: Path) -> None:
    site.replies["/p?dnr=22-045-S01"] = Reply(headers={"Content-Type": "text/html; charset=utf-8", "ETag": '"1"'})
    (outcome,) = _fetch(site, tmp_path / "pages", "/p?dnr=22-045-S01").outcomes
    assert outcome.path is not None
    record = _record(outcome.path)
    report = build([tmp_path / "pages"], tmp_path / "build")
    query = (
        "SELECT ?a ?t WHERE { ?s <http://purl.org/dc/terms/source> ?a ; "
        "<http://www.w3.org/ns/prov#generatedAtTime> ?t }"
    )
    with open_build(report.folder) as store:
        ((address, moment),) = [tuple(map(str, row)) for row in store.select(query).rows]

    assert outcome.result == "fetched"
    assert outcome.path.name.startswith("22-045-S01-")
    assert outcome.path.read_bytes() == PAGE
    assert record["sha256"] == hashlib.sha256(PAGE).hexdigest()
    assert (record["status"], record["address"]) == (200, f"{site.address}/p?dnr=22-045-S01")
    assert address == record["address"]
    assert moment[:19] == str(record["retrieved"])[:19]
    assert site.asked[1][1]["user-agent"] == agent()
    assert agent().startswith("esf-kg/")
    assert report.counts["projects"] == 1
    assert report.counts["other_files"] == 0


def test_only_what_has_changed_is_sent_again(site: Site, tmp_path: Path) -> None:
    headers = {"Content-Type": "text/html", "ETag": '"7"', "Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT"}

    def answer(asked: dict[str, str]) -> Reply:
        return Reply(304, b"", {}) if asked.get("if-none-match") == '"7"' else Reply(headers=headers)

    site.replies["/a"] = answer
    first = _fetch(site, tmp_path, "/a")
    second = _fetch(site, tmp_path, "/a")
    path = second.outcomes[0].path
    assert path is not None
    path.write_bytes(b"damaged")
    third = _fetch(site, tmp_path, "/a")

    assert [each.outcomes[0].result for each in (first, second, third)] == ["fetched", "unchanged", "fetched"]
    assert site.asked[3][1]["if-modified-since"] == headers["Last-Modified"]
    assert "if-none-match" not in site.asked[5][1]
    assert path.read_bytes() == PAGE


def test_robots_txt_is_honoured(site: Site, tmp_path: Path) -> None:
    site.replies["/robots.txt"] = Reply(content=b"User-agent: *\nDisallow: /private\nCrawl-delay: 3\n")
    site.replies["/private/a"] = site.replies["/open"] = Reply()
    naps = Naps()
    summary = _fetch(site, tmp_path, "/private/a", "/open", naps=naps)

    assert [(each.result, each.rule) for each in summary.outcomes] == [("forbidden", "robots"), ("fetched", "")]
    assert site.paths == ["/robots.txt", "/open"]
    # The pause holds from the rules on, which were a request too.
    assert [2.5 < nap <= 3.0 for nap in naps.slept] == [True]
    _fetch(site, tmp_path / "again", "/open", "/open?2", naps=naps, tries=1)
    assert [2.5 < nap <= 3.0 for nap in naps.slept] == [True] * 3
    site.replies["/robots.txt"] = Reply(content=b"User-agent: *\nCrawl-delay: 3600\n")
    assert _fetch(site, tmp_path / "again", "/open").outcomes[0].rule == "robots"


def test_a_site_whose_rules_cannot_be_had_is_left_alone(site: Site, tmp_path: Path) -> None:
    site.replies["/robots.txt"] = Reply(503, b"")
    site.replies["/open"] = Reply()
    summary = _fetch(site, tmp_path, "/open", tries=2)

    assert summary.outcomes[0].rule == "robots"
    assert "cannot be had" in summary.outcomes[0].message
    assert set(site.paths) == {"/robots.txt"}


def test_a_server_that_asks_for_too_long_a_pause_is_not_waited_for(site: Site, tmp_path: Path) -> None:
    site.replies["/a"] = Reply(429, b"", {"Retry-After": "99999"})
    naps = Naps()
    outcome = _fetch(site, tmp_path, "/a", naps=naps).outcomes[0]

    assert (outcome.rule, naps.slept) == ("status-429", [])
    assert "99999 seconds" in outcome.message


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_with_growing_pauses(site: Site, tmp_path: Path, status: int) -> None:
    replies = [Reply(status, b""), Reply(status, b""), Reply(status, b""), Reply()]
    site.replies["/a"] = lambda asked: replies.pop(0)
    naps = Naps()
    summary = _fetch(site, tmp_path, "/a", naps=naps)

    assert summary.counts()["fetched"] == 1
    assert naps.slept == [1.0, 2.0, 4.0]


def test_the_pause_that_a_server_asks_for_is_kept(site: Site, tmp_path: Path) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=40), usegmt=True)
    replies = [Reply(429, b"", {"Retry-After": "7"}), Reply(503, b"", {"Retry-After": moment}), Reply()]
    site.replies["/a"] = lambda asked: replies.pop(0)
    naps = Naps()
    summary = _fetch(site, tmp_path, "/a", naps=naps)

    assert summary.counts()["fetched"] == 1
    assert naps.slept[0] == 7.0
    assert 30 < naps.slept[1] <= 40


def test_what_cannot_be_had_is_told_and_the_rest_is_fetched(site: Site, tmp_path: Path) -> None:
    site.replies |= {
        "/gone": Reply(404, b""),
        "/busy": Reply(500, b""),
        "/picture": Reply(headers={"Content-Type": "image/png"}),
        "/empty": Reply(content=b" "),
        "/huge": Reply(content=b"x" * 50_000),
        "/round": Reply(302, b"", {"Location": "/round"}),
        "/good": Reply(),
        "/later": Reply(503, b"", {"Retry-After": "100000"}),
        "/also-later": Reply(),
    }
    paths = list(site.replies)
    summary = _fetch(site, tmp_path, *paths, tries=2, largest_page=10_000)

    assert {path: each.rule for path, each in zip(paths, summary.outcomes, strict=True)} == {
        "/gone": "status-404",
        "/busy": "status-500",
        "/picture": "not-a-page",
        "/empty": "empty-page",
        "/huge": "too-large",
        "/round": "too-many-redirects",
        "/good": "",
        "/later": "status-503",
        "/also-later": "status-503",
    }
    assert "/also-later" not in site.paths
    assert summary.counts() == {"fetched": 1, "unchanged": 0, "already done": 0, "forbidden": 0, "failed": 8}
    assert len(list(tmp_path.iterdir())) == 2


def test_packed_pages_are_read_whole_or_asked_for_again(site: Site, tmp_path: Path) -> None:
    def packed(encoding: str, content: bytes) -> Reply:
        return Reply(content=content, headers={"Content-Type": "text/html", "Content-Encoding": encoding})

    raw = zlib.compressobj(wbits=-15)
    site.replies |= {
        "/gzip": packed("x-gzip", gzip.compress(PAGE[:40]) + gzip.compress(PAGE[40:])),
        "/zlib": packed("deflate", zlib.compress(PAGE)),
        "/raw": packed("deflate", raw.compress(PAGE) + raw.flush()),
        "/half": packed("gzip", gzip.compress(PAGE)[:-9]),
        "/bomb": packed("gzip", gzip.compress(b"a" * 100_000)),
        "/other": packed("br", b"\x8b\x02\x80page\x03"),
    }
    summary = _fetch(site, tmp_path, *site.replies, largest_page=10_000, tries=2)

    assert [each.rule for each in summary.outcomes] == ["", "", "", "broken-encoding", "too-large", "unknown-encoding"]
    assert [each.path.read_bytes() for each in summary.outcomes if each.path] == [PAGE] * 3
    assert site.paths.count("/half") == 2


def test_a_page_without_the_project_does_not_take_its_place(site: Site, tmp_path: Path) -> None:
    pattern, options = f"{site.address}/?dnr={{dnr}}", Options(interval=0.0, allow_private=True, sleep=Naps())
    wanted = targets(["22-045-S01", "22-046-s01"], pattern)
    site.replies |= {"/?dnr=22-045-S01": Reply(), "/?dnr=22-046-S01": Reply()}
    first = fetch(wanted, tmp_path, options)
    site.replies["/?dnr=22-045-S01"] = Reply(302, b"", {"Location": "/login"})
    site.replies["/login"] = Reply(content=b"<html><form>Logga in <input type=password></form></html>")
    second = fetch(wanted, tmp_path, options)

    assert [each.rule for each in first.outcomes] == ["", "another-project"]
    assert [each.rule for each in second.outcomes] == ["no-project", "another-project"]
    assert (tmp_path / "22-045-S01.html").read_bytes() == PAGE


def test_a_page_that_becomes_html_does_not_stand_there_twice(site: Site, tmp_path: Path) -> None:
    text = b"22-045-S01 - V\xc3\xa4g\n\nRegion:\nStockholm\n"
    site.replies["/a"] = Reply(content=text, headers={"Content-Type": "text/plain"})
    _fetch(site, tmp_path, "/a")
    site.replies["/a"] = Reply(headers={})
    _fetch(site, tmp_path, "/a")

    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".html", ".json"]


def test_a_server_that_drips_or_is_silent_does_not_hold_us(site: Site, tmp_path: Path) -> None:
    site.replies["/drip"] = Reply(slow=0.05)
    site.replies["/silent"] = Reply(slow=5.0)
    summary = _fetch(site, tmp_path, "/drip", "/silent", tries=1, read_timeout=0.5, page_timeout=0.3)

    assert [each.rule for each in summary.outcomes] == ["too-slow", "no-answer"]


def test_a_server_that_drips_its_headers_does_not_hold_us(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip() -> None:
            with listening.accept()[0] as rules:
                rules.recv(4096)
                rules.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            with listening.accept()[0] as page, suppress(OSError):
                page.sendall(b"HTTP/1.1 200 OK\r\n")
                while True:
                    page.sendall(b"X")
                    time.sleep(0.02)

        threading.Thread(target=drip, daemon=True).start()
        options = Options(interval=0.0, allow_private=True, page_timeout=0.3, sleep=Naps())
        (outcome,) = fetch(targets([f"http://127.0.0.1:{listening.getsockname()[1]}/a"]), tmp_path, options).outcomes

    assert outcome.rule == "too-slow"


def test_a_host_is_asked_at_its_next_address_where_the_first_is_out_of_reach(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.replies["/a"] = Reply()
    found = ("127.0.0.2", "127.0.0.1")
    monkeypatch.setattr("kg.fetch.network.resolved", lambda host, port, *, allow_private: found)

    assert _fetch(site, tmp_path, "/a", tries=1).counts()["fetched"] == 1


def test_redirects_are_followed_and_checked_each_time(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.replies["/old"] = Reply(301, b"", {"Location": "/new"})
    site.replies["/new"] = Reply()
    site.replies["/robots.txt"] = Reply(content=b"User-agent: esf-kg\nDisallow: /secret\n")
    site.replies["/trick"] = Reply(302, b"", {"Location": "/secret"})
    site.replies["/file"] = Reply(302, b"", {"Location": "file:///etc/passwd"})
    summary = _fetch(site, tmp_path, "/old", "/trick", "/file")
    path = summary.outcomes[0].path

    assert path is not None
    assert _record(path)["address"] == f"{site.address}/new"
    assert _record(path)["requested"] == f"{site.address}/old"
    assert [each.rule for each in summary.outcomes[1:]] == ["robots", "not-an-address"]


def test_private_addresses_are_refused_also_behind_a_redirect(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = Options(interval=0.0, tries=1, sleep=Naps())
    direct = fetch(targets([f"{site.address}/a", "http://localhost/a", "http://[::1]/a"]), tmp_path, options)
    assert [each.rule for each in direct.outcomes] == ["private-address"] * 3
    assert site.asked == []

    # The first host counts as public, so that its redirect to a private one can be seen to be refused.
    monkeypatch.setattr("kg.fetch.network.is_public", lambda address: address == "127.0.0.1")
    site.replies["/a"] = Reply(302, b"", {"Location": "http://169.254.169.254/latest"})
    (outcome,) = fetch(targets([f"{site.address}/a"]), tmp_path, options).outcomes
    assert (outcome.result, outcome.rule) == ("forbidden", "private-address")


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.1.1", "0.0.0.0", "100.64.0.1", "224.0.0.1"),
        *("255.255.255.255", "::1", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::"),
        *("fe80::1%eth0", "fec0::1"),
    ],
)
def test_addresses_that_are_not_public_are_known(address: str) -> None:
    assert not is_public(address)


def test_public_addresses_are_known() -> None:
    assert is_public("193.10.64.1")
    assert is_public("2001:6b0::1")


def test_a_killed_run_goes_on_where_it_ended(site: Site, tmp_path: Path) -> None:
    paths = [f"/p{number}" for number in range(12)]
    site.replies |= dict.fromkeys(paths, Reply())
    listed = tmp_path / "list.txt"
    listed.write_text("# pages\n" + "".join(f"{site.address}{path}\n" for path in paths), "utf-8")
    folder = tmp_path / "out"
    command = [sys.executable, "-c", _RUN, str(listed), str(folder)]
    with subprocess.Popen(command, start_new_session=True) as run:
        deadline = time.monotonic() + 30
        while len([path for path in site.paths if path != "/robots.txt"]) < 4 and time.monotonic() < deadline:
            time.sleep(0.01)
        os.killpg(run.pid, signal.SIGKILL)
    done = len(list(folder.glob("*.html.meta.json")))
    before = len(site.asked)
    summary = fetch(targets([str(listed)]), folder, Options(interval=0.0, allow_private=True))

    assert 3 <= done < 12
    assert summary.counts()["already done"] == done
    assert summary.counts()["fetched"] == 12 - done
    assert len(site.asked) - before == 12 - done + 1
    assert not list(folder.glob("*.new")) + list(folder.glob("unfinished*"))


@pytest.mark.parametrize("moved", [(), (".html",)])
def test_a_page_that_was_whole_when_the_run_was_killed_is_not_fetched_again(
    site: Site, tmp_path: Path, moved: tuple[str, ...]
) -> None:
    site.replies["/a"] = Reply()
    wanted = targets([f"{site.address}/a"])
    path = tmp_path / f"{wanted[0].name}.html"
    folder = Folder(tmp_path)
    folder.begin([wanted[0].address], "2025-01-01T00:00:00Z")
    folder.keep(wanted[0].name, Page(PAGE, "text/html", {"checked": "2025-01-02T00:00:00Z"}))
    for kept in (path, path.with_name(f"{path.name}.meta.json")):
        if kept.suffix not in moved:
            kept.rename(f"{kept}.new")
    summary = _fetch(site, tmp_path, "/a")

    assert summary.counts()["already done"] == 1
    assert site.asked == []
    assert sorted(each.suffix for each in tmp_path.iterdir()) == [".html", ".json"]


_RUN = """
import sys
from pathlib import Path
from kg.fetch import Options, fetch, targets
fetch(targets([sys.argv[1]]), Path(sys.argv[2]), Options(interval=0.1, allow_private=True))
"""


def test_requests_are_kept_apart(site: Site, tmp_path: Path) -> None:
    site.replies |= {"/a": Reply(), "/b": Reply()}
    naps = Naps()
    _fetch(site, tmp_path, "/a", "/b", naps=naps, interval=1.0)

    assert len(naps.slept) == 2
    assert all(0.5 < nap <= 1.0 for nap in naps.slept)


def test_targets_are_numbers_addresses_and_files_of_them(tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("# kommentar\n22-045-S01\t# VISA\n\nhttps://example.org/p#top\n2017/00082\n", "utf-8")
    found = targets([str(listed), "22-045-S01"], "https://example.org/?dnr={dnr}")

    assert [target.address for target in found] == [
        "https://example.org/?dnr=22-045-S01",
        "https://example.org/p",
        "https://example.org/?dnr=2017%2F00082",
    ]
    assert [target.name for target in found][::2] == ["22-045-S01", "2017-00082"]
    same = targets(["http://Example.org:80/sök#a", "http://example.org/s%C3%B6k", "HTTP://example.org/x/../sök"])
    assert [target.address for target in same] == ["http://example.org/s%C3%B6k"]
    with pytest.raises(UsageError, match="no web address"):
        targets(["http://example.org:port/"])
    with pytest.raises(UsageError, match="no diary number"):
        targets(["nothing"])
    with pytest.raises(UsageError, match="dnr"):
        targets(["22-045-S01"], "https://example.org/")
    listed.write_text("nothing\n", "utf-8")
    with pytest.raises(InputError, match=":1:"):
        targets([str(listed)])


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /\n", "/a", False),
        ("User-agent: *\nDisallow:\n", "/a", True),
        ("User-agent: other\nDisallow: /\n", "/a", True),
        ("User-agent: *\nDisallow: /\nUser-agent: ESF-KG\nAllow: /\n", "/a", True),
        ("User-agent: *\nDisallow: /*?dnr=\n", "/p?dnr=1", False),
        ("User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$\n", "/a.pdf?x", True),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b\n", "/a/b/c", True),
        ("User-agent: a\nUser-agent: *\nDisallow: /x # why\n", "/x", False),
        ("\ufeffUser-agent: *\nDisallow: /\n", "/a", False),
        ("User-agent: kg\nDisallow: /\n", "/a", True),
        ("User-agent: ESF-KG/2.0\nDisallow: /\n", "/a", False),
        ("User-agent: *\nDisallow: /å\n", "/%c3%a5", False),
        ("User-agent: *\nDisallow: /priv\n", "/%70riv/a", False),
        ("User-agent: *\nDisallow: /a%2Fb\n", "/a/b", True),
    ],
)
def test_rules_are_read_as_the_standard_says(rules: str, path: str, allowed: bool) -> None:
    assert read_robots(rules, "esf-kg").allows(path) is allowed


def test_patterns_full_of_stars_come_to_an_end() -> None:
    rules = read_robots("User-agent: *\nDisallow: /" + "*a" * 500 + "$\n", "esf-kg")

    # A matcher that tries every way to spread the stars would never end.
    assert rules.allows("/" + "a" * 400 + "b")
