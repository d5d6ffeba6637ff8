"""Those who may sign in to the console of the demonstration: one of each role, with passwords of this run."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from guichet.console.accounts import Accounts, Wanted
from guichet.console.passwords import Passwords
from guichet.console.role import Role
from guichet.core.clock import SystemClock
from guichet.core.ids import AgentId
from guichet.core.phone import PhoneNumber
from guichet.gateway.demo.scenario import AGENT_PHONE, CALLER_BACK
from guichet.gateway.demo.stage import Stage

_PHONES = {Role.AGENT: AGENT_PHONE, Role.SUPERVISOR: CALLER_BACK.phone}
_NAMES = {Role.ADMINISTRATOR: "Inès Caron", Role.AUDITOR: "Marc Vidal"}


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who may sign in."""

    role: Role
    login: str
    password: str = field(repr=False)


async def employ(stage: Stage) -> Sequence[Known]:
    """Make an account of each role; the agent and the supervisor have the telephones that ring here."""
    clock = SystemClock(timedelta(seconds=stage.settings.clock_offset))
    accounts = Accounts(stage.database.begin, Passwords(), clock)
    known = []
    for role in Role:
        agent_id, name = await _agent(stage, role)
        person = Known(role, role.value, "-".join(secrets.token_hex(3) for _ in range(3)))
        wanted = Wanted(person.login, name, role, person.password, agent_id)
        await accounts.put(wanted, "command")
        known.append(person)
    return known


async def _agent(stage: Stage, role: Role) -> tuple[AgentId | None, str]:
    """Return whose telephone belongs to a role, and their name."""
    if role not in _PHONES:
        return None, _NAMES[role]
    async with stage.database.read() as unit:
        agent = await unit.agents.by_phone(PhoneNumber.parse(_PHONES[role]))
    return (agent.id, agent.name) if agent else (None, role.value)
