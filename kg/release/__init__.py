"""Releases: one folder with the graph in every form, its descriptions and its documentation, for any web server."""

from __future__ import annotations

from kg.release.making import Release, release
from kg.release.publication import Contact, Publication, Publisher, read_publication
from kg.release.words import Text

__all__ = ["Contact", "Publication", "Publisher", "Release", "Text", "read_publication", "release"]
