"""The description of the JSON interface in OpenAPI, made from the tables that the pages themselves use."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version

from kg.search import ORDERS
from kg.web.answers import LANGUAGES, Content
from kg.web.pages.lists import ALL_LISTS, LEVELS
from kg.web.pages.search import MOST_PAGES, PARAMETERS, WITHIN
from kg.web.routes import FORMS, RDF_FORMS
from kg.web.views import DOCUMENT_KINDS, View

Schema = Mapping[str, object]
_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_MAYBE_NUMBER: Schema = {"type": ["number", "null"]}


def openapi_answer(view: View, form: str) -> Content:
    """Return the description of every address that answers JSON."""
    document = {
        "openapi": "3.1.0",
        "info": {
            "title": "ESF-KG",
            "version": version("esf-kg"),
            "summary": "Working methods in Swedish European Social Fund projects",
            "license": {"name": "CC0-1.0", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": view.asked.public.removesuffix("/")}],
        "paths": {
            "/search.json": _operation("Find projects", _search_parameters(), _SEARCHED),
            "/suggest.json": _operation("Names that begin like a text", _suggest_parameters(), _SUGGESTED),
            **{f"/{path}.json": _list(path) for path in ALL_LISTS},
            "/{kind}/{key}.jsonld": _document(),
            "/openapi.json": _operation("This description", [], {"type": "object"}),
            "/health": _operation("Whether the server runs", [], _object(status=_TEXT)),
            "/ready": _operation("Whether a build is served, and which", [], _object(status=_TEXT, generation=_TEXT)),
        },
        "components": {"schemas": {"Problem": _PROBLEM}},
    }  # fmt: skip
    return Content(json.dumps(document, ensure_ascii=False, indent=1).encode(), FORMS["json"])


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


_PROBLEM = _object(type=_TEXT, title=_TEXT, status={"type": "integer"}, detail=_TEXT)
_PROJECT = _object(
    identifier=_MAYBE_TEXT,
    title=_TEXT,
    **{name: _array(_TEXT) for name in ("owner", "region", "method", "fund", "programme")},
    startDate=_MAYBE_TEXT,
    endDate=_MAYBE_TEXT,
    plannedParticipants={"type": ["integer", "null"]},
    totalBudget=_MAYBE_NUMBER,
    totalCost=_MAYBE_NUMBER,
    grantedSupport=_MAYBE_NUMBER,
    euContribution=_MAYBE_NUMBER,
    currency=_MAYBE_TEXT,
    iri=_TEXT,
)
_COUNT = _object(key=_TEXT, label=_TEXT, projects=_NUMBER, chosen={"type": "boolean"})
_UNDERSTOOD = _object(
    instead={"type": "object", "additionalProperties": _TEXT}, unknown=_array(_TEXT), anyWord={"type": "boolean"}
)
_SEARCHED = _object(
    total=_NUMBER,
    page=_NUMBER,
    pages=_NUMBER,
    order={"enum": list(ORDERS)},
    understood=_UNDERSTOOD,
    projects=_array(_PROJECT),
    facets=_object(**{name: _array(_COUNT) for name in PARAMETERS}),
)
_SUGGESTED = _object(
    suggestions=_array(_object(kind=_TEXT, key=_TEXT, label=_TEXT, projects=_NUMBER, href=_TEXT)),
)
_LISTED = _object(
    kind=_TEXT,
    total=_NUMBER,
    things=_array(
        _object(key=_TEXT, iri=_TEXT, notation=_MAYBE_TEXT, sv=_MAYBE_TEXT, en=_MAYBE_TEXT, projects=_NUMBER)
    ),
)


def _parameter(name: str, schema: Schema, description: str, *, several: bool = False) -> Schema:
    found: dict[str, object] = {"name": name, "in": "query", "description": description, "schema": schema}
    if several:
        found |= {"schema": _array(schema), "style": "form", "explode": True}
    return found


def _search_parameters() -> list[Schema]:
    return [
        _parameter("q", _TEXT, 'words, "phrases in quotation marks", and -unwanted words'),
        *(_parameter(name, _TEXT, f"key of a {facet}; one of several is enough", several=True)
          for name, facet in PARAMETERS.items()),
        *(_parameter(name, _TEXT, f"key of a {kind}; all are needed", several=True) for name, kind in WITHIN.items()),
        _parameter("order", {"enum": list(ORDERS)}, "the order of the projects"),
        _parameter("page", {"type": "integer", "minimum": 1, "maximum": MOST_PAGES}, "the page, 20 projects each"),
    ]  # fmt: skip


def _suggest_parameters() -> list[Schema]:
    languages = {"enum": list(LANGUAGES)}
    return [_parameter("q", _TEXT, "the text"), _parameter("lang", languages, "the language of the names")]


def _operation(summary: str, parameters: list[Schema], answer: Schema) -> Schema:
    return {
        "get": {
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": "Found.", "content": {FORMS["json"]: {"schema": answer}}},
                **_problems("400", "414", "503"),
            },
        }
    }


def _problems(*statuses: str) -> Mapping[str, object]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": "Not granted.", "content": content} for status in statuses}


def _list(path: str) -> Schema:
    whole = {"type": "integer", "minimum": 1, "maximum": 100_000}
    parameters = [_parameter("q", _TEXT, "a part of the name"), _parameter("page", whole, "has no effect in JSON")]
    if path == "owners":
        parameters.append(_parameter("type", _TEXT, "key of a type of owner"))
    if path == "regions":
        parameters.append(_parameter("level", {"enum": list(LEVELS)}, "regions of one level alone"))
    return _operation(f"All {path.replace('-', ' ')}", parameters if path != "methods" else [], _LISTED)


def _document() -> Schema:
    return {
        "get": {
            "summary": f"The document about a thing, also as {', '.join(RDF_FORMS)} and html",
            "parameters": [
                {"name": "kind", "in": "path", "required": True, "schema": {"enum": list(DOCUMENT_KINDS)}},
                {"name": "key", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}},
            ],
            "responses": {
                "200": {"description": "Found.", "content": {FORMS["jsonld"]: {"schema": {"type": "object"}}}},
                **_problems("400", "404", "410", "414", "503"),
            },
        }
    }
