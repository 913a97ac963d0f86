"""Issues that people accept: for a reason, until a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.quality import QualityReport, quality
from kg.quality.accepting import read_accepted, sort_out

ENTRY = """
[[accepted]]
rule = "text-participants"
project = "2017/00082"
reason = "The text counts all who were asked."
expires = 2027-06-30
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_an_accepted_issue_is_shown_with_its_reason_and_not_counted(built: Path, tmp_path: Path) -> None:
    found = quality(built, accepted=[written(tmp_path / "ok.toml", ENTRY)], today=date(2027, 6, 30))

    assert [(i.about.identifier, entry.reason) for i, entry in found.accepted] == [
        ("2017/00082", "The text counts all who were asked.")
    ]
    assert "2017/00082" not in [i.about.identifier for i in found.issues if i.rule == "text-participants"]
    assert not found.expired


def test_an_entry_that_has_expired_hides_nothing_and_is_an_issue(built: Path, tmp_path: Path) -> None:
    found = quality(built, accepted=[written(tmp_path / "ok.toml", ENTRY)], today=date(2027, 7, 1))
    (about,) = [issue for issue in found.issues if issue.rule == "accepted-expired"]

    assert not found.accepted
    assert [entry.place for entry in found.expired] == ["ok.toml:2"]
    assert "2017/00082" in [i.about.identifier for i in found.issues if i.rule == "text-participants"]
    assert "2027-06-30" in about.message("sv")


def test_an_entry_that_fits_nothing_is_told(report: QualityReport, tmp_path: Path) -> None:
    entries = read_accepted([written(tmp_path / "ok.toml", ENTRY.replace("00082", "99999"))])

    assert sort_out(report.issues, entries, date(2027, 1, 1)).unused == entries


def test_an_entry_may_name_a_source_or_an_issue(report: QualityReport, tmp_path: Path) -> None:
    issue = report.issues[0]
    for line in (f'issue = "{issue.id}"', f'source = "{issue.sources[0]}"'):
        text = ENTRY.replace('project = "2017/00082"', line)
        out = sort_out(report.issues, read_accepted([written(tmp_path / "ok.toml", text)]), date(2027, 1, 1))
        assert [each for each, _ in out.accepted] == [issue]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (ENTRY.replace("reason", "cause"), "lacks the key 'reason'"),
        (ENTRY + 'who = "me"\n', "does not know the key 'who'"),
        (ENTRY.replace('project = "2017/00082"\n', ""), "not a whole rule"),
        (ENTRY.replace("2027-06-30", '"soon"'), "expires is a day"),
        (ENTRY.replace("The text counts all who were asked.", " "), "the reason is a sentence"),
        (ENTRY.replace("[[accepted]]", "[accepted]"), "double brackets"),
        (ENTRY.replace("[[accepted]]", "[[ignored]]"), "unknown table"),
        ("x = ", "is not TOML"),
    ],
)
def test_a_file_of_another_form_is_refused_by_name(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=r"ok\.toml") as caught:
        read_accepted([written(tmp_path / "ok.toml", text)])

    assert says in str(caught.value)
