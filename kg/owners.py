"""Who owns a project: splits the printed owner into organisation and unit, and decides when two mentions are one owner.

The organisation number decides; without one, only a name that is equal after normalisation.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kg.model import OwnerMention
from kg.ontology import OwnerType
from kg.vocabulary import slug

_STRAY_ACCENTS = re.compile(r"(?<=\w)[\u00b4\u0060\u02cb\u02ca\u2032](?=\w|-)")
_ABBREVIATION = re.compile(r"[A-ZÅÄÖ]{2,6}")
_PUBLIC_BODY = re.compile(r"\b(?:kommun|stad|region|landsting|länsstyrelsen?)\b", re.IGNORECASE)
_LOWER_WORDS = frozenset(
    """kommun kommuner län läns stad och i av för på till vid med samt från de den det universitet högskola pastorat
    församling landsting förening folkhögskola kommunförbund samordningsförbund stiftelse gymnasium skola ideell
    ekonomisk förvaltning enheten avdelningen utbildning""".split()
)
_UPPER_WORDS = frozenset(
    """AB HB KB AF SKR SKL KFUM KFUK ABF RAR RSMH IF IK BK FC UF
    ESF EU IOGT NTO SV TBV LO TCO SFI IT HSB IVL RISE""".split()
)


def tidy_name(name: str) -> str:
    """Return a name without stray accents and doubled spaces, in composed Unicode form.

    >>> tidy_name("Socia´l- och  omsorgsförvaltningen")
    'Social- och omsorgsförvaltningen'
    """
    composed = unicodedata.normalize("NFC", name)
    return " ".join(_STRAY_ACCENTS.sub("", composed).split()).strip(" ,;")


def _plain(word: str) -> str:
    """Fold case and accents that are not Swedish letters (`Actìva`), keep å, ä and ö."""
    folded = []
    for char in unicodedata.normalize("NFC", word.casefold()):
        base = unicodedata.normalize("NFD", char)[0]
        folded.append(char if char in "åäö" else base)
    return "".join(folded)


def name_key(name: str) -> str:
    """Return the normal form under which two names of owners are equal.

    Folds case, stray accents, punctuation, the genitive -s before kommun, and `X stad` with `X kommun`.

    >>> name_key("Nynäshamns kommun") == name_key("NYNÄSHAMN KOMMUN")
    True
    >>> name_key("Stockholms stad") == name_key("STOCKHOLMS KOMMUN")
    True
    >>> name_key("Samordningsförbundet Västra Östergötland") == name_key("Samordningsförbundet Östra Östergötland")
    False
    """
    words = re.findall(r"[\w+]+", _plain(tidy_name(name).replace("&", " och ")))
    if len(words) >= 2 and words[-1] in ("kommun", "stad"):
        words = [*words[:-2], words[-2].removesuffix("s"), "kommun"]
    return " ".join(words)


def _is_variant(first: str, second: str) -> bool:
    """Return whether `second` is another form of the name `first` and not a unit of it."""
    one, two = name_key(first).split(), name_key(second).split()
    if one == two:
        return True
    shorter, longer = sorted((one, two), key=len)
    if len(shorter) == 1 and len(longer) > 2:
        return False
    stems = {word.removesuffix("s") for word in longer}
    return (
        len(shorter) >= 1
        and shorter[0] in (longer[0], longer[-len(shorter)])
        and all(word.removesuffix("s") in stems for word in shorter)
    )


@dataclass(frozen=True, slots=True)
class SplitOwner:
    """A printed owner taken apart; `rule` tells how, `persons` counts names of persons that were left out."""

    name: str | None
    unit: str | None
    spellings: tuple[str, ...]
    rule: str
    persons: int = 0


def split_owner(printed: str, persons: Iterable[str] = ()) -> SplitOwner:
    """Take a printed owner apart into organisation and unit.

    Splits at the first comma only; `X, X` is one name printed twice; an abbreviation may stand first; `unit - X stad`
    names the unit first; a person named as contact on the same page is left out.

    >>> split_owner("Höörs kommun, Kultur, arbete och folkhälsa").unit
    'Kultur, arbete och folkhälsa'
    >>> split_owner("SKL, Sveriges kommuner och landsting").name
    'Sveriges kommuner och landsting'
    """
    whole = tidy_name(printed)
    people = {name_key(person) for person in persons if person.strip()}
    if name_key(whole) in people:
        return SplitOwner(None, None, (), "person-as-owner", 1)
    if "," not in whole:
        return _without_comma(printed, whole)
    first, second = (part.strip() for part in whole.split(",", 1))
    raw_first = printed.split(",", 1)[0].strip()
    if not first or not second:
        return SplitOwner(first or second, None, (first or second,), "name")
    if name_key(first) in people:
        return SplitOwner(second, None, (second,), "person-before-organisation", 1)
    if name_key(second) in people:
        return SplitOwner(first, None, (raw_first,), "person-after-organisation", 1)
    if _ABBREVIATION.fullmatch(first) and len(second.split()) >= 2:
        return SplitOwner(second, None, (second, first), "abbreviation-first")
    if _is_variant(first, second):
        name = _without_odd_accents(first, second)
        return SplitOwner(name, None, tuple(dict.fromkeys((name, raw_first, second))), "name-twice")
    return SplitOwner(first, second, tuple(dict.fromkeys((first, raw_first))), "organisation-comma-unit")


def _without_odd_accents(name: str, witness: str) -> str:
    """Take from `witness`, another printing of the name, the words that it spells without foreign accents."""
    better = {_plain(word): word for word in witness.split() if _plain(word) == word.casefold()}
    return " ".join(
        word if _plain(word) == word.casefold() else better.get(_plain(word), word) for word in name.split()
    )


def _without_comma(printed: str, whole: str) -> SplitOwner:
    for dash in (" - ", " – "):
        first, found, second = whole.partition(dash)
        if found and _PUBLIC_BODY.search(second) and not _PUBLIC_BODY.search(first):
            return SplitOwner(second.strip(), first.strip(), (second.strip(),), "unit-dash-organisation")
    raw = " ".join(printed.split())
    return SplitOwner(whole or None, None, tuple(dict.fromkeys((whole, raw))) if whole else (), "name")


def ordinary_capitals(name: str, text: str = "") -> str:
    """Return a name printed in capitals as one would write it; a word that `text` spells otherwise is taken from there.

    >>> ordinary_capitals("SAMORDNINGSFÖRBUNDET CENTRALA ÖSTERGÖTLAND")
    'Samordningsförbundet Centrala Östergötland'
    >>> ordinary_capitals("MALMÖ UNIVERSITET"), ordinary_capitals("UPPLANDS VÄSBY")
    ('Malmö universitet', 'Upplands Väsby')
    """
    if any(char.islower() for char in name):
        return name
    words = re.split(r"([\s/&-]+)", name)
    return "".join(
        _ordinary_word(word, place == 0, text) if place % 2 == 0 else word for place, word in enumerate(words)
    )


def _ordinary_word(word: str, first: bool, text: str) -> str:
    if word in _UPPER_WORDS or (len(word) > 1 and not re.search(r"[AEIOUYÅÄÖ]", word)):
        return word
    lower = word.lower()
    if first:
        return lower.capitalize()
    if lower in _LOWER_WORDS:
        return lower
    if text and (seen := re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text)):
        return seen[0]
    return lower.capitalize()


@dataclass(frozen=True, slots=True)
class Owner:
    """One owner after all mentions were joined; `key` names it in IRIs."""

    key: str
    label: str
    number: str | None
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnerIndex:
    """All owners of a build, found by number or by normalised name."""

    by_number: Mapping[str, Owner]
    by_name: Mapping[str, Owner]

    def owner_of(self, mention: OwnerMention) -> Owner | None:
        """Return the owner that a mention means, None where the mention names nobody."""
        if mention.number and mention.number in self.by_number:
            return self.by_number[mention.number]
        return self.by_name.get(name_key(mention.name)) if mention.name else None

    def all(self) -> list[Owner]:
        """Return every owner once, ordered by key."""
        owners = {owner.key: owner for owner in (*self.by_number.values(), *self.by_name.values())}
        return [owners[key] for key in sorted(owners)]


def join_owners(mentions: Iterable[OwnerMention]) -> OwnerIndex:
    """Join the mentions of each owner.

    The number decides. A name joins a number only when every numbered mention under that name has the same number.
    """
    groups: dict[str, list[OwnerMention]] = {}
    numbers_of_name: dict[str, set[str]] = {}
    for mention in mentions:
        if mention.number and mention.name:
            numbers_of_name.setdefault(name_key(mention.name), set()).add(mention.number)
        if mention.number or mention.name:
            groups.setdefault(mention.number or f"name:{name_key(mention.name or '')}", []).append(mention)
    for name, numbers in numbers_of_name.items():
        unnumbered = groups.get(f"name:{name}")
        if unnumbered and len(numbers) == 1:
            groups[next(iter(numbers))].extend(groups.pop(f"name:{name}"))
    by_number: dict[str, Owner] = {}
    by_name: dict[str, Owner] = {}
    taken: dict[str, str] = {}
    for group in sorted(groups):
        owner = _joined(group, groups[group], taken)
        if owner.number:
            by_number[owner.number] = owner
        for mention in groups[group]:
            name = name_key(mention.name) if mention.name else ""
            # A name that two numbers share proves neither of them.
            if name and (not owner.number or len(numbers_of_name.get(name, set())) <= 1):
                by_name[name] = owner
    return OwnerIndex(by_number, by_name)


def _joined(group: str, mentions: list[OwnerMention], taken: dict[str, str]) -> Owner:
    number = None if group.startswith("name:") else group
    labels = sorted({mention.label for mention in mentions if mention.label}, key=_label_rank)
    spellings = sorted({spelling for mention in mentions for spelling in mention.spellings})
    label = labels[0] if labels else number or ""
    key = number or slug(label)
    while taken.setdefault(key, group) != group:
        key += "-2"
    return Owner(key, label, number, tuple(spellings))


def _label_rank(label: str) -> tuple[int, int, str]:
    """Prefer the fullest name that was not printed in capitals; then the alphabet, so that the choice is stable."""
    return (int(label.isupper()), -len(label), label)


def owner_type(owner: Owner, types: Iterable[OwnerType]) -> str | None:
    """Return the id of the first type whose words stand in the name, else the first whose number prefix fits.

    The name comes first because one prefix covers several types: universities and agencies are both of the state.
    """
    words = re.findall(r"[^\W_]+", owner.label.casefold())
    name = f" {' '.join(words)} "
    ordered = tuple(types)
    named = (each.id for each in ordered if any(_has_word(name, word) for word in each.words))
    numbered = (each.id for each in ordered if owner.number and owner.number.startswith(each.prefixes or ("-",)))
    return next(named, None) or next(numbered, None)


def _has_word(name: str, word: str) -> bool:
    return f"{word[1:]} " in name if word.startswith("*") else f" {word} " in name
