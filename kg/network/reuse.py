"""Passages that two descriptions share word for word: found in time that grows with the length of the texts.

Every run of `SHINGLE` words has a number, the same for the same words; equal numbers in two texts are seeds, and
neighbouring seeds at the same distance are one passage.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np

    Integers = np.ndarray[tuple[int], np.dtype[np.int64]]
    Truths = np.ndarray[tuple[int], np.dtype[np.bool_]]

SHINGLE = 8
"""Fewest words of a passage: long enough that fixed phrases of the field do not count; a power of two."""
MOST_PAIRS = 30
"""In more places than this a run of words is boilerplate: each is then compared with the first only."""
_PAIRS_AT_ONCE = 1 << 20
_WORD = re.compile(r"\w+")


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


@dataclass(frozen=True, slots=True)
class _Seeds:
    """The places where runs of `SHINGLE` words begin, equal ones together, and which of them are compared.

    `numbers` are those of the runs that begin at each word, -1 where its text ends before; `whole` says of each number
    whether all its places are compared with each other, and `openers` which is the first of them. To each of `places`
    belongs how many of those after it it is compared with.
    """

    numbers: Integers
    whole: Truths
    openers: Integers
    places: Integers
    partners: Integers

    def hold(self, first: Integers, second: Integers) -> Truths:
        """Return which pairs of places beside those of a pair are compared and equal as well."""
        numbers = self.numbers[first]
        same = (numbers >= 0) & (numbers == self.numbers[second])
        held: Truths = same & (self.whole[numbers] | (self.openers[numbers] == first))
        return held

    def pairs(self) -> Iterator[tuple[Integers, Integers]]:
        """Yield all pairs of equal places, the earlier first, some at a time."""
        import numpy as np

        done = np.concatenate(([0], np.cumsum(self.partners)))
        start, size = 0, len(self.places)
        while start < size:
            most = int(np.searchsorted(done, done[start] + _PAIRS_AT_ONCE, side="right")) - 1
            stop = max(start + 1, most)
            partners = self.partners[start:stop]
            first = np.repeat(np.arange(start, stop), partners)
            second = first + 1 + np.arange(len(first)) - np.repeat(done[start:stop] - done[start], partners)
            yield self.places[first], self.places[second]
            start = stop


def passages(texts: Mapping[str, str], *, at_least: int = SHINGLE) -> list[Passage]:
    """Return the longest passages of `at_least` words (never under `SHINGLE`) that two of the texts share.

    They are ordered by the two texts, and then by their place in the first.
    """
    keys = sorted(texts)
    words = _words([texts[key] for key in keys])
    found = []
    for one, two, length, *places in _runs(words, at_least):
        first, second = keys[one], keys[two]
        found.append(Passage(first, second, texts[first][places[0] : places[1]], length, *places))
    return found


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


class _Ids(dict[str, int]):
    """The numbers of words, the same in capitals and in small letters; a word is folded once."""

    def __init__(self) -> None:
        super().__init__()
        self._folded: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        known = self[word] = self._folded.setdefault(word.casefold(), len(self._folded))
        return known


def _words(texts: Sequence[str]) -> _Words:
    import numpy as np

    known = _Ids()
    counts: list[int] = []
    ids, spans = array("q"), array("q")
    for text in texts:
        found = _WORD.findall(text)
        ids.extend(map(known.__getitem__, found))
        spans.extend(chain.from_iterable(map(re.Match.span, _WORD.finditer(text))))
        counts.append(len(found))
    places = np.array(spans, dtype=np.int64)
    owners = np.repeat(np.arange(len(texts)), counts)
    return _Words(np.array(ids, dtype=np.int64), owners, places[::2], places[1::2])


def _runs(words: _Words, at_least: int) -> Iterator[tuple[int, ...]]:
    """Yield every longest run that two texts share, in order: its texts, words, and start and end in both."""
    import numpy as np

    first, second, lengths = _longest(words)
    long = lengths >= at_least
    first, second, lengths = first[long], second[long], lengths[long]
    order = np.lexsort((second - first, first, words.texts[second], words.texts[first]))
    first, second, lengths = first[order], second[order], lengths[order]
    ends = words.ends[first + lengths - 1], words.ends[second + lengths - 1]
    columns = (
        words.texts[first],
        words.texts[second],
        lengths,
        words.starts[first],
        ends[0],
        words.starts[second],
        ends[1],
    )
    return zip(*(column.tolist() for column in columns), strict=True)


def _longest(words: _Words) -> tuple[Integers, Integers, Integers]:
    """Return first word, first word of the other, and length of every longest run that two texts share."""
    import numpy as np

    nothing = np.empty(0, dtype=np.int64)
    begins, ends = [(nothing, nothing)], [(nothing, nothing)]
    seeds = _seeds(words)
    for pair in seeds.pairs():
        apart = words.texts[pair[0]] != words.texts[pair[1]]
        first, second = (side[apart] for side in pair)
        # Seeds of one passage have the same distance and follow each other word by word.
        opening, closing = ~seeds.hold(first - 1, second - 1), ~seeds.hold(first + 1, second + 1)
        begins.append((first[opening], second[opening]))
        ends.append((first[closing], second[closing]))
    (first, second), (last, _) = map(_by_distance, (begins, ends))
    return first, second, last - first + SHINGLE


def _by_distance(pairs: Sequence[tuple[Integers, Integers]]) -> tuple[Integers, Integers]:
    """Put pairs of places in the order in which the begins and the ends of runs belong together."""
    import numpy as np

    first, second = (np.concatenate(side) for side in zip(*pairs, strict=True))
    order = np.lexsort((first, second - first))
    return first[order], second[order]


def _seeds(words: _Words) -> _Seeds:
    import numpy as np

    numbers = _numbered(words)
    places = np.flatnonzero(numbers >= 0)
    places = places[np.argsort(numbers[places], kind="stable")]
    own = numbers[places]
    sizes = np.bincount(own, minlength=1)
    opening = np.cumsum(sizes) - sizes
    whole = sizes <= MOST_PAIRS
    at = np.arange(len(places))
    compared = whole[own] | (opening[own] == at)
    openers = np.append(places, -1)[opening]
    return _Seeds(numbers, whole, openers, places, np.where(compared, opening[own] + sizes[own] - at - 1, 0))


def _numbered(words: _Words) -> Integers:
    """Return the number of the shingle that begins at each word, -1 where its text ends before it does."""
    import numpy as np

    numbers, size = words.ids, 1
    while size < SHINGLE:
        # Equal halves make equal shingles, so that numbers stay small and no two shingles share one.
        halves = numbers[:-size] * (numbers.max(initial=0) + 1) + numbers[size:]
        numbers = np.unique(halves, return_inverse=True)[1]
        size *= 2
    within = words.texts[: len(numbers)] == words.texts[SHINGLE - 1 :]
    # The last stands for the places before the first shingle and after the last.
    return np.append(np.where(within, numbers, -1), -1)
