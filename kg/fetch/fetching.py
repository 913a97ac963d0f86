"""Fetches pages one after the other: rules of the site, pace, retries, redirects, limits, and what became of each."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import httpx

from kg import ontology
from kg.fetch.asking import Answer, Asking, Pace
from kg.fetch.decoding import ACCEPTED
from kg.fetch.keeping import Folder, Kept, Page
from kg.fetch.network import CheckedTransport
from kg.fetch.robots import LARGEST, Robots, read_robots
from kg.fetch.showing import check_shown
from kg.fetch.targets import Target
from kg.values import ValueProblem

Result = Literal["fetched", "unchanged", "already done", "forbidden", "failed"]
AGENT = "esf-kg"
"""The name by which a robots.txt can speak to this program."""
_PAGES = frozenset(("text/html", "application/xhtml+xml", "text/plain"))
_MOST_REDIRECTS = 5
_KEPT_HEADERS = ("etag", "last-modified", "content-type", "content-language", "date", "server")


@dataclass(frozen=True, slots=True)
class Options:
    """How pages are fetched; times in seconds, sizes in bytes."""

    interval: float = 1.0
    """Between two requests; a site that asks for more in its robots.txt gets more."""
    tries: int = 5
    """How often a page is asked for before it counts as failed."""
    longest_wait: float = 300.0
    """What a server may ask us to wait before the next try."""
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    """Without a single byte."""
    page_timeout: float = 120.0
    """For one page as a whole, so that one byte a second does not last for ever."""
    largest_page: int = 4 * 1024 * 1024
    allow_private: bool = False
    """Whether addresses in private networks and on this machine may be asked."""
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page: where it is stored, or the rule and the reason why it is not."""

    target: Target
    result: Result
    path: Path | None = None
    rule: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of all pages, in the order in which they were asked for."""

    outcomes: tuple[Outcome, ...]

    def counts(self) -> dict[str, int]:
        """Return how many pages had each result."""
        found = Counter(outcome.result for outcome in self.outcomes)
        return {result: found[result] for result in ("fetched", "unchanged", "already done", "forbidden", "failed")}


def agent() -> str:
    """Return how this program names itself to servers."""
    return f"{AGENT}/{version('esf-kg')} (+{ontology.default_base()})"


def fetch(
    wanted: Sequence[Target],
    folder: Path,
    options: Options | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Summary:
    """Fetch pages into `folder` and return what became of each; a run that was broken off goes on where it ended.

    Args:
        wanted: the pages.
        folder: where pages and records are stored; made if missing.
        options: pace, limits and tries.
        progress: called at the start and after each page with the number done and the number in all.

    Raises:
        BuildError: the folder cannot be written.
    """
    chosen = options or Options()
    kept = Folder(folder)
    begun = kept.begin([target.address for target in wanted], _now())
    outcomes: list[Outcome] = []
    progress(0, len(wanted))
    timeout = httpx.Timeout(chosen.read_timeout, connect=chosen.connect_timeout)
    transport = CheckedTransport(allow_private=chosen.allow_private, headers_timeout=chosen.page_timeout)
    accepted = {"Accept": "text/html, application/xhtml+xml, text/plain;q=0.9", "Accept-Encoding": ACCEPTED}
    headers = {"User-Agent": agent(), **accepted}
    with httpx.Client(transport=transport, timeout=timeout, headers=headers, trust_env=False) as client:
        visit = _Visit(Asking(client, chosen, Pace(chosen.interval, chosen.sleep)), kept, chosen, begun)
        for done, target in enumerate(wanted, start=1):
            outcomes.append(visit.outcome(target))
            progress(done, len(wanted))
    kept.end()
    return Summary(tuple(outcomes))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class _Visit:
    """Goes from page to page and remembers the rules of each site."""

    def __init__(self, asking: Asking, folder: Folder, options: Options, begun: str) -> None:
        self._asking, self._folder, self._options, self._begun = asking, folder, options, begun
        self._robots: dict[str, Robots] = {}

    def outcome(self, target: Target) -> Outcome:
        """Fetch one page."""
        kept = self._folder.kept(target.name)
        if kept and str(kept.record.get("checked", "")) >= self._begun:
            return Outcome(target, "already done", kept.path)
        try:
            return self._fetched(target, kept)
        except ValueProblem as problem:
            result: Result = "forbidden" if problem.rule in ("robots", "private-address") else "failed"
            return Outcome(target, result, None, problem.rule, str(problem))

    def _fetched(self, target: Target, kept: Kept | None) -> Outcome:
        address, condition = target.address, _condition(kept)
        for _ in range(_MOST_REDIRECTS + 1):
            self._check(address)
            answer = self._asking.ask(address, condition, self._options.largest_page)
            if answer.status == httpx.codes.NOT_MODIFIED and kept:
                self._folder.note(kept.path, {**kept.record, "checked": _now()})
                return Outcome(target, "unchanged", kept.path)
            if answer.redirect is None:
                return self._kept(target, address, answer)
            address = answer.redirect
        raise ValueProblem("too-many-redirects", f"{target.address} leads on more than {_MOST_REDIRECTS} times")

    def _kept(self, target: Target, address: str, answer: Answer) -> Outcome:
        if answer.status != httpx.codes.OK:
            raise ValueProblem(f"status-{answer.status}", f"{address} answered {answer.status}")
        declared = answer.headers.get("content-type", "")
        kind = declared.partition(";")[0].strip().lower()
        if kind and kind not in _PAGES:
            raise ValueProblem("not-a-page", f"{address} is {kind} and no page")
        if not answer.content.strip():
            raise ValueProblem("empty-page", f"{address} is empty")
        check_shown(answer.content, declared, address, target.number)
        now = _now()
        record: dict[str, Any] = {
            "address": address,
            "requested": target.address,
            "retrieved": now,
            "checked": now,
            "status": answer.status,
            "content_type": answer.headers.get("content-type"),
            "headers": {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers},
        }
        return Outcome(target, "fetched", self._folder.keep(target.name, Page(answer.content, kind, record)))

    def _check(self, address: str) -> None:
        url = _url(address)
        site = f"{url.scheme}://{url.netloc.decode('ascii')}"
        if site not in self._robots:
            self._robots[site] = self._read_robots(site)
        robots = self._robots[site]
        if robots.missing:
            message = f"the robots.txt of {site} cannot be had, so nothing there is asked for: {robots.missing}"
            raise ValueProblem("robots", message)
        path = url.raw_path.decode("ascii")
        if not robots.allows(path):
            raise ValueProblem("robots", f"the robots.txt of {site} does not allow {path}")
        most = self._options.longest_wait
        if robots.delay and robots.delay > most:
            message = f"the robots.txt of {site} asks for {robots.delay:.0f} seconds between two requests"
            raise ValueProblem("robots", f"{message}, and {most:.0f} are the most that we wait")
        self._asking.pace.slower(robots.delay)

    def _read_robots(self, site: str) -> Robots:
        address = f"{site}/robots.txt"
        for _ in range(_MOST_REDIRECTS + 1):
            try:
                answer = self._asking.ask(address, {}, LARGEST, cut=True)
            except ValueProblem as problem:
                if problem.rule in ("private-address", "unknown-host", "not-an-address"):
                    raise
                # RFC 9309: a site whose rules cannot be had is not to be visited; without rules it may be.
                return Robots(missing=str(problem))
            if answer.redirect is None:
                break
            address = answer.redirect
        if answer.status != httpx.codes.OK:
            return Robots()
        return read_robots(answer.content.decode("utf-8", errors="replace"), AGENT)


def _url(address: str) -> httpx.URL:
    """Return an address as it will be asked for: dots in its path resolved, its letters escaped."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL as error:
        raise ValueProblem("not-an-address", f"{address} is no web address ({error})") from error
    if url.scheme not in ("http", "https") or not url.host or url.userinfo:
        raise ValueProblem("not-an-address", f"{address} is no plain web address")
    return url


def _condition(kept: Kept | None) -> dict[str, str]:
    """Return the headers that ask for a page only if it has changed."""
    headers = kept.record.get("headers") if kept else None
    if not isinstance(headers, dict):
        return {}
    pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
    return {asked: headers[name] for asked, name in pairs if isinstance(headers.get(name), str)}
