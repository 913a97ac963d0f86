from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError, KgError, UsageError
from kg.release import Publication, read_publication

BASE = "https://base.example/kg/"


def _read(folder: Path, text: str) -> Publication:
    path = folder / "release.toml"
    path.write_text(text, encoding="utf-8")
    return read_publication(BASE, path)


def test_without_a_file_everything_has_a_value() -> None:
    found = read_publication(BASE)

    assert found.landing == BASE
    assert found.download == f"{BASE}release/"
    assert found.endpoint == f"{BASE}sparql"
    assert found.licence == "http://creativecommons.org/publicdomain/zero/1.0/"
    assert found.publisher.iri == f"{BASE}id/agent/developers"
    assert found.contact is None


def test_a_public_body_is_named_by_its_number_alone(tmp_path: Path) -> None:
    found = _read(tmp_path, '[publisher]\norganisation-number = "202100-0555"').publisher

    assert found.iri == "http://dataportal.se/organisation/SE2021000555"
    assert found.name.sv == "Socialstyrelsen"
    assert found.kind == "NationalAuthority"


def test_an_endpoint_can_be_denied(tmp_path: Path) -> None:
    assert _read(tmp_path, "[site]\nendpoint = false").endpoint is None


def test_one_language_serves_for_both(tmp_path: Path) -> None:
    found = _read(tmp_path, '[data]\ntitle = "Projekt"\ndescription-sv = "Om projekt"')

    assert (found.title.sv, found.title.en) == ("Projekt", "Projekt")
    assert (found.description.sv, found.description.en) == ("Om projekt", "Om projekt")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[data", "is not TOML"),
        ('[publsher]\nname = "x"', "'publsher' is no section; there are contact, data, publisher, site"),
        ("licence = 1", "'licence' is no section"),
        ('[data]\nlicense = "CC0-1.0"', "has no key 'license'"),
        ('[data]\nlicence = "https://creativecommons.org/publicdomain/zero/1.0/"', "portals know Creative Commons by"),
        ('[data]\nlicence = "mine"', "an address is absolute"),
        ('[data]\nissued = "2026-01-31"', "it is a day"),
        ("[data]\nissued = 2026-01-31T10:00:00", "it is a day"),
        ('[data]\nfrequency = "often"', "it is one of ANNUAL"),
        ('[data]\nkeywords = "word"', "it is a list of words"),
        ('[site]\nlanding = "https://example.se/kg"', "ends in a slash"),
        ('[site]\nlanding = "example.se/"', "an address is absolute"),
        ("[site]\nlanding = 7", "a text that is not empty"),
        ('[site]\nlanding = "https:///kg/"', "names no host"),
        ('[site]\nlanding = "https://example.se:web/kg/"', "Port could not be cast"),
        ('[site]\ndownload = "https://me:secret@example.se/kg/"', "no name and no password"),
        ('[publisher]\norganisation-number = "123"', "organisation-number of .publisher. is '123'"),
        ('[publisher]\norganisation-number = "202100-5224"', "has no name, and the list of public bodies"),
        ('[publisher]\nname = "A body"', "neither organisation-number nor iri"),
        ('[publisher]\ntype = "PrivateIndividual(s)"', "it is one of Academia"),
        ('[contact]\nname = "Data"', "needs both name and email"),
        ('[contact]\nname = "Data"\nemail = "data at example"', "mailbox of an organisation"),
        ('[contact]\nname = "Data"\nemail = "d@example.se"\ntelephone = "08-12 34 56"', "written with its country"),
    ],
)
def test_what_is_wrong_is_named_with_its_rule(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(KgError, match=message) as raised:
        _read(tmp_path, text)
    assert "release.toml" in str(raised.value)
    assert isinstance(raised.value, InputError if "TOML" in message else UsageError)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.toml cannot be read"):
        read_publication(BASE, tmp_path / "none.toml")
