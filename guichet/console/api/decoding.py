"""What a request carries, decoded as its operation describes it; refused with the place that is wrong. Pure."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
from multidict import MultiMapping

from guichet.console.api.operation import PATH_KINDS, Operation
from guichet.console.api.problem import Refusal

MOST_BYTES = 1 << 20
"""The longest body (the gateway's own limit)."""
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,18})")
_KEY = re.compile(r"[!-~]{1,200}")


def _number(text: str) -> int | float:
    """Read a number with a point or an exponent: `3.0` is a whole number in JSON Schema."""
    value = float(text)
    return int(value) if value.is_integer() else value


_DECODER = msgspec.json.Decoder(float_hook=_number)


def decode_path(operation: Operation, given: Mapping[str, str]) -> dict[str, Any]:
    """Read what stands in the path. Raises Refusal (404): there is nothing at such a place."""
    try:
        return {
            name: msgspec.convert(_typed(given[name], _kind_of(PATH_KINDS[name])), PATH_KINDS[name])
            for name in operation.blanks
        }
    except msgspec.ValidationError:
        raise Refusal(404, "there is nothing here: see /api/v1/openapi.json") from None


def decode_query(operation: Operation, given: MultiMapping[str]) -> msgspec.Struct | None:
    """Read the query. Raises Refusal (400) for what is unknown, repeated or not as described."""
    if operation.query is None:
        if given:
            raise Refusal(400, f"this operation has no parameters: leave out '{next(iter(given))[:60]}'")
        return None
    kinds = _kinds(operation.query)
    for name in given:
        if name not in kinds:
            raise Refusal(400, f"there is no parameter '{name[:60]}'; there are: {', '.join(kinds)}")
        if len(given.getall(name)) > 1:
            raise Refusal(400, f"the parameter '{name}' is given twice")
    try:
        return msgspec.convert({name: _typed(value, kinds[name]) for name, value in given.items()}, operation.query)
    except msgspec.ValidationError as error:
        raise Refusal(400, f"query: {plainly(error)}") from None


def decode_body(operation: Operation, content_type: str, body: bytes) -> msgspec.Struct | None:
    """Read the body. Raises Refusal: 415 for what is no JSON, 400 for what is not as described."""
    if operation.body is None:
        return None
    if content_type.split(";", maxsplit=1)[0].strip().lower() != "application/json":
        raise Refusal(415, "send the body as JSON, with 'Content-Type: application/json'")
    try:
        return msgspec.convert(_DECODER.decode(body), operation.body)
    except msgspec.ValidationError as error:
        raise Refusal(400, f"body: {plainly(error)}") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Refusal(400, "the body is no JSON that can be read") from None


def decode_key(given: str | None) -> str | None:
    """Read an idempotency key. Raises Refusal (400)."""
    if given is not None and not _KEY.fullmatch(given):
        raise Refusal(400, "an Idempotency-Key has 1 to 200 visible ASCII characters, such as a UUID")
    return given


def plainly(error: msgspec.ValidationError) -> str:
    """Say what is wrong, and where."""
    return str(error).replace("`$.", "`").replace("`$`", "the whole")


@lru_cache(maxsize=256)
def _kinds(query: type[msgspec.Struct]) -> dict[str, str]:
    """Return the JSON type of each parameter, `string` for all that is written as one."""
    return {name: schema.get("type", "string") for name, schema in properties(query).items()}


def _kind_of(kind: Any) -> str:
    return str(msgspec.json.schema(kind).get("type", "string"))


def properties(query: type[msgspec.Struct]) -> dict[str, dict[str, Any]]:
    """Return the schema of each field of a struct."""
    (_,), components = msgspec.json.schema_components([query])
    found: dict[str, dict[str, Any]] = components[query.__name__]["properties"]
    return found


def _typed(text: str, kind: str) -> object:
    """Give a written value its type; what is not written so stays a text, which is refused then."""
    if kind == "integer" and _INTEGER.fullmatch(text):
        return int(text)
    if kind == "boolean" and text in {"true", "false"}:
        return text == "true"
    return text
