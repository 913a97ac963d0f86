"""What a page prints under a label becomes typed values, whatever label of the ontology it is."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg import ontology
from kg.codes import Codes
from kg.model import Source
from kg.sources.labels import is_noise
from kg.sources.page import PageReader
from kg.sources.page_values import PageValues
from kg.values import ValueProblem

LABELS = sorted({label for field in ontology.load().fields for label in field.labels})


def test_any_label_with_any_value_can_stand_on_a_page() -> None:
    reader = PageReader(ontology.load())
    for label in LABELS:
        page = reader.read(
            f"22-045-S01 - Ljuset\n\nNamn:\nLjuset\n{label}:\nVärde 7\n", Source("key", "name", "0" * 64)
        )

        assert page.project is not None, label


def test_an_address_that_is_none_is_reported_and_left_out() -> None:
    text = "22-045-S01 - Ljuset\n\nNamn:\nLjuset\nOperation_Unique_Identifier:\n{}\n"
    reader = PageReader(ontology.load())
    good = reader.read(text.format("https://example.org/Q1"), Source("key", "name", "0" * 64))
    bad = reader.read(text.format("nr 1"), Source("key", "name", "0" * 64))

    assert good.project is not None
    assert good.project.value("sameAs") == "https://example.org/Q1"
    assert bad.project is not None
    assert bad.project.value("sameAs") is None
    assert [(notice.line, notice.value, notice.rule) for notice in bad.notices] == [(5, "nr 1", "not-an-address")]


def test_a_value_is_read_alike_when_it_comes_again() -> None:
    values = PageValues(Codes(ontology.load()))
    amount = (("totalBudget", Decimal(1000)), ("currency", "SEK"))

    assert values.typed("totalBudget", "money", "1 000") == values.typed("totalBudget", "money", " 1 000 ") == amount
    assert values.typed("totalCost", "money", "1 000")[0] == ("totalCost", Decimal(1000))
    for _ in range(2):
        with pytest.raises(ValueProblem) as problem:
            values.typed("totalCost", "money", "0")
        assert problem.value.rule == "zero-means-unreported"


@pytest.mark.parametrize(
    "line", ["Lär dig mer", "  LÄR   DIG\u00a0MER ", "information (1)", "Vi använder COOKIES här."]
)
def test_noise_is_known_in_any_capitals_and_spaces(line: str) -> None:
    assert is_noise(line)


@pytest.mark.parametrize("line", ["", "Lär dig mer om oss", "In", "Vi bakar cookies", "COOP Sverige"])
def test_other_lines_are_no_noise(line: str) -> None:
    assert not is_noise(line)
