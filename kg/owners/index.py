"""Decides when two mentions of owners are one organisation, and keeps the rule by which each name was joined.

The number decides. A name without a number joins an owner only when it is equal after normalisation: to the name of
another owner, to a form of its name that a source states (printed twice, an abbreviation with its full name), or to
that of a known public organisation; or when people have settled it. A name of another country joins only the equal
name of the same country, because nothing is known of the organisations there. A row that tells no country counts as
Swedish. Work and memory grow with the number of mentions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.model import OwnerMention
from kg.owners.grouping import Group, Grouping, country_of, primary_key
from kg.owners.known import Known, known
from kg.owners.names import name_key
from kg.owners.reviewed import Reviewed
from kg.vocabulary import slug

_MUNICIPAL = "2120"
"""Numbers of municipalities begin so."""


@dataclass(frozen=True, slots=True)
class NameMatch:
    """Why a name is that of an owner: the name as a source has it, the rule that joined it, and a date if it has one.

    `rule` is `equal-name`, `stated-form`, `public-organisation`, `reviewed-same` or `renamed`; `date` is ISO 8601.
    """

    name: str
    rule: str
    date: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """One owner after all mentions were joined; `key` names it in IRIs.

    `printed_number` tells whether a source prints the number; if not, it comes from the list of public organisations.
    `official` is the name in that list.
    """

    key: str
    label: str
    number: str | None
    spellings: tuple[str, ...]
    matches: tuple[NameMatch, ...] = ()
    printed_number: bool = True
    official: str | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about the owners that a person should look at; `value` is the name or number that shows it."""

    rule: str
    value: str
    message: str


@dataclass(frozen=True, slots=True)
class OwnerIndex:
    """All owners of a build, found by number or by normalised name."""

    by_number: Mapping[str, Owner]
    by_name: Mapping[str, Owner]
    doubts: tuple[Doubt, ...] = ()

    def owner_of(self, mention: OwnerMention) -> Owner | None:
        """Return the owner that a mention means, None where the mention names nobody."""
        if mention.number and mention.number in self.by_number:
            return self.by_number[mention.number]
        return self.by_name.get(primary_key(mention))

    def named(self, name: str) -> Owner | None:
        """Return the owner that has this name in any spelling, None where none or more than one has it."""
        return self.by_name.get(name_key(name))

    def all(self) -> list[Owner]:
        """Return every owner once, ordered by key."""
        owners = {owner.key: owner for owner in (*self.by_number.values(), *self.by_name.values())}
        return [owners[key] for key in sorted(owners)]


def join_owners(
    mentions: Iterable[OwnerMention], reviewed: Reviewed | None = None, public: Known | None = None
) -> OwnerIndex:
    """Join the mentions of each owner.

    Args:
        mentions: what the sources say; a mention without name and number names nobody.
        reviewed: what people have settled.
        public: the organisations that are known anyway; by default those of the installed ontology.
    """
    listed = known() if public is None else public
    grouping = Grouping(mentions, listed, reviewed or Reviewed())
    by_number: dict[str, Owner] = {}
    by_name: dict[str, Owner] = {}
    taken: dict[str, str] = {}
    for group in grouping.groups():
        owner = _owner(group, listed, taken)
        if owner.number:
            by_number[owner.number] = owner
        by_name.update(dict.fromkeys(group.names, owner))
    return OwnerIndex(by_number, by_name, tuple(_doubts(grouping)))


def _owner(group: Group, public: Known, taken: dict[str, str]) -> Owner:
    official = public.by_number.get(group.number or "")
    labels = sorted({_label(mention) for mention in group.mentions if mention.label}, key=label_rank)
    listed = official.name if official else ""
    label = _best_label(group, labels, public, listed) or listed or group.number or ""
    # The address of a municipality must not change with the spelling that a build happens to hold.
    abroad = country_of(group.id)
    key = group.number or slug(
        f"{abroad} {label}" if abroad else next(iter(public.municipalities.get(name_key(label), ())), label)
    )
    while taken.setdefault(key, group.id) != group.id:
        key += "-2"
    spellings = sorted({spelling for mention in group.mentions for spelling in mention.spellings})
    matches = tuple(
        NameMatch(name, rule, date)
        for name, rule, date in group.matches
        # A name is not joined to itself.
        if group.number or rule != "equal-name" or name.casefold() != label.casefold()
    )
    return Owner(
        key, label, group.number, tuple(spellings), matches, group.printed_number, official.name if official else None
    )


def _best_label(group: Group, labels: list[str], public: Known, listed: str) -> str:
    """Choose the present name of a renamed body, an official name that is printed, else the fullest print."""
    newest = [label for label in labels if name_key(label) in group.current]
    # Municipalities have two official forms, of which the fuller one that is printed is kept.
    other_body = name_key(listed) not in public.municipalities
    as_listed = [label for label in labels if other_body and label.casefold() == listed.casefold()]
    chosen = next(iter((*newest, *group.newest, *as_listed, *labels)), "")
    # A number of another kind beside such a name is no municipality's.
    other = group.number is not None and not group.number.startswith(_MUNICIPAL)
    official = () if other or country_of(group.id) else public.municipalities.get(name_key(chosen), ())
    if not official or chosen.casefold() in map(str.casefold, official):
        return chosen
    return official[0]


def _label(mention: OwnerMention) -> str:
    """Return the label of a mention, or the form of the name that says more."""
    label, key = mention.label or "", primary_key(mention)
    fuller = (form for form in mention.spellings if name_key(form) == key)
    return label if name_key(label) == key else next(fuller, label)


def label_rank(label: str) -> tuple[int, int, str]:
    """Prefer the fullest name that was not printed in capitals; then the alphabet, so that the choice is stable."""
    return (int(label.isupper()), -len(label), label)


def _doubts(grouping: Grouping) -> Iterable[Doubt]:
    for name, numbers in grouping.shared_names():
        message = f"the organisations {', '.join(numbers)} share the name; without a number it means none of them"
        yield Doubt("one-name-two-numbers", name, message)
    for number, names in grouping.unlike_names():
        message = f"the number stands with names that share no word: {'; '.join(names)}"
        yield Doubt("one-number-two-names", number, message)
