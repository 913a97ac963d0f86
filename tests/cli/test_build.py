"""What `kg build` prints stays readable however much was built."""

from __future__ import annotations

import re
from pathlib import Path

from typer.testing import CliRunner

from kg.cli import app
from tests.benchmarks.generator import write_pages


def test_what_many_projects_share_names_only_the_first_of_them(tmp_path: Path) -> None:
    write_pages(tmp_path / "pages", 80)
    done = CliRunner().invoke(app, ["build", str(tmp_path / "pages"), "--out", str(tmp_path / "build")])

    assert done.exit_code == 0, done.output
    assert re.search(r"and \d+ more", done.output)
    assert max(map(len, done.output.splitlines())) < 600
