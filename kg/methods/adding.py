"""Writes a new method into the Turtle text of the scheme, as a person would by hand: one block at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg import terms
from kg.errors import InputError, UsageError
from kg.methods.scheme import current, folded
from kg.ontology import Ontology
from kg.vocabulary import EXTERNAL_PREFIXES, Names, slug

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_BLOCK = re.compile(r"^<id/method/([^>]+)>$", re.MULTILINE)
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_LABELS = tuple(EXTERNAL_PREFIXES["skos"] + name for name in ("prefLabel", "altLabel", "hiddenLabel"))
_PREFIXES = ("kg", "rdfs", "skos")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass(frozen=True, slots=True)
class NewMethod:
    """A method to be added: names and definitions in both languages, other Swedish spellings, and where it is from.

    `broader` is the id or label of a group or of a broader method; without an `id` the Swedish name gives one.
    """

    label: str
    label_en: str
    definition: str
    definition_en: str
    broader: str
    id: str = ""
    spellings: tuple[str, ...] = ()
    origin: str = ""
    source: str = ""

    @property
    def key(self) -> str:
        """The id: the last part of the address, which is never changed."""
        return self.id or slug(self.label)


def add(path: Path, new: NewMethod, ontology: Ontology) -> str:
    """Write the method into the file of the scheme, and return the block that was put in.

    Raises:
        InputError: the file cannot be read or written, or has no block of a method.
        UsageError: the method is not fit to be added: an id or a name that is taken, an unknown group, no definition.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    _refuse_taken(new, _names_in(path))
    written = block(new, ontology)
    whole = _inserted(text, path.name, new.key, written)
    try:
        path.write_text(whole, encoding="utf-8", newline="\n")
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error}; kg methods add --print shows the block") from error
    return written


def block(new: NewMethod, ontology: Ontology) -> str:
    """Return the Turtle of a method that may be added to the scheme.

    Raises:
        UsageError: see `add`.
    """
    broader = _checked(new, ontology)
    return "\n".join((f"<id/method/{new.key}>", *(f"    {line} ;" for line in _lines(new, broader)), ".", ""))


def _lines(new: NewMethod, broader: str) -> Iterator[str]:
    yield "a kg:Method"
    yield "a skos:Concept"
    yield f"skos:prefLabel {_literal(new.label_en, 'en')}"
    yield f"skos:prefLabel {_literal(new.label, 'sv')}"
    for spelling in new.spellings:
        yield f"skos:altLabel {_literal(spelling, 'sv')}"
    yield f"skos:definition {_literal(new.definition_en, 'en')}"
    yield f"skos:definition {_literal(new.definition, 'sv')}"
    if new.origin:
        yield f"skos:note {_literal(f'Origin: {new.origin}', 'en')}"
    yield f"skos:broader <id/method/{broader}>"
    yield "skos:inScheme <id/scheme/methods>"
    if new.source:
        yield f"rdfs:seeAlso <{new.source}>"


def _literal(text: str, language: str) -> str:
    return f'"{" ".join(text.split()).translate(_ESCAPES)}"@{language}'


def _checked(new: NewMethod, ontology: Ontology) -> str:
    """Return the id of the broader concept, once nothing speaks against adding the method."""
    if not _ID.fullmatch(new.key):
        raise UsageError(f"the id {new.key!r} is not small letters, digits and single hyphens, as in green-track")
    empty = [name for name in ("label", "label_en", "definition", "definition_en") if not getattr(new, name).strip()]
    if empty:
        raise UsageError(f"a method needs names and definitions in Swedish and English, and has no {empty[0]}")
    if not any(letter.isalnum() for letter in new.label):
        raise UsageError(f"the name {new.label!r} has no letter or digit")
    _refuse_taken(new, {concept.id: concept.spellings() for concept in ontology.concepts("methods")})
    if new.source and not _ADDRESS.fullmatch(new.source):
        raise UsageError(f"the source {new.source!r} is not a web address")
    broader = current(ontology, new.broader)
    if broader is None:
        raise UsageError(f"the scheme has no group or method {new.broader!r}; kg methods list names them")
    return broader.id


def _names_in(path: Path) -> Mapping[str, Sequence[str]]:
    """Return the labels of each method that stands in the file, which need not be the installed one."""
    names = Names(terms.base_of(path))
    found, start = terms.read((path,), names.base), names.thing("method", "")
    return {
        iri.removeprefix(start): [label for name in _LABELS for label in found.texts(iri, name)]
        for iri in found.values
        if iri.startswith(start)
    }


def _refuse_taken(new: NewMethod, known: Mapping[str, Iterable[str]]) -> None:
    """Refuse an id or a name that one of the methods `known`, from id to labels, has already."""
    if new.key in known:
        raise UsageError(f"the id {new.key!r} is taken, by {next(iter(known[new.key]), 'a block without a label')!r}")
    names = [folded(name) for name in (new.label, *new.spellings)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise UsageError(f"the name {twice!r} is given twice; one spelling is enough, case does not matter")
    for key, labels in known.items():
        taken = {folded(spelling) for spelling in labels} & {*names, folded(new.label_en)}
        if taken:
            raise UsageError(
                f"the name {min(taken)!r} belongs to {key}; a shared name is declared by hand in both blocks, "
                'as skos:editorialNote "Shared label: …"@en'
            )


def _inserted(text: str, name: str, key: str, written: str) -> str:
    """Return the text with the block before the first one whose address is greater, or at the end."""
    missing = [prefix for prefix in _PREFIXES if f"PREFIX {prefix}:" not in text]
    blocks = list(_BLOCK.finditer(text))
    if missing or not blocks:
        what = f"no PREFIX {missing[0]}:" if missing else "no block <id/method/…>"
        raise InputError(f"{name} has {what}, so a method cannot be added to it")
    following = next((found.start() for found in blocks if found[1] > key), None)
    if following is None:
        return f"{text.rstrip()}\n\n{written}"
    return f"{text[:following]}{written}\n{text[following:]}"
