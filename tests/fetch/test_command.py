"""The command says what became of each page and ends with the code of the worst."""

from __future__ import annotations

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from kg.cli import fetch as command
from kg.errors import EndpointError
from tests.fetch.site import Reply, running_site


def _app() -> typer.Typer:
    app = typer.Typer()
    command.register(app)
    return app


def test_the_command_fetches_and_sums_up(tmp_path: Path) -> None:
    with running_site() as site:
        site.replies["/?dnr=22-045-S01"] = Reply()
        arguments = ["22-045-S01", "22-046-S01", "--out", str(tmp_path), "--pattern", f"{site.address}/?dnr={{dnr}}"]
        options = ["--interval", "0", "--allow-private"]
        shown = CliRunner().invoke(_app(), [*arguments, *options])
        again = CliRunner().invoke(_app(), [*arguments, *options, "--json"])

    assert shown.exit_code == again.exit_code == 1
    assert "1  fetched" in shown.stdout
    assert "status-404" in shown.stderr
    found = json.loads(again.stdout)
    assert found["counts"]["failed"] == 1
    assert [page["result"] for page in found["pages"]] == ["fetched", "failed"]
    assert (tmp_path / "22-045-S01.html").is_file()


def test_nothing_at_all_is_an_error_of_the_endpoint(tmp_path: Path) -> None:
    with running_site() as site:
        arguments = [f"{site.address}/a", "--out", str(tmp_path), "--interval", "0"]
        result = CliRunner().invoke(_app(), arguments)

    assert isinstance(result.exception, EndpointError)
