"""Runs the W3C SPARQL 1.1 Protocol tests against our endpoint: ``python -m tests.conformance.sparql_protocol FOLDER``.

FOLDER holds the working group's ``manifest.ttl`` and the data it names. Query tests must give what the manifest says,
bad requests their 4xx; tests of updates pass if the update is answered 4xx, since the endpoint is read-only.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import httpx
from rdflib import RDF, RDFS, BNode, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from tests.sparql.serving import CLIENT, add_generation, served

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
_PATH = "/sparql/"
_FORMATS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": (
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ),
    "RDF": ("text/turtle", "application/rdf+xml", "application/n-triples"),
}


@dataclass(frozen=True)
class Expected:
    """What the manifest says of one answer; `statuses` by their first digit."""

    statuses: frozenset[str]
    format: str | None
    truth: bool | None


@dataclass(frozen=True)
class Sending:
    """One request of a test."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    expected: Expected


@dataclass(frozen=True)
class Case:
    """One test: its name and its requests in order."""

    name: str
    sendings: tuple[Sending, ...]

    @property
    def updates(self) -> bool:
        """Whether a test needs a server that can be updated."""
        return self.name.startswith("update_")


def cases(manifest: Graph) -> Iterator[Case]:
    """Yield the tests of a manifest in its order."""
    for entry in Collection(manifest, _one(manifest, _one_subject(manifest), MF.entries)):
        action = _one(manifest, entry, MF.action)
        requests = Collection(manifest, _one(manifest, action, HT.requests))
        yield Case(str(entry).rpartition("#")[2], tuple(_sending(manifest, request) for request in requests))


def _one_subject(manifest: Graph) -> Node:
    found = manifest.value(predicate=RDF.type, object=MF.Manifest)
    assert found is not None
    return found


def _one(graph: Graph, subject: Node, predicate: URIRef) -> BNode | URIRef:
    found = graph.value(subject, predicate)
    assert isinstance(found, BNode | URIRef), f"{subject} has no {predicate}"
    return found


def _sending(graph: Graph, request: Node) -> Sending:
    listed = graph.value(request, HT.headers)
    headers: Iterable[Node] = Collection(graph, listed) if isinstance(listed, BNode | URIRef) else ()
    body = graph.value(request, HT.body)
    text = str(graph.value(body, CNT.chars)) if body is not None else ""
    encoding = str(graph.value(body, CNT.characterEncoding)) if body is not None else "UTF-8"
    response = _one(graph, request, HT.resp)
    truth = graph.value(response, MF.expectedBoolean)
    form = graph.value(response, MF.expectedFormat)
    return Sending(
        method=str(graph.value(request, HT.methodName)),
        path=str(graph.value(request, HT.absolutePath)).removeprefix(_PATH),
        headers=tuple(
            (str(graph.value(each, HT.fieldName)), str(graph.value(each, HT.fieldValue))) for each in headers
        ),
        body=text.encode(encoding),
        expected=Expected(
            statuses=frozenset(str(status)[-3] for status in graph.objects(response, MF.expectedStatus)),
            format=None if form is None else str(form),
            truth=None if truth is None else str(truth) == "true",
        ),
    )


def data(manifest: Graph, folder: Path) -> Iterator[str]:
    """Yield the tests' data as lines of N-Quads, each file in the graph that its label names."""
    named = {
        (str(graph), Path(str(file)).name)
        for entry in manifest.objects(None, UT.graphData)
        for file in manifest.objects(entry, UT.graph)
        for graph in manifest.objects(entry, RDFS.label)
    }
    assert named, "the manifest names no data"
    for graph, file in sorted(named):
        for line in (folder / file).read_text(encoding="utf-8").splitlines():
            yield f"{line.rstrip().removesuffix('.').rstrip()} <{graph}> ."


def fault(case: Case, address: str) -> str:
    """Run a test and say what is wrong with the answers; empty if nothing is."""
    for number, sending in enumerate(case.sendings):
        answer = CLIENT.request(sending.method, address + sending.path, headers=sending.headers, content=sending.body)
        if case.updates:
            return "" if answer.status_code // 100 == 4 else f"an update was answered {answer.status_code}"
        wrong = _fault(answer, sending.expected)
        if wrong:
            return f"request {number + 1}: {wrong}"
    return ""


def _fault(answer: httpx.Response, expected: Expected) -> str:
    if str(answer.status_code)[0] not in expected.statuses:
        return f"status {answer.status_code}, not {'/'.join(sorted(expected.statuses))}xx: {answer.text[:200]}"
    content_type = answer.headers.get("content-type", "").partition(";")[0]
    if expected.format is not None and content_type not in _FORMATS[expected.format]:
        return f"content type {content_type} for {expected.format}"
    if expected.truth is not None and _truth(answer, content_type) != expected.truth:
        return f"the answer is not {expected.truth}"
    return ""


def _truth(answer: httpx.Response, content_type: str) -> bool:
    if content_type.endswith("json"):
        return bool(json.loads(answer.content)["boolean"])
    found = ElementTree.fromstring(answer.content).find("{http://www.w3.org/2005/sparql-results#}boolean")
    return found is not None and found.text == "true"


def main(folder: Path) -> int:
    """Run all tests, write a line for each and the sums, and return the exit code."""
    manifest = Graph().parse(folder / "manifest.ttl", format="turtle", publicID="http://manifest.example/manifest")
    failed = 0
    listed = tuple(cases(manifest))
    with tempfile.TemporaryDirectory() as build:
        add_generation(Path(build), data(manifest, folder))
        with served(Path(build)) as site:
            for case in listed:
                for address in (f"{site.address}/", site.address):
                    wrong = fault(case, address)
                    failed += bool(wrong)
                    sys.stdout.write(f"{'FAILED' if wrong else 'passed'} {case.name} {wrong}\n")
    sys.stdout.write(f"{2 * len(listed) - failed} passed, {failed} failed\n")
    return 1 if failed or not listed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
