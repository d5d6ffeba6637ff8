"""What the dialogue wants done: things to say and do for the caller, and things it needs to know first. Pure."""

from dataclasses import dataclass

from guichet.callbacks.request import RequestKind
from guichet.callbacks.slots import Offer
from guichet.core.ids import RequestId
from guichet.core.language import Bilingual, Language
from guichet.core.phone import PhoneNumber
from guichet.transcripts.heard import Expectation


@dataclass(frozen=True, slots=True)
class Tell:
    """Say a text in the call's language, or in `language`; one that is `whole` must be heard to its end."""

    text: Bilingual
    language: Language | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """Say a question, then take keys (at most `keys` of them) and, where `listen`, speech. Ends a turn.

    Without a prompt nothing is said: the caller is in the middle of typing.
    """

    prompt: Bilingual | None
    expects: Expectation
    keys: int = 1
    listen: bool = True


@dataclass(frozen=True, slots=True)
class Hold:
    """Put the caller on hold for their request, hearing what they say meanwhile where `listen`. Ends a turn."""

    listen: bool = False


@dataclass(frozen=True, slots=True)
class StepOut:
    """Take in that the caller is asked something out of the queue: an agent who is found waits for them."""


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """Record what the caller says, for at most so many seconds. Ends a turn; the next has nothing to hear."""

    seconds: int


@dataclass(frozen=True, slots=True)
class End:
    """Hang up. Ends the call."""


@dataclass(frozen=True, slots=True)
class SendText:
    """Text the caller from the template of that name."""

    template: str


@dataclass(frozen=True, slots=True)
class Abandon:
    """Close the call's request: nobody waits any more."""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Cancel the request that this call has opened for what was misunderstood; one that it has joined goes on."""

    request: RequestId


@dataclass(frozen=True, slots=True)
class Served:
    """Close the call's request: they have talked with an agent."""


@dataclass(frozen=True, slots=True)
class Identify:
    """Need: who is it, by the call's number and what the caller said of themselves? Answered by `Identified`."""


@dataclass(frozen=True, slots=True)
class Represent:
    """Need: may they speak for whom they name, about this matter? Answered by `Represented`."""


@dataclass(frozen=True, slots=True)
class Decide:
    """Need: what do the rules make of the call? Answered by `Decided`."""


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """Need: open a request, or join the open one. Answered by `RequestOpened`."""

    kind: RequestKind


@dataclass(frozen=True, slots=True)
class FindSlot:
    """Need: which slot suits the wish in these readings? Answered by `SlotFound`."""

    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BookSlot:
    """Need: promise them a slot. Answered by `SlotBooked`."""

    offer: Offer


@dataclass(frozen=True, slots=True)
class CallSoon:
    """Call them as soon as possible: a slot that they have is given back."""


@dataclass(frozen=True, slots=True)
class CallElsewhere:
    """Call them at another number, and ask for that person there (None: for themselves)."""

    number: PhoneNumber
    person: str | None


Need = Identify | Represent | Decide | OpenRequest | FindSlot | BookSlot
Move = (
    Tell
    | Ask
    | Hold
    | StepOut
    | TakeMessage
    | End
    | SendText
    | Abandon
    | TakeBack
    | Served
    | CallSoon
    | CallElsewhere
    | Need
)
