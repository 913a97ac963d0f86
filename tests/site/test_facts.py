from __future__ import annotations

from kg.web.facts import read_facts
from kg.web.serving import Site


def test_every_value_names_every_source_that_states_it(opened: Site) -> None:
    most = opened.index.things("owner", limit=1)[0]
    iri = f"{opened.base}id/owner/{most.key}"
    found = read_facts(opened.store, iri)
    assert found
    named = {
        (name, value.text, graph)
        for name, values in found.values.items()
        for value in values
        for graph in value.sources
    }
    stated = opened.store.texts(f"SELECT ?p ?o ?g WHERE {{ GRAPH ?g {{ <{iri}> ?p ?o }} }}")
    assert named == set(stated)
    assert max(len(value.sources) for values in found.values.values() for value in values) > 1
