"""The rule file: every rule names what exists, does what its examples say, and is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg.methods
from kg import ontology, resources
from kg.errors import InputError
from kg.methods import Extractor, rulebook
from kg.methods.gold import read_gold
from kg.methods.lexicon import names
from kg.methods.rules import Context

RULES = rulebook.installed()
CONCEPTS = {concept.id: concept for concept in ontology.load().concepts("methods")}
SPELLINGS = {(name.method, name.written.lower()) for name in names(CONCEPTS.values(), RULES.names.extra)}


def _id(context: Context) -> str:
    return f"{context.methods[0]}-{min(context.labels, default='all')}"


@pytest.mark.parametrize("context", RULES.contexts, ids=_id)
def test_a_context_rule_names_methods_and_spellings_of_the_scheme(context: Context) -> None:
    for method in context.methods:
        assert method in CONCEPTS
        for label in context.labels:
            assert (method, label) in SPELLINGS


@pytest.mark.parametrize("context", RULES.contexts, ids=_id)
def test_a_context_rule_does_what_its_examples_say(context: Context, extractor: Extractor) -> None:
    assert context.yes
    assert context.no or "@free" in context.conditions or not (context.demanding or context.blocked)
    for text in context.yes:
        assert {use.method for use in extractor.extract(text).uses} & set(context.methods), text
    for text in context.no:
        found = extractor.extract(text)
        assert not {use.method for use in found.uses} & set(context.methods), text
        assert found.rejected, text


def test_the_lists_of_methods_hold_only_methods_of_the_scheme() -> None:
    for method, boilerplate in RULES.boilerplate.items():
        assert method in CONCEPTS
        assert {(method, label) for label in boilerplate.labels} <= SPELLINGS
    assert {method for method, _ in RULES.names.extra} <= CONCEPTS.keys()


@pytest.mark.parametrize("phrase", RULES.names.never)
def test_a_phrase_that_is_never_a_method_holds_a_label_and_is_refused(phrase: str, extractor: Extractor) -> None:
    found = extractor.extract(f"Det gäller {phrase} i kommunen.")
    assert not found.uses
    assert any(one.reason.startswith("never") for one in found.rejected)


def test_every_cue_gives_the_right_role_to_some_sentence(extractor: Extractor) -> None:
    """A rule that decides nothing in a thousand sentences is not needed."""
    fired: set[str] = set()
    for name in ("sentences.jsonl", "own-sentences.jsonl", "unseen-sentences.jsonl"):
        for case in read_gold(Path(__file__).parent / name, ontology.load()):
            expected = {(one.method, one.role) for one in case.expected}
            uses = extractor.extract(case.text).uses
            fired |= {
                use.rule.partition("+")[2].removeprefix("list-") for use in uses if (use.method, use.role) in expected
            }
    assert {cue.name for cue in RULES.cues} <= fired


def test_every_confidence_is_that_of_a_rule() -> None:
    sources = "".join(path.read_text("utf-8") for path in Path(kg.methods.__file__).parent.glob("*.py"))
    unknown = [name for name in RULES.confidence if f'"{name}"' not in sources]
    assert not unknown
    assert all(0.5 <= value <= 1 for value in RULES.confidence.values())


def test_cues_cover_every_role_but_the_denial() -> None:
    assert {cue.role for cue in RULES.cues} == {"develops", "trains", "builds-on", "uses", "mentions"}
    assert all(cue.strength > 1 for cue in RULES.cues)


@pytest.mark.parametrize("bands", ["[[0.5, 0.9]]", "[[0.5, 0.7], [0.8, 0.9], [0, 0.5]]", "[]"])
def test_the_bands_of_the_clues_go_down_to_nothing(tmp_path: Path, bands: str) -> None:
    text = (resources.folder("ontology") / rulebook.FILE).read_text("utf-8")
    changed = "\n".join(f"bands = {bands}" if line.startswith("bands = ") else line for line in text.splitlines())
    (tmp_path / "rules.toml").write_text(changed, encoding="utf-8")
    with pytest.raises(InputError, match="bands"):
        rulebook.read(tmp_path / "rules.toml")


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ('role = "builds-on"', 'role = "builds"', "builds"),
        ('"@free"', '"@fri"', "@fri"),
        ("<outcome>", "<utfall>", "<utfall>"),
        ("[negation]", "[denial]", "negation"),
        ('"i praktiken"', "i praktiken", "cannot be read"),
        ("vidare? på … ~", "~ vidare? på", "~ vidare"),
    ],
)
def test_a_mistake_in_the_rule_file_is_named(tmp_path: Path, before: str, after: str, problem: str) -> None:
    text = (resources.folder("ontology") / rulebook.FILE).read_text("utf-8")
    assert before in text
    (tmp_path / "rules.toml").write_text(text.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(InputError, match=problem):
        rulebook.read(tmp_path / "rules.toml")


def test_an_extractor_takes_other_rules(tmp_path: Path) -> None:
    text = (resources.folder("ontology") / rulebook.FILE).read_text("utf-8")
    path = tmp_path / "rules.toml"
    path.write_text(text.replace('"lärdom*|slutsats*', '"slutsats*'), encoding="utf-8")
    sentence = "Lärdom från Supported Employment finns."
    (usual,) = Extractor(ontology.load()).extract(sentence).uses
    (other,) = Extractor(ontology.load(), path).extract(sentence).uses
    assert (usual.rule, other.rule) == ("label+builds-on", "label+clues")
