"""One small build and one served endpoint for all tests that do not harm them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sparql.serving import Served, add_generation, project_lines, served


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("build")
    add_generation(folder, project_lines(2000))
    return folder


@pytest.fixture(scope="session")
def site(build: Path) -> Iterator[Served]:
    with served(build) as running:
        yield running
