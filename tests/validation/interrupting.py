"""Interrupts a check from outside, as Ctrl-C does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

SECONDS = 60


def assert_interrupted(arguments: Sequence[str], scratch: Path, under_way: Callable[[int], bool]) -> None:
    """Run Python, whose folder for files in passing is `scratch`, interrupt it once `under_way` says so of its number.

    It has to say so in a line, with the exit code for it, and leave no file behind.
    """
    scratch.mkdir()
    with subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, "TMPDIR": str(scratch)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            deadline = time.monotonic() + SECONDS
            while not under_way(process.pid):
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.01)
            process.send_signal(signal.SIGINT)
            stdout, stderr = process.communicate(timeout=SECONDS)
        finally:
            process.kill()

    assert (process.returncode, stdout) == (130, "")
    assert stderr.startswith("kg: interrupted")
    assert list(scratch.iterdir()) == []
