"""Names of organisations as text: tidied, folded to the form in which two spellings are equal, in ordinary capitals."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ACCENTS = "\u00b4\u0060\u02cb\u02ca\u2032"
_STRAY_ACCENTS = re.compile(rf"(?<=\w)[{_ACCENTS}](?=\w|-)")
_ACCENT = re.compile(rf"[{_ACCENTS}]")
_FOREIGN = re.compile(r"[^\x00-\x7fåäö]")
_WORDS = re.compile(r"[\w+]+")
_LOWER_WORDS = frozenset(
    """kommun kommuner län läns stad och i av för på till vid med samt från de den det universitet högskola pastorat
    församling landsting förening folkhögskola kommunförbund samordningsförbund stiftelse gymnasium skola ideell
    ekonomisk förvaltning enheten avdelningen utbildning""".split()
)
_UPPER_WORDS = frozenset(
    """AB HB KB AF SKR SKL KFUM KFUK ABF RAR RSMH IF IK BK FC UF
    ESF EU IOGT NTO SV TBV LO TCO SFI IT HSB IVL RISE SISU""".split()
)
_BODIES = {"kommuns": "kommun", "stad": "kommun", "stads": "kommun", "kommun": "kommun"}
_COUNTY_BOARD = frozenset(("länsstyrelsen", "länsstyrelse"))
_LEGAL_FORMS = {"aktiebolag": "ab", "aktiebolaget": "ab", "kungl": "kungliga"}


def tidy_name(name: str) -> str:
    """Return a name without stray accents and doubled spaces, in composed Unicode form.

    >>> tidy_name("Socia´l- och  omsorgsförvaltningen")
    'Social- och omsorgsförvaltningen'
    """
    composed = unicodedata.normalize("NFC", name)
    if _ACCENT.search(composed):
        composed = _STRAY_ACCENTS.sub("", composed)
    return " ".join(composed.split()).strip(" ,;")


def plain_word(word: str) -> str:
    """Fold case and accents that are not Swedish letters (`Actìva`), keep å, ä and ö.

    >>> plain_word("Actìva"), plain_word("ÅMÅL")
    ('activa', 'åmål')
    """
    folded = unicodedata.normalize("NFC", word.casefold())
    if not _FOREIGN.search(folded):
        return folded
    return "".join(char if char in "åäö" else unicodedata.normalize("NFD", char)[0] for char in folded)


def words_of(name: str) -> list[str]:
    """Return the folded words of a name, `&` as `och`.

    >>> words_of("Mat & Odling i Värmland-Örebro")
    ['mat', 'och', 'odling', 'i', 'värmland', 'örebro']
    """
    return _WORDS.findall(plain_word(tidy_name(name.replace("&", " och "))))


@lru_cache(maxsize=200_000)
def name_key(name: str) -> str:
    """Return the normal form under which two names of owners are equal.

    Folds case, stray accents, punctuation, `X stad` with `X kommun` and the genitive -s before them, the written-out
    forms of companies and economic associations, and the ways to write a county administrative board or council.

    >>> name_key("Nynäshamns kommun") == name_key("NYNÄSHAMN KOMMUN")
    True
    >>> name_key("Stockholms stad") == name_key("STOCKHOLMS KOMMUN")
    True
    >>> name_key("Länsstyrelsen i Västmanlands län") == name_key("Länsstyrelsen Västmanland")
    True
    >>> name_key("Jämtlands läns landsting") == name_key("Landstinget i Jämtlands län")
    True
    >>> name_key("Samordningsförbundet Västra Östergötland") == name_key("Samordningsförbundet Östra Östergötland")
    False
    """
    words = words_of(name)
    if len(words) >= 2 and words[-1] in _BODIES:
        words = [*words[:-2], words[-2].removesuffix("s"), _BODIES[words[-1]]]
    elif words and words[0] in _COUNTY_BOARD:
        words = _of_county("länsstyrelsen", words[1:])
    elif words[:1] == ["landstinget"] or words[-2:] == ["läns", "landsting"]:
        words = _of_county("landstinget", [word for word in words if not word.startswith("landsting")])
    elif words[:2] == ["högskolan", "i"]:
        words = [words[0], *words[2:]]
    text = " ".join(_LEGAL_FORMS.get(word, word) for word in words)
    return f"{text[:-6]}ekonomisk förening" if text.endswith(" ek för") else text


def _of_county(body: str, words: list[str]) -> list[str]:
    rest = [word for word in words if word not in ("i", "för", "län", "läns")]
    return [body, *rest[:-1], *(word.removesuffix("s") for word in rest[-1:])]


def is_variant(first: str, second: str) -> bool:
    """Return whether `second` is another form of the name `first` and not a unit of it.

    >>> is_variant("Fridhems folkhögskola", "Fridhems folkhögskola i Svalöv"), is_variant("Sala kommun", "Vuxenskolan")
    (True, False)
    """
    one, two = name_key(first).split(), name_key(second).split()
    if one == two:
        return True
    shorter, longer = sorted((one, two), key=len)
    if not shorter or (len(shorter) == 1 and len(longer) > 2):
        return False
    stems = {word.removesuffix("s") for word in longer}
    return shorter[0] in (longer[0], longer[-len(shorter)]) and all(word.removesuffix("s") in stems for word in shorter)


def abbreviates(short: str, full: str) -> bool:
    """Return whether the letters of an abbreviation stand in `full` in their order, the first one in front.

    >>> abbreviates("MUCF", "Myndigheten för ungdoms- och civilsamhällesfrågor"), abbreviates("ABF", "Norra distriktet")
    (True, False)
    """
    letters = iter(plain_word(full))
    wanted = plain_word(short)
    return plain_word(full)[:1] == wanted[:1] and all(letter in letters for letter in wanted)


def without_odd_accents(name: str, witness: str) -> str:
    """Take from `witness`, another printing of the name, the words that it spells without foreign accents.

    >>> without_odd_accents("Stiftelsen Actìva i Örebro län", "Stiftelsen Activa")
    'Stiftelsen Activa i Örebro län'
    """
    better = {plain_word(word): word for word in witness.split() if plain_word(word) == word.casefold()}
    return " ".join(
        word if plain_word(word) == word.casefold() else better.get(plain_word(word), word) for word in name.split()
    )


def ordinary_capitals(name: str, text: str = "") -> str:
    """Return a name printed in capitals as one would write it; a word that `text` spells otherwise is taken from there.

    >>> ordinary_capitals("SAMORDNINGSFÖRBUNDET CENTRALA ÖSTERGÖTLAND")
    'Samordningsförbundet Centrala Östergötland'
    >>> ordinary_capitals("MALMÖ UNIVERSITET"), ordinary_capitals("UPPLANDS VÄSBY")
    ('Malmö universitet', 'Upplands Väsby')
    """
    if not name.isupper() and any(char.islower() for char in name):
        return name
    words = re.split(r"([\s/&-]+)", name)
    return "".join(
        _ordinary_word(word, place == 0, text) if place % 2 == 0 else word for place, word in enumerate(words)
    )


def _ordinary_word(word: str, first: bool, text: str) -> str:
    if text:
        return _spelt_in(word, first, text)
    return _alone(word, first)


@lru_cache(maxsize=20_000)
def _alone(word: str, first: bool) -> str:
    return _spelt_in(word, first, "")


def _spelt_in(word: str, first: bool, text: str) -> str:
    if word in _UPPER_WORDS or (len(word) > 1 and not re.search(r"[AEIOUYÅÄÖ]", word)):
        return word
    lower = word.lower()
    if first:
        return lower.capitalize()
    if lower in _LOWER_WORDS:
        return lower
    # The plain look first: the pattern is made anew for each word.
    if text and word in text and re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
        return word
    return lower.capitalize()
