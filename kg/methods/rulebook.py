"""Reads `ontology/method-rules.toml`, in which domain experts write down how methods are recognised."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

from kg import resources
from kg.errors import InputError
from kg.methods.phrases import Phrase, Placed, phrase, placed
from kg.methods.rules import (
    BARRIER,
    CONDITIONS,
    FINITE,
    INFINITIVE,
    LIGHT,
    OPENER,
    PREPOSITION,
    VERB,
    Boilerplate,
    CandidateRules,
    ClueRules,
    Context,
    Cue,
    Grammar,
    NameRules,
    NegationRules,
    Rules,
)
from kg.model import ROLES, Role

FILE = "method-rules.toml"


def read(path: Path) -> Rules:
    """Return the rules in the file `path`.

    Raises:
        InputError: the file is missing, is not TOML, or breaks the rule vocabulary.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path.name} cannot be read as rules: {error}") from error
    try:
        return _Book(table).rules()
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path.name} breaks the rule vocabulary: {error!r}") from error


@cache
def installed() -> Rules:
    """Return the rules that travel with the package."""
    return read(resources.folder("ontology") / FILE)


_KINDS = (
    ("barriers", BARRIER),
    ("finite", VERB | FINITE),
    ("prepositions", PREPOSITION),
    ("connectors", LIGHT),
    ("determiners", LIGHT),
    ("clause_openers", OPENER),
    ("infinitives", INFINITIVE),
)


