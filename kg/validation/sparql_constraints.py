"""Turns SPARQL constraints into patterns over all focus nodes at once, where that surely means the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from rdflib import OWL, RDF, RDFS, SH
from rdflib.term import Node

from kg.validation.facts import Facts
from kg.validation.joins import joined, triples_of, variables
from kg.validation.regular import MATCHES
from kg.validation.shapegraph import Shape, ShapesGraph

_HEAD = re.compile(r"\s*SELECT\s+(?:DISTINCT\s+)?(?:[?$]\w+\s+)+(?:WHERE\s*)?\{", re.IGNORECASE)
# With any of these, a variable bound beforehand and one joined afterwards may mean different things.
_TOO_RICH = re.compile(
    r"\b(?:SELECT|UNION|OPTIONAL|GRAPH|SERVICE|MINUS|VALUES|GROUP|HAVING|LIMIT|OFFSET|COALESCE|BOUND)\b|[?$](?:currentShape|shapesGraph)\b",
    re.IGNORECASE,
)
_THIS = re.compile(r"[?$]this\b")
_PATH = re.compile(r"\$PATH\b")
_OWN_VARIABLE = re.compile(r"[?$]f[0-9]+\b")
_SUBJECT_THIS = re.compile(r"(?:^|[.}])\s*[?$]this\s+(?!\))\S+\s+\S+", re.MULTILINE)
_REGEX = re.compile(r"\bREGEX\s*\(", re.IGNORECASE)
_STEP_TO_VALUE = re.compile(r"([?$]\w+)\s+(<[^<>\s]*>|[?$]\w+)\s+([?$]\w+)\s*\.?")
_FILTER = re.compile(r"\bFILTER\s*(?:((NOT\s+)?EXISTS\s*)\{|((?:<[^<>\s]*>|\w*)\s*)\()", re.IGNORECASE)
_VARIABLE = re.compile(r"[?$](\w+)")
# With these around it, a group cannot be taken away by itself.
_SURROUNDED = re.compile(r"\bBIND\b|_:", re.IGNORECASE)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
_COMMENT = re.compile(r"(?m)(?:^|(?<=\s))#.*$")
_NAME = re.compile(r"<([^<>\s]*)>|\b([A-Za-z][\w-]*):([A-Za-z_][\w-]*)")
_VARIABLE_PREDICATE = re.compile(r"[?$](\w+)\s+[?$](?!PATH\b)\w+\s+[?$<\w]")
_TELLS_TYPES = re.compile(
    r"\bsameTerm\b|\bDATATYPE\b(?=[\s\S]*(?:nteger|\bxsd:(?:int|long|short|byte)\b|unsigned))", re.IGNORECASE
)
_MENTION = re.compile(r"\$PATH\b|<[^<>\s]*>|\b[A-Za-z][\w-]*:[A-Za-z_][\w-]*")
_STEP = re.compile(rf"({_MENTION.pattern})\s+[?$](\w+)")
_COMPARISON = re.compile(r"FILTER\s*\(\s*[?$]\w+\s*[<>]=?\s*[?$]\w+\s*\)", re.IGNORECASE)
# Look-around and back references are no part of SPARQL's regular expressions: Oxigraph refuses what Python reads.
_FOREIGN_REGEX = re.compile(r"\(\?|\\\\[0-9]")


@dataclass(frozen=True, slots=True)
class ValueConditions:
    """What a constraint asks of single values: `path` leads to them, a variable ``?p`` if it may be any predicate.

    `broken` is an expression of ``?v``, and of ``?p``, that is true or false, never an error.
    """

    path: str
    broken: str


@dataclass(frozen=True, slots=True)
class SparqlBody:
    """A pattern in two parts: `core` alone holds for no fewer focus nodes, and is faster asked.

    `values` says the same where the pattern is about single values only. `also`, a pattern where not empty, holds for
    focus nodes of which it cannot be told.
    """

    core: str
    rest: str = ""
    values: ValueConditions | None = None
    also: str = ""

    @property
    def whole(self) -> str:
        """The pattern."""
        return f"{self.core} {self.rest}" if self.rest else self.core


def sparql_body(facts: Facts, shapes: ShapesGraph, shape: Shape, constraint: Node, focus: str) -> SparqlBody | None:
    """Return what a SPARQL constraint asks of the variable `focus`; None where the two engines might not agree."""
    texts = [str(text) for text in shapes.graph.objects(constraint, SH.select)]
    text = _with_own_matches(_COMMENT.sub("", texts[0])) if len(texts) == 1 else ""
    bare = _blanked(text)
    head, end = _HEAD.match(bare), bare.rfind("}")
    if not head or bare[end + 1 :].strip() or _TOO_RICH.search(bare[head.end() :]) or _OWN_VARIABLE.search(bare):
        return None
    inner = bare[head.end() : end]
    path = shape.path.sparql if shape.path is not None else None
    if (_PATH.search(inner) and path is None) or not _SUBJECT_THIS.search(_outermost(inner)):
        return None
    if any(_FOREIGN_REGEX.search(found) for found in _STRING.findall(text)):
        return None
    if facts.altered and _sees_forms(facts, inner, declared_prefixes(shapes, constraint), shape):
        return None
    group = _PATH.sub(lambda _: str(path), _THIS.sub(lambda _: focus, text[head.end() : end]))
    forgiving = _forgiving(group, _blanked(group), focus[1:])
    if forgiving is None:
        return None
    core, rest = forgiving
    also = ""
    if facts.altered_texts and _VARIABLE_PREDICATE.search(inner):
        # Of which predicates the query reads the values is not known: whoever has an altered one is judged.
        also = f"{focus} {'|'.join(f'<{name}>' for name in sorted(facts.altered_texts))} ?altered ."
    return SparqlBody(core, rest, None if rest else _value_conditions(core, focus), also)


def declared_prefixes(shapes: ShapesGraph, constraint: Node) -> Mapping[str, str]:
    """Return the prefixes that a SPARQL constraint may use, as pySHACL gathers them."""
    graph = shapes.graph
    holders = [*graph.objects(constraint, SH.prefixes), *graph.subjects(RDF.type, OWL.Ontology)]
    declarations = {one for holder in holders for one in graph.objects(holder, SH.declare)}
    own = {str(graph.value(one, SH.prefix)): str(graph.value(one, SH.namespace)) for one in declarations}
    return {"owl": str(OWL), "rdf": str(RDF), "rdfs": str(RDFS), **own}


def _blanked(text: str) -> str:
    """Return a text of the same length without what stands in its strings."""
    return _STRING.sub(lambda found: '"' + " " * (len(found[0]) - 2) + '"', text)


def _with_own_matches(text: str) -> str:
    """Return a query with our own function for patterns that are no constants."""
    bare = _blanked(text)
    pieces, done = [], 0
    for found in _REGEX.finditer(bare):
        arguments = _outermost(bare[found.end() : _closing(bare, found.end()) - 1]).split(",")
        if len(arguments) == 2 and not arguments[1].lstrip().startswith('"'):
            pieces += [text[done : found.start()], f"{MATCHES}("]
            done = found.end()
    return "".join((*pieces, text[done:]))


def _forgiving(text: str, bare: str, focus: str) -> tuple[str, str] | None:
    """Return a group in which a filter that fails lets through: rdflib compares what Oxigraph refuses to.

    It comes in two parts, of which the second only takes focus nodes away: there, where that means the same, EXISTS
    becomes a join and NOT EXISTS a MINUS, which Oxigraph answers for all focus nodes at once. In `bare`, which is as
    long, strings are blanked out. None where filters stand deeper than in one NOT EXISTS.
    """
    around = _without_filters(text, bare)
    apart = not _SURROUNDED.search(bare) and triples_of(around) is not None
    pieces, rest, done = [joined(around)] if apart else [], [], 0
    for found in _FILTER.finditer(bare):
        if found.start() < done:
            continue  # inside a group that is let be
        end = _closing(bare, found.end())
        inside = bare[found.end() : end - 1]
        if "FILTER" in inside.upper() and not (found[2] and "{" not in inside):
            return None
        before = [] if apart else [text[done : found.start()]]
        if not found[1]:
            pieces += [*before, f" FILTER (COALESCE({text[found.end() - 1 - len(found[3]) : end]}, true))"]
        elif apart:
            rest.append(f" {_at_once(around, text[found.end() : end - 1], inside, focus, bool(found[2]))}")
        elif bare[: found.start()].rstrip()[-1:] in (".", "}", ")"):
            pieces += before
            rest.append(f" {text[found.start() : end]}")
        else:
            pieces.append(text[done:end])
        done = end
    return "".join((*pieces, "" if apart else text[done:])), "".join(rest)


def _at_once(around: str, text: str, bare: str, focus: str, negated: bool) -> str:
    """Return a filter that something is there, or is not, as a pattern that is answered for all focus nodes at once.

    `around` are the triples that the filter stands beside, `text` is what it asks for.
    """
    inside = _without_filters(text, bare)
    triples = triples_of(inside)
    shared = variables(inside) & variables(around)
    if triples is None or not shared:
        return f"FILTER {'NOT ' * negated}EXISTS {{{text}}}"
    if not negated:
        names = " ".join(f"?{name}" for name in sorted(shared))
        return f"{{ SELECT DISTINCT {names} WHERE {{ {joined(inside)} }} }}"
    filters = [_from(text, bare, found) for found in _FILTER.finditer(bare)]
    asked = variables(" ".join(_from(bare, bare, found) for found in _FILTER.finditer(bare)))
    # Together with what stands around it, the filters see the same values, and no more is joined than there is.
    alone = asked <= variables(inside) and (len(triples) == 1 or shared == {focus})
    return f"MINUS {{ {' '.join((joined(inside) if alone else joined(around, inside), *filters))} }}"


def _value_conditions(core: str, focus: str) -> ValueConditions | None:
    """Return a pattern as a question of single values; None if it is not of that kind."""
    bare = _blanked(core)
    step = _STEP_TO_VALUE.fullmatch(_without_filters(core, bare).strip())
    if step is None or step[1] != focus or len({*step.groups()}) < 3:
        return None
    names = {step[3][1:]: "v"} | ({step[2][1:]: "p"} if step[2][0] in "?$" else {})
    filters = [(found.end() - 1, _closing(bare, found.end())) for found in _FILTER.finditer(bare)]
    used = {name for start, end in filters for name in _VARIABLE.findall(bare[start:end])}
    if "EXISTS" in bare.upper() or not filters or not used <= names.keys():
        return None
    broken = " && ".join(_renamed(core[start:end], bare[start:end], names) for start, end in filters)
    return ValueConditions("?p" if step[2][0] in "?$" else step[2], f"COALESCE({broken} && true, true)")


def _renamed(text: str, bare: str, names: Mapping[str, str]) -> str:
    pieces, done = [], 0
    for found in _VARIABLE.finditer(bare):
        pieces += [text[done : found.start()], f"?{names[found[1]]}"]
        done = found.end()
    return "".join((*pieces, text[done:]))


def _from(text: str, bare: str, found: re.Match[str]) -> str:
    return text[found.start() : _closing(bare, found.end())]


def _without_filters(text: str, bare: str) -> str:
    """Return the triples of a group without its filters; `bare` is the group with its strings blanked out."""
    triples, done = [], 0
    for found in _FILTER.finditer(bare):
        if found.start() >= done:
            triples.append(text[done : found.start()])
            done = _closing(bare, found.end())
    kept = (piece.strip().removesuffix(".").rstrip() for piece in (*triples, text[done:]))
    return " . ".join(piece for piece in kept if piece)


def _closing(text: str, start: int) -> int:
    """Return the position behind the brace or bracket that closes the one just before `start`."""
    depth, position = 1, start
    while depth and position < len(text):
        depth += (text[position] in "{(") - (text[position] in "})")
        position += 1
    return position


def _outermost(text: str) -> str:
    """Return a group with what stands in inner braces and brackets blanked out."""
    kept, depth = [], 0
    for char in text:
        depth += char in "{("
        kept.append(" " if depth and char != "\n" else char)
        depth -= char in "})"
    return "".join(kept)


def _sees_forms(facts: Facts, text: str, prefixes: Mapping[str, str], shape: Shape) -> bool:
    """Return whether a query might tell a literal as written from the form that the store gives it.

    Whole numbers that differ in type only are told apart by few functions. Values of predicates that are variables are
    no matter here as long as they are values of the focus node.
    """
    if _only_compares(facts, text, prefixes, shape):
        return False
    inner = "".join(one if two == " " else " " for one, two in zip(text, _outermost(text), strict=True))
    unknown = [subject for subject in _VARIABLE_PREDICATE.findall(text) if subject != "this"]
    named = _named(text, prefixes, shape)
    if unknown or _VARIABLE_PREDICATE.search(inner) or not facts.altered.isdisjoint(_named(inner, prefixes, shape)):
        return True
    touches = bool(_VARIABLE_PREDICATE.search(text)) or not facts.altered.isdisjoint(named)
    return touches and (not facts.altered_texts.isdisjoint(named) or _TELLS_TYPES.search(text) is not None)


def _only_compares(facts: Facts, text: str, prefixes: Mapping[str, str], shape: Shape) -> bool:
    """Return whether a query does nothing with altered values but compare decimal numbers by size."""
    altered = _named(text, prefixes, shape) & facts.altered
    if not altered <= facts.altered_figures or _VARIABLE_PREDICATE.search(text):
        return False
    rest = _COMPARISON.sub(" ", text)
    names = _VARIABLE.findall(rest)
    mentions = [found for found in _MENTION.findall(rest) if not _named(found, prefixes, shape).isdisjoint(altered)]
    steps = [value for found, value in _STEP.findall(rest) if not _named(found, prefixes, shape).isdisjoint(altered)]
    # A value that stands twice is joined, which asks whether two terms are the same.
    return len(steps) == len(mentions) and all(names.count(value) == 1 for value in steps)


def _named(text: str, prefixes: Mapping[str, str], shape: Shape) -> frozenset[str]:
    names = frozenset(iri or prefixes.get(prefix, "") + local for iri, prefix, local in _NAME.findall(text))
    return names | shape.path.predicates if _PATH.search(text) and shape.path is not None else names
