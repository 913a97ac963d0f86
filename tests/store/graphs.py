"""A small graph with everything that stores treat differently."""

from __future__ import annotations

from pathlib import Path

BASE = "https://kg.example/"
KG = f"{BASE}ontology#"
PREFIXES = f"PREFIX kg: <{KG}> PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX id: <{BASE}id/>\n"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
NASTY = 'a "quote", back\\slash, \\u0022 } ; DROP ALL #, tab\t, line\n end, é 中 😀 \u0001'


def _line(graph: str, subject: str, predicate: str, value: str) -> str:
    predicate = predicate if predicate.startswith("<") else f"<{KG}{predicate}>"
    return f"<{BASE}id/{subject}> {predicate} {value} <{BASE}id/{graph}> ."


def _typed(value: str, datatype: str) -> str:
    return f'"{value}"^^<{_XSD}{datatype}>'


def _escaped(text: str) -> str:
    for plain, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\u0001", "\\u0001")):
        text = text.replace(plain, escape)
    return text


def lines() -> list[str]:
    """Two sources that both state that project 1 has five participants, and disagree about its budget."""
    one, two = "source/one", "source/two"
    return [
        _line("graph/ontology", "class", _TYPE, "<http://www.w3.org/2002/07/owl#Class>"),
        _line(one, "project/1", _TYPE, f"<{KG}Project>"),
        _line(one, "project/1", "<http://purl.org/dc/terms/title>", '"Första projektet"@sv'),
        _line(one, "project/1", "plannedParticipants", _typed("5", "nonNegativeInteger")),
        _line(one, "project/1", "totalBudget", _typed("1000.50", "decimal")),
        _line(one, "project/1", "strategicImportance", _typed("false", "boolean")),
        _line(one, "project/1", "startDate", _typed("2024-06-01", "date")),
        _line(one, "project/1", "beneficiaryPlace", '"Linköping"'),
        _line(one, "project/1", "<http://purl.org/dc/terms/description>", f'"{_escaped(NASTY)}"@sv'),
        _line(two, "project/1", _TYPE, f"<{KG}Project>"),
        _line(two, "project/1", "plannedParticipants", _typed("5", "nonNegativeInteger")),
        _line(two, "project/1", "totalBudget", _typed("1200.0", "decimal")),
        _line(two, "project/2", _TYPE, f"<{KG}Project>"),
        _line(two, "project/2", "plannedParticipants", _typed("7", "nonNegativeInteger")),
    ]


def write(path: Path) -> Path:
    """Write the graph as N-Quads and return `path`."""
    path.write_text("\n".join(lines()) + "\n", encoding="utf-8")
    return path
