"""What a picture has room for: the projects that share most, and what is linked with most of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.drawing.placing import Line
from kg.network.reading import Facts, selected

MOST_PROJECTS, MOST_BESIDE = 30, 30
"""Projects in a picture, and boxes in each column beside them: about two screens, and still to be followed by eye."""


@dataclass(frozen=True, slots=True)
class Left:
    """How many projects, owners and methods a picture leaves out."""

    projects: int = 0
    owners: int = 0
    methods: int = 0

    def __str__(self) -> str:
        """Return what is left out, in a sentence; nothing where all is drawn."""
        if not (self.projects or self.owners or self.methods):
            return ""
        counts = ((self.projects, "project"), (self.owners, "owner"), (self.methods, "method"))
        more = [
            f"{count:,} more {noun}{'' if count == 1 else 's'}".replace(",", " ") for count, noun in counts if count
        ]
        *others, last = more
        listed = f"{', '.join(others)} and {last}" if others else last
        return f"… and {listed}. Drawn is what shares most; the numbers count all."


def roomy(facts: Facts, first: Sequence[str] = ()) -> tuple[Facts, int]:
    """Return the facts of as many projects as a picture has room for, and the number of those left out.

    The projects named `first`, by key, are taken before others; then those that share most.
    """
    projects = [node for node in facts.nodes.values() if node.kind == "project"]
    if len(projects) <= MOST_PROJECTS:
        return facts, 0
    linked = {(use.project, use.method) for use in facts.linking_uses()}
    linked |= {(link.source, link.target) for link in facts.links if link.relation in ("owner", "partner")}
    having = Counter(thing for _, thing in linked)
    sharing = Counter(project for project, thing in linked if having[thing] > 1)
    rank = {key: place for place, key in enumerate(first)}
    projects.sort(key=lambda node: (rank.get(node.key, len(rank)), -sharing[node.id], node.id))
    drawn = [node.key for node in projects[:MOST_PROJECTS]]
    return selected(facts, drawn), len(projects) - len(drawn)


def beside(lines: Iterable[Line], kind: str) -> tuple[list[Line], int]:
    """Return the lines to the things of a kind that most projects have, and the number of things left out."""
    found = [line for line in lines if line.other.startswith(f"{kind}:")]
    having = Counter(other for _, other in dict.fromkeys((line.project, line.other) for line in found))
    own = {line.other for line in found if line.style != "partner"}
    ranked = sorted(having, key=lambda thing: (-having[thing], thing not in own, thing))
    kept = set(ranked[:MOST_BESIDE])
    return [line for line in found if line.other in kept], len(ranked) - len(kept)
