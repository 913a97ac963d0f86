"""Writes rows of typed columns as N-Quads text: the same statements as `kg.triples` writes for each row, only faster.

A column becomes a column of statement ends (predicate, object, graph), as bytes, with one dictionary look-up a cell; a
row is its subject put between them. Plain Python was measured as fast as polars expressions here, and needs no further
package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from kg.codes import CODE_SCHEMES
from kg.literals import DECIMAL_END, decimals, escaped
from kg.model import OwnerMention, Scalar, Source
from kg.sources.table_rows import Rows
from kg.triples import DERIVED_FROM, RDF_TYPE, Mapping, Writer

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


class _Ends(dict[Scalar | None, bytes]):
    """Statement ends of the values of one column; nothing for a value that is missing."""

    def __init__(self, write: Callable[[Scalar], bytes]) -> None:
        super().__init__()
        self._write = write

    def __missing__(self, value: Scalar | None) -> bytes:
        if len(self) > _MOST_KEPT:
            self.clear()
        end = self[value] = b"" if value is None else self._write(value)
        return end


class ColumnMapping:
    """Maps the rows of one list; `concepts` collects the statements about codes that no scheme lists."""

    def __init__(self, mapping: Mapping, source: Source) -> None:
        self.graph = mapping.graph(source)
        self.concepts: set[str] = set()
        self._mapping = mapping
        self._ends: dict[str, _Ends] = {}
        self._seats: dict[str, str | None] = {}
        self._codes: dict[str, dict[tuple[str | None, str], bytes]] = {}
        self._subject = mapping.project_iri("\0").split("\0")
        self._fixed = {
            RDF_TYPE: self._end(f"{RDF_TYPE} <{mapping.names.term('Project')}>"),
            DERIVED_FROM: self._end(f"{DERIVED_FROM} {self.graph}"),
        }

    def _end(self, statement: str) -> bytes:
        return f" {statement} {self.graph} .\n".encode()

    def predicate(self, name: str) -> str:
        """Return the property that the values called `name` fill, in angle brackets."""
        return self._mapping.predicate(name)

    def term(self, name: str) -> str:
        """Return a term of the ontology in angle brackets."""
        return f"<{self._mapping.names.term(name)}>"

    def end(self, name: str, value: Scalar) -> str:
        """Return all that follows the subject in the statement, with its graph, that a value makes."""
        return f" {self._mapping.writer(name)(value, '')} {self.graph} .\n"

    def around(self, name: str, language: str) -> tuple[str, str]:
        """Return what stands before and after the text of a value in what follows the subject."""
        writer = self._mapping.writer(name)
        return f" {writer.start}", f"{writer.ending(language)} {self.graph} .\n"

    def code_end(self, name: str, value: str, printed: str, programme: str | None) -> str:
        """Return all that follows the subject in the statement that a code of a programme makes."""
        return self._code(name, value, programme, printed).decode()

    def fixed(self) -> dict[str, str]:
        """Return by predicate what follows the subject in the statements that every project has."""
        return {predicate: end.decode() for predicate, end in self._fixed.items()}

    def subject(self) -> tuple[str, str]:
        """Return what stands before and after the key in the IRI of a project."""
        opening, closing = self._subject
        return opening, closing

    def following(self, programme: str) -> tuple[str, str]:
        """Return what a programme proves where it, and where its fund, is not printed; empty where that is nothing."""
        fund = next(iter(self._mapping.following(programme, programme, None)), "")
        return self._mapping.statement("programme", programme), fund

    def blocks(self, rows: Rows) -> list[Block]:
        """Return the statements of each row about its project, without its owner and the uses of methods."""
        opening, closing = self._subject
        subjects = _each_in(opening, rows.keys, closing)
        by_predicate = self._columns(rows)
        owner = self._mapping.predicate("owner")
        before = _joined(subjects, [ends for predicate, ends in by_predicate if predicate < owner])
        after = _joined(subjects, [ends for predicate, ends in by_predicate if predicate > owner])
        return list(map(Block._make, zip(rows.keys, rows.owners, before, after, strict=True)))

    def _columns(self, rows: Rows) -> list[tuple[str, Sequence[bytes]]]:
        """Return predicates, sorted, and the statement ends of each; of two columns of one predicate in order."""
        found: dict[str, list[Sequence[bytes]]] = {
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
        for name in rows.several:
            found[self._mapping.predicate(name)] += self._further_ends(name, rows, programmes)
        if any(rows.texts):
            ends = self._each(_TEXT, [text or None for text in rows.texts], rows.languages)
            found.setdefault(self._mapping.predicate(_TEXT), []).append(ends)
        return [(predicate, ends) for predicate in sorted(found) for ends in _in_order(*found[predicate])]

    def _further_ends(self, name: str, rows: Rows, programmes: Sequence[str | None]) -> Iterator[list[bytes]]:
        """Yield the statement ends of the second values of rows, of the third ones, and so on."""
        several = rows.several[name]
        for which in range(max(map(len, several.values()))):
            ends = [b""] * len(rows)
            for place, parts in several.items():
                if which < len(parts):
                    value, printed = parts[which]
                    ends[place] = (
                        self._code(name, value, programmes[place], printed)
                        if name in CODE_SCHEMES
                        else self._end(self._mapping.statement(name, value))
                    )
            yield ends

    def _value_ends(self, name: str, column: Sequence[Scalar | None], rows: Rows) -> list[bytes]:
        if name in _EACH_DIFFERENT:
            return self._each(name, column, rows.languages)
        ends = self._ends.get(name)
        if ends is None:
            write = self._mapping.writer(name)
            ends = self._ends[name] = _Ends(lambda value: self._end(write(value, "")))
        return list(map(ends.__getitem__, column))

    def _each(self, name: str, column: Sequence[Scalar | None], languages: Sequence[str]) -> list[bytes]:
        writer, rest = self._mapping.writer(name), f" {self.graph} .\n"
        if writer.tagged and len(set(languages)) > 1:
            pairs = zip(column, languages, strict=True)
            return [b"" if value is None else self._end(writer(value, language)) for value, language in pairs]
        start, end = f" {writer.start}", f"{writer.ending(languages[0])}{rest}"
        filled = [value for value in column if value is not None]
        ends = iter(_each_in(start, _lexical(writer, filled), end))
        if len(filled) == len(column):
            return list(ends)
        return [b"" if value is None else next(ends) for value in column]

    def _code_ends(self, name: str, rows: Rows, programmes: Sequence[str | None]) -> list[bytes]:
        known = self._codes.setdefault(name, {})
        keys = list(zip(programmes, rows.printed[name], strict=True))
        if not known.keys() >= set(keys):
            for key, value in zip(keys, rows.columns[name], strict=True):
                if key not in known:
                    known[key] = self._code(name, value, *key)
        return list(map(known.__getitem__, keys))

    def _code(self, name: str, value: Scalar | None, programme: str | None, printed: str) -> bytes:
        if value is None:
            return b""
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


def _each_in(start: str, texts: Sequence[str], end: str) -> list[bytes]:
    """Return each text between the same two in UTF-8; all are encoded at once, with a nul, which none has, between."""
    if not texts:
        return []
    between = f"{end}\0{start}"
    return f"{start}{between.join(texts)}{end}".encode().split(b"\0")


def _lexical(writer: Writer, values: Sequence[Scalar]) -> Sequence[str]:
    """Return what the writer puts between start and end; most columns need no look at each value."""
    if set(map(type, values)) == {Decimal}:
        return [f'"{text}"{DECIMAL_END}' for text in decimals(values)]  # type: ignore[arg-type]
    if writer.lexical is escaped and _is_plain("".join(values)):  # type: ignore[arg-type]
        return values  # type: ignore[return-value]
    return list(map(writer.lexical, values))


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


def _in_order(*columns: Sequence[bytes]) -> Sequence[Sequence[bytes]]:
    """Return one column as it is, and of several in each row the lesser statement first; equal ones once."""
    if len(columns) == 1:
        return columns
    if len(columns) == 2:
        pairs = list(zip(*columns, strict=True))
        return [min(pair) for pair in pairs], [max(pair) if pair[0] != pair[1] else b"" for pair in pairs]
    rows = [sorted({*row} - {b""}) for row in zip(*columns, strict=True)]
    return [[row[place] if place < len(row) else b"" for row in rows] for place in range(len(columns))]


def _joined(subjects: Sequence[bytes], columns: Sequence[Sequence[bytes]]) -> list[bytes]:
    """Return the statements of each row; the subject stands before each of them, so before an empty first one not."""
    nothing = [b""] * len(subjects)
    rows = zip(subjects, zip(nothing, *columns, strict=True), strict=True)
    if any(b"" in column for column in columns):
        return [subject.join((b"", *filter(None, ends))) for subject, ends in rows]
    return [subject.join(ends) for subject, ends in rows]
