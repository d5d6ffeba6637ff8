"""How a call begins on each line, kept ready: what is said and asked first, and the answer to the carrier."""

from dataclasses import dataclass, replace
from datetime import datetime

from guichet.core.phone import PhoneNumber
from guichet.ivr.asking import question
from guichet.ivr.call import Call
from guichet.ivr.dialogue import begin
from guichet.ivr.moves import Ask, Move
from guichet.ivr.ports import Tools
from guichet.ivr.script import Script
from guichet.ivr.turns import in_one_stream, verbs

_PLACE_OF_TOKEN = "TOKEN"  # noqa: S105 - it stands for one in the answer that is kept ready


@dataclass(frozen=True, slots=True)
class Greeting:
    """The opening of a line: first state (the number comes with the first turn), question, moves."""

    script: Script
    state: Call
    ask: Ask
    moves: tuple[Move, ...]
    _answer: str
    _in_turns: str

    def answer(self, token: str) -> str:
        """Return the TwiML of a new call."""
        return self._answer.replace(_PLACE_OF_TOKEN, token)

    def in_turns(self, token: str) -> str:
        """Return the TwiML by which the carrier says the opening, whatever the voice mode."""
        return self._in_turns.replace(_PLACE_OF_TOKEN, token)


class Greetings:
    """Makes the greeting of a line once for a script: the same object is the same script."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._ready: dict[tuple[PhoneNumber, bool], Greeting] = {}

    def of(self, line: PhoneNumber, now: datetime, *, relayed: bool = False) -> Greeting:
        """Return the greeting of a line at a moment; who calls by a relay service may be put through unasked."""
        script = self._tools.scripts(line, now, self._tools.book())
        known = self._ready.get((line, relayed))
        if known is not None and known.script is script:
            return known
        state, moves = begin(script, relayed=relayed)
        ask = moves[-1] if isinstance(moves[-1], Ask) else replace(question(script, state), listen=False)
        in_turns = self._tools.render(verbs(state, 1, _PLACE_OF_TOKEN, moves))
        in_stream = self._tools.render(in_one_stream(_PLACE_OF_TOKEN))
        answer = in_stream if self._tools.duplex and ask.listen else in_turns
        greeting = self._ready[line, relayed] = Greeting(script, state, ask, moves, answer, in_turns)
        return greeting
