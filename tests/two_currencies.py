"""One project on a page of the Council, in kronor, and in a list, in euro and otherwise; and one in the list only."""

from __future__ import annotations

from pathlib import Path

from kg.build import build

_PAGE = """2018/00128 - Vidga normen

Diarienummer:
2018/00128
Namn:
Vidga normen
Projektperiod:
2018-09-03 - 2021-12-31
Total projektbudget:
15 000 000
Beviljat ESF-stöd:
14 131 094

Kurser.
"""
_ROWS = """\
Operation_Local_Identifier,Operation_Name_Programme_Language,Operation_Start_Date,Operation_End_Date,\
Total_Eligible_Expenditure_amount,Total_Eligible_Expenditure_Currency,Project_EU_Budget,Beneficiary_Name,\
Operation_Summary_Programme_Language,Programme_Code,CountryCode
2018/00128,En annan titel,03/09/2018,30/06/2022,1400000.00,EUR,700000.00,Motala kommun,,2014SE05M9OP001,SE
2018/00129,Bara i listan,03/09/2018,30/06/2022,2000000.00,EUR,900000.00,Motala kommun,,2014SE05M9OP001,SE
"""


def built(folder: Path) -> Path:
    """Write both sources into a folder and return the folder of their build."""
    (folder / "page.txt").write_text(_PAGE, encoding="utf-8")
    (folder / "rows.csv").write_text(_ROWS, encoding="utf-8")
    build([folder / "page.txt", folder / "rows.csv"], folder / "build", workers=1)
    return folder / "build"
