"""Takes a wish about a callback: said at once, in answer to our question, or a time and nothing else. Pure."""

from guichet.routing.intent import AGENT
from guichet.sms.acts import Act, ChangeNumber, MoveCallback
from guichet.sms.keywords import is_thanks, reference_in
from guichet.sms.talk import MOST_MISSES, Incoming, Talk, place_picked


def about_call(talk: Talk, incoming: Incoming) -> tuple[Talk, Act] | None:
    """Take a wish about a callback: said at once, in answer to our question, or a time and nothing else."""
    said = incoming.calls
    when = None if said.refuses else said.when
    reference = reference_in(incoming.text) or talk.reference
    move = MoveCallback(when, reference, soon=said.soon)
    place = place_picked(incoming.text)
    if place is not None and place < len(talk.slots):
        return Talk(), MoveCallback(None, reference, slot=talk.slots[place])
    names_no_matter = incoming.match.intent in (None, AGENT)
    evades = said.evades and incoming.awaits_call and names_no_matter
    redirects = said.redirects and bool(incoming.waits_for) and names_no_matter
    if said.changes or redirects or (talk.asked == "number" and said.number is not None):
        return _asked_back(
            "number", reference, ChangeNumber(said.number, reference, said.person), missing=said.number is None
        )
    if said.moves or evades or (talk.asked == "time" and said.when is not None):
        return _asked_back("time", reference, move, missing=when is None)
    if talk.asked and incoming.match.intent is None and not is_thanks(incoming.text) and talk.misses + 1 < MOST_MISSES:
        again = MoveCallback(None, reference) if talk.asked == "time" else ChangeNumber(None, reference)
        return Talk(misses=talk.misses + 1, asked=talk.asked, reference=reference), again
    if incoming.awaits_call and said.when is not None and (names_no_matter or said.calls):
        return _asked_back("time", reference, move, missing=when is None)
    return None


def _asked_back(what: str, reference: str | None, act: Act, *, missing: bool) -> tuple[Talk, Act]:
    return (Talk(asked=what, reference=reference) if missing else Talk()), act
