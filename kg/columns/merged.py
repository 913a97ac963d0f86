"""Reads sorted runs back, merged, with the text of their statements: a range of keys after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from kg.columns.spill import NOBODY, Runs

if TYPE_CHECKING:
    import polars as pl

BLOCKS_AT_ONCE = 8_000
"""In each range of keys, about; their statements take some four thousand bytes each."""
_SAMPLED = 64
_TEXT = ("key", "before", "after", "owner")


class Merged:
    """The blocks of many runs; each file comes with the numbers that its own numbers of owners mean."""

    def __init__(self) -> None:
        self._parts: list[tuple[Runs, pl.Series | None]] = []

    def add(self, runs: Runs, owners: pl.Series | None = None) -> None:
        """Add runs."""
        self._parts.append((runs, owners))

    def include(self, other: Merged) -> None:
        """Add all runs of another."""
        self._parts += other._parts

    def blocks(self, opening: str) -> Iterator[pl.DataFrame]:
        """Yield all blocks, sorted by `key`, with texts `before` and `after` and the number of the `owner`.

        Blocks of one key come together. `opening` is what stands before the key in a subject.
        """
        import polars as pl

        runs = [_numbered(pl.read_ipc(path), owners) for each, owners in self._parts for path in each.paths]
        borders = _borders([frame["key"] for frame in runs])
        places = [[0, *frame["key"].search_sorted(borders, side="left"), len(frame)] for frame in runs]
        for number in range(len(borders) + 1):
            by_form: dict[tuple[str, ...], list[pl.DataFrame]] = {}
            for frame, cut in zip(runs, places, strict=True):
                if cut[number] < cut[number + 1]:
                    some = frame[cut[number] : cut[number + 1]]
                    by_form.setdefault(tuple(some.columns), []).append(some)
            texts = [with_text(pl.concat(frames), opening) for frames in by_form.values()]
            if texts:
                yield pl.concat(texts).sort("key", maintain_order=True)


def _borders(keys: Sequence[pl.Series]) -> pl.Series:
    """Return the keys at which ranges begin, but for the first."""
    import polars as pl

    if not keys:
        return pl.Series([], dtype=pl.String)
    sample = pl.concat([each.gather_every(_SAMPLED) for each in keys]).sort()
    step = max(1, BLOCKS_AT_ONCE // _SAMPLED)
    return sample.gather_every(step, offset=step).unique().sort()


def _numbered(frame: pl.DataFrame, owners: pl.Series | None) -> pl.DataFrame:
    if owners is None or not len(owners):
        return frame
    known = frame["owner"].set(frame["owner"] == NOBODY, None)
    return frame.with_columns(owners.gather(known).fill_null(NOBODY).alias("owner"))


def with_text(frame: pl.DataFrame, opening: str) -> pl.DataFrame:
    """Return a run, or a part of one, with whole text, whatever its form; see `blocks` for `opening`."""
    if frame.columns == list(_TEXT):
        return frame
    subject = opening + frame["key"]
    parts = {
        part: statements(subject, [frame[name] for name in frame.columns if name.startswith(part)])
        for part in ("before", "after")
    }
    return frame.select("key", "owner").with_columns(**parts).select(_TEXT)


def statements(subject: pl.Series, columns: Sequence[pl.Series]) -> pl.Series:
    """Return the statements of each row, from columns of what follows the subject; empty where there is none."""
    import polars as pl

    parts: list[pl.Series] = []
    for ends in columns:
        missing = ends == ""
        parts += [subject.set(missing, "") if missing.any() else subject, ends]
    return pl.select(pl.concat_str(parts)).to_series() if parts else subject.str.head(0)
