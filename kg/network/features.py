"""Projects as rows of numbers, one matrix for each side on which projects can be alike."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from kg.network.reading import Facts, Use
from kg.network.texts import lemmas

if TYPE_CHECKING:
    import numpy as np
    from scipy import sparse

    Floats = np.ndarray[tuple[int], np.dtype[np.float64]]

ROLE_COUNTS: Mapping[str, float] = {"develops": 1.0, "trains": 1.0, "uses": 1.0, "builds-on": 0.8, "mentions": 0.25}
"""What a method counts by its role; a negated one counts nothing."""
SAME_ROLE = 0.3
"""How much of the likeness by a method needs the same role on both sides."""
TITLE_COUNTS = 3
"""How often the words of the title are counted."""
YEARS_APART = 6.0
"""Projects whose middles lie so many years apart are not alike in time at all."""
_TOO_COMMON = 0.5
"""Words in more than this part of the texts say nothing, once there are enough texts to tell."""
_ENOUGH_TEXTS = 20


@dataclass(frozen=True, slots=True)
class Side:
    """One side of all projects, as a matrix with a row a project and a column a feature.

    `features` names the columns, `places` finds them, `worth` says what each counts: the rarer, the more.
    """

    features: tuple[str, ...] = field(repr=False)
    places: Mapping[str, int] = field(repr=False)
    worth: Floats = field(repr=False)
    matrix: sparse.csr_array = field(repr=False)

    def vector(self, counts: Mapping[str, float]) -> Floats:
        """Return the counts as a row of length 1; features that no project has are left out."""
        import numpy as np

        vector = np.zeros(len(self.worth))
        for feature, count in counts.items():
            if feature in self.places:
                vector[self.places[feature]] = count * self.worth[self.places[feature]]
        length = float(np.linalg.norm(vector))
        return vector / length if length else vector

    def cosines(self, vector: Floats) -> Floats:
        """Return the cosine of every project with a vector of length 1, for a side made by `cosine_side`."""
        found: Floats = self.matrix @ vector
        return found

    def shared_worth(self, features: Iterable[str]) -> Floats:
        """Return what the features count that every project shares (0–1), for a side made by `thing_side`."""
        import numpy as np

        wanted = np.zeros(len(self.worth))
        for feature in features:
            if feature in self.places:
                wanted[self.places[feature]] = self.worth[self.places[feature]]
        found: Floats = np.minimum(self.matrix @ wanted, 1.0)
        return found


def cosine_side(counts: Sequence[Mapping[str, float]], *, skip_common: bool = False) -> Side:
    """Return the side with a row of length 1 for each of `counts`, weighted by idf; a product is then a cosine."""
    import numpy as np
    from scipy import sparse

    having = Counter(feature for row in counts for feature in row)
    most = _TOO_COMMON * len(counts) if skip_common and len(counts) >= _ENOUGH_TEXTS else math.inf
    features = tuple(sorted(feature for feature, number in having.items() if number <= most))
    places = {feature: place for place, feature in enumerate(features)}
    worth = np.array([math.log(1 + len(counts) / having[feature]) for feature in features], dtype=np.float64)
    cells = [(row, places[f], count) for row, found in enumerate(counts) for f, count in found.items() if f in places]
    at = np.array(cells, dtype=np.float64).reshape(-1, 3)
    rows, columns = at[:, 0].astype(np.int64), at[:, 1].astype(np.int64)
    values = at[:, 2] * worth[columns]
    length = np.sqrt(np.bincount(rows, weights=values**2, minlength=len(counts)))
    shape = (len(counts), len(features))
    return Side(features, places, worth, sparse.csr_array((values / length[rows], (rows, columns)), shape=shape))


def thing_side(things: Sequence[Iterable[str]]) -> Side:
    """Return the side of ones and zeros for the things of each project; a thing that all have counts least."""
    import numpy as np
    from scipy import sparse

    having = Counter(thing for found in things for thing in found)
    features = tuple(sorted(having))
    places = {feature: place for place, feature in enumerate(features)}
    most = math.log(1 + len(things))
    worth = np.array([math.log(1 + len(things) / having[feature]) / most for feature in features], dtype=np.float64)
    cells = [(row, places[thing]) for row, found in enumerate(things) for thing in found]
    at = np.array(cells, dtype=np.int64).reshape(-1, 2)
    shape = (len(things), len(features))
    return Side(features, places, worth, sparse.csr_array((np.ones(len(at)), (at[:, 0], at[:, 1])), shape=shape))


def word_counts(title: str, text: str) -> dict[str, float]:
    """Return the words of a project in dictionary form, damped (1 + log), the title's counted more often."""
    counted = Counter(lemmas(text))
    for word in lemmas(title):
        counted[word] += TITLE_COUNTS
    return {word: 1 + math.log(number) for word, number in counted.items()}


def method_counts(uses: Iterable[Use]) -> dict[str, float]:
    """Return the methods of a project as features: each alone, and each with its role."""
    found: dict[str, float] = {}
    for use in uses:
        counts = ROLE_COUNTS.get(use.role, 0.0)
        if counts:
            found[use.method] = max(found.get(use.method, 0.0), counts * math.sqrt(1 - SAME_ROLE))
            found[f"{use.method} {use.role}"] = counts * math.sqrt(SAME_ROLE)
    return found


def middle(start: object, end: object) -> float | None:
    """Return the middle of a period in years, or None where neither day is known.

    >>> middle("2023-01-01", "2025-01-01")
    2024.0
    """
    days = [date.fromisoformat(str(day)).toordinal() for day in (start, end) if day is not None]
    # Day 1 of the calendar is in year 1.
    return round(1 + sum(days) / len(days) / 365.2425, 1) if days else None


def targets(facts: Facts, relation: str) -> Mapping[str, frozenset[str]]:
    """Return what each project has by a relation."""
    found: dict[str, set[str]] = {}
    for link in facts.links:
        if link.relation == relation:
            found.setdefault(link.source, set()).add(link.target)
    return {project: frozenset(things) for project, things in found.items()}
