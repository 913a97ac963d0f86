"""Learns the weights of clues from the sentences beside it: `python -m tests.methods.learn` writes the table anew.

It also writes into the record what the clues give each use there when they are learnt without its batch.
"""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from kg import ontology, resources
from kg.methods import Extractor, clues
from kg.methods.clues import Clues, Said, Weights
from kg.methods.gold import Case, read_gold
from kg.methods.rules import ClueRules
from kg.model import ROLES, Role
from tests.methods import record
from tests.methods.record import Row

HERE = Path(__file__).parent
FILES = ("sentences.jsonl", "own-sentences.jsonl", "unseen-sentences.jsonl")
PAGES = HERE.parent / "pages" / "facts.json"
_LEAST_TIMES = 2
_LEAST_WEIGHT = 0.1
# A word may be in a few sentences by chance; what a rule is worth the record shows over and over.
_PENALTY = 1.5
_PENALTY_OF_RULES = 0.4
_ROUNDS = 80
_DIGITS = 2
_FOLDS = 8

Matrix = NDArray[np.float64]
Recorded = Mapping[str, Mapping[str, Sequence[Row]]]


@dataclass(frozen=True, slots=True)
class Example:
    """A name in a sentence: the clues to its role, and the roles that people gave it (none: it is no method there).

    `number` counts the places of the method in the sentence.
    """

    case: str
    method: str
    number: int
    clues: Counter[str]
    roles: frozenset[str]


def recorded(rows: Sequence[Row]) -> Recorded:
    """Return the rows of a record by sentence and method, in their order."""
    found: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        found.setdefault(row.case, {}).setdefault(row.method, []).append(row)
    return found


def examples(cases: Sequence[Case], extractor: Extractor, known: Recorded) -> Iterator[Example]:
    """Yield every name in the cases that people or the record have, with what the rules said of it at first sight.

    What the rules say now is no measure: they have met the sentences, and would be believed too much.
    """
    weigher = Clues({}, extractor.rules)
    for case in cases:
        read = extractor.read(case.text, case.title)
        if read is None:
            continue
        roles: dict[str, set[str]] = {method: set() for method in known.get(case.id, {})}
        for one in case.expected:
            roles.setdefault(str(one.method), set()).add(one.role)
        times: Counter[str] = Counter()
        for spot in read.document.spots:
            for method in sorted({name.method for name in read.document.names(spot)} & roles.keys())[:1]:
                said = _said(known.get(case.id, {}).get(method, ()), times[method])
                found = Counter(weigher.of(read.document, spot, said))
                yield Example(case.id, method, times[method], found, frozenset(roles[method]))
                times[method] += 1


def _said(rows: Sequence[Row], number: int) -> Said | None:
    return rows[min(number, len(rows) - 1)].said if rows else None


def learn(known: Sequence[Example]) -> Weights:
    """Return the weights by which the clues tell the roles of the examples best (logistic regression, held small)."""
    sure = [example for example in known if len(example.roles) == 1]
    times = Counter(clue for example in sure for clue in example.clues)
    names = [clues.BIAS, *sorted(clue for clue, count in times.items() if count >= _LEAST_TIMES and clue != clues.BIAS)]
    numbers = np.array([[*ROLES].index(next(role for role in ROLES if role in example.roles)) for example in sure])
    penalties = np.array([_PENALTY_OF_RULES if name.startswith(clues.RULES) else _PENALTY for name in names])
    penalties[0] = 0
    weights = _fitted(_matrix(sure, names), numbers, penalties)
    rounded = np.round(weights, _DIGITS) + 0.0
    kept = [at for at in range(len(names)) if at == 0 or np.abs(rounded[at]).max() >= _LEAST_WEIGHT]
    return {names[at]: tuple(float(one) for one in rounded[at]) for at in kept}


def _matrix(known: Sequence[Example], names: Sequence[str]) -> csr_matrix:
    column = {name: at for at, name in enumerate(names)}
    cells = [
        (row, column[clue], count)
        for row, example in enumerate(known)
        for clue, count in example.clues.items()
        if clue in column
    ]
    rows, columns, counts = zip(*cells, strict=True)
    return csr_matrix((counts, (rows, columns)), shape=(len(known), len(names)), dtype=np.float64)


def _fitted(matrix: csr_matrix, roles: NDArray[np.int64], penalties: Matrix) -> Matrix:
    rows, held = np.arange(len(roles)), penalties[:, None]

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights = flat.reshape(-1, len(ROLES))
        sums = matrix @ weights
        powers = np.exp(sums - sums.max(1, keepdims=True))
        shares = powers / powers.sum(1, keepdims=True)
        lost = -np.log(shares[rows, roles] + 1e-12).sum() + (held * weights**2).sum()
        shares[rows, roles] -= 1
        slope = matrix.T @ shares + 2 * held * weights
        return float(lost), slope.ravel()

    start = np.zeros(matrix.shape[1] * len(ROLES))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return np.asarray(found.x).reshape(-1, len(ROLES))


def left_out(known: Sequence[Example], rows: Sequence[Row], rules: ClueRules) -> list[Row]:
    """Return the rows with the share that clues learnt without their batch give, and whether the role is right then."""
    batches = sorted({row.batch for row in rows})
    batch_of = {row.case: row.batch for row in rows}
    by_place = {(one.case, one.method, one.number): one for one in known}
    found: list[Row] = []
    times: Counter[tuple[str, str]] = Counter()
    learnt = [
        learn([one for one in known if batch_of.get(one.case) not in batches[fold::_FOLDS]]) for fold in range(_FOLDS)
    ]
    for row in rows:
        place = row.case, row.method
        example = by_place.get((*place, times[place])) or by_place.get((*place, 0))
        times[place] += 1
        weights = learnt[batches.index(row.batch) % _FOLDS]
        found.append(_measured(row, example, weights, rules) if example else row)
    return found


def _measured(row: Row, example: Example, weights: Weights, rules: ClueRules) -> Row:
    shares = _shares(weights, example.clues)
    role = rules.role(shares, *row.said)
    return replace(row, share=round(shares[role], 3), role_right=role in example.roles)


def _shares(weights: Weights, found: Mapping[str, int]) -> dict[Role, float]:
    rows = [[count * weight for weight in weights[clue]] for clue, count in found.items() if clue in weights]
    powers = [math.exp(math.fsum(column)) for column in zip(*rows, strict=True)]
    return {role: power / sum(powers) for role, power in zip(ROLES, powers, strict=True)}


def write(weights: Weights, path: Path) -> None:
    """Write the weights as a table, the clues in the order of the alphabet."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["clue", *ROLES])
        table.writerows([clue, *(f"{weight:g}" for weight in numbers)] for clue, numbers in sorted(weights.items()))


def main() -> None:
    known = ontology.load()
    extractor = Extractor(known)
    rows = record.read()
    cases = [case for path in (*(HERE / name for name in FILES), PAGES) for case in read_gold(path, known)]
    found = [*examples(cases, extractor, recorded(rows))]
    weights = learn(found)
    write(weights, resources.folder("ontology") / clues.FILE)
    record.write(left_out(found, rows, extractor.rules.clues))
    print(f"{len(weights)} clues learnt from {len(cases)} texts")


if __name__ == "__main__":
    main()
