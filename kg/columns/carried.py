"""Carries a mapped part of a list between machines: its statements as N-Quads, and beside them how to cut these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from kg.columns.merged import with_text
from kg.columns.shard import ListUse, MappedShard
from kg.columns.spill import Runs
from kg.model import Source
from kg.shards import Shard, in_graph, out_of_graph, statements_end
from kg.triples import Mapping

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Carried:
    """A part of a list whose statements stand elsewhere.

    `blocks` and `derived` have a table for each run: `key` and `owner` of each block, and of how many bytes the text is
    that belongs `before` and `after` the statements of the owner. The bytes follow each other in this order.
    """

    shard: MappedShard
    blocks: tuple[pl.DataFrame, ...]
    derived: tuple[pl.DataFrame, ...]


@dataclass(frozen=True, slots=True)
class CarriedUses:
    """Uses of methods whose statements stand elsewhere: project, method, role and number of statements of each."""

    graph: str
    uses: tuple[tuple[str, str, str, int], ...]


def carried_uses(uses: Sequence[ListUse], graph: str) -> Shard[CarriedUses]:
    """Return uses of methods in the list of this `graph` (an IRI in angle brackets), their statements as N-Quads."""
    lines = [use.lines.split("\n") for use in uses]
    counted = tuple((use.project, use.method, use.role, len(own)) for use, own in zip(uses, lines, strict=True))
    return Shard(in_graph(graph, tuple(chain.from_iterable(lines))), CarriedUses(graph, counted))


def uses_in(shard: Shard[CarriedUses]) -> list[ListUse]:
    """Return the uses of methods that were carried."""
    lines = iter(out_of_graph(shard.beside.graph, shard.nquads))
    return [
        ListUse(project, method, role, "\n".join(islice(lines, number)))
        for project, method, role, number in shard.beside.uses
    ]


def carried(shard: MappedShard, source: Source, mapping: Mapping) -> Shard[Carried]:
    """Return a part of the list `source`, whose runs can be read here, with its statements as N-Quads.

    The uses of methods come last, for readers of the file; `Carried` has them too.
    """
    opening = mapping.project_iri("")[:-1]
    graph, derived = mapping.graph(source), mapping.derived_graph()
    blocks = list(_read(shard.blocks, opening))
    following = [_ended(frame, "\n", statements_end(derived)) for frame in _read(shard.derived, opening)]
    nquads = b"".join((*map(_together, (*blocks, *following)), carried_uses(shard.uses, graph).nquads))
    without = replace(shard, blocks=Runs(()), derived=Runs(()))
    return Shard(nquads, Carried(without, tuple(map(_lengths, blocks)), tuple(map(_lengths, following))))


def taken(shard: Shard[Carried], derived: str, path: Path) -> MappedShard:
    """Return a part of a list with its runs in files whose names begin with that of `path`.

    `derived` is the graph of what follows from rows, in angle brackets.
    """
    beside = shard.beside
    frames = list(_cut(shard.nquads, (*beside.blocks, *beside.derived)))
    count = len(beside.blocks)
    following = [_ended(frame, statements_end(derived), "\n") for frame in frames[count:]]
    return replace(
        beside.shard,
        blocks=_written(frames[:count], path.with_name(f"{path.name}.blocks")),
        derived=_written(following, path.with_name(f"{path.name}.derived")),
    )


def _read(runs: Runs, opening: str) -> Iterator[pl.DataFrame]:
    # Imported here: it takes longer to start than a short list to read.
    import polars as pl

    return (with_text(pl.read_ipc(path), opening) for path in runs.paths)


def _ended(frame: pl.DataFrame, old: str, new: str) -> pl.DataFrame:
    """Return blocks with another end of each statement."""
    return frame.with_columns(before=frame["before"].str.replace_all(old, new, literal=True))


def _together(frame: pl.DataFrame) -> bytes:
    import polars as pl

    return bytes((frame["before"] + frame["after"]).str.join("").cast(pl.Binary)[0])


def _lengths(frame: pl.DataFrame) -> pl.DataFrame:
    before, after = frame["before"].str.len_bytes(), frame["after"].str.len_bytes()
    return frame.select("key", "owner").with_columns(before=before, after=after)


def _cut(nquads: bytes, lengths: Sequence[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Yield runs with the text that they have in the N-Quads."""
    import polars as pl

    start = 0
    for frame in lengths:
        in_turn = chain.from_iterable(zip(frame["before"], frame["after"], strict=True))
        places = list(accumulate(in_turn, initial=start))
        texts = pl.Series([nquads[first:last] for first, last in pairwise(places)], dtype=pl.Binary).cast(pl.String)
        start = places[-1]
        yield frame.select("key", before=texts.gather_every(2), after=texts.gather_every(2, 1), owner="owner")


def _written(frames: Sequence[pl.DataFrame], path: Path) -> Runs:
    paths = [path.with_name(f"{path.name}-{number:04d}") for number in range(len(frames))]
    for frame, each in zip(frames, paths, strict=True):
        frame.write_ipc(each)
    return Runs(tuple(paths))
