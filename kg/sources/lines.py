"""Splits the text of a page into heading, field lines and description, wherever the labels stand.

Knows the shapes in which labels are printed (`Label:`, `Label` on a line of its own, `Label: value`, `LabelValue`)
and nothing about what the values mean. The labels come from the ontology.
"""

from __future__ import annotations

import re
import unicodedata

from kg.ontology import Field
from kg.sources.labels import DESCRIPTION, PERSONAL, Labels, is_noise, is_site_notice
from kg.sources.printed import PrintedField, Sections, Style, UnknownField

_LABEL_LIKE = re.compile(r"[^\W\d_][^:.!?]{1,58}:")
_NUMBERED = re.compile(r"(?:\d{2}-\d{3}-S\d+|\d{4}/\d{5}) ?[-–—:] ")
_LONGEST_VALUE = 300
_LONGEST_LATE_VALUE = 100
_PLAINLY = 6
"""As many labels with a colon decide the style without a look at the others."""


def _lines(text: str) -> list[str]:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")


class _Cutter:
    """Walks once over the lines of a page; one instance a page."""

    def __init__(self, text: str, labels: Labels) -> None:
        self.lines = _lines(text)
        self.stripped = [line.strip() for line in self.lines]
        self.labels = labels
        self.whole = labels.each_whole(self.stripped)
        self.sections = Sections(self._style())
        self.spaced = False

    def _style(self) -> Style:
        colon = 0
        for row, found in enumerate(self.whole):
            if (found and found[1]) or self._inline(row):
                colon += 1
                if colon == _PLAINLY:
                    return Style.COLON
        rows = range(len(self.lines))
        bare = sum(1 for row in rows if (found := self.whole[row]) and not found[1] and self._has_next(row))
        glued = len(self._glued_rows())
        # One stray line in running text must not decide, so a style without colons needs two lines.
        counts = {Style.COLON: colon, Style.BARE: bare if bare > 1 else 0, Style.GLUED: glued if glued > 1 else 0}
        style, most = max(counts.items(), key=lambda item: item[1])
        return style if most else Style.NONE

    def _has_next(self, row: int) -> bool:
        return row + 1 < len(self.lines) and bool(self.stripped[row + 1])

    def _inline(self, row: int) -> bool:
        line = self.lines[row]
        if ":" not in line or len(line) > _LONGEST_VALUE:
            return False
        found = self.labels.leading(line)
        return bool(found and found[3] and found[0].name != DESCRIPTION)

    def _glued_rows(self) -> list[int]:
        rows = [row for row, line in enumerate(self.lines) if len(line) <= _LONGEST_VALUE and self._glued(row)]
        return [row for row in rows if row - 1 in rows or row + 1 in rows]

    def _glued(self, row: int) -> bool:
        found = self.labels.leading(self.lines[row])
        return bool(found and not found[3])

    def is_label(self, row: int) -> bool:
        """Return whether the line opens a field in the style of this page."""
        found = self.whole[row]
        if found:
            return found[1] or self.sections.style is not Style.COLON or self._bare_among_colons(row)
        if self.sections.style is Style.GLUED:
            return self._glued(row) and len(self.lines[row]) <= _LONGEST_VALUE
        return self._inline(row)

    def _bare_among_colons(self, row: int) -> bool:
        """Accept a label that lost its colon, but only with a value under it that is no label itself."""
        if not self._has_next(row):
            return False
        under = self.whole[row + 1]
        return not (under and under[1])

    def cut(self) -> Sections:
        """Return the sections of the page."""
        first = next((row for row in range(len(self.lines)) if self._opens_fields(row)), None)
        if first is None:
            self._without_fields()
            return self.sections
        self._above(first)
        end = self._fields(first)
        self._description(end)
        return self.sections

    def _opens_fields(self, row: int) -> bool:
        if self.sections.style is Style.NONE or not self.stripped[row] or not self.is_label(row):
            return False
        found = self.whole[row] or self.labels.leading(self.lines[row])
        return bool(found) and found[0].name != DESCRIPTION if found else False

    def _above(self, first: int) -> None:
        filled = [(row, line) for row, line in enumerate(self.stripped[:first]) if line and not is_noise(line)]
        if filled:
            numbered = [place for place, (_, line) in enumerate(filled) if _NUMBERED.match(line)]
            # The last line above the fields is the heading, unless one says by its number that it is.
            row, self.sections.heading = filled.pop(numbered[-1] if numbered else -1)
            self.sections.heading_line = row + 1
        self.sections.above = [(row + 1, line) for row, line in filled if not is_site_notice(line)]

    def _without_fields(self) -> None:
        rows = [row for row, line in enumerate(self.stripped) if line and not is_noise(line)]
        if rows:
            self.sections.heading = self.stripped[rows[0]]
            self.sections.heading_line = rows[0] + 1
            self._text(rows[0] + 1, len(self.lines))

    def _fields(self, row: int) -> int:
        """Read fields from `row` on and return the row where the description begins."""
        while row < len(self.lines):
            if not self.stripped[row]:
                following = self._next_filled(row)
                if following is None or not self._continues(following):
                    return row
                row = following
            elif self.is_label(row):
                if self._is_description(row):
                    return row
                row = self._field(row)
            elif is_noise(self.lines[row]):
                row += 1
            elif self._label_like(row) and self._label_follows(row + 1):
                row = self._unknown(row)
            elif self._label_follows(row + 1):
                self._stray(row)
                row += 1
            else:
                return row
        return row

    def _is_description(self, row: int) -> bool:
        found = self.whole[row]
        return bool(found and found[0].name == DESCRIPTION)

    def _next_filled(self, row: int) -> int | None:
        return next((later for later in range(row, len(self.lines)) if self.stripped[later]), None)

    def _continues(self, row: int) -> bool:
        """Return whether the field block goes on at `row`, the first filled line after a blank one."""
        if self.is_label(row) and not self._is_description(row):
            return True
        return (self._label_like(row) or is_noise(self.lines[row])) and self._label_follows(row + 1, within=4)

    def _label_like(self, row: int) -> bool:
        return self.stripped[row].endswith(":") and bool(_LABEL_LIKE.fullmatch(self.stripped[row]))

    def _label_follows(self, row: int, within: int = 6) -> bool:
        """Return whether one of the next lines, up to the first long line, opens a field."""
        for later in range(row, min(row + within, len(self.lines))):
            if len(self.lines[later]) > _LONGEST_VALUE:
                return False
            if self.stripped[later] and self.is_label(later) and not self._is_description(later):
                return True
        return False

    def _field(self, row: int) -> int:
        found = self.whole[row]
        if found is None:
            inline = self.labels.leading(self.lines[row])
            if inline is None:
                raise AssertionError("is_label() promised a label")
            self._add(inline[0], inline[2], row, inline[1])
            return row + 1
        value_row = self._value_row(row)
        value = self.stripped[value_row] if value_row is not None else ""
        self._add(found[0], value, row, self.stripped[row].rstrip(":"))
        return row + 1 if value_row is None else value_row + 1

    def _value_row(self, row: int) -> int | None:
        """Return the row of the value printed for the label at `row`: the next line, or one set off by blank lines."""
        following = row + 1
        if following >= len(self.lines):
            return None
        if self.stripped[following]:
            return None if self._may_be_label(following) and self._is_empty_before(following) else following
        later = self._next_filled(following)
        if later is None or self.is_label(later) or len(self.lines[later]) > _LONGEST_VALUE:
            return None
        after = self._next_filled(later + 1)
        if after is not None and after > later + 1 and self.is_label(after):
            self.spaced = True
        elif not (self.spaced and self._value_like(self.lines[later])):
            # The label is printed empty and what follows is the description.
            return None
        return later

    def _may_be_label(self, row: int) -> bool:
        """Return whether it is worth asking: all labels are known ones, hold a colon, or are glued to their values."""
        return self.whole[row] is not None or ":" in self.lines[row] or self.sections.style is Style.GLUED

    def _is_empty_before(self, following: int) -> bool:
        """A known label under a label means that the first is printed empty, unless it can only be its value."""
        return self._inline(following) or self.is_label(following) or self._unknown_label_under(following)

    def _unknown_label_under(self, row: int) -> bool:
        return self._label_like(row) and row + 1 < len(self.lines) and bool(self.lines[row + 1].strip())

    def _add(self, found: Field, value: str, row: int, label: str) -> None:
        self.sections.fields.append(PrintedField(found, value, row + 1, label))

    def _unknown(self, row: int) -> int:
        following = row + 1
        has_value = following < len(self.lines) and self.stripped[following] and not self.is_label(following)
        value = self.stripped[following] if has_value else ""
        self.sections.unknown.append(UnknownField(self.stripped[row].rstrip(":"), value, row + 1))
        return row + 2 if has_value else row + 1

    def _stray(self, row: int) -> None:
        last = self.sections.fields[-1] if self.sections.fields else None
        line = self.stripped[row]
        if last and last.value and last.field.kind in ("text", "owner", "address", "phrase", PERSONAL):
            self.sections.fields[-1] = PrintedField(last.field, f"{last.value} {line}", last.line, last.label)
        else:
            self.sections.unknown.append(UnknownField("", line, row + 1))

    def _description(self, row: int) -> None:
        """Take what is left as the description, less field lines that stand in or under it."""
        start = self._next_filled(row)
        while start is not None and is_noise(self.lines[start]):
            start = self._next_filled(start + 1)
        if start is None:
            return
        if self._is_description(start):
            start = self._next_filled(start + 1)
            if start is None:
                return
        self._text(start, len(self.lines))

    @staticmethod
    def _value_like(line: str) -> bool:
        return len(line) <= _LONGEST_LATE_VALUE and not line.rstrip().endswith((".", "!", "?"))

    def _text(self, start: int, end: int) -> None:
        kept: list[str] = []
        first = None
        row = start
        while row < end:
            found = self.whole[row]
            late = found and found[0].name != DESCRIPTION and (found[1] or found[0].kind == PERSONAL)
            if late and self._has_next(row) and self._value_like(self.lines[row + 1]):
                row = self._field(row)
                continue
            if first is None and self.stripped[row]:
                first = row
            if first is not None:
                kept.append(self.lines[row])
            row += 1
        self.sections.text = "\n".join(kept).strip()
        self.sections.text_line = (first or 0) + 1


def cut(text: str, labels: Labels) -> Sections:
    """Return heading, fields, unknown label-like lines and description of the text of one page."""
    return _Cutter(text, labels).cut()
