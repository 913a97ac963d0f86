"""Turns a saved HTML page of the project bank into the lines of text that the page reader knows.

Whatever elements carry a label and its value (definition lists, tables, paragraphs, pairs of boxes), each label ends up
on a line of its own with a colon and its value on the next. What surrounds the page on a web site is left out.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.sources.labels import Labels

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

HTML_SUFFIXES = frozenset((".html", ".htm", ".xhtml"))
_LEFT_OUT = (
    "script, style, noscript, template, svg, math, iframe, object, embed, canvas, audio, video, picture, img, form, "
    "button, input, select, textarea, dialog, nav, footer, aside, menu, [hidden], [aria-hidden=true], "
    "[role=navigation], [role=contentinfo], [role=search], [role=dialog], [role=alertdialog], [role=menu], "
    "[role=complementary], [id*=cookie i], [class*=cookie i], [id*=consent i], [class*=consent i], "
    "[class*=breadcrumb i], [class*=skip-link i], [class*=visually-hidden i], [class*=sr-only i]"
)
_MAIN = ("main", "[role=main]", "article", "#main", "#content")
_BLOCKS = frozenset(
    "address article blockquote body center dd details div dl dt fieldset figcaption figure header hgroup hr html li "
    "main ol pre section summary table tbody tfoot thead tr td th ul caption".split()
)
_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6".split())
_LABEL_PLACES = frozenset("b strong em i span label u font dt th h2 h3 h4 h5 h6 div p td".split())
_VALUE_PLACES = frozenset("dd td div p span li".split())
_LONGEST_LABEL = 120
_SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")
_OTHER_THAN_ONE = re.compile(r"[\t\r\n\f\u00a0]|  ")
_META_CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]+)", re.IGNORECASE)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]+encoding\s*=\s*[\"']([A-Za-z0-9_.:-]+)")
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(https?://\S+?) ?-->")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
_SHOWN_SOURCE = "td.line-content"
_ELEMENT = re.compile(rb"</?[A-Za-z][A-Za-z0-9]*[\s/>]")
_DOCUMENT = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_DOCUMENT_TEXT = re.compile(r"<(?:html|body|main|h1)\b", re.IGNORECASE)
_HEAD = 4096
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FEWEST_LABELS = 3


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """The lines of a page and the address that it gives for itself, if it gives one."""

    text: str
    address: str | None


def charset(data: bytes, declared: str | None = None) -> str:
    """Return the encoding of HTML: that of its byte order mark, of the HTTP header, of its own mark-up, else UTF-8.

    >>> charset(b'<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">')
    'cp1252'
    >>> charset('<meta charset="iso-8859-1"><h1>Väg'.encode())
    'utf-8'
    """
    marked = next((name for mark, name in _BOMS if data.startswith(mark)), None)
    if marked:
        return marked
    if _is_utf8(data):
        # Browsers write what they show as UTF-8, and leave what the page said of itself before.
        return "utf-8"
    found = _XML_CHARSET.search(data[:_HEAD]) or _META_CHARSET.search(data[:_HEAD])
    for name in (declared, found[1].decode() if found else None):
        try:
            if name and codecs.lookup(name).name in ("iso8859-1", "ascii"):
                # The HTML standard reads these names as what pages that carry them are really written in.
                return "cp1252"
            if name:
                return codecs.lookup(name).name
        except LookupError:
            continue
    return "utf-8"


def _is_utf8(data: bytes) -> bool:
    """Return whether bytes hold letters beyond ASCII, and all of them as UTF-8 does, which hardly ever is chance."""
    try:
        return not data.isascii() and bool(data.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def is_markup(data: bytes, *, named: bool) -> bool:
    """Return whether bytes are HTML; where the name of the file says so (`named`), a single element is enough.

    >>> is_markup(b"<!DOCTYPE html><p>A", named=False), is_markup(b"Namn:", named=True)
    (True, False)
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return named
    return bool((_ELEMENT if named else _DOCUMENT).search(data if named else data[:_HEAD]))


def read_html(html: str, labels: Labels) -> HtmlPage:
    """Return the lines of a page, with the labels of the ontology on lines of their own."""
    from selectolax.lexbor import LexborHTMLParser

    saved = _SAVED_FROM.search(html[:_HEAD])
    tree = LexborHTMLParser(html)
    source_lines = tree.css(_SHOWN_SOURCE)
    if source_lines:
        # The browser's view of the source was saved: the page stands in it as text.
        shown = "\n".join(node.text(deep=True) for node in source_lines)
        return read_html(shown, labels) if _DOCUMENT_TEXT.search(shown) else HtmlPage("", None)
    address = saved[1] if saved else _own_address(tree)
    body = tree.body
    if body is None:
        return HtmlPage("", address)
    for node in body.css(_LEFT_OUT):
        if node.parent is not None and not _holds_the_page(node, labels):
            node.decompose()
    whole = _lines(body, labels)
    for selector in _MAIN:
        for node in tree.css(selector):
            part = _lines(node, labels)
            # The part is taken only if no label stands outside it.
            if _known(part, labels) >= max(1, _known(whole, labels)):
                return HtmlPage(_text(part), address)
    return HtmlPage(_text(whole), address)


