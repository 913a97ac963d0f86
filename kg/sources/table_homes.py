"""Tells for each row of a list which operation it is: its programme and country, and with them its key and language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kg.codes import Codes
from kg.model import Scalar
from kg.sources.table_columns import Cells
from kg.sources.table_keys import PROGRAMME_NUMBER, Home, Keys
from kg.sources.table_mapping import ListMapping
from kg.sources.table_problems import Problems
from kg.values import ValueProblem


@dataclass(frozen=True, slots=True)
class Operations:
    """Which operation each row is, in columns: its key, its code (empty in a list without codes), and where it belongs.

    `swedish` is None where the row does not tell.
    """

    keys: list[str]
    codes: list[str]
    homes: list[Home]
    swedish: list[bool | None]


class Homes:
    """Reads programme, number and country of the rows of one table."""

    def __init__(self, mapping: ListMapping, codes: Codes, keys: Keys, problems: Problems) -> None:
        self._mapping, self._codes, self._keys, self._problems = mapping, codes, keys, problems
        self._known: dict[tuple[str, Scalar | None], Home] = {}
        self._languages: dict[Home, str] = {}

    @classmethod
    def printed(cls, cells: Cells) -> list[str]:
        """Return for each row the print of its code, or the words that tell it apart in a list without codes."""
        return cells.first("identifier") if cells.has("identifier") else cls._words(cells)

    def of(self, cells: Cells, printed: Sequence[str], countries: Sequence[Scalar | None]) -> Operations:
        """Return the operation of each row; `countries` are codes of the Publications Office."""
        found = Operations([], [], [], [])
        numbered = cells.has("identifier")
        constant = self._mapping.constants.get("programme", "")
        rows = zip(cells.numbers, printed, cells.first("cci"), countries, strict=True)
        for number, identifier, programme, country in rows:
            prefix, code = self._keys.split(identifier) if numbered and "_" in identifier else (None, identifier)
            home = self._known.get((programme or prefix or constant, country))
            if home is None:
                home = self._home(programme or prefix or constant, country, number)
            swedish = home.swedish
            if not numbered:
                found.keys.append(self._keys.unnumbered(code))
                code = ""
            else:
                found.keys.append(self._keys.key(code, home))
                if swedish is None and self._keys.is_diary_number(code):
                    swedish = True
            found.codes.append(code)
            found.homes.append(home)
            found.swedish.append(swedish)
        return found

    @staticmethod
    def _words(cells: Cells) -> list[str]:
        parts = zip(cells.first("title"), cells.first("owner"), cells.first("startDate"), strict=True)
        return ["|".join(words) if words[0] else "" for words in parts]

    def _home(self, printed: str, country: Scalar | None, number: int) -> Home:
        programme = scope = None
        if printed:
            try:
                programme = self._codes.programme(printed)
            except ValueProblem as problem:
                plain = printed.replace(" ", "").upper()
                scope = plain if PROGRAMME_NUMBER.fullmatch(plain) else None
                message = "the ontology has no such programme; its operations have keys and codes of their own"
                self._problems.add(problem.rule, message if scope else str(problem), row=number, value=printed)
        home = Home(programme, scope, None if country is None else str(country))
        self._known[printed, country] = home
        return home

    def languages(self, homes: Sequence[Home]) -> list[str]:
        """Return the language of each row's title and text."""
        if self._mapping.language:
            return [self._mapping.language] * len(homes)
        for home in set(homes) - self._languages.keys():
            self._languages[home] = self._language(home)
        return [self._languages[home] for home in homes]

    def _language(self, home: Home) -> str:
        if home.swedish is not False:
            return "sv"
        try:
            return self._codes.language(home.country or self._codes.country((home.scope or "")[4:6]))
        except ValueProblem:
            return "und"
