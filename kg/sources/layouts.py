"""Names the layout of a page by the marks that tell the layouts of the project bank apart."""

from __future__ import annotations

from kg.sources.printed import Sections, Style


def layout(sections: Sections) -> str:
    """Return the code of the page's layout (E1, E2, P1, P2, P3, S1, N0, O1, O2), or `other`."""
    if not sections.fields:
        return "N0"
    if sections.style is Style.GLUED:
        return "O1"
    if sections.style is Style.BARE:
        return "O2"
    names = {each.field.name for each in sections.fields}
    first = sections.fields[0].label.casefold()
    newer = names & {"fund", "programme", "fieldNutsCode", "strategicImportance"}
    table = {
        "land som berörs": "E2",
        "projektnummer": "P1",
        "diarienummer": "E1" if newer else "P3" if "startDate" in names else "P2",
        "namn": "S1",
    }
    return table.get(first, "other")
