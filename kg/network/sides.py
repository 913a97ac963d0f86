"""The sides on which projects are compared, and how like a question each project is on each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isnan
from types import MappingProxyType
from typing import TYPE_CHECKING

from kg.model import LINKING_ROLES
from kg.network.features import (
    YEARS_APART,
    cosine_side,
    method_counts,
    middle,
    targets,
    thing_side,
    word_counts,
    words_side,
)
from kg.network.reading import Facts, Use

if TYPE_CHECKING:
    from kg.network.matrices import Floats

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "text": 0.40,
        "methods": 0.25,
        "specific objective": 0.09,
        "region": 0.08,
        "owner": 0.07,
        "period": 0.05,
        "intervention field": 0.03,
        "type of owner": 0.03,
    }
)
"""The sides, and what each counts when all are known."""
_RELATIONS = {
    "specific objective": "specificObjective",
    "region": "region",
    "owner": "owner",
    "intervention field": "interventionField",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about: a project of the graph (`project` is its id) or a text; what is unknown is empty or None."""

    words: Mapping[str, float]
    uses: tuple[Use, ...]
    things: Mapping[str, frozenset[str]]
    middle: float | None
    text: str = field(repr=False)
    project: str = ""


class Sides:
    """All projects of a graph on all sides, ready to be compared."""

    def __init__(self, facts: Facts, texts: Mapping[str, str]) -> None:
        import numpy as np

        self.projects = tuple(node.id for node in facts.nodes.values() if node.kind == "project")
        self.places = {project: place for place, project in enumerate(self.projects)}
        self.texts = texts
        self.uses = _uses_by_project(facts)
        self.things = {name: targets(facts, relation) for name, relation in _RELATIONS.items()}
        self.things["type of owner"] = _owner_types(facts, self.things["owner"])
        self.words = words_side((facts.nodes[project].label, texts.get(project, "")) for project in self.projects)
        self._labels = {project: facts.nodes[project].label for project in self.projects}
        self._methods = cosine_side(method_counts(self.uses.get(project, ())) for project in self.projects)
        self._thing_sides = {
            name: thing_side(found.get(project, ()) for project in self.projects) for name, found in self.things.items()
        }
        middles = (
            middle(*(facts.nodes[project].attributes.get(name) for name in ("startDate", "endDate")))
            for project in self.projects
        )
        self._middles = np.array([np.nan if found is None else found for found in middles])

    def question(self, project: str) -> Question:
        """Return what is known of a project, by id, as a question."""
        text = self.texts.get(project, "")
        years = float(self._middles[self.places[project]])
        return Question(
            words=word_counts(self._labels[project], text),
            uses=tuple(self.uses.get(project, ())),
            things={name: found.get(project, frozenset()) for name, found in self.things.items()},
            middle=None if isnan(years) else years,
            text=text,
            project=project,
        )

    def likenesses(self, question: Question) -> Iterator[tuple[str, Floats]]:
        """Yield each side on which something is asked, with the likeness (0–1) of every project."""
        import numpy as np

        if question.words:
            yield "text", self.words.cosines(self.words.vector(question.words))
        counts = method_counts(question.uses)
        if counts:
            yield "methods", self._methods.cosines(self._methods.vector(counts))
        for name, wanted in question.things.items():
            if wanted:
                yield name, self._thing_sides[name].shared_worth(wanted)
        if question.middle is not None:
            near = np.clip(1 - np.abs(self._middles - question.middle) / YEARS_APART, 0, 1)
            yield "period", np.nan_to_num(near)


def _uses_by_project(facts: Facts) -> Mapping[str, list[Use]]:
    found: dict[str, list[Use]] = {}
    for use in facts.uses:
        if use.role in LINKING_ROLES or use.role == "mentions":
            found.setdefault(use.project, []).append(use)
    return found


def _owner_types(facts: Facts, owners: Mapping[str, frozenset[str]]) -> Mapping[str, frozenset[str]]:
    types = {node.id: node.attributes.get("ownerType") for node in facts.nodes.values() if node.kind == "owner"}
    return {
        project: frozenset(str(types[owner]) for owner in found if types.get(owner))
        for project, found in owners.items()
    }
