"""The descriptions of projects, and the words in them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache

from kg.network.rows import rows
from kg.store import Store
from kg.vocabulary import Names

_WORD = re.compile(r"[^\W\d_]{3,}")
_FUNCTION_WORDS = frozenset(
    """alla allt andra annan att av blir bli både dem den denna deras dess dessa det detta där därför efter eller en ett
    exempelvis finna finnas flera för från genom ha han hon hur här ingen inom inte kan kommer komma kring kunna med
    medan mellan men mer mot mycket många när något någon och också olika om på samt sedan sig sin skall som ställa så
    sådan sätt till upp ur ut utan utifrån vad vara vid vilja vilka vilken vår än är även över skola bland dels eftersom
    göra få ska vill varje varken vi man ni jag du min""".split()
)
"""Words that hold a sentence together and say nothing of what a project does."""


def descriptions(store: Store) -> Mapping[str, str]:
    """Return the description of each project that has one, by node id, sorted; the Swedish one if there are several.

    Raises:
        EndpointError: the server fails.
    """
    start = Names(store.base).thing("project")
    found: dict[str, dict[bool, str]] = {}
    for row in rows(store, {"description": "dcterms:description"}):
        if row.subject.startswith(start):
            known = found.setdefault(f"project:{row.subject.removeprefix(start)}", {})
            swedish = row.language == "sv"
            # Of several texts the longest says most; equally long ones are told apart by their letters.
            known[swedish] = max(known.get(swedish, ""), row.text, key=lambda text: (len(text), text))
    return {project: texts.get(True) or texts[False] for project, texts in sorted(found.items())}


def words_of(text: str) -> list[str]:
    """Return the words of a text as they stand there, in lower case.

    >>> words_of("Två av 24 insatser!")
    ['två', 'insatser']
    """
    return _WORD.findall(text.lower())


def lemma_counts(text: str) -> Counter[str]:
    """Return how often each word of a Swedish text occurs, in dictionary form and lower case, without function words.

    >>> lemma_counts("Deltagarna ska söka arbete. Deltagare söker.")
    Counter({'deltagare': 2, 'söka': 2, 'arbete': 1})
    """
    found: Counter[str] = Counter()
    for word, number in Counter(words_of(text)).items():
        lemma = _lemma(word)
        if lemma not in _FUNCTION_WORDS:
            found[lemma] += number
    return found


class Places(dict[str, int]):
    """The places of words in `names`, the dictionary forms met so far: 0, a form of no word, for function words."""

    def __init__(self) -> None:
        self.names = [""]
        self._forms = dict.fromkeys(_FUNCTION_WORDS, 0)

    def __missing__(self, word: str) -> int:
        form = _lemma(word)
        place = self._forms.setdefault(form, len(self.names))
        if place == len(self.names):
            self.names.append(form)
        self[word] = place
        return place


@lru_cache(maxsize=1 << 18)
def _lemma(word: str) -> str:
    from simplemma import lemmatize

    return str(lemmatize(word, lang="sv")).lower()
