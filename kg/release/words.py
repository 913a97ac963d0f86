"""Texts in Swedish and English, and those that a release has unless it is told others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Text:
    """A text in both languages."""

    sv: str
    en: str

    TAGS: ClassVar[tuple[str, str]] = ("sv", "en")

    def in_language(self, tag: str) -> str:
        """Return the text in Swedish (``sv``) or English.

        >>> Text("katt", "cat").in_language("sv")
        'katt'
        """
        return self.sv if tag == "sv" else self.en

    def pairs(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Return (tag, text) in both languages."""
        return (("sv", self.sv), ("en", self.en))


TITLE = Text(
    "ESF-KG: svenska socialfondsprojekt och deras arbetsmetoder",
    "ESF-KG: Swedish European Social Fund projects and their working methods",
)
DESCRIPTION = Text(
    "Kunskapsgraf över projekt i Sverige med stöd från Europeiska socialfonden: projektägare, regioner, perioder, medel"
    " och arbetsmetoder, med den mening i projektets egen text som styrker varje metod. Läst ur Svenska ESF-rådets"
    " projektbank och listor över insatser; personuppgifter ingår inte.",
    "Knowledge graph of projects in Sweden with support from the European Social Fund: owners, regions, periods, money"
    " and working methods, with the sentence of the project's own text that proves each method. Read from the project"
    " bank of the Swedish ESF Council and from lists of operations; it holds no personal data.",
)
KEYWORDS: Mapping[str, Sequence[str]] = MappingProxyType(
    {
        "sv": ("Europeiska socialfonden", "ESF+", "arbetsmarknad", "arbetsmetoder", "projekt", "kunskapsgraf"),
        "en": ("European Social Fund", "ESF+", "labour market", "working methods", "projects", "knowledge graph"),
    }
)


def page_name(language: str) -> str:
    """Return the name of a page in a language; the Swedish one is what a web server shows for the folder."""
    return "index.html" if language == "sv" else f"index.{language}.html"
