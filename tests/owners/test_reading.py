"""A wrong owner field is recognised, repaired where the page proves the repair, and else reported."""

from __future__ import annotations

import pytest

from kg.owners.reading import Context, OwnerReading, read_owner

SALA = "I Sala kommun är det långt till arbete."
CUT = "SAMORDNINGSFÖRBUNDET FÖR REHABILITERING I NORRA"


def _read(
    printed: str, number: str | None = None, *, title: str = "", text: str = "", municipality: str = ""
) -> OwnerReading:
    return read_owner(printed, number, Context(title=title, text=text, municipality=municipality))


def _rules(reading: OwnerReading) -> list[str]:
    return [problem.rule for problem in reading.problems]


@pytest.mark.parametrize(
    "printed", ["2120003005", "212000-3005", "SE212000300501", "162120003005", "Org.nr 212000-3005"]
)
def test_a_number_in_the_owner_field_is_the_owner(printed: str) -> None:
    reading = _read(printed)

    assert reading.mention
    assert (reading.mention.number, reading.mention.name) == ("2120003005", None)
    assert _rules(reading) == ["number-as-owner"]


@pytest.mark.parametrize(
    "printed", ["Haninge kommun, 212000-3005", "212000-3005 Haninge kommun", "Haninge kommun (org.nr 212000-3005)"]
)
def test_a_number_beside_the_name_is_read_too(printed: str) -> None:
    reading = _read(printed)

    assert reading.mention
    assert (reading.mention.number, reading.mention.name) == ("2120003005", "Haninge kommun")
    assert not reading.problems


@pytest.mark.parametrize("printed", ["19121212-1212", "121212-1212", "121212-1212 Eva Ek"])
def test_the_number_of_a_person_is_never_kept(printed: str) -> None:
    reading = _read(printed)

    assert reading.mention is None
    assert "person-number" in _rules(reading)
    assert "1212" not in str(reading)


def test_a_person_is_left_out_and_handed_back_for_the_text() -> None:
    reading = _read("Eva Ek")

    assert reading.mention is None
    assert reading.persons == ("Eva Ek",)
    assert "Ek" not in str(reading.problems)


def test_a_legal_person_may_be_called_like_a_person() -> None:
    reading = _read("EVA EK", "5561213066")

    assert reading.mention
    assert reading.mention.label == "Eva Ek"


def test_the_title_of_the_project_is_no_owner() -> None:
    reading = _read("Vägen vidare", title="Vägen Vidare", text="Målet är arbete.")

    assert reading.mention is None
    assert _rules(reading) == ["owner-is-title"]


def test_the_text_may_prove_who_owns_it_instead() -> None:
    reading = _read("Vägen vidare", title="Vägen vidare", text="Samordningsförbundet Ek äger projektet.")

    assert reading.mention
    assert reading.mention.name == "Samordningsförbundet Ek"


def test_two_stated_owners_prove_nothing() -> None:
    text = "Samordningsförbundet Ek äger projektet. Projektet ägs av Sala kommun."

    assert _read("Vägen vidare", title="Vägen vidare", text=text).mention is None


@pytest.mark.parametrize(
    "name", ["Akademi Norr", "Kommunförbundet Skåne", "Skolverket", "Stiftelsen Ek", "Sala kommun"]
)
def test_an_organisation_that_names_its_project_after_itself_is_its_owner(name: str) -> None:
    reading = _read(name, title=name)

    assert reading.mention
    assert reading.mention.name == name
    assert not reading.problems


@pytest.mark.parametrize(
    ("text", "municipality", "owner"),
    [
        ("Arbetsmarknadsenheten i Sala kommun driver projektet.", "", "Sala kommun"),
        ("Sala kommuns arbetsmarknadsenhet driver det. Köpings kommun är med.", "", "Sala kommun"),
        (SALA, "Sala kommun", "Sala kommun"),
        (SALA, "Köpings kommun", None),
        (SALA, "", None),
        ("I Sala kommun och Köpings kommun är det långt.", "Sala kommun", None),
        ("Projektet Sala kommun stöder. Projektet ägs av Sala kommun.", "", "Sala kommun"),
    ],
)
def test_a_unit_alone_gets_its_organisation_only_by_proof(text: str, municipality: str, owner: str | None) -> None:
    reading = _read("Arbetsmarknadsenheten", text=text, municipality=municipality)

    assert _rules(reading) == ["owner-is-unit"]
    assert (reading.mention and reading.mention.name) == owner
    assert not reading.mention or reading.mention.unit == "Arbetsmarknadsenheten"


def test_a_unit_with_a_number_needs_no_name() -> None:
    reading = _read("Arbetsmarknadsenheten", "2120003005")

    assert reading.mention
    assert (reading.mention.number, reading.mention.unit) == ("2120003005", "Arbetsmarknadsenheten")
    assert not reading.problems


def test_a_name_cut_at_47_characters_is_completed_from_the_text() -> None:
    reading = _read(CUT, "2220002485", text="Nu vill samordningsförbundet för rehabilitering i norra Ekbygden mer.")

    assert len(CUT) == 47
    assert reading.mention
    assert reading.mention.name == "samordningsförbundet för rehabilitering i norra Ekbygden"
    assert CUT in reading.mention.spellings
    assert _rules(reading) == ["owner-cut"]


