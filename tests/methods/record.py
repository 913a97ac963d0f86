"""What each rule did on sentences when it met them first, and how sure that lets it be.

`blind.csv` has a line for every use found in a batch of sentences before any rule or clue had been changed for it.
`python -m tests.methods.record N` adds those of batch N; without a batch it prints how right the uses were by batch, and
how sure names and shares may be. `python -m tests.methods.learn` renews the shares.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from scipy.stats import beta

from kg import ontology
from kg.methods import Extractor, clues, rulebook
from kg.methods.clues import Clues, Said
from kg.methods.gold import Case, read_gold
from kg.methods.roles import Asked, Roles
from kg.methods.rules import ClueRules
from kg.model import ROLES, Role

HERE = Path(__file__).parent
FILE = HERE / "blind.csv"
SENTENCES = HERE / "unseen-sentences.jsonl"
_PRIOR = (4.0, 1.0)
_QUANTILE = 0.1


@dataclass(frozen=True, slots=True)
class Row:
    """One use when it was met first: the rules that spoke, the share of the role that the clues gave, what was right.

    `told` is the role that the rule gave, "" where a weak rule spoke. The clues are learnt without the batch.
    """

    batch: str
    case: str
    method: str
    name_rule: str
    role_rule: str
    told: str
    share: float
    name_right: bool
    role_right: bool

    @property
    def said(self) -> Said:
        """What the rule said."""
        role: Role = next((role for role in ROLES if role == self.told), "uses")
        return role, self.role_rule


def read(path: Path = FILE) -> list[Row]:
    """Return the record."""
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file)
    return [
        Row(batch, case, method, name, role, told, float(share), name_right == "1", role_right == "1")
        for batch, case, method, name, role, told, share, name_right, role_right in rows
    ]


def write(rows: Iterable[Row], path: Path = FILE) -> None:
    """Write the record."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([field.name for field in fields(Row)])
        table.writerows([int(cell) if isinstance(cell, bool) else cell for cell in astuple(row)] for row in rows)


def bound(outcomes: Sequence[bool]) -> float:
    """Return how sure a rule with these outcomes may be: what its precision exceeds in nine cases of ten.

    A rule without a record may be sure to 0.56, one that was right ten times of ten to 0.86.
    """
    right = sum(outcomes)
    return float(beta.ppf(_QUANTILE, _PRIOR[0] + right, _PRIOR[1] + len(outcomes) - right))


class Sure:
    """How sure the rules that find names, and the shares of the clues, may be by the rows of a record."""

    def __init__(self, rows: Sequence[Row], rules: ClueRules) -> None:
        self._rows = rows
        self._rules = rules
        self._known: dict[tuple[str, str], float] = {}

    def name(self, rule: str) -> float:
        """Return the bound of a rule that finds names."""
        return self._bound("name", rule, lambda row: row.name_rule == rule, lambda row: row.name_right)

    def share(self, share: float) -> float:
        """Return the bound of the roles in the band of a share."""
        return self.band(next(least for least, _ in self._rules.bands if share >= least))

    def band(self, least: float) -> float:
        """Return the bound of the roles with a share in the band that begins at `least`."""
        below = min((other for other, _ in self._rules.bands if other > least), default=2.0)

        def same(row: Row) -> bool:
            return row.name_right and least <= row.share < below

        return self._bound("band", str(least), same, lambda row: row.role_right)

    def _bound(self, kind: str, rule: str, same: Callable[[Row], bool], right: Callable[[Row], bool]) -> float:
        if (kind, rule) not in self._known:
            self._known[kind, rule] = bound([right(row) for row in self._rows if same(row)])
        return self._known[kind, rule]


def rows_of(batch: str, cases: Sequence[Case], extractor: Extractor) -> Iterator[Row]:
    """Yield the rows of a batch that neither the rules nor the clues have met."""
    roles = Roles(extractor.rules, clues.installed())
    weigher = Clues(clues.installed(), extractor.rules)
    for case in cases:
        read_case = extractor.read(case.text, case.title)
        expected = {(one.method, one.role) for one in case.expected}
        for use in extractor.extract(case.text, objective=case.objective, title=case.title).best_uses():
            assert read_case is not None
            document, _ = read_case
            spot = next(
                one for one in document.spots if document.text.span(one.match.start, one.match.end)[0] == use.start
            )
            (said,) = roles.told([Asked(document, spot, use.method, case.objective)])
            (shares,) = weigher.shares([(document, spot, said)])
            rule = said.rule.removeprefix(clues.LIST)
            told = "" if rule in extractor.rules.clues.weak else said.role
            known = any(use.method == method for method, _ in expected)
            share, right = round(shares[use.role], 3), (use.method, use.role) in expected
            yield Row(batch, case.id, use.method, use.rule.partition("+")[0], rule, told, share, known, right)


def batches_of(path: Path) -> dict[str, str]:
    """Return the batch of each sentence by its id."""
    entries = map(json.loads, path.read_text("utf-8").splitlines())
    return {str(entry["id"]): entry["batch"] for entry in entries}


def main() -> None:
    extractor = Extractor(ontology.load())
    rows = read()
    batches = batches_of(SENTENCES)
    for batch in sys.argv[1:]:
        cases = [case for case in read_gold(SENTENCES, ontology.load()) if batches[case.id] == batch]
        rows += rows_of(batch, cases, extractor)
        write(rows)
    show(rows)


def show(rows: Sequence[Row]) -> None:
    rules = rulebook.installed()
    for batch in sorted({row.batch for row in rows}, key=lambda name: (len(name), name)):
        right = [row.role_right for row in rows if row.batch == batch and row.name_right]
        print(f"{batch:<24}{sum(right) / len(right):.2f} of {len(right)}")
    sure = Sure(rows, rules.clues)
    for name, value in rules.confidence.items():
        print(f"{name:<24}{sure.name(name):.2f} ({value})")
    for least, value in rules.clues.bands:
        print(f"share from {least:<13}{sure.band(least):.2f} ({value})")


if __name__ == "__main__":
    main()
