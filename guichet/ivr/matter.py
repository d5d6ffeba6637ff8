"""What is wanted: MATTER, CHOICE, MORE and DANGER, by keys and by voice. Pure."""

from guichet.ivr import dangers, wishes
from guichet.ivr import script as said
from guichet.ivr.asking import MISSES_ELSEWHERE, Turned, ask, end, fresh, missed, next_need, want_agent
from guichet.ivr.call import INFORMED, At, Call
from guichet.ivr.inputs import Spoken
from guichet.ivr.moves import Decide, SendText, TakeBack, Tell
from guichet.ivr.script import Script
from guichet.routing.intent import AGENT, DANGER


def matter_keys(script: Script, call: Call, digits: str) -> Turned:
    """1 to 6 are the menu's matters, 7 is another one, 8 reads the menu."""
    if digits.isdecimal() and 1 <= int(digits) <= len(script.menu):
        return chosen(script, call, script.menu[int(digits) - 1])
    if digits == "7":
        return call.evolve(intent=None, misses=0), (next_need(call),)
    if digits == "8":
        return ask(script, call.evolve(by_keys=True))
    return missed(script, call, Tell(said.WRONG_KEY))


def matter_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Take a sure matter; ask an unsure one back with its runner-up; part with who needed the urgent message only."""
    sure = sure_matter(script, heard)
    if sure is None and call.urgent and wishes.is_no(heard.text):
        return end(call.evolve(outcome=INFORMED), Tell(said.THANKS))
    if sure is not None and sure not in call.refused:
        return chosen(script, call.evolve(also=_said_too(call, heard)), sure)
    options = _options(script, call, heard)
    if not options and _may_be_danger(call, heard):
        safe = call.evolve(at=At.CHOICE, options=(DANGER,), misses=call.misses + 1)
        return ask(script, safe, Tell(said.NOT_UNDERSTOOD))
    if not options:
        return missed(script, call, Tell(said.NOT_UNDERSTOOD))
    return ask(script, call.evolve(at=At.CHOICE, options=options))


def choice_keys(script: Script, call: Call, digits: str) -> Turned:
    """1 or 2 choose, 3 is neither."""
    if digits.isdecimal() and 1 <= int(digits) <= len(call.options):
        return chosen(script, call, call.options[int(digits) - 1])
    if digits == "3":
        return correct(script, call)
    return missed(script, call, Tell(said.WRONG_KEY))


def choice_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Take `the first`, yes to a single one, the matter said again, or neither."""
    option = _option_meant(call, heard)
    if option is not None:
        return chosen(script, call, option)
    if wishes.is_no(heard.text) or wishes.is_neither(heard.text) or wishes.is_correction(heard.text):
        return correct(script, call, heard)
    sure = sure_matter(script, heard)
    if sure is not None and sure not in call.refused:
        return chosen(script, call, sure)
    return missed(script, call, Tell(said.NOT_UNDERSTOOD))


def more_keys(script: Script, call: Call, digits: str) -> Turned:
    """1 is yes, 2 is no."""
    if digits == "1":
        return ask(script, fresh(call))
    return end(call, Tell(said.THANKS)) if digits == "2" else missed(script, call, Tell(said.WRONG_KEY))


