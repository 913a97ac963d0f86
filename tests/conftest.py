"""Settings of all tests."""

from __future__ import annotations

import gc
import os
import signal
import sys

from hypothesis import settings

# A busy machine must not fail a right program, so no example has a deadline; CI repeats the same examples each time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# Tables are as wide as the terminal says; what a test expects of them must not depend on who runs it.
os.environ.pop("COLUMNS", None)

# The tests start hundreds of processes of this package. Where nothing compiled may be kept, each would compile it anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# What a script starts in the background ignores interrupts and hands that on, also to those that tests mean to interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# What collecting makes stays to the end: looking through it for garbage, then and in every test, finds nothing.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()
