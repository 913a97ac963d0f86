from __future__ import annotations

import pytest

from kg import ontology
from kg.methods import Extractor


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return Extractor(ontology.load())
