"""Measures who is who: ``python -m tests.benchmarks.bench_owners [NUMBER…]``.

Numbers are names of owners as printed, 10,000 and 100,000 by default; a fifth are further spellings of others, a third
have an organisation number. Reading takes each name apart, joining decides which are one; the limit beside them is
folding the case of each name and putting it into a dictionary.
"""

from __future__ import annotations

import random
import sys

from kg.owners import join_owners
from kg.owners.candidates import NamedOwner, candidates
from kg.owners.known import known
from kg.owners.reading import read_owner
from kg.owners.reviewed import read
from tests.benchmarks import measure

NUMBERS = (10_000, 100_000)
RUNS = 3
_KINDS = ("Föreningen {}", "Stiftelsen {}", "{} AB", "{} ekonomisk förening", "Samordningsförbundet {}", "{}s kommun")
_UNITS = ("", "", ", Arbetsmarknadsenheten", ", Kultur, arbete och folkhälsa")
_SYLLABLES = "al be da ek fors gi hult kil lund mar nor ros sten tor ud vall by ås".split()


def printed_owners(number: int) -> list[tuple[str, str | None]]:
    """Return owners as printed, with organisation numbers where they have one; the same for the same number."""
    chance = random.Random(number)
    found: list[tuple[str, str | None]] = []
    for place in range(number):
        if found and chance.random() < 0.2:
            name, code = chance.choice(found)
            found.append((name.upper(), code if chance.random() < 0.5 else None))
            continue
        name = "".join(chance.choices(_SYLLABLES, k=4)).capitalize() + (f" {place % 97}" if place % 3 else "")
        code = f"{chance.randrange(10**4):04d}{place:06d}" if place % 3 == 0 else None
        found.append((chance.choice(_KINDS).format(name) + chance.choice(_UNITS), code))
    return found


def rows(number: int) -> list[measure.Measured]:
    """Return the rows of one number of names."""
    printed = printed_owners(number)
    read_owner("Sala kommun", None)
    reading = measure.function(lambda: [read_owner(name, code) for name, code in printed], RUNS)
    mentions = [mention for name, code in printed if (mention := read_owner(name, code).mention)]
    reviewed, public = read(), known()
    joining = measure.function(lambda: join_owners(mentions, reviewed, public), RUNS)
    folding = measure.function(lambda: {name.casefold(): code for name, code in printed}, RUNS)
    both = [one + other for one, other in zip(reading, joining, strict=True)]
    found = [
        measure.row("fold case into a dictionary", number, folding),
        measure.row("read printed owners", number, reading),
        measure.row("join owners", number, joining),
        measure.row("read and join", number, both, target="< 20 s at 100,000"),
    ]
    if number <= 10_000:
        owners = [NamedOwner(o.key, o.label, o.number, o.spellings or (o.label,)) for o in join_owners(mentions).all()]
        found.append(measure.row("find candidates", number, measure.function(lambda: candidates(owners), 1)))
    return found


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:]] or list(NUMBERS)
    measure.write("owners", [row for number in numbers for row in rows(number)])
