"""What the text of a project says of earlier projects and of partners, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kg.vocabulary import Names
from kg.web.facts import Facts
from kg.web.views import View


@dataclass(frozen=True, slots=True)
class Other:
    """Somebody or something that a sentence names: `href` is None where the graph does not know what is meant."""

    label: str
    href: str | None


@dataclass(frozen=True, slots=True)
class ToldOf:
    """A sentence in pieces, every second one a name, and what the names mean, by relation."""

    pieces: tuple[str, ...]
    others: tuple[tuple[str, tuple[Other, ...]], ...]


class _Mention(NamedTuple):
    start: int
    name: str
    relation: str
    target: str | None


def told_of_others(view: View, facts: Facts) -> list[ToldOf]:
    """Return the sentences that name earlier projects or partners, in the order of the text."""
    if not facts.of("kg:mention"):
        return []
    kg = Names(view.site.store.base).prefixes()["kg"]
    query = (
        f"PREFIX kg: <{kg}> SELECT DISTINCT ?start ?relation ?name ?quote ?target WHERE {{ <{facts.iri}> kg:mention"
        " ?mention . ?mention kg:relation ?relation ; kg:matchedText ?name ; kg:quote ?quote ; kg:quoteStart ?start"
        " OPTIONAL { ?mention kg:refersTo ?target } } ORDER BY ?start ?relation"
    )
    text = facts.text("dcterms:description", "sv") or ""
    by_quote: dict[str, list[_Mention]] = {}
    for start, relation, name, quote, target in view.site.store.texts(query):
        if start and relation and name and quote:
            by_quote.setdefault(quote, []).append(_Mention(int(start), name, relation, target))
    return [
        ToldOf(pieces(quote, [(each.start, each.name) for each in told], text), tuple(_others(view, told)))
        for quote, told in by_quote.items()
    ]


def _others(view: View, told: Sequence[_Mention]) -> Iterator[tuple[str, tuple[Other, ...]]]:
    for relation in sorted({each.relation for each in told}):
        yield relation, tuple(dict.fromkeys(_other(view, each) for each in told if each.relation == relation))


def _other(view: View, mention: _Mention) -> Other:
    if not mention.target:
        return Other(mention.name, None)
    path = view.naming.path(mention.target) or ""
    return Other(view.naming.label(mention.target, view.asked.language), view.asked.href(path))


def pieces(quote: str, named: Sequence[tuple[int, str]], text: str) -> tuple[str, ...]:
    """Return a sentence cut at names, so that every second piece is a name.

    `named` is where each name begins in the text, in order; a name that the sentence has elsewhere is not cut out.

    >>> pieces("Bron 2 följer på Bron.", [(21, "Bron")], "Hej! Bron 2 följer på Bron.")
    ('Bron 2 följer på Bron.',)
    >>> pieces("Bron 2 följer på Bron.", [(22, "Bron")], "Hej! Bron 2 följer på Bron.")
    ('Bron 2 följer på ', 'Bron', '.')
    """
    first = named[0][0]
    offset = text.rfind(quote, 0, first + len(quote))
    cut: list[str] = []
    end = 0
    for start, name in ((start - offset, name) for start, name in named):
        if start >= end and offset >= 0 and quote.startswith(name, start):
            cut += [quote[end:start], name]
            end = start + len(name)
    return (*cut, quote[end:])
