"""Passages that two descriptions share word for word: found in time that grows with the length of the texts.

Every run of `SHINGLE` words is hashed; equal hashes in two texts are seeds, and neighbouring seeds at the same distance
are one passage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np

    Integers = np.ndarray[tuple[int], np.dtype[np.int64]]
    Hashes = np.ndarray[tuple[int], np.dtype[np.uint64]]

SHINGLE = 8
"""Fewest words of a passage: long enough that fixed phrases of the field do not count."""
MOST_PAIRS = 30
"""In more texts than this a run of words is boilerplate: each text is then compared with the first only."""
_WORD = re.compile(r"\w+")
_MULTIPLIER = 0x9E3779B97F4A7C15  # odd, so that multiplying by it loses nothing modulo 2^64


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage of at least `SHINGLE` words that stands in two texts, with the same words in the same order.

    `text` is the passage as it stands in the first; offsets are in characters, the end exclusive. Case and
    punctuation may differ between the two.
    """

    first: str
    second: str
    text: str
    words: int
    first_start: int
    first_end: int
    second_start: int
    second_end: int


@dataclass(frozen=True, slots=True)
class _Words:
    """All words of all texts in one row, with where each comes from."""

    ids: Integers
    texts: Integers
    starts: Integers
    ends: Integers


def passages(texts: Mapping[str, str], *, at_least: int = SHINGLE) -> list[Passage]:
    """Return the longest passages of `at_least` words (never under `SHINGLE`) that two of the texts share.

    They are ordered by the two texts, and then by their place in the first.
    """
    keys = sorted(texts)
    words = _words([texts[key] for key in keys])
    found = []
    for start, other, length in _runs(words):
        if length >= at_least:
            one, two = int(words.texts[start]), int(words.texts[other])
            first = int(words.starts[start]), int(words.ends[start + length - 1])
            second = int(words.starts[other]), int(words.ends[other + length - 1])
            text = texts[keys[one]][slice(*first)]
            found.append(Passage(keys[one], keys[two], text, length, *first, *second))
    return sorted(found, key=lambda each: (each.first, each.second, each.first_start, each.second_start))


def shingles(text: str) -> Iterator[tuple[str, ...]]:
    """Yield every run of `SHINGLE` words of a text: two texts share a passage where they share a run.

    >>> next(shingles("A, b c d e f g: H"))
    ('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')
    """
    words = [word.casefold() for word in _WORD.findall(text)]
    return zip(*(words[offset:] for offset in range(SHINGLE)), strict=False)


def copied_shares(found: Sequence[Passage], texts: Mapping[str, str]) -> dict[tuple[str, str], float]:
    """Return, for each pair of texts, how much of the shorter one stands in the other (0–1, by characters)."""
    covered: dict[tuple[str, str], tuple[set[int], set[int]]] = {}
    for each in found:
        one, two = covered.setdefault((each.first, each.second), (set(), set()))
        one.update(range(each.first_start, each.first_end))
        two.update(range(each.second_start, each.second_end))
    shares = {}
    for (first, second), (one, two) in covered.items():
        shorter = min((len(texts[first]), len(one)), (len(texts[second]), len(two)))
        shares[first, second] = shorter[1] / shorter[0]
    return shares


def add_passages(graph: nx.MultiDiGraph[str], found: Sequence[Passage]) -> None:
    """Add each pair of projects that share passages to the graph, as an edge with the relation ``sharesText``.

    It has `passages` (their number), `words` (of all of them) and `passage` (the longest).
    """
    pairs: dict[tuple[str, str], list[Passage]] = {}
    for each in found:
        pairs.setdefault((each.first, each.second), []).append(each)
    for (first, second), shared in pairs.items():
        longest = max(shared, key=lambda each: (each.words, -each.first_start))
        graph.add_edge(
            first,
            second,
            key="sharesText",
            relation="sharesText",
            passages=len(shared),
            words=sum(each.words for each in shared),
            passage=longest.text,
        )


def _words(texts: Sequence[str]) -> _Words:
    import numpy as np

    numbers: dict[str, int] = {}
    ids, owners, starts, ends = [], [], [], []
    for place, text in enumerate(texts):
        for word in _WORD.finditer(text):
            ids.append(numbers.setdefault(word[0].casefold(), len(numbers)))
            owners.append(place)
            starts.append(word.start())
            ends.append(word.end())
    return _Words(*(np.array(column, dtype=np.int64) for column in (ids, owners, starts, ends)))


def _runs(words: _Words) -> Iterator[tuple[int, int, int]]:
    """Yield first word, first word of the other, and length of every longest run that two texts share."""
    import numpy as np

    first, second = _seeds(words)
    if not len(first):
        return
    # Seeds of one passage have the same distance and follow each other word by word.
    distance = second - first
    order = np.lexsort((first, distance))
    first, second, distance = first[order], second[order], distance[order]
    follows = (np.diff(first) == 1) & (np.diff(distance) == 0)
    follows &= (np.diff(words.texts[first]) == 0) & (np.diff(words.texts[second]) == 0)
    begins = np.concatenate(([True], ~follows))
    at = np.flatnonzero(begins)
    lengths = np.diff(np.append(at, len(first))) + SHINGLE - 1
    for place, length in zip(at.tolist(), lengths.tolist(), strict=True):
        yield int(first[place]), int(second[place]), length


def _seeds(words: _Words) -> tuple[Integers, Integers]:
    """Return the places of words where equal shingles of two texts begin, the earlier text first, each pair once."""
    import numpy as np

    nothing = np.empty(0, dtype=np.int64)
    count = len(words.ids) - SHINGLE + 1
    if count < 1:
        return nothing, nothing
    hashes = _hashes(words.ids, count)
    within = words.texts[:count] == words.texts[SHINGLE - 1 :]
    places = np.flatnonzero(within)
    places = places[np.argsort(hashes[places], kind="stable")]
    sorted_hashes = hashes[places]
    bounds = np.flatnonzero(np.diff(sorted_hashes)) + 1
    pairs: list[tuple[int, int]] = []
    starts, ends = np.append(0, bounds), np.append(bounds, len(places))
    several = ends - starts > 1
    for start, end in zip(starts[several].tolist(), ends[several].tolist(), strict=True):
        pairs.extend(_pairs(places[start:end].tolist(), words))
    if not pairs:
        return nothing, nothing
    found = np.array(sorted(set(pairs)), dtype=np.int64)
    return found[:, 0], found[:, 1]


def _pairs(places: Sequence[int], words: _Words) -> Iterator[tuple[int, int]]:
    most = len(places) if len(places) <= MOST_PAIRS else 1
    for index, one in enumerate(places[:most]):
        for two in places[index + 1 :]:
            same = (words.ids[one : one + SHINGLE] == words.ids[two : two + SHINGLE]).all()
            if same and words.texts[one] != words.texts[two]:
                yield one, two


def _hashes(ids: Integers, count: int) -> Hashes:
    import numpy as np

    hashes = np.zeros(count, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for offset in range(SHINGLE):
            hashes = hashes * np.uint64(_MULTIPLIER) + ids[offset : offset + count].astype(np.uint64) + np.uint64(1)
    return hashes
