"""A citizen's text and what could be made of it, before anything is written. Pure."""

from dataclasses import dataclass

from guichet.carrier.events import IncomingMessage
from guichet.citizens.citizen import Identification
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.routing.intent import IntentMatch
from guichet.sms.for_another import NO_HELP, Help, Helping, name_in
from guichet.sms.gathering import Row
from guichet.sms.keywords import Command, obeyed_by_carrier

_OBEYED = {"STOP": Command.STOP, "START": Command.START, "HELP": Command.HELP}


@dataclass(frozen=True, slots=True)
class Whole:
    """Several texts in a row read as one."""

    text: str
    match: IntentMatch
    nearest: str | None


@dataclass(frozen=True, slots=True)
class Understood:
    """A citizen's text and what could be made of it before anything is written.

    `row` are the texts that it follows at once, and `whole` what all of them make where they were not understood.
    `helping` is what we had asked about somebody whom they write for, `help` what the text says to that, and `proof`
    who writes, by what they have answered.
    """

    incoming: IncomingMessage
    sender: PhoneNumber
    match: IntentMatch
    nearest: str | None
    spoken: Language | None
    identification: Identification
    row: Row | None = None
    whole: Whole | None = None
    helping: Helping | None = None
    help: Help = NO_HELP
    proof: Identification | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of those who may have written, on record, and the name that we have asked for."""
        people = [candidate.citizen for candidate in self.identification.candidates]
        known = (f"{person.given_names} {person.birth_name} {person.usual_name}".strip() for person in people)
        return (*known, name_in(self.incoming.body)) if self.helping else tuple(known)

    @property
    def obeyed(self) -> Command | None:
        """The command that the carrier has obeyed itself."""
        return _OBEYED.get(self.incoming.opt_out or "") or obeyed_by_carrier(self.incoming.body)
