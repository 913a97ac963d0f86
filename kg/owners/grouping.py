"""Groups the mentions of owners into organisations: a union of names and numbers that never holds two numbers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from kg.model import OwnerMention
from kg.owners.known import Known, known
from kg.owners.names import name_key
from kg.owners.reviewed import Decision, Reviewed

_BORDER = ":"
_JOINING = frozenset(("same", "renamed"))
_KIND = re.compile(r"\b(?:ab|hb|kb|holding|\w*förening(?:en)?|\w*förbund(?:et)?|\w*stiftelsen?|stiftelse)\b")
_PLACE_AHEAD = re.compile(r"(?:i|på)\Z")
_PART_OF_LAND = frozenset(
    "norra södra östra västra nord syd öst väst norr söder mitt mellersta region distrikt".split()
)
_LINKING_WORDS = frozenset("i och av för på till vid med den det de ab".split())


def primary_key(mention: OwnerMention) -> str:
    """Return the normal form of the fullest name that a mention gives; empty where it gives none.

    A form that only adds words tells more: `KFUM, KFUM Skövde` is KFUM Skövde, and not every KFUM. Names of other
    countries have the country before them: within a country an equal name is one owner, across a border never.
    """
    if mention.abroad:
        return f"{mention.abroad}{_BORDER}{name_key(mention.name)}" if mention.name else ""
    return _fullest(mention.name, mention.spellings) if mention.name else ""


def country_of(key: str) -> str:
    """Return the country in the normal form of a name, empty for Sweden.

    >>> country_of("FIN:oulun kaupunki"), country_of("sala kommun")
    ('FIN', '')
    """
    return key.partition(_BORDER)[0] if _BORDER in key else ""


@lru_cache(maxsize=200_000)
def _fullest(name: str, spellings: tuple[str, ...]) -> str:
    key = name_key(name)
    # What stands in brackets is a name besides the name, and no fuller one.
    others = {name_key(spelling) for spelling in spellings if not spelling.endswith(")")} - {key}
    if not others:
        return key
    words = set(key.split())
    fuller = (other for other in others if words < set(other.split()))
    return max(fuller, key=lambda other: (len(other.split()), other), default=key)


def _is_wider(form: str, key: str) -> bool:
    """Return whether a form of a name may mean more bodies than the name: it lacks the end that tells which one.

    `Medborgarskolan` is printed beside `Medborgarskolan Värmland` and may be any of them; `Umeå universitet` beside
    its own company is no form of the company's name.

    >>> _is_wider("kfum", "kfum skövde"), _is_wider("stiftelsen activa", "stiftelsen activa i örebro län")
    (True, False)
    """
    short, words = form.split(), key.split()
    rest = words[len(short) :]
    if not rest or words[: len(short)] != short:
        return False
    if _KIND.search(" ".join(rest)) and known().named(form):
        return True
    return _PLACE_AHEAD.match(rest[0]) is None and (rest[0] in known().places or rest[0] in _PART_OF_LAND)


@dataclass(slots=True)
class Group:
    """The mentions of one organisation.

    `names` are the normal forms that mean it alone; `matches` are (name, rule, date); `current` and `newest` hold the
    normal forms and the texts of its present names where people have recorded a renaming.
    """

    id: str
    number: str | None
    mentions: list[OwnerMention] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    matches: list[tuple[str, str, str]] = field(default_factory=list)
    current: set[str] = field(default_factory=set)
    newest: list[str] = field(default_factory=list)
    printed_number: bool = False


class Grouping:
    """Joins names to numbers and to each other by the rules, strongest first."""

    def __init__(self, mentions: Iterable[OwnerMention], public: Known, reviewed: Reviewed) -> None:
        self._public = public
        self._reviewed = reviewed
        self._numbered: dict[str, list[OwnerMention]] = defaultdict(list)
        self._named: dict[str, list[OwnerMention]] = defaultdict(list)
        self._numbers_of: dict[str, set[str]] = defaultdict(set)
        self._stated: dict[str, set[str]] = defaultdict(set)
        self._parent: dict[str, str] = {}
        self._number: dict[str, str] = {}
        self._apart: dict[str, set[str]] = defaultdict(set)
        self._rule: dict[str, tuple[str, str]] = {}
        self._unclear = {key for decision in reviewed.of("unclear") for key in decision.compared()}
        for mention in mentions:
            self._add(mention)
        self._join()

    def _add(self, mention: OwnerMention) -> None:
        key = primary_key(mention)
        node = mention.number or key
        if not node:
            return
        if mention.number:
            self._numbered[mention.number].append(mention)
            self._number[mention.number] = mention.number
            if key:
                self._numbers_of[key].add(mention.number)
        else:
            self._named[key].append(mention)
        for form in () if mention.abroad else mention.spellings:
            if (other := name_key(form)) != key and other and not _is_wider(other, key):
                self._stated[other].add(node)

    def _root(self, node: str) -> str:
        parent = self._parent
        while (above := parent.get(node, node)) != node:
            parent[node] = node = parent.get(above, above)
        return node

    def _union(self, node: str, target: str, rule: str, date: str = "") -> bool:
        """Join `node` to `target` by a rule, unless that would make one of two numbers or of two that people parted."""
        one, two = self._root(node), self._root(target)
        if one == two:
            return True
        first, second = self._number.get(one), self._number.get(two)
        if (first and second) or two in {self._root(each) for each in self._apart.get(one, ())}:
            return False
        # Whichever has the number stays the root, so that a root with a number is that number.
        if first:
            one, two = two, one
        self._parent[one] = two
        if one in self._apart:
            self._apart[two] |= self._apart.pop(one)
        self._rule.setdefault(node, (rule, date))
        return True

    def _join(self) -> None:
        for decision in self._reviewed.of("different"):
            self._part(decision)
        for decision in self._reviewed.decisions:
            if decision.kind in _JOINING:
                self._settle(decision)
        # Names that people have settled count although no page prints them alone: they tie others to the number.
        settled = {key for each in self._reviewed.decisions if each.kind in _JOINING for key in each.compared()}
        names = self._named.keys() | {key for key in settled if not key.isdecimal()}
        for key, numbers in sorted(self._numbers_of.items()):
            if key in names and len(numbers) == 1 and key not in self._unclear:
                self._union(key, next(iter(numbers)), "equal-name")
        for key in sorted(names):
            if key not in self._numbers_of and key not in self._unclear and not country_of(key):
                self._join_stated(key)
                self._join_public(key)

    def _part(self, decision: Decision) -> None:
        keys = decision.compared()
        for key in keys:
            self._apart[key] |= set(keys) - {key}

    def _settle(self, decision: Decision) -> None:
        *others, last = decision.compared()
        rule = "renamed" if decision.kind == "renamed" else "reviewed-same"
        for each in (last, *others):
            if each.isdecimal():
                self._number.setdefault(each, each)
        for key in others:
            self._union(key, last, rule, decision.date)

    def _forms(self, key: str) -> set[str]:
        """Return the other forms in which sources print a name, but for those that may mean more bodies."""
        spelt = {other for mention in self._named.get(key, ()) for other in map(name_key, mention.spellings)} - {key}
        return {form for form in spelt if not _is_wider(form, key)}

    def _join_stated(self, key: str) -> None:
        """Join a name to the one owner of which a source states it as another form, in either direction."""
        forms = self._forms(key)
        targets = {number for form in forms if form not in self._unclear for number in self._numbers_of.get(form, ())}
        targets |= {form for form in forms if form in self._named and len(self._stated[form]) == 1}
        targets |= self._stated.get(key, set()) - {key}
        if len({self._root(target) for target in targets}) == 1:
            self._union(key, min(targets), "stated-form")

    def _join_public(self, key: str) -> None:
        forms = (key, *sorted(self._forms(key)))
        found = [self._public.by_name[form] for form in forms if form in self._public.by_name]
        if not found or len({each.number for each in found}) > 1:
            return
        official = name_key(found[0].name)
        if found[0].number:
            self._number.setdefault(found[0].number, found[0].number)
            self._union(key, found[0].number, "public-organisation")
        elif official != key:
            self._union(key, official, "public-organisation")

    def groups(self) -> Iterator[Group]:
        """Yield the groups in the order of their first names or numbers."""
        found: dict[str, Group] = {}
        for node in (*sorted(self._numbered), *sorted(self._named)):
            root = self._root(node)
            group = found.setdefault(root, Group(root, self._number.get(root)))
            if node in self._numbered:
                group.mentions += self._numbered[node]
                group.printed_number = True
            else:
                group.mentions += self._named[node]
                group.names.add(node)
        self._name(found)
        for root in sorted(found):
            self._explain(found[root])
            yield found[root]

    def _name(self, found: dict[str, Group]) -> None:
        """Give each group the names that mean it and no other, and its present name where it was renamed."""
        meant: dict[str, set[str]] = defaultdict(set)
        for key, numbers in self._numbers_of.items():
            meant[key] |= {self._root(number) for number in numbers}
        for form, nodes in self._stated.items():
            meant[form] |= {self._root(node) for node in nodes}
        for key in self._named:
            meant.pop(key, None)
        for key, roots in meant.items():
            if len(roots) == 1:
                found[next(iter(roots))].names.add(key)
        old = {decision.compared()[0] for decision in self._reviewed.of("renamed")}
        for decision in self._reviewed.of("renamed"):
            newest = decision.compared()[1]
            group = found.get(self._root(newest))
            if group and newest not in old:
                group.current.add(newest)
                group.newest += [] if newest.isdecimal() else [decision.owners[1]]

    def _explain(self, group: Group) -> None:
        """Record by which rule each name that stands without a number was joined."""
        unnumbered = sorted({(mention.name, primary_key(mention)) for mention in group.mentions if not mention.number})
        for name, key in unnumbered:
            rule, date = self._rule.get(key, ("equal-name", ""))
            if name:
                group.matches.append((name, rule, date))

    def shared_names(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each name that stands with more than one number, and the numbers."""
        return ((key, sorted(numbers)) for key, numbers in sorted(self._numbers_of.items()) if len(numbers) > 1)

    def unlike_names(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each number whose names share no word although nobody has settled that they mean one organisation."""
        names: dict[str, set[str]] = defaultdict(set)
        for key, numbers in self._numbers_of.items():
            for number in numbers:
                names[number].add(key)
        for number, keys in sorted(names.items()):
            unsettled = [key for key in sorted(keys) if self._rule.get(key, ("", ""))[0] not in _SETTLED]
            words = [set(key.split()) - _LINKING_WORDS for key in unsettled]
            if any(not words[0] & other for other in words[1:]):
                yield number, unsettled


_SETTLED = ("reviewed-same", "renamed")
