import asyncio
from datetime import timedelta

import pyotp
import pytest

from guichet.console.factors import Factors
from guichet.console.passwords import Passwords, read_password
from guichet.console.role import Role
from guichet.console.session import IDLE, LONGEST, Stage, id_of
from guichet.console.sign_in import Opened, SignIn, Wait, Wrong
from guichet.core.clock import ManualClock
from guichet.core.errors import BadInput, Conflict, NotFound
from tests.console.units import CHEAP, ELSEWHERE, HERE, NOON, SECRET, MemoryUnit, account

FORCED = {Role.SUPERVISOR}


class Counter:
    """Somebody at the door of the console, in memory."""

    def __init__(self) -> None:
        self.unit = MemoryUnit()
        self.clock = ManualClock(NOON)
        passwords = Passwords(CHEAP)
        self.sign_in = SignIn(self.unit.begin, self.unit.begin, passwords, self.clock, FORCED)
        self.factors = Factors(self.unit.begin, self.clock)

    async def opened(self, login: str = "awa") -> Opened:
        """Sign in with the right password."""
        result = await self.sign_in.sign_in(login, SECRET, HERE)
        assert isinstance(result, Opened)
        return result

    def code(self, secret: str) -> str:
        """Return what the application shows now."""
        return pyotp.TOTP(secret).at(self.clock.now())


@pytest.fixture
async def counter() -> Counter:
    counter = Counter()
    await counter.unit.accounts.add(account("awa"))
    return counter


async def test_the_right_password_opens_a_session_that_its_cookie_finds(counter: Counter) -> None:
    opened = await counter.opened(" AWA ")
    assert opened.session.stage is Stage.OPEN
    assert opened.session.id == id_of(opened.token) != opened.token
    assert await counter.sign_in.find(opened.token) == (
        opened.session,
        account("awa", password=opened.account.password),
    )
    assert await counter.sign_in.find("another") is None
    assert await counter.unit.done() == ["sign_in.opened"]


@pytest.mark.parametrize(("login", "password"), [("awa", "wrong"), ("nobody", SECRET), ("", ""), ("a b", SECRET)])
async def test_what_is_wrong_is_not_told(counter: Counter, login: str, password: str) -> None:
    assert await counter.sign_in.sign_in(login, password, HERE) == Wrong()


async def test_who_has_found_a_session_open_guesses_its_password_as_slowly_as_at_the_door(counter: Counter) -> None:
    opened = await counter.opened()
    for _ in range(5):
        assert not await counter.sign_in.is_own_password(opened.session, "wrong")
    with pytest.raises(Conflict):
        await counter.sign_in.is_own_password(opened.session, SECRET)
    counter.clock.move(timedelta(minutes=31))
    assert await counter.sign_in.is_own_password(opened.session, SECRET)


async def test_a_login_that_does_not_exist_costs_what_one_that_does_costs(counter: Counter) -> None:
    before = len(await counter.unit.done())
    await counter.sign_in.sign_in("awa", "wrong", HERE)
    await counter.sign_in.sign_in("nobody.of.that.name", "wrong", HERE)
    assert (await counter.unit.done())[before:] == ["sign_in.refused", "sign_in.refused"]


async def test_a_disabled_account_opens_nothing_and_ends_what_is_open(counter: Counter) -> None:
    opened = await counter.opened()
    await counter.unit.accounts.save(opened.account.evolve(disabled_at=NOON))
    assert await counter.sign_in.find(opened.token) is None
    assert await counter.sign_in.sign_in("awa", SECRET, HERE) == Wrong()


async def test_an_account_without_a_password_is_opened_by_none(counter: Counter) -> None:
    await counter.unit.accounts.add(account("lea", password=""))
    for password in ("", SECRET):
        assert await counter.sign_in.sign_in("lea", password, HERE) == Wrong()


async def test_guessing_is_made_to_wait_and_the_right_password_with_it(counter: Counter) -> None:
    for _ in range(5):
        assert await counter.sign_in.sign_in("awa", "wrong", HERE) == Wrong()
    assert await counter.sign_in.sign_in("awa", SECRET, HERE) == Wait(NOON + timedelta(seconds=30))
    assert isinstance(await counter.sign_in.sign_in("awa", SECRET, ELSEWHERE), Opened)
    counter.clock.move(timedelta(seconds=30))
    await counter.opened()


async def test_however_many_guess_at_once_each_guess_counts(counter: Counter) -> None:
    results = await asyncio.gather(*(counter.sign_in.sign_in("awa", f"guess {n}", HERE) for n in range(40)))
    assert sum(isinstance(result, Wrong) for result in results) == 5


async def test_a_session_ends_when_nothing_happens_and_at_the_end_of_the_day(counter: Counter) -> None:
    idle = await counter.opened()
    counter.clock.move(IDLE)
    assert await counter.sign_in.find(idle.token) is None
    busy = await counter.opened()
    for _ in range(int(LONGEST / timedelta(minutes=30)) - 1):
        counter.clock.move(timedelta(minutes=30))
        assert await counter.sign_in.find(busy.token)
    counter.clock.move(timedelta(minutes=30))
    assert await counter.sign_in.find(busy.token) is None


async def test_signing_out_ends_the_session_on_our_side(counter: Counter) -> None:
    opened = await counter.opened()
    await counter.sign_in.sign_out(opened.session)
    assert await counter.sign_in.find(opened.token) is None


