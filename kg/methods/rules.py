"""The rules by which methods are recognised, as values: names, contexts, roles and denial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kg.methods.phrases import Phrase, Placed
from kg.model import ROLES, Role

Condition = Literal["@frame", "@list", "@capital", "@long", "@free"]
CONDITIONS: tuple[Condition, ...] = ("@frame", "@list", "@capital", "@long", "@free")


@dataclass(frozen=True, slots=True)
class NameRules:
    """How labels may be bent and joined; `never` maps phrases that hold a label and are no method to the reason."""

    noun_endings: frozenset[str]
    verb_endings: frozenset[str]
    heads: tuple[str, ...]
    weak_heads: tuple[str, ...]
    last_parts: frozenset[str]
    refused_first_parts: tuple[str, ...]
    closed: frozenset[str]
    other_heads: tuple[str, ...]
    open_compound_letters: int
    misspelling_letters: int
    common: tuple[str, ...]
    extra: tuple[tuple[str, str], ...]
    never: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Context:
    """What spellings (`labels` in small letters; empty: all) of `methods` need around them, and what must not be there.

    Without `needs` nothing is needed; `confidence` is the most that a use found under this rule can have. The numbers
    of `needs` and `blocked` are those of its own `phrases`.
    """

    methods: tuple[str, ...]
    labels: frozenset[str]
    conditions: frozenset[Condition]
    needs: tuple[Placed, ...]
    document: tuple[str, ...]
    blocked: tuple[Placed, ...]
    phrases: tuple[Phrase, ...] = field(repr=False)
    confidence: float
    reason: str
    yes: tuple[str, ...]
    no: tuple[str, ...]

    @property
    def demanding(self) -> bool:
        """Tell whether the rule asks for anything."""
        return bool(self.needs or self.conditions or self.document)


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that give `role` to a method; `learners` means that it matters who learns, `reach` is in words."""

    name: str
    role: Role
    at: Placed
    strength: float
    learners: bool
    doing: bool


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """Spellings (empty: all) of a method that say nothing, unless a cue of one of the roles says what is done."""

    labels: frozenset[str]
    lifted_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class NegationRules:
    """Numbers of phrases that deny to their right in the clause or in the next few words, or to their left."""

    clause: frozenset[int]
    short: frozenset[int]
    after: frozenset[int]
    harmless: frozenset[int]
    enders: frozenset[str]
    short_enders: frozenset[str]
    subjects: frozenset[str]
    short_words: int


BARRIER, VERB, PREPOSITION, LIGHT, FINITE, OPENER, INFINITIVE = 1, 2, 4, 8, 16, 32, 64
"""What a word does, as bits: ends a clause, is a full verb, is a preposition, weighs nothing, has a tense, opens a
clause that depends on another, is an infinitive."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """Small words by what they do in a sentence, and the numbers of the lists that are looked for as phrases.

    `barriers` end a clause, `particles` belong to the verb before them, `linkers` join a word such as "metoder" to what
    follows ("är", ":"); `called` are phrases that call a name a method after it, `supports` phrases before an
    abbreviation that show that it is a method, `weak_supports` those that do so for longer ones, `company` phrases that
    make it the name of a company.
    """

    finite: frozenset[str]
    auxiliaries: frozenset[str]
    prepositions: frozenset[str]
    connectors: frozenset[str]
    determiners: frozenset[str]
    linkers: frozenset[str]
    barriers: frozenset[str]
    particles: frozenset[str]
    list_words: frozenset[str]
    outcome: frozenset[str]
    frame: int
    staff: int
    participants: int
    background: int
    own: int
    called: tuple[Placed, ...]
    supports: tuple[Placed, ...]
    weak_supports: tuple[Placed, ...]
    company: tuple[Placed, ...]
    kinds: Mapping[str, int] = field(repr=False)
    finite_endings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CandidateRules:
    """What presents a name as a method, and how much each sign is worth.

    `inner` are small words inside names of other languages, `counting` words that open an everyday phrase; a word that
    "så kallad" coins has at least `coined_letters`.
    """

    before: Mapping[str, float]
    before_endings: tuple[str, ...]
    calling: frozenset[str]
    equating: frozenset[str]
    owning: frozenset[str]
    naming_endings: tuple[str, ...]
    owners_model: frozenset[str]
    using: tuple[str, ...]
    working: tuple[str, ...]
    working_prepositions: frozenset[str]
    refusing: frozenset[str]
    heads: tuple[str, ...]
    named_heads: tuple[str, ...]
    so_called: frozenset[str]
    listing: frozenset[str]
    about: frozenset[str]
    training: tuple[str, ...]
    courses: tuple[str, ...]
    introducing: frozenset[str]
    inner: frozenset[str]
    counting: frozenset[str]
    generic: tuple[str, ...]
    organisations: frozenset[str]
    called_worth: float
    item_worth: float
    working_worth: float
    trained_worth: float
    head_worth: float
    named_head_worth: float
    listed_worth: float
    quoted_worth: float
    long_name_worth: float
    repeated_worth: float
    capitals_worth: float
    opening_loss: float
    coined_letters: int


@dataclass(frozen=True, slots=True)
class ClueRules:
    """What clues are made of, and what their shares are worth.

    `lists` are the lists whose words are one clue together, `weak` the rules that say nothing about a role; against any
    other rule a role needs a share of `insistence`, against one of `firm` the greater `resistance`. `bands` says how
    sure a role is by its share: pairs of the least share and the confidence, the greatest first.
    """

    lists: tuple[str, ...]
    weak: frozenset[str]
    insistence: float
    firm: frozenset[str]
    resistance: float
    bands: tuple[tuple[float, float], ...]

    def role(self, shares: Mapping[Role, float], told: Role, rule: str) -> Role:
        """Return the role of a name for which the clues give these shares, and `rule` the role `told`."""
        role = max(ROLES, key=lambda one: (shares[one], one == told))
        needed = self.resistance if rule in self.firm else self.insistence
        return role if rule in self.weak or shares[role] >= needed else told

    def confidence(self, share: float) -> float:
        """Return how sure a role is to which the clues give `share`."""
        return next(confidence for least, confidence in self.bands if share >= least)


@dataclass(frozen=True, slots=True)
class Rules:
    """All the rules of one file; `words` are its lists, `phrases` those of cues, denial and grammar by number.

    `boilerplate` is by method, `confidence` by the rule that found a name.
    """

    words: Mapping[str, tuple[str, ...]] = field(repr=False)
    phrases: tuple[Phrase, ...] = field(repr=False)
    grammar: Grammar
    names: NameRules
    contexts: tuple[Context, ...]
    cues: tuple[Cue, ...]
    negation: NegationRules
    boilerplate: Mapping[str, Boilerplate]
    training_heads: tuple[str, ...]
    course_heads: tuple[str, ...]
    training_names: frozenset[str]
    staff_objectives: frozenset[str]
    confidence: Mapping[str, float]
    clues: ClueRules
    candidates: CandidateRules
