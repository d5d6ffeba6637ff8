"""Who writes for whom: what the record says of a text that may be for somebody else, before anything is written."""

from dataclasses import dataclass

from guichet.citizens.citizen import Certainty, Evidence, Identification
from guichet.citizens.speaking import Helper, Standing
from guichet.core.phone import PhoneNumber
from guichet.sms.for_another import Help, Helping, name_in, says_for_another, says_for_self
from guichet.sms.ports import Tools


@dataclass(frozen=True, slots=True)
class Told:
    """What a text and the record say, and who writes, where that was asked."""

    help: Help
    proof: Identification | None = None


class Helpers:
    """Looks mandates up, in transactions of their own."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def answer(self, sender: PhoneNumber, body: str, helping: Helping | None) -> Told:
        """Return what is known; `helping` is what we have asked."""
        day = self._tools.clock.now().date()
        said = Help(says_for_another(body), says_for_self(body), await self._tools.speaking.holds(sender, day))
        if helping is None:
            return Told(said)
        if helping.asks_who:
            return await self._proved(sender, body, helping, said)
        named = await self._tools.speaking.named(sender, (name_in(body),))
        return Told(Help(said.for_another, said.for_self, said.holds, named))

    async def _proved(self, sender: PhoneNumber, body: str, helping: Helping, said: Help) -> Told:
        """Tell who writes by number, name and birth date, and what they may do for whom they have named.

        Somebody from outside is known by number and name, as on the telephone.
        """
        day, name = self._tools.clock.now().date(), name_in(body)
        names = (name,) if name else ()
        proof = await self._tools.identify(Evidence(sender, names, (body,)))
        sure = proof.best if proof.certainty is Certainty.SURE else None
        helper = Helper(sender, sure.citizen.id if sure else None, names)
        spoken = await self._tools.speaking.stands(helper, helping.whom, helping.intent, day)
        is_proved = sure is not None or spoken.standing is Standing.MANDATE
        return Told(Help(said.for_another, said.for_self, said.holds, helping.whom, spoken, is_proved), proof)
