from __future__ import annotations

import pickle

from hypothesis import example, given
from hypothesis import strategies as st

from kg import ontology
from kg.methods import Extractor

EXTRACTOR = Extractor(ontology.load())
NAMES = (
    "Supported Employment",
    "SE-metoden",
    "motiverande samtal",
    "MI",
    "tjänstedesignmetoder",
    "arbetsträning",
    "IPS",
)
NOISE = (
    " ",
    "\n",
    "\n\n",
    "-\n",
    "\u00ad",
    "\u00a0",
    "• ",
    "o\u0308",
    "fo?r",
    "´",
    "\ufb01",
    "İ",
    ". ",
    "inte ",
    "/",
    "-",
)
TEXTS = st.lists(st.sampled_from(NAMES + NOISE) | st.text(max_size=5), max_size=14).map("".join)


@given(TEXTS)
@example("Projektet arbetar med Supported Em-\nployment i två kommuner.")
@example("Supported\r\n\r\nEmployment")
def test_offsets_point_into_the_text_that_was_given(text: str) -> None:
    found = EXTRACTOR.extract(text)
    assert [use.start for use in found.uses] == sorted(use.start for use in found.uses)
    for use in found.uses:
        assert text[use.start : use.end] == use.matched
        assert use.quote in text
        assert use.matched in use.quote
        assert 0 <= use.confidence <= 1
    for rejected in found.rejected:
        assert text[rejected.start : rejected.end] == rejected.matched


def test_an_extractor_can_be_sent_to_another_process() -> None:
    copy = pickle.loads(pickle.dumps(EXTRACTOR))
    text = "Vi arbetar med Supported Employment och motiverande samtal."
    assert copy.extract(text) == EXTRACTOR.extract(text) != Extractor(ontology.load()).extract("")
