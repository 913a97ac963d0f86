"""What goes on beside the requests: looking for a new generation, making its first pages, and checking it."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from anyio.to_thread import run_sync
from starlette.types import ASGIApp

from kg.errors import KgError
from kg.web.findings import Findings, check
from kg.web.serving import Serving
from kg.web.sparql.direct import Answers
from kg.web.team import Member

_LOG = logging.getLogger("kg.web")
LOOK_SECONDS = 1.0
"""How often the build folder is looked at for a new generation."""


class SparqlService(Answers, Protocol):
    """What answers at /sparql."""

    def in_front_of(self, application: ASGIApp) -> ASGIApp:
        """Return an application that answers its addresses itself and leaves the rest to `application`."""

    async def start(self) -> None:
        """Make it ready."""

    async def stop(self) -> None:
        """End what it started."""

    async def switch(self, generation: str) -> None:
        """Answer from another generation from now on."""


Warm = Callable[[Callable[[], bool]], None]
"""Makes the first pages of the generation in force, until what it is given says that it should end."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be done: the build to check, if any, what makes the first pages, and who this is in a team."""

    checked: Path | None = None
    warm: Warm | None = None
    member: Member | None = None


class Background:
    """Starts and ends with the application."""

    def __init__(self, serving: Serving, sparql: SparqlService | None, wanted: Wanted) -> None:
        self._serving, self._sparql, self._wanted = serving, sparql, wanted
        self._tasks: list[asyncio.Task[None]] = []
        self._ending = threading.Event()
        self._answering, self._complained = serving.name, ""

    async def start(self) -> None:
        """Start the SPARQL service, the check and the watch."""
        if self._sparql:
            await self._sparql.start()
        self._tasks = [asyncio.create_task(self._watch())]
        self._begin()
        if self._wanted.member:
            self._wanted.member.team.tell(self._wanted.member.number, ready=True)

    async def stop(self) -> None:
        """End everything that was started."""
        self._ending.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._sparql:
            await self._sparql.stop()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            taken = await run_sync(self._serving.take_up)
            if self._answering != self._serving.name:
                await self._switch()
            if taken:
                self._begin()

    async def _switch(self) -> None:
        """Let the SPARQL service answer from the generation that the pages are of; the next look tries again."""
        name = self._serving.name
        try:
            if self._sparql:
                await self._sparql.switch(name)
            self._answering = name
        except KgError as error:
            if self._complained != name:
                _LOG.error("/sparql keeps answering from the build before: %s", error)
            self._complained = name

    def _begin(self) -> None:
        """Begin what a generation newly in force wants done; a newer one has tasks of its own."""
        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(asyncio.create_task(self._warmed()))
        if self._wanted.checked:
            self._tasks.append(asyncio.create_task(self._learn(self._wanted.checked)))
        else:
            with self._serving.lend() as site:
                site.learn(Findings("unavailable"))

    async def _learn(self, build: Path) -> None:
        with self._serving.lend() as site:
            found = await check(build, self._wanted.member)
            if site.name == self._serving.name:
                site.learn(found)
                # Pages that show findings are others now, so all are made anew when they are asked for.
                await self._warmed()

    async def _warmed(self) -> None:
        if self._wanted.warm:
            await run_sync(self._wanted.warm, self._ending.is_set)
