"""Questions of `kg network` that look for something: similar projects, the spread of a method, gaps, shared text."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.questions import Asked, Report, Shown, Top, labels, name, names, question
from kg.counting import counted
from kg.errors import InputError, UsageError
from kg.vocabulary import project_key

if TYPE_CHECKING:
    from kg.network import Facts
    from kg.network.reuse import Passage
    from kg.network.similar import Similar
    from kg.network.spread import Gap


def register(commands: typer.Typer) -> None:
    """Add the questions to the group `kg network`."""
    for answer in (similar, diffusion, gaps, reuse):
        commands.command(name=answer.__name__)(question(answer))


def similar(
    asked: Asked,
    project: Annotated[str | None, typer.Argument(help="Diary number or key of a project.")] = None,
    text: Annotated[
        Path | None, typer.Option("--text", help="File with an idea in a few sentences; - reads standard input.")
    ] = None,
    top: Top = 5,
) -> Report:
    """Find the projects most like a project, or like an idea, with reasons and whom to contact."""
    from kg.drawing import projects_picture
    from kg.network import read, selected
    from kg.network.library import methods_of
    from kg.network.similar import Likeness
    from kg.network.texts import descriptions

    if (project is None) == (text is None):
        raise UsageError("name a project, or give an idea with --text FILE")
    facts = read(asked.store)
    likeness = Likeness(facts, descriptions(asked.store))
    if project is not None:
        found = likeness.to_project(project, top=top, choice=asked.choice)
    else:
        idea = _idea(text or Path("-"))
        found = likeness.to_text(idea, methods_of(idea, asked.store), region=asked.choice.region, top=top)
    shown = [*([project_key(project)] if project else []), *(each.project.key for each in found)]
    return Report(
        columns=("score", "project", "name", "contact", "because"),
        rows=[
            (
                round(each.score, 3),
                each.project.key,
                each.project.label,
                labels(each.owners),
                "\n".join(f"{reason.part:.2f} {reason.text}" for reason in each.reasons),
            )
            for each in found
        ],
        sentence=_most_alike(found),
        data=[_likeness_data(each) for each in found],
        picture=lambda: projects_picture(
            selected(facts, shown), title="Projects that are alike", source=asked.source(facts), first=shown
        ),
    )


def diffusion(
    asked: Asked, method: Annotated[str, typer.Argument(help="Id or name of a method, in Swedish or English.")]
) -> Report:
    """Show who had a method first, and where it went, by day, owner and region."""
    from kg.drawing.timeline import timeline_picture
    from kg.network import read
    from kg.network.spread import diffusion as run
    from kg.network.spread import diffusion_sentence, method_of

    facts = read(asked.store)
    found, node = run(facts, method, choice=asked.choice), method_of(facts, method)
    sentence = diffusion_sentence(found, node)
    return Report(
        columns=("start", "project", "owner", "region", "role", "new region"),
        rows=[
            (s.start or None, s.project.label, labels(s.owners), labels(s.regions), ", ".join(s.roles), s.new_region)
            for s in found
        ],
        sentence=sentence,
        data=[
            {
                "start": s.start or None,
                "project": name(s.project),
                "owners": names(s.owners),
                "regions": names(s.regions),
                "roles": list(s.roles),
                "new_region": s.new_region,
                "new_owner": s.new_owner,
            }
            for s in found
        ],
        picture=lambda: timeline_picture(
            found, title=f"{node.label} in time", description=sentence, source=asked.source(facts)
        ),
    )


def gaps(
    asked: Asked,
    by: Annotated[str, typer.Option("--by", help="Where methods may be missing: region or owner-type.")] = "region",
    at_least: Annotated[int, typer.Option("--at-least", min=1, help="Projects that make a method in demand.")] = 2,
    top: Top = 15,
) -> Report:
    """Show where a method in demand is unused, and which owners share a method but no project."""
    from kg.network import read
    from kg.network.spread import gaps as run
    from kg.network.spread import gaps_sentence, strangers

    facts = read(asked.store)
    found = run(facts, by, at_least=at_least, choice=asked.choice)
    pairs = strangers(facts, most=top, choice=asked.choice)
    sentence, places = gaps_sentence(found, pairs), _places(asked, facts)
    unused = [
        ("unused", each.method.label, places.get(each.place, each.place), each.projects, labels(each.nearest))
        for each in found[:top]
    ]
    call = [("should call", each.one.label, each.other.label, None, labels(each.methods)) for each in pairs]
    return Report(
        columns=("gap", "what", "where", "projects elsewhere", "ask or share"),
        rows=[*unused, *call],
        sentence=sentence,
        data=[
            *(
                {
                    "gap": "unused",
                    "method": name(e.method),
                    "place": e.place,
                    "projects": e.projects,
                    "expected": e.expected,
                    "nearest": names(e.nearest),
                }
                for e in found
            ),
            *({"gap": "should call", "owners": names((e.one, e.other)), "methods": names(e.methods)} for e in pairs),
        ],
        picture=lambda: _gaps_picture(asked, facts, found, by, sentence),
    )


def reuse(
    asked: Asked,
    words: Annotated[int, typer.Option("--words", min=8, help="Fewest words of a passage.")] = 8,
) -> Report:
    """Show passages that the descriptions of two projects share word for word."""
    from kg.drawing import projects_picture
    from kg.network import read, selected
    from kg.network.matrices import chosen_projects
    from kg.network.reuse import passages
    from kg.network.texts import descriptions

    facts = read(asked.store)
    chosen = chosen_projects(facts, asked.choice)
    found = passages({k: text for k, text in descriptions(asked.store).items() if k in chosen}, at_least=words)
    pairs = {(each.first, each.second) for each in found}

    def picture() -> str:
        longest = sorted(found, key=lambda each: -each.words)
        shown = dict.fromkeys(facts.nodes[project].key for each in longest for project in (each.first, each.second))
        title, source = "Projects that share text", asked.source(facts)
        return projects_picture(selected(facts, shown), title=title, source=source, first=list(shown))

    return Report(
        columns=("words", "project", "other project", "passage"),
        rows=Shown(found, lambda each: (each.words, *_labels_of(facts, each), each.text)),
        sentence=(
            f"{counted(len(found), 'passage')} of {words} words or more in the descriptions of two projects,"
            f" in {counted(len(pairs), 'pair')}."
        ),
        data=Shown(found, partial(_passage_data, facts)),
        picture=picture,
    )


def _labels_of(facts: Facts, passage: Passage) -> tuple[str, str]:
    return facts.nodes[passage.first].label, facts.nodes[passage.second].label


def _passage_data(facts: Facts, passage: Passage) -> dict[str, object]:
    return {
        "first": name(facts.nodes[passage.first]),
        "second": name(facts.nodes[passage.second]),
        "words": passage.words,
        "text": passage.text,
        "first_offsets": [passage.first_start, passage.first_end],
        "second_offsets": [passage.second_start, passage.second_end],
    }


def _likeness_data(each: Similar) -> dict[str, object]:
    return {
        "project": name(each.project),
        "score": each.score,
        "owners": names(each.owners),
        "reasons": [{"side": r.side, "part": r.part, "text": r.text, "quotes": list(r.quotes)} for r in each.reasons],
    }


def _most_alike(found: Sequence[Similar]) -> str:
    if not found or not found[0].reasons:
        return "Nothing is like it."
    first = found[0]
    return (
        f"Most like it is {first.project.label}: {first.reasons[0].text}. Contact {labels(first.owners) or 'nobody'}."
    )


def _idea(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}") from error


def _gaps_picture(asked: Asked, facts: Facts, found: Sequence[Gap], by: str, sentence: str) -> str:
    from kg.drawing.bars import Bar, bars_picture
    from kg.drawing.regions import regions_picture
    from kg.ontology import load

    count, places = Counter(gap.place for gap in found), _places(asked, facts)
    title = "Methods in demand that are unused"
    if by != "region":
        bars = [
            Bar(places.get(place, place), number, counted(number, "method")) for place, number in count.most_common()
        ]
        return bars_picture(bars, title=title, description=sentence, source=asked.source(facts))
    names = {concept.id: concept.pref["sv"] for concept in load(asked.store.base).concepts("regions")}
    counts = {place.removeprefix("region:"): float(number) for place, number in count.items()}
    there = {link.target.removeprefix("region:") for link in facts.links if link.relation == "region"}
    return regions_picture(
        counts,
        names,
        title=title,
        description=sentence,
        source=asked.source(facts),
        unit="methods",
        absent={code: "no project" for code in names if code not in there},
    )


def _places(asked: Asked, facts: Facts) -> Mapping[str, str]:
    """Return the names of regions and of types of owners."""
    from kg.ontology import load

    types = {concept.id: concept.pref["sv"] for concept in load(asked.store.base).concepts("owner-types")}
    return types | {node.id: node.label for node in facts.nodes.values() if node.kind == "region"}
