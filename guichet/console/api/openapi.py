"""The OpenAPI document (3.1), made of the table of operations and the types that decode and encode. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from guichet.console.api.decoding import properties
from guichet.console.api.operation import PATH_KINDS, Operation
from guichet.console.api.problem import CONTENT_TYPE, Problem
from guichet.console.api.token import Scope

BASE = "/api/v1"
DOCUMENT = "/openapi.json"
VERSION = "1.0"
"""Of the API, not of the program: fields may be added to answers at any time, what is there stays under `/v1`."""
_REF = "#/components/schemas/{name}"
_STATUS = {200: "Done", 201: "Created"}

_DESCRIPTION = """\
Citizens, requests, contacts, texts, agents, rules and measures of a Guichet installation, for the administration's own
systems. A token (`guichet api token add`) opens it: `Authorization: Bearer gct_…`, as far as its scopes reach. What is
read of a person, and whatever is changed, stands in the audit trail. Lists are read page by page: give `next` back as
`cursor` until it is null. Errors are `application/problem+json` (RFC 9457): 400 means not as described here, 422 as
described but impossible. See docs/api.md.
"""


def document(operations: Sequence[Operation]) -> dict[str, Any]:
    """Return the document."""
    structs = {kind for one in operations for kind in (one.answers, one.body) if kind is not None} | {Problem}
    queries = {one.query for one in operations if one.query is not None}
    ordered = sorted(structs | queries, key=lambda kind: kind.__name__)
    _, components = msgspec.json.schema_components(ordered, ref_template=_REF)
    for query in queries:
        del components[query.__name__]
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Guichet",
            "version": VERSION,
            "description": _DESCRIPTION,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": BASE}],
        "security": [{"token": []}],
        "tags": [{"name": name} for name in dict.fromkeys(one.resource for one in operations)],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _scopes()}},
            "headers": _HEADERS,
            "responses": {
                str(status): _problem(status) for status in sorted({s for o in operations for s in o.problems})
            },
            "schemas": components,
        },
    }


def _scopes() -> str:
    return "A token of `guichet api token add`. Scopes: " + ", ".join(f"`{scope}`" for scope in Scope)


_HEADERS: dict[str, Any] = {
    "ETag": {"description": "Names this state, for `If-Match`.", "schema": {"type": "string"}},
    "Location": {"description": "Where to read what was made.", "schema": {"type": "string"}},
    "Retry-After": {"description": "Seconds after which to ask again.", "schema": {"type": "integer", "minimum": 1}},
    "Idempotency-Replayed": {
        "description": "`true`: the answer given before to the same key.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


def _header(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/headers/{name}"}


def _problem(status: int) -> dict[str, Any]:
    content = {CONTENT_TYPE: {"schema": {"$ref": _REF.format(name="Problem")}}}
    told = {"description": _TOLD.get(status, "Refused"), "content": content}
    return {**told, "headers": {"Retry-After": _header("Retry-After")}} if status in {429, 503} else told


_TOLD = {
    400: "Not as described here",
    401: "No token, or one that is not accepted",
    403: "The token's scopes do not reach so far",
    404: "There is no such thing",
    409: "The state has changed meanwhile, or forbids this",
    412: "It has changed since it was read",
    413: "The body is too large",
    415: "The body is not JSON",
    422: "As described, but it cannot be done",
    429: "Too many requests: see Retry-After",
    500: "A fault of Guichet's own; nothing was changed",
    503: "A dependency is away: see Retry-After",
}


def _operation(operation: Operation) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.resource],
        "security": [{"token": [operation.scope.value]}],
        "responses": {
            str(operation.status): _success(operation),
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in operation.problems},
        },
    }
    if operation.description:
        told["description"] = operation.description
    parameters = [*_path(operation), *_query(operation), *_header_parameters(operation)]
    if parameters:
        told["parameters"] = parameters
    if operation.body is not None:
        schema = {"$ref": _REF.format(name=operation.body.__name__)}
        told["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    return told


def _success(operation: Operation) -> dict[str, Any]:
    schema = {"$ref": _REF.format(name=operation.answers.__name__)}
    told: dict[str, Any] = {
        "description": _STATUS[operation.status],
        "content": {"application/json": {"schema": schema}},
    }
    names = (
        ("ETag", operation.tagged),
        ("Location", operation.status == 201),
        ("Idempotency-Replayed", operation.once),
    )
    headers = {name: _header(name) for name, is_there in names if is_there}
    return {**told, "headers": headers} if headers else told


def _path(operation: Operation) -> Iterable[dict[str, Any]]:
    for name in operation.blanks:
        yield {"name": name, "in": "path", "required": True, "schema": msgspec.json.schema(PATH_KINDS[name])}


def _query(operation: Operation) -> Iterable[dict[str, Any]]:
    if operation.query is None:
        return
    (_,), components = msgspec.json.schema_components([operation.query], ref_template=_REF)
    required = components[operation.query.__name__].get("required", [])
    for name in properties(operation.query):
        schema = dict(components[operation.query.__name__]["properties"][name])
        described = {"description": schema.pop("description")} if "description" in schema else {}
        yield {"name": name, "in": "query", "required": name in required, **described, "schema": schema}


def _header_parameters(operation: Operation) -> Iterable[dict[str, Any]]:
    if operation.once:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "The same key within 24 hours gets the same answer, and nothing is done twice.",
            "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
        }
    if operation.guarded:
        yield {
            "name": "If-Match",
            "in": "header",
            "required": False,
            "description": "The ETag of what you read, in its quotes: 412 if it has changed since.",
            "schema": {"type": "string"},
        }