def test_a_name_cut_inside_a_word_is_reported_when_nothing_completes_it() -> None:
    reading = _read("INSAMLINGSSTIFTELSEN FÖR UNGDOMARS VÄG TILL ARB", "8024788948")

    assert reading.mention
    assert _rules(reading) == ["owner-cut"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("SAMORDNINGSFÖRBUNDET I MELLERSTA OCH NORRA EKEN", "Samordningsförbundet i mellersta och norra Eken, som"),
        ("INSAMLINGSSTIFTELSEN FÖR UNGDOMARS VÄG I SKÖVDE", ""),
        ("EKBYGDENS RIDSKOLA OCH UTBILDNINGAR EKON FÖREN", "Ekbygdens ridskola och utbildningar ekon fören är"),
        ("SAMORDNINGSFÖRBUNDET I NORRA OCH SÖDRA EKS LÄN", ""),
    ],
)
def test_a_whole_name_of_that_length_is_not_suspected(name: str, text: str) -> None:
    assert len(name) in (46, 47)
    assert not _read(name, "8024788948", text=text).problems


def test_other_names_that_the_text_proves_are_kept_as_spellings() -> None:
    text = "Samordningsförbundet RAR i Ekby (SRAR) är stort. Samordningsförbundet RAR Ekby äger projektet."
    reading = _read("SAMORDNINGSFÖRBUNDET RAR I EKBY", "2220001792", text=text)

    assert reading.mention
    assert reading.mention.spellings == ("SAMORDNINGSFÖRBUNDET RAR I EKBY", "SRAR", "Samordningsförbundet RAR Ekby")


def test_a_quite_different_owner_in_the_text_is_no_spelling() -> None:
    reading = _read("REGION UPPSALA", "2321000024", text="Heby kommun äger projektet.")

    assert reading.mention
    assert reading.mention.spellings == ("REGION UPPSALA",)


def test_a_page_without_owner_line_has_the_owner_that_its_text_states() -> None:
    reading = _read("", text="Projektägare är Sala kommun. Målet är arbete.")

    assert reading.mention
    assert reading.mention.name == "Sala kommun"
    assert _rules(reading) == ["owner-from-text"]
    assert _read("", text="Målet är arbete.").mention is None


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Bro AB, c/o Eva Ek", "Bro AB"),
        ("Bro AB c/o Eva Ek", "Bro AB"),
        ("Sala kommun, att: Kim Ek", "Sala kommun"),
        ("c/o Kim Ek", None),
        ("Eva Ek (enskild firma)", None),
        ("Enskild firma Eva Ek", None),
        ("Eva Ek, enskild firma", None),
    ],
)
def test_a_person_to_whom_post_goes_and_a_firm_of_one_person_are_left_out(printed: str, name: str | None) -> None:
    reading = _read(printed)

    assert (reading.mention.name if reading.mention else None) == name
    assert "Ek" not in repr(reading.mention) + str(reading.problems)
    assert reading.persons


def test_a_firm_to_which_post_goes_is_no_person() -> None:
    reading = _read("Bro AB, c/o Eks Konsult")

    assert reading.persons == ()
    assert reading.mention
    assert reading.mention.name == "Bro AB"


@pytest.mark.parametrize(
    ("printed", "name", "unit"),
    [
        ("info@exempel.se", None, None),
        ("0480-450000", None, None),
        ("Sala kommun, tel. 0224-74 70 00", "Sala kommun", None),
        ("Sala kommun (info@exempel.se), Komvux", "Sala kommun", "Komvux"),
    ],
)
def test_what_one_writes_or_calls_is_no_owner(printed: str, name: str | None, unit: str | None) -> None:
    reading = _read(printed)

    assert (reading.mention.name if reading.mention else None) == name
    assert (reading.mention.unit if reading.mention else None) == unit
    assert [(problem.rule, problem.value) for problem in reading.problems] == [("contact-as-owner", "")]


@pytest.mark.parametrize(
    ("printed", "name", "unit"),
    [
        ("Kriminalvården, Kriminalvården Luleå", "Kriminalvården", "Luleå"),
        ("Umeå universitet - Pedagogik", "Umeå universitet", "Pedagogik"),
        ("Umeå universitet - Uminova AB", "Umeå universitet - Uminova AB", None),
        ("Medborgarskolan Region Mälardalen, Medborgarskolan", "Medborgarskolan Region Mälardalen", None),
        ("Samordningsförbundet Göteborg Hisingen, DELTA", "Samordningsförbundet Göteborg Hisingen", "DELTA"),
    ],
)
def test_an_office_hangs_under_its_body_and_a_wider_name_is_no_unit(printed: str, name: str, unit: str | None) -> None:
    mention = _read(printed).mention

    assert mention
    assert (mention.name, mention.unit) == (name, unit)


def test_a_number_printed_twice_is_no_name() -> None:
    mention = _read("212000-3005, 212000-3005").mention

    assert mention
    assert (mention.number, mention.name) == ("2120003005", None)


def test_a_cut_name_is_whole_in_the_second_half_of_the_field() -> None:
    whole = "Föreningen Kompetenscentrum för hållbar integration i Västernorrland"
    reading = _read(f"{whole[:47]}, {whole}")

    assert reading.mention
    assert (reading.mention.name, reading.mention.unit) == (whole, None)
    assert _rules(reading) == ["owner-cut"]


def test_a_person_as_registers_write_them_is_left_out() -> None:
    assert _read("EKQVISTER, EVA MARIA").mention is None
