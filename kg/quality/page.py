"""Makes the quality report one self-contained HTML page that a person reads from the top."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kg.quality.model import Issue, QualityReport
from kg.quality.plain import rule_label
from kg.quality.rulebook import LANGUAGES

if TYPE_CHECKING:
    import jinja2
    from markupsafe import Markup

_FOLDER = Path(__file__).parent
_FIRST = 12
_ALIKE = 3
"""How many of the first issues may be of one rule; a project stands there twice at most."""
_MOST_OF_A_RULE = 200
_MOST_IN_A_TABLE = 15


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule with its issues as the page lists them."""

    name: str
    label: str
    severity: str
    issues: Sequence[Issue]
    number: int

    @property
    def left(self) -> int:
        """How many issues the page leaves out."""
        return self.number - len(self.issues)


def html_page(report: QualityReport, language: str) -> str:
    """Return the report as one HTML page in ``sv`` or ``en`` that loads nothing from elsewhere."""
    words = _words(language)
    owed = [known for known in report.completeness if known.letter]
    return _template().render(
        language=language,
        words=words,
        report=report,
        first=list(islice(_first(report), _FIRST)),
        rules=list(_rules(report, language)),
        owed=owed,
        besides=[known for known in report.completeness if not known.letter],
        bound=owed[0].bound if owed else 0,
        sources=list(islice(report.by_source.items(), _MOST_IN_A_TABLE)),
        owners=list(islice(report.by_owner.items(), _MOST_IN_A_TABLE)),
    )


@lru_cache(maxsize=2)
def _words(language: str) -> Mapping[str, str]:
    place = LANGUAGES.index(language)
    tables = tomllib.loads((_FOLDER / "words.toml").read_text(encoding="utf-8"))
    return {name: texts[place] for name, texts in tables.items()}


def _first(report: QualityReport) -> Iterator[Issue]:
    """Yield the costliest issues without more of the same."""
    seen: Counter[str] = Counter()
    for issue in report.issues:
        who = issue.about.iri or issue.focus or issue.id
        if seen[issue.rule] < _ALIKE and seen[who] < _ALIKE - 1:
            yield issue
        seen.update((issue.rule, who))


def _rules(report: QualityReport, language: str) -> Iterator[RuleView]:
    for name, issues in report.by_rule.items():
        label = rule_label(name, list(issues))[language]
        yield RuleView(name, label, issues[0].severity, issues[:_MOST_OF_A_RULE], len(issues))


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
