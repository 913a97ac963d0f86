"""The parts of the recognition: normalising, sentences, spellings, phrases, definitions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import InputError
from kg.methods import Extractor
from kg.methods.definitions import spells
from kg.methods.misspelling import one_mistake
from kg.methods.normalise import normalise
from kg.methods.phrase_index import PhraseIndex
from kg.methods.phrases import phrase, words
from kg.methods.sentences import Sentences

LETTERS = st.text(alphabet="abcdefåäö -", min_size=6, max_size=14)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("Em-\nployment", "Employment"),
        ("grund- läggande", "grundläggande"),
        ("bas- och påbyggnad", "bas- och påbyggnad"),
        ("bas-\noch påbyggnad", "bas- och påbyggnad"),
        ("SE-\nmetoden", "SE-metoden"),
        ("Socia´l- och", "Social- och"),
        ("fo?r att ga?rna", "för att gärna"),
        ("Varför? Jo", "Varför? Jo"),
        ("mo\u0308te", "möte"),
        ("tj\u00adänst", "tjänst"),
        ("a \r\n\r\n b", "a\n\nb"),
        ("pro\ufb01l", "profil"),
        ("två  ord", "två ord"),
        ("İ1", "I1"),
    ],
)
def test_layout_that_splits_words_is_undone(text: str, normal: str) -> None:
    found = normalise(text)
    assert found.text == normal
    assert len(found.lower) == len(found.scan) == len(normal)


@given(st.text(alphabet="aå o?-\n\u00ad\u0308´ﬁ\u00a0.", max_size=30))
def test_every_normalised_character_leads_to_its_place(text: str) -> None:
    found = normalise(text)
    spans = [found.span(at, at + 1) for at in range(len(found.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vi kan t.ex. prova. Sedan slutar vi.", ["Vi kan t.ex. prova.", "Sedan slutar vi."]),
        ("Kostnad 5 mkr. Delrapport kommer.", ["Kostnad 5 mkr.", "Delrapport kommer."]),
        ("Utlysning (dnr. 2016/00739) gäller.", ["Utlysning (dnr. 2016/00739) gäller."]),
        ("En lång rad som bryts mitt i meningen utan någon punkt alls\noch går vidare.", None),
        ("Metoder\n• MI\n• SE", ["Metoder", "MI", "SE"]),
        ("Slut.Nästa börjar på merit.nu i dag.", ["Slut.", "Nästa börjar på merit.nu i dag."]),
        ("1. Utöka stödet\n2. Bygga upp ett centrum.", ["Utöka stödet", "Bygga upp ett centrum."]),
        ("Är det så? Ja!", ["Är det så?", "Ja!"]),
    ],
)
def test_sentences_end_where_swedish_ends_them(text: str, expected: list[str] | None) -> None:
    sentences = Sentences(text)
    found = list(dict.fromkeys(sentences.at(position) for position in range(len(text))))
    assert [text[one.start : one.end] for one in found] == (expected or [text])


def test_the_line_above_a_list_and_the_heading_are_known() -> None:
    text = "Arbetssätt\n\nVi använder:\n• MI\n• SE\n\nSlutet är en vanlig rad text."
    sentences = Sentences(text)
    item = sentences.at(text.index("SE"))
    last = sentences.at(text.index("vanlig"))
    assert item.block.item
    assert item.block.lead is not None
    assert text[slice(*item.block.lead)] == "Vi använder:"
    assert last.block.lead is None


@given(LETTERS, st.integers(0, 12), st.sampled_from("xyz"))
def test_one_wrong_missing_or_added_letter_is_one_mistake(word: str, at: int, letter: str) -> None:
    place = at % (len(word) - 1)
    added = word[:place] + letter + word[place:]
    assert one_mistake(added, word) in (len(word), len(added))
    if word[place].isalpha():
        wrong = word[:place] + letter + word[place + 1 :]
        assert one_mistake(wrong, word) in (len(word) - 1, len(word), len(word) + 1)
    assert one_mistake(word, word) == 0
    assert one_mistake("xyzxyzxyzxyzxyz", word) == 0


def test_phrases_find_words_beginnings_endings_options_and_gaps() -> None:
    lists = {"staff": ["personal*", "chefer"]}
    written = ("utbild* … i", "<staff> får vidare? stöd", "*kurs|*kurser")
    index = PhraseIndex(phrase(one, lists) for one in written)
    sentence = words("personalen får stöd och utbildas under ett år i en grundkurs")
    assert [(found.number, found.first, found.last) for found in index.find(sentence)] == [
        (1, 0, 3),
        (0, 4, 9),
        (2, 10, 11),
    ]


@pytest.mark.parametrize("written", ["", "… ord", "ord? två", "ord …", "ett ~ mitt", "<okänd> ord"])
def test_a_phrase_that_means_nothing_is_refused(written: str) -> None:
    with pytest.raises(InputError):
        phrase(written, {})


@pytest.mark.parametrize(
    ("abbreviation", "text", "expected"),
    [
        ("BIP", "Bruttoinlandsprodukt", True),
        ("SUS", "Skånes universitetssjukhus", True),
        ("MI", "musikinriktning", True),
        ("SIP", "samverkan i länet", False),
        ("SE", "Sverige och övriga Europa", False),
    ],
)
def test_words_that_spell_an_abbreviation_out_are_known(abbreviation: str, text: str, expected: bool) -> None:
    assert spells(abbreviation, text) is expected


def test_a_text_that_defines_an_abbreviation_otherwise_rejects_it_everywhere(extractor: Extractor) -> None:
    text = "Multipel intelligens (MI) är ett begrepp. Metoderna MI och KBT nämns."
    found = extractor.extract(text)
    assert [use.method for use in found.uses] == ["cbt"]
    assert [one.reason for one in found.rejected] == ["the document spells out MI as something else"] * 2


def test_best_uses_keep_one_of_each_method_and_role_and_drop_told_mentions(extractor: Extractor) -> None:
    text = (
        "En föreläsning om tjänstedesign hölls. Vi använder tjänstedesign. Projektet arbetar med tjänstedesign. "
        "Personalen utbildas i tjänstedesign. Förra året användes inte Lean i verksamheten."
    )
    found = extractor.extract(text)
    assert [use.role for use in found.uses if use.method == "service-design"] == ["mentions", "uses", "uses", "trains"]
    best = [(use.method, use.role) for use in found.best_uses()]
    assert best[:2] == [("service-design", "uses"), ("service-design", "trains")]
