"""One operation of the API: how it is asked, what it needs, what it answers, and what does it. Pure.

The same table of operations is served (`web`), documented (`openapi`) and tested: none of them can know another one.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from guichet.console.api.kinds import Id, Version
from guichet.console.api.ports import Tools, Unit
from guichet.console.api.problem import Refusal
from guichet.console.api.token import ApiToken, Scope

PATH_KINDS: dict[str, Any] = {"id": Id, "delivery": Id, "number": Version}
"""What may stand in a path, by name."""
_BLANK = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Asked:
    """A demand that was admitted and decoded, in its transaction."""

    unit: Unit
    tools: Tools
    token: ApiToken
    now: datetime
    path: dict[str, Any] = field(default_factory=dict)
    query: Any = None
    body: Any = None
    if_match: str | None = None

    def check(self, etag: str) -> None:
        """Go on if the client knows the present state, or does not say what it knows. Raises Refusal (412)."""
        known = None if self.if_match is None else {one.strip() for one in self.if_match.split(",")}
        if known is not None and known.isdisjoint({"*", f'"{etag}"'}):
            raise Refusal(412, "it has changed since you read it: read it again, and decide again")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered, and what the audit trail says of it: whom or what it was about."""

    value: msgspec.Struct
    subject: str = ""
    detail: dict[str, Any] = field(default_factory=dict)
    etag: str | None = None
    location: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """An operation. `action` is its name in the audit trail (empty: it shows no person and changes nothing).

    `once`: a POST that takes an idempotency key. `guarded`: it takes `If-Match`.
    """

    name: str
    method: str
    path: str
    scope: Scope
    summary: str
    answers: type[msgspec.Struct]
    perform: Callable[[Asked], Awaitable[Answer]]
    action: str = ""
    description: str = ""
    query: type[msgspec.Struct] | None = None
    body: type[msgspec.Struct] | None = None
    status: int = 200
    writes: bool = False
    guarded: bool = False
    tagged: bool = False

    @property
    def once(self) -> bool:
        """Whether repeating it could do something twice, so that it takes an idempotency key."""
        return self.writes and self.method == "POST"

    @property
    def resource(self) -> str:
        """The first word of its path."""
        return self.path.split("/")[1]

    @property
    def blanks(self) -> tuple[str, ...]:
        """The names in its path."""
        return tuple(_BLANK.findall(self.path))

    @property
    def problems(self) -> tuple[int, ...]:
        """The errors it may answer with."""
        found = {401, 403, 429, 500, 503}
        if self.query or self.body or self.blanks or self.once:
            found |= {400, 422}
        if self.blanks:
            found |= {404}
        if self.body:
            found |= {404, 413, 415}
        if self.writes:
            found |= {409, 422}
        if self.guarded:
            found |= {412}
        return tuple(sorted(found))
