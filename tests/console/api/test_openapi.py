"""The document itself: whole, and of one piece with what serves."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from guichet.console.api.decoding import decode_body, decode_path
from guichet.console.api.openapi import document
from guichet.console.api.operation import Operation
from guichet.console.api.operations import all_operations
from guichet.console.api.problem import Refusal
from guichet.console.api.token import Scope

OPERATIONS = all_operations()


def references(value: Any) -> Iterator[str]:
    """Return every `$ref`."""
    if isinstance(value, dict):
        yield from (value["$ref"] for _ in range("$ref" in value))
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_reference_leads_somewhere() -> None:
    told = msgspec.to_builtins(document(OPERATIONS))
    for reference in references(told):
        found = told
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        assert found


def test_names_and_places_are_unique_and_every_scope_opens_something() -> None:
    assert len({one.name for one in OPERATIONS}) == len(OPERATIONS)
    assert len({(one.method, one.path) for one in OPERATIONS}) == len(OPERATIONS)
    assert {one.scope for one in OPERATIONS} == set(Scope)
    assert all(re.fullmatch(r"[a-z_]+", one.name) for one in OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.name)
def test_what_writes_or_shows_a_person_is_audited_and_needs_a_scope_for_it(operation: Operation) -> None:
    if operation.writes:
        assert operation.action
        assert operation.scope.endswith(":write")
    else:
        assert operation.scope.endswith(":read")
    people = {"citizens", "requests", "contacts", "messages", "agents"}
    assert operation.action or operation.resource not in people or operation.name == "list_slots"
    assert operation.status == 201 or "location" not in operation.description


def test_a_whole_number_may_be_written_with_a_point() -> None:
    publish = next(one for one in OPERATIONS if one.name == "publish_rules")
    read = decode_body(publish, "application/json", b'{"text": "x", "note": "y", "based_on": 3.0}')
    assert getattr(read, "based_on", None) == 3
    for wrong in (b"3.5", b"1e400", b"-1", b'"3"', b"true"):
        with pytest.raises(Refusal):
            decode_body(publish, "application/json", b'{"text": "x", "note": "y", "based_on": ' + wrong + b"}")


def test_a_place_that_cannot_be_is_nowhere() -> None:
    read = next(one for one in OPERATIONS if one.name == "read_version")
    assert decode_path(read, {"number": "7"}) == {"number": 7}
    for wrong in ("0", "07", "x", "-1", "9" * 30, "1.0", " 1"):
        with pytest.raises(Refusal, match="nothing here"):
            decode_path(read, {"number": wrong})
