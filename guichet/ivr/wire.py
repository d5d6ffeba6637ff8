"""A call's state, a turn's expectation and its result as JSON text. Pure."""

import dataclasses
from functools import lru_cache
from typing import Any, get_args

import msgspec

from guichet.ivr.call import Call
from guichet.ivr.record import TurnResult
from guichet.transcripts.heard import (
    Expectation,
    FreeSpeech,
)

_KINDS: dict[str, type[Expectation]] = {kind.__name__: kind for kind in get_args(Expectation)}
_encoder = msgspec.json.Encoder()
_call = msgspec.json.Decoder(Call)
_result = msgspec.json.Decoder(TurnResult)


def call_to_text(call: Call) -> str:
    """Write a call's state."""
    return _encoder.encode(call).decode()


def call_from_text(text: str) -> Call:
    """Read a call's state; what a newer version has added keeps its default."""
    return _call.decode(text)


def result_to_text(result: TurnResult) -> str:
    """Write a result, without its value (it has a column of its own, which can be emptied)."""
    return _encoder.encode(dataclasses.replace(result, value=None)).decode()


def result_from_text(text: str, value: str | None) -> TurnResult:
    """Read a result, with its value from the column of its own."""
    return dataclasses.replace(_result.decode(text), value=value)


@lru_cache(maxsize=256)
def expectation_to_text(expects: Expectation) -> str:
    """Write what a turn expects, as its kind and its fields."""
    return _encoder.encode([type(expects).__name__, dataclasses.asdict(expects)]).decode()


def expectation_from_text(text: str) -> Expectation:
    """Read what a turn expects; what this version does not know is free speech."""
    kind, fields = msgspec.json.decode(text, type=tuple[str, dict[str, Any]])
    known = _KINDS.get(kind)
    return msgspec.convert(fields, known) if known else FreeSpeech()
