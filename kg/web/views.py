"""What several pages show alike: links to things, cards of projects, totals that say what is unknown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from markupsafe import Markup, escape

from kg.model import ROLES
from kg.search import Index, ProjectRow, Sum, Thing
from kg.vocabulary import Names
from kg.web.answers import Asked, Language, href
from kg.web.facts import Naming, texts_of
from kg.web.serving import Site

DOCUMENT_KINDS = (
    "project", "owner", "unit", "method", "region", "fund", "programme", "programme-area", "specific-objective",
    "intervention-field", "owner-type", "use", "mention", "name-match", "source", "scheme", "graph", "agent",
)  # fmt: skip
"""Kinds of things that have a document, as they stand in IRIs."""
COUNTED = ("participants", "total_budget", "total_cost", "granted", "eu")
_SEARCHED = {"owner": "owner", "method": "method", "region": "region", "fund": "fund", "programme": "programme",
             "specific-objective": "objective", "owner-type": "type", "programme-area": "area",
             "intervention-field": "field"}  # fmt: skip
_SNIPPET = 280
_BEFORE = 90


@dataclass(frozen=True, slots=True)
class ThingLink:
    """A thing to be linked: its page, its label and the language of the label; `html` is the link as markup."""

    href: str
    label: str
    language: str
    kind: str
    key: str
    projects: int = 0
    note: str = ""
    html: Markup = field(default_factory=Markup)


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `marked` if it is to be seen at a glance."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class ProjectCard:
    """A project in a list."""

    row: ProjectRow
    link: ThingLink
    owners: tuple[ThingLink, ...]
    regions: tuple[ThingLink, ...]
    methods: tuple[ThingLink, ...]
    snippet: tuple[Piece, ...] = ()
    text_language: str = "sv"


@dataclass(frozen=True, slots=True)
class Total:
    """What is summed, one sum a currency; of how many projects it is known, and of how many it is unknown."""

    name: str
    sums: tuple[Sum, ...]
    known: int
    unknown: int


@dataclass(frozen=True)
class View:
    """The tools of one request: the site that was lent to it, and what was asked."""

    site: Site
    asked: Asked
    naming: Naming = field(init=False)

    def __post_init__(self) -> None:
        naming = Naming(Names(self.site.base), self.site.index, self.site.terms)
        object.__setattr__(self, "naming", naming)

    @property
    def index(self) -> Index:
        """The index of the site."""
        return self.site.index

    def link(self, thing: Thing, note: str = "") -> ThingLink:
        """Return a link to the page of a thing."""
        found = _link(thing, self.asked.root, self.asked.language)
        return replace(found, note=note) if note else found

    def links(self, things: Iterable[Thing]) -> tuple[ThingLink, ...]:
        """Return links to the pages of things."""
        return tuple(map(self.link, things))

    def all_projects(self, thing: Thing) -> str | None:
        """Return the address of the search that finds the projects of a thing, or None where no search does."""
        name = _SEARCHED.get(thing.kind)
        if thing.kind == "region" and not len(self.index.columns.having("region", thing.id)):
            name = "place"
        return self.asked.href("search", **{name: thing.key}) if name else None

    def iri(self, thing: Thing) -> str:
        """Return the IRI of a thing."""
        return self.naming.names.thing(thing.kind, thing.key)

    def cards(self, numbers: Sequence[int], *, words: frozenset[str] | None = None) -> list[ProjectCard]:
        """Return the cards of projects, with the place of the text that holds the words if any are given."""
        rows = self.index.project_rows(numbers)
        linked = self.index.targets(numbers, "owner", "region", "method") if numbers else {}
        texts = texts_of(self.site.store, [self.iri(row.thing) for row in rows]) if words is not None else {}
        return [self._card(row, linked[row.thing.id], texts, words or frozenset()) for row in rows]

    def _card(
        self,
        row: ProjectRow,
        linked: list[tuple[str, Thing]],
        texts: Mapping[str, tuple[str, str]],
        words: frozenset[str],
    ) -> ProjectCard:
        by_relation: dict[str, list[Thing]] = {"owner": [], "region": [], "method": []}
        for relation, thing in linked:
            by_relation[relation].append(thing)
        text, language = texts.get(self.iri(row.thing), ("", "sv"))
        return ProjectCard(
            row=row,
            link=self.link(row.thing),
            owners=self.links(by_relation["owner"]),
            regions=self.links(by_relation["region"]),
            methods=self.links(by_relation["method"]),
            snippet=snippet(text, words),
            text_language=language,
        )

    def totals(self, numbers: Sequence[int] | None = None) -> list[Total]:
        """Return the totals of projects (all by default).

        Amounts that no project states are left out; where none states any, one total says so of money as a whole.
        """
        size = self.index.columns.size if numbers is None else len(numbers)
        found = self.index.figures.totals(numbers)
        known = {name: sum(each.known for each in sums) for name, sums in found.items()}
        stated = [name for name in COUNTED if known[name] or name == "participants"]
        totals = [Total(name, found[name], known[name], size - known[name]) for name in stated]
        return totals if len(stated) > 1 else [*totals, Total("money", (), 0, size)]


# Pages link to the same methods, regions and owners over and over. The label is part of the thing, so that a link made
# for one generation of the graph is never shown for another.
@lru_cache(maxsize=8192)
def _link(thing: Thing, root: str, language: Language) -> ThingLink:
    label, spoken = thing.label(language), thing.label_language(language)
    address = href(root, language, f"{thing.kind}/{thing.key}")
    tag = f' lang="{spoken}"' if spoken != language else ""
    html = Markup(f'<a href="{escape(address)}"{tag}>{escape(label)}</a>')
    return ThingLink(address, label, spoken, thing.kind, thing.key, thing.projects, html=html)


def snippet(text: str, words: frozenset[str]) -> tuple[Piece, ...]:
    """Return the beginning of a text, or the place that holds one of the words, with the words marked.

    >>> [piece.text for piece in snippet("Vi arbetar med MI i länet", frozenset(["mi"])) if piece.marked]
    ['MI']
    """
    pattern = _pattern(words)
    first = pattern.search(text) if pattern else None
    start = _word_start(text, first.start() - _BEFORE) if first and first.start() > _SNIPPET - _BEFORE else 0
    end = _word_start(text, start + _SNIPPET) if start + _SNIPPET < len(text) else len(text)
    shown = " ".join(text[start:end].split())
    pieces = list(marked(shown, words))
    if start:
        pieces.insert(0, Piece("… "))
    if end < len(text):
        pieces.append(Piece(" …"))
    return tuple(pieces)


def marked(text: str, words: frozenset[str]) -> Iterable[Piece]:
    """Return a text in pieces, those that are one of the words marked."""
    pattern = _pattern(words)
    if not pattern:
        return [Piece(text)] if text else []
    parts = pattern.split(text)
    return [Piece(part, place % 2 == 1) for place, part in enumerate(parts) if part]


def _pattern(words: frozenset[str]) -> re.Pattern[str] | None:
    if not words:
        return None
    alternatives = "|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word))))
    return re.compile(rf"(?<![^\W_])({alternatives})(?![^\W_])", re.IGNORECASE)


def _word_start(text: str, place: int) -> int:
    found = text.find(" ", max(0, place))
    return found + 1 if 0 <= found < place + 40 else max(0, place)


def by_strength(role: str) -> int:
    """Return the place of a role among all roles, the strongest first."""
    return ROLES.index(role) if role in ROLES else len(ROLES)