def _words(value: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(value.split() if isinstance(value, str) else value)


class _Numbering:
    """Gives every phrase a number, the same phrase the same one."""

    def __init__(self, lists: Mapping[str, Sequence[str]]) -> None:
        self._lists = lists
        self._numbers: dict[str, int] = {}
        self.phrases: list[Phrase] = []

    def number(self, written: str) -> int:
        key = " ".join(written.split())
        if key not in self._numbers:
            self._numbers[key] = len(self.phrases)
            self.phrases.append(phrase(key, self._lists))
        return self._numbers[key]

    def placed(self, written: str) -> Placed:
        inner, side, loose = placed(written)
        return Placed(self.number(inner), side, loose)


class _Book:
    """A rule file being read."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table = table
        self._lists = {name: _words(value) for name, value in (*table["meanings"].items(), *table["lists"].items())}
        self._lists["finite"] += _bent(self._lists["finite_like_arbeta"])
        self._lists["infinitives"] += (*self._lists["finite_like_arbeta"], *_infinitives(self._lists["finite"]))
        self._shared = _Numbering(self._lists)

    def rules(self) -> Rules:
        table = self._table
        contexts = tuple(self._context(entry) for entry in table["context"])
        cues = tuple(cue for entry in table["cue"] for cue in self._cues(entry))
        negation = self._negation(table["negation"])
        grammar = self._grammar()
        return Rules(
            words=self._lists,
            phrases=tuple(self._shared.phrases),
            grammar=grammar,
            names=_names(table["names"], table["never"]),
            contexts=contexts,
            cues=cues,
            negation=negation,
            boilerplate={
                entry["method"]: Boilerplate(
                    frozenset(label.lower() for label in entry.get("labels", ())),
                    frozenset(entry.get("lifted_by", ROLES)),
                )
                for entry in table["defaults"]["boilerplate"]
            },
            training_heads=_words(table["defaults"]["training_heads"]),
            course_heads=_words(table["defaults"]["course_heads"]),
            training_names=frozenset(table["defaults"]["training_names"]),
            staff_objectives=frozenset(table["defaults"]["staff_objectives"]),
            confidence={name: float(value) for name, value in table["confidence"].items()},
            clues=_clues(table["clues"], tuple(table["meanings"])),
            candidates=_candidates(table["candidates"]),
        )

    def _grammar(self) -> Grammar:
        def words(name: str) -> frozenset[str]:
            return frozenset(self._lists[name])

        return Grammar(
            finite=words("finite"),
            auxiliaries=words("auxiliaries"),
            prepositions=words("prepositions"),
            connectors=words("connectors"),
            determiners=words("determiners"),
            linkers=words("linkers"),
            barriers=words("barriers"),
            particles=words("particles"),
            list_words=words("list_words"),
            outcome=words("outcome"),
            frame=self._shared.number("<frame>"),
            staff=self._shared.number("<staff>"),
            participants=self._shared.number("<participants>"),
            background=self._shared.number("<background>"),
            own=self._shared.number("<own>"),
            called=tuple(self._shared.placed(written) for written in self._table["defaults"]["called"]),
            company=tuple(self._shared.placed(written) for written in self._table["defaults"]["company"]),
            weak_supports=tuple(self._shared.placed(written) for written in self._table["defaults"]["weak_supports"]),
            kinds=self._kinds(),
            finite_endings=tuple(self._lists["finite_endings"]),
            supports=tuple(self._shared.placed(written) for written in self._table["defaults"]["supports"]),
        )

    def _kinds(self) -> Mapping[str, int]:
        kinds: dict[str, int] = {}
        for name, kind in _KINDS:
            for word in self._lists[name]:
                kinds[word] = kinds.get(word, 0) | kind
        for word in self._lists["auxiliaries"]:
            kinds[word] &= ~VERB
        return kinds

    def _context(self, entry: Mapping[str, Any]) -> Context:
        needs = entry.get("needs", ())
        unknown = {need for need in needs if need.startswith("@")} - set(CONDITIONS)
        if unknown:
            raise InputError(f"the rule for {entry['methods']} has the condition {min(unknown)}, which is not known")
        own = _Numbering(self._lists)
        return Context(
            methods=tuple(entry["methods"]),
            labels=frozenset(label.lower() for label in entry.get("labels", ())),
            conditions=frozenset(need for need in needs if need.startswith("@")),
            needs=tuple(own.placed(need) for need in needs if not need.startswith("@")),
            document=tuple(word.lower() for word in entry.get("document", ())),
            blocked=tuple(own.placed(block) for block in entry.get("blocked", ())),
            phrases=tuple(own.phrases),
            confidence=float(entry.get("confidence", 1)),
            reason=entry["reason"],
            yes=tuple(entry.get("yes", ())),
            no=tuple(entry.get("no", ())),
        )

    def _cues(self, entry: Mapping[str, Any]) -> list[Cue]:
        role = cast("Role", entry["role"])
        if role not in ROLES:
            raise InputError(f"the cue {entry['name']!r} gives the role {role!r}, which is none of {', '.join(ROLES)}")
        return [
            Cue(
                name=entry["name"],
                role=role,
                at=self._shared.placed(written),
                strength=float(entry["strength"]),
                learners=bool(entry.get("learners", False)),
                doing=bool(entry.get("doing", role in ("develops", "trains"))),
            )
            for written in entry["phrases"]
        ]

    def _negation(self, table: Mapping[str, Any]) -> NegationRules:
        def numbers(name: str) -> frozenset[int]:
            return frozenset(self._shared.number(written) for written in table[name])

        return NegationRules(
            clause=numbers("clause"),
            short=numbers("short"),
            after=numbers("after"),
            harmless=numbers("harmless"),
            enders=frozenset(_words(table["enders"])),
            short_enders=frozenset(_words(table["short_enders"])),
            subjects=frozenset(_words(table["subjects"])),
            short_words=int(table["short_words"]),
        )


def _clues(table: Mapping[str, Any], meanings: Sequence[str]) -> ClueRules:
    bands = tuple((float(least), float(confidence)) for least, confidence in table["bands"])
    if not bands or bands[-1][0] != 0 or list(bands) != sorted(bands, reverse=True):
        raise InputError("the bands of the clues do not go down to the share 0, or not in order")
    return ClueRules(
        lists=(*_words(table["lists"]), *meanings),
        weak=frozenset(_words(table["weak"])),
        insistence=float(table["insistence"]),
        firm=frozenset(_words(table["firm"])),
        resistance=float(table["resistance"]),
        bands=bands,
    )


def _candidates(table: Mapping[str, Any]) -> CandidateRules:
    return CandidateRules(
        before={word: float(entry["worth"]) for entry in table["before"] for word in _words(entry["words"])},
        before_endings=_words(table["before_endings"]),
        calling=frozenset(_words(table["calling"])),
        equating=frozenset(_words(table["equating"])),
        owning=frozenset(_words(table["owning"])),
        naming_endings=_words(table["naming_endings"]),
        owners_model=frozenset(_words(table["owners_model"])),
        using=_words(table["using"]),
        working=_words(table["working"]),
        working_prepositions=frozenset(_words(table["working_prepositions"])),
        refusing=frozenset(_words(table["refusing"])),
        heads=_words(table["heads"]),
        named_heads=_words(table["named_heads"]),
        so_called=frozenset(_words(table["so_called"])),
        listing=frozenset(_words(table["listing"])),
        about=frozenset(_words(table["about"])),
        training=_words(table["training"]),
        courses=_words(table["courses"]),
        introducing=frozenset(_words(table["introducing"])),
        inner=frozenset(_words(table["inner"])),
        counting=frozenset(_words(table["counting"])),
        generic=_words(table["generic"]),
        organisations=frozenset(_words(table["organisations"])),
        called_worth=float(table["called_worth"]),
        item_worth=float(table["item_worth"]),
        working_worth=float(table["working_worth"]),
        trained_worth=float(table["trained_worth"]),
        head_worth=float(table["head_worth"]),
        named_head_worth=float(table["named_head_worth"]),
        listed_worth=float(table["listed_worth"]),
        quoted_worth=float(table["quoted_worth"]),
        long_name_worth=float(table["long_name_worth"]),
        repeated_worth=float(table["repeated_worth"]),
        capitals_worth=float(table["capitals_worth"]),
        opening_loss=float(table["opening_loss"]),
        coined_letters=int(table["coined_letters"]),
    )


def _bent(infinitives: Sequence[str]) -> tuple[str, ...]:
    """Return the present and past forms of verbs that bend like "arbeta", active and passive."""
    return tuple(word + ending for word in infinitives for ending in ("r", "de", "s", "des"))


def _infinitives(finite: Sequence[str]) -> tuple[str, ...]:
    """Return the infinitives of verbs in the present tense: "bygga" of "bygger", "få" of "får"."""
    by_ending = {"er": "a", "ar": "a", "år": "å"}
    return tuple(word[:-2] + by_ending[word[-2:]] for word in finite if word[-2:] in by_ending)


def _names(table: Mapping[str, Any], never: Sequence[Mapping[str, Any]]) -> NameRules:
    return NameRules(
        noun_endings=frozenset(_words(table["noun_endings"])),
        verb_endings=frozenset(_words(table["verb_endings"])),
        heads=tuple(word.removesuffix("*") for word in _words(table["heads"])),
        weak_heads=tuple(word.removesuffix("*") for word in _words(table["weak_heads"])),
        last_parts=frozenset(_words(table["last_parts"])),
        refused_first_parts=_words(table["refused_first_parts"]),
        closed=frozenset(table["closed"]),
        other_heads=tuple(word.removesuffix("*") for word in _words(table["other_heads"])),
        open_compound_letters=int(table["open_compound_letters"]),
        misspelling_letters=int(table["misspelling_letters"]),
        common=_words(table["common"]),
        extra=tuple((method, label) for method, labels in table["extra"].items() for label in labels),
        never={words.lower(): entry["reason"] for entry in never for words in entry["phrases"]},
    )
