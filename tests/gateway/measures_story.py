"""Generated histories: plans drawn by hypothesis, lived through the real stores and state machines."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from guichet.callbacks.joining import new_request
from guichet.callbacks.lifecycle import REQUEST_MOVES, Cause, Move, Turn, can_turn, move_request, turn_attempt
from guichet.callbacks.request import Attempt, AttemptState, Demand, Request, RequestKind, RequestState
from guichet.citizens.contact import Channel, Contact
from guichet.core.ids import AgentId, AttemptId, CitizenId, ContactId, MessageId, RequestId
from guichet.core.language import Language
from guichet.core.phone import PhoneNumber
from guichet.gateway.units import SqlUnit
from guichet.sms.message import DeliveryState, Direction, Message
from guichet.sms.survey import Survey

BEGIN = datetime(2026, 3, 22, tzinfo=UTC)
"""The clocks go forward a week later."""
LINES = (PhoneNumber("+33199001010"), PhoneNumber("+33199001020"))
MATTERS = ("etat_civil_acte", "voirie_signalement")
QUEUES = ("accueil", "technique")
OUTCOMES = ("answer", "agent", "callback", "abandoned", "informed", "emergency", "opt_out", "status", "unreachable", "")
STATES = (DeliveryState.DELIVERED, DeliveryState.PENDING, DeliveryState.UNDELIVERED, DeliveryState.WITHDRAWN)
OFTEN = {Move.RING: 6, Move.DIAL: 3, Move.CONNECT: 6, Move.RELEASE: 2}
"""Moves that are chosen oftener than others."""
GIVE_BACK, CHOOSE = "give back", "choose"
"""What a holder does who wants to be called back, and who is to be called and chooses a slot: no moves."""


@dataclass(frozen=True)
class Step:
    """A choice among what may happen next, and how long that takes."""

    choice: int
    after: timedelta


@dataclass(frozen=True)
class Plan:
    """A contact to come, with the life of its request if it opens one."""

    at: timedelta
    lasts: timedelta | None
    channel: Channel
    line: int
    person: int
    matter: int
    outcome: str
    decided: tuple[str, int] | None
    kind: RequestKind | None
    target: timedelta
    steps: tuple[Step, ...]


_spans = st.integers(0, 3 * 86_400_000_000).map(lambda one: timedelta(microseconds=one))
_short = st.integers(0, 1_200_000_000).map(lambda one: timedelta(microseconds=one))
_steps = st.builds(Step, choice=st.integers(0, 19), after=st.one_of(_short, _short, _spans))
plans = st.builds(
    Plan,
    at=st.integers(0, 15 * 86_400_000_000).map(lambda one: timedelta(microseconds=one)),
    lasts=st.none() | _short,
    channel=st.sampled_from(Channel),
    line=st.integers(0, 1),
    person=st.integers(0, 5),
    matter=st.integers(0, 2),
    outcome=st.sampled_from(OUTCOMES),
    decided=st.none() | st.tuples(st.sampled_from(("answer", "agent", "callback", "emergency")), st.integers(0, 1)),
    kind=st.none() | st.sampled_from(RequestKind),
    target=_spans,
    steps=st.lists(_steps, max_size=9).map(tuple),
)
histories = st.lists(plans, max_size=14).map(lambda all_: sorted(all_, key=lambda one: one.at))


def invented(seed: int, contacts: int) -> list[Plan]:
    """Invent a long history in which everything occurs."""
    chance = random.Random(seed)

    def span(most: timedelta) -> timedelta:
        return timedelta(microseconds=chance.randrange(most // timedelta(microseconds=1)))

    every = [
        Plan(
            at=span(timedelta(days=15)),
            lasts=span(timedelta(minutes=20)) if chance.random() < 0.9 else None,
            channel=chance.choice(list(Channel)),
            line=chance.randrange(2),
            person=chance.randrange(60 * seed),
            matter=chance.randrange(3),
            outcome=chance.choice(OUTCOMES),
            decided=(chance.choice(("answer", "agent", "callback", "emergency")), chance.randrange(2)),
            kind=chance.choice((None, *RequestKind, RequestKind.CALLBACK)),
            target=span(timedelta(hours=chance.choice((1, 8, 72)))),
            steps=tuple(
                Step(chance.randrange(20), span(timedelta(minutes=chance.choice((5, 60, 1500)))))
                for _ in range(chance.randrange(8))
            ),
        )
        for _ in range(contacts)
    ]
    return sorted(every, key=lambda one: one.at)


async def live(unit: SqlUnit, history: Sequence[Plan]) -> None:
    """Let it all happen, in order."""
    for number, plan in enumerate(history):
        await _Story(unit, number, plan).live()


class _Story:
    """One contact."""

    def __init__(self, unit: SqlUnit, number: int, plan: Plan) -> None:
        self._unit, self._plan = unit, plan
        self._id, self._number = ContactId(f"con_{number}"), number
        self._now = BEGIN + plan.at
        # Every other one is a citizen, and shares a number with one who is unknown; some hide theirs.
        self._citizen = CitizenId(f"cit_{plan.person}") if plan.person % 2 == 0 else None
        self._caller = None if plan.person % 5 == 4 else PhoneNumber(f"+3361234{5600 + plan.person // 2}")
        self._matter = MATTERS[plan.matter] if plan.matter < 2 else None
        self._attempt: Attempt | None = None
        self._tries = 0
        self._has_joined = False

    async def live(self) -> None:
        plan, began = self._plan, self._now
        ended = began + plan.lasts if plan.lasts is not None else None
        request = await self._ask() if plan.kind is not None else None
        # Who asks again may be understood less.
        matter = None if self._has_joined and plan.line else self._matter
        file: dict[str, Any] = {}
        if plan.decided is not None:
            file["decision"] = {"outcome": plan.decided[0], "queue": QUEUES[plan.decided[1]]}
        await self._unit.contacts.add(
            Contact(
                self._id,
                plan.channel,
                f"CA{self._number}",
                LINES[plan.line],
                self._caller,
                Language.FR,
                began,
                ended,
                self._citizen,
                matter,
                plan.outcome,
                request,
                file,
            )
        )
        await self._texts(request)

    async def _texts(self, request: RequestId | None) -> None:
        """Write to them, and ask some how they were served."""
        number = self._caller or PhoneNumber("+33612349999")
        for place in range(self._number % 4):
            state = STATES[(self._number + place) % len(STATES)]
            text = Message(
                id=MessageId(f"msg_{self._number}_{place}"),
                direction=Direction.OUT if place < 2 else Direction.IN,
                number=number,
                line=LINES[(self._plan.line + place) % 2],
                body="x",
                language=Language.FR,
                state=state,
                created_at=self._now + timedelta(minutes=place),
                key=f"text:{self._number}:{place}",
                contact=self._id if self._number % 5 else None,
                request=request,
                parts=1 + place,
                cost=None if self._number % 7 == 0 else 72_500 * (1 + place),
                currency="EUR",
            )
            assert await self._unit.messages.put(text)
        if request is None or self._number % 2:
            return
        score = (self._number // 2 + self._plan.person) % 6 or None
        answered_at = self._now if score else None
        survey = Survey(
            id=f"sur_{self._number}",
            number=number,
            citizen=self._citizen,
            request=request,
            contact=self._id,
            line=LINES[self._plan.line],
            channel=self._plan.channel.value,
            intent=self._matter or "",
            queue=QUEUES[self._plan.matter % 2],
            language=Language.FR,
            message=MessageId(""),
            asked_at=self._now,
            answered_at=answered_at,
            score=score,
        )
        await self._unit.surveys.add(survey)

    async def _ask(self) -> RequestId:
        """Open a request, or join the one there is, and live it."""
        plan, requests = self._plan, self._unit.requests
        assert plan.kind is not None
        demand = Demand(
            self._id,
            plan.channel.value,
            plan.kind,
            self._citizen,
            self._caller,
            LINES[plan.line],
            Language.FR,
            self._matter or "",
            QUEUES[plan.matter % 2],
            self._now + plan.target,
        )
        fresh = new_request(demand, self._now)
        known = await requests.open(fresh)
        self._has_joined = known is not None
        request = known or fresh
        await requests.link(request.id, self._id, self._now)
        if request.state is RequestState.WAITING and request.changed_at <= self._now:
            for step in plan.steps:
                request = await self._step(request, step)
        return request.id

    async def _step(self, request: Request, step: Step) -> Request:
        """Let the next thing happen."""
        self._now += step.after
        may: list[str] = [move for move in sorted(REQUEST_MOVES[request.state]) for _ in range(OFTEN.get(move, 1))]
        may += [GIVE_BACK] * 2 if request.kind is RequestKind.HOLD else [CHOOSE]
        if not request.state.is_open:
            return request
        chosen = may[step.choice % len(may)]
        if chosen in {GIVE_BACK, CHOOSE}:
            if request.state is not RequestState.WAITING:
                return request
            later = self._now + self._plan.target
            after = request.evolve(kind=RequestKind.CALLBACK, not_before=later)
            if chosen == CHOOSE:
                after = after.evolve(slot_at=later, slot_until=later + timedelta(hours=2))
            assert await self._unit.requests.change(request, after)
            return after
        return await self._move(request, Move(chosen), f"merged into {step.choice}" if step.choice % 3 == 0 else "")

    async def _move(self, request: Request, move: Move, reason: str) -> Request:
        """Make a move, the attempt's first."""
        await self._turn(request, move)
        # Who was missed is tried again later.
        was_missed = move is Move.RELEASE and request.state is RequestState.DIALING_CITIZEN
        changes: dict[str, Any] = {"not_before": self._now + self._plan.target} if was_missed else {}
        if request.state is RequestState.WAITING and move in {Move.RING, Move.OFFER}:
            overtook = (self._number + self._tries) % 3
            changes["overtook"], reason = overtook, f"overtakes {overtook}" if overtook else ""
        after, event = move_request(request, move, Cause("system", self._now, reason), **changes)
        assert await self._unit.requests.change(request, after, event)
        return after

    async def _turn(self, request: Request, move: Move) -> None:
        """Do with the attempt what goes with a move."""
        if move is Move.RING:
            self._tries += 1
            attempt_id = AttemptId(f"att_{self._number}_{self._tries}")
            agent = AgentId(f"agent_{self._number}")
            self._attempt = Attempt(attempt_id, request.id, agent, AttemptState.PREPARED, self._now)
            assert await self._unit.attempts.add(self._attempt)
            await self._to(Turn.RING)
        elif move is Move.DIAL:
            await self._to(Turn.ACCEPT)
        elif move is Move.CONNECT:
            await self._to(Turn.ACCEPT)
            await self._to(Turn.BRIDGE)
        else:
            talked = move in {Move.FINISH, Move.CANCEL} and request.state is RequestState.TALKING
            await self._to(Turn.END if talked else Turn.FAIL)

    async def _to(self, turn: Turn) -> None:
        if self._attempt is None or not can_turn(self._attempt, turn):
            return
        after, event = turn_attempt(self._attempt, turn, Cause("carrier", self._now))
        assert await self._unit.attempts.change(self._attempt, after, event)
        self._attempt = None if after.state.is_final else after
        if turn is Turn.END and self._number % 3:
            # Somebody else writes for longer than the next thing takes; every third never does.
            cause = Cause(after.agent, self._now + self._plan.target / 50, "said so")
            assert await self._unit.attempts.written_up(after.id, cause)
