"""Values that are printed in different ways agree; only what cannot be true together is a disagreement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import ontology
from kg.agreement import Agreement, Said
from kg.joining.comparing import Account, Comparison
from kg.places import Places

AGREEMENT = Agreement(Places(ontology.load()).within)


@pytest.mark.parametrize(
    ("name", "one", "other", "agree"),
    [
        ("coFinancingRate", Said("0.4"), Said("0.40"), True),
        ("coFinancingRate", Said("0.4"), Said("0.5"), False),
        ("totalBudget", Said("100", "SEK"), Said("9", "EUR"), True),
        ("totalBudget", Said("100", "SEK"), Said("9", "SEK"), False),
        ("region", Said("SE12"), Said("SE123"), True),
        ("region", Said("0580"), Said("SE12"), True),
        ("region", Said("SE12"), Said("SE213"), False),
        ("region", Said("SE121"), Said("SE123"), False),
        ("region", Said("SE"), Said("SE12"), False),
        ("title", Said("INKLUDERINGSLYFTET"), Said("Inkluderingslyftet"), True),
        ("title", Said("Lyftet"), Said("Inkluderingslyftet"), False),
        ("specificObjective", Said("A1A"), Said("ESO4.7"), True),
        ("specificObjective", Said("ESO4.8"), Said("ESO4.7"), False),
        ("beneficiaryPlace", Said("LUND"), Said("Lund"), False),
    ],
)
def test_two_values_agree_or_not_in_either_order(name: str, one: Said, other: Said, agree: bool) -> None:
    assert AGREEMENT.agree(name, one, other) is agree
    assert AGREEMENT.agree(name, other, one) is agree


@given(st.sampled_from(["region", "title", "totalBudget", "endDate"]), st.text(max_size=6), st.text(max_size=3))
def test_a_value_agrees_with_itself(name: str, value: str, unit: str) -> None:
    assert AGREEMENT.agree(name, Said(value, unit), Said(value, unit))


def _notices(*accounts: Account) -> list[tuple[str, str, str]]:
    comparison = Comparison(AGREEMENT)
    for account in accounts:
        comparison.add("22-001-S01", account)
    return [(each.source, each.value, each.message) for each in comparison.notices()]


def test_amounts_are_compared_within_one_currency() -> None:
    page = Account("a.txt", "22-001-S01", (("currency", "SEK"), ("totalBudget", "1000000")))
    kohesio = Account("se.csv", "22-001-S01", (("totalBudget", "90000"), ("currency", "EUR")))
    other = Account("b.txt", "22-001-S01", (("totalBudget", "2000000"), ("currency", "SEK")))

    assert _notices(page, kohesio) == []
    assert _notices(page, kohesio, other) == [
        ("b.txt", "2000000", "22-001-S01: totalBudget is '1000000' in a.txt; both are kept")
    ]


def test_the_rows_of_a_list_name_several_regions_of_which_one_is_enough() -> None:
    page = Account("a.txt", "22-001-S01", (("region", "SE12"),))
    rows = [Account("se.csv", "22-001-S01", (("region", code),)) for code in ("SE110", "SE123")]
    away = [Account("se.csv", "22-001-S01", (("region", code),)) for code in ("SE110", "SE213")]

    assert _notices(page, *rows) == []
    assert _notices(*rows) == []
    assert [(source, value) for source, value, _ in _notices(page, *away)] == [("se.csv", "SE110")]
