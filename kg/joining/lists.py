"""Writes the graph of a list once the owners are joined: blocks from disk, in order, with their owners put in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from kg.columns.lists import MappedList
from kg.columns.merged import Merged, statements
from kg.columns.shard import ListUse
from kg.columns.spill import NOBODY
from kg.model import Notice, OwnerMention
from kg.triples import Mapping, quads

if TYPE_CHECKING:
    import polars as pl

Ownership = Callable[[str, OwnerMention], Iterable[str]]
"""Yields the statements that a source makes about an owner, given the subject of the project and the mention."""
_BLOCKS = 1000
"""Projects whose text is handed on at once."""
_ANY = "\0"


class ListText:
    """The text of one list's graph; `keys` are those of its projects, some at a time, once the text has been read."""

    def __init__(self, mapped: MappedList, mapping: Mapping, ownership: Ownership, uses: Iterable[ListUse]) -> None:
        self.keys: list[pl.Series] = []
        self.notices: list[Notice] = []
        self._mapped, self._mapping = mapped, mapping
        self._opening = mapping.project_iri("")[:-1]
        self._lines = set(mapped.lines)
        self._owners = [self._ends(ownership(_ANY, mention)) for mention in mapped.mentions]
        self._uses: dict[str, list[str]] = {}
        for use in uses:
            self._add_use(use)

    def _ends(self, lines: Iterable[str]) -> list[str]:
        """Keep the statements about an owner, and return what follows the subject in those about its project."""
        own = set()
        for line in lines:
            if line.startswith(_ANY):
                own.add(f"{line[len(_ANY) :]} {self._mapped.graph} .\n")
            else:
                self._lines.add(line)
        return sorted(own)

    def _add_use(self, use: ListUse) -> None:
        subject = self._mapping.project_iri(use.project)
        own = []
        for line in use.lines.split("\n"):
            if line.startswith(subject):
                own.append(line)
            else:
                self._lines.add(line)
        self._uses.setdefault(f"{use.project}>", []).append(quads(self._mapped.graph, own))

    def texts(self) -> Iterator[bytes]:
        """Yield the N-Quads of the graph, in order."""
        ordered = sorted(self._lines)
        # All subjects that begin like a project are projects, so their blocks have one place among the lines.
        place = bisect_left(ordered, self._opening)
        yield quads(self._mapped.graph, ordered[:place]).encode()
        yield from self._projects()
        yield quads(self._mapped.graph, ordered[place:]).encode()

    def _projects(self) -> Iterator[bytes]:
        repeated = 0
        ends = self._owner_columns()
        for frame in self._mapped.blocks.blocks(self._opening):
            subject = self._opening + frame["key"]
            known = frame["owner"].set(frame["owner"] == NOBODY, None)
            owners = [each.gather(known).fill_null("") for each in ends]
            texts = frame["before"] + statements(subject, owners) + frame["after"]
            texts, more = self._joined(frame["key"], texts)
            repeated += more
            self.keys.append(frame["key"].str.strip_chars_end(">").unique())
            for start in range(0, len(texts), _BLOCKS):
                yield _together(texts[start : start + _BLOCKS])
        if repeated:
            message = f"{repeated} rows name an operation that another row names as well; what they say is joined"
            self.notices.append(
                Notice(self._mapped.source.name, 0, str(repeated), "operation-in-several-rows", message)
            )

    def _owner_columns(self) -> list[pl.Series]:
        """Return what follows the subject in the statements about each owner: the first ones, the second ones."""
        import polars as pl

        most = max(map(len, self._owners), default=0)
        return [
            pl.Series([own[place] if place < len(own) else "" for own in self._owners], dtype=pl.String)
            for place in range(most)
        ]

    def _joined(self, keys: pl.Series, texts: pl.Series) -> tuple[pl.Series, int]:
        """Return the texts with those of one key, and its uses, joined into the first; and how many rows are others."""
        special = keys.is_duplicated()
        if self._uses:
            special |= keys.is_in(list(self._uses))
        places = special.arg_true().to_list()
        if not places:
            return texts, 0
        by_key: dict[str, list[int]] = {}
        for place in places:
            by_key.setdefault(keys[place], []).append(place)
        joined = dict.fromkeys(places, "")
        for key, rows in by_key.items():
            joined[rows[0]] = _sorted_lines([*(texts[row] for row in rows), *self._uses.get(key, ())])
        return texts.scatter(places, list(map(joined.__getitem__, places))), len(places) - len(by_key)


def _sorted_lines(blocks: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in sorted({line for block in blocks for line in block.split("\n") if line}))


def _together(texts: pl.Series) -> bytes:
    """Return texts put together in UTF-8, in which the tables hold them."""
    import polars as pl

    return bytes(texts.str.join("").cast(pl.Binary)[0])


def derived_texts(graph: str, lines: Iterable[str], lists: Sequence[MappedList], opening: str) -> Iterator[bytes]:
    """Yield the N-Quads of `graph`: distinct `lines` and what follows from the rows of lists, in order.

    `opening` is what stands before the key in the subject of a project.
    """
    import polars as pl

    others = sorted(set(lines))
    done = 0
    merged = Merged()
    for each in lists:
        merged.include(each.derived)
    for frame in merged.blocks(opening):
        found = frame["before"].str.split("\n").explode().unique().sort()
        found = found.filter(found != "")
        until = bisect_right(others, found[-1])
        found = pl.concat([found, pl.Series(others[done:until], dtype=pl.String)]).unique().sort()
        done = until
        for start in range(0, len(found), _LINES):
            yield _together(found[start : start + _LINES] + f" {graph} .\n")
    yield quads(graph, others[done:]).encode()


_LINES = 20_000
"""Of what follows from rows, handed on at once."""
