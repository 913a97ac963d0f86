from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph
import pytest
from typer.testing import CliRunner, Result

from kg.build import build
from kg.changes import Changes, changes, difference, side
from kg.changes.telling import ACTIVITIES, lines, plain, rdf
from kg.cli import app
from kg.release import read_publication, release
from kg.resources import folder
from kg.store import open_build

PAGES = Path(__file__).parent.parent / "pages"


@pytest.fixture(scope="module")
def builds(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two builds: of the seeds, and of the seeds with one page less, one more, and three facts changed."""
    place = tmp_path_factory.mktemp("changes")
    pages = shutil.copytree(folder("seeds"), place / "pages")
    build([pages], place / "old", workers=1)
    (pages / "004_03dc92fa27c0c321.txt").unlink()
    shutil.copy(PAGES / "22-018-S01.txt", pages)
    page = pages / "003_4a321260ebd1fd8b.txt"
    text = page.read_text("utf-8").replace("2026-03-31", "2026-06-30").replace("Supported Education", "Ny väg in")
    page.write_text(text, encoding="utf-8")
    build([pages], place / "new", workers=1)
    return place / "old", place / "new"


@pytest.fixture(scope="module")
def found(builds: tuple[Path, Path]) -> Changes:
    old, new = side(builds[0]), side(builds[1])
    return changes(old, new, difference(old, new))


def _run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def _told(found: Changes, language: str) -> Sequence[str]:
    return list(lines(found, language))


def test_projects_that_came_and_went_are_told(found: Changes) -> None:
    states = {(thing.key, thing.state) for thing in found.things if thing.kind == "project"}

    assert states == {("22-018-S01", "added"), ("22-005-S01", "removed"), ("22-014-S05", "changed")}
    assert not [thing for thing in found.things if thing.kind in ("use", "mention")]


def test_values_are_told_from_what_to_what_by_the_label_of_the_property(found: Changes) -> None:
    assert "    end date: 2026-03-31 → 2026-06-30" in _told(found, "en")
    assert "    slutdatum: 2026-03-31 → 2026-06-30" in _told(found, "sv")


def test_methods_that_were_linked_anew_are_told_once_with_their_role(found: Changes) -> None:
    told = [line for line in _told(found, "en") if "Supported Education" in line and "text" in line]

    assert told == ["    method in the text: − Supported Education (uses)"]
    assert "    metod i texten: − Supported Education (använder)" in _told(found, "sv")


def test_the_rdf_holds_what_leads_from_old_to_new(found: Changes, builds: tuple[Path, Path]) -> None:
    old, new = ({each.triple for each in side(path).statements()} for path in builds)
    graphs: dict[str, set[str]] = {}
    activities: set[str] = set()
    for quad in pyoxigraph.parse("".join(rdf(found)).encode(), format=pyoxigraph.RdfFormat.TRIG):
        graphs.setdefault(str(quad.graph_name).rpartition("/")[2].removesuffix(">"), set()).add(str(quad.triple))
        if quad.predicate.value.endswith("#type") and isinstance(quad.graph_name, pyoxigraph.DefaultGraph):
            activities.add(str(quad.object).removeprefix(f"<{ACTIVITIES}")[:-1])

    assert (old - graphs["removed"]) | graphs["added"] == new
    assert graphs["added"] <= new
    assert graphs["removed"] <= old
    assert activities == {"Collection", "Create", "Delete", "Update"}


def test_a_release_is_compared_with_the_build_it_was_made_from(builds: tuple[Path, Path], tmp_path: Path) -> None:
    with open_build(builds[0]) as store:
        release(store, tmp_path / "release", read_publication(store.base))

    same = _run("diff", tmp_path / "release", builds[0])
    assert (same.exit_code, same.stdout) == (0, "The same content.\n")
    other = _run("diff", tmp_path / "release", builds[1], "--lang", "sv")
    assert other.exit_code == 1
    assert other.stdout.startswith("Projekt: 1 tillkom, 1 försvann, 1 ändrades.")


def test_programs_get_the_same_as_people(found: Changes, builds: tuple[Path, Path], tmp_path: Path) -> None:
    run = _run("diff", *builds, "--json", "--rdf", tmp_path / "changes.trig")

    assert run.exit_code == 1
    assert json.loads(run.stdout) == plain(found)
    assert (tmp_path / "changes.trig").read_text("utf-8") == "".join(rdf(found))


def test_options_that_contradict_each_other_are_refused(builds: tuple[Path, Path]) -> None:
    assert _run("diff", *builds, "--json", "--rdf", "-").exit_code == 2
    assert _run("diff", *builds, "--lang", "fi").exit_code == 2
    assert _run("diff", builds[0], builds[0].parent).exit_code == 3


def test_things_of_others_are_told_by_their_short_names(tmp_path: Path) -> None:
    (tmp_path / "old.ttl").write_text("<http://e/a> <http://purl.org/dc/terms/title> 'one'@en .", encoding="utf-8")
    (tmp_path / "new.ttl").write_text("<http://e/a> <http://purl.org/dc/terms/title> 'two'@en .", encoding="utf-8")
    run = _run("diff", tmp_path / "old.ttl", tmp_path / "new.ttl")

    assert run.stdout.splitlines()[-2:] == ["  http://e/a two", "    name: one → two"]


def test_the_rdf_names_no_thing_that_neither_side_names(tmp_path: Path) -> None:
    for name, number in (("old", 1), ("new", 2)):
        text = f"<http://e/a> <http://e/p> [ <http://e/q> {number} ] . <http://e/b> <http://e/p> {number} ."
        (tmp_path / f"{name}.ttl").write_text(text, encoding="utf-8")
    found = _run("diff", tmp_path / "old.ttl", tmp_path / "new.ttl", "--rdf", "-").stdout
    quads = list(pyoxigraph.parse(found.encode(), format=pyoxigraph.RdfFormat.TRIG))
    objects = {quad.object for quad in quads if quad.predicate.value == f"{ACTIVITIES}object"}
    stated = {quad.subject for quad in quads if not isinstance(quad.graph_name, pyoxigraph.DefaultGraph)}

    assert objects == stated
    assert sum(isinstance(each, pyoxigraph.BlankNode) for each in objects) == 2


def test_values_that_look_alike_are_told_by_their_type(tmp_path: Path) -> None:
    for name, kind in (("old", "integer"), ("new", "nonNegativeInteger")):
        (tmp_path / f"{name}.ttl").write_text(
            f'<http://e/a> <http://e/p> "130"^^<http://www.w3.org/2001/XMLSchema#{kind}> .', encoding="utf-8"
        )
    run = _run("diff", tmp_path / "old.ttl", tmp_path / "new.ttl")

    assert run.stdout.splitlines()[-1] == "    http://e/p: 130 (xsd:integer) → 130 (xsd:nonNegativeInteger)"


def test_a_source_cannot_write_on_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "old.ttl").write_text("", encoding="utf-8")
    text = '<http://e/a> <http://purl.org/dc/terms/title> "red \\u001B[31m\\u0007" .'
    (tmp_path / "new.ttl").write_text(text, encoding="utf-8")
    run = _run("diff", tmp_path / "old.ttl", tmp_path / "new.ttl")

    assert "red �[31m�" in run.stdout
    assert "\x1b" not in run.stdout


def test_long_texts_are_cut_to_what_differs(tmp_path: Path) -> None:
    text = "word " * 60
    for name, last in (("old", "first end"), ("new", "second end")):
        (tmp_path / f"{name}.ttl").write_text(
            f'<http://e/a> <http://purl.org/dc/terms/description> "{text}{last}" .', encoding="utf-8"
        )
    run = _run("diff", tmp_path / "old.ttl", tmp_path / "new.ttl")

    told = run.stdout.splitlines()[-1]
    assert "first end → …" in told
    assert told.endswith("second end")
    assert len(told) < 150
