"""Words: taken from a text as the index takes them, folded, and measured for likeness."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+")
_STOPWORDS = frozenset(
    """och i att som en ett den det de för på med av till är om har inte eller från vid kan ska
    the of and in to a for with on by or from""".split()
)


def words_of(text: str) -> list[str]:
    """Return the words of a text in lower case: runs of letters and digits, as SQLite's tokenizer takes them.

    >>> words_of("Motiverande samtal (MI), 22-045-S01")
    ['motiverande', 'samtal', 'mi', '22', '045', 's01']
    """
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def is_stopword(word: str) -> bool:
    """Return whether a word is so common in Swedish or English that it tells nothing."""
    return word in _STOPWORDS


@lru_cache(maxsize=65536)
def folded(word: str) -> str:
    """Return a word without the marks over its letters, as it is typed on a foreign keyboard.

    >>> folded("östergötland")
    'ostergotland'
    """
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKD", word.lower().replace("ø", "o").replace("æ", "ae"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def distance(first: str, second: str, most: int) -> int:
    """Return how many letters must be put in, left out, changed or swapped; more than `most` gives `most` + 1.

    >>> distance("samtal", "smatal", 2), distance("coach", "koatch", 2), distance("bip", "arbete", 2)
    (1, 2, 3)
    """
    if abs(len(first) - len(second)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(second) + 1))
    for row, left in enumerate(first, start=1):
        here = [row]
        for column, right in enumerate(second, start=1):
            cost = min(above[column] + 1, here[column - 1] + 1, above[column - 1] + (left != right))
            if row > 1 and column > 1 and left == second[column - 2] and first[row - 2] == right:
                cost = min(cost, before[column - 2] + 1)
            here.append(cost)
        if min(here) > most:
            return most + 1
        before, above = above, here
    return min(above[-1], most + 1)


def mistakes_forgiven(word: str) -> int:
    """Return how many wrong letters a word of this length may have.

    >>> mistakes_forgiven("bip"), mistakes_forgiven("samtal"), mistakes_forgiven("motiverande")
    (0, 1, 2)
    """
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2
