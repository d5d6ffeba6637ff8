"""Texts to agents, about their own presence. Each goes once, and only while it is still true."""

import structlog

from guichet.callbacks.absence import ABSENT
from guichet.callbacks.ports import BookInForce
from guichet.callbacks.whisper import tongue
from guichet.core.clock import Clock
from guichet.core.errors import BadInput
from guichet.core.ids import AgentId
from guichet.core.language import Bilingual
from guichet.core.phone import PhoneNumber
from guichet.routing.agent import Presence
from guichet.routing.presence import MISSED, REFUSED
from guichet.sms.composing import Addressee, compose, is_welcome
from guichet.sms.ports import Begin

_WHY = {
    MISSED: Bilingual(
        "Vous avez laissé des appels sans réponse : aucun appel ne vous sera plus passé. Pour revenir, dites-le à votre"
        " poste.",
        "You left calls unanswered: no call will come to you any more. To come back, say so at your desk.",
    ),
    REFUSED: Bilingual(
        "Votre téléphone n'a pas pu sonner : aucun appel ne vous sera plus passé. Vérifiez-le, puis revenez à votre"
        " poste.",
        "Your telephone could not be rung: no call will come to you any more. Check it, then come back at your desk.",
    ),
}

log = structlog.get_logger()


class AgentLetters:
    """Composes texts to agents, from the first line of the book."""

    def __init__(self, begin: Begin, clock: Clock, book: BookInForce) -> None:
        self._begin = begin
        self._clock = clock
        self._book = book

    async def text_agent(self, agent_id: AgentId, template: str) -> None:
        """Run the job TextAgent. Raises BadInput for a template that does not exist, NotFound without that agent."""
        if template != ABSENT:
            raise BadInput(f"there is no template '{template}'; there is {ABSENT}")
        line = self._book().lines[0].number
        async with self._begin() as unit:
            agent = await unit.agents.get(agent_id)
            words = _WHY.get(agent.reason)
            if agent.presence is not Presence.AWAY or words is None:
                return
            number = agent.phone
            if not isinstance(number, PhoneNumber) or not number.can_receive_texts:
                log.info("agent not written to", agent=agent_id)
                return
            if not await is_welcome(unit, number, line):
                return
            language = tongue(agent)
            key = f"{template}:{agent_id}:{agent.since.timestamp():.0f}"
            await compose(unit, Addressee(number, line, language), words.to(language), key, self._clock.now())
