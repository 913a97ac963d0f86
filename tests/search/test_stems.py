from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.search.stems import stem

FORMS = (
    "metod metoden metoder metoderna metodernas",
    "deltagare deltagaren deltagarna deltagarnas deltagares",
    "arbete arbetet arbeten arbetets",
    "kommun kommunen kommuner kommunerna kommunens",
    "utbildning utbildningen utbildningar utbildningarna",
    "resultat resultaten resultatet",
    "samordningsförbund samordningsförbundet samordningsförbunden samordningsförbundens",
    "jobbcoach jobbcoacher jobbcoachen jobbcoachernas",
    "lokal lokala lokalt",
    "kvinna kvinnan kvinnor kvinnorna kvinnors",
    "hälsa hälsan hälsans",
    "strategi strategin strategier strategierna",
    "kompetens kompetensen kompetenser",
    "ung unga",
    "svensk svenska svenskt",
)
APART = ("arbete arv", "län lån lön", "mål mall", "kurs kursiv", "ungdom ung", "metod meteor", "bip bibel", "stad stat")


@pytest.mark.parametrize("forms", FORMS)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1, [stem(form) for form in forms.split()]


@pytest.mark.parametrize("words", APART)
def test_other_words_have_another(words: str) -> None:
    assert len({stem(word) for word in words.split()}) == len(words.split())


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzåäö", min_size=1, max_size=30))
def test_a_stem_keeps_the_beginning_of_its_word(word: str) -> None:
    found = stem(word)
    assert found
    assert word.startswith(found)
