"""The pictures that stand in the repository, and how they are drawn anew: ``python -m tests.drawing.pictures``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from kg.drawing import model_picture, projects_picture
from kg.network import read
from kg.ontology import load
from tests.network.built import seeds_store

FOLDER = Path(__file__).parent.parent.parent / "ontology" / "pictures"


def _model() -> str:
    return model_picture(load())


def _seeds() -> str:
    with TemporaryDirectory() as place, seeds_store(Path(place)) as store:
        facts = read(store)
    title = "Five projects, their owners, and the methods they share"
    return projects_picture(facts, title=title, source="Drawn from the graph that `kg build` makes of the five seeds.")


PICTURES: Mapping[str, Callable[[], str]] = {"model.svg": _model, "seeds.svg": _seeds}


if __name__ == "__main__":
    for name, draw in PICTURES.items():
        (FOLDER / name).write_text(draw(), encoding="utf-8")
