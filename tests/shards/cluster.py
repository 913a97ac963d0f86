"""A cluster of dask on this machine for tests: a scheduler and two workers, each a process with a port of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Running:
    """The address of a scheduler, and the processes of its workers."""

    address: str
    workers: tuple[subprocess.Popen[bytes], ...]


@contextmanager
def running(folder: Path, workers: int = 2) -> Iterator[Running]:
    """Run a scheduler and workers; `folder` takes what they write about themselves."""
    told = folder / "scheduler.json"
    options = ["--no-dashboard", "--scheduler-file", str(told)]
    with ExitStack() as ended:
        _start(["scheduler", "--host", "127.0.0.1", "--port", "0", *options], folder, ended)
        _wait_for(told)
        worker = ["worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny", *options]
        processes = tuple(_start(worker, folder, ended) for _ in range(workers))
        yield Running(json.loads(told.read_text("utf-8"))["address"], processes)


def _start(arguments: list[str], folder: Path, ended: ExitStack) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_TEMPORARY_DIRECTORY": str(folder)}
    log = ended.enter_context((folder / f"{arguments[0]}.log").open("ab"))
    command = [sys.executable, "-m", "dask", *arguments]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
    ended.callback(process.wait)
    ended.callback(process.kill)
    return process


def _wait_for(path: Path) -> None:
    deadline = time.monotonic() + _SECONDS
    while not path.exists() or not path.read_bytes().endswith(b"}"):
        if time.monotonic() > deadline:
            raise RuntimeError(f"the scheduler did not write {path}")
        time.sleep(0.05)
