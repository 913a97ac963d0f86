from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.network import Facts, read
from kg.network.similar import Likeness
from kg.network.texts import descriptions
from kg.store import EmbeddedStore
from tests.network import built, small


@pytest.fixture(scope="package")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    with small.store(tmp_path_factory.mktemp("small")) as store:
        yield store


@pytest.fixture(scope="package")
def small_facts(small_store: EmbeddedStore) -> Facts:
    return read(small_store)


@pytest.fixture(scope="package")
def seeds_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    with built.seeds_store(tmp_path_factory.mktemp("seeds")) as store:
        yield store


@pytest.fixture(scope="package")
def pages_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedStore]:
    with built.pages_store(tmp_path_factory.mktemp("pages")) as store:
        yield store


@pytest.fixture(scope="package")
def pages_facts(pages_store: EmbeddedStore) -> Facts:
    return read(pages_store)


@pytest.fixture(scope="package")
def likeness(pages_store: EmbeddedStore, pages_facts: Facts) -> Likeness:
    return Likeness(pages_facts, descriptions(pages_store))
