"""Finds methods in Swedish project texts: which, in which role, and in which words."""

from kg.methods.extract import Extraction, Extractor, Rejected, Text

__all__ = ["Extraction", "Extractor", "Rejected", "Text"]
