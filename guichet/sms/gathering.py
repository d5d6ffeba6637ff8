"""Several texts sent in a row, understood as one. Pure.

    text understood ──────→ answered at once; what follows within GATHER and says no matter is kept without a reply
    text not understood ──→ a question, held back for GATHER
                              ├─ nothing follows → the question goes
                              └─ another text → the question is withdrawn; both are read as one, afresh

Nothing else waits: STOP, danger, commands, times and numbers are answered as they come, and what has been written is
kept before anything waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from guichet.routing.intent import DANGER, IntentMatch
from guichet.sms.calls_back import Said
from guichet.sms.keywords import keyword
from guichet.sms.message import Direction, Message
from guichet.sms.not_that import says_not_that
from guichet.sms.talk import Talk

GATHER = timedelta(seconds=8)
"""How long a question waits for the next piece of a text: who types in pieces sends the next within it."""


@dataclass(frozen=True, slots=True)
class Row:
    """Texts in a row so far: what was remembered before the first, since when, and the question that is held back.

    `question` is its key; None where the last text was understood.
    """

    talk: Talk
    since: datetime
    question: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return plain values, for the contact's file."""
        return {"talk": self.talk.to_json(), "since": self.since.isoformat(), "question": self.question}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Row":
        """Read what `to_json` has written."""
        return cls(Talk.from_json(values["talk"]), datetime.fromisoformat(values["since"]), values.get("question"))


def row_of(file: dict[str, Any], last_at: datetime, now: datetime) -> Row | None:
    """Return the row that a text continues, if the last one has come so lately."""
    values = file.get("sms_row")
    return Row.from_json(values) if values and now - last_at < GATHER else None


def as_one(row: Row, written: Sequence[Message], text: str) -> str:
    """Return the texts of a row and the new one as one."""
    earlier = [each.body for each in written if each.direction is Direction.IN and each.created_at >= row.since]
    return " ".join((*earlier, text))


def stands_alone(text: str, match: IntentMatch, said: Said) -> bool:
    """Whether a text is read by itself whatever came before: a command, a danger, a correction, a time or a number."""
    says_when_or_where = said.moves or said.changes or said.when is not None or said.number is not None
    return match.intent == DANGER or says_when_or_where or says_not_that(text) or keyword(text) is not None
