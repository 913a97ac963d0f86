"""Decides whether words that could be a name are one here, by context rules and by what supports an abbreviation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kg.methods.document import Document, Spot
from kg.methods.lexicon import Name
from kg.methods.phrase_fits import PhraseTests
from kg.methods.phrases import Placed
from kg.methods.rules import Context, Rules

_WEAK_SUPPORT_LETTERS = 3
_METHOD_HEADS = ("metod", "modell", "arbetssätt", "perspektiv", "koncept", "pedagogik")


class _Indexed(NamedTuple):
    """A context rule, and its phrases with their numbers among those of all rules."""

    context: Context
    needs: Sequence[Placed]
    blocked: Sequence[Placed]


class Verdict(NamedTuple):
    """What a spot is: the method, the rule and its confidence, or (method None) the reason why it is none."""

    spot: Spot
    name: Name
    accepted: bool
    rule: str
    confidence: float


class Contexts:
    """The context rules, by method and spelling."""

    def __init__(self, rules: Rules) -> None:
        self._confidence = rules.confidence
        self._tests = PhraseTests(phrase for context in rules.contexts for phrase in context.phrases)
        self._exact: dict[tuple[str, str], tuple[_Indexed, ...]] = {}
        self._general: dict[str, tuple[_Indexed, ...]] = {}
        self._by_name: dict[tuple[str, str], tuple[_Indexed, ...]] = {}
        first = 0
        for context in rules.contexts:
            indexed = _Indexed(context, _numbered(context.needs, first), _numbered(context.blocked, first))
            first += len(context.phrases)
            for method in context.methods:
                for label in context.labels:
                    self._exact[method, label] = (*self._exact.get((method, label), ()), indexed)
                if not context.labels:
                    self._general[method] = (*self._general.get(method, ()), indexed)

    def _of(self, name: Name) -> tuple[_Indexed, ...]:
        """Return the rules about this spelling of this method, with their phrases by number."""
        known = self._by_name.get((name.method, name.written))
        if known is None:
            exact = self._exact.get((name.method, name.written.lower()), ())
            known = self._by_name[name.method, name.written] = exact + self._general.get(name.method, ())
        return known

    def demanding(self, name: Name) -> bool:
        """Tell whether the spelling counts only in some contexts."""
        return any(context.demanding for context, *_ in self._of(name))

    def verdicts(self, document: Document) -> list[Verdict]:
        """Return one verdict for each spot of the document, in its order."""
        decided: dict[int, Verdict] = {}
        waiting: list[tuple[int, Verdict]] = []
        for number, spot in enumerate(document.spots):
            verdict = self._first(document, spot)
            if verdict.accepted or not self._may_be_listed(verdict):
                decided[number] = verdict
            else:
                waiting.append((number, verdict))
        if waiting:
            self._by_company(document, decided, waiting)
        return [decided[number] for number in range(len(document.spots))]

    def _first(self, document: Document, spot: Spot) -> Verdict:
        """Decide on a spot by itself; of a name that two methods share, take the only one that is accepted."""
        candidates = [self._one(document, spot, name) for name in document.names(spot)]
        accepted = [verdict for verdict in candidates if verdict.accepted]
        if len(accepted) == 1 or len(candidates) == 1:
            return (accepted or candidates)[0]
        first = candidates[0]
        if len(accepted) > 1:
            nearest = document.nearest(spot, [verdict.name.method for verdict in accepted])
            return next((verdict for verdict in accepted if verdict.name.method == nearest), accepted[0])
        methods = " and ".join(verdict.name.method for verdict in candidates)
        return Verdict(
            spot, first.name, False, f"{spot.matched} is short for {methods}, and the text does not say which", 0
        )

    def _one(self, document: Document, spot: Spot, name: Name) -> Verdict:
        if spot.match.form == "unknown-compound":
            reason = f"part of another word: {spot.match.head!r} follows the name"
            return Verdict(spot, name, False, reason, 0)
        if name.abbreviation and name.text in document.definitions.others:
            return Verdict(spot, name, False, f"the document spells out {name.text} as something else", 0)
        if name.abbreviation and document.definitions.methods.get(name.text) == name.method:
            return self._accepted(document, spot, name, "defined")
        contexts = self._of(name)
        for context, _, blocked in contexts:
            if blocked and spot.reading.standing(blocked, spot.place, self._tests, names=False):
                return Verdict(spot, name, False, f"blocked: {context.reason}", 0)
        rule = self._support(document, spot, name) if name.abbreviation else self._needs(document, spot, contexts)
        if not rule:
            missing = (context.reason for context, *_ in contexts if context.demanding)
            reason = next(missing, "nothing in the document supports the abbreviation")
            return Verdict(spot, name, False, f"unsupported: {reason}", 0)
        return self._accepted(document, spot, name, rule)

    def _accepted(self, document: Document, spot: Spot, name: Name, rule: str) -> Verdict:
        contexts = [context for context, *_ in self._of(name)]
        if not contexts:
            return Verdict(spot, name, True, rule, self._confidence[rule])
        ceilings = [context.confidence for context in contexts if context.confidence < 1 and not document.framed(spot)]
        if not name.abbreviation and any(context.demanding for context in contexts):
            ceilings.append(self._confidence["ambiguous"])
        return Verdict(spot, name, True, rule, min((self._confidence[rule], *ceilings)))

    def _needs(self, document: Document, spot: Spot, contexts: Sequence[_Indexed]) -> str:
        """Return how a long name was found, "" where its context does not make it a method."""
        demanding = [indexed for indexed in contexts if indexed.context.demanding]
        if spot.match.form == "compound" and "-" in spot.matched:
            demanding = []
        met = all(any(self._met(document, spot, indexed)) for indexed in demanding)
        return spot.match.form if met else ""

    def _support(self, document: Document, spot: Spot, name: Name) -> str:
        """Return what supports an abbreviation, the surest support first, "" for nothing."""
        contexts, reading, grammar = self._of(name), spot.reading, spot.reading.grammar
        if reading.any_stands(grammar.company, spot.place):
            return ""
        if document.spelt_out(name.method):
            return "spelt-out"
        if contexts and all(context.demanding and context.conditions == {"@long"} for context, *_ in contexts):
            return ""
        if any("@free" in context.conditions for context, *_ in contexts):
            return "abbreviation"
        if spot.match.form == "compound" and not document.shared(spot):
            return "abbreviation-compound"
        if any(any(self._met(document, spot, indexed)) for indexed in contexts):
            return "context"
        return "" if document.shared(spot) else self._weaker_support(document, spot, name)

    def _weaker_support(self, document: Document, spot: Spot, name: Name) -> str:
        reading, grammar = spot.reading, spot.reading.grammar
        if document.compounded(name):
            return "compounded-elsewhere"
        if document.framed(spot) or reading.any_stands(grammar.supports, spot.place):
            return "framed"
        lead = document.lead(spot)
        if lead and lead.any_stands(grammar.supports, lead.end):
            return "framed"
        long_enough = len(name.text) >= _WEAK_SUPPORT_LETTERS
        weak = long_enough and reading.any_stands(grammar.weak_supports, spot.place)
        return "supported" if weak else ""

    def _met(self, document: Document, spot: Spot, indexed: _Indexed) -> Iterator[bool]:
        context = indexed.context
        if indexed.needs:
            yield spot.reading.standing(indexed.needs, spot.place, self._tests, names=True)
        conditions = context.conditions
        yield "@free" in conditions
        yield "@frame" in conditions and (document.framed(spot) or spot.match.head.startswith(_METHOD_HEADS))
        yield "@capital" in conditions and document.capitalised(spot)
        yield "@long" in conditions and document.spelt_out(spot.match.names[0].method, self.demanding)
        yield bool(context.document) and document.holds(context.document)

    def _may_be_listed(self, verdict: Verdict) -> bool:
        """Tell whether company in an enumeration could still make the spot a method."""
        if not verdict.rule.startswith("unsupported"):
            return False
        return verdict.name.abbreviation or any("@list" in context.conditions for context, *_ in self._of(verdict.name))

    def _by_company(
        self, document: Document, decided: dict[int, Verdict], waiting: Sequence[tuple[int, Verdict]]
    ) -> None:
        """Accept what stands in an enumeration with an accepted method, then abbreviations that stand together.

        An enumeration is a chain, so that one pass in each direction reaches all of it.
        """
        for pairs in (waiting, waiting[::-1]):
            for number, verdict in pairs:
                if any(other in decided and decided[other].accepted for other in document.company(number)):
                    decided[number] = self._accepted(document, verdict.spot, verdict.name, "listed")
        left = {number: verdict for number, verdict in waiting if number not in decided}
        for number, verdict in left.items():
            together = {
                document.spots[other].matched
                for other in document.company(number)
                if other in left and left[other].name.abbreviation == verdict.name.abbreviation
            }
            decided[number] = (
                self._accepted(document, verdict.spot, verdict.name, "listed-together")
                if together - {verdict.spot.matched}
                else verdict
            )


def _numbered(phrases: Sequence[Placed], first: int) -> Sequence[Placed]:
    """Return the phrases of a rule with the numbers that they have where those of the rule begin at `first`."""
    return tuple(replace(phrase, number=first + phrase.number) for phrase in phrases)
