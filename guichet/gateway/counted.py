"""The services of calls, counted: each does what the plain one does, and tells the figures."""

from typing import Any

from guichet.carrier.events import CallProgress, IncomingCall
from guichet.gateway.figures import Figures
from guichet.ivr.inputs import Input
from guichet.ivr.listening import ListeningService
from guichet.ivr.record import CallRecord, TurnRecord, TurnResult
from guichet.ivr.service import CallService
from guichet.transcripts.heard import Heard


class CountedCalls(CallService):
    """Counts calls opened and ended, and turns."""

    def __init__(self, figures: Figures, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._figures = figures

    async def open(self, incoming: IncomingCall) -> str:
        """Take a new call."""
        answer = await super().open(incoming)
        self._figures.call_opened()
        return answer

    async def go_on(self, record: CallRecord, heard: Input) -> str:
        """Step a call."""
        answer = await super().go_on(record, heard)
        self._figures.turn(type(heard).__name__.lower())
        return answer

    async def progress(self, progress: CallProgress) -> CallRecord | None:
        """Note that a call has ended."""
        ended = await super().progress(progress)
        if ended is not None:
            self._figures.call_ended(ended.state.outcome or "abandoned")
        return ended


class CountedListening(ListeningService):
    """Counts what streams bring."""

    def __init__(self, figures: Figures, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._figures = figures

    async def keep(self, turn: TurnRecord, heard: Heard | None, keys: str, *, was_cut: bool) -> TurnResult:
        """Keep what a stream has brought."""
        result = await super().keep(turn, heard, keys, was_cut=was_cut)
        self._figures.heard(result.kind.value)
        return result
