"""Tells for each row of a list which operation it is: its programme and country, and with them its key and language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kg.codes import Codes
from kg.model import Scalar
from kg.sources.table_columns import Cells
from kg.sources.table_keys import PROGRAMME_NUMBER, Home, Keys
from kg.sources.table_mapping import ListMapping
from kg.sources.table_problems import Problems
from kg.values import ValueProblem

_AT_HOME = "sv"


@dataclass(frozen=True, slots=True)
class Operations:
    """Which operation each row is, in columns: its key, its code (empty in a list without codes), and where it belongs.

    `swedish` is None where the row does not tell; `abroad` is the other country where it tells one.
    """

    keys: list[str]
    codes: list[str]
    homes: list[Home]
    swedish: list[bool | None]
    abroad: list[str]


class Homes:
    """Reads programme, number and country of the rows of one table."""

    def __init__(self, mapping: ListMapping, codes: Codes, keys: Keys, problems: Problems) -> None:
        self._mapping, self._codes, self._keys, self._problems = mapping, codes, keys, problems
        self._known: dict[tuple[str, Scalar | None], Home] = {}
        self._unknown: dict[tuple[str, Scalar | None], ValueProblem] = {}
        self._languages: dict[Home, str] = {}
        self._own_language = _AT_HOME

    def begin(self, language: str | None) -> None:
        """Begin with a table whose headings are in `language`, where it is not one of the ontology's."""
        self._own_language = language or _AT_HOME
        self._languages.clear()

    @classmethod
    def printed(cls, cells: Cells) -> list[str]:
        """Return for each row the print of its code, or the words that tell it apart in a list without codes."""
        return cells.first("identifier") if cells.has("identifier") else cls._words(cells)

    def of(self, cells: Cells, printed: Sequence[str], countries: Sequence[Scalar | None]) -> Operations:
        """Return the operation of each row; `countries` are codes of the Publications Office."""
        numbered = cells.has("identifier")
        constant = self._mapping.constants.get("programme", "")
        codes, prefixes = list(printed), [""] * len(cells)
        for place, identifier in enumerate(printed) if numbered else ():
            if "_" in identifier:
                prefix, codes[place] = self._keys.split(identifier)
                prefixes[place] = prefix or ""
        programmes = [one or two or constant for one, two in zip(cells.first("cci"), prefixes, strict=True)]
        homes = self._homes(programmes, countries, cells.numbers)
        known = {home: home.swedish for home in set(homes)}
        swedish = [known[home] for home in homes]
        countries_of = {home: self.abroad(home) for home in known}
        abroad = [countries_of[home] for home in homes]
        if not numbered:
            return Operations(list(map(self._keys.unnumbered, codes)), [""] * len(cells), homes, swedish, abroad)
        if None in known.values():
            diary = map(self._keys.is_diary_number, codes)
            swedish = [
                (sure or None) if at_home is None else at_home for at_home, sure in zip(swedish, diary, strict=True)
            ]
        return Operations(self._keys.keys(codes, homes), codes, homes, swedish, abroad)

    def settled(self, printed: str, country: Scalar | None) -> Home | None:
        """Return where the rows with such a programme and country belong, None where there is a problem to report."""
        pair = printed or self._mapping.constants.get("programme", ""), country
        if pair not in self._known:
            self._known[pair] = self._home(*pair)
        return None if pair in self._unknown else self._known[pair]

    def prefix(self, home: Home) -> str:
        """Return what stands before the code in the key of an operation that is not numbered as on pages."""
        return self._keys.prefix(home)

    def abroad(self, home: Home) -> str:
        """Return the other country of an operation where it has one, else an empty text."""
        if home.swedish is not False:
            return ""
        short = (home.scope or "")[4:6]
        try:
            return home.country or self._codes.country(short)
        except ValueProblem:
            return short

    def _homes(
        self, programmes: Sequence[str], countries: Sequence[Scalar | None], numbers: Sequence[int]
    ) -> list[Home]:
        pairs = list(zip(programmes, countries, strict=True))
        found = list(map(self._known.get, pairs))
        if None in found:
            for pair in pairs:
                if pair not in self._known:
                    self._known[pair] = self._home(*pair)
        if self._unknown:
            self._report_unknown(pairs, numbers)
        return list(map(self._known.__getitem__, pairs))

    def _report_unknown(self, pairs: Sequence[tuple[str, Scalar | None]], numbers: Sequence[int]) -> None:
        for pair, rows in Counter(pairs).items():
            problem = self._unknown.get(pair)
            if problem is not None:
                row = numbers[pairs.index(pair)]
                self._problems.add(problem.rule, str(problem), row=row, value=pair[0], rows=rows)

    @staticmethod
    def _words(cells: Cells) -> list[str]:
        parts = zip(cells.first("title"), cells.first("owner"), cells.first("startDate"), strict=True)
        return ["|".join(words) if words[0] else "" for words in parts]

    def _home(self, printed: str, country: Scalar | None) -> Home:
        programme = scope = None
        if printed:
            try:
                programme = self._codes.programme(printed)
            except ValueProblem as problem:
                plain = printed.replace(" ", "").upper()
                scope = plain if PROGRAMME_NUMBER.fullmatch(plain) else None
                message = "the ontology has no such programme; its operations have keys and codes of their own"
                self._unknown[printed, country] = ValueProblem(problem.rule, message if scope else str(problem))
        return Home(programme, scope, None if country is None else str(country))

    def languages(self, homes: Sequence[Home]) -> list[str]:
        """Return the language of each row's title and text."""
        if self._mapping.language:
            return [self._mapping.language] * len(homes)
        for home in set(homes) - self._languages.keys():
            self._languages[home] = self._language(home)
        return list(map(self._languages.__getitem__, homes))

    def _language(self, home: Home) -> str:
        if home.swedish is not False:
            return _AT_HOME if home.swedish else self._own_language
        try:
            return self._codes.language(home.country or self._codes.country((home.scope or "")[4:6]))
        except ValueProblem:
            return "und"
