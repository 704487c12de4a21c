"""The OpenAPI document, made from the routes themselves: none can be missing from it."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.metadata import version
from typing import Any, TypeVar

from pydantic.json_schema import JsonSchemaMode
from sqlmodel import SQLModel
from werkzeug.routing import Map, Rule

from app.api.shapes import Problem, Refusal

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
    status: int = HTTPStatus.OK
    body: type[SQLModel] | None = None
    """What is sent to it."""
    outcomes: Mapping[int, str] = field(default_factory=dict)
    """Answers to a device besides the first, with an outcome in each."""
    by_device: bool = False
    """Needs the token of a provider's device."""
    with_key: bool = False
    """Is done once per Idempotency-Key."""


_operations: dict[str, Operation] = {}
PARAMETERS = {
    "name": "The round's id or its slug.",
    "redemption_id": "What the answer to the redemption named.",
}
DEVICE = "device"
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": True,
    "description": "Made by the client: the same key with the same body is done once.",
    "schema": {"type": "string", "minLength": 8, "maxLength": 64},
}


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
    _add_schema(Refusal, schemas)
    for rule in routes.iter_rules():
        prefix, _, name = rule.endpoint.rpartition(".")
        if prefix != blueprint:
            continue
        operation = _operations[name]
        if not isinstance(operation.answer, str):
            _add_schema(operation.answer, schemas)
        if operation.body is not None:
            _add_schema(operation.body, schemas, mode="validation")
        for method in sorted((rule.methods or set()) - LEFT_OUT):
            described = _operation(rule, name, operation)
            paths.setdefault(_path(rule), {})[method.lower()] = described
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Minga",
            "version": version("minga"),
            "summary": "Participatory budgeting as open data; care vouchers at a provider's till.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {DEVICE: {"type": "http", "scheme": "bearer"}},
        },
    }


def _path(rule: Rule) -> str:
    """Turn a route of Flask into a path of OpenAPI: <name> becomes {name}."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)


def _operation(rule: Rule, name: str, operation: Operation) -> dict[str, Any]:
    refused = {str(status): _refusal(why, Problem) for status, why in operation.refusals.items()}
    refused |= {str(status): _refusal(why, Refusal) for status, why in operation.outcomes.items()}
    described: dict[str, Any] = {
        "operationId": name,
        "summary": operation.summary,
        "parameters": list(_parameters(rule, operation)),
        "responses": {
            str(int(operation.status)): {
                "description": HTTPStatus(operation.status).phrase,
                "content": _content(operation.answer),
            },
            **refused,
        },
    }
    if operation.body is not None:
        described["requestBody"] = {"required": True, "content": _content(operation.body)}
    if operation.by_device:
        described["security"] = [{DEVICE: []}]
    return described


def _parameters(rule: Rule, operation: Operation) -> Iterator[dict[str, Any]]:
    for name in sorted(rule.arguments):
        yield _parameter(name, "path", PARAMETERS[name]) | {"required": True}
    for name, meaning in operation.query.items():
        yield _parameter(name, "query", meaning)
    if operation.with_key:
        yield KEY


def _parameter(name: str, where: str, meaning: str) -> dict[str, Any]:
    return {"name": name, "in": where, "description": meaning, "schema": {"type": "string"}}


def _refusal(why: str, shape: type[SQLModel]) -> dict[str, Any]:
    return {"description": why, "content": _content(shape)}


def _content(answer: type[SQLModel] | str) -> dict[str, Any]:
    if isinstance(answer, str):
        return {answer: {"schema": {"type": "string"}}}
    return {JSON: {"schema": {"$ref": SCHEMAS.format(model=answer.__name__)}}}


def _add_schema(
    shape: type[SQLModel], schemas: dict[str, Any], mode: JsonSchemaMode = "serialization"
) -> None:
    schema = shape.model_json_schema(ref_template=SCHEMAS, mode=mode)
    schemas.update(schema.pop("$defs", {}))
    schemas[shape.__name__] = schema
