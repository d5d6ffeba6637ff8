"""The pages of supervisors, composed: what they see and change, and what they read of past days."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from aiohttp import web

from guichet.citizens.tables import contacts
from guichet.console.accounts import Accounts
from guichet.console.audit_web import AuditPages
from guichet.console.board import Boards
from guichet.console.board_web import BoardPages
from guichet.console.calendar_web import CalendarPages
from guichet.console.emergency_desk import EmergencyDesk
from guichet.console.emergency_web import EmergencyPages
from guichet.console.friction import Frictions
from guichet.console.measures_web import MeasuresPages
from guichet.console.pages import Pages, Place
from guichet.console.permissions import ROOT
from guichet.console.replays_web import ReplayPages
from guichet.console.rule_desk import RuleDesk
from guichet.console.rule_forms_web import RuleFormPages
from guichet.console.rule_replays import Replays
from guichet.console.rules_web import RulesPages
from guichet.console.said import Searching
from guichet.console.said_web import SaidPages
from guichet.console.shelf_desk import ShelfDesk
from guichet.console.shelf_web import ShelfForms
from guichet.console.slices import Measuring
from guichet.console.team_desk import TeamDesk
from guichet.console.team_web import TeamPages
from guichet.console.training import Training
from guichet.console.training_web import TrainingPages
from guichet.console.understanding import Understanding
from guichet.console.understanding_web import UnderstandingPages
from guichet.gateway.database import Database
from guichet.gateway.past_days import past_contacts, staff_of
from guichet.gateway.services import Services, intent_text
from guichet.routing.intent_book import IntentBook
from guichet.routing.intent_matcher import IntentMatcher
from guichet.routing.past import Past
from guichet.routing.replay import Staff
from guichet.routing.rule_book import RuleBook, read_text
from guichet.routing.use_encoder import find_encoder
from guichet.transcripts.tables import transcript_lines

PLACES: tuple[Place, ...] = (
    Place(f"{ROOT}/board", "menu.board", "b"),
    Place(f"{ROOT}/rules", "menu.rules", "r"),
    Place(f"{ROOT}/emergency", "menu.emergency", "e"),
    Place(f"{ROOT}/measures", "menu.measures", "m"),
    Place(f"{ROOT}/understanding", "menu.understanding", "u"),
    Place(f"{ROOT}/search", "menu.search", "s"),
    Place(f"{ROOT}/team", "menu.team", "t"),
    Place(f"{ROOT}/audit", "menu.audit", "j"),
    Place(f"{ROOT}/coaching", "menu.coaching", "n"),
)
"""Places of the menu, in their order."""


class _PastDays:
    """Past days of the database, as replays read them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, since: datetime) -> int:
        async with self._database.read() as unit:
            return await unit.contacts.count(since)

    def contacts(self, since: datetime) -> AsyncIterator[tuple[int, list[Past]]]:
        return past_contacts(self._database, since)

    async def staff(self, book: RuleBook, since: datetime, until: datetime) -> Staff:
        return await staff_of(self._database, book, since, until)

    async def heard(self, ids: Sequence[str]) -> Mapping[str, str]:
        of_file = sa.select(contacts.c.id, contacts.c.file["heard"].as_string()).where(contacts.c.id.in_(ids))
        own = transcript_lines.c
        spoken = sa.select(own.contact, own.text).where(own.contact.in_(ids), own.text != "")
        async with self._database.read() as unit:
            found = {row[0]: row[1] for row in await unit.connection.execute(of_file) if row[1]}
            # What was said first tells more than what was heard last.
            rows = await unit.connection.execute(spoken.order_by(own.turn.desc(), own.at.desc()))
            return found | {row.contact: row.text for row in rows}


class Cockpit:
    """The pages, and what runs behind them."""

    def __init__(self, services: Services, pages: Pages, accounts: Accounts) -> None:
        database, clock = services.database, services.clock

        def intents() -> IntentBook:
            return services.intents.book

        first = services.settings.rule_book
        desk = RuleDesk(database.begin, database.read, clock, intents, lambda: read_text(first))
        shelf = ShelfDesk(database.begin, database.read, desk, clock)
        self._replays = Replays(database.begin, database.read, desk, _PastDays(database), clock, intents)
        boards = Boards(database.read, clock, lambda: services.rules.book().calendar.zone)
        understanding = Understanding(database.begin, database.read, services.intents.nearest, clock)
        training = Training(
            database.begin,
            database.read,
            clock,
            lambda: intent_text(services.settings.intent_book),
            lambda book: IntentMatcher.train(book, find_encoder(services.settings.data_dir / "vectors")),
        )
        self.routes: tuple[web.RouteDef, ...] = (
            *RulesPages(desk, shelf, self._replays, pages, clock).routes(),
            *ShelfForms(shelf, desk).routes(),
            *RuleFormPages(desk, intents, pages).routes(),
            *ReplayPages(self._replays, pages).routes(),
            *EmergencyPages(EmergencyDesk(database.begin, database.read, clock), services.rules.book, pages).routes(),
            *BoardPages(boards, services.rules.book, pages).routes(),
            *MeasuresPages(
                Measuring(database.read), database.begin, services.rules.book, services.intents.title, pages, clock
            ).routes(),
            *SaidPages(Searching(database.begin, clock), lambda: services.intents.book, pages).routes(),
            *TeamPages(TeamDesk(database.begin, database.read, clock), accounts, pages).routes(),
            *AuditPages(database.begin, database.read, pages, clock).routes(),
            *UnderstandingPages(understanding, Frictions(database.read, clock), services.intents.title, pages).routes(),
            *TrainingPages(training, lambda: services.intents.book, services.intents.title, pages).routes(),
            *CalendarPages(services.rules.book, pages, clock).routes(),
        )

    async def close(self, _app: web.Application) -> None:
        """End what runs."""
        await self._replays.close()
