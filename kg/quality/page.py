"""Makes the quality report one self-contained HTML page that a person reads from the top."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kg.quality.model import KINDS, Issue, QualityReport
from kg.quality.plain import rule_label
from kg.quality.rulebook import LANGUAGES
from kg.validation.model import SEVERITIES

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

_FOLDER = Path(__file__).parent
_FIRST = 12
_ALIKE = 3
"""How many of the first issues may be of one rule; a project stands there twice at most."""
_MANY = 5
"""From so many issues of a rule on, what to do is done once for all of them, so that they stand there as one."""
_WORTH_A_CARD = 20
_MOST_OF_A_RULE = 200
_MOST_IN_A_TABLE = 15
_MOST_OF_AN_OWNER = 20


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule with its issues as the page lists them."""

    name: str
    label: str
    severity: str
    suggestion: str
    issues: Sequence[Issue]
    number: int
    projects: int

    @property
    def left(self) -> int:
        """How many issues the page leaves out."""
        return self.number - len(self.issues)


@dataclass(frozen=True, slots=True)
class OwnerView:
    """An owner with its first issues and the number of all."""

    name: str
    issues: Sequence[Issue]
    number: int

    @property
    def left(self) -> int:
        """How many issues the page leaves out."""
        return self.number - len(self.issues)


@dataclass(frozen=True, slots=True)
class Card:
    """What stands among the first: one issue, or all of a rule together with the first of them."""

    issue: Issue
    all_of: RuleView | None = None


def html_page(report: QualityReport, language: str) -> str:
    """Return the report as one HTML page in ``sv`` or ``en`` that loads nothing from elsewhere."""
    words, rules = _words(language), {view.name: view for view in _rules(report, language)}
    owed = [known for known in report.completeness if known.letter]
    return _template().render(
        language=language,
        words=words,
        report=report,
        first=list(islice(_first(report, rules), _FIRST)),
        groups=[(kind, [view for view in rules.values() if view.issues[0].kind == kind]) for kind in KINDS],
        number=_THOUSANDS[language],
        owed=owed,
        besides=[known for known in report.completeness if not known.letter],
        bound=owed[0].bound if owed else 0,
        sources=list(islice(report.by_source.items(), _MOST_IN_A_TABLE)),
        owners=_owners(report),
    )


_THOUSANDS: Mapping[str, Callable[[int], str]] = {
    "sv": lambda number: f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}"),
    "en": lambda number: f"{number:,}",
}


@lru_cache(maxsize=2)
def _words(language: str) -> Mapping[str, str]:
    place = LANGUAGES.index(language)
    tables = tomllib.loads((_FOLDER / "words.toml").read_text(encoding="utf-8"))
    return {name: texts[place] for name, texts in tables.items()}


def _first(report: QualityReport, rules: Mapping[str, RuleView]) -> Iterator[Card]:
    """Yield the costliest issues without more of the same; what shapes and reading find often stands there as one."""
    seen: Counter[str] = Counter()
    for issue in report.issues:
        if issue.cost < _WORTH_A_CARD and seen:
            return
        who, view = issue.about.iri or issue.focus or issue.id, rules[issue.rule]
        if issue.kind in ("shape", "reading") and view.number >= _MANY:
            if not seen[issue.rule]:
                yield Card(issue, view)
        elif seen[issue.rule] < _ALIKE and seen[who] < _ALIKE - 1:
            yield Card(issue)
            seen[who] += 1
        seen[issue.rule] += 1


def _rules(report: QualityReport, language: str) -> Iterator[RuleView]:
    for name, issues in report.by_rule.items():
        label = rule_label(name, list(issues))[language]
        suggestions = {issue.suggestion(language) for issue in issues[:_MOST_OF_A_RULE]}
        yield RuleView(
            name,
            label.rstrip("."),
            min((issue.severity for issue in issues), key=_worst),
            suggestions.pop() if len(suggestions) == 1 else "",
            issues[:_MOST_OF_A_RULE],
            len(issues),
            len({issue.about.iri for issue in issues if issue.about.iri}),
        )


def _worst(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def _owners(report: QualityReport) -> list[OwnerView]:
    wanted = dict(islice(report.by_owner.items(), _MOST_IN_A_TABLE))
    found: dict[str, list[Issue]] = {name: [] for name in wanted}
    for issue in report.issues:
        for name in set(issue.about.owners) & wanted.keys():
            if len(found[name]) < _MOST_OF_AN_OWNER:
                found[name].append(issue)
    return [OwnerView(name, found[name], number) for name, number in wanted.items()]


def marked(quote: str, found: str) -> Markup:
    """Return a sentence with the words that were found in it marked.

    >>> marked("få 150 <unga> arbete", "150")
    Markup('få <mark>150</mark> &lt;unga&gt; arbete')
    """
    from markupsafe import Markup, escape

    before, hit, after = quote.partition(found) if found else (quote, "", "")
    return escape(before) + (Markup("<mark>") + escape(hit) + Markup("</mark>") + escape(after) if hit else Markup())


@lru_cache(maxsize=1)
def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["marked"] = marked
    return environment.get_template("report.html")
