"""The process that loads a store says what went wrong, and never outlives the one that started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyoxigraph
import pytest

from kg.errors import BuildError, InputError
from kg.store import Loading, loading
from kg.store.loader_process import LoaderProcess

LINE = b'<http://a.example/a> <http://a.example/p> "x" <http://a.example/g> .\n'


def told(process: LoaderProcess, text: bytes) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(b"before\n" + text + b"after\n")
        file.flush()
        process.tell(file, len(b"before\n"), len(b"before\n" + text))


def test_what_is_told_is_loaded(tmp_path: Path) -> None:
    process = LoaderProcess(tmp_path / "store")
    for graph in (b"g", b"h", b"i"):
        told(process, LINE.replace(b"/g>", b"/%s>" % graph))
    process.finish()
    process.end()

    assert len(pyoxigraph.Store.read_only(str(tmp_path / "store"))) == 4


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    process = LoaderProcess(tmp_path / "store")
    told(process, b"nothing .\n")
    with pytest.raises(InputError, match="is not N-Quads with one statement a line"):
        process.finish()
    process.end()

    (tmp_path / "file").write_text("", encoding="utf-8")
    process = LoaderProcess(tmp_path / "file")
    with pytest.raises(BuildError, match=r"file cannot be loaded: .+"):
        process.finish()
    process.end()


def test_a_process_that_was_killed_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "_SMALL", 2)
    pids: list[int] = []
    popen = subprocess.Popen

    def started(*words: object, **options: object) -> object:
        process = popen(*words, **options)  # type: ignore[call-overload]
        pids.append(process.pid)
        return process

    monkeypatch.setattr(subprocess, "Popen", started)

    def load() -> None:
        with Loading(tmp_path / "store") as store:
            for _ in range(100_000):
                store.add(LINE)
                if pids and len(pids) == 1:
                    os.kill(pids[0], signal.SIGKILL)

    with pytest.raises(BuildError, match="the process was ended, or memory ran out"):
        load()


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from kg.store.loader_process import LoaderProcess\n"
        "process = LoaderProcess(Path(sys.argv[1])); print(process._child.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path / "store")], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert _runs(pid)
        parent.kill()
    for _ in range(100):
        if not _runs(pid):
            return
        time.sleep(0.05)
    pytest.fail("the loader still runs")


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
