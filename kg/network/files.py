"""Writes a network for other programs: GraphML, GEXF (Gephi), node-link and Cytoscape JSON, and a list of edges.

The text is a function of the graph: no date, no program version, nodes and edges in the order of the graph. NetworkX's
own writers put today's date into GEXF and write other GraphML when lxml happens to be installed.
"""

from __future__ import annotations

import csv
import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from types import MappingProxyType
from typing import TYPE_CHECKING

from kg.colours import colour_of
from kg.errors import UsageError
from kg.markup import attribute, content

if TYPE_CHECKING:
    import networkx as nx

_TYPES = {str: "string", bool: "boolean", int: "long", float: "double"}


def graph_file(graph: nx.MultiDiGraph[str], suffix: str) -> Iterator[str]:
    """Yield the pieces of the file of `graph` in the format that the suffix names: a key of `WRITERS`.

    Raises:
        UsageError: there is no such format.
        InputError: a text holds a character that XML cannot carry.
    """
    if suffix not in WRITERS:
        raise UsageError(f"a network cannot be written as {suffix!r}; there are {', '.join(WRITERS)}")
    return WRITERS[suffix](graph)


def graphml(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    """Yield GraphML; the id of an edge is its source, relation and target."""
    node_keys = _columns(attributes for _, attributes in graph.nodes(data=True))
    edge_keys = _columns(attributes for _, _, attributes in graph.edges(data=True))
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    for owner, keys in (("node", node_keys), ("edge", edge_keys)):
        for name, kind in keys.items():
            yield f'  <key id="{owner[0]}.{name}" for="{owner}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield '  <graph id="kg" edgedefault="directed">\n'
    for node, attributes in graph.nodes(data=True):
        yield f'    <node id="{attribute(node, node)}">\n{_data("n", attributes, node)}    </node>\n'
    for source, target, key, attributes in graph.edges(keys=True, data=True):
        ends = f'source="{attribute(source, source)}" target="{attribute(target, target)}"'
        data = _data("e", attributes, source)
        yield f'    <edge id="{_edge_id(source, key, target)}" {ends}>\n{data}    </edge>\n'
    yield "  </graph>\n</graphml>\n"


def gexf(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    """Yield GEXF 1.2 with labels, colours by kind, sizes by degree, and positions: one disc for each kind."""
    node_keys = _columns(attributes for _, attributes in graph.nodes(data=True))
    edge_keys = _columns(attributes for _, _, attributes in graph.edges(data=True))
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="http://www.gexf.net/1.2draft"'
        ' xmlns:viz="http://www.gexf.net/1.2draft/viz" version="1.2">\n'
        '  <graph defaultedgetype="directed" mode="static">\n'
    )
    for owner, keys in (("node", node_keys), ("edge", edge_keys)):
        yield f'    <attributes class="{owner}" mode="static">\n'
        for name, kind in keys.items():
            yield f'      <attribute id="{owner[0]}.{name}" title="{name}" type="{kind}"/>\n'
        yield "    </attributes>\n"
    yield "    <nodes>\n"
    places = _discs(graph)
    for node, attributes in graph.nodes(data=True):
        label = attribute(str(attributes.get("label", node)), node)
        yield f'      <node id="{attribute(node, node)}" label="{label}">\n{_values("n", attributes, node)}'
        yield _look(attributes, graph.degree(node), places[node])
        yield "      </node>\n"
    yield "    </nodes>\n    <edges>\n"
    for source, target, key, attributes in graph.edges(keys=True, data=True):
        ends = f'source="{attribute(source, source)}" target="{attribute(target, target)}" label="{key}"'
        values = _values("e", attributes, source)
        yield f'      <edge id="{_edge_id(source, key, target)}" {ends}>\n{values}      </edge>\n'
    yield "    </edges>\n  </graph>\n</gexf>\n"


def node_link(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    """Yield node-link JSON, which `networkx.node_link_graph` reads back."""
    yield from _json_lists(
        '"directed": true, "multigraph": true, "graph": {"name": "ESF-KG"}',
        nodes=({"id": node, **attributes} for node, attributes in graph.nodes(data=True)),
        edges=(
            {"source": source, "target": target, "key": key, **attributes}
            for source, target, key, attributes in graph.edges(keys=True, data=True)
        ),
    )


def cytoscape(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    """Yield Cytoscape JSON: the elements of a graph for Cytoscape, Cytoscape.js and `networkx.cytoscape_graph`.

    Cytoscape shows `name`; NetworkX takes `value` as the node and `key` to tell edges apart.
    """
    yield '{"data": {"name": "ESF-KG"}, "directed": true, "multigraph": true, "elements": '
    yield from _json_lists(
        "",
        nodes=(
            {"data": {"id": node, "name": str(attributes.get("label", node)), "value": node, **attributes}}
            for node, attributes in graph.nodes(data=True)
        ),
        edges=(
            {"data": {"id": f"{source} {key} {target}", "source": source, "target": target, "key": key, **attributes}}
            for source, target, key, attributes in graph.edges(keys=True, data=True)
        ),
    )
    yield "}\n"


def edge_list(graph: nx.MultiDiGraph[str]) -> Iterator[str]:
    """Yield CSV with one edge a line: source, relation, target, their labels, role and quote."""
    labels = {node: str(attributes.get("label", node)) for node, attributes in graph.nodes(data=True)}
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("source", "relation", "target", "sourceLabel", "targetLabel", "role", "quote"))
    for source, target, key, attributes in graph.edges(keys=True, data=True):
        evidence = (attributes.get("role", ""), attributes.get("quote", ""))
        writer.writerow((source, key, target, labels[source], labels[target], *evidence))
    yield text.getvalue()


WRITERS: Mapping[str, Callable[[nx.MultiDiGraph[str]], Iterator[str]]] = MappingProxyType(
    {".graphml": graphml, ".gexf": gexf, ".json": node_link, ".cyjs": cytoscape, ".csv": edge_list}
)
"""Formats by the suffix of the file."""


def _columns(found: Iterator[Mapping[str, object]]) -> dict[str, str]:
    """Return the attributes that occur, sorted, with the GraphML type of each."""
    kinds = {name: _TYPES[type(value)] for attributes in found for name, value in attributes.items()}
    return dict(sorted(kinds.items()))


def _edge_id(source: str, key: str, target: str) -> str:
    return attribute(f"{source} {key} {target}", source)


def _data(prefix: str, attributes: Mapping[str, object], place: str) -> str:
    return "".join(
        f'      <data key="{prefix}.{name}">{content(_written(value), place)}</data>\n'
        for name, value in attributes.items()
    )


def _values(prefix: str, attributes: Mapping[str, object], place: str) -> str:
    values = "".join(
        f'          <attvalue for="{prefix}.{name}" value="{attribute(_written(value), place)}"/>\n'
        for name, value in attributes.items()
    )
    return f"        <attvalues>\n{values}        </attvalues>\n" if values else ""


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _look(attributes: Mapping[str, object], degree: int, place: tuple[float, float]) -> str:
    colour = colour_of(str(attributes.get("kind")))
    red, green, blue = (int(colour.strong[start : start + 2], 16) for start in (1, 3, 5))
    return (
        f'        <viz:color r="{red}" g="{green}" b="{blue}"/>\n'
        f'        <viz:position x="{place[0]:.1f}" y="{place[1]:.1f}" z="0.0"/>\n'
        f'        <viz:size value="{4 + 2 * math.sqrt(degree):.1f}"/>\n'
    )


def _discs(graph: nx.MultiDiGraph[str]) -> Mapping[str, tuple[float, float]]:
    """Return a place for each node: the kinds stand on a circle, each as a disc filled like a sunflower."""
    kinds = Counter(str(attributes.get("kind")) for _, attributes in graph.nodes(data=True))
    radius = 40.0 * math.sqrt(max(kinds.values(), default=1)) * max(1.0, len(kinds) / 4)
    angles = {kind: 2 * math.pi * index / len(kinds) for index, kind in enumerate(kinds)}
    seen: Counter[str] = Counter()
    places = {}
    for node, attributes in graph.nodes(data=True):
        kind = str(attributes.get("kind"))
        index, seen[kind] = seen[kind], seen[kind] + 1
        turn, away = 2.399963 * index, 30.0 * math.sqrt(index)  # the golden angle keeps neighbours apart
        x = radius * math.cos(angles[kind]) + away * math.cos(turn)
        places[node] = (x, radius * math.sin(angles[kind]) + away * math.sin(turn))
    return places


def _json_lists(head: str, **lists: Iterator[Mapping[str, object]]) -> Iterator[str]:
    yield "{" + head
    separator = ", " if head else ""
    for name, items in lists.items():
        yield f'{separator}"{name}": [\n'
        first = True
        for item in items:
            yield ("" if first else ",\n") + json.dumps(item, ensure_ascii=False)
            first = False
        yield "\n]"
        separator = ", "
    yield "}\n"
