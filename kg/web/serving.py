"""Keeps one generation of the graph open for reading, and takes up the next without losing a request."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kg import generations, search
from kg.errors import BuildError, KgError
from kg.search import Index
from kg.store import EmbeddedStore, RemoteStore, Store
from kg.store.embedded import DATA, REPORT, STORE
from kg.web.findings import Findings
from kg.web.terms import Terms, read_terms


@dataclass(frozen=True)
class Site:
    """One generation, open: the graph, the index beside it, the labels of the terms, and what is known of the build.

    `name` is different for every generation; `built` is the moment of the build, None for a server; `data` is the
    N-Quads file, None for a server; `before` is the store of the generation before, which tells what is gone.
    """

    name: str
    store: Store
    index: Index
    terms: Terms
    built: datetime | None
    report: Mapping[str, Any]
    data: Path | None
    before: Store | None
    folder: Path | None
    _closing: ExitStack = field(repr=False)
    _checked: list[Findings] = field(default_factory=lambda: [Findings()], repr=False)

    @property
    def base(self) -> str:
        """The base of the IRIs in the graph."""
        return self.store.base

    @property
    def findings(self) -> Findings:
        """What the check found, as far as it is known by now."""
        return self._checked[0]

    @property
    def version(self) -> str:
        """What all pages follow from: the generation, and how far its check has come."""
        return f"{self.name}/{self.findings.state}"

    def learn(self, findings: Findings) -> None:
        """Take up what the check found."""
        self._checked[0] = findings

    def close(self) -> None:
        """Release the files."""
        self._closing.close()


def open_build_site(folder: Path) -> Site:
    """Open the generation in force of a build folder; an index that is missing is made beside it for the time being.

    Raises:
        BuildError: there is no build, or it is damaged.
    """
    generation = generations.current(folder)
    report = _report(generation / REPORT)
    with ExitStack() as closing:
        opened = EmbeddedStore.open(generation / STORE, base=report["base"], nquads=generation / DATA)
        store = closing.enter_context(opened)
        index = closing.enter_context(_index(generation, store, closing))
        before = _before(generation, store.base, closing)
        built = datetime.fromtimestamp((generation / REPORT).stat().st_mtime, UTC)
        return Site(
            name=generation.name,
            store=store,
            index=index,
            terms=read_terms(store),
            built=built,
            report=report,
            data=generation / DATA,
            before=before,
            folder=generation,
            _closing=closing.pop_all(),
        )


def _report(path: Path) -> Mapping[str, Any]:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        return {**report, "base": str(report["base"])}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BuildError(f"{path} is damaged ({error!r}); build again") from error


def open_server_site(endpoint: str, base: str) -> Site:
    """Read a SPARQL server into an index of its own, and open both.

    Raises:
        EndpointError: the server cannot be reached or does not speak SPARQL.
    """
    with ExitStack() as closing:
        store = closing.enter_context(RemoteStore(endpoint, base=base))
        index = closing.enter_context(_made_index(store, closing))
        return Site(
            name="server",
            store=store,
            index=index,
            terms=read_terms(store),
            built=None,
            report={},
            data=None,
            before=None,
            folder=None,
            _closing=closing.pop_all(),
        )


def _index(generation: Path, store: Store, closing: ExitStack) -> Index:
    path = generation / search.FILE
    try:
        return Index(path) if path.exists() else _made_index(store, closing)
    except BuildError:  # an earlier version of the package made it
        return _made_index(store, closing)


def _made_index(store: Store, closing: ExitStack) -> Index:
    folder = closing.enter_context(tempfile.TemporaryDirectory(prefix="kg-search-"))
    path = Path(folder) / search.FILE
    search.create(store.nquads(), store.base, path)
    return Index(path)


def _before(generation: Path, base: str, closing: ExitStack) -> Store | None:
    """Return the store of the newest older generation that is still there."""
    older = [path for path in generation.parent.iterdir() if path.name.isdigit() and path.name < generation.name]
    if not older:
        return None
    try:
        return closing.enter_context(EmbeddedStore.open(max(older) / STORE, base=base))
    except BuildError:  # it is being removed: what is gone is then answered as unknown
        return None


class Serving:
    """Lends the site in force to requests; a site that was replaced is closed when its last request has ended."""

    def __init__(self, current: Callable[[], str], opened: Callable[[], Site]) -> None:
        self._current, self._open = current, opened
        self._lock = threading.Lock()
        self._loans: dict[str, int] = {}
        self._closed = False
        self._site = opened()
        self._loans[self._site.name] = 0

    @property
    def name(self) -> str:
        """The name of the generation in force."""
        return self._site.name

    @contextmanager
    def lend(self) -> Iterator[Site]:
        """Give the site in force, which stays open at least until the block ends."""
        with self._lock:
            site = self._site
            self._loans[site.name] += 1
        try:
            yield site
        finally:
            self._give_back(site)

    def _give_back(self, site: Site) -> None:
        with self._lock:
            self._loans[site.name] -= 1
            unused = (self._closed or site is not self._site) and not self._loans[site.name]
            if unused:
                del self._loans[site.name]
        if unused:
            site.close()

    def take_up(self) -> bool:
        """Open the generation in force if it is another than ours; return whether it is.

        A generation that cannot be opened leaves the old one in place: the next look tries again.
        """
        try:
            if self._current() == self._site.name:
                return False
            fresh = self._open()
        except KgError:
            return False
        with self._lock:
            old, self._site = self._site, fresh
            self._loans[fresh.name] = 0
            self._loans[old.name] += 1
        self._give_back(old)
        return True

    def close(self) -> None:
        """Close the site in force, when the last that borrowed it has given it back."""
        with self._lock:
            self._closed = True
            unused = not self._loans[self._site.name]
        if unused:
            self._site.close()


def serve_build(folder: Path) -> Serving:
    """Serve a build folder; raises as `open_build_site`."""
    return Serving(lambda: generations.current(folder).name, lambda: open_build_site(folder))


def serve_server(endpoint: str, base: str) -> Serving:
    """Serve a SPARQL server; raises as `open_server_site`."""
    return Serving(lambda: "server", lambda: open_server_site(endpoint, base))
