"""Status callbacks of a call: which events are wanted, in what order they are numbered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from guichet.carrier.simulator.calls import CallRecord
from guichet.carrier.simulator.log import Kind
from guichet.carrier.simulator.webhooks import Ask, Webhooks

_SIP_CODES = {"busy": "486", "no-answer": "487", "failed": "404", "canceled": "487"}


@dataclass(frozen=True, slots=True)
class Hook:
    """An absolute URL that wants some of `initiated`, `ringing`, `answered`, `completed`."""

    url: str
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)


class Progress:
    """Reports one call; SequenceNumber counts the reports from 0."""

    def __init__(self, webhooks: Webhooks, record: CallRecord, hook: Hook | None) -> None:
        self._webhooks = webhooks
        self._record = record
        self._hook = hook
        self._sequence = 0

    def report(self, event: str) -> None:
        """Tell that the call was initiated, rings, is answered or is over (`completed`, however it ended)."""
        hook, record = self._hook, self._record
        if hook is None or event not in hook.events:
            return
        form = record.form() | {
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self._sequence),
            "Timestamp": format_datetime(datetime.now(UTC)),
        }
        self._sequence += 1
        if event == "completed":
            form |= {"CallDuration": str(record.duration), "Duration": str(-(-record.duration // 60))}
            form["SipResponseCode"] = _SIP_CODES.get(record.state.value, "200")

        def note(path: str, details: Mapping[str, str]) -> None:
            record.note(Kind.WEBHOOK, path, **details)

        self._webhooks.tell(Ask(hook.url, hook.method, form), note, record.sid)
