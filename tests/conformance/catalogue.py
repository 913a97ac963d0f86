"""Validates the catalogue of the seeds' release by the profiles: ``python -m tests.conformance.catalogue FOLDER``.

FOLDER holds the SHACL files of DCAT-AP 3.0.1 (``dcat-ap-3.0.1/*.ttl``) and of DCAT-AP-SE
(``dcat-ap-se-3.0.1-derived-shacl.ttl``). No violation passes, and no warning but those that are explained here.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyshacl
import rdflib
from rdflib import RDF, SH

from kg.release import read_publication, release
from tests.network import built
from tests.release.conftest import CONFIGURATION

_LOCATION = "the country is named by its entry in the authority list of the Publications Office, which holds its place"
EXPLAINED = {
    "http://www.w3.org/ns/dcat#bbox": _LOCATION,
    "http://www.w3.org/ns/dcat#centroid": _LOCATION,
    "http://www.w3.org/2006/vcard/ns#hasAddress": "the contact is a mailbox and a telephone; it has no postal address",
    "https://www.w3.org/ns/org#classification": "the profile names no list of values for this kind of organisation",
}
"""Recommended properties that the catalogue leaves out, each with its reason."""


@dataclass(frozen=True)
class Result:
    """One result of a validation."""

    shapes: str
    severity: str
    focus: str
    path: str
    message: str

    @property
    def passes(self) -> bool:
        """Whether the result is a warning with a reason."""
        return self.severity == "Warning" and self.path in EXPLAINED


def results(catalogue: Path, folder: Path) -> Iterator[Result]:
    """Yield every result of validating a catalogue with every file of shapes."""
    data = rdflib.Graph().parse(catalogue)
    files = [*sorted((folder / "dcat-ap-3.0.1").glob("*.ttl")), *sorted(folder.glob("dcat-ap-se-*.ttl"))]
    if len(files) < 4:
        raise SystemExit(f"{folder} holds {len(files)} files of shapes; four are expected")
    for file in files:
        _, report, _ = pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(file), advanced=True)
        for node in report.subjects(RDF.type, SH.ValidationResult):
            severity, focus, path, message = (
                str(report.value(node, name))
                for name in (SH.resultSeverity, SH.focusNode, SH.resultPath, SH.resultMessage)
            )
            yield Result(file.name, severity.rpartition("#")[2], focus, path, message)


def main(folder: Path) -> int:
    """Print what was found, and return the exit code: 0 if every result is an explained warning."""
    with tempfile.TemporaryDirectory() as place, built.seeds_store(Path(place) / "built") as store:
        configuration = Path(place) / "release.toml"
        configuration.write_text(CONFIGURATION, encoding="utf-8")
        made = release(store, Path(place) / "out", read_publication(store.base, configuration)).folder
        found = [result for name in ("catalog.ttl", "catalog.rdf") for result in results(made / name, folder)]
    failing = [result for result in found if not result.passes]
    for result in sorted(set(found), key=lambda each: (each.passes, each.shapes, each.focus, each.path)):
        state = f"explained: {EXPLAINED[result.path]}" if result.passes else f"FAILS: {result.message}"
        print(f"{result.severity} {result.shapes} <{result.focus}> <{result.path}> {state}")
    violations = sum(result.severity == "Violation" for result in found)
    print(f"catalogue: {violations} violations, {len(found) - violations} warnings, {len(failing)} unexplained")
    return 1 if failing else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    raise SystemExit(main(Path(sys.argv[1])))
