"""The graph of the five seeds, and of the pages beside the tests, built as a user would build them."""

from __future__ import annotations

from pathlib import Path
from urllib.request import Request, urlopen

from kg.build import build
from kg.resources import folder
from kg.store import EmbeddedStore, open_build

PAGES = Path(__file__).parent.parent / "pages"


def seeds_store(place: Path) -> EmbeddedStore:
    """Build the seeds into `place` and open them."""
    build([folder("seeds")], place)
    return open_build(place)


def pages_store(place: Path) -> EmbeddedStore:
    """Build the seeds and the given pages into `place` and open them."""
    build([folder("seeds"), *sorted(PAGES.glob("*.txt"))], place, workers=1)
    return open_build(place)


def push(store: EmbeddedStore, address: str) -> None:
    """Load the statements of a store into a server through the graph store protocol."""
    request = Request(address, data=b"".join(store.nquads()), method="POST")
    request.add_header("Content-Type", "application/n-quads")
    with urlopen(request) as answer:
        assert answer.status in (200, 201, 204)
