"""The clues beside a name, and how sure the rules say they are, held against what they did on sentences new to them."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from kg import ontology
from kg.errors import InputError
from kg.methods import Extractor, clues, rulebook
from kg.methods.clues import Clues
from kg.methods.gold import Case, Expected
from kg.model import ROLES
from tests.methods import learn, record

RULES = rulebook.installed()
ROWS = record.read()


def _clues_of(extractor: Extractor, text: str) -> set[str]:
    read = extractor.read(text)
    assert read is not None
    (spot,) = read[0].spots
    return set(Clues({}, RULES).of(read[0], spot, ("trains", "training")))


def test_clues_are_the_words_the_pairs_and_the_lists_beside_a_name(extractor: Extractor) -> None:
    found = _clues_of(extractor, "Personalen utbildas i KBT under våren.")
    assert {"person* … ~", "<staff> … ~", "utbild* i … ~", "^ person*", "~ … under", "~ … under våren"} <= found
    assert {"@-1 i", "@-2 utbild*", "@+1 under", "@sentence <staff>", "@rule training", "@role trains"} <= found
    assert not any("kbt" in clue for clue in found)


def test_what_stands_above_and_after_a_hyphen_is_a_clue(extractor: Extractor) -> None:
    assert {"@lead utbild*", "^ ~"} <= _clues_of(extractor, "Personalen utbildas i:\n• KBT")
    assert "~-kurs" in _clues_of(extractor, "En KBT-kurs ges.")
    assert clues.FRAMED in _clues_of(extractor, "Metoden KBT ges.")


def test_words_far_from_a_name_are_no_clues(extractor: Extractor) -> None:
    far = " ".join(["ord"] * 14)
    assert not any(
        "forskn*" in clue
        for clue in _clues_of(extractor, f"Där forskning {far} ger KBT {far} forskning.")
        if "^" not in clue
    )


def test_shares_follow_the_weights_and_make_one(extractor: Extractor) -> None:
    read = extractor.read("Personalen utbildas i KBT.")
    assert read is not None
    document, _ = read
    (spot,) = document.spots
    weights = {"utbild* … ~": tuple(3.0 if role == "trains" else 0.0 for role in ROLES)}
    shares = Clues(weights, RULES).shares([(document, spot, None)])[0]
    assert max(shares, key=lambda role: shares[role]) == "trains"
    assert sum(shares.values()) == pytest.approx(1)
    even = Clues({}, RULES).shares([(document, spot, None)])[0]
    assert set(even.values()) == {1 / len(ROLES)}


def test_clues_decide_and_rules_are_clues_too() -> None:
    text = "Lärdomar från KBT tas till vara."
    known = ontology.load()
    (use,) = Extractor(known, weights={}).extract(text).uses
    assert (use.role, use.rule) == ("builds-on", "label+builds-on")
    weights = {"lärdom* … ~": tuple(4.0 if role == "trains" else 0.0 for role in ROLES)}
    (use,) = Extractor(known, weights=weights).extract(text).uses
    assert (use.role, use.rule) == ("trains", "label+clues")
    weights["@rule builds-on"] = tuple(5.0 if role == "builds-on" else 0.0 for role in ROLES)
    (use,) = Extractor(known, weights=weights).extract(text).uses
    assert (use.role, use.rule) == ("builds-on", "label+builds-on")


def test_a_rule_that_the_table_does_not_know_speaks_for_its_role_and_a_weak_one_for_none(extractor: Extractor) -> None:
    read = extractor.read("KBT ges.")
    assert read is not None
    (spot,) = read.document.spots
    weigher = Clues({}, RULES)
    assert {"@rule new-rule", "@role trains"} <= {*weigher.of(read.document, spot, ("trains", "list-new-rule"))}
    weak = {*weigher.of(read.document, spot, ("uses", "verb"))}
    assert clues.WEAK in weak
    assert not any(clue.startswith("@role") for clue in weak)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("word,uses\n", "does not begin with"),
        (f"clue,{','.join(ROLES)}\nord,1,2\n", "not 6 numbers"),
        (f"clue,{','.join(ROLES)}\nord,1,2,3,4,5,x\n", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_a_table_that_holds_no_clues_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "clues.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=problem):
        clues.read(path)


def test_learning_finds_the_word_that_tells_roles_apart(extractor: Extractor) -> None:
    def case(number: int, text: str, role: str) -> Case:
        return Case(str(number), ("",), text, (Expected("cbt", "cbt", role),))

    cases = [case(n, "Alla gläds åt KBT.", "uses") for n in range(4)]
    cases += [case(9 + n, "Alla glömde KBT.", "negated") for n in range(4)]
    weights = learn.learn([*learn.examples(cases, extractor, {})])
    glad, forgot = weights["gläds … ~"], weights["glömde … ~"]
    uses, negated = ROLES.index("uses"), ROLES.index("negated")
    assert glad[uses] > 0 > glad[negated]
    assert forgot[negated] > 0 > forgot[uses]


def test_the_table_is_small_and_says_something_in_every_row() -> None:
    weights = clues.installed()
    assert 500 < len(weights) < 3_000
    assert all(max(map(abs, row)) >= 0.1 for clue, row in weights.items() if clue != clues.BIAS)


def test_nothing_says_that_it_is_surer_than_its_record_lets_it_be() -> None:
    sure = record.Sure(ROWS, RULES.clues)
    for name, value in RULES.confidence.items():
        assert name == "ambiguous" or value <= sure.name(name) + 0.005, name
    for least, value in RULES.clues.bands:
        assert value <= sure.band(least) + 0.005, least


def test_a_rule_with_little_or_bad_evidence_is_never_sure() -> None:
    assert record.bound([]) < 0.7
    assert record.bound([True] * 12) < 0.9 < record.bound([True] * 18)
    assert record.bound([True] * 40 + [False] * 8) < 0.9


def test_what_is_sure_by_the_record_of_other_batches_is_right_in_a_batch() -> None:
    """Leave one batch out: the confidences from all others, on the uses of the one, as they were when it was new."""
    right = false = 0
    for batch in sorted({row.batch for row in ROWS}):
        sure = record.Sure([row for row in ROWS if row.batch != batch], RULES.clues)
        for row in ROWS:
            if row.batch == batch and min(sure.name(row.name_rule), sure.share(row.share)) >= 0.9:
                right += row.role_right
                false += not row.role_right
    assert right + false >= 0.2 * len(ROWS)
    assert right / (right + false) >= 0.95


def test_the_record_holds_every_batch_of_sentences() -> None:
    assert {row.batch for row in ROWS} == set(record.batches_of(record.SENTENCES).values())


@pytest.mark.parametrize(
    "text",
    [
        "Personalen utbildas i KBT under våren, medan deltagarna får arbetsträning och MI-samtal hos en handledare.",
        "Metoder:\n• KBT-kurs för handläggare\n• Lärdomar från Bostad först",
        "KBT ges.",
    ],
)
def test_shares_are_those_of_the_clues_added_up(extractor: Extractor, text: str) -> None:
    read = extractor.read(text)
    assert read is not None
    document, _ = read
    weights = clues.installed()
    weigher = Clues(weights, RULES)
    for number, spot in enumerate(document.spots):
        said: clues.Said | None = (ROLES[number], RULES.cues[number].name) if number else None
        sums = [0.0] * len(ROLES)
        for clue in weigher.of(document, spot, said):
            sums = [one + weight for one, weight in zip(sums, weights.get(clue, (0.0,) * 6), strict=True)]
        whole = sum(math.exp(one) for one in sums)
        expected = {role: math.exp(one) / whole for role, one in zip(ROLES, sums, strict=True)}
        assert weigher.shares([(document, spot, said)])[0] == pytest.approx(expected)
