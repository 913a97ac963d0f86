"""A build of the seeds, made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import build
from kg.resources import folder


@pytest.fixture(scope="session")
def seeds(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("checked") / "build"
    build([folder("seeds")], out)
    return out
