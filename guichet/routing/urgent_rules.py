"""The rules of urgent messages: the number that supervisors call, and the messages prepared for them. Pure."""

from dataclasses import dataclass

from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class UrgentRules:
    """`number` is called by supervisors, who give theirs and a PIN; None: there is none. At most nine `prepared`."""

    number: PhoneNumber | None = None
    prepared: tuple[Bilingual, ...] = ()
