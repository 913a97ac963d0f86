"""Recognises the labels that sources print, and the lines that belong to the web site and not to the project."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from kg.ontology import Field

DESCRIPTION = "description"
PERSONAL = "personal"

_NOISE_LINES = frozenset(
    line.strip()
    for line in """
    information (1) | cookies | lär dig mer | logotyp på utskrifter | stäng | in english | på svenska | skriv ut |
    till toppen | jag förstår | hoppa till innehåll | till innehållet | skip to content | lyssna | meny
    """.split("|")
)
_NOISE_OPENINGS = frozenset(line[:2] for line in _NOISE_LINES)
_COOKIES = re.compile(r"använder cookies|sparar cookies|uses cookies", re.IGNORECASE)
_NOTICE = re.compile(r"covid|corona|pandemi|kalender|kalendarium|webbplats", re.IGNORECASE)


def is_noise(line: str) -> bool:
    """Return whether a line belongs to the web site and not to the project, wherever it stands.

    >>> is_noise("Lär dig mer"), is_noise("22-045-S01 - Inkluderingslyftet")
    (True, False)
    """
    # Two letters rule out most lines; three letters of one case only do for the pattern, which is slow on long lines.
    if line.lstrip()[:2].casefold()[:2] in _NOISE_OPENINGS and " ".join(line.split()).casefold() in _NOISE_LINES:
        return True
    return "coo" in line.lower() and bool(_COOKIES.search(line))


def is_site_notice(line: str) -> bool:
    """Return whether a line above the heading is one of the notices of the old site.

    Only there: a project, too, may be about the pandemic.

    >>> is_site_notice("Information med anledning av covid-19")
    True
    """
    return bool(_NOTICE.search(line))


class Labels:
    """The labels of the ontology, ready to be recognised at the start of a line."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self.exact: dict[str, Field] = {}
        for each in fields:
            for label in each.labels:
                self.exact.setdefault(self.fold(label), each)
        longest_first = sorted({label for each in fields for label in each.labels}, key=lambda text: (-len(text), text))
        self._start = re.compile("|".join(re.escape(label) for label in longest_first), re.IGNORECASE)
        # Three letters rule out nearly every line that is no label, at a tenth of the cost of a look-up.
        self._openings = {label[:3].casefold() for label in longest_first}
        self._longest = max(map(len, longest_first), default=0) + 1
        # The lines that are labels, and many of their values, are the same on page after page.
        self._known = lru_cache(maxsize=4096)(self._whole)

    @staticmethod
    def fold(label: str) -> str:
        """Return the form under which a label is looked up: one space between words, no case, one kind of dash."""
        return " ".join(label.replace("–", "-").split()).casefold()

    def whole(self, line: str) -> tuple[Field, bool] | None:
        """Return the field whose label is the whole line, and whether a colon stands after it."""
        stripped = line.strip()
        return self._known(stripped) if len(stripped) <= self._longest else None

    def each_whole(self, stripped: Iterable[str]) -> list[tuple[Field, bool] | None]:
        """Return for each line, given without white space around it, what `whole` does."""
        known, longest = self._known, self._longest
        return [known(line) if len(line) <= longest else None for line in stripped]

    def _whole(self, stripped: str) -> tuple[Field, bool] | None:
        if stripped[:3].casefold() not in self._openings:
            return None
        colon = stripped.endswith(":")
        found = self.exact.get(self.fold(stripped[:-1] if colon else stripped))
        return (found, colon) if found else None

    def leading(self, line: str) -> tuple[Field, str, str, bool] | None:
        """Return field, label, value and whether a colon separates them, for a label and value on one line."""
        stripped = line.strip()
        match = self._start.match(stripped) if stripped[:3].casefold() in self._openings else None
        if not match:
            return None
        rest = stripped[match.end() :]
        found = self.exact.get(self.fold(match[0]))
        if found is None:
            return None
        if rest.lstrip().startswith(":"):
            return found, match[0], rest.lstrip()[1:].strip(), True
        if (
            rest
            and stripped.startswith(match[0])
            and not rest[0].isspace()
            and self._may_be_glued(found, match[0], rest)
        ):
            return found, match[0], rest, False
        return None

    @staticmethod
    def _may_be_glued(found: Field, label: str, rest: str) -> bool:
        if label[:1].islower() or rest[0] in ".,;)!?-":
            return False
        return found.kind == PERSONAL or not rest[0].islower()
