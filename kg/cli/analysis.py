"""Questions of `kg network` about the whole: communities, the middle, bridges, parts and concentration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.questions import Asked, Report, Top, labels, name, names, percent, question
from kg.counting import counted

if TYPE_CHECKING:
    from kg.network import Facts
    from kg.network.communities import Community
    from kg.network.weighing import Weighting

_DRAWN = 150
"""As many labels as a picture of communities holds, from each community the most linked."""
_LINES = 3
"""How many of the heaviest pairs of each are drawn: all of them would be a tangle."""


def register(commands: typer.Typer) -> None:
    """Add the questions to the group `kg network`."""
    for answer in (communities, central, bridges, components, concentration):
        commands.command(name=answer.__name__)(question(answer))


def communities(
    asked: Asked,
    of: Annotated[str, typer.Option("--of", help="What is grouped: owner, project, method or region.")] = "owner",
    through: Annotated[str, typer.Option("--through", help="What they share.")] = "method",
    weighting: Annotated[str, typer.Option("--weighting", help="count, jaccard, cosine, idf or newman.")] = "idf",
) -> Report:
    """Find groups that share more with each other than with others, named by what holds them together."""
    from kg.network import read
    from kg.network.communities import communities as run
    from kg.network.communities import communities_sentence
    from kg.network.projection import weighting_named

    facts = read(asked.store)
    kinds = of, through, weighting_named(weighting)
    found = run(facts, of, through=through, weighting=kinds[2], choice=asked.choice)
    sentence = communities_sentence(found, of, through)
    return Report(
        columns=("held together by", "members", "density", "which"),
        rows=[(each.name, len(each.members), round(each.density, 2), labels(each.members)) for each in found],
        sentence=sentence,
        data=[
            {"name": e.name, "density": e.density, "through": names(e.through), "members": names(e.members)}
            for e in found
        ],
        picture=lambda: _communities_picture(asked, facts, found, kinds, sentence),
    )


def central(asked: Asked, top: Top = 15) -> Report:
    """List the owners and methods that stand in the middle: those over which most shortest ways lead."""
    from kg.drawing.bars import Bar, bars_picture
    from kg.network import read
    from kg.network.standing import central as run
    from kg.network.standing import central_sentence

    facts = read(asked.store)
    found = run(facts, choice=asked.choice)
    shown, sentence = found[:top], central_sentence(found)
    return Report(
        columns=("kind", "name", "projects", "betweenness"),
        rows=[(each.node.kind, each.node.label, each.projects, round(each.betweenness, 4)) for each in shown],
        sentence=sentence,
        data=[
            {**name(e.node), "projects": e.projects, "betweenness": e.betweenness, "estimated": e.estimated}
            for e in shown
        ],
        picture=lambda: bars_picture(
            [
                Bar(
                    e.node.label,
                    e.betweenness,
                    f"{percent(e.betweenness)}, {counted(e.projects, 'project')}",
                    e.node.kind,
                )
                for e in shown
            ],
            title="Who stands in the middle",
            description=sentence,
            source=f"Share of the shortest ways between others that lead over each. {asked.source(facts)}",
        ),
    )


def bridges(asked: Asked) -> Report:
    """List the owners and methods without which a part of the network falls apart."""
    from kg.drawing import projects_picture
    from kg.network import read, selected
    from kg.network.standing import bridges as run
    from kg.network.standing import bridges_sentence

    facts = read(asked.store)
    found = run(facts, choice=asked.choice)
    joined = dict.fromkeys(project.key for each in found for project in each.projects)
    return Report(
        columns=("kind", "name", "projects", "parts without it", "which projects"),
        rows=[
            (e.node.kind, e.node.label, len(e.projects), ", ".join(map(str, e.parts)), labels(e.projects))
            for e in found
        ],
        sentence=bridges_sentence(found),
        data=[{**name(e.node), "projects": names(e.projects), "parts": list(e.parts)} for e in found],
        picture=lambda: projects_picture(
            selected(facts, joined),
            title="Projects that a bridge joins",
            source=asked.source(facts),
            first=list(joined),
        ),
    )


def components(asked: Asked, top: Top = 15) -> Report:
    """Show the separate parts of the network of projects, owners and methods."""
    from kg.drawing.bars import Bar, bars_picture
    from kg.network import read
    from kg.network.shape import components as run
    from kg.network.shape import components_sentence

    facts = read(asked.store)
    found = run(facts, choice=asked.choice)
    sentence = components_sentence(found)
    return Report(
        columns=("projects", "owners", "methods", "which owners", "which projects"),
        rows=[
            (len(e.projects), len(e.owners), len(e.methods), labels(e.owners), labels(e.projects)) for e in found[:top]
        ],
        sentence=sentence,
        data=[{"projects": names(e.projects), "owners": names(e.owners), "methods": names(e.methods)} for e in found],
        picture=lambda: bars_picture(
            [
                Bar(labels(e.owners) or labels(e.projects), len(e.projects), counted(len(e.projects), "project"))
                for e in found[:top]
            ],
            title="Separate parts of the network",
            description=sentence,
            source=asked.source(facts),
        ),
    )


def concentration(asked: Asked, top: Top = 15) -> Report:
    """Show how the projects are spread over owners."""
    from kg.drawing.bars import Bar, bars_picture
    from kg.network import read
    from kg.network.shape import concentration as run
    from kg.network.shape import concentration_sentence

    facts = read(asked.store)
    found = run(facts, choice=asked.choice)
    shown, sentence = found.holdings[:top], concentration_sentence(found)
    return Report(
        columns=("owner", "projects", "share", "planned participants"),
        rows=[(h.owner.label, h.projects, round(h.share, 4), h.participants) for h in shown],
        sentence=sentence,
        data=[
            {**name(h.owner), "projects": h.projects, "share": h.share, "participants": h.participants}
            for h in found.holdings
        ],
        picture=lambda: bars_picture(
            [
                Bar(h.owner.label, h.projects, f"{counted(h.projects, 'project')}, {h.share:.0%}", "owner")
                for h in shown
            ],
            title="Who has most projects",
            description=sentence,
            source=asked.source(facts),
        ),
    )


def _communities_picture(
    asked: Asked, facts: Facts, found: Sequence[Community], kinds: tuple[str, str, Weighting], sentence: str
) -> str:
    from kg.drawing.cloud import cloud_picture
    from kg.network.excerpt import excerpt
    from kg.network.pair_graph import graph_of_pairs
    from kg.network.projection import projection

    of, through, weighting = kinds
    pairs = projection(facts, of, through=through, weighting=weighting, top=_DRAWN, choice=asked.choice)
    pairs = excerpt(pairs, [[member.id for member in each.members] for each in found], things=_DRAWN, each=_LINES)
    graph = graph_of_pairs(pairs, facts, choice=asked.choice)
    graph.remove_nodes_from([node for node, degree in graph.degree() if not degree])
    groups = {each.name: [member.id for member in each.members if member.id in graph] for each in found}
    left = sum(len(each.members) for each in found) - graph.number_of_nodes()
    more = f" {left:,} others are not drawn.".replace(",", " ") if left else ""
    return cloud_picture(
        graph,
        {name: members for name, members in groups.items() if members},
        title=f"Communities: {of} through {through}",
        description=sentence,
        source=f"Each is linked with those with which it shares most by {through}.{more} {asked.source(facts)}",
    )
