"""Turns what a person typed into a full-text query: word forms, synonyms, mistakes forgiven."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from types import MappingProxyType

from kg.search.facets import Count
from kg.search.stems import stem
from kg.search.words import distance, folded, is_stopword, mistakes_forgiven, words_of

_Piece = tuple[bool, bool, list[str]]
_BY_STEM = "SELECT form FROM word WHERE stem = ? ORDER BY form <> ?, projects DESC, form LIMIT ?"
LONGEST = 200
"""Letters of a query that are read; what follows is passed over."""
MOST_WORDS = 12
_MOST_FORMS = 24
_CANDIDATES = 200
_PIECE = re.compile(r'(-?)"([^"]*)"?|(\S+)')
_RUN_TOGETHER = re.compile(r"(20\d\d)(\d{5})|(\d\d)(\d{3})(s\d{2,4})")
"""Diary numbers without their marks: 2017/00082 and 22-045-S01 as they are named in files and addresses."""
_SHORTEST_JOINED = 3


@dataclass(frozen=True, slots=True)
class Query:
    """A question: words, and for each facet the keys of the things (or years) of which a project needs one.

    `within` names things, as kind and key, that every project must be linked to. `order` is one of `ORDERS`.
    """

    text: str = ""
    chosen: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    within: Sequence[tuple[str, str]] = ()
    order: str = "relevance"
    page: int = 1
    size: int = 20


@dataclass(frozen=True, slots=True)
class Compound:
    """Words that many write apart, of which a project must have all, or the one that they make together.

    >>> str(Compound(('"jobb"', '"spår"'), '"jobbspår"'))
    '(("jobb" AND "spår") OR "jobbspår")'
    """

    apart: tuple[str, ...]
    together: str

    def __str__(self) -> str:
        return f"(({' AND '.join(self.apart)}) OR {self.together})"


Part = str | Compound
"""Part of a full-text query that a project must match."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A typed text as it was understood.

    `needed` are full-text queries that a project must match, `banned` those that it must not; `instead` maps typed
    words to those that were looked for in their place; `unknown` are words that no project has; `forms` are all word
    forms looked for.
    """

    needed: tuple[Part, ...]
    banned: tuple[str, ...]
    instead: Mapping[str, str]
    unknown: tuple[str, ...]
    forms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What was found: the numbers of one page of projects, and how many there are in all.

    `loose` says that no project has all the words, so that those with some of them are shown.
    """

    projects: tuple[int, ...]
    total: int
    pages: int
    facets: Mapping[str, tuple[Count, ...]]
    reading: Reading
    loose: bool = False


@dataclass(slots=True)
class _Parts:
    needed: list[Part] = field(default_factory=list)
    banned: list[str] = field(default_factory=list)
    instead: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)


def understood(text: str, database: sqlite3.Connection) -> Reading:
    """Return what a typed text asks for: words in all their forms, "phrases in quotation marks", -unwanted words."""
    parts = _Parts()
    pieces = list(_pieces(text[:LONGEST]))[:MOST_WORDS]
    only_common = all(len(words) == 1 and is_stopword(words[0]) for _, _, words in pieces)
    joined = False
    for (unwanted, is_phrase, words), after in zip_longest(pieces, pieces[1:]):
        if joined:  # the word before has taken this one with it
            joined = False
        elif (whole := _joined(unwanted, is_phrase, words, after, database)) and after:
            joined = True
            _add_split(words[0], after[2][0], whole, database, parts)
        elif len(words) > 1 or is_phrase:
            (parts.banned if unwanted else parts.needed).append(_phrase(words))
            parts.forms.update(() if unwanted else words)
        elif unwanted:
            parts.banned.append(_any([f'"{form}"' for form in _forms(words[0], database) or words]))
        elif only_common or not is_stopword(words[0]):
            _add_word(words[0], database, parts)
    return Reading(
        needed=tuple(dict.fromkeys(parts.needed)),
        banned=tuple(dict.fromkeys(parts.banned)),
        instead=parts.instead,
        unknown=tuple(parts.unknown),
        forms=frozenset(parts.forms),
    )