def more_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Yes, no, or another matter at once."""
    sure = sure_matter(script, heard)
    if sure is not None and sure != call.intent:
        return chosen(script, fresh(call).evolve(also=_said_too(call, heard)), sure)
    if wishes.is_no(heard.text):
        return end(call, Tell(said.THANKS))
    if wishes.is_yes(heard.text):
        return ask(script, fresh(call))
    return missed(script, call, Tell(said.NOT_UNDERSTOOD))


def danger_keys(script: Script, call: Call, digits: str) -> Turned:
    """1 is another matter, 2 ends; anything else has the numbers again."""
    if digits == "1":
        return ask(script, fresh(call))
    return end(call, Tell(said.THANKS)) if digits == "2" else danger(script, call, ())


def danger_spoken(script: Script, call: Call, heard: Spoken) -> Turned:
    """Another matter is served; no ends; anything else has the numbers again."""
    sure = sure_matter(script, heard)
    if sure is not None:
        return chosen(script, fresh(call), sure)
    return end(call, Tell(said.THANKS)) if wishes.is_no(heard.text) else danger(script, call, ())


def danger(script: Script, call: Call, kinds: tuple[str, ...]) -> Turned:
    """Say the emergency numbers before anything else, text them, and see who is there."""
    is_first = call.at is not At.DANGER
    misses = 0 if is_first else call.misses + 1
    kinds = kinds or call.dangers
    call = call.evolve(
        at=At.DANGER, intent=DANGER, dangers=kinds, options=(), keyed="", misses=misses, outcome="emergency"
    )
    tell = Tell(dangers.advice(kinds, script.emergency), whole=True)
    if is_first:
        return call, (tell, SendText("emergency"), Decide())
    return ask(script, call, tell) if misses < MISSES_ELSEWHERE else end(call, tell)


def chosen(script: Script, call: Call, intent: str) -> Turned:
    """Take a matter, and look up who may be calling."""
    if intent == DANGER:
        return danger(script, call, ())
    if intent == AGENT:
        return want_agent(call)
    call = call.evolve(at=At.MATTER, intent=intent, options=(), misses=0)
    return call, (next_need(call),)


def correct(script: Script, call: Call, heard: Spoken | None = None) -> Turned:
    """Take back what was understood, and take the matter that was said with it; corrections count as misses."""
    wrong = call.options or ((call.intent,) if call.intent else ())
    taken = (TakeBack(call.request),) if call.request else ()
    back = fresh(call).evolve(refused=(*call.refused, *wrong), misses=call.misses, outcome="")
    back = back.evolve(request=None, reference="", joined=False, texts=False, offers=(), slot=None)
    meant = sure_matter(script, heard) if heard else None
    if meant is not None and meant not in {*back.refused, AGENT}:
        back, moves = chosen(script, back, meant)
    elif wrong == (DANGER,):
        back, moves = ask(script, back)
    else:
        back, moves = missed(script, back, Tell(said.CORRECTED))
    return back, (*taken, *moves)


def sure_matter(script: Script, heard: Spoken) -> str | None:
    """Return the matter when it needs no asking back."""
    match = heard.match
    if match is None or match.intent is None or match.score < script.sure or heard.confidence < script.clear:
        return None
    is_close = match.runner_up is not None and match.score - match.runner_up.score < script.margin
    return None if is_close else match.intent


def _said_too(call: Call, heard: Spoken) -> tuple[str, ...]:
    """Return the other matters of the sentence, without those that are no matter for later."""
    also = heard.match.also if heard.match else ()
    return tuple(intent for intent in also if intent not in {*call.refused, AGENT, DANGER})


def _options(script: Script, call: Call, heard: Spoken) -> tuple[str, ...]:
    """Return the one or two matters worth asking back, without those refused."""
    match = heard.match
    if match is None or match.intent is None or match.score < script.likely:
        return ()
    found = (match.intent, *((match.runner_up.intent,) if match.runner_up else ()))
    return tuple(intent for intent in dict.fromkeys(found) if intent not in {*call.refused, AGENT})


def _may_be_danger(call: Call, heard: Spoken) -> bool:
    """Whether words that fit no matter for sure are as near to danger as to any: that is asked, once a call."""
    match = heard.match
    if match is None or DANGER in call.refused:
        return False
    near = match.intent or (match.runner_up.intent if match.runner_up else None)
    return near == DANGER


def _option_meant(call: Call, heard: Spoken) -> str | None:
    """Return which of the options the words choose."""
    place = wishes.chosen_place(heard.text)
    if place is None and len(call.options) == 1 and wishes.is_yes(heard.text):
        place = 0
    if place is not None:
        return call.options[place] if place < len(call.options) else None
    said_again = heard.match.intent if heard.match else None
    return said_again if said_again in call.options and not wishes.is_no(heard.text) else None
