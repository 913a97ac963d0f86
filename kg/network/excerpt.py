"""The part of a projection that a picture has room for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain, islice, zip_longest
from typing import TYPE_CHECKING

from kg.network.projection import Projection

if TYPE_CHECKING:
    import numpy as np

    from kg.network.matrices import Floats

    Kept = np.ndarray[tuple[int], np.dtype[np.bool_]]


def excerpt(pairs: Projection, groups: Sequence[Sequence[str]], *, things: int, each: int) -> Projection:
    """Return only the pairs between as many `things`, and of them those among the `each` heaviest of one side.

    The things are taken from the groups (of ids) in turn, from each those first whose pairs weigh most together.
    """
    import numpy as np

    ends = np.concatenate((pairs.first, pairs.second))
    strength = np.bincount(ends, np.concatenate((pairs.weight, pairs.weight)), len(pairs.nodes)).round(9).tolist()
    place_of = {node: place for place, node in enumerate(pairs.nodes)}
    ranked = [
        sorted((place_of[node] for node in group), key=lambda place: (-strength[place], place)) for group in groups
    ]
    in_turn = (place for place in chain.from_iterable(zip_longest(*ranked)) if place is not None)
    shown = np.zeros(len(pairs.nodes), dtype=np.bool_)
    shown[list(islice(in_turn, things))] = True
    among = _only(pairs, shown[pairs.first] & shown[pairs.second] & (pairs.weight > 0))
    return _only(among, _heaviest(among, each))


def _heaviest(pairs: Projection, each: int) -> Kept:
    """Return which pairs are among the heaviest of one of their sides, equally heavy ones by place."""
    import numpy as np

    number = np.arange(len(pairs.first))
    ends, pair = np.concatenate((pairs.first, pairs.second)), np.concatenate((number, number))
    weight: Floats = pairs.weight.round(9)[pair]
    order = np.lexsort((pair, -weight, ends))
    ends = ends[order]
    rank = np.arange(len(ends)) - np.searchsorted(ends, ends)
    kept = np.zeros(len(number), dtype=np.bool_)
    kept[pair[order][rank < each]] = True
    return kept


def _only(pairs: Projection, kept: Kept) -> Projection:
    return replace(
        pairs, first=pairs.first[kept], second=pairs.second[kept], weight=pairs.weight[kept], count=pairs.count[kept]
    )
