"""The closed list of our terms, the prefixes, and the only place that makes IRIs.

The base is always given from outside (`kg.ontology.default_base()` reads it from `ontology/kg.ttl`);
no IRI of ours is spelt out in code.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from kg.errors import VocabularyError

CLASSES = frozenset("Project Owner Region Method Fund Programme MethodUse Mention NameMatch Source SourceField".split())
PROPERTIES = frozenset(
    """owner ownerUnit region fund programme programmeArea specificObjective interventionField
    startDate endDate plannedParticipants totalBudget totalCost grantedSupport euContribution currency
    coFinancingRate strategicImportance childPovertyTheme beneficiaryPostcode beneficiaryPlace
    beneficiaryAddress country projectPhase call method methodUse partner continues
    mention refersTo relation nameMatch beneficiaryMunicipality
    useOf role quote quoteStart quoteEnd matchedText matchRule confidence
    organisationNumber ownerType sha256 layout
    fieldLabel valueKind diaryNumberPattern unconfirmed
    nameWord numberPrefix recognitionOrder""".split()
)
SOURCE_FIELDS = frozenset(
    """fieldPeriod fieldNutsCode fieldContactPerson fieldEmail fieldTelephone
    fieldEnglishTitle fieldEnglishDescription fieldLeftOut""".split()
)
TERMS = CLASSES | PROPERTIES | SOURCE_FIELDS

EXTERNAL_PREFIXES = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "nuts": "http://data.europa.eu/nuts/code/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

DATAPORTAL_ORGANISATION = "http://dataportal.se/organisation/SE"


@lru_cache(maxsize=65536)
def slug(text: str) -> str:
    """Return `text` as lower-case ASCII words joined by hyphens, for use in an IRI.

    >>> slug("Linköpings kommun")
    'linkopings-kommun'
    >>> slug("merit.nu")
    'merit-nu'
    """
    plain = text.casefold()
    if not plain.isascii():
        folded = unicodedata.normalize("NFKD", plain.replace("ø", "o").replace("æ", "ae").replace("ß", "ss"))
        plain = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "x"


def project_key(identifier: str) -> str:
    """Return the key of a project in IRIs: its diary number with the slash written as a hyphen.

    >>> project_key("2017/00082")
    '2017-00082'
    """
    return identifier.replace("/", "-")


@dataclass(frozen=True, slots=True)
class Names:
    """Makes the IRIs of one base.

    >>> names = Names("https://example.org/")
    >>> names.term("Project")
    'https://example.org/ontology#Project'
    >>> names.thing("region", "SE12")
    'https://example.org/id/region/SE12'
    """

    base: str

    def term(self, name: str) -> str:
        """Return the IRI of one of our own terms.

        Raises:
            VocabularyError: the ontology has no such term.
        """
        if name not in TERMS:
            raise VocabularyError(f"the ontology has no term kg:{name}")
        return f"{self.base}ontology#{name}"

    def thing(self, kind: str, *keys: str) -> str:
        """Return the IRI of a thing: `{base}id/{kind}/{key}…`; keys must be IRI-safe already."""
        return f"{self.base}id/{kind}/" + "/".join(keys)

    def prefixes(self) -> dict[str, str]:
        """Return all prefixes in alphabetical order, ours as `kg`."""
        return dict(sorted({**EXTERNAL_PREFIXES, "kg": f"{self.base}ontology#"}.items()))
