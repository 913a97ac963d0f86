"""What goes on beside the requests: looking for a new generation, and checking the one in force."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Protocol

from anyio.to_thread import run_sync
from starlette.types import ASGIApp

from kg.web.findings import Findings, check
from kg.web.serving import Serving

LOOK_SECONDS = 1.0
"""How often the build folder is looked at for a new generation."""


class SparqlService(Protocol):
    """What answers at /sparql."""

    def in_front_of(self, application: ASGIApp) -> ASGIApp:
        """Return an application that answers its addresses itself and leaves the rest to `application`."""

    async def start(self) -> None:
        """Make it ready."""

    async def stop(self) -> None:
        """End what it started."""

    async def switch(self, generation: str) -> None:
        """Answer from another generation from now on."""


class Background:
    """Starts and ends with the application."""

    def __init__(self, serving: Serving, sparql: SparqlService | None, checked: Path | None) -> None:
        self._serving, self._sparql, self._build = serving, sparql, checked
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Start the SPARQL service, the check and the watch."""
        if self._sparql:
            await self._sparql.start()
        self._tasks = [asyncio.create_task(self._watch())]
        self._check()

    async def stop(self) -> None:
        """End everything that was started."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._sparql:
            await self._sparql.stop()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if await run_sync(self._serving.take_up):
                if self._sparql:
                    await self._sparql.switch(self._serving.name)
                self._check()

    def _check(self) -> None:
        if self._build:
            self._tasks = [task for task in self._tasks if not task.done()]
            self._tasks.append(asyncio.create_task(self._learn(self._build)))
        else:
            with self._serving.lend() as site:
                site.learn(Findings("unavailable"))

    async def _learn(self, build: Path) -> None:
        with self._serving.lend() as site:
            found = await check(build)
            # A newer generation is checked by a task of its own.
            if site.name == self._serving.name:
                site.learn(found)
