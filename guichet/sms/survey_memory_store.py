"""Surveys in memory: the twin that behaves like SQL."""

from datetime import datetime

from guichet.core.ids import CitizenId
from guichet.core.phone import PhoneNumber
from guichet.sms.survey import Survey


class MemorySurveyStore:
    """The surveys in a dict."""

    def __init__(self) -> None:
        self.rows: dict[str, Survey] = {}

    async def add(self, survey: Survey) -> None:
        """Keep a question."""
        self.rows[survey.id] = survey

    async def asked_since(self, number: PhoneNumber, citizen: CitizenId | None, since: datetime) -> bool:
        """Whether somebody was asked since a moment."""
        asked = [row for row in self.rows.values() if row.asked_at >= since]
        return any(row.number == number or (citizen is not None and row.citizen == citizen) for row in asked)

    async def unanswered(self, number: PhoneNumber, line: PhoneNumber, since: datetime) -> Survey | None:
        """Return the last question to a number since a moment, if it has no answer."""
        asked = [
            row for row in self.rows.values() if (row.number, row.line) == (number, line) and row.asked_at >= since
        ]
        last = max(asked, key=lambda row: (row.asked_at, row.id), default=None)
        return last if last is not None and last.answered_at is None else None

    async def answer(self, survey: Survey, score: int, at: datetime) -> bool:
        """Keep the answer, once."""
        known = self.rows.get(survey.id)
        if known is None or known.answered_at is not None:
            return False
        self.rows[survey.id] = known.evolve(score=score, answered_at=at)
        return True
