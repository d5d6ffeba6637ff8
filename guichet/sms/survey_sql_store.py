"""Surveys in SQL, the same on SQLite and PostgreSQL."""

from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from guichet.core.ids import CitizenId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.core.tables import by_name
from guichet.sms.survey import Survey
from guichet.sms.tables import surveys

_FIELDS = tuple(field.name for field in fields(Survey))


def _survey(row: sa.Row[Any]) -> Survey:
    values = by_name(row, _FIELDS)
    values["number"], values["line"] = PhoneNumber(row.number), PhoneNumber(row.line)
    values["language"] = Language(row.language)
    return Survey(**values)


class SqlSurveyStore:
    """The surveys on one connection (one transaction)."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, survey: Survey) -> None:
        """Insert."""
        values = {name: getattr(survey, name) for name in _FIELDS}
        values["number"], values["line"] = survey.number.e164, survey.line.e164
        await self._connection.execute(sa.insert(surveys).values(values))

    async def asked_since(self, number: PhoneNumber, citizen: CitizenId | None, since: datetime) -> bool:
        """Whether there is one since a moment."""
        own = surveys.c.number == number.e164
        if citizen is not None:
            own = sa.or_(own, surveys.c.citizen == citizen)
        return bool(await self._connection.scalar(sa.select(sa.exists().where(own, surveys.c.asked_at >= since))))

    async def unanswered(self, number: PhoneNumber, line: PhoneNumber, since: datetime) -> Survey | None:
        """Return the last one, if it has no answer."""
        own = sa.and_(surveys.c.number == number.e164, surveys.c.line == line.e164, surveys.c.asked_at >= since)
        query = sa.select(surveys).where(own).order_by(surveys.c.asked_at.desc(), surveys.c.id.desc()).limit(1)
        row = (await self._connection.execute(query)).first()
        return _survey(row) if row is not None and row.answered_at is None else None

    async def answer(self, survey: Survey, score: int, at: datetime) -> bool:
        """Write the answer where there is none, in one statement."""
        free = sa.and_(surveys.c.id == survey.id, surveys.c.answered_at.is_(None))
        statement = sa.update(surveys).where(free).values(score=score, answered_at=at).returning(surveys.c.id)
        return (await self._connection.execute(statement)).first() is not None
