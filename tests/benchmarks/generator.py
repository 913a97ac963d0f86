"""Makes project pages of the real shape, as many as wanted, the same ones for the same seed.

Owners and methods are skewed as in life (a few are everywhere), texts are one to four thousand characters of Swedish,
and layouts, empty fields and contact lines follow the project bank. No page describes a real project.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from kg import ontology
from kg.values import passes_luhn

_PLACES = (
    "Alvesta Arvika Boden Bollnäs Borgholm Botkyrka Eksjö Eslöv Falun Flen Gagnef Gävle Habo Hallsberg Heby Härnösand "
    "Kalix Kalmar Karlstad Katrineholm Kiruna Kramfors Laholm Leksand Lerum Lidköping Ljungby Ludvika Luleå Lund "
    "Malung Mariestad Mora Motala Mullsjö Nora Norrköping Nybro Nyköping Ockelbo Orsa Osby Oskarshamn Piteå Ronneby "
    "Sala Skara Skövde Sollefteå Sunne Säffle Tierp Timrå Torsby Tranås Trosa Uddevalla Umeå Vadstena Varberg "
    "Vetlanda Vimmerby Vännäs Ystad Åmål Älmhult Örebro Örnsköldsvik Östersund"
).split()
_BODIES = (
    "{} kommun",
    "Samordningsförbundet {}",
    "Region {}",
    "Stiftelsen {}gården",
    "{} folkhögskola",
    "{}bygdens Utveckling AB",
    "Föreningen {} i arbete",
)
_REGIONS = (
    ("Stockholm", "SE11"),
    ("Östra Mellansverige", "SE12"),
    ("Småland & Öarna", "SE21"),
    ("Sydsverige", "SE22"),
    ("Västsverige", "SE23"),
    ("Norra Mellansverige", "SE31"),
    ("Mellersta Norrland", "SE32"),
    ("Övre Norrland", "SE33"),
    ("ESF Nationellt", "SE0"),
)
_OPENERS = (
    "Projektet ska stärka deltagarnas ställning på arbetsmarknaden.",
    "Många kvinnor och män i länet står långt från arbetslivet, och stödet når inte alla som behöver det.",
    "Kompetensen hos personalen behöver utvecklas för att möta nya krav.",
    "Unga som varken arbetar eller studerar riskerar ett långvarigt utanförskap.",
)
_FILLERS = (
    "Samverkan mellan kommunerna, Arbetsförmedlingen och Försäkringskassan utvecklas under hela perioden.",
    "En styrgrupp med chefer från parterna följer arbetet och beslutar om förändringar.",
    "Jämställdhet, tillgänglighet och icke-diskriminering är en del av varje aktivitet.",
    "Resultaten sprids vid konferenser och på förbundets webbplats.",
    "Deltagarna träffar en handläggare varje vecka och gör en plan för vägen till arbete eller studier.",
    "Arbetsgivare i länet bjuds in för att berätta vilken kompetens de saknar.",
    "Målet är att 40 procent ska gå vidare till arbete eller studier inom tolv månader.",
    "Erfarenheterna tas om hand i den ordinarie verksamheten när projektet är slut.",
    "Insatserna planeras efter varje deltagares behov och mål, t.ex. språk, hälsa eller praktiska färdigheter.",
    "Lokalerna ligger nära kollektivtrafik och är anpassade för personer med funktionsnedsättning.",
    "En extern utvärderare följer projektet från start och lämnar tre delrapporter.",
    "Under de första sex månaderna rekryteras personal och byggs rutiner upp.",
)
_METHOD_SENTENCES = (
    "Vi arbetar med {} i hela länet.",
    "Metoden {} används för att stödja varje deltagare på vägen till ett arbete.",
    "Personalen får utbildning i {} under det första året.",
    "Upplägget bygger på lärdomar från {}.",
    "Projektet utvecklar en digital version av {} tillsammans med forskare.",
    "Deltagarna erbjuds {} och {} vid behov.",
    "Vi använder inte {} eftersom gruppen behöver annat stöd.",
    "Tidigare projekt har prövat {} med goda resultat.",
)
_PARAGRAPH = 4
_OWNERS_PER_PROJECT = 0.35


def _skewed(number: int) -> list[float]:
    """Return cumulated weights after Zipf's law, which owners and methods follow closely enough."""
    return list(accumulate(1 / rank for rank in range(1, number + 1)))


