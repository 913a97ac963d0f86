"""Personal data leave free text, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.sources.privacy import MARK, scrub


@pytest.mark.parametrize(
    "personal",
    [
        "anna.b-c@kommun.example.se",
        "anna(at)example.se",
        "070-123 45 67",
        "070 - 123 45 67",
        "08-123 456 78",
        "0701234567",
        "+46 70 123 45 67",
        "+46 (0)70-123 45 67",
        "0046 70 1234567",
        "013/20 60 00",
        "+46701234567",
        "0046701234567",
        "+46(0)701234567",
        "+45 12 34 56 78",
        "+358 40 123 4567",
        "+4712345678",
        "800101-1239",
        "19800101-1239",
        "198001011239",
        "8001011239",
        "800101+1239",
        "800101–1231",
        "800101 1231",
        "800161-1239",
        "198001611239",
    ],
)
def test_addresses_numbers_and_identities_are_taken_out(personal: str) -> None:
    assert scrub(f"Kontakt: {personal}, välkommen.").text == f"Kontakt: {MARK}, välkommen."
    assert scrub(personal).removed == 1


@pytest.mark.parametrize(
    "kept",
    [
        "2017-09-01 - 2020-10-31",
        "20230301-20260228",
        "15 935 467 kr",
        "1 000 000 000",
        "2016/00158",
        "22-045-S01",
        "2220002485",
        "212000-3005",
        "02-03 15",
        "unga 16–29 år",
        "0–17 år och 18-24 år",
        "år 2016 hade 30 000 unga",
        "2018-2020 2021-2022",
        "582 20 Linköping",
        "kl 08-17",
        "https://ec.europa.eu/social/main.jsp?catId=629&langId=en&callId=604",
        "0,5 procent av 120 000 000",
        "10 april - 10 juli 2022",
        "OSA-dialogen 2.0",
        "ISBN 91-7000-123-4",
        "8001011230 kr",
        "8013011235",
        "800101 1239",
        "210101 2022",
        "20210101 2022",
        "20210101–2022",
        "+45 000 kr",
        "+15 000 000 kr",
        "162120003005",
    ],
)
def test_amounts_dates_and_codes_stay(kept: str) -> None:
    assert scrub(f"Se {kept}.").text == f"Se {kept}."


@given(st.text(max_size=200))
def test_scrubbing_twice_changes_nothing_more(text: str) -> None:
    once = scrub(text)

    assert scrub(once.text).removed == 0


def test_known_names_are_taken_out_whole_and_in_any_case() -> None:
    scrubbed = scrub("EVA EK och Evas ek. Eva Eklund, Eva Ek.", ("Eva Ek",))

    assert scrubbed.text == f"{MARK} och Evas ek. Eva Eklund, {MARK}."
    assert scrubbed.removed == 2
