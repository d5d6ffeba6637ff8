"""What the gateway and its recogniser process say to each other: msgpack messages, each after its length. Pure."""

from collections.abc import Iterator
from typing import Generic, TypeVar, get_args

import msgspec

from guichet.core.errors import BadInput
from guichet.core.language import Language
from guichet.transcripts.endpoint import Limits
from guichet.transcripts.heard import (
    Expectation,
    Heard,
)

M = TypeVar("M")

LARGEST = 1 << 20
"""Bytes of the largest message."""

_EXPECTATIONS: dict[str, type[Expectation]] = {kind.__name__: kind for kind in get_args(Expectation)}


class Open(msgspec.Struct, frozen=True, tag=True):
    """Begin a turn; `expects` and its details as written by `opening`."""

    turn: int
    language: Language
    kind: str
    details: dict[str, bool | int | tuple[str, ...]]
    limits: Limits

    @property
    def expects(self) -> Expectation:
        """Return what the turn expects. Raises BadInput for an unknown kind."""
        if self.kind not in _EXPECTATIONS:
            raise BadInput(f"no expectation is called {self.kind}")
        return msgspec.convert(self.details, _EXPECTATIONS[self.kind])


class Audio(msgspec.Struct, frozen=True, tag=True):
    """More µ-law audio of a turn; `due` is when, on the gateway's clock, it should be worked through."""

    turn: int
    mulaw: bytes
    due: float = 0.0


class Stop(msgspec.Struct, frozen=True, tag=True):
    """End a turn now and tell what was heard."""

    turn: int


class Forget(msgspec.Struct, frozen=True, tag=True):
    """Drop a turn: nobody waits for it any more."""

    turn: int


class Ended(msgspec.Struct, frozen=True, tag=True):
    """A turn has ended."""

    turn: int
    heard: Heard


class Failed(msgspec.Struct, frozen=True, tag=True):
    """A turn cannot be heard; the reason is for logs and operators."""

    turn: int
    reason: str


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The models are loaded; `cost` is the CPU that a second of noise takes, 0 where nobody measured."""

    cost: float = 0.0


class Worked(msgspec.Struct, frozen=True, tag=True):
    """A turn's audio up to what was due then has been worked through."""

    turn: int
    due: float


Question = Open | Audio | Stop | Forget
Answer = Ready | Ended | Failed | Worked


def opening(turn: int, language: Language, expects: Expectation, limits: Limits) -> Open:
    """Return the message that begins a turn."""
    details = msgspec.to_builtins(expects)
    return Open(turn, language, type(expects).__name__, details, limits)


def pack(message: Question | Answer) -> bytes:
    """Return a message with its length (4 bytes, big-endian) before it."""
    body = msgspec.msgpack.encode(message)
    return len(body).to_bytes(4, "big") + body


class Unpacker(Generic[M]):
    """Cuts a stream of bytes, in pieces of any length, into messages of one kind.

    Raises BadInput for what is none: the stream is then of no more use.
    """

    def __init__(self, kind: type[M]) -> None:
        self._decoder = msgspec.msgpack.Decoder(kind)
        self._rest = bytearray()

    def messages(self, data: bytes) -> Iterator[M]:
        """Take the next bytes; give the messages that are complete."""
        self._rest += data
        while len(self._rest) >= 4:
            end = 4 + int.from_bytes(self._rest[:4], "big")
            if end > LARGEST:
                raise BadInput("a message larger than any of ours")
            if len(self._rest) < end:
                return
            body = bytes(self._rest[4:end])
            del self._rest[:end]
            try:
                yield self._decoder.decode(body)
            except msgspec.DecodeError as error:
                raise BadInput(f"not a message of ours: {error}") from error
