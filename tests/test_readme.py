"""What the README and the page on the network show is what happens: each console block is run on the seeds.

``python -m tests.test_readme`` writes the blocks anew from what the commands print.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli import app

ROOT = Path(__file__).parent.parent
README, NETWORK = ROOT / "README.md", ROOT / "docs" / "network.md"
_BLOCK = re.compile(r"```console\n\$ (?P<command>[^\n]+)\n(?P<output>.*?)```", re.DOTALL)
_SECONDS = re.compile(r"\d+\.\d s")
_ALONE = re.compile(r"kg [\w. -]+")
"""A command that needs no shell."""
_WIDTH = {"COLUMNS": "120", "NO_COLOR": "1"}


def _environment() -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, **_WIDTH}


def _run(command: str, folder: str) -> str:
    done = subprocess.run(
        ["bash", "-c", command], cwd=folder, capture_output=True, text=True, check=False, env=_environment()
    )
    assert done.returncode == 0, f"{command}: {done.stderr}"
    return _printed(done.stdout, done.stderr)


def _run_here(command: str) -> str:
    """Run a command that needs no shell in this process, which has loaded the program already."""
    done = CliRunner().invoke(app, shlex.split(command)[1:], env=_WIDTH, catch_exceptions=False)
    assert done.exit_code == 0, f"{command}: {done.stderr}"
    return _printed(done.stdout, done.stderr)


def _printed(stdout: str, stderr: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in (stdout + stderr).rstrip().split("\n"))


def _as_shown(text: str) -> str:
    return _SECONDS.sub("0.0 s", text)


def _rewritten(text: str, folder: str) -> str:
    return _BLOCK.sub(lambda m: f"```console\n$ {m['command']}\n{_run(m['command'], folder)}```", text)


@pytest.fixture(scope="module")
def text() -> str:
    return README.read_text("utf-8")


def test_every_console_block_prints_what_it_shows(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = [*_BLOCK.finditer(text), *_BLOCK.finditer(NETWORK.read_text("utf-8"))]

    assert len(blocks) >= 18
    for block in blocks:
        command = block["command"]
        # The first command, which a newcomer gives, and those that need a shell are run as they stand.
        alone = block is not blocks[0] and _ALONE.fullmatch(command)
        printed = _run_here(command) if alone else _run(command, str(tmp_path))
        assert _as_shown(printed) == _as_shown(block["output"]), command


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The folder in which the examples in Python find the build that they open."""
    place = tmp_path_factory.mktemp("examples")
    _run_here(f"kg build --out {shlex.quote(str(place / 'build'))}")
    return str(place)


def test_the_python_example_runs(text: str, built: str) -> None:
    code = re.search(r"```python\n(.*?)```", text, re.DOTALL)
    assert code
    printed = _run(f"python - <<'EOF'\n{code[1]}\nEOF", built)

    assert "BIP 2" in printed
    assert int(printed.split()[-1]) > 1000


def test_the_example_of_the_network_runs(text: str, built: str) -> None:
    _, code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    printed = _run(f"python - <<'EOF'\n{code}\nEOF", built).splitlines()

    assert printed[0].endswith("1 ('method:bip',) ('builds-on – trains',)")
    assert printed[1] == "['method:bip', 'method:implementation-support', 'method:vta']"
    assert printed[2].startswith("Lumena ['Samordningsförbundet Östra Södertörn'] ")


@pytest.mark.parametrize("page", [README, NETWORK], ids=lambda page: page.name)
def test_every_link_and_picture_is_there(page: Path) -> None:
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")) if "://" not in target]

    assert targets
    for target in targets:
        name, _, heading = target.partition("#")
        led_to = page.parent / name if name else page
        assert led_to.exists(), target
        assert not heading or heading in _anchors(led_to), target


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_command_is_named(text: str) -> None:
    shown = _run("kg --help", str(ROOT))
    commands = re.findall(r"^│ ([a-z]+)  ", shown, re.MULTILINE)

    assert len(commands) >= 9
    assert [command for command in commands if f"kg {command}" not in text] == []


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        for page in (README, NETWORK):
            page.write_text(_rewritten(page.read_text("utf-8"), scratch), "utf-8")
