"""The carrier's error codes to our typed errors: who must do what. Pure.

Source: https://www.twilio.com/docs/api/errors. Twilio's own message is never kept: it quotes telephone numbers.
"""

from collections.abc import Mapping

from guichet.core.errors import GuichetError, InDoubt, OptedOut, Refused, Unavailable

OPTED_OUT = 21610
NOT_FOUND = 20404
NOT_IN_PROGRESS = 21220

REFUSALS: Mapping[int, str] = {
    20001: "a parameter is missing or wrong",
    NOT_FOUND: "there is no such thing at the carrier",
    21201: "there is no number to call",
    21205: "the address for the call is not valid; check GUICHET_PUBLIC_URL",
    21210: "our number is not verified at the carrier",
    21211: "the number is not valid",
    21212: "our number is not valid at the carrier",
    21213: "there is no number of ours to call from",
    21214: "the number cannot be reached",
    21215: "calls to that country are not allowed; allow it in the carrier's geographic permissions",
    21216: "the carrier does not call that number",
    21217: "the number does not look valid",
    21219: "the number is not verified (trial account)",
    NOT_IN_PROGRESS: "the call is no longer in progress",
    21221: "the call cannot be changed any more",
    21408: "texts to that country are not allowed; allow it in the carrier's geographic permissions",
    21601: "our number cannot send texts",
    21602: "the text is empty",
    21603: "there is no number of ours to send from",
    21604: "there is no number to send to",
    21606: "our number cannot send to that number",
    21608: "the number is not verified (trial account)",
    21609: "the address for status callbacks is not valid; check GUICHET_PUBLIC_URL",
    21612: "the number cannot be reached from ours",
    21614: "the number is not a mobile number",
    21617: "the text is longer than 1600 characters",
}
"""Refused for good, and why. A code that is not listed, with a status of 400 to 499, is refused all the same."""

NOT_PROCESSED: Mapping[int, str] = {
    20003: "our credentials are not accepted; check GUICHET_TWILIO_ACCOUNT_SID and GUICHET_TWILIO_AUTH_TOKENS",
    20005: "our account at the carrier is not active; see its console",
    20006: "the carrier denies access; check the account's permissions",
    20429: "the carrier asks us to slow down",
    14107: "the carrier asks us to slow down",
    21611: "the carrier's queue for our number is full",
}
"""Not done now, never processed: the same request may succeed later, or once its cause is mended."""

STATUSES_NOT_PROCESSED: Mapping[int, str] = {
    401: NOT_PROCESSED[20003],
    403: NOT_PROCESSED[20006],
    407: "the proxy wants credentials",
    408: "the carrier did not receive the whole request",
    429: NOT_PROCESSED[20429],
}

UNDELIVERED: Mapping[int, str] = {
    21610: "the recipient has opted out",
    30001: "the carrier's queue overflowed",
    30002: "our account is suspended",
    30003: "the handset cannot be reached",
    30004: "the message is blocked",
    30005: "the number is unknown or no longer in service",
    30006: "the number is a landline, or its network cannot be reached",
    30007: "the message was filtered",
    30008: "unknown error",
    30017: "the network is congested",
    30022: "too many messages from our number",
    30034: "our number is not registered with the network",
}
"""Codes of delivery callbacks, and why (https://www.twilio.com/docs/api/errors#3-anchor)."""

TRANSIENT = frozenset({30001, 30003, 30008, 30017, 30022})
"""Of those, what a later attempt may cure."""


def error_of(status: int, code: int | None, *, changes: bool) -> GuichetError:
    """Return the error of an answer with an HTTP status of 300 or more.

    `changes` says whether the request may have done something (a POST): a 5xx then leaves it in doubt, as it may have
    been processed. A 429 never was.
    """
    if code == OPTED_OUT:
        return OptedOut("the recipient has opted out of our texts", OPTED_OUT)
    later = NOT_PROCESSED.get(code or 0) or STATUSES_NOT_PROCESSED.get(status)
    if later is not None:
        return Unavailable(f"{later} ({_label(status, code)})")
    if status >= 500:
        if changes:
            return InDoubt(f"the carrier failed while it had our request ({_label(status, code)})")
        return Unavailable(f"the carrier is failing ({_label(status, code)}); it may be better later")
    if status < 400:
        return Unavailable(f"this is not the carrier's API ({_label(status, code)}); check GUICHET_TWILIO_API_URL")
    reason = REFUSALS.get(code or 0, "the carrier refused")
    return Refused(f"{reason} ({_label(status, code)})", code or status)


def has_ended(error: Refused) -> bool:
    """Whether a change to a call was refused because the call is over: a normal outcome."""
    return error.code in {NOT_FOUND, NOT_IN_PROGRESS, 404}


def is_transient(code: int | None) -> bool:
    """Whether a text that was not delivered with that code may be sent again later."""
    return code in TRANSIENT


def why_undelivered(code: int | None) -> str:
    """Return, for agents, why a text was not delivered."""
    return UNDELIVERED.get(code or 0, "no reason given" if code is None else f"error {code} of the carrier")


def _label(status: int, code: int | None) -> str:
    """Return status and code for a message."""
    return f"HTTP {status}" if code is None else f"HTTP {status}, code {code}"
