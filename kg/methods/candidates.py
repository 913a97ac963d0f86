"""Proposes names that texts present as methods and that the scheme lacks, with what speaks for each."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg import resources
from kg.methods.extract import Extractor
from kg.methods.rules import CandidateRules
from kg.methods.sightings import Finder

if TYPE_CHECKING:
    from kg.ontology import Concept, Ontology

_ENOUGH = 1.0
_SHORT_NAME = 6
_CAPITALS = re.compile(r"[A-ZÅÄÖ]{3,}[A-ZÅÄÖ\d-]*|[A-ZÅÄÖ][a-zåäö]+[A-ZÅÄÖ]\w*")
_ALIKE = 0.5
_PIECE = 4
_MUNICIPALITY = " kommun"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that may be a method: how often and in which projects, what speaks for it, and where it stands.

    `nearest` is the id of the concept with the most similar label, None where none is similar; `score` is the worth of
    the best evidence in each project, added up.
    """

    name: str
    times: int
    projects: tuple[str, ...]
    cues: tuple[str, ...]
    sentences: tuple[str, ...]
    nearest: str | None
    score: float


@dataclass(slots=True)
class _Evidence:
    """What was collected about one name."""

    spellings: dict[str, int] = field(default_factory=dict)
    projects: dict[str, dict[str, float]] = field(default_factory=dict)
    sentences: dict[str, None] = field(default_factory=dict)


def candidates(texts: Iterable[tuple[str, str]], ontology: Ontology) -> list[Candidate]:
    """Return the candidates in `texts` (pairs of project key and text), the best first."""
    extractor = Extractor(ontology)
    others, places = _organisations(ontology)
    finder = Finder(extractor, places)
    found: dict[str, _Evidence] = {}
    for key, text in texts:
        for sighting, sentence in finder.sightings(text):
            if sighting.name.lower() in others:
                continue
            evidence = found.setdefault(_folded(sighting.name), _Evidence())
            evidence.spellings[sighting.name] = evidence.spellings.get(sighting.name, 0) + 1
            cues = evidence.projects.setdefault(key, {})
            cues[sighting.cue] = max(cues.get(sighting.cue, 0.0), sighting.worth)
            evidence.sentences[sentence] = None
    labels = [(text.lower(), concept) for concept in ontology.concepts("methods") for text in concept.spellings()]
    proposed = (_candidate(evidence, labels, finder.rules) for evidence in found.values())
    kept = [candidate for candidate in proposed if candidate.score >= _ENOUGH]
    return sorted(kept, key=lambda one: (-one.score, -one.times, one.name))


def _candidate(evidence: _Evidence, labels: list[tuple[str, Concept]], rules: CandidateRules) -> Candidate:
    name = max(evidence.spellings, key=lambda spelling: (evidence.spellings[spelling], -len(spelling)))
    times = sum(evidence.spellings.values())
    score = sum(sum(cues.values()) for cues in evidence.projects.values())
    score += rules.repeated_worth if times > 1 else 0.0
    score += rules.long_name_worth if " " in name and name[0].isupper() else 0.0
    score += rules.capitals_worth if _CAPITALS.fullmatch(name) else 0.0
    cues = sorted({cue for cues in evidence.projects.values() for cue in cues})
    likeness, nearest = max(((_likeness(name, label), concept.id) for label, concept in labels), default=(0.0, ""))
    return Candidate(
        name=name,
        times=times,
        projects=tuple(sorted(evidence.projects)),
        cues=tuple(cues),
        sentences=tuple(evidence.sentences),
        nearest=nearest if likeness >= _ALIKE else None,
        score=round(score, 2),
    )


def _organisations(ontology: Ontology) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of public organisations and of places in small letters, and those of places alone."""
    with (resources.folder("ontology") / "public-organisations.csv").open(encoding="utf-8", newline="") as file:
        names = {row["name"].lower() for row in csv.DictReader(file)}
    names |= {name.lower() for region in ontology.concepts("regions") for name in region.spellings()}
    places = {name.removesuffix(_MUNICIPALITY) for name in names if name.endswith(_MUNICIPALITY)}
    bare = places | {place.removesuffix("s") for place in places}
    bare |= {f"{place}s" for place in bare}
    return frozenset(names) | bare, frozenset(bare)


def _pieces(words: str) -> frozenset[str]:
    return frozenset(
        word[at : at + _PIECE]
        for word in words.lower().replace("-", " ").split()
        for at in range(len(word) - _PIECE + 1)
    )


def _likeness(name: str, label: str) -> float:
    """Return how much of their stems two names share, from 0 to 1, by pieces of their words.

    >>> _likeness("Klusterutvärdering", "lärande utvärdering") > _likeness("Klusterutvärdering", "klustersamverkan")
    True
    >>> _likeness("SWOT-analys", "SROI")
    0.0
    """
    ours, theirs = _pieces(name), _pieces(label)
    return 2 * len(ours & theirs) / max(len(ours) + len(theirs), 1)


def _folded(name: str) -> str:
    """Return what spellings of one name share: small letters, without a genitive or definite ending.

    >>> _folded("OSA-dialogen") == _folded("OSA-dialog"), _folded("Klusterutvärderingens")
    (True, 'klusterutvärdering')
    """
    return re.sub(r"(?:e?n|et)?s?$", "", name.lower()) if len(name) > _SHORT_NAME else name.lower()
