"""The file of decisions says what is wrong with it, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.owners.reviewed import Decision, read, unmet

SAME = '[[same]]\nowners = ["A-laget", "B-laget"]\nreason = "So it is."\n'


def _read(path: Path, text: str) -> tuple[Decision, ...]:
    path.write_text(text, encoding="utf-8")
    return read([path], installed=False).decisions


def test_a_decision_knows_its_owners_reason_and_place(tmp_path: Path) -> None:
    text = '# settled\n[[renamed]]\nfrom = "SKL"\nto = "212000-3005"\ndate = 2019-11-27\nreason = "New name."\n' + SAME
    same, renamed = _read(tmp_path / "mine.toml", text)

    assert same == Decision("same", ("A-laget", "B-laget"), "", "So it is.", "mine.toml:7")
    assert renamed == Decision("renamed", ("SKL", "2120003005"), "2019-11-27", "New name.", "mine.toml:2")


def test_the_installed_file_comes_first() -> None:
    installed = read().decisions

    assert {decision.kind for decision in installed} >= {"renamed", "unclear", "same"}
    assert all(decision.place.startswith("owners-reviewed.toml:") for decision in installed)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[same]\n", "mine.toml is not TOML.*line 1"),
        ("[[equal]]\n", "unknown table 'equal'.*same, different, renamed, unclear"),
        ('[same]\nowners = ["A", "B"]\nreason = "x"\n', "double brackets"),
        (f'{SAME}[[same]]\nowners = ["A"]\nreason = "x"\n', "mine.toml:4.*at least 2 owners"),
        ('[[same]]\nowners = ["Sala kommun", "SALA KOMMUN"]\nreason = "x"\n', "mine.toml:1.*equal already"),
        ('[[same]]\nowners = ["A", "B"]\n', "mine.toml:1.*lacks the key 'reason'"),
        ('[[same]]\nowners = ["A", "B"]\nreason = " "\n', "mine.toml:1.*reason"),
        ('[[same]]\nowners = ["A", "B"]\nreason = "x"\nwhy = "y"\n', "mine.toml:1.*does not know the key 'why'"),
        ('[[same]]\nowners = ["A", 2]\nreason = "x"\n', "mine.toml:1.*in quotes"),
        ('[[same]]\nowners = ["A", "--"]\nreason = "x"\n', "mine.toml:1.*'--' is not the name"),
        ('[[same]]\nowners = ["A", "2120003006"]\nreason = "x"\n', "mine.toml:1: '2120003006':.*Luhn"),
        ('[[same]]\nowners = ["A", "121212-1212"]\nreason = "x"\n', "mine.toml:1.*natural person"),
        ('[[renamed]]\nfrom = "A"\nto = "B"\ndate = "in May"\nreason = "x"\n', "mine.toml:1.*a date is a day"),
        ('[[same]]\nowners = ["2120003005", "2220002485"]\nreason = "x"\n', "mine.toml:1.*two legal persons"),
        (
            '[[same]]\nowners = ["A", "2120003005"]\nreason = "x"\n[[same]]\nowners = ["2220002485", "A"]\nreason = "x"\n',
            "mine.toml:4.*two legal persons",
        ),
        (f'{SAME}[[different]]\nowners = ["b-laget", "A-laget"]\nreason = "x"\n', "mine.toml:4.*say are one"),
    ],
)
def test_a_wrong_file_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        _read(tmp_path / "mine.toml", text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.toml cannot be read"):
        read([tmp_path / "absent.toml"])


RENAMED = '[[renamed]]\nfrom = "{}"\nto = "{}"\ndate = "2019"\nreason = "x"\n'


def test_renamings_that_lead_back_to_their_beginning_are_refused(tmp_path: Path) -> None:
    round_about = RENAMED.format("Ek", "Al") + RENAMED.format("Al", "Bok") + RENAMED.format("Bok", "Ek")

    with pytest.raises(InputError, match=r"mine\.toml:11: 'Ek' is by other decisions an earlier name"):
        _read(tmp_path / "mine.toml", round_about)


def test_a_name_in_a_decision_that_nobody_bears_is_found(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(SAME + RENAMED.format("B-laget", "C-laget"), encoding="utf-8")
    met = {"a laget"}

    assert list(unmet(read([path], installed=False), met.__contains__)) == [
        ("mine.toml", 1, "B-laget"),
        ("mine.toml", 4, "B-laget"),
    ]
    assert not list(unmet(read(), met.__contains__))
