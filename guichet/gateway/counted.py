"""The services of calls, counted: each does what the plain one does, and tells the figures."""

from typing import Any

from guichet.carrier.events import IncomingCall
from guichet.gateway.figures import Figures
from guichet.ivr.inputs import Input
from guichet.ivr.listening import ListeningService
from guichet.ivr.record import CallRecord, TurnRecord, TurnResult
from guichet.ivr.service import CallService, Stepped
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

    async def go_on(self, record: CallRecord, heard: Input) -> Stepped:
        """Step a call."""
        stepped = await super().go_on(record, heard)
        self._figures.turn(type(heard).__name__.lower())
        return stepped

    def has_ended(self, record: CallRecord) -> None:
        """Tell that a call has ended."""
        super().has_ended(record)
        self._figures.call_ended(record.state.outcome or "abandoned")


class CountedListening(ListeningService):
    """Counts what streams bring."""

    def __init__(self, figures: Figures, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._figures = figures

    async def keep(self, turn: TurnRecord, heard: Heard | None, keys: str, *, was_cut: bool) -> TurnResult:
        """Keep what a stream has brought."""
        result = await super().keep(turn, heard, keys, was_cut=was_cut)
        self._figures.heard(result.kind.value)
        if heard is not None:
            self._figures.spent(heard.seconds, heard.cpu)
        return result