def _own_address(tree: object) -> str | None:
    for selector, attribute in (("link[rel=canonical]", "href"), ("meta[property='og:url']", "content")):
        for node in tree.css(selector):  # type: ignore[attr-defined]
            found = (node.attributes.get(attribute) or "").strip()
            if _ADDRESS.fullmatch(found):
                return str(found)
    return None


def _holds_the_page(node: LexborNode, labels: Labels) -> bool:
    """Return whether a part that looks like an ornament holds the fields: some sites wrap all they have in a form."""
    return node.tag in ("form", "aside", "menu", "details") and _known(_lines(node, labels), labels) >= _FEWEST_LABELS


def _known(lines: list[str], labels: Labels) -> int:
    return sum(1 for line in lines if line and (labels.whole(line) or (":" in line and labels.leading(line))))


def _text(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n") + "\n"


def _lines(root: LexborNode, labels: Labels) -> list[str]:
    """Return the lines of all that a node holds; without recursion, for pages may be nested without end."""
    writer = _Writer(labels)
    # Elements that are still to be read, and the tags of those that have to be left after them.
    ahead: list[LexborNode | str] = [root]
    while ahead:
        node = ahead.pop()
        if isinstance(node, str):
            writer.leave(node)
            continue
        tag = node.tag or ""
        if tag == "-text":
            writer.inline(node.text_content or "")
            continue
        if tag == "br":
            writer.break_line()
        else:
            writer.enter(tag)
            ahead.append(tag)
        ahead += reversed(list(node.iter(include_text=True)))
    writer.end_line()
    return writer.lines


def _one_space(text: str) -> str:
    # Most long texts need no change, and to put a space in place of every space is slow.
    return _SPACES.sub(" ", text) if _OTHER_THAN_ONE.search(text) else text


class _Writer:
    """Collects lines: white space becomes one space, blank lines never follow each other, labels get their colon."""

    def __init__(self, labels: Labels) -> None:
        self.lines: list[str] = []
        self._labels = labels
        self._line = ""
        self._open: list[tuple[int, int]] = []
        self._waiting = self._broken = False
        self._slots: list[bool] = []

    def enter(self, tag: str) -> None:
        """Begin an element."""
        if tag in _BLOCKS or tag in _PARAGRAPHS:
            self.end_line()
            if tag in _PARAGRAPHS and not self._waiting:
                self._blank()
        self._open.append((len(self.lines), len(self._line)))
        # What begins while a label waits for its value is the place of that value, even if nothing stands in it.
        self._slots.append(self._waiting and tag in _VALUE_PLACES)

    def leave(self, tag: str) -> None:
        """End an element."""
        lines, start = self._open.pop()
        slot = self._slots.pop()
        if tag in _LABEL_PLACES and len(self.lines) == lines:
            self._label(start)
        if tag in _BLOCKS or tag in _PARAGRAPHS:
            self.end_line()
            if self._waiting and (slot or self._broken):
                self._blank()
                self._waiting = self._broken = False
            elif tag in _PARAGRAPHS and not self._waiting:
                self._blank()

    def inline(self, text: str) -> None:
        """Add running text to the line."""
        plain = _one_space(text)
        self._line += plain
        if plain.strip():
            self._waiting = self._broken = False

    def break_line(self) -> None:
        """Break the line where the page does."""
        self._broken = self._waiting
        self.end_line()

    def end_line(self) -> None:
        """End the line if it holds anything."""
        text = self._line.strip()
        self._line = ""
        if text:
            self.lines.append(_one_space(text))

    def _blank(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def _label(self, start: int) -> None:
        """Put a label that an element holds on a line of its own: one at the start of a line, or one with a colon."""
        before, text = self._line[:start], self._line[start:].strip()
        if not 0 < len(text) < _LONGEST_LABEL:
            return
        found = self._labels.whole(text)
        if found is None or (before.strip() and not found[1]):
            return
        self._line = before
        self.end_line()
        self.lines.append(f"{text.rstrip(':').rstrip()}:")
        self._waiting, self._broken = True, False
