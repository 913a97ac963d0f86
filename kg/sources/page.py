"""Reads the text of one project page: a pure function from text to a `Project` and what was not understood."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from kg import values
from kg.codes import Codes
from kg.model import Fact, Notice, OwnerMention, Project, Scalar, Source
from kg.ontology import Ontology
from kg.owners import tidy_name
from kg.owners.reading import Context
from kg.places import Places
from kg.sources.labels import DESCRIPTION, Labels
from kg.sources.layouts import layout
from kg.sources.lines import cut
from kg.sources.owner_field import page_owner
from kg.sources.page_values import PageValues
from kg.sources.printed import PrintedField, Sections
from kg.sources.privacy import scrub
from kg.vocabulary import project_key, slug

_ESF_PLUS_NUMBER = r"\d{2}-\d{3}-S\d{1,4}"
_OLDER_NUMBER = r"\d{4}/\d{5}"
IDENTIFIER = re.compile(rf"{_ESF_PLUS_NUMBER}|{_OLDER_NUMBER}")
_HEADING = re.compile(rf"(?P<identifier>{IDENTIFIER.pattern})(?:\s*[-–—:]\s+(?P<title>.*))?")


@dataclass(frozen=True, slots=True)
class Page:
    """What reading one page gave: the project (None where the text is no project page), notices, and the number of
    personal data that were found and left out."""

    project: Project | None
    notices: tuple[Notice, ...]
    personal: int


class PageReader:
    """Reads pages with the field labels and code lists of one ontology."""

    def __init__(self, ontology: Ontology) -> None:
        self.values = PageValues(Codes(ontology))
        self.places = Places(ontology)
        self.labels = Labels(ontology.fields)

    def read(self, text: str, source: Source) -> Page:
        """Return the project that `text` describes, as far as it was understood."""
        return _Reading(self, source, cut(text, self.labels)).page()


@dataclass(slots=True)
class _Reading:
    """One page being read: collects facts and notices."""

    reader: PageReader
    source: Source
    sections: Sections
    facts: list[Fact] = field(default_factory=list)
    named: dict[str, list[Fact]] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    persons: list[str] = field(default_factory=list)
    personal: int = 0

    def page(self) -> Page:
        heading = _HEADING.match(self.sections.heading)
        if not self.sections.fields and not heading:
            self._notice(0, "", "not-a-page", "neither a known field label nor a heading with a diary number was found")
            return Page(None, tuple(self.notices), 0)
        if not self.sections.fields:
            self._notice(0, "", "no-fields", "the page has a heading and a text but no field lines")
        self._report_lines()
        self._personal_fields()
        for printed in self.sections.fields:
            self._read(printed)
        self._heading(heading)
        self._agreement()
        self._seat()
        owner = self._owner()
        scrubbed = scrub(self.sections.text, tuple(self.persons))
        self.personal += scrubbed.removed
        key = self._key()
        source = _with_layout(self.source, layout(self.sections))
        return Page(Project(key, source, tuple(self.facts), owner, scrubbed.text), tuple(self.notices), self.personal)

    def _notice(self, line: int, value: str, rule: str, message: str) -> None:
        self.notices.append(Notice(self.source.name, line, value, rule, message))

    def _report_lines(self) -> None:
        for line, text in self.sections.above:
            shown = scrub(text[:120]).text
            self._notice(line, shown, "text-above-heading", "the line stands above the heading and was left out")
        for unknown in self.sections.unknown:
            # The value is not shown: under a label nobody knows it may be personal.
            if unknown.label:
                self._notice(
                    unknown.line,
                    unknown.label,
                    "unknown-label",
                    "the ontology has no such field label; its value was left out",
                )
            else:
                self._notice(unknown.line, "", "stray-line", "a line between the fields has no label and was left out")

    def _personal_fields(self) -> None:
        for printed in self.sections.fields:
            if printed.field.kind == "personal" and printed.value:
                self.personal += 1
                if printed.field.name == "fieldContactPerson":
                    self.persons.append(tidy_name(printed.value))

    def _read(self, printed: PrintedField) -> None:
        name, kind = printed.field.name, printed.field.kind
        if not printed.value or kind in _READ_ELSEWHERE or name == DESCRIPTION:
            return
        try:
            for each, value in self.reader.values.typed(name, kind, printed.value):
                if kind == "identifier":
                    self._check_identifier(printed.line, str(value))
                self._add(Fact(each, value, printed.value, printed.line))
        except values.ValueProblem as problem:
            self._notice(printed.line, printed.value, problem.rule, f"{printed.label}: {problem}")

    def _add(self, fact: Fact) -> None:
        """Take a fact up, unless the page has said the same before."""
        earlier = self.named.setdefault(fact.name, [])
        if earlier:
            if any(other.value == fact.value for other in earlier):
                return
            # What one line prints together, such as a region and its counties, does not contradict itself.
            if all(other.line != fact.line for other in earlier):
                message = f"the page prints {fact.name} twice, first as {earlier[0].printed!r}; both are kept"
                self._notice(fact.line, fact.printed, "conflicting-values", message)
        earlier.append(fact)
        self.facts.append(fact)

    def _check_identifier(self, line: int, text: str) -> None:
        if not IDENTIFIER.fullmatch(text):
            message = "a diary number is printed as 22-045-S01 or 2017/00082; kept as it stands"
            self._notice(line, text, "unknown-identifier-form", message)

    def _heading(self, heading: re.Match[str] | None) -> None:
        """Use the heading for number and name where the fields lack them, and compare where they do not."""
        line = self.sections.heading_line
        number = heading["identifier"] if heading else None
        title = (heading["title"] or "").strip() if heading else self.sections.heading
        known = self._all("identifier")
        if number and not known:
            self._add(Fact("identifier", number, number, line))
        elif number and number not in known:
            message = f"the heading has another diary number than the field ({known[0]}); the field is kept"
            self._notice(line, number, "heading-disagrees", message)
        names = self._all("title")
        if title and not names:
            self._add(Fact("title", values.tidy(title), title, line))
        elif title and values.tidy(title) not in names:
            message = f"the heading has another name than the field ({names[0]}); the field is kept"
            self._notice(line, title, "heading-disagrees", message)
        elif not title and not names:
            self._notice(line, "", "no-title", "neither a field nor the heading gives the project a name")

    def _agreement(self) -> None:
        start, end = self._first("startDate"), self._first("endDate")
        if isinstance(start, date) and isinstance(end, date) and start > end:
            line = self.named["startDate"][0].line
            self._notice(line, f"{start} - {end}", "period-reversed", "the project ends before it starts")

    def _first(self, name: str) -> Scalar | None:
        facts = self.named.get(name)
        return facts[0].value if facts else None

    def _all(self, name: str) -> list[str]:
        return [str(fact.value) for fact in self.named.get(name, ())]

    def _owner(self) -> OwnerMention | None:
        postcode = str(self._first("beneficiaryPostcode") or "")
        place = self.reader.places.place(postcode) if postcode else None
        context = Context(
            title=str(self._first("title") or ""),
            text=self.sections.text,
            persons=tuple(self.persons),
            municipality=self.reader.places.name(place.municipality) if place and place.municipality else "",
        )
        owner = page_owner(self.sections.fields, context)
        self.persons += owner.persons
        self.personal += len(owner.persons) + owner.numbers
        for problem in owner.problems:
            self._notice(problem.line, problem.value, problem.rule, problem.message)
        return owner.mention

    def _seat(self) -> None:
        """Compare the postcode of the beneficiary with the region of the project."""
        regions = self._all("region")
        for postcode in self.named.get("beneficiaryPostcode", ()):
            if message := self.reader.places.outside(str(postcode.value), regions):
                self._notice(postcode.line, str(postcode.value), "postcode-outside-region", message)

    def _key(self) -> str:
        identifier = self._first("identifier")
        if identifier is not None:
            text = str(identifier)
            return project_key(text) if IDENTIFIER.fullmatch(text) else slug(text)
        # Without a number the name and the first day together are what stays the same from copy to copy.
        start = self._first("startDate")
        parts = [str(self._first("title") or self.source.key), str(start or "")]
        return slug(" ".join(parts))


_READ_ELSEWHERE = frozenset(("personal", "ignored", "owner", "organisation-number"))


def _with_layout(source: Source, code: str) -> Source:
    return Source(source.key, source.name, source.sha256, source.kind, code, source.address, source.retrieved)
