"""Tells the name of a person from that of an organisation, so that persons are left out and not published as owners."""

from __future__ import annotations

import re

from kg.owners.names import plain_word

# The commonest given names in Sweden, folded. A name alone is nobody's personal data; two capitalised words of
# which the first stands here, without any word of an organisation, are taken for a person.
_GIVEN_NAMES = frozenset(
    """adam agneta albin alexander alexandra ali alice alva amanda amir anders andreas anette angelica anita ann anna
    anne annelie annette annika anton arne arvid astrid axel barbro bengt bert bertil birgit birgitta björn bo britt
    britta camilla carin carina carl caroline catarina cecilia charlotta charlotte christer christian christina
    christoffer claes daniel david dennis ebba elias elin elisabet elisabeth ella ellen elsa emelie emil emilia emma
    erik erika ester eva evelina fatima felicia filip fredrik frida fritz gabriel gabriella georg gerd gun gunilla
    gunnar gustaf gustav göran hampus hanna hans harald helen helena helene henrik henry hugo håkan ida inga ingegerd
    inger ingrid irene isabelle isak jacob jakob jan janne jens jenny jessica jesper jim jimmy joakim johan johanna
    john johnny jonas jonathan josef josefin josefine julia jörgen karin karl katarina kent kenneth kerstin kim
    kjell klara kristian kristin kristina kristoffer lars lasse leif lena lennart leo liam linda linn linnea linnéa
    linus lisa lisbeth lotta louise lovisa lucas ludvig lukas magdalena magnus maja malin maria marianne marie markus
    marcus martin martina mathias matilda mats mattias max maya melker mia michael mikael mohamed moa mona monica
    monika märta nathalie nicklas niclas niklas nils olle olivia olof ola oscar oskar otto patrik paul per peter
    petra pernilla pia pontus rasmus rebecka rickard rikard robert robin roger roland rolf rune ronny sandra sara
    sebastian simon siv sofia sofie sonja staffan stefan sten stig stina sture susanne sven svea therese thomas tobias
    tomas tommy tony torbjörn tore tove tuva ulf ulla ulrica ulrika urban viktor viktoria victor victoria viola
    vincent wilhelm william yvonne åke åsa örjan östen förnamn""".split()
)
_GIVEN = frozenset(plain_word(name) for name in _GIVEN_NAMES)
# Beginnings and endings of words that only an organisation has in its name.
_ORGANISATION = re.compile(
    r"\b(?:ab|hb|kb|inc|ltd|group|gruppen|konsult\w*|utvärdering\w*|analys\w*|utveckling\w*|consult\w*|företag\w*|"
    r"and|och|för|i|på|of|the|region\w*|sverige\w*|sweden|svenska|kyrka\w*|akademi\w*|academy|center|centrum|hus|huset)\b"
    r"|(?:skola|skolan|förening|föreningen|förbund|förbundet|stiftelse|stiftelsen|kommun|stad|församling|"
    r"församlingen|pastorat|pastoratet|stift|fond|fonden|gymnasiet|gymnasium|sällskapet|sällskap|hemmet|gården|gård|"
    r"verket|myndigheten|styrelsen|universitet|institutet|missionen|mission|stadsmission|bolaget|byrån|"
    r"kooperativ|kooperativet|partners|nätverk|nätverket|rådet|råd|akademi|akademien)\b",
    re.IGNORECASE,
)
_FIRM = re.compile(
    r"\b(?:ab|hb|kb|konsult\w*|utvärdering\w*|analys\w*|utveckling\w*|consult\w*|utbildning\w*|kommunikation|"
    r"rådgivning|organisation\w*|ledarskap\w*|coach\w*|handledning|produktion\w*|firma|&)(?:\b|$)",
    re.IGNORECASE,
)
# A firm of one person alone bears the name of the person.
_SOLE_TRADER = re.compile(
    r"^(?:enskild(?:a)? firma|firma)\s+|[\s,]*\(?\b(?:enskild(?:a)? firma|enskild näringsidkare|e\.?\s?f\.?)\)?$",
    re.IGNORECASE,
)
_CARE_OF = re.compile(
    r"(?P<before>.*?)[\s,]*\b(?:c/o|att|attn|kontakt(?:person)?)\b[.:]?\s+(?P<name>.+)", re.IGNORECASE
)
_NAME_WORD = re.compile(r"(?:von|af|de|[A-ZÅÄÖÉÜ][\w'’-]*)")


def is_person(name: str) -> bool:
    """Return whether a name reads like that of a person: given name and surname, and no word of an organisation.

    >>> is_person("Eva Ek"), is_person("Eva Ek Konsult"), is_person("Maria församling"), is_person("EVA MARIA EK")
    (True, False, False, True)
    >>> is_person("Eva Ek (enskild firma)")
    True
    """
    plain = _SOLE_TRADER.sub("", name)
    words = plain.split()
    return (
        2 <= len(words) <= 4
        and all(_NAME_WORD.fullmatch(word) for word in words)
        and plain_word(words[0].split("-")[0]) in _GIVEN
        and not _ORGANISATION.search(plain)
    )


def addressee(text: str) -> tuple[str, str]:
    """Return what stands before a person to whom post is addressed, and the person; two empty texts if there is none.

    >>> addressee("Bro AB, c/o Kim Ek"), addressee("c/o Kim Ek"), addressee("Bro AB, c/o Eks Konsult")
    (('Bro AB', 'Kim Ek'), ('', 'Kim Ek'), ('', ''))
    """
    # Every form of address holds one of these; the pattern may end its first part at any letter.
    match = _CARE_OF.fullmatch(text) if any(sign in text.lower() for sign in ("c/o", "att", "kontakt")) else None
    if not match:
        return "", ""
    words = match["name"].split()
    named = 2 <= len(words) <= 4 and all(_NAME_WORD.fullmatch(word) for word in words)
    if not named or _ORGANISATION.search(match["name"]) or _FIRM.search(match["name"]):
        return "", ""
    return match["before"].strip(" ,"), match["name"]


def is_person_beside_firm(first: str, second: str) -> bool:
    """Return whether `first` is the person after whom the firm `second` is called.

    >>> is_person_beside_firm("Yrsa Almqvist", "Almqvist Utvärdering"), is_person_beside_firm("Akademi Norr", "Norr AB")
    (True, False)
    >>> is_person_beside_firm("Ek Eva", "Ek Consulting AB")
    True
    """
    words = first.split()
    if not 2 <= len(words) <= 3 or not all(_NAME_WORD.fullmatch(word) and not word.isupper() for word in words):
        return False
    # Registers put the surname first.
    surname = words[0] if plain_word(words[-1]) in _GIVEN else words[-1]
    return (
        not _ORGANISATION.search(first)
        and bool(_FIRM.search(second))
        and second.split(maxsplit=1)[0].removesuffix("s") == surname.removesuffix("s")
    )
