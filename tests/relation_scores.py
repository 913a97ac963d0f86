"""Measures how well earlier projects and partners are found in texts of which people have said what they name.

`python -m tests.relation_scores FILE...` prints precision, recall and F1 of both, with every miss and false alarm. A
line of a file is a JSON object with `text` and `partners`, and either `continues` (each name and each number counts) or
`earlier` (objects with `name` and `number`, of which one is enough). `owner` is optional: the owner is no partner.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from kg.joining.relations import MUNICIPALITIES, WITH_OWNER
from kg.mentions import TextMention, mentions
from kg.owners.known import known

COLLECTION = Path(__file__).parent / "relation-sentences.jsonl"


class Case(NamedTuple):
    """A text with the projects that it goes on from, each by all its names, and the known organisations taking part."""

    text: str
    owner: str
    earlier: tuple[frozenset[str], ...]
    partners: frozenset[str]


class Score(NamedTuple):
    """How many were found rightly, wrongly and not at all, and what these were."""

    right: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / max(1, self.right + len(self.wrong))

    @property
    def recall(self) -> float:
        """The share of what is there that was found."""
        return self.right / max(1, self.right + len(self.missed))

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / max(1, 2 * self.right + len(self.wrong) + len(self.missed))


def cases(path: Path) -> Iterator[Case]:
    """Yield the cases of a file."""
    for line in path.read_text("utf-8").splitlines():
        yield _case(json.loads(line))


def _case(given: dict[str, Any]) -> Case:
    owner = organisation(given.get("owner", ""))
    names = [{name} for name in given.get("continues", ())]
    names += [{each["name"], each["number"]} for each in given.get("earlier", ())]
    partners = {organisation(name) for name in given["partners"]} - {owner, ""}
    return Case(given["text"], owner, tuple(frozenset(filter(None, each)) for each in names), frozenset(partners))


def organisation(name: str) -> str:
    """Return the known organisation or municipality that a name means, else an empty text."""
    for called in (name, name.partition(" i ")[0], f"{name} kommun"):
        if named := known().named(called):
            return named.name
    return ""


def earlier_projects(given: Iterable[Case]) -> Score:
    """Measure the earlier projects."""
    return _score((case.text, case.earlier, _named(case, "continues")) for case in given)


def partners(given: Iterable[Case]) -> Score:
    """Measure the partners that are known organisations."""
    return _score(
        (case.text, [frozenset((name,)) for name in case.partners], _named(case, "partner")) for case in given
    )


def _named(case: Case, relation: str) -> set[str]:
    found = [each for each in mentions(case.text) if each.relation == relation]
    if relation == "continues":
        return {each.name for each in found}
    # Organisations that only stand together count where the owner is one of them.
    own = {each.quote for each in found if each.rule in WITH_OWNER and _meant(each) == case.owner != ""}
    return {_meant(each) for each in found if each.rule not in WITH_OWNER or each.quote in own} - {case.owner, ""}


def _meant(mention: TextMention) -> str:
    """Return the known organisation that a mention means, else an empty text."""
    name = f"{mention.name} kommun" if mention.rule in MUNICIPALITIES else mention.name
    named = known().named(name) or known().named(name.partition(" i ")[0])
    return named.name if named else ""


def _score(told: Iterable[tuple[str, Iterable[frozenset[str]], set[str]]]) -> Score:
    right, wrong, missed = 0, [], []
    for text, wanted, found in told:
        hits = [each for each in wanted if each & found]
        right += len(hits)
        missed += [f"{'/'.join(sorted(each))} | {text}" for each in wanted if not each & found]
        wrong += [f"{name} | {text}" for name in sorted(found - frozenset().union(*hits))]
    return Score(right, tuple(wrong), tuple(missed))


def told(path: Path) -> Iterator[str]:
    """Yield the lines that tell how a file is understood."""
    given = tuple(cases(path))
    for title, score in (("earlier projects", earlier_projects(given)), ("partners", partners(given))):
        counts = f"{score.right} right, {len(score.wrong)} wrong, {len(score.missed)} missed"
        figures = f"precision {score.precision:.3f}, recall {score.recall:.3f}, F1 {score.f1:.3f}"
        yield f"{path.name}: {title}: {figures} ({counts})"
        yield from (f"  wrong  {each}" for each in score.wrong)
        yield from (f"  missed {each}" for each in score.missed)


if __name__ == "__main__":
    for name in sys.argv[1:] or [str(COLLECTION)]:
        sys.stdout.writelines(f"{line}\n" for line in told(Path(name)))
