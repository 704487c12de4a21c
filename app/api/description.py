"""The OpenAPI document, made from the routes themselves: none can be missing from it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, TypeVar

from sqlmodel import SQLModel
from werkzeug.routing import Map, Rule

from app.api.shapes import Problem

OPENAPI = "3.1.0"
SCHEMAS = "#/components/schemas/{model}"
JSON = "application/json"
LEFT_OUT = frozenset({"HEAD", "OPTIONS"})

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """What a route does; `answer` is a shape, or the media type of a file."""

    summary: str
    answer: type[SQLModel] | str
    query: Mapping[str, str] = field(default_factory=dict)
    """Parameters in the query and what they mean; none is required."""
    refusals: Mapping[int, str] = field(default_factory=dict)


_operations: dict[str, Operation] = {}
PARAMETERS = {"name": "The round's id or its slug."}


def describes(operation: Operation) -> Callable[[View], View]:
    """Say what a view answers, for the document."""

    def declare(view: View) -> View:
        _operations[view.__name__] = operation
        return view

    return declare


def document(routes: Map, blueprint: str) -> dict[str, Any]:
    """Describe every route of the blueprint. KeyError for one that says nothing of itself."""
    paths: dict[str, dict[str, Any]] = {}
    schemas: dict[str, Any] = {}
    _add_schema(Problem, schemas)
    for rule in routes.iter_rules():
        prefix, _, name = rule.endpoint.rpartition(".")
        if prefix != blueprint:
            continue
        operation = _operations[name]
        if not isinstance(operation.answer, str):
            _add_schema(operation.answer, schemas)
        for method in sorted((rule.methods or set()) - LEFT_OUT):
            described = _operation(rule, name, operation)
            paths.setdefault(_path(rule), {})[method.lower()] = described
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Minga",
            "version": version("minga"),
            "summary": "Rounds of participatory budgeting as open data.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": dict(sorted(schemas.items()))},
    }


def _path(rule: Rule) -> str:
    """Turn a route of Flask into a path of OpenAPI: <name> becomes {name}."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def _operation(rule: Rule, name: str, operation: Operation) -> dict[str, Any]:
    refused = {str(status): _refusal(why) for status, why in operation.refusals.items()}
    return {
        "operationId": name,
        "summary": operation.summary,
        "parameters": list(_parameters(rule, operation)),
        "responses": {
            "200": {"description": "OK", "content": _content(operation.answer)},
            **refused,
        },
    }


def _parameters(rule: Rule, operation: Operation) -> Iterator[dict[str, Any]]:
    for name in sorted(rule.arguments):
        yield _parameter(name, "path", PARAMETERS[name]) | {"required": True}
    for name, meaning in operation.query.items():
        yield _parameter(name, "query", meaning)


def _parameter(name: str, where: str, meaning: str) -> dict[str, Any]:
    return {"name": name, "in": where, "description": meaning, "schema": {"type": "string"}}


def _refusal(why: str) -> dict[str, Any]:
    return {"description": why, "content": _content(Problem)}


def _content(answer: type[SQLModel] | str) -> dict[str, Any]:
    if isinstance(answer, str):
        return {answer: {"schema": {"type": "string"}}}
    return {JSON: {"schema": {"$ref": SCHEMAS.format(model=answer.__name__)}}}


def _add_schema(shape: type[SQLModel], schemas: dict[str, Any]) -> None:
    schema = shape.model_json_schema(ref_template=SCHEMAS, mode="serialization")
    schemas.update(schema.pop("$defs", {}))
    schemas[shape.__name__] = schema
