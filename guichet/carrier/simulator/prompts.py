"""The verbs that talk to the person and take their keys: Say, Play, Pause, Gather."""

import asyncio
from dataclasses import dataclass

from guichet.carrier.simulator.leg import Leg
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.outcome import Outcome, Runner
from guichet.carrier.simulator.parties import Moment, Press, spoken_seconds
from guichet.carrier.simulator.sounds import Sounds
from guichet.carrier.simulator.steps import Gather, Pause, Play, Prompt, Say

ENDLESS = 3600.0
"""Seconds that a prompt with loop=0 lasts before the simulator calls it endless."""
_QUIET = 2.0
"""Seconds of silence after something said on hold."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """The keys of a Gather, and the key that finished it."""

    keys: str
    finished_on: str = ""


class Prompts:
    """Runs prompts on a leg; files are fetched from the gateway to know that they exist and how long they last."""

    def __init__(self, runner: Runner, sounds: Sounds) -> None:
        self._runner = runner
        self._sounds = sounds

    async def prompt(self, leg: Leg, step: Prompt, url: str) -> Outcome:
        """Play one prompt to its end."""
        await leg.reach(Moment.PROMPT)
        if isinstance(step, Say):
            leg.behaviour.hear(step.text)
        await self._play(leg, step, url, None)
        return None

    async def gather(self, leg: Leg, step: Gather, url: str) -> Outcome:
        """Play the prompts, take keys during and after them; without keys, the next verb follows."""
        press = await self._listen_and_choose(leg, step, url)
        typed = await self._type(leg, step, press) if press is not None else None
        if typed is None:
            await leg.last(step.timeout)
        if typed is None or (not typed.keys and not step.empty_result):
            if not step.empty_result:
                return None
            typed = _Typed("")
        form = {"msg": "Gather End", "Digits": typed.keys}
        if typed.finished_on or typed.keys:
            form["FinishedOnKey"] = typed.finished_on
        return self._runner.follow(step.action, url, form)

    async def _listen_and_choose(self, leg: Leg, step: Gather, url: str) -> Press | None:
        """Let the person hear the prompts, as far as they listen, and return what they press."""
        await leg.reach(Moment.PROMPT)
        for prompt in step.prompts:
            if isinstance(prompt, Say):
                leg.behaviour.hear(prompt.text)
        if leg.on_hold and leg.taps:
            await self._speak(leg)
        press = leg.behaviour.press() if step.takes_keys else None
        left = press.early if press is not None else None
        for prompt in step.prompts:
            left = await self._play(leg, prompt, url, left)
            if left is not None and left <= 0:
                break
        return press

    async def _speak(self, leg: Leg) -> None:
        """Let the person say something that only a stream beside the call hears, then be quiet for a while."""
        speak = leg.behaviour.speak()
        if speak is not None:
            leg.note(Kind.SPOKE, speak.label, seconds=f"{speak.seconds:.2f}")
            await leg.last(speak.before)
            await leg.last(speak.seconds, speak.mulaw)
            await leg.last(_QUIET)

    async def _type(self, leg: Leg, step: Gather, press: Press) -> _Typed | None:
        """Press the keys one by one until the Gather has what it wants or waits in vain for more."""
        leg.note(Kind.PRESSED, press.keys)
        typed = ""
        for position, key in enumerate(press.keys):
            if key == "w":
                await leg.last(0.5)
                continue
            if key == step.finish_on and step.finish_on:
                return _Typed(typed, key)
            typed += key
            if position == 0:
                await leg.reach(Moment.PRESSING)
            if len(typed) == step.digits:
                return _Typed(typed)
            await leg.last(press.gap)
        await leg.last(step.timeout)
        return _Typed(typed)

    async def _play(self, leg: Leg, prompt: Prompt, url: str, listens: float | None) -> float | None:
        """Play a prompt; return how much longer the person will listen before they press (None: to the end)."""
        seconds = await self._begin(leg, prompt, url)
        if listens is None or seconds <= listens:
            await leg.last(seconds)
            return None if listens is None else listens - seconds
        await leg.last(listens)
        return 0.0

    async def _begin(self, leg: Leg, prompt: Prompt, url: str) -> float:
        match prompt:
            case Say(text, voice, language, loop):
                leg.note(Kind.SAID, text, voice=voice, language=language)
                return await self._loops(spoken_seconds(text), loop)
            case Play(source, loop, digits):
                leg.note(Kind.PLAYED, source or digits)
                return await self._loops(await self._length(leg, prompt, url), loop)
            case Pause(seconds):
                return seconds

    async def _length(self, leg: Leg, prompt: Play, url: str) -> float:
        if prompt.digits:
            return 0.5 * len(prompt.digits)
        sound = await self._sounds.fetch(self._runner.follow(None, url, {}), prompt.url)
        if sound.error is not None:
            leg.note(Kind.ERROR, sound.error)
        return sound.seconds

    async def _loops(self, seconds: float, loop: int) -> float:
        if loop == 0:
            await asyncio.sleep(0.05)  # an endless prompt must not spin in instant mode
            return ENDLESS
        return seconds * loop
