"""An agent's desk: who they are, what they have in hand, what waits for them, what they have to come back to."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guichet.callbacks.request import RequestKind
from guichet.console.account import Account
from guichet.console.desk_unit import BeginDesk, DeskUnit
from guichet.console.lookout import DeskOf
from guichet.console.queue_reader import Row
from guichet.console.role import Role
from guichet.console.work import Concluded, Flag, Raised
from guichet.core.clock import Clock
from guichet.core.language import Bilingual, Language
from guichet.routing.agent import Agent, Presence
from guichet.routing.presence import REASONS
from guichet.routing.rule_book import RuleBook

WRITING = timedelta(minutes=30)
"""How long a conversation that has ended is shown to whoever writes it up."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a desk shows. `agent` is None for an account that is nobody's; `wrap_until` ends the writing up."""

    agent: Agent | None
    in_hand: Sequence[Row] = ()
    written_up: Sequence[Row] = ()
    wrap_until: datetime | None = None
    waiting: Sequence[Row] = ()
    follow_ups: Sequence[tuple[Concluded, Row]] = ()
    helps: Sequence[tuple[Raised, Row, str]] = ()
    pauses: Sequence[Bilingual] = ()

    @property
    def reason(self) -> Bilingual | None:
        """Why they are in this presence, where somebody has said so."""
        if self.agent is None or not self.agent.reason:
            return None
        named = next((one for one in self.pauses if one.fr == self.agent.reason), None)
        return named or REASONS.get(self.agent.reason) or Bilingual(self.agent.reason, self.agent.reason)

    @property
    def is_idle_but_busy(self) -> bool:
        """Whether they are kept busy by a request that has gone elsewhere."""
        return self.agent is not None and self.agent.presence is Presence.BUSY and not self.in_hand

    @property
    def can_take_next(self) -> bool:
        """Whether somebody waits who can be taken: who holds on the line is passed on by itself."""
        return any(row.kind is not RequestKind.HOLD for row in self.waiting)


class Desks:
    """Reads desks. `book` gives the rule book in force."""

    def __init__(self, read: BeginDesk, book: Callable[[], RuleBook], clock: Clock) -> None:
        self._read = read
        self._book = book
        self._clock = clock

    async def of(self, account: Account) -> Desk:
        """Return somebody's desk."""
        now = self._clock.now()
        async with self._read() as unit:
            if account.agent is None:
                return Desk(None, helps=await _helps(unit, account))
            agent = await unit.agents.get(account.agent)
            writes = agent.presence is Presence.WRAP_UP
            return Desk(
                agent=agent,
                in_hand=await unit.queues.in_hand(agent.id),
                written_up=await unit.queues.written_up(agent.id, now - WRITING) if writes else (),
                wrap_until=agent.until if writes else None,
                waiting=await unit.queues.waiting(served_by(agent.skills, agent.languages, self._book()), now),
                follow_ups=await self._follow_ups(unit, account, now),
                helps=await _helps(unit, account),
                pauses=self._book().agents.pauses,
            )

    async def _follow_ups(self, unit: DeskUnit, account: Account, now: datetime) -> Sequence[tuple[Concluded, Row]]:
        today = now.astimezone(self._book().calendar.zone).date()
        due = await unit.work.to_follow_up(account.id, today)
        rows = {row.id: row for row in await unit.queues.named({one.request for one in due})}
        return [(one, rows[one.request]) for one in due if one.request in rows]


def served_by(
    skills: Collection[str], languages: Collection[Language], book: RuleBook
) -> frozenset[tuple[str, Language]]:
    """Return the queues, each with a language, that somebody serves."""
    named = {queue.name for queue in book.queues.values() if set(skills) & set(queue.skills)}
    queues = named | {skill for skill in skills if skill not in book.queues}
    return frozenset((queue, language) for queue in queues for language in languages)


def desk_of(account: Account) -> DeskOf:
    """Return what whoever looks at somebody's desk follows."""
    return DeskOf(account.agent, helps=account.role is Role.SUPERVISOR)


async def _flags(unit: DeskUnit, account: Account) -> Sequence[Raised]:
    """Return who calls for help, to a supervisor."""
    return await unit.work.unsettled(Flag.HELP) if account.role is Role.SUPERVISOR else ()


async def _helps(unit: DeskUnit, account: Account) -> Sequence[tuple[Raised, Row, str]]:
    flags = await _flags(unit, account)
    rows = {row.id: row for row in await unit.queues.named({one.request for one in flags})}
    return [
        (one, rows[one.request], (await unit.accounts.get(one.account)).name) for one in flags if one.request in rows
    ]