@dataclass(frozen=True, slots=True)
class Owner:
    """An invented owner."""

    name: str
    number: str
    place: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page: the name of its file and its text."""

    name: str
    text: str


def _number(chance: random.Random, prefix: str) -> str:
    body = prefix + "".join(chance.choices("0123456789", k=9 - len(prefix)))
    return next(body + digit for digit in "0123456789" if passes_luhn(body + digit))


def _owners(chance: random.Random, number: int) -> list[Owner]:
    owners = []
    for rank in range(number):
        place = chance.choice(_PLACES)
        name = _BODIES[rank % len(_BODIES)].format(place)
        suffix = "" if rank < len(_BODIES) * 8 else f" {rank}"
        postcode = str(chance.randrange(10000, 98500))
        owners.append(
            Owner(name + suffix, _number(chance, chance.choice(["212", "222", "556", "802"])), place, postcode)
        )
    return owners


def pages(number: int, seed: int = 1) -> Iterator[Page]:
    """Yield `number` pages, half of them of ESF+ and half of 2014–2020."""
    chance = random.Random(seed)
    owners = _owners(chance, max(5, int(number * _OWNERS_PER_PROJECT)))
    owner_weights = _skewed(len(owners))
    methods = sorted({concept.pref["sv"] for concept in ontology.load().concepts("methods") if concept.broader})
    chance.shuffle(methods)
    method_weights = _skewed(len(methods))
    for index in range(number):
        owner = chance.choices(owners, cum_weights=owner_weights)[0]
        text = _text(chance, methods, method_weights)
        yield _esf_plus(chance, index, owner, text) if index % 2 else _older(chance, index, owner, text)


def _text(chance: random.Random, methods: Sequence[str], weights: Sequence[float]) -> str:
    sentences = [chance.choice(_OPENERS)]
    wanted = chance.randrange(1000, 4000)
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        pair = chance.choices(methods, cum_weights=weights, k=2)
        sentences.append(
            chance.choice(_METHOD_SENTENCES).format(*(method.lower() if " " in method else method for method in pair))
        )
    while sum(map(len, sentences)) < wanted:
        sentences.insert(chance.randrange(1, len(sentences) + 1), chance.choice(_FILLERS))
    paragraphs = [" ".join(sentences[at : at + _PARAGRAPH]) for at in range(0, len(sentences), _PARAGRAPH)]
    return "\n\n".join(paragraphs)


def _days(chance: random.Random, first: int) -> tuple[date, date]:
    start = date(first, 1, 1) + timedelta(days=chance.randrange(0, 1500))
    return start, start + timedelta(days=chance.randrange(180, 1200))


def _lines(fields: Sequence[tuple[str, str]]) -> str:
    return "".join(f"{label}:\n{value}\n" if value else f"{label}:\n" for label, value in fields)


def _esf_plus(chance: random.Random, index: int, owner: Owner, text: str) -> Page:
    identifier = f"{22 + index % 5}-{index // 900 % 1000:03d}-S{index % 900 + 1:02d}"
    title = f"Väg {index} till arbete i {owner.place}"
    start, end = _days(chance, 2022)
    region, code = chance.choice(_REGIONS)
    area, objective, field = chance.choice(
        (("A", "A1A", "141"), ("A", "A2A", "140"), ("C", "C1", "163"), ("D", "D1", "175"))
    )
    fields = (
        ("Diarienummer", identifier),
        ("Namn", title),
        ("Startdatum", start.isoformat()),
        ("Slutdatum", end.isoformat()),
        ("Land som berörs", "Sverige"),
        ("Berörd fond", "ESF+"),
        ("Program CCI", "2021SE05SFPR"),
        ("Projektägare organisationsnummer", owner.number),
        ("Projektägare", owner.name.upper()),
        ("Unionens medfinansieringsgrad", "40%"),
        ("Programområde", area),
        ("Specifikt mål", objective),
        ("Sekundärtema - Motverka barnfattigdom", chance.choice(("Ja", "Nej", "Nej"))),
        ("Region", region),
        ("NUTS-2 kod", code),
        ("Stödmottagare postnr", owner.postcode),
        ("Stödmottagare ort", owner.place.upper()),
        ("Interventionstyp", field),
        ("Antal deltagare", str(chance.randrange(0, 2000))),
        ("Insats av strategisk betydelse", "Nej"),
    )
    return Page(f"{identifier}.txt", f"{identifier} - {title}\n\n{_lines(fields)}\n{text}\n")


def _grouped(amount: int) -> str:
    return f"{amount:,}".replace(",", " ")


def _older(chance: random.Random, index: int, owner: Owner, text: str) -> Page:
    identifier = f"{2015 + index // 99_999 % 8}/{index % 99_999:05d}"
    title = f"Kraft {index} för {owner.place}"
    start, end = _days(chance, 2015)
    region, _ = chance.choice(_REGIONS)
    budget = chance.randrange(300_000, 60_000_000)
    area, objective, field = chance.choice((("1", "1.1", "117"), ("2", "2.1", "109"), ("2", "2.3", "109")))
    fields = (
        ("Projektnummer", identifier),
        (
            "Projektägare",
            f"{owner.name}, {chance.choice(('Arbetsmarknadsenheten', 'Kontor ' + owner.place, owner.name))}",
        ),
        ("Namn", title),
        ("Region", region),
        ("Planerat antal deltagare", str(chance.randrange(0, 2000))),
        ("Projektperiod", f"{start} - {end}"),
        ("Total projektbudget", _grouped(budget)),
        ("Beviljat ESF-stöd", _grouped(budget * chance.randrange(40, 101) // 100)),
        ("Kontaktperson", "Förnamn Efternamn"),
        ("E-post", "kontakt@example.se"),
        ("Stödmottagare postnr", owner.postcode),
        ("Stödmottagarens address", ""),
        ("Programområde", area),
        ("Specifikt mål", objective),
        ("Unionens medfinansieringsgrad", "50%"),
        ("Interventionstyp", field),
    )
    return Page(f"{identifier.replace('/', '_')}.txt", f"{identifier} - {title}\n\n{_lines(fields)}\n{text}\n")


def write_pages(folder: Path, number: int, seed: int = 1) -> None:
    """Write `number` pages into folders of a thousand files below `folder`."""
    for index, page in enumerate(pages(number, seed)):
        place = folder / f"{index // 1000:04d}"
        if index % 1000 == 0:
            place.mkdir(parents=True, exist_ok=True)
        (place / page.name).write_text(page.text, encoding="utf-8")
