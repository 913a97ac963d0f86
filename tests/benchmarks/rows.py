"""Makes lists of operations of the real shapes, as long as wanted, the same ones for the same seed.

Columns, spellings and gaps follow Kohesio's bulk files and the project bank's spreadsheet; owners are skewed as in
life. No row describes a real operation.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from kg.values import passes_luhn

KOHESIO = (
    "Operation_Unique_Identifier Operation_Local_Identifier Operation_Name_English Operation_Name_Programme_Language "
    "Country CountryCode Postal_Code Operation_Start_Date Operation_End_Date Cofinancing_Rate "
    "Total_Eligible_Expenditure_amount Total_Eligible_Expenditure_Currency Project_EU_Budget "
    "Beneficiary_Unique_Identifier Beneficiary_Name Beneficiary_Local_Identifier Location_Indicator_latitude_longitude "
    "Category_Of_Intervention Category_Label Thematic_Objective_ID Policy_Objective_ID Specific_Objective_Label "
    "Fund_Code Fund_Name Programme_Code Programme_Name Region NUTS2_Label NUTS3_Code NUTS3_Label LAU_Labels "
    "Programming_Period Operation_Summary_English Operation_Summary_Programme_Language ManagingAuthority"
).split()
BANK = (
    "Diarienummer / Operation ID|Stödmottagare / Beneficiary|Projektägare organisationsnummer / Beneficiary ID|"
    "Projektägare ort / Beneficiary city|Stödmottagarens land / Beneficiary country|Namn på insatsen / Operation Name|"
    "Programområde / Priority|Specifikt mål / Specific objective concerned|Interventionsområde / Intervention field|"
    "Total projektbudget / Total budget SEK|Unionens medfinansieringsgrad / Union co-financing rate|"
    "EU-stöd i SEK / EU contribution SEK|Sammanfattning / Summary|Sammanfattning engelsk / Summary in english|"
    "Startdatum / Start date|Slutdatum / End date|EU-fond / EU fund|Program CCI / Program CCI"
).split("|")
_PLACES = (
    "Alvesta Boden Eksjö Falun Gävle Habo Kalix Kalmar Luleå Lund Mora Motala Nora Osby Piteå Sala Tierp Umeå".split()
)
_BODIES = (
    "{} kommun",
    "Samordningsförbundet {}",
    "{} folkhögskola",
    "Föreningen {} i arbete",
    "{}bygdens Utveckling AB",
)
_REGIONS = (
    ("Östra Mellansverige", "SE123", "Östergötlands län"),
    ("Stockholm", "SE110", "Stockholms län"),
    ("Småland med öarna", "SE213", "Kalmar län"),
    ("Västsverige", "SE232", "Västra Götalands län"),
    ("Övre Norrland", "SE332", "Norrbottens län"),
)
_SUMMARY = (
    "<p>Projektet ger deltagarna praktik, studier &amp; stöd på vägen till arbete.</p><p>Kommunerna i länet samverkar, "
    "och arbetsgivare bjuds in.</p> ",
    "Personalen får kompetensutveckling i digitala verktyg, språk och hälsa. ",
    'Unga som "varken arbetar eller studerar" får en coach. ',
)


def _number(chance: random.Random, prefix: str) -> str:
    body = prefix + "".join(chance.choices("0123456789", k=9 - len(prefix)))
    return next(body + digit for digit in "0123456789" if passes_luhn(body + digit))


def _word(rank: int) -> str:
    syllables = ("ber", "da", "fors", "gä", "hol", "kö", "lid", "mar", "nor", "ås")
    return "".join(syllables[int(digit)] for digit in str(rank)).capitalize()


class _Rows:
    """Draws operations; `texts` tells whether they have summaries."""

    def __init__(self, number: int, seed: int, *, texts: bool) -> None:
        self.chance = random.Random(seed)
        self.number, self.texts = number, texts
        count = max(5, number * 3 // 10)
        self.owners = [
            (
                _BODIES[rank % len(_BODIES)].format(self.chance.choice(_PLACES))
                + (f" {_word(rank)}" if rank > 50 else ""),
                _number(self.chance, self.chance.choice(("212", "222", "556", "802"))),
            )
            for rank in range(count)
        ]
        # A few owners are everywhere and most have one operation.
        self.weights = list(accumulate(1 / rank**0.6 for rank in range(1, count + 1)))

    def period(self, index: int) -> tuple[date, date]:
        start = date(2022 if index % 2 else 2015, 1, 1) + timedelta(days=self.chance.randrange(1500))
        return start, start + timedelta(days=self.chance.randrange(180, 1200))

    def owner(self) -> tuple[str, str]:
        return self.chance.choices(self.owners, cum_weights=self.weights)[0]

    def summary(self) -> str:
        return "".join(self.chance.choices(_SUMMARY, k=4)).strip() if self.texts else ""


def kohesio_rows(number: int, seed: int = 1, *, texts: bool = False) -> Iterator[list[str]]:
    """Yield rows under the headings `KOHESIO`."""
    draw = _Rows(number, seed, texts=texts)
    chance = draw.chance
    for index in range(number):
        (start, end), (name, own), place = draw.period(index), draw.owner(), chance.choice(_PLACES)
        newer = index % 2
        code = f"{22 + index % 5}-{index // 900 % 1000:03d}-S{index % 900 + index // 900_000 * 1000:02d}"
        local = f"2021SE05SFPR001_{code}" if newer else f"{2014 + index // 200_000:04d}/{index // 2 % 100_000:05d}"
        budget = chance.randrange(3_000_000, 900_000_000) / 100
        nuts2, nuts3, label = chance.choice(_REGIONS)
        title = f"Väg {index} till arbete i {place}" + (", steg två" if index % 3 == 0 else "")
        yield [
            *(
                f"https://linkedopendata.eu/entity/Q{3_000_000 + index}",
                local,
                f"Way {index} to work in {place}",
                title,
            ),
            *("Sweden", "SE", str(chance.randrange(110, 985) * 100 + 20), f"{start:%d/%m/%Y}", f"{end:%d/%m/%Y}"),
            *(chance.choice(("40", "40.0", "50.0")), f"{budget:.2f}", "EUR", f"{budget * 0.4:.2f}"),
            *(f"https://linkedopendata.eu/entity/Q{9_000_000 + index}", name, own, "POINT(15.6 58.4)"),
            *(chance.choice(("134.0", "141.0", "152.0")) if newer else "117.0", "Some category", "", "4"),
            *("ESO4.7" if newer else "", "ESF+" if newer else "ESF", "European Social Fund"),
            *("2021SE05SFPR001" if newer else "2014SE05M9OP001", "Programme", nuts2, nuts2, nuts3, label, place),
            *("2021-2027" if newer else "2014-2020", draw.summary(), draw.summary(), "Svenska ESF-rådet"),
        ]


def bank_rows(number: int, seed: int = 1, *, texts: bool = False) -> Iterator[list[str]]:
    """Yield rows under the headings `BANK`, printed as the spreadsheet prints them."""
    draw = _Rows(number, seed, texts=texts)
    chance = draw.chance
    for index in range(number):
        (start, end), (name, own), place = draw.period(1), draw.owner(), chance.choice(_PLACES)
        budget = chance.randrange(300_000, 60_000_000)
        yield [
            f"{22 + index % 5}-{index // 900 % 1000:03d}-S{index % 900 + index // 900_000 * 1000:02d}",
            *(name.upper(), f"{own[:6]}-{own[6:]}", place.upper(), "Sverige", f"Väg {index} till arbete i {place}"),
            *chance.choice((("A", "A1A", "141"), ("A", "A2A", "140"))),
            *(f"{budget:,}".replace(",", " "), "40%", f"{budget * 2 // 5:,}".replace(",", " ")),
            *(draw.summary(), "", start.isoformat(), end.isoformat(), "ESF+", "2021SE05SFPR001"),
        ]


def write_csv(path: Path, shape: str, number: int, seed: int = 1, *, texts: bool = False) -> None:
    """Write a CSV file of the shape `kohesio` or `bank`."""
    make, headings = (kohesio_rows, KOHESIO) if shape == "kohesio" else (bank_rows, BANK)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(make(number, seed, texts=texts))
