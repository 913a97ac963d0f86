"""Where sources disagree about a project, which value is preferred and why, and the merged view of a project.

Every source keeps its own graph, so nothing is lost by preferring; the rules, in their order:

1. `filled`: a value beats none (a source that says nothing does not disagree);
2. `page-over-list`: a page of the Council beats a list, and the Council's own list beats lists made from it;
3. `newer`: the present site beats the old one, then what was retrieved later beats what was retrieved before
   (a source with no time counts as the older);
4. `first-source`: nothing above decides, so the source whose name comes first in the alphabet is taken.

What agrees although it is printed otherwise, `kg.agreement` knows; several values of one list do not disagree.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, TypeVar

from kg.agreement import MONEY, Agreement, Said, within
from kg.vocabulary import EXTERNAL_PREFIXES, Names

if TYPE_CHECKING:
    from kg.store import Store

PROPERTIES = (
    *("dcterms:title", "kg:owner", "kg:region", "kg:fund", "kg:programme", "kg:programmeArea", "kg:specificObjective"),
    *("kg:interventionField", "kg:startDate", "kg:endDate", "kg:plannedParticipants", "kg:totalBudget", "kg:totalCost"),
    *("kg:grantedSupport", "kg:euContribution", "kg:coFinancingRate", "kg:strategicImportance", "kg:childPovertyTheme"),
    *("kg:beneficiaryPostcode", "kg:beneficiaryPlace", "kg:projectPhase", "kg:call"),
)
"""The properties of which a project has one value in truth."""
_ONLY_MERGED = ("dcterms:description", "kg:beneficiaryAddress", "kg:country")
_TO_THE_MINUTE = len("2024-06-01T12:00")
_PAGE, _OLD_SITE = re.compile(r"[A-Z]\d|other"), re.compile(r"O\d")


@dataclass(frozen=True, slots=True)
class SourceRank:
    """A source as the rules see it: its layout code and the time it was retrieved (ISO 8601, empty if not known)."""

    name: str
    layout: str = ""
    retrieved: str = ""

    @property
    def kind(self) -> int:
        """0 for a page of the Council, 1 for its own list, 2 for any other list."""
        return 0 if _PAGE.fullmatch(self.layout) else 1 if self.layout.startswith("bank-") else 2

    @property
    def old_site(self) -> bool:
        """Whether the page is from the site before the present one."""
        return bool(_OLD_SITE.fullmatch(self.layout))


@dataclass(frozen=True, slots=True)
class SourcedValue:
    """A value as text (of a thing its name) with the source that gives it.

    `unit` is a currency or a language; `code` is the value as it is compared, where that is not its text.
    """

    value: str
    source: SourceRank
    unit: str = ""
    code: str = ""

    def said(self) -> Said:
        """Return the value as it is compared."""
        return Said(self.code or self.value, self.unit)

    def shown(self) -> str:
        """Return the value with its currency, if it has one.

        >>> SourcedValue("100.0", SourceRank("a.txt"), "SEK").shown()
        '100.0 SEK'
        """
        return f"{self.value} {self.unit}" if self.unit.isupper() else self.value


@dataclass(frozen=True, slots=True)
class Preferred:
    """The values that sources give for one property of a project, the preferred one, and the rule that prefers it."""

    project: str
    title: str
    property: str
    values: tuple[SourcedValue, ...]
    value: SourcedValue
    rule: str


_Key = TypeVar("_Key", bound=Hashable)
Same = Callable[[SourcedValue, SourcedValue], bool]
"""Returns whether two values agree."""


def _alike(one: SourcedValue, other: SourcedValue) -> bool:
    return Agreement(lambda inner, outer: False).agree("", one.said(), other.said())


def prefer(values: Sequence[SourcedValue], same: Same = _alike) -> tuple[SourcedValue, str]:
    """Return the preferred one of at least one value, and the rule that decides against the next best.

    >>> page, kohesio = SourceRank("22-001-S01.txt", "E1"), SourceRank("se.csv", "kohesio-csv")
    >>> prefer([SourcedValue("A1", kohesio), SourcedValue("A1A", page)])[1]
    'page-over-list'
    """
    ordered = _best_first(values)
    best = ordered[0]
    rival = next((each for each in ordered if not same(each, best)), None)
    if rival is None:
        return best, "filled" if len(values) == 1 else "agreed"
    if rival.source.kind != best.source.kind:
        return best, "page-over-list"
    same_age = best.source.old_site == rival.source.old_site and (
        best.source.retrieved[:_TO_THE_MINUTE] == rival.source.retrieved[:_TO_THE_MINUTE]
    )
    return best, "first-source" if same_age else "newer"


def _best_first(values: Iterable[SourcedValue]) -> list[SourcedValue]:
    ordered = sorted(values, key=lambda each: (each.source.name, each.value))
    ordered.sort(key=lambda each: each.source.retrieved[:_TO_THE_MINUTE], reverse=True)
    ordered.sort(key=lambda each: (each.source.kind, each.source.old_site))
    return ordered


def one_each(values: Mapping[_Key, Iterable[SourcedValue]], money: Collection[_Key]) -> dict[_Key, SourcedValue]:
    """Return the preferred value of each property of a project, where one row has room for one each.

    Amounts of one row are in one currency: that of the preferred source which states any of them. An amount that is
    known in another currency only is left out, for nobody converts it.

    Args:
        values: what sources say, by property; amounts with their currency as `unit`.
        money: the properties that are amounts.

    >>> page, kohesio = SourceRank("22-001-S01.txt", "E1"), SourceRank("se.csv", "kohesio-csv")
    >>> found = one_each({
    ...     "grantedSupport": [SourcedValue("100", page, "SEK")],
    ...     "totalBudget": [SourcedValue("19", kohesio, "EUR"), SourcedValue("200", page, "SEK")],
    ...     "euContribution": [SourcedValue("9", kohesio, "EUR")],
    ... }, MONEY)
    >>> {name: value.shown() for name, value in found.items()}
    {'grantedSupport': '100 SEK', 'totalBudget': '200 SEK'}
    """
    amounts = [value for name in money for value in values.get(name, ())]
    currency = _best_first(amounts)[0].unit if amounts else ""
    found = {}
    for name, some in values.items():
        if left := [value for value in some if name not in money or value.unit == currency]:
            found[name] = _best_first(left)[0]
    return found


def preferred_titles(store: Store) -> dict[str, str]:
    """Return the preferred title of each project by its IRI; raises what the store raises."""
    return _titles(store, None, _sources(store, None))


def settled(store: Store) -> dict[str, dict[str, SourcedValue]]:
    """Return one value each of what sources say differently of a project, by key and property; raises what the store
    raises.

    The properties are named without prefix, those of texts with their language (``title@sv``). Of a project with
    amounts in several currencies, those in the preferred one are there, with ``currency``.
    """
    sources = _sources(store, None)
    mixed = set()
    found: defaultdict[str, defaultdict[str, set[SourcedValue]]] = defaultdict(lambda: defaultdict(set))
    for name in PROPERTIES:
        local = _local(name)
        for several in dict.fromkeys((name, "kg:currency" if local in MONEY else name)):
            for subject, told in _said(store, sources, _query(store, name, None, several=several)):
                if several != name:
                    mixed.add(_last(subject))
                in_language = told.unit and local not in MONEY
                found[_last(subject)][f"{local}@{told.unit}" if in_language else local].add(told)
    rows = {project: one_each(values, MONEY) for project, values in found.items()}
    for project in mixed:
        amount = next(value for name, value in rows[project].items() if name in MONEY)
        rows[project]["currency"] = replace(amount, value=amount.unit, unit="")
    return rows


def conflicts(store: Store, project: str | None = None) -> list[Preferred]:
    """Return every property of a project on which sources disagree, ordered by project; one project if `project` is
    its key. Amounts in two currencies and texts in two languages do not disagree. Raises what the store raises."""
    agreement = Agreement(within(_regions(store)))
    found = _preferred(store, project, PROPERTIES, agreement, only_several=True)
    return [each for each in found if _disagrees(each, agreement)]


def merged(store: Store, project: str) -> list[Preferred]:
    """Return one preferred value for each property of a project that any source fills; raises what the store raises."""
    agreement = Agreement(within(_regions(store)))
    return list(_preferred(store, project, (*PROPERTIES, *_ONLY_MERGED), agreement, only_several=False))


def _disagrees(found: Preferred, agreement: Agreement) -> bool:
    by_source: defaultdict[str, list[Said]] = defaultdict(list)
    for value in found.values:
        by_source[value.source.name].append(value.said())
    pairs = combinations(by_source.values(), 2)
    return any(agreement.disagree(_local(found.property), ones, others) for ones, others in pairs)


def _local(name: str) -> str:
    return name.partition(":")[2]


def _regions(store: Store) -> dict[str, str]:
    """Return by the code of each region that of the region right above it."""
    names, broader = Names(store.base), EXTERNAL_PREFIXES["skos"] + "broader"
    rows = store.texts(f"SELECT ?r ?above WHERE {{ ?r a <{names.term('Region')}> ; <{broader}> ?above }}")
    return {_last(region): _last(above) for region, above in rows}


def _last(iri: str | None) -> str:
    return str(iri).rpartition("/")[2]


def _preferred(
    store: Store, project: str | None, properties: Iterable[str], agreement: Agreement, *, only_several: bool
) -> Iterator[Preferred]:
    sources = _sources(store, project)
    titles = _titles(store, project, sources)
    groups: defaultdict[tuple[str, str, str], list[SourcedValue]] = defaultdict(list)
    for place, name in enumerate(properties):
        for subject, found in _said(
            store, sources, _query(store, name, project, several=name if only_several else None)
        ):
            groups[subject, f"{place:02d} {name}", found.unit].append(found)
    for (subject, name, _), values in sorted(groups.items()):
        ordered = tuple(sorted(set(values), key=lambda each: (each.source.name, each.value)))
        named = name.split(" ")[1]
        best, rule = prefer(ordered, partial(_agree, agreement, _local(named)))
        yield Preferred(_last(subject), titles.get(subject, ""), named, ordered, best, rule)


def _said(store: Store, sources: Mapping[str, SourceRank], query: str) -> Iterator[tuple[str, SourcedValue]]:
    """Yield each project, by its IRI, with a value that a source gives, by a query of `_query`."""
    for subject, source, shown, unit, value in store.texts(query):
        if rank := sources.get(str(source)):
            yield str(subject), SourcedValue(str(shown), rank, str(unit or ""), _code(str(shown), str(value)))


def _agree(agreement: Agreement, name: str, one: SourcedValue, other: SourcedValue) -> bool:
    return agreement.agree(name, one.said(), other.said())


def _code(shown: str, value: str) -> str:
    """Return of a thing that is shown by its name the last part of its IRI, else nothing."""
    return "" if shown == value else _last(value)


def _sources(store: Store, project: str | None) -> dict[str, SourceRank]:
    names, rdfs, prov = Names(store.base), EXTERNAL_PREFIXES["rdfs"], EXTERNAL_PREFIXES["prov"]
    query = f"""
        SELECT ?s ?name ?layout ?time WHERE {{
            {f"<{names.thing('project', project)}> <{prov}wasDerivedFrom> ?s ." if project else ""}
            ?s a <{names.term("Source")}> ; <{rdfs}label> ?name .
            OPTIONAL {{ ?s <{names.term("layout")}> ?layout }}
            OPTIONAL {{ ?s <{prov}generatedAtTime> ?time }}
        }}"""
    return {
        str(source): SourceRank(str(name), str(layout or ""), str(time or ""))
        for source, name, layout, time in store.texts(query)
    }


def _titles(store: Store, project: str | None, sources: Mapping[str, SourceRank]) -> dict[str, str]:
    """Return the preferred title of each project, one in another language than English where there is one."""
    names, title = Names(store.base), EXTERNAL_PREFIXES["dcterms"] + "title"
    only = f"VALUES ?p {{ <{names.thing('project', project)}> }}" if project else ""
    rows = store.texts(f"SELECT ?p ?g ?t (LANG(?t) AS ?in) WHERE {{ {only} GRAPH ?g {{ ?p <{title}> ?t }} }}")
    found: defaultdict[str, list[SourcedValue]] = defaultdict(list)
    for subject, source, name, language in rows:
        if rank := sources.get(str(source)):
            found[str(subject)].append(SourcedValue(str(name), rank, str(language or "")))
    own = {subject: [each for each in values if each.unit != "en"] or values for subject, values in found.items()}
    return {subject: prefer(values)[0].value for subject, values in own.items()}


def _query(store: Store, name: str, project: str | None, *, several: str | None) -> str:
    """Return the query for project, source, value as shown (of a thing its name), currency or language, and value.

    With `several`, only of projects that have several values of that property.
    """
    names = Names(store.base)
    local, iri = _local(name), _iri(names, name)
    subject = f"VALUES ?p {{ <{names.thing('project', project)}> }}" if project else ""
    if several:
        subject = (
            f"{{ SELECT ?p WHERE {{ {subject} ?p {_iri(names, several)} ?any }} GROUP BY ?p"
            " HAVING (COUNT(DISTINCT ?any) > 1) }"
        )
    currency = f"OPTIONAL {{ ?p <{names.term('currency')}> ?currency }}" if local in MONEY else ""
    pref = EXTERNAL_PREFIXES["skos"] + "prefLabel"
    return f"""
        SELECT DISTINCT ?p ?g ?shown ?unit ?v WHERE {{
            {subject}
            GRAPH ?g {{ ?p {iri} ?v {currency} }}
            OPTIONAL {{ ?v <{pref}> ?label FILTER(LANG(?label) = "sv") }}
            BIND(COALESCE(?label, STR(?v)) AS ?shown)
            BIND(COALESCE({"?currency" if currency else "LANG(?v)"}, "") AS ?unit)
        }}"""


def _iri(names: Names, name: str) -> str:
    prefix, local = name.split(":")
    return f"<{names.term(local) if prefix == 'kg' else EXTERNAL_PREFIXES[prefix] + local}>"
