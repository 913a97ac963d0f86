"""The redirects that make our IRIs resolve: a folder in the form that the w3id.org service takes."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from kg.release.publication import Publication


def name_of(base: str) -> str:
    """Return the name that a base has below its host.

    >>> name_of("https://w3id.org/esf-kg/")
    'esf-kg'
    """
    return urlsplit(base).path.strip("/")


def redirectable(base: str, publication: Publication) -> bool:
    """Return whether there is anywhere to redirect to: an address below the base would lead to itself without end."""
    return not (publication.download.startswith(base) or publication.landing.startswith(base))


def htaccess(base: str, publication: Publication) -> str:
    """Return the rules for Apache: the ontology and things redirect with 303 by what the client accepts.

    People get the documentation in the language that they prefer, programs Turtle from the release; things are
    documents of the site.
    """
    download, landing = _exactly(publication.download), _unescaped(publication.landing)
    endpoint = publication.endpoint and _exactly(publication.endpoint)
    query = f"RewriteRule ^sparql$ {endpoint} [R=307,NE,QSA,L]\n" if endpoint else ""
    return f"""# Redirects of {base}
# Every address here is permanent; only the targets change.
Options +FollowSymLinks
Options -MultiViews
AddType text/turtle .ttl
RewriteEngine on

# The terms: documentation for people, in Swedish or English, and Turtle for programs.
RewriteCond %{{HTTP_ACCEPT}} text/html [OR]
RewriteCond %{{HTTP_ACCEPT}} application/xhtml\\+xml
RewriteCond %{{HTTP:Accept-Language}} ^sv [NC]
RewriteRule ^ontology(/[0-9.]+|\\.html)?$ {download}ontology/index.html [R=303,NE,L]
RewriteCond %{{HTTP_ACCEPT}} text/html [OR]
RewriteCond %{{HTTP_ACCEPT}} application/xhtml\\+xml
RewriteRule ^ontology(/[0-9.]+)?$ {download}ontology/index.en.html [R=303,NE,L]
RewriteRule ^ontology\\.html$ {download}ontology/index.en.html [R=303,NE,L]
RewriteCond %{{HTTP_ACCEPT}} application/ld\\+json
RewriteRule ^ontology(/[0-9.]+)?$ {download}ontology/ontology.jsonld [R=303,NE,L]
RewriteCond %{{HTTP_ACCEPT}} application/rdf\\+xml
RewriteRule ^ontology(/[0-9.]+)?$ {download}ontology/ontology.rdf [R=303,NE,L]
RewriteCond %{{HTTP_ACCEPT}} application/n-triples
RewriteRule ^ontology(/[0-9.]+)?$ {download}ontology/ontology.nt [R=303,NE,L]
RewriteRule ^ontology(/[0-9.]+)?$ {download}ontology/ontology.ttl [R=303,NE,L]

# The rules that the data keep.
RewriteRule ^shapes$ {download}ontology/shapes.ttl [R=303,NE,L]
RewriteRule ^shape/ {download}ontology/shapes.ttl [R=303,NE,L]

# The description of the data set, for portals and programs.
RewriteRule ^id/(catalogue|dataset|distribution|service|contact|location)(/.*)?$ {download}catalog.ttl [R=303,NE,L]
RewriteRule ^release/(.*)$ {_quoted(f"{_unescaped(publication.download)}$1")} [R=302,L]

# Things: the site answers in the form and the language that the client asks for. Without NE: Apache reads names with
# their escapes undone, and has to escape them again.
RewriteRule ^id/(.*)$ {_quoted(f"{landing}id/$1")} [R=303,QSA,L]
{query}RewriteRule ^$ {_quoted(landing)} [R=302,L]
"""


def _exactly(address: str) -> str:
    r"""Return an address as a target that Apache sends as it is: in a target `%2` and `$2` mean what a pattern found.

    >>> print(_exactly("https://example.org/a%20b/"))
    https://example.org/a\%20b/
    """
    return address.replace("%", r"\%").replace("$", r"\$")


def _unescaped(address: str) -> str:
    """Return an address as a target that Apache escapes itself.

    >>> _unescaped("https://example.org/a%20b/")
    'https://example.org/a b/'
    """
    return _exactly(unquote(address))


def _quoted(target: str) -> str:
    return f'"{target}"' if " " in target else target


def readme(base: str, publication: Publication) -> str:
    """Return the README that goes with the redirects; it names the publisher and, where one is known, a mailbox."""
    contact = publication.contact
    mailbox = f"{contact.name.en} <{contact.email}>" if contact else "no mailbox was given"
    return f"""# {re.sub(r"[^A-Za-z0-9/_-]", "", name_of(base)) or base}

{publication.description.en}

- Homepage: {publication.landing}
- Release: {publication.download}
- Namespace of the terms: `{base}ontology#` (prefix `kg`)
- Things: `{base}id/…`

The terms redirect with 303: people get documentation in Swedish or English, programs Turtle, JSON-LD, RDF/XML or
N-Triples, by `Accept`.

## Contact

{publication.publisher.name.en}: {mailbox}
"""
