"""The whole error tree. Pure.

GuichetError
├── BadInput            what came in is wrong; says what would be right (exit 2, HTTP 400)
│   └── Forged          a webhook or handshake whose signature does not hold (HTTP 403)
├── NotFound            no such thing (exit 2, HTTP 404)
├── Conflict            the thing changed meanwhile, or is already taken (HTTP 409)
│   └── Crossed         another transaction was in the way: the same call may succeed at once (retryable)
├── Unavailable         a dependency is away; the same call may succeed later (HTTP 503, retryable)
├── Refused             the carrier said no for good; carries its code
│   └── OptedOut        the recipient does not want our texts (21610): never again
└── InDoubt             asked, but whether it was done is not known: reconcile before asking again
"""

from typing import ClassVar


class GuichetError(Exception):
    """Any error of ours; `retryable` says whether the same call may succeed later."""

    retryable: ClassVar[bool] = False


class BadInput(GuichetError):
    """What came in is wrong; the message says what and what would be right."""


class Forged(BadInput):
    """A webhook or media handshake whose signature does not hold."""


class NotFound(GuichetError):
    """There is no such thing."""


class Conflict(GuichetError):
    """The thing has changed meanwhile, or somebody else has it."""


class Crossed(Conflict):
    """Another transaction was in the way of this one, which is undone: it is to be done again."""

    retryable = True


class Unavailable(GuichetError):
    """A dependency is away; the message names it and how to mend it."""

    retryable = True


class Refused(GuichetError):
    """The carrier said no for good."""

    def __init__(self, message: str, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class OptedOut(Refused):
    """The recipient has opted out of our texts at the carrier (Twilio 21610)."""


class InDoubt(GuichetError):
    """The carrier was asked but did not answer: reconcile with its list before asking again."""