async def test_sessions_are_revoked_by_whose_they_are_and_nobody_else(counter: Counter) -> None:
    await counter.unit.accounts.add(account("paul"))
    first, second, other = await counter.opened(), await counter.opened(), await counter.opened("paul")
    assert {one.id for one in await counter.sign_in.sessions_of(first.account.id)} == {
        first.session.id,
        second.session.id,
    }
    with pytest.raises(NotFound):
        await counter.sign_in.end(other.account, first.session.id)
    await counter.sign_in.end(first.account, second.session.id)
    assert await counter.sign_in.find(second.token) is None
    third = await counter.opened()
    assert await counter.sign_in.end_others(third.session) == 1
    assert await counter.sign_in.find(first.token) is None
    assert await counter.sign_in.find(other.token)


async def test_a_changed_password_ends_the_other_sessions(counter: Counter) -> None:
    first, second = await counter.opened(), await counter.opened()
    new = "le vent tourne au nord"
    assert not await counter.sign_in.change_password(first.session, "wrong", new)
    with pytest.raises(BadInput):
        await counter.sign_in.change_password(first.session, SECRET, "court")
    assert await counter.sign_in.change_password(first.session, SECRET, new)
    assert await counter.sign_in.find(first.token)
    assert await counter.sign_in.find(second.token) is None
    assert await counter.sign_in.sign_in("awa", SECRET, ELSEWHERE) == Wrong()
    assert isinstance(await counter.sign_in.sign_in("awa", new, HERE), Opened)


@pytest.mark.parametrize("weak", ["short", "aaaaaaaaaaaaaaaa", "awa.diallo123", "x" * 300])
def test_a_password_that_others_guess_is_refused(weak: str) -> None:
    with pytest.raises(BadInput):
        read_password(weak, "awa.diallo")


async def test_a_forced_role_sets_a_second_factor_up_before_anything_else(counter: Counter) -> None:
    await counter.unit.accounts.add(account("sam", role=Role.SUPERVISOR))
    half = await counter.opened("sam")
    assert half.session.stage is Stage.SETTING_UP
    assert await counter.factors.go_on(half.session, HERE) == Wrong()
    secret = await counter.factors.offer(half.session)
    offered = half.session.evolve(offered=secret)
    assert await counter.factors.offer(offered) == secret
    assert await counter.factors.confirm(offered, "000000") == ()
    assert len(await counter.factors.confirm(offered, counter.code(secret))) == 10
    after = await counter.unit.sessions.get(half.session.id)
    assert after is not None
    opened = await counter.factors.go_on(after, HERE)
    assert isinstance(opened, Opened)
    assert opened.session.stage is Stage.OPEN
    assert opened.token != half.token
    assert await counter.sign_in.find(half.token) is None


async def test_half_a_session_cannot_take_the_place_of_a_second_factor(counter: Counter) -> None:
    await counter.unit.accounts.add(account("sam", role=Role.SUPERVISOR))
    thief, owner = await counter.opened("sam"), await counter.opened("sam")
    own = owner.session.evolve(offered=await counter.factors.offer(owner.session))
    stolen = thief.session.evolve(offered=await counter.factors.offer(thief.session))
    assert await counter.factors.confirm(own, counter.code(str(own.offered)))
    assert await counter.factors.confirm(stolen, counter.code(str(stolen.offered))) == ()
    assert await counter.factors.go_on(stolen, HERE) == Wrong()
    assert (await counter.unit.accounts.get(owner.account.id)).totp == own.offered


async def with_factor(counter: Counter) -> tuple[str, tuple[str, ...]]:
    """Give Awa a second factor; return its secret and the recovery codes."""
    opened = await counter.opened()
    secret = await counter.factors.offer(opened.session)
    codes = await counter.factors.confirm(opened.session.evolve(offered=secret), counter.code(secret))
    assert codes
    counter.clock.move(timedelta(minutes=2))
    return secret, codes


async def test_a_code_of_the_application_opens_once(counter: Counter) -> None:
    secret, _ = await with_factor(counter)
    code = counter.code(secret)
    half = await counter.opened()
    assert half.session.stage is Stage.SECOND_FACTOR
    assert await counter.factors.give(half.session, "000000", HERE) == Wrong()
    assert isinstance(await counter.factors.give(half.session, f"{code[:3]} {code[3:]}", HERE), Opened)
    again = await counter.opened()
    assert await counter.factors.give(again.session, code, HERE) == Wrong()


async def test_a_recovery_code_opens_once_however_it_is_typed(counter: Counter) -> None:
    _, codes = await with_factor(counter)
    half = await counter.opened()
    assert isinstance(await counter.factors.give(half.session, codes[3].upper().replace("-", " "), HERE), Opened)
    again = await counter.opened()
    assert await counter.factors.give(again.session, codes[3], HERE) == Wrong()
    assert "recovery_code.used" in await counter.unit.done()


async def test_guessing_codes_is_made_to_wait(counter: Counter) -> None:
    await with_factor(counter)
    half = await counter.opened()
    for _ in range(5):
        assert await counter.factors.give(half.session, "123456", HERE) == Wrong()
    assert isinstance(await counter.factors.give(half.session, "123456", HERE), Wait)


async def test_a_second_factor_is_removed_with_the_password_only(counter: Counter) -> None:
    await with_factor(counter)
    half = await counter.opened()
    assert not await counter.sign_in.is_own_password(half.session, "wrong")
    assert await counter.sign_in.is_own_password(half.session, SECRET)
    await counter.factors.remove(half.session)
    assert (await counter.opened()).session.stage is Stage.OPEN
