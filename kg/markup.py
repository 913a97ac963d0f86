"""Text made safe for XML: what RDF/XML, GraphML, GEXF and SVG have in common."""

from __future__ import annotations

import re

from kg.errors import InputError

# XML 1.0, production [2]: every other character is forbidden in a document, even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def content(text: str, place: str) -> str:
    """Return `text` for the content of an element; `place` says in an error where it stands.

    Raises:
        InputError: the text holds a character that XML cannot carry.

    >>> content("a < b & c", "title")
    'a &lt; b &amp; c'
    """
    found = _FORBIDDEN.search(text)
    if found:
        raise InputError(f"{place} holds the character U+{ord(found[0]):04X}, which XML cannot carry")
    # A reader turns a bare carriage return into a line feed.
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def attribute(text: str, place: str) -> str:
    """Return `text` for the value of an attribute in double quotes; raises as `content` does."""
    return content(text, place).replace('"', "&quot;").replace("\t", "&#9;").replace("\n", "&#10;")
