"""The package as others get it: the wheel, the rows of modules, the declared dependencies, the start of the command."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import venv
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(path for path in (ROOT / "kg").rglob("*.py"))

ROWS = (
    ("errors", "resources", "toml", "model", "vocabulary", "values", "dates", "literals", "statements", "writing"),
    ("terms", "ontology"),
    ("codes", "counting", "places", "owners"),
    (
        "sources",
        "methods",
        "mentions",
        "earlier",
        "bygone",
        "partners",
        "project_names",
        "relation_signs",
        "stages",
        "fetch",
    ),
    ("triples", "columns", "shards"),
    ("generations", "agreement", "joining", "reading", "reading_results", "reading_lists", "conflicts"),
    ("turtle", "colours", "markup"),
    ("store",),
    ("search", "queries", "network", "export", "validation", "quality", "drawing", "link", "link_server"),
    ("build", "documentation"),
    ("graph", "release", "changes"),
    ("web", "update"),
    ("", "cli", "__main__"),
)
"""The rows of the architecture from the ground up: a module imports from its own row or from rows before it."""


def _name(path: Path) -> str:
    parts = path.relative_to(ROOT / "kg").with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def _row(module: str) -> int:
    head = module.split(".", maxsplit=1)[0]
    found = [number for number, row in enumerate(ROWS) if head in row]
    assert len(found) == 1, f"kg.{module} stands in {len(found)} rows; give it one"
    return found[0]


def _imports(path: Path) -> Iterator[str]:
    """Yield the modules of ours that a module imports, anywhere in its text except for types only."""
    tree = ast.parse(path.read_text("utf-8"))
    for_types = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0 and node.module.split(".")[0] == "kg":
            rest = node.module.removeprefix("kg").lstrip(".")
            yield from ([rest] if rest else [alias.name for alias in node.names])
        elif isinstance(node, ast.Import):
            yield from (alias.name.removeprefix("kg.") for alias in node.names if alias.name.startswith("kg."))


def test_no_module_imports_from_a_row_above_it() -> None:
    upward = [
        f"kg.{_name(path)} imports kg.{target}"
        for path in MODULES
        for target in _imports(path)
        if _name(path) and _row(target) > _row(_name(path))
    ]

    assert not upward
    assert len(MODULES) > 30


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{path}:{node.lineno}"
        for path in MODULES
        if not _name(path).startswith("cli")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("print", "sys.exit", "exit", "typer.echo")
    ]

    assert not printing


def test_every_imported_distribution_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    optional = [entry for entries in project["optional-dependencies"].values() for entry in entries]
    declared = {_distribution(entry) for entry in (*project["dependencies"], *optional)}
    providers = packages_distributions()
    missing = {
        name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in _foreign(node)
        if not declared & {_distribution(each) for each in providers.get(name, [])}
    }

    assert not missing


def _distribution(text: str) -> str:
    return re.split(r"[^A-Za-z0-9._-]", text)[0].lower().replace("_", "-")


def _foreign(node: ast.AST) -> Iterator[str]:
    names: list[str] = []
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        names = [node.module]
    for name in names:
        head = name.split(".")[0]
        if head not in sys.stdlib_module_names and head not in ("kg", "_typeshed"):
            yield head


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    hosts = re.compile("|".join(("py" + r"pi\.org", "python" + "hosted", "registry" + r"\.npm", "deb" + r"\.debian")))
    paths = re.compile(r"(?<![\w.])/(?:work|farm|home|root)/")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split(
        "\n"
    )
    files = [ROOT / name for name in listed if name] or [path for path in ROOT.rglob("*") if ".venv" not in path.parts]
    found: list[str] = []
    for path in files:
        if path.is_file() and path.suffix in {".py", ".md", ".ttl", ".toml", ".rq", ".txt", ".json", ""}:
            text = path.read_text("utf-8", errors="replace")
            found.extend(f"{path}: {match[0]}" for match in (hosts.search(text), paths.search(text)) if match)

    assert len(files) > 100
    assert not found


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and install it alone into a fresh environment; only its dependencies come from here."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    made = subprocess.run(build, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    packages = next((environment / "lib").glob("python*")) / "site-packages"
    # A path file adds the folder of the dependencies but not the path files in it, so no checkout is found by it.
    (packages / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    wheel = next(folder.glob("*.whl"))
    python = environment / "bin" / "python"
    install = [
        str(python),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--force-reinstall",
        str(wheel),
    ]
    done = subprocess.run(install, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return environment / "bin" / "kg"


def _run(command: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    return subprocess.run(
        [str(command), *arguments], cwd=folder, capture_output=True, text=True, check=False, env=environment
    )


def test_the_wheel_works_from_any_folder(installed: Path, tmp_path: Path) -> None:
    built = _run(installed, "build", "--check", folder=tmp_path)
    listed = _run(installed, "queries", folder=tmp_path)
    asked = _run(installed, "query", "shared-methods", "--format", "csv", folder=tmp_path)
    exported = _run(installed, "export", "out", folder=tmp_path)
    released = _run(installed, "release", "published", "--no-quality", folder=tmp_path)
    compared = _run(installed, "diff", "published", "build", folder=tmp_path)

    assert built.returncode == 0, built.stderr
    assert "What the projects share" in built.stdout
    assert "BIP" in built.stdout
    assert listed.returncode == 0, listed.stderr
    assert "shared-methods" in listed.stdout
    assert "BIP" in asked.stdout, asked.stderr
    assert exported.returncode == 0, exported.stderr
    assert (tmp_path / "out" / "kg.ttl").stat().st_size > 10_000
    assert released.returncode == 0, released.stderr
    assert (tmp_path / "published" / "ontology" / "index.html").stat().st_size > 10_000
    assert (compared.returncode, compared.stdout) == (0, "The same content.\n")
    where = _run(installed.parent / "python", "-c", "import kg; print(kg.__file__)", folder=tmp_path)
    assert "environment" in where.stdout


def test_the_help_of_the_command_is_complete_and_needs_no_heavy_import(installed: Path, tmp_path: Path) -> None:
    shown = _run(installed, "--help", folder=tmp_path)
    code = "import sys, kg.cli; print([m for m in ('rdflib', 'networkx', 'pyshacl', 'scipy', 'polars') if m in sys.modules])"
    loaded = _run(installed.parent / "python", "-c", code, folder=tmp_path)

    for command in "build check query queries methods network export release diff push info".split():
        assert re.search(rf"│ {command} ", shown.stdout), command
    assert loaded.stdout.strip() == "[]"


def test_a_wrong_call_ends_with_its_exit_code(installed: Path, tmp_path: Path) -> None:
    assert _run(installed, "build", "--no-such-option", folder=tmp_path).returncode == 2
    missing = _run(installed, "build", "nowhere.txt", folder=tmp_path)
    assert (missing.returncode, missing.stdout) == (3, "")
    assert missing.stderr == "kg: nowhere.txt: no such file, folder or pattern with a match\n"
    unbuilt = _run(installed, "query", "shared-methods", folder=tmp_path)
    assert unbuilt.returncode == 3
    assert "kg build" in unbuilt.stderr
    assert _run(installed, "--version", folder=tmp_path).stdout == "kg 0.1.0\n"
