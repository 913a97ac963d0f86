"""Tells the name of a person from that of an organisation, so that persons are left out and not published as owners."""

from __future__ import annotations

import re

from kg.owners.names import plain_word

# The commonest given names in Sweden, folded. A name alone is nobody's personal data; two capitalised words of
# which the first stands here, without any word of an organisation, are taken for a person.
_GIVEN_NAMES = frozenset(
    """abdi abdul abdullah adam adnan agnes agneta ahmad ahmed aida aisha albert albin aleksandra alexander
    alexandra alf alfred ali alice alicia alina allan alva amanda amina amir anders andrea andreas andrzej andré
    anette angela angelica anita anja ann anna anne anneli annelie annette annika anton antonia arne aron artur
    arvid astrid axel barbara barbro beata beatrice bengt benjamin benny berit bernt bert bertil birgit birgitta
    björn bo bodil boel britt britta börje cajsa calle camilla carin carina carita carl carolin caroline
    catarina cathrine cecilia charles charlie charlotta charlotte chris christer christian christina christoffer
    claes claudia connie conny dagmar daniel daniela daniella david dennis desirée diana dick dragan ebba edit
    edith edvard edvin egon eija einar ejnar eleonor eleonora elias elin elina elisabet elisabeth ella ellen
    elliot elsa elvira elvy emanuel emelie emil emilia emma emmy enar engelbrekt eric erica erik erika erland
    erling ernst ester esther eugen eva evelina evert fanny farah fatima fatma felicia felix ferdinand filip
    folke frans fredrik fredrika frida fritiof fritz förnamn gabriel gabriella georg gerd gerda gerhard gertrud
    gisela git gittan gitte glenn greger greta gudmund gudrun gullan gun gunborg gunhild gunilla gunnar gunnel
    gunnvor gustaf gustav gustava göran hadi hamid hampus hanna hans harald harry hasan hassan hedvig heidi
    helen helena helene helge henrik henry hilda hilde hilma hjalmar hugo hussain hussein håkan ibrahim ida
    idris ilse ines inez inga ingalill ingegerd ingegärd ingela ingemar inger ingmar ingolf ingrid ingvar irene
    irma isabelle isak ismail ivan ivar jacob jakob jan janne jasmin jasmine jeanett jeanette jennie jenny jens
    jerry jesper jessica jessika jim jimmy joakim joel johan johanna johannes john johnny jon jonas jonathan
    jonna jonny jorge josef josefin josefine josé juan judit judith juha julia julian juliana julius justina
    jöns jörgen kai kaj kajsa karim karin karl karolina kasper katarina katharina kenneth kent kerstin khaled
    khalid kim kimmo kirsten kirsti kjell klara klas knut krister kristian kristin kristina kristoffer kurt kåre
    lage laila lars lasse laura leif leila lena lennart leo liam lilian lillemor lily lina linda linn linnea
    linnéa linus lisa lisbeth lise liselott liselotte lisen lotta louise loviisa lovisa lucas ludvig lukas lydia
    madeleine madelene magdalena magnhild magnus mahmoud maja malena malin malte manfred marcus margareta
    margaretha margit margot maria mariana marianne marie marika marina mario marit marita markus marta martin
    martina mathias matilda mats mattias max maya mehmet melinda melker merja mia michael mikael mikaela mikko
    milan milla minna miriam mirjam moa mohamed mohammad mohammed mona monica monika moritz muhammad mustafa
    märit märta märtha måns nadia nadja naima nancy natalia natalie natasha nathalie nelly nicklas niclas nicole
    niklas nils nina noel nora ola olga oliver olivia olle olof omar orvar oscar oskar osman osvald otto ove
    patricia patrick patrik paul paula paulina pauline peder pehr per pernilla peter petra petri petter philip
    pia pirjo pontus rafael ragnar ragnhild rahim raija rakel ralf ralph ramona rasmus rebecca rebecka regina
    reidar reza rickard rigmor rikard rita ritva robert roberto robin roger roine roland rolf ronja ronny
    rosemarie rosita roza ruben rune rut ruth sabina sahar sakarias salma samir samira samuel sandra sara
    sebastian selma sigbritt signe sigrid sigurd sigvard simon simone siri sirpa siv sixten sofi sofia sofie
    solveig sonja sonny staffan stanislav stefan stellan sten stig stina sture sune susann susanna susanne
    suzanne svante svea sven sylve sylvia sölve tage tania tanja tarja teodor teresa terese theodor theresa
    therese therése thomas tiina tilda timo tina tobias tom tomas tommie tommy tony torbjörn tord tore torgny
    torkel torsten torvald tove tuula tuulikki tuva tyra ulf ulla ulrica ulrik ulrika uno urban valter vanessa
    vanja vera verner victor victoria vidar viktor viktoria vilhelm vilma vincent viola viveca viveka vivianne
    wanja wenche werner wilhelm william wilma yasmin ylva ylwa yngve yusuf yvette yvonne zahra zainab zara
    zeinab zoran åke åsa örjan östen""".split()
)
_GIVEN = frozenset(plain_word(name) for name in _GIVEN_NAMES)
# Words, and beginnings and endings of words, that only an organisation has in its name. Many surnames end in -gård,
# -stad, -råd or -vård, so these are words of their own here.
_ORGANISATION = re.compile(
    r"\b(?:ab|hb|kb|inc|ltd|group|gruppen|konsult\w*|utvärdering\w*|analys\w*|utveckling\w*|consult\w*|företag\w*|"
    r"and|och|för|i|på|of|the|region\w*|sverige\w*|sweden|svenska|kyrka\w*|akademi\w*|academy|center|centrum|hus|huset|"
    r"gård|stad|råd|vård|arena|service|industri\w*|café|cafe|kafé|restaurang\w*|rehab|distans|camping|design|produktion\w*|"
    r"utbildning\w*|media|studio|data|film|musik|fastigheter|bageri)\b"
    r"|(?:skola|skolan|förening|föreningen|förbund|förbundet|stiftelse|stiftelsen|kommun|församling|"
    r"församlingen|pastorat|pastoratet|stift|fond|fonden|gymnasiet|gymnasium|sällskapet|sällskap|hemmet|gården|"
    r"verket|myndigheten|styrelsen|universitet|institutet|missionen|mission|stadsmission|bolaget|byrån|"
    r"kooperativ|kooperativet|partners|nätverk|nätverket|rådet|akademi|akademien|jour|jouren|teater|teatern|museum|"
    r"museet|hotell|sjukhus|sjukhuset|fabrik|fabriker|verkstad|verkstäder|förlag|omsorg|assistans|"
    r"bemanning|bostad|bostäder|teknik|bygg|transport|transporter|kvinnohus|kvinnor|vänner)\b",
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
    >>> is_person("Kerstin Nygård"), is_person("Åsa Gård")
    (True, False)
    >>> is_person("Eva Ek (enskild firma)"), is_person("Eksson Eva"), is_person("Linnéa Omsorg")
    (True, True, False)
    """
    plain = _SOLE_TRADER.sub("", name)
    words = plain.split()
    if not 2 <= len(words) <= 4:
        return False
    surname_first = words[0].casefold().endswith("sson") and plain_word(words[-1].split("-")[0]) in _GIVEN
    return (
        (plain != name or surname_first or plain_word(words[0].split("-")[0]) in _GIVEN)
        and all(_NAME_WORD.fullmatch(word) for word in words)
        and not _ORGANISATION.search(plain)
    )


def may_be_published(name: str) -> bool:
    """Return whether the name of an owner with the number of a natural person is that of a firm, and not the person's.

    >>> may_be_published("Eks Keramik och konsult"), may_be_published("Eva Ek Konsult"), may_be_published("EKSSON E")
    (True, False, False)
    """
    given = plain_word(re.split(r"[ -]", name, maxsplit=1)[0]) in _GIVEN
    return not given and bool(_FIRM.search(name) or _ORGANISATION.search(name))


def is_person_in_register(first: str, second: str) -> bool:
    """Return whether `first` is a surname and `second` given names, as registers write persons.

    >>> is_person_in_register("EK", "EVA MARIA"), is_person_in_register("Fryshuset", "Utbildning")
    (True, False)
    """
    given = re.split(r"[ -]+", second)
    return (
        len(given) <= 3
        and all(plain_word(name) in _GIVEN for name in given)
        and _NAME_WORD.fullmatch(first) is not None
        and not _ORGANISATION.search(first)
        and not _FIRM.search(first)
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
