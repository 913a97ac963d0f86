from __future__ import annotations

from pathlib import Path

import pytest

from kg.build import build
from kg.quality import QualityReport, quality
from kg.resources import folder

PAGES = Path(__file__).parent.parent / "pages"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seeds and the test pages."""
    out = tmp_path_factory.mktemp("quality") / "build"
    build([folder("seeds"), PAGES], out, workers=1)
    return out


@pytest.fixture(scope="session")
def report(built: Path) -> QualityReport:
    return quality(built)
