"""Writes rows of typed columns as N-Quads text: the same statements as `kg.triples` writes for each row, only faster.

A column becomes a column of statement ends (predicate, object, graph) with one dictionary look-up a cell; a row is its
subject put between them. Plain Python was measured as fast as polars expressions here, and needs no further package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from kg.codes import CODE_SCHEMES
from kg.literals import escaped
from kg.model import OwnerMention, Scalar, Source
from kg.sources.table_rows import Rows
from kg.triples import DERIVED_FROM, RDF_TYPE, Mapping

_MOST_KEPT = 50_000
_EACH_DIFFERENT = frozenset(
    ("identifier", "title", "fieldEnglishTitle", "fieldEnglishDescription", "sameAs", "totalBudget", "euContribution")
)
"""Properties whose values hardly ever repeat, so that remembering them is in vain."""
_TEXT = "description"


class Block(NamedTuple):
    """The statements about one project, sorted: those before the owner and those after it, as bytes of N-Quads."""

    key: str
    owner: OwnerMention | None
    before: bytes
    after: bytes


class _Ends(dict[Scalar, str]):
    """Statement ends of the values of one column; nothing for a value that is missing."""

    def __init__(self, write: Callable[[Scalar], str]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, value: Scalar) -> str:
        if len(self) > _MOST_KEPT:
            self.clear()
        end = self[value] = self._write(value)
        return end


class ColumnMapping:
    """Maps the rows of one list; `concepts` collects the statements about codes that no scheme lists."""

    def __init__(self, mapping: Mapping, source: Source) -> None:
        self.graph = mapping.graph(source)
        self.concepts: set[str] = set()
        self._mapping = mapping
        self._ends: dict[str, _Ends] = {}
        self._seats: dict[str, str | None] = {}
        self._codes: dict[str, dict[tuple[str | None, str], str]] = {}
        self._subject = mapping.project_iri("\0").split("\0")
        self._fixed = {
            RDF_TYPE: self._end(f"{RDF_TYPE} <{mapping.names.term('Project')}>"),
            DERIVED_FROM: self._end(f"{DERIVED_FROM} {self.graph}"),
        }

    def _end(self, statement: str) -> str:
        return f" {statement} {self.graph} .\n"

    def blocks(self, rows: Rows) -> list[Block]:
        """Return the statements of each row about its project, without its owner and the uses of methods."""
        opening, closing = self._subject
        subjects = [f"{opening}{key}{closing}" for key in rows.keys]
        by_predicate = self._columns(rows)
        owner = self._mapping.predicate("owner")
        before = _joined(subjects, [ends for predicate, ends in by_predicate if predicate < owner])
        after = _joined(subjects, [ends for predicate, ends in by_predicate if predicate > owner])
        parts = zip(rows.keys, rows.owners, before, after, strict=True)
        return [Block(key, mention, one.encode(), two.encode()) for key, mention, one, two in parts]

    def _columns(self, rows: Rows) -> list[tuple[str, Sequence[str]]]:
        """Return predicates, sorted, and the statement ends of each; of two columns of one predicate in order."""
        found: dict[str, list[Sequence[str]]] = {
            predicate: [[end] * len(rows)] for predicate, end in self._fixed.items()
        }
        programmes = [own or scope for own, scope in zip(_programmes(self._mapping, rows), rows.scopes, strict=True)]
        for name, column in rows.columns.items():
            ends = (
                self._code_ends(name, rows, programmes)
                if name in CODE_SCHEMES
                else self._value_ends(name, column, rows)
            )
            found.setdefault(self._mapping.predicate(name), []).append(ends)
        if any(rows.texts):
            ends = self._each(_TEXT, [text or None for text in rows.texts], rows.languages)
            found.setdefault(self._mapping.predicate(_TEXT), []).append(ends)
        return [(predicate, ends) for predicate in sorted(found) for ends in _in_order(*found[predicate])]

    def _value_ends(self, name: str, column: Sequence[Scalar | None], rows: Rows) -> list[str]:
        if name in _EACH_DIFFERENT:
            return self._each(name, column, rows.languages)
        ends = self._ends.get(name)
        if ends is None:
            write = self._mapping.writer(name)
            ends = self._ends[name] = _Ends(lambda value: self._end(write(value, "")))
        return ["" if value is None else ends[value] for value in column]

    def _each(self, name: str, column: Sequence[Scalar | None], languages: Sequence[str]) -> list[str]:
        writer, rest = self._mapping.writer(name), f" {self.graph} .\n"
        if writer.tagged and len(set(languages)) > 1:
            pairs = zip(column, languages, strict=True)
            return ["" if value is None else f" {writer(value, language)}{rest}" for value, language in pairs]
        start, lexical, end = f" {writer.start}", writer.lexical, f"{writer.ending(languages[0])}{rest}"
        if lexical is escaped and _is_plain("".join(value for value in column if value)):  # type: ignore[misc]
            lexical = str
        if lexical is str:
            return ["" if value is None else f"{start}{value}{end}" for value in column]
        return ["" if value is None else f"{start}{lexical(value)}{end}" for value in column]

    def _code_ends(self, name: str, rows: Rows, programmes: Sequence[str | None]) -> list[str]:
        known = self._codes.setdefault(name, {})
        found = []
        for place, key in enumerate(zip(programmes, rows.printed[name], strict=True)):
            end = known.get(key)
            if end is None:
                end = known[key] = self._code(name, rows.columns[name][place], *key)
            found.append(end)
        return found

    def _code(self, name: str, value: Scalar | None, programme: str | None, printed: str) -> str:
        if value is None:
            return ""
        code = self._mapping.code(name, str(value), printed, programme)
        self.concepts.update(code.concept)
        return self._end(code.statement)

    def derived(self, rows: Rows, seat: Callable[[str], str | None]) -> Iterator[tuple[str, str]]:
        """Yield key and lines, without graph, of what follows from a row and is not printed.

        That is the programme and the fund, and, by `seat`, the municipality of the beneficiary's postcode.
        """
        programmes, funds, postcodes = (_column(rows, name) for name in ("programme", "fund", "beneficiaryPostcode"))
        if None not in programmes and None not in funds and postcodes.count(None) == len(rows):
            return
        opening, closing = self._subject
        known = _programmes(self._mapping, rows)
        for key, own, programme, fund, postcode in zip(rows.keys, programmes, known, funds, postcodes, strict=True):
            ends = list(self._mapping.following(programme, own, fund)) if programme and not (own and fund) else []
            if postcode is not None and (statement := self._seat(str(postcode), seat)):
                ends.append(statement)
            if ends:
                subject = f"{opening}{key}{closing}"
                yield key, "".join(f"{subject} {end}\n" for end in sorted(ends))

    def _seat(self, postcode: str, seat: Callable[[str], str | None]) -> str | None:
        if postcode not in self._seats:
            self._seats[postcode] = seat(postcode)
        return self._seats[postcode]


def _is_plain(text: str) -> bool:
    """Return whether nothing in a text needs an escape; asked once for a whole column."""
    return text.isprintable() and '"' not in text and "\\" not in text


def _column(rows: Rows, name: str) -> Sequence[Scalar | None]:
    return rows.columns.get(name) or [None] * len(rows)


def _programmes(mapping: Mapping, rows: Rows) -> list[str | None]:
    printed, codes, starts = (
        rows.columns.get(n) or [None] * len(rows) for n in ("programme", "identifier", "startDate")
    )
    if all(printed):
        return [str(own) for own in printed]
    return [
        str(own) if own else mapping.proven_programme(key, scope, code, start)
        for own, key, scope, code, start in zip(printed, rows.keys, rows.scopes, codes, starts, strict=True)
    ]


def _in_order(first: Sequence[str], second: Sequence[str] = ()) -> tuple[Sequence[str], ...]:
    """Return one column as it is, and of two in each row the lesser statement first; equal ones once."""
    if not second:
        return (first,)
    pairs = list(zip(first, second, strict=True))
    return [min(pair) for pair in pairs], [max(pair) if pair[0] != pair[1] else "" for pair in pairs]


def _joined(subjects: Sequence[str], columns: Sequence[Iterable[str]]) -> list[str]:
    if not columns:
        return [""] * len(subjects)
    found = []
    for subject, ends in zip(subjects, zip(*columns, strict=True), strict=True):
        kept = list(filter(None, ends))
        found.append(f"{subject}{subject.join(kept)}" if kept else "")
    return found
