from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.resources import folder
from kg.update import Plan, read_plan

SEEDS = sorted(folder("seeds").glob("*.txt"))


@dataclass(frozen=True)
class Place:
    """A folder with a plan, pages and a build."""

    folder: Path

    @property
    def plan_file(self) -> Path:
        return self.folder / "update.toml"

    @property
    def pages(self) -> Path:
        return self.folder / "pages"

    def plan(self, more: str = "") -> Plan:
        self.plan_file.write_text(f'sources = ["pages"]\nworkers = 1\n{more}', encoding="utf-8")
        return read_plan(self.plan_file)

    def put(self, *numbers: int) -> None:
        """Let these seeds, and no others, be the pages."""
        for old in self.pages.iterdir():
            old.unlink()
        for number in numbers:
            shutil.copy(SEEDS[number], self.pages)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    found = Place(tmp_path)
    found.pages.mkdir()
    found.put(0, 1)
    return found
