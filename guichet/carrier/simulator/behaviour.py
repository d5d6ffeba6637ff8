"""A person's script under way: which action is next, and when it is used up. No I/O; the reaction may be anything."""

from collections import deque
from typing import TypeVar

from guichet.carrier.simulator.parties import (
    NATURAL_MOMENTS,
    Action,
    Answers,
    HangUp,
    Moment,
    Press,
    Speak,
    StaySilent,
)

_Done = TypeVar("_Done", Press, Speak, HangUp)


class Behaviour:
    """What a person still means to do in this call.

    An action waits for the moment where it can be done: Press for a prompt that takes keys or an open stream, Speak
    for a stream or a recording, or on hold where a stream beside the call listens. StaySilent lasts one turn (one TwiML
    document that asked).
    """

    def __init__(self, person: Answers) -> None:
        self._actions: deque[Action] = deque(person.script)
        self._react = person.react
        self._heard: list[str] = []
        self._asked = False
        self._acted = False

    def hear(self, text: str) -> None:
        """Listen to a prompt."""
        self._heard.append(text)

    def ask(self) -> Action | None:
        """Return the next action, at a moment where the person is asked for something; it is not used up."""
        self._asked = True
        if not self._actions and self._react is not None:
            reaction = self._react(" ".join(self._heard))
            self._heard.clear()
            if isinstance(reaction, Action):
                self._actions.append(reaction)
            elif reaction is not None:
                self._actions.extend(reaction)
        return self._actions[0] if self._actions else None

    def press(self) -> Press | None:
        """Use up the next action if it is Press."""
        action = self.ask()
        return self._use(action) if isinstance(action, Press) else None

    def speak(self, *, is_tone: bool = False) -> Speak | None:
        """Use up the next action if it is Speak, and there has been a tone where it waits for one."""
        action = self.ask()
        if not isinstance(action, Speak) or (action.after_tone and not is_tone):
            return None
        return self._use(action)

    def hang_up(self, moment: Moment) -> HangUp | None:
        """Use up the next action if it is to hang up at this moment."""
        action = self._actions[0] if self._actions else None
        if not isinstance(action, HangUp):
            return None
        fits = moment in NATURAL_MOMENTS if action.at is None else moment is action.at
        return self._use(action) if fits else None

    def end_turn(self) -> bool:
        """Close a turn; return whether the person was asked and did nothing, which uses up a StaySilent."""
        silent = self._asked and not self._acted
        if silent and self._actions and isinstance(self._actions[0], StaySilent):
            self._actions.popleft()
        self._asked = self._acted = False
        return silent

    def _use(self, action: _Done) -> _Done:
        self._actions.popleft()
        self._acted = True
        self._heard.clear()
        return action
