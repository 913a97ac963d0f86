"""Reads the TOML files that people write: decisions, accepted findings, settings."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from kg.errors import InputError


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """Return the text of a file, for the lines of its entries, and its tables.

    Raises:
        InputError: the file cannot be read or is not TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return text, tomllib.loads(text)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8: byte {error.start} cannot be read") from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}") from error
