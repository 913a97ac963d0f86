"""Turns the labels of the method scheme into the spellings to look for, with agreement and joined or hyphened forms."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.methods.scheme import successor
from kg.ontology import Concept

_SHORT = 5
_ABBREVIATION = re.compile(
    r"[A-ZÅÄÖ0-9](?:[A-Za-zÅÄÖåäö0-9]*[A-ZÅÄÖ0-9])[A-Za-zåäö]?\+?|[A-Z]{1,2}-[A-Z]{1,3}|[A-Z]{2,4}-[A-Z]{1,2}"
)
_ABBREVIATION_LETTERS = 6
_ADJECTIVES = tuple(
    (re.compile(rf"(?<=\w)(?:{'|'.join(forms)})$"), forms)
    for forms in (
        ("erat", "erad", "erade"),
        ("iskt", "isk", "iska"),
        ("ellt", "ell", "ella"),
        ("igt", "ig", "iga"),
        ("alt", "al", "ala"),
        ("ivt", "iv", "iva"),
        ("bart", "bar", "bara"),
        ("ktat", "ktad", "ktade"),
        ("ivet", "iven", "ivna"),
        ("buret", "buren", "burna"),
        ("rönt", "rön", "röna"),
        ("tött", "tödd", "tödda"),
        ("trisk", "triskt", "triska"),
        ("ordnat", "ordnad", "ordnade"),
    )
)
_CLOSED_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Name:
    """One spelling of one method.

    `written` is the label in the scheme, `text` this spelling in small letters (an abbreviation keeps its capitals);
    `capitals` are the positions that must be capitals in the text as well; `derived` spellings are joined or hyphened
    variants.
    """

    method: str
    written: str
    text: str
    abbreviation: bool
    verb: bool
    capitals: tuple[int, ...]
    derived: bool = False


def is_abbreviation(label: str) -> bool:
    """Tell whether `label` is an abbreviation, which needs its capitals and support in the text.

    >>> is_abbreviation("SEd"), is_abbreviation("ADA+"), is_abbreviation("Lean"), is_abbreviation("UngKOMP")
    (True, True, False, False)
    """
    letters = sum(character.isalnum() for character in label)
    return letters <= _ABBREVIATION_LETTERS and bool(_ABBREVIATION.fullmatch(label))


def names(concepts: Iterable[Concept], extra: Iterable[tuple[str, str]] = ()) -> tuple[Name, ...]:
    """Return every spelling of the concepts that are methods, not of the groups at the top.

    What a deprecated method is called belongs to the one that has taken its place.

    `extra` are further spellings as (method id, label): common misspellings and forms that no rule makes.
    """
    found: dict[tuple[str, str], Name] = {}
    for method, label, swedish in (*_labels(concepts), *((method, label, True) for method, label in extra)):
        for name in _spellings(method, label, swedish):
            known = found.setdefault((name.method, name.text), name)
            if len(name.capitals) < len(known.capitals):
                found[name.method, name.text] = name
    return tuple(found.values())


def _labels(concepts: Iterable[Concept]) -> Iterator[tuple[str, str, bool]]:
    by_id = {concept.id: concept for concept in concepts}
    for concept in by_id.values():
        method = successor(by_id, concept.id)
        if by_id[method].broader and not by_id[method].deprecated:
            prefs = ((text, language) for language, text in concept.pref.items())
            alternatives = ((label.value, label.lang) for label in (*concept.alt, *concept.hidden))
            for text, language in (*prefs, *alternatives):
                yield method, text, language != "en"


def _spellings(method: str, label: str, swedish: bool) -> Iterator[Name]:
    for part in _parts(label):
        if is_abbreviation(part):
            yield Name(method, part, part, True, False, ())
            continue
        for text in _variants(part, swedish):
            derived = text.count(" ") != part.count(" ") or text.count("-") != part.count("-")
            yield Name(method, part, text.lower(), False, _is_verb(part), _capitals(text), derived)


def _parts(label: str) -> Iterator[str]:
    """Yield what to look for: of "Ett självständigt liv (ESL)" the name and the abbreviation, each for itself."""
    bracket = re.fullmatch(r"(.+) \(([^)]+)\)", label)
    if not bracket:
        yield label
        return
    yield bracket[1]
    if is_abbreviation(bracket[2]):
        yield bracket[2]


def _variants(label: str, swedish: bool) -> Iterator[str]:
    words = label.split(" ")
    for grade in range(3) if swedish and len(words) > 1 else (None,):
        yield " ".join((*(_agreeing(word, grade) for word in words[:-1]), words[-1]))
    if len(words) == 2 and label[0].isalnum():
        yield "-".join(words)
    if len(words) == 2 and len(label) > _CLOSED_LETTERS and label[1:].islower():
        yield "".join(words)
    if "-" in label and len(label) > _CLOSED_LETTERS and label[1:].islower() and " " not in label:
        yield label.replace("-", " ")
        yield label.replace("-", "")
    if " & " in label:
        yield label.replace("&", "och")


def _agreeing(word: str, grade: int | None) -> str:
    """Return an adjective in the form that goes with a neuter (0), a common (1) or a plural or definite (2) noun."""
    if grade is not None:
        for ending, forms in _ADJECTIVES:
            if ending.search(word):
                return ending.sub(forms[grade], word)
    return word


def _is_verb(label: str) -> bool:
    """Tell whether a label is a verb in the infinitive, which takes the endings of verbs."""
    return label.endswith(("era", "erar", "erat", "erats", "träna", "coacha", "lägga", "samskapa")) and " " not in label


def _capitals(text: str) -> tuple[int, ...]:
    """Return the positions that must be capitals: those of an abbreviation inside a label, all of a short name.

    >>> _capitals("SE-metoden"), _capitals("Lean"), _capitals("Motiverande samtal"), _capitals("Plug In")
    ((0, 1), (0,), (), ())
    """
    if len(text) <= _SHORT:
        return tuple(place for place, character in enumerate(text) if character.isupper())
    places: list[int] = []
    for word in re.finditer(r"[^\W_]+", text):
        if is_abbreviation(word.group()) and not word.group().isdigit() and len(word.group()) > 1:
            places += (place for place in range(*word.span()) if text[place].isupper())
    return tuple(places)
