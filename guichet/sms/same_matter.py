"""Whether a text is about a request that is open already, although it is put in other words. Pure."""

from collections.abc import Sequence

from guichet.routing.intent import AGENT, DANGER, IntentMatch

VAGUE = frozenset({"rendez_vous", "suivi_dossier"})
"""Matters that say nothing of what they are about: "j'attends toujours", "et mon rendez-vous ?"."""
LEAST_SHARE = 1 / 3
"""The second likeliest matter counts if it is a third as likely as the likeliest: less is noise."""


def same_matter(match: IntentMatch, intent: str, open_intents: Sequence[str]) -> str:
    """Return the matter to serve: that of the open request which the text is about, or else its own.

    The text is about an open request of the same person if its likeliest or second likeliest matter is that request's,
    or if it names none and there is only one. A danger, and the wish for a person, are never about something else.
    """
    if intent in (DANGER, AGENT) or intent in open_intents:
        return intent
    second = match.runner_up
    is_likely = match.intent == intent and second is not None and second.score >= match.score * LEAST_SHARE
    if is_likely and second is not None and second.intent in open_intents and second.intent != DANGER:
        return second.intent
    if intent in VAGUE and len(set(open_intents)) == 1 and open_intents[0] != DANGER:
        return open_intents[0]
    return intent
