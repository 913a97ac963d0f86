"""Settings of all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# A busy machine must not fail a right program, so no example has a deadline; CI repeats the same examples each time.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")

# Tables are as wide as the terminal says; what a test expects of them must not depend on who runs it.
os.environ.pop("COLUMNS", None)
