"""`kg methods list`, `show`, `add` and `check`: the scheme of methods, to look at, to add to, and to keep sound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.output import message, write_json, write_rows
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.ontology import Concept

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(commands: typer.Typer) -> None:
    """Add the commands to `commands`."""
    commands.command("list")(list_methods)
    commands.command()(show)
    commands.command()(add)
    commands.command()(check)


def list_methods(as_json: AsJson = False) -> None:
    """List the methods of the scheme with their group."""
    concepts = _scheme()
    groups = {concept.id: concept for concept in concepts if not concept.broader}
    rows = [
        (concept.id, concept.pref.get("sv", ""), _group(concept, concepts, groups))
        for concept in concepts
        if concept.broader and not concept.deprecated
    ]
    if as_json:
        write_json([dict(zip(("id", "label", "group"), row, strict=True)) for row in rows])
    else:
        write_rows(("id", "label", "group"), rows)


def show(method: Annotated[str, typer.Argument(help="Id or label of a method.")], as_json: AsJson = False) -> None:
    """Show one method: labels, definition, what its name can be mistaken for, and the rules about it."""
    from kg import ontology
    from kg.methods import rulebook
    from kg.methods.scheme import current

    known = ontology.load()
    concept = current(known, method)
    if concept is None:
        raise UsageError(f"the scheme has no method {method!r}; kg methods list names them")
    about = [context for context in rulebook.installed().contexts if concept.id in context.methods]
    facts: dict[str, Any] = {
        "id": concept.id,
        "label": dict(concept.pref),
        "other_labels": [label.value for label in concept.alt],
        "definition": dict(concept.definition),
        "scope_note": dict(concept.scope_notes),
        "broader": list(concept.broader),
        "unconfirmed": concept.unconfirmed,
        "rules": [context.reason for context in about],
    }
    if (asked := known.concept("methods", method)) and asked.deprecated and asked.id != concept.id:
        message(f"{asked.id} is no longer used; {concept.id} has taken its place.")
    if as_json:
        write_json(facts)
    else:
        write_rows(("what", "value"), [(key, _plain(value)) for key, value in facts.items()])


def add(
    label: Annotated[str, typer.Argument(help="Swedish name of the method.")],
    broader: Annotated[str, typer.Option(help="Group or broader method; kg methods list names them.")],
    definition: Annotated[str, typer.Option(help="What it is, in one Swedish sentence.")],
    definition_en: Annotated[str, typer.Option(help="The same in English.")],
    label_en: Annotated[str | None, typer.Option(help="English name; by default the Swedish one.")] = None,
    spelling: Annotated[list[str] | None, typer.Option(help="Another Swedish spelling; may be repeated.")] = None,
    origin: Annotated[str, typer.Option(help="Who made it, where and when.")] = "",
    source: Annotated[str, typer.Option(help="Address of a page about it.")] = "",
    key: Annotated[str, typer.Option("--id", help="Id, never changed later; by default made from the name.")] = "",
    file: Annotated[Path | None, typer.Option(help="File of the scheme; by default the installed methods.ttl.")] = None,
    only_print: Annotated[bool, typer.Option("--print", help="Print the block and change nothing.")] = False,
) -> None:
    """Add a method to the scheme; the next build links the projects that name it."""
    from kg import ontology, resources
    from kg.methods import adding
    from kg.methods.integrity import FILE

    path = file or resources.folder("ontology") / FILE
    known = ontology.load(folder=path.parent) if (path.parent / "kg.ttl").is_file() else ontology.load()
    new = adding.NewMethod(
        label=label,
        label_en=label_en or label,
        definition=definition,
        definition_en=definition_en,
        broader=broader,
        id=key,
        spellings=tuple(spelling or ()),
        origin=origin,
        source=source,
    )
    if only_print:
        typer.echo(adding.block(new, known), nl=False)
        return
    typer.echo(adding.add(path, new, known), nl=False)
    message(f"{new.key} now stands in {path.name}; the next kg build links the projects that name it.")


def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of the ontology; by default the installed one.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check the scheme of methods and the rules about them: labels, groups, what has been replaced, examples."""
    from dataclasses import asdict

    from kg import resources
    from kg.methods.integrity import faults
    from kg.methods.rule_check import rule_faults

    place = folder or resources.folder("ontology")
    found = faults(place) or rule_faults(place)
    if as_json:
        write_json([asdict(fault) for fault in found])
    elif found:
        rows = [(f"{fault.file}:{fault.line}", fault.id, fault.rule, fault.problem) for fault in found]
        write_rows(("line", "where", "rule", "problem"), rows)
    if found:
        message(f"Faults in the scheme of methods or in the rules: {len(found)}.")
        raise typer.Exit(1)
    message("The scheme of methods is sound, and every rule does what its examples say.")


def _scheme() -> tuple[Concept, ...]:
    from kg import ontology

    concepts: tuple[Concept, ...] = ontology.load().concepts("methods")
    return concepts


def _group(concept: Concept, concepts: Sequence[Concept], groups: dict[str, Concept]) -> str:
    by_id = {one.id: one for one in concepts}
    while concept.broader:
        concept = by_id[concept.broader[0]]
    return groups[concept.id].pref.get("sv", concept.id)


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}: {text}" for key, text in value.items())
    return "\n".join(map(str, value)) if isinstance(value, list) else str(value)
