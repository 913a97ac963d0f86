"""Every error that this package raises on purpose.

The tree::

    KgError
      ├── InputError        a file or a text that cannot be read as what it should be     (exit 3)
      ├── UsageError        a wrong name, parameter or combination of options             (exit 2)
      ├── EndpointError     a SPARQL server that does not answer or answers with an error (exit 4)
      ├── BuildError        a build that is missing or damaged                            (exit 3)
      │     └── LockedError a build that another process is writing                       (exit 7)
      └── VocabularyError   a term that the ontology does not have: a mistake in our code (exit 3)

Catch them all with::

    try:
        graph = kg.open("build")
    except kg.KgError as error:
        print(error)
"""

from __future__ import annotations


class KgError(Exception):
    """Base of all errors; its text is one sentence that names the thing and the rule."""

    exit_code = 3


class InputError(KgError):
    """A file or text cannot be read as what it should be."""


class UsageError(KgError):
    """A wrong name, a wrong parameter or a combination that means nothing."""

    exit_code = 2


class EndpointError(KgError):
    """A SPARQL server cannot be reached or answers with an error."""

    exit_code = 4


class BuildError(KgError):
    """A build directory is missing, or damaged."""


class LockedError(BuildError):
    """A build directory is being written by another process."""

    exit_code = 7


class VocabularyError(KgError):
    """A term that the ontology does not declare."""
