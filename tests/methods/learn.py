"""Learns the weights of clues from the sentences beside it: `python -m tests.methods.learn` writes the table anew."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from kg import ontology, resources
from kg.methods import Extractor, clues
from kg.methods.clues import Clues, Weights
from kg.methods.gold import Case, read_gold
from kg.model import ROLES

HERE = Path(__file__).parent
FILES = ("sentences.jsonl", "own-sentences.jsonl", "unseen-sentences.jsonl")
_LEAST_TIMES = 2
_LEAST_WEIGHT = 0.2
_PENALTY = 0.5
_ROUNDS = 80
_DIGITS = 2

Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A name in a sentence: the clues beside it, and the number of the role that people gave it."""

    case: str
    method: str
    start: int
    clues: Counter[str]
    role: int


def examples(cases: Sequence[Case], extractor: Extractor) -> Iterator[Example]:
    """Yield every name in the cases to which people gave one role."""
    weigher = Clues({}, extractor.rules.words)
    for case in cases:
        read = extractor.read(case.text, case.title)
        if read is None:
            continue
        document, _ = read
        roles: dict[str, set[str]] = {}
        for one in case.expected:
            roles.setdefault(str(one.method), set()).add(one.role)
        for spot in document.spots:
            methods = {name.method for name in document.names(spot)} & roles.keys()
            for method in sorted(methods)[:1]:
                if len(roles[method]) == 1:
                    role = [*ROLES].index(next(one for one in ROLES if one in roles[method]))
                    start, _ = document.text.span(spot.match.start, spot.match.end)
                    yield Example(case.id, method, start, Counter(weigher.of(document, spot)), role)


def learn(known: Sequence[Example]) -> Weights:
    """Return the weights by which the clues tell the roles of the examples best (logistic regression, held small)."""
    times = Counter(clue for example in known for clue in example.clues)
    names = [clues.BIAS, *sorted(clue for clue, count in times.items() if count >= _LEAST_TIMES and clue != clues.BIAS)]
    weights = _fitted(_matrix(known, names), np.array([example.role for example in known]))
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


def _fitted(matrix: csr_matrix, roles: NDArray[np.int64]) -> Matrix:
    rows = np.arange(len(roles))

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights = flat.reshape(-1, len(ROLES))
        sums = matrix @ weights
        powers = np.exp(sums - sums.max(1, keepdims=True))
        shares = powers / powers.sum(1, keepdims=True)
        lost = -np.log(shares[rows, roles] + 1e-12).sum() + _PENALTY * (weights[1:] ** 2).sum()
        shares[rows, roles] -= 1
        slope = matrix.T @ shares
        slope[1:] += 2 * _PENALTY * weights[1:]
        return float(lost), slope.ravel()

    start = np.zeros(matrix.shape[1] * len(ROLES))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS})
    return np.asarray(found.x).reshape(-1, len(ROLES))


def write(weights: Weights, path: Path) -> None:
    """Write the weights as a table, the clues in the order of the alphabet."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["clue", *ROLES])
        table.writerows([clue, *(f"{weight:g}" for weight in numbers)] for clue, numbers in sorted(weights.items()))


def main() -> None:
    known = ontology.load()
    extractor = Extractor(known)
    cases = [case for name in FILES for case in read_gold(HERE / name, known)]
    weights = learn([*examples(cases, extractor)])
    write(weights, resources.folder("ontology") / clues.FILE)
    print(f"{len(weights)} clues learnt from {len(cases)} sentences")


if __name__ == "__main__":
    main()
