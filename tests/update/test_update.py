"""An update takes over what is new and sound, leaves the rest as it is, and can be undone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import kg
from kg import generations
from kg.cli import app
from kg.errors import InputError, LockedError, UsageError
from kg.update import Result, read_plan, releasing, roll_back, update
from tests.servers import Reply, free_port, replying
from tests.update.conftest import SEEDS, Place


def projects(place: Place) -> int:
    with kg.open(place.folder / "build") as graph:
        return len(graph.query("SELECT DISTINCT ?p { ?p a kg:Project }"))


def run(place: Place, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["update", str(place.plan_file), *options])
    return result.exit_code, result.output


def test_what_is_new_is_taken_over_and_nothing_new_is_nothing_done(place: Place) -> None:
    plan = place.plan()
    first = update(plan)
    second = update(plan)
    place.put(0, 1, 2)
    third = update(plan)

    assert (first.result, first.generation, first.before) == (Result.UPDATED, "000001", None)
    assert (second.result, second.generation) == (Result.NOTHING_NEW, "000001")
    assert (third.result, third.generation, third.before) == (Result.UPDATED, "000002", "000001")
    assert projects(place) == 3
    assert not list((place.folder / "build").glob(".update*"))


def test_generations_are_kept_and_one_can_go_back(place: Place) -> None:
    plan = place.plan("keep = 2\n")
    for pages in ((0,), (0, 1), (0, 1, 2)):
        place.put(*pages)
        update(plan)
    assert generations.names(place.folder / "build") == ["000002", "000003"]

    back = roll_back(plan)
    assert (back.result, back.generation, back.before) == (Result.ROLLED_BACK, "000002", "000003")
    assert projects(place) == 2
    stays = update(plan)
    assert (stays.result, stays.generation) == (Result.NOTHING_NEW, "000002")
    assert stays.reasons == ("the sources are those of the generation that was rolled back",)
    place.put(0, 1, 2, 3)
    assert update(plan).generation == "000004"
    assert projects(place) == 4
    roll_back(plan, to="000003")
    assert projects(place) == 3
    with pytest.raises(UsageError, match="has no generation 000009; there are 000003, 000004"):
        roll_back(plan, to="000009")
    with pytest.raises(UsageError, match="has no generation before 000003"):
        roll_back(plan)


def _spoilt(place: Place) -> None:
    """Let a page state a period that ends before it begins."""
    (page,) = (path for path in place.pages.iterdir() if path.name == SEEDS[0].name)
    text = page.read_text(encoding="utf-8")
    changed = text.replace("2023-08-01", "2033-08-01").replace("2023-07-31", "2033-07-31")
    assert changed != text
    page.write_text(changed, encoding="utf-8")


def test_new_violations_are_refused_unless_accepted_and_known_ones_are_not_new(place: Place) -> None:
    plan = place.plan()
    update(plan)
    _spoilt(place)
    refused = update(plan)

    assert refused.result is Result.REFUSED
    assert refused.generation == "000001"
    assert refused.reasons[0].endswith("new violation") or refused.reasons[0].endswith("new violations")
    assert refused.violations
    accepted = update(plan, accept=True)
    assert (accepted.result, accepted.generation) == (Result.FINDINGS, "000002")
    place_two = place.pages / SEEDS[2].name
    place_two.write_bytes(SEEDS[2].read_bytes())
    again = update(plan)
    assert (again.result, again.generation, again.violations) == (Result.FINDINGS, "000003", ())
    assert again.known == len(accepted.violations)


def test_far_fewer_projects_are_taken_for_a_mishap(place: Place) -> None:
    plan = place.plan("least_share = 0.8\n")
    place.put(0, 1, 2)
    update(plan)
    place.put(0)

    assert update(plan).reasons == ("1 project, and there were 3",)
    assert projects(place) == 3
    assert update(plan, accept=True).result is Result.UPDATED
    assert projects(place) == 1


def test_a_build_that_another_command_made_is_judged_against(place: Place) -> None:
    from kg.build import build

    build([SEEDS[0], SEEDS[1], SEEDS[2]], place.folder / "build", workers=1)
    place.put(0)
    assert update(place.plan()).result is Result.REFUSED


def test_an_input_that_cannot_be_read_leaves_the_build(place: Place) -> None:
    plan = place.plan()
    update(plan)
    place.put()
    with pytest.raises(InputError):
        update(plan)
    (place.pages / "no-page.txt").write_text("nothing", encoding="utf-8")
    with pytest.raises(InputError):
        update(plan)

    assert projects(place) == 2
    assert not list((place.folder / "build").glob(".update*"))


def test_a_second_run_at_the_same_time_is_refused(place: Place) -> None:
    plan = place.plan()
    with generations.locked(plan.build), pytest.raises(LockedError, match="another build is writing"):
        update(plan)
    with generations.locked(plan.build), pytest.raises(LockedError):
        roll_back(plan)


def test_the_release_follows_the_build_back_and_forth(place: Place, tmp_path: Path) -> None:
    plan = place.plan('release = "public"\n')
    assert update(plan).released
    first = (tmp_path / "public" / "SHA256SUMS").read_text()
    assert not update(plan).released
    place.put(0, 1, 2)
    assert update(plan).released
    assert (tmp_path / "public" / "SHA256SUMS").read_text() != first
    assert roll_back(plan).released
    assert (tmp_path / "public" / "SHA256SUMS").read_text() == first
    (plan.build / "released").unlink()
    assert update(plan).released


def test_the_release_holds_the_report_on_quality_unless_it_is_left_out(place: Place) -> None:
    update(place.plan('release = "public"\n'))
    assert (place.folder / "public/quality/index.html").is_file()
    again = update(place.plan('release = "public"\nquality = false\n'))
    assert (again.result, again.released) == (Result.NOTHING_NEW, True)
    assert not (place.folder / "public/quality").exists()


def test_a_release_is_made_again_when_its_configuration_changes_or_it_is_gone(place: Place) -> None:
    plan = place.plan('release = "public"\npublication = "release.toml"\nquality = false\n')
    (place.folder / "release.toml").write_text('[data]\ntitle = "One"\n', encoding="utf-8")
    assert update(plan).released
    (place.folder / "release.toml").write_text('[data]\ntitle = "Two"\n', encoding="utf-8")
    changed = update(plan)
    assert (changed.result, changed.generation, changed.released) == (Result.NOTHING_NEW, "000001", True)
    assert "Two" in (place.folder / "public/index.html").read_text("utf-8")
    assert not update(plan).released
    shutil.rmtree(place.folder / "public")
    assert update(plan).released


def test_a_release_that_cannot_be_made_leaves_the_build_in_force(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = place.plan('release = "public"\nquality = false\n')
    update(plan)
    place.put(0, 1, 2)

    def full(*given: object, **named: object) -> None:
        raise InputError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(releasing, "release", full)
        with pytest.raises(InputError, match="the disk is full"):
            update(plan)
    assert projects(place) == 2
    assert update(plan).released
    assert projects(place) == 3


def test_going_back_does_not_wait_for_a_release_that_fails(place: Place) -> None:
    plan = place.plan()
    update(plan)
    place.put(0, 1, 2)
    update(plan)
    (place.folder / "public").mkdir()
    (place.folder / "public/mine.txt").write_text("kept", encoding="utf-8")
    plan = place.plan('release = "public"\n')
    with pytest.raises(UsageError, match=r"000001 is in force again, but its release could not be made: .* no release"):
        roll_back(plan)

    assert projects(place) == 2
    with pytest.raises(UsageError, match="no release"):
        update(plan, force=True)
    assert generations.current(plan.build).name == "000001"


def test_a_run_killed_between_release_and_switch_is_made_up_for(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = place.plan('release = "public"\nquality = false\n')
    update(plan)
    before = (place.folder / "public/SHA256SUMS").read_text("utf-8")
    place.put(0, 1, 2)

    def killed(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(generations, "adopt", killed)
        with pytest.raises(KeyboardInterrupt):
            update(plan)
    assert projects(place) == 2
    assert (place.folder / "public/SHA256SUMS").read_text("utf-8") != before
    place.put(0, 1)
    again = update(plan)
    assert (again.result, again.released) == (Result.NOTHING_NEW, True)
    assert (place.folder / "public/SHA256SUMS").read_text("utf-8") == before


def test_exit_codes_tell_what_happened(place: Place) -> None:
    place.plan()
    assert run(place) == (0, "updated: generation 000001\n")
    assert run(place) == (5, "nothing new: generation 000001\n")
    assert run(place, "--force")[0] == 0
    _spoilt(place)
    code, output = run(place)
    assert (code, output.splitlines()[0]) == (6, "refused: generation 000002; 1 new violation")
    assert run(place, "--accept")[0] == 1
    assert run(place, "--rollback") == (0, "rolled back: generation 000002; before it 000003\n")
    with generations.locked(place.folder / "build"):
        code, output = run(place)
    assert code == 7
    assert "another build is writing to" in output
    place.put()
    assert run(place)[0] == 3
    assert run(place, "--to", "000001")[0] == 2
    assert '"result": "rolled back"' in run(place, "--rollback", "--to", "000001", "--json")[1]


def test_pages_are_fetched_first_and_their_absence_stops_the_run(place: Place) -> None:
    page = Reply(200, "text/plain; charset=utf-8", SEEDS[2].read_bytes())
    with replying(page) as address:
        wanted = address.replace("/sparql", "/page/1")
        more = f'[fetch]\nwanted = ["{wanted}"]\ninto = "pages"\ninterval = 0\nallow_private = true\n'
        plan = place.plan(more)
        fetched = update(plan)
        again = update(plan)

    assert fetched.fetched == {"fetched": 1}
    assert projects(place) == 3
    assert again.result is Result.NOTHING_NEW
    gone = f'[fetch]\nwanted = ["http://127.0.0.1:{free_port()}/a"]\ninto = "pages"\nallow_private = true\ntries = 1\n'
    place.plan(gone)
    code, output = run(place)
    assert code == 4, output
    assert projects(place) == 3


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sources = 3", "sources is 3, not list"),
        ("", "names no sources"),
        ('sources = ["a"]\nsurces = ["b"]', "unknown key 'surces'"),
        ('sources = ["a"]\nkeep = 1', "keep is 1, and 2 is the least"),
        ('sources = ["a"]\nkeep = true', "keep is True, not int"),
        ('sources = ["a"]\nleast_share = 90', "a share is between 0 and 1"),
        ('sources = ["a", 4]', "sources is a list of texts"),
        ('sources = ["a"]\n[fetch]\nwanted = []', "needs wanted"),
        ('sources = ["a"]\n[fetch]\nwanted = ["x"]\ninto = "b"\nagent = "c"', "unknown key 'agent'"),
    ],
)
def test_a_wrong_plan_is_refused_by_name(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "update.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=reason):
        read_plan(path)


def test_a_plan_that_cannot_be_read_is_an_input_error(tmp_path: Path) -> None:
    path = tmp_path / "update.toml"
    with pytest.raises(InputError, match="cannot be read"):
        read_plan(path)
    path.write_text("sources = [", encoding="utf-8")
    with pytest.raises(InputError, match="is not TOML"):
        read_plan(path)


def test_a_plan_is_found_from_its_own_folder(tmp_path: Path) -> None:
    path = tmp_path / "update.toml"
    path.write_text('sources = ["pages", "lists/*.csv"]\nrelease = "public"\n', encoding="utf-8")
    plan = read_plan(path)

    assert plan.sources == (str(tmp_path / "pages"), str(tmp_path / "lists/*.csv"))
    assert (plan.build, plan.release, plan.keep) == (tmp_path / "build", tmp_path / "public", 3)