def _pieces(text: str) -> Iterator[_Piece]:
    """Yield (unwanted, phrase, words) for each word or phrase that holds letters or digits."""
    for minus, phrase, bare in _PIECE.findall(text):
        words = words_of(phrase or bare)
        number = _RUN_TOGETHER.fullmatch(words[0]) if len(words) == 1 else None
        if number:
            words = [part for part in number.groups() if part]
        if words:
            unwanted = bool(minus) or (bare.startswith("-") and len(words) == 1)
            yield unwanted, bool(phrase), words


def _phrase(words: Sequence[str]) -> str:
    return '"' + " ".join(words) + '"'


def _any(terms: Sequence[str]) -> str:
    """Return a query for any of some terms, the same in whatever order they come, so that its answer is remembered."""
    return terms[0] if len(terms) == 1 else f"({' OR '.join(sorted(terms))})"


def _add_word(word: str, database: sqlite3.Connection, parts: _Parts) -> None:
    forms = _forms(word, database)
    if not forms:
        other = _nearest(word, database)
        if other is None:
            parts.unknown.append(word)
            return
        parts.instead[word] = other
        forms = _forms(other, database)
    parts.forms.update(forms)
    parts.needed.append(_any([f'"{form}"' for form in forms]))


def _joined(
    unwanted: bool, is_phrase: bool, words: Sequence[str], after: _Piece | None, database: sqlite3.Connection
) -> list[str]:
    """Return the known forms of the word that two make together, which many write apart: ``samordnings förbund``."""
    if unwanted or is_phrase or after is None or after[0] or after[1] or len(words) != 1 or len(after[2]) != 1:
        return []
    first, second = words[0], after[2][0]
    if min(len(first), len(second)) < _SHORTEST_JOINED or not (first + second).isalpha():
        return []
    return _column(database, _BY_STEM, stem(first + second), first + second, _MOST_FORMS)


def _add_split(first: str, second: str, whole: Sequence[str], database: sqlite3.Connection, parts: _Parts) -> None:
    """Ask for two words or for the one that they make together."""
    together = _any([f'"{form}"' for form in whole])
    apart = [_forms(word, database) for word in (first, second)]
    parts.forms.update(whole, *apart)
    if all(apart):
        parts.needed.append(Compound(tuple(_any([f'"{form}"' for form in forms]) for forms in apart), together))
    else:
        parts.needed.append(together)


def _forms(word: str, database: sqlite3.Connection) -> list[str]:
    """Return the known forms of a word: of the same stem, else spelt alike but for marks, else begun alike."""
    found = _column(database, _BY_STEM, stem(word) if word.isalpha() else word, word, _MOST_FORMS)
    if not found:
        marks = "SELECT form FROM word WHERE folded = ? ORDER BY projects DESC, form LIMIT ?"
        found = _column(database, marks, folded(word), _MOST_FORMS)
    if not found and len(word) > 3:
        begun = "SELECT form FROM word WHERE folded >= ? AND folded < ? ORDER BY projects DESC, form LIMIT ?"
        found = _column(database, begun, folded(word), folded(word) + "\U0010ffff", _MOST_FORMS)
    return found


def _nearest(word: str, database: sqlite3.Connection) -> str | None:
    """Return the known word that is most like a misspelt one, or None where none is like it."""
    plain = folded(word)
    most = mistakes_forgiven(plain)
    grams = dict.fromkeys(plain[at : at + 3] for at in range(len(plain) - 2))
    if not most or not grams:
        return None
    expression = " OR ".join(f'"{gram}"' for gram in grams)
    query = (
        "SELECT form, word.folded, projects FROM word WHERE id IN"
        " (SELECT rowid FROM spelling WHERE spelling MATCH ? ORDER BY rank LIMIT ?)"
    )
    candidates = database.execute(query, (expression, _CANDIDATES)).fetchall()
    # Hardly anybody mistakes the first letter: "youth" is not a misspelt "south".
    alike = [candidate for candidate in candidates if plain[0] in candidate[1][:2] and candidate[1][0] in plain[:2]]
    near = [(distance(plain, other, most), -projects, form) for form, other, projects in alike]
    found = min(near, default=None)
    return found[2] if found and found[0] <= most else None


def _column(database: sqlite3.Connection, query: str, *values: object) -> list[str]:
    return [row[0] for row in database.execute(query, values)]
