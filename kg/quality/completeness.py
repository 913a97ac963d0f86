"""Measures for how many projects each property is known, and of those that Article 49(3) binds, for how many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from kg.quality.gathering import Projects
from kg.quality.issues import Labels, label
from kg.quality.model import Known
from kg.quality.rulebook import LANGUAGES
from kg.vocabulary import EXTERNAL_PREFIXES, Names

if TYPE_CHECKING:
    from kg.store import Store

_BINDS_FROM = "2021-01-01"
_OWED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("–", ("dcterms:identifier",)),
    ("a", ("kg:owner",)),
    ("d", ("dcterms:title",)),
    ("e", ("dcterms:description",)),
    ("f", ("kg:startDate",)),
    ("g", ("kg:endDate",)),
    ("h", ("kg:totalCost", "kg:totalBudget")),
    ("i", ("kg:fund",)),
    ("j", ("kg:specificObjective",)),
    ("k", ("kg:coFinancingRate",)),
    ("l", ("kg:region",)),
    ("l", ("kg:country",)),
    ("m", ("kg:beneficiaryPostcode", "kg:beneficiaryPlace", "kg:beneficiaryAddress")),
    ("n", ("kg:interventionField",)),
)
"""What Article 49(3) of Regulation (EU) 2021/1060 asks for, by letter; any of several properties is enough."""
_OUTSIDE = {
    "dcterms:identifier": ("Diarienummer", "Diary number"),
    "dcterms:title": ("Projektets namn", "Name of the project"),
    "dcterms:description": ("Projektets syfte och innehåll (texten)", "Purpose and contents (the text)"),
}
"""What properties of other vocabularies are called: the graph has labels of its own only."""
_UNCONFIRMED = frozenset("lmn")
_BESIDES = (
    *("plannedParticipants", "programmeArea", "programme", "grantedSupport", "euContribution", "ownerUnit"),
    *("projectPhase", "call", "method"),
)


def completeness(store: Store, projects: Projects, labels: Labels) -> tuple[Known, ...]:
    """Return the properties that the article asks for by letter, then those it does not; raises what the store raises.

    The article binds the projects of programmes that began in 2021 or later.
    """
    names = Names(store.base)
    every = frozenset(projects.about)
    begins = f"<{names.term('programme')}>/<{names.term('startDate')}>"
    bound = every & _things(store, f'?p {begins} ?b FILTER(?b >= "{_BINDS_FROM}"^^<{_DATE}>)')
    return tuple(_measured(store, projects, bound, labels))


_DATE = EXTERNAL_PREFIXES["xsd"] + "date"


def _measured(store: Store, projects: Projects, bound: frozenset[str], labels: Labels) -> Iterator[Known]:
    names, every = Names(store.base), frozenset(projects.about)
    for letter, properties in (*_OWED, *(("", (f"kg:{name}",)) for name in _BESIDES)):
        path = "|".join(f"<{_iri(each, names)}>" for each in properties)
        known = projects.stating.get(properties[0]) if len(properties) == 1 else None
        if known is None:
            known = _things(store, f"?p {path} ?v .")
        yield Known(
            fact=properties[0].partition(":")[2],
            letter=letter,
            labels=_labels(properties, labels),
            projects=len(every),
            bound=len(bound) if letter else 0,
            known=len(known & every),
            bound_known=len(known & bound) if letter else 0,
            confirmed=letter not in _UNCONFIRMED,
        )


def _labels(properties: tuple[str, ...], labels: Labels) -> Mapping[str, str]:
    if properties[0] in _OUTSIDE:
        return dict(zip(LANGUAGES, _OUTSIDE[properties[0]], strict=True))
    if len(properties) == 1:
        return label(labels, properties[0].partition(":")[2])
    if "kg:totalCost" in properties:
        return {"sv": "Total kostnad eller budget", "en": "Total cost or budget"}
    return {"sv": "Stödmottagarens ort, postnummer eller adress", "en": "Place, postcode or address of the beneficiary"}


def _iri(name: str, names: Names) -> str:
    prefix, local = name.split(":")
    return names.term(local) if prefix == "kg" else EXTERNAL_PREFIXES[prefix] + local


def _things(store: Store, pattern: str) -> frozenset[str]:
    """Return what a pattern holds for; counting that here is several times faster than a query for each number."""
    return frozenset(name for (name,) in store.texts(f"SELECT DISTINCT ?p WHERE {{ {pattern} }}") if name)
