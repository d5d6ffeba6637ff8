"""One turn of listening: µ-law in, `Heard` out; the same for calls, files and tests, whichever the decoder. Pure."""

from dataclasses import replace

import numpy as np

from guichet.core.language import Language
from guichet.transcripts.activity import FRAME_SECONDS, VoiceActivity
from guichet.transcripts.decoder import Decoder, Utterance
from guichet.transcripts.endpoint import Limits, Pace, ending
from guichet.transcripts.gate import Gate
from guichet.transcripts.heard import Ending, Heard
from guichet.transcripts.mulaw import RATE, Samples, decode
from guichet.transcripts.spoken.yes_no import is_bare_answer

BATCH = RATE // 10
"""Samples given to the decoder at once: a call for each frame would cost more than the delay of 0.1 s."""
AHEAD = 0.3
"""Seconds before the end of a turn at which what was heard is worked out, in case nothing more comes: whoever waits
for the end then waits for no decoding."""


class Turn:
    """Listens until an end is reached; used by one thread at a time."""

    def __init__(self, language: Language, limits: Limits, decoder: Decoder) -> None:
        self._language = language
        self._limits = limits
        self._decoder = decoder
        self._activity = VoiceActivity()
        self._gate = Gate()
        self._pace = Pace()
        self._pending: list[Samples] = []
        self._is_settled = False
        self._is_looked_at = False
        self._outcome: Heard | None = None

    def feed(self, mulaw: bytes) -> Heard | None:
        """Take the next audio, of any length; return the outcome as soon as the turn has ended."""
        if self._outcome is None:
            for frame in self._activity.frames(decode(mulaw)):
                self._pending += self._gate.take(frame)
                self._pace = self._pace.after(FRAME_SECONDS, voiced=self._gate.has_voice)
                self._give(at_once=not self._gate.is_open)
                self._settle()
                reason = ending(self._limits, self._pace)
                if self._is_answered() or (reason is not None and self._is_over(reason)):
                    break
        return self._outcome

    @property
    def is_paused(self) -> bool:
        """Whether the caller pauses: what comes next hardly needs the decoder, unless it is a voice."""
        return not self._gate.is_open

    @property
    def quiet(self) -> float:
        """Seconds of audio since the last voice."""
        return self._pace.quiet

    def stop(self) -> Heard:
        """End now; return what was heard so far."""
        if self._outcome is None:
            if self._gate.is_open:
                self._pending.append(self._activity.rest())
            self._give(at_once=True)
            self._outcome = self._heard(self._decoder.finish(), Ending.STOPPED)
        return self._outcome

    def _give(self, *, at_once: bool) -> None:
        """Hand the pending samples to the decoder, when they are worth a call."""
        if not self._pending or (not at_once and sum(map(len, self._pending)) < BATCH):
            return
        samples = np.concatenate(self._pending)
        self._pending.clear()
        self._is_settled = self._is_looked_at = False
        if self._decoder.accept(samples):
            self._pace = self._pace.at_recogniser_endpoint()

    def _settle(self) -> None:
        """Have the decoder work out what it heard, once the caller has been quiet for most of what ends a turn."""
        if self._is_settled or self._gate.is_open or not self._pace.has_begun:
            return
        if self._pace.pause >= self._limits.trailing_silence - AHEAD:
            self._is_settled = True
            self._decoder.settle()

    def _is_answered(self) -> bool:
        """End where yes or no was asked for, one of them was said, and no more came: looked at once in a pause."""
        silence = self._limits.answer_silence
        if silence is None or self._is_looked_at or self._gate.is_open or self._pace.pause < silence:
            return False
        self._is_looked_at = True
        if not self._pace.has_begun or not is_bare_answer(self._decoder.so_far(), self._language):
            return False
        self._outcome = self._heard(self._decoder.finish(), Ending.ENDPOINT)
        return True

    def _is_over(self, reason: Ending) -> bool:
        """Ask the decoder before believing an end: noise is no turn, and words go on although they are faint."""
        self._give(at_once=True)
        if (
            reason is Ending.ENDPOINT
            and self._pace.quiet < self._limits.trailing_silence
            and self._decoder.is_hearing()
        ):
            self._pace = self._pace.with_words()
            return False
        utterance = self._decoder.finish()
        if reason is Ending.ENDPOINT and not utterance.is_speech:
            if self._pace.seconds < self._limits.initial_silence:
                self._pace = self._pace.without_voice()
                return False
            reason = Ending.SILENCE
        self._outcome = self._heard(utterance, reason)
        return True

    def _heard(self, utterance: Utterance, reason: Ending) -> Heard:
        """Return the outcome, with the words at their place in the audio; the decoder is free."""
        at = self._gate.audio_time
        words = tuple(replace(word, start=at(word.start), end=at(word.end)) for word in utterance.words)
        self._decoder.close()
        seconds = self._pace.seconds + len(self._activity.rest()) / RATE
        return Heard(self._language, utterance.text, words, utterance.alternatives, round(seconds, 3), reason)
