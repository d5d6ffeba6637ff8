"""Who may be written to, for what, and on which proof. Pure.

STOP means no text at all, whatever the purpose, unless they write again: an answer to what somebody has just written is
what they ask for. A text about one's own request is no campaign: it needs no consent, only that nobody has said STOP.
Source: directive 2002/58/CE, article 13; CPCE L34-5; Twilio's opt-out at the carrier (error 21610).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from guichet.core.phone import PhoneNumber


class Purpose(StrEnum):
    """What a text is for."""

    REQUESTS = "requests"
    NEWS = "news"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody said, when, and the proof: their message's id, or the carrier's word (`carrier:21610`)."""

    number: PhoneNumber
    purpose: Purpose
    granted: bool
    at: datetime
    proof: str


def may_ask(requests: Consent | None, surveys: Consent | None) -> bool:
    """Say whether somebody may be asked how they were served: whoever ever said STOP is not, until they say START."""
    return all(consent is None or consent.granted for consent in (requests, surveys))


def may_write(consent: Consent | None, written_at: datetime | None) -> bool:
    """Say whether a text about their own request may go, from their last word and when they last wrote otherwise.

    At the carrier's own opt-out, their writing is not enough: it refuses until they send START.
    """
    if consent is None or consent.granted:
        return True
    if consent.proof.startswith("carrier:"):
        return False
    return written_at is not None and written_at > consent.at
